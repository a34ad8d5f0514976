//! The embedded SITL: a deterministic quadrotor that behaves like ArduCopter or PX4 over MAVLink 2, faster than real time.
//!
//! Read in this order: [`Simulation`] (bytes in, bytes out, a tick of 20 ms), [`scenario`] (what varies from flight to flight),
//! [`truth`] (what the judge sees and MAVLink never carries), [`physics`], [`sensors`], [`control`], [`autopilot`] (behaviour as
//! recorded from the real ones), [`lockstep`] (a mission process joined by a byte stream), [`server`] (TCP and UDP at real time
//! or a multiple of it). It never links the SDK: a bug that both shared would pass its own test.
pub mod autopilot;
pub mod control;
pub mod judge;
pub mod lockstep;
pub mod physics;
pub mod random;
pub mod scenario;
pub mod sensors;
pub mod server;
mod simulation;
pub mod tlog;
pub mod truth;
pub mod vector;
mod waiting;
pub mod wire;

pub use autopilot::link::LinkProfile;
pub use scenario::{Fault, Scenario};
pub use simulation::{LinkId, SimConfig, Simulation, TICK_NS};
pub use truth::{Sender, TruthEvent, TruthSample};
