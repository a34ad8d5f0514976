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

/// What the two want otherwise in a mission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MissionRules {
    /// Item 0 is home, the user's items begin at 1.
    pub home_is_item: bool,
    /// Not-a-number is refused in most parameters; zero means the same.
    pub wants_numbers: bool,
    /// Latitude and longitude zero mean "here"; else a take-off needs its place.
    pub zero_is_here: bool,
    /// The mode that flies missions.
    pub mode: u32,
    /// The mode that holds the vehicle where it is, for as long as its mission is paused.
    pub hold: u32,
}

pub(crate) fn mission_rules(autopilot: Autopilot) -> MissionRules {
    match autopilot {
        // AUTO and GUIDED: LOITER would follow the sticks, which are down where nobody holds them.
        Autopilot::ArduPilot => {
            MissionRules { home_is_item: true, wants_numbers: true, zero_is_here: true, mode: 3, hold: 4 }
        }
        // AUTO.MISSION and AUTO.LOITER.
        Autopilot::Px4 => MissionRules {
            home_is_item: false,
            wants_numbers: false,
            zero_is_here: false,
            mode: 4 << 16 | 4 << 24,
            hold: 4 << 16 | 3 << 24,
        },
    }
}
