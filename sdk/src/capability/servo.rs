//! Servos and actuators: pulses on an output, or values of the actuators that the vehicle leaves to commands.
use crate::command::{self, Request};
use crate::error::RequestError;
use crate::system::System;
use flightsmith_mission::vehicle::Autopilot;

/// Shortest and longest servo pulse in microseconds.
const PULSE_US: core::ops::RangeInclusive<u16> = 500..=2500;
/// MAV_CMD_DO_SET_ACTUATOR has six values a command.
const ACTUATORS: u8 = 6;

/// The servos of a [`System`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// system.servo().set_pulse(9, 1900).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Servo {
    system: System,
}

impl System {
    /// Its servos and actuators.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.servo().set_pulse(9, 1500).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn servo(&self) -> Servo {
        Servo { system: self.clone() }
    }
}

impl Servo {
    /// A pulse of 500 to 2500 microseconds on output `channel`, from 1, until the next one (MAV_CMD_DO_SET_SERVO).
    ///
    /// PX4 has no such command (recorded: UNSUPPORTED): use [`Servo::set_actuator`] there.
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`]; [`RequestError::Unsupported`] on PX4; ArduPilot refuses outputs that have a function.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// match system.servo().set_pulse(9, 1900).await {
    ///     Err(RequestError::Unsupported { .. }) => system.servo().set_actuator(1, 0.8).await?,
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_pulse(&self, channel: u8, pulse_us: u16) -> Result<(), RequestError> {
        if !PULSE_US.contains(&pulse_us) {
            return Err(RequestError::OutOfRange {
                what: "servo pulse in microseconds",
                value: f64::from(pulse_us),
                lowest: f64::from(*PULSE_US.start()),
                highest: f64::from(*PULSE_US.end()),
            });
        }
        if self.system.autopilot() == Autopilot::Px4 {
            return Err(RequestError::Unsupported { what: "DO_SET_SERVO" });
        }
        let params = [f32::from(channel), f32::from(pulse_us), 0.0, 0.0, 0.0, 0.0, 0.0];
        self.system.command(Request::new(command::DO_SET_SERVO, params)).await
    }
    /// A value of -1 to 1 for actuator `number`, 1 to 6 (MAV_CMD_DO_SET_ACTUATOR): PX4's outputs with the function "Peripheral via
    /// Actuator Set", ArduPilot's with "actuator".
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`]; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.servo().set_actuator(1, -1.0).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_actuator(&self, number: u8, value: f64) -> Result<(), RequestError> {
        RequestError::check_range("actuator number", f64::from(number), 1.0, f64::from(ACTUATORS))?;
        RequestError::check_range("actuator value", value, -1.0, 1.0)?;
        // NaN leaves the others as they are.
        let mut params = [f32::NAN; 7];
        params[6] = 0.0;
        params[usize::from(number) - 1] = value as f32;
        self.system.command(Request::new(command::DO_SET_ACTUATOR, params)).await
    }
}
