//! Failure injection (MAV_CMD_INJECT_FAILURE), in a simulation only: PX4 takes it where SYS_FAILURE_EN says so, and so do we.
//!
//! ArduPilot's SITL knows no such command; its failures are set by SIM_ parameters ([`crate::capability::param`]).
use super::param;
use crate::command::{Kind, Request};
use crate::error::RequestError;
use crate::system::System;
use flightsmith_mission::vehicle::Autopilot;
use mavlink::dialects::ardupilotmega::MavCmd;

const INJECT_FAILURE: Kind = Kind { command: MavCmd::MAV_CMD_INJECT_FAILURE, name: "INJECT_FAILURE" };
/// PX4's own switch; nobody sets it on a vehicle that is to fly.
const SWITCH: &str = "SYS_FAILURE_EN";

/// What fails (FAILURE_UNIT).
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::capability::failure::{FailureType, FailureUnit};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// for unit in [FailureUnit::Gps, FailureUnit::Magnetometer] {
///     system.failure().inject(unit, FailureType::Off, 0).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum FailureUnit {
    /// Gyroscope.
    Gyro = 0,
    /// Accelerometer.
    Accelerometer = 1,
    /// Magnetometer.
    Magnetometer = 2,
    /// Barometer.
    Barometer = 3,
    /// GPS.
    Gps = 4,
    /// Optical flow.
    OpticalFlow = 5,
    /// Visual inertial odometry.
    Vio = 6,
    /// Distance sensor.
    DistanceSensor = 7,
    /// Airspeed sensor.
    Airspeed = 8,
    /// Battery.
    Battery = 100,
    /// Motor.
    Motor = 101,
    /// Servo.
    Servo = 102,
    /// Obstacle avoidance.
    Avoidance = 103,
    /// The radio control's signal.
    RcSignal = 104,
    /// The MAVLink signal.
    MavlinkSignal = 105,
}

/// How it fails (FAILURE_TYPE).
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::{capability::failure::{FailureType, FailureUnit}, units::Seconds};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let failure = system.failure();
/// failure.inject(FailureUnit::Barometer, FailureType::Stuck, 1).await?;
/// system.sleep(Seconds(10.0)).await?;
/// failure.inject(FailureUnit::Barometer, FailureType::Ok, 1).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum FailureType {
    /// Works again.
    Ok = 0,
    /// Dead.
    Off = 1,
    /// Says the same for ever.
    Stuck = 2,
    /// Says nonsense.
    Garbage = 3,
    /// Says what is consistently wrong.
    Wrong = 4,
    /// Slow.
    Slow = 5,
    /// Late.
    Delayed = 6,
    /// On and off.
    Intermittent = 7,
}

/// Failures of a simulated [`System`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System, capability::failure::{FailureType, FailureUnit}};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// system.failure().inject(FailureUnit::Gps, FailureType::Off, 0).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Failure {
    system: System,
}

impl System {
    /// Failure injection.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::failure::{FailureType, FailureUnit};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.failure().inject(FailureUnit::RcSignal, FailureType::Off, 0).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn failure(&self) -> Failure {
        Failure { system: self.clone() }
    }
}

impl Failure {
    /// Lets unit number `instance` (from 1; 0 is all of them) fail.
    ///
    /// # Errors
    /// [`RequestError::WrongState`] where SYS_FAILURE_EN is not 1; [`RequestError::Unsupported`] on ArduPilot; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::failure::{FailureType, FailureUnit};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// match system.failure().inject(FailureUnit::Motor, FailureType::Off, 1).await {
    ///     Err(RequestError::WrongState { needed, .. }) => println!("the vehicle must be {needed}"),
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn inject(&self, unit: FailureUnit, kind: FailureType, instance: u8) -> Result<(), RequestError> {
        if self.system.autopilot() != Autopilot::Px4 {
            return Err(RequestError::Unsupported { what: "INJECT_FAILURE (ArduPilot's SITL has SIM_ parameters)" });
        }
        let allowed = param::get(&mut self.system.waiter(), Autopilot::Px4, SWITCH).await?;
        if allowed != 1.0 {
            return Err(RequestError::WrongState {
                what: "failure injection",
                needed: "a simulated one with SYS_FAILURE_EN set to 1",
            });
        }
        let params = [f32::from(unit as u8), f32::from(kind as u8), f32::from(instance), 0.0, 0.0, 0.0, 0.0];
        self.system.command(Request::new(INJECT_FAILURE, params)).await
    }
}
