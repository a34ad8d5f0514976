//! ArduCopter: flown in GUIDED; streams nothing unasked; modes are plain numbers.
use super::{Mode, Rate};
use crate::command::{self, Request};
use crate::telemetry::{Micros, Telemetry};
use crate::wire::incoming::id;
use flightsmith_mission::vehicle::Payload;

const GUIDED: u32 = 4;
const RTL: u32 = 6;
const LAND: u32 = 9;

/// What a fresh link lacks (recorded: only HEARTBEAT, STATUSTEXT and changed PARAM_VALUEs come by themselves).
pub(crate) const RATES: &[Rate] = &[
    Rate { message_id: id::LOCAL_POSITION_NED, hz: 25.0 },
    Rate { message_id: id::ATTITUDE, hz: 10.0 },
    Rate { message_id: id::GLOBAL_POSITION_INT, hz: 5.0 },
    Rate { message_id: id::EXTENDED_SYS_STATE, hz: 5.0 },
    Rate { message_id: id::SYS_STATUS, hz: 2.0 },
    Rate { message_id: id::EKF_STATUS_REPORT, hz: 2.0 },
    Rate { message_id: id::BATTERY_STATUS, hz: 1.0 },
    Rate { message_id: id::SYSTEM_TIME, hz: 2.0 },
    Rate { message_id: id::WIND, hz: 2.0 },
    Rate { message_id: id::HOME_POSITION, hz: 1.0 },
    Rate { message_id: id::SERVO_OUTPUT_RAW, hz: 5.0 },
    Rate { message_id: id::CURRENT_MODE, hz: 10.0 },
];

pub(crate) fn custom_modes(mode: Mode) -> [u32; 3] {
    match mode {
        Mode::Ready | Mode::TakeOff | Mode::Guided | Mode::Hold => [GUIDED; 3],
        Mode::Land => [LAND; 3],
        Mode::Return => [RTL, LAND, RTL],
    }
}

pub(crate) fn mode_name(custom_mode: u32) -> &'static str {
    match custom_mode {
        0 => "STABILIZE",
        1 => "ACRO",
        2 => "ALT_HOLD",
        3 => "AUTO",
        GUIDED => "GUIDED",
        5 => "LOITER",
        RTL => "RTL",
        7 => "CIRCLE",
        LAND => "LAND",
        11 => "DRIFT",
        13 => "SPORT",
        14 => "FLIP",
        15 => "AUTOTUNE",
        16 => "POSHOLD",
        17 => "BRAKE",
        18 => "THROW",
        19 => "AVOID_ADSB",
        20 => "GUIDED_NOGPS",
        21 => "SMART_RTL",
        22 => "FLOWHOLD",
        23 => "FOLLOW",
        24 => "ZIGZAG",
        25 => "SYSTEMID",
        26 => "AUTOROTATE",
        27 => "AUTO_RTL",
        28 => "TURTLE",
        _ => "UNKNOWN",
    }
}

/// Recorded: GUIDED arms only once the EKF uses GPS (absolute horizontal position, no constant-position mode); the pre-arm bit
/// comes earlier.
pub(crate) fn missing(telemetry: &Telemetry, now: Micros) -> Option<&'static str> {
    const PREARM_CHECK: u32 = 1 << 28;
    const POS_HORIZ_ABS: u16 = 1 << 4;
    const CONST_POS_MODE: u16 = 1 << 7;
    let Some(flags) = telemetry.estimator_flags else {
        return Some("no estimator status yet");
    };
    if flags.value & POS_HORIZ_ABS == 0 || flags.value & CONST_POS_MODE != 0 {
        return Some("no position estimate yet (EKF not using GPS)");
    }
    if telemetry.local.is_none_or(|local| local.age_s(now) > 2.0) {
        return Some("no local position yet");
    }
    if telemetry.global.is_none() {
        return Some("no global position yet");
    }
    if telemetry.health.is_none_or(|health| health.value & PREARM_CHECK == 0) {
        return Some("pre-arm checks not passed");
    }
    None
}

pub(crate) fn release_request(payload: Payload) -> Option<Request> {
    match payload {
        Payload::Gripper => Some(Request::new(command::DO_GRIPPER, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
        Payload::Servo { channel, release_us } => Some(Request::new(
            command::DO_SET_SERVO,
            [f32::from(channel), f32::from(release_us), 0.0, 0.0, 0.0, 0.0, 0.0],
        )),
        Payload::Camera => None,
    }
}
