//! An async vehicle SDK for ArduPilot and PX4 over MAVLink, for missions and for programs written by hand.
//!
//! A whole flight, from the link to the landing:
//!
//! ```no_run
//! use flightsmith_sdk::{driver, prelude::*};
//!
//! /// A square of 40 m a side, nose along the way.
//! pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
//!     let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
//!     vehicle.set_speed(MetresPerSecond(5.0));
//!     vehicle.set_nose(Nose::AlongPath);
//!     for (north, east) in [(40.0, 0.0), (40.0, 40.0), (0.0, 40.0), (0.0, 0.0)] {
//!         vehicle.go_to(PositionNed::at(North(north), East(east), AboveHome(10.0))).await?;
//!     }
//!     vehicle.land().await
//! }
//!
//! fn main() -> Result<(), driver::RunError<FlightError>> {
//!     driver::run("udpin://0.0.0.0:14540", |connection| async move {
//!         let vehicle = connection.ready(Seconds(90.0)).await?;
//!         fly(vehicle).await
//!     })?;
//!     Ok(())
//! }
//! ```
//!
//! - Units and frames are types: [`units`], [`frame`]. Positions are metres from home, heights say above what.
//! - The state is a type: a [`Vehicle<Grounded>`](Vehicle) can take off, a [`Vehicle<Airborne>`](Vehicle) can be flown, a
//!   [`Vehicle<Landed>`](Vehicle) ends a mission.
//! - Every flying call returns a [`Flying`] that must be awaited; it ends when the vehicle has done it, else with a
//!   [`FlightError`] that says why.
//! - Beside flights, a [`System`] has everything else a vehicle offers ([`capability`]): telemetry, parameters, missions, fences,
//!   cameras, files, raw messages. Missions do not get one: what is dangerous in flight is out of their reach.
//! - Set-points leave only while the call that flies them is being awaited, and nothing leaves but heartbeats once a pilot has taken
//!   over. The motors are never stopped in flight, whatever is asked for.
//! - Time is vehicle time. Nothing in the core reads a clock, opens a link or starts a thread: a driver feeds a [`Connection`] with
//!   bytes and time and polls the mission ([`driver`], with the `std` feature).
//!
//! In the repository: `docs/coming-from.md` (from MAVSDK, dronekit, pymavlink), `docs/calls.md` (what each call is on either autopilot),
//! `docs/mistakes.md` (what the compiler says to wrong flight code), and `examples/`.
//!
//! `no_std` with `default-features = false, features = ["embedded"]` (needs an allocator; receiving does not allocate, texts
//! excepted).
#![allow(
    clippy::manual_clamp,
    reason = "f64::clamp prints its bounds when it panics, and printing any f64 costs firmware 7 KB"
)]
#![cfg_attr(not(feature = "std"), no_std)]
extern crate alloc;

mod authority;
mod autopilot;
pub mod capability;
mod clock;
mod command;
mod connection;
#[cfg(feature = "std")]
pub mod driver;
mod decimal;
mod error;
mod flight;
mod gate;
mod hints;
mod inbox;
mod landing;
mod latest;
mod legs;
mod motion;
#[cfg(feature = "std")]
pub mod network;
mod nose;
mod pace;
mod payload;
mod progress;
mod rates;
mod readiness;
mod request;
mod rescue;
mod rule;
mod session;
mod setpoint;
mod shared;
mod statustext;
mod steering;
mod system;
mod takeoff;
mod telemetry;
mod terrain;
mod turn;
mod vehicle;
mod wind;
pub mod wire;

/// MAVLink 2 signing: keys, timestamps, and what is refused.
pub mod signing {
    #[cfg(feature = "std")]
    pub use crate::driver::key_file::KeyError;
    pub use crate::wire::signing::{SecretKey, Signing, Timekeeper, Timestamp, UnsignedPolicy};
}

pub use connection::Connection;
pub use error::{FlightError, RequestError, Silence};
pub use flightsmith_mission::{
    envelope::Envelope,
    frame,
    geodesy::Home,
    units,
    vehicle::{Autopilot, Payload},
};
pub use hints::{Destination, Landmark};
pub use inbox::Received;
pub use motion::path::Arc;
pub use nose::Nose;
pub use rule::{Rule, SafeEnd};
pub use setpoint::{AccelerationNed, AttitudeThrust, SetPoint, VelocityFrd, Yaw};
pub use shared::MaybeSend;
pub use statustext::StatusText;
pub use steering::FlightState;
pub use system::System;
pub use telemetry::{Attitude, LandedState};
pub use vehicle::{Airborne, Flying, Grounded, Landed, Vehicle};
pub use wind::{WindEstimate, WindSource};
pub use wire::decoder::LinkStatistics;
pub use wire::version::Version;

/// Everything that a mission needs: `use flightsmith_sdk::prelude::*;`.
pub mod prelude {
    pub use crate::capability::gimbal::GimbalYaw;
    pub use crate::frame::{
        AboveHome, Altitude, East, Forward, GlobalPosition, Latitude, Longitude, North, OffsetFrd, OffsetNed,
        PositionNed, Right, Up, VelocityNed,
    };
    #[doc(hidden)]
    pub use crate::hints::{
        Feet, Kilometers, KilometersPerHour, Kilometres, KilometresPerHour, Knots, LatLonAlt, LocationGlobalRelative,
        Milliseconds, Minutes, PositionNedYaw, Radians,
    };
    pub use crate::units::{Degrees, DegreesPerSecond, Metres, MetresPerSecond, Percent, Seconds, wrap_180, wrap_360};
    pub use crate::{
        AccelerationNed, Airborne, Arc, Attitude, AttitudeThrust, Autopilot, Connection, FlightError, FlightState,
        Grounded, Home, Landed, LandedState, Nose, Payload, Rule, SafeEnd, SetPoint, Vehicle, VelocityFrd,
        WindEstimate, WindSource, Yaw,
    };
}

/// The guide for people who come from other libraries: its code is compiled with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../../docs/coming-from.md")]
struct ComingFrom;
