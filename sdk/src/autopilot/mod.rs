//! Where ArduPilot and PX4 differ, behind one set of functions: modes, readiness, take-off, payload commands, rates.
//!
//! Nothing outside this folder asks which autopilot it is, except to call in here.
pub(crate) mod ardupilot;
mod lists;
pub(crate) mod px4;

pub(crate) use lists::{MissionRules, ParamEncoding, guards_flight, mission_rules, param_encoding};

use crate::command::Request;
use crate::telemetry::{Micros, Telemetry};
use alloc::{format, string::String};
use flightsmith_mission::vehicle::{Autopilot, Payload};

/// What the mission wants the autopilot to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Stand ready to be armed for a take-off.
    Ready,
    /// Take off.
    TakeOff,
    /// Follow the mission's set-points.
    Guided,
    /// Stay, needing nobody.
    Hold,
    /// Land on the spot.
    Land,
    /// Return to launch and land.
    Return,
}

/// A message that is asked for, and how often.
pub(crate) struct Rate {
    pub message_id: u32,
    pub hz: f64,
}

/// The custom modes in which `mode` is going on; the first is the one to command.
pub(crate) fn custom_modes(autopilot: Autopilot, mode: Mode) -> [u32; 3] {
    match autopilot {
        Autopilot::ArduPilot => ardupilot::custom_modes(mode),
        Autopilot::Px4 => px4::custom_modes(mode),
    }
}

/// The parameters of MAV_CMD_DO_SET_MODE for `custom_mode`.
pub(crate) fn set_mode_params(autopilot: Autopilot, custom_mode: u32) -> [f32; 7] {
    match autopilot {
        Autopilot::ArduPilot => [1.0, custom_mode as f32, 0.0, 0.0, 0.0, 0.0, 0.0],
        Autopilot::Px4 => [1.0, ((custom_mode >> 16) & 0xFF) as f32, (custom_mode >> 24) as f32, 0.0, 0.0, 0.0, 0.0],
    }
}

/// The field's name of a custom mode.
pub(crate) fn mode_name(autopilot: Autopilot, custom_mode: u32) -> &'static str {
    match autopilot {
        Autopilot::ArduPilot => ardupilot::mode_name(custom_mode),
        Autopilot::Px4 => px4::mode_name(custom_mode),
    }
}

/// What still keeps the vehicle from being armed, or `None`.
pub(crate) fn missing(autopilot: Autopilot, telemetry: &Telemetry, now: Micros) -> Option<&'static str> {
    match autopilot {
        Autopilot::ArduPilot => ardupilot::missing(telemetry, now),
        Autopilot::Px4 => px4::missing(telemetry, now),
    }
}

/// The messages to ask for.
pub(crate) fn rates(autopilot: Autopilot) -> &'static [Rate] {
    match autopilot {
        Autopilot::ArduPilot => ardupilot::RATES,
        Autopilot::Px4 => px4::RATES,
    }
}

/// The altitude parameter of MAV_CMD_NAV_TAKEOFF for `altitude_m` above home.
pub(crate) fn take_off_params(autopilot: Autopilot, altitude_m: f64, home_amsl_m: f64) -> [f32; 7] {
    match autopilot {
        Autopilot::ArduPilot => [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, altitude_m as f32],
        Autopilot::Px4 => [0.0, 0.0, 0.0, f32::NAN, f32::NAN, f32::NAN, (home_amsl_m + altitude_m) as f32],
    }
}

/// The command that releases `payload`.
pub(crate) fn release_request(autopilot: Autopilot, payload: Payload) -> Option<Request> {
    match autopilot {
        Autopilot::ArduPilot => ardupilot::release_request(payload),
        Autopilot::Px4 => px4::release_request(payload),
    }
}

/// The parameter that says what output `number` (from 1) is for, and its value for a gripper.
pub(crate) fn gripper_output_parameter(autopilot: Autopilot, number: u8) -> (String, f64) {
    match autopilot {
        Autopilot::ArduPilot => (format!("SERVO{number}_FUNCTION"), 28.0),
        Autopilot::Px4 => (format!("PWM_MAIN_FUNC{number}"), 430.0),
    }
}
