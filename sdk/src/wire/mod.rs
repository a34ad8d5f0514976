//! MAVLink as bytes: frames out of a stream, the messages that the SDK reads, frames to send.
//!
//! What the messages mean is decided by the modules above (`telemetry`, `autopilot`).
pub(crate) mod checksum;
pub(crate) mod composed;
pub mod decoder;
#[doc(hidden)]
pub mod incoming;
#[doc(hidden)]
pub mod outgoing;
pub(crate) mod payload;
pub(crate) mod place;
pub(crate) mod setpoint;
pub(crate) mod seal;
pub(crate) mod signing;
pub(crate) mod version;
