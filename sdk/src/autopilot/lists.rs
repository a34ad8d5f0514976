//! Where the two autopilots differ in lists: how a parameter's integer travels, what a mission's first item is.
use flightsmith_mission::vehicle::Autopilot;

/// How `param_value`, a float on the wire, carries an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParamEncoding {
    /// Cast to a float: exact up to 2^24 only.
    Cast,
    /// The integer's bytes in the float's place.
    Bytewise,
}

/// Recorded: PX4's SYS_AUTOSTART 10040 reads as 1.4e-41, ArduPilot's integers read as what they are.
pub(crate) fn param_encoding(autopilot: Autopilot) -> ParamEncoding {
    match autopilot {
        Autopilot::ArduPilot => ParamEncoding::Cast,
        Autopilot::Px4 => ParamEncoding::Bytewise,
    }
}

/// Beginnings of the names of parameters that arming checks, failsafes and the geofence depend on.
const GUARDS: [&str; 16] = [
    "ARMING_",
    "BATT",
    "CBRK_",
    "COM_ARM",
    "COM_DL_",
    "COM_FAIL",
    "COM_LOW_BAT",
    "COM_OBL",
    "COM_OBC",
    "COM_OF_",
    "COM_RC",
    "FENCE_",
    "FS_",
    "GF_",
    "NAV_DLL",
    "NAV_RCL",
];

/// Whether arming checks, a failsafe or the geofence depend on the parameter `name`.
pub(crate) fn guards_flight(name: &str) -> bool {
    GUARDS.iter().any(|guard| name.starts_with(guard))
}
