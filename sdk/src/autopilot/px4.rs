//! PX4: actions for take-off, landing and return; OFFBOARD for motion. Modes are a main and a sub mode in one number.
use super::{Mode, Rate};
use crate::command::{self, Request};
use crate::telemetry::{Micros, Telemetry};
use crate::wire::incoming::id;
use flightsmith_mission::vehicle::Payload;

const fn custom_mode(main: u32, sub: u32) -> u32 {
    main << 16 | sub << 24
}
const OFFBOARD: u32 = custom_mode(6, 0);
const TAKEOFF: u32 = custom_mode(4, 2);
const LOITER: u32 = custom_mode(4, 3);
const RTL: u32 = custom_mode(4, 5);
const LAND: u32 = custom_mode(4, 6);

/// Much comes by itself; asked for are the rates that the set-points need, and CURRENT_MODE because HEARTBEAT comes once a second.
pub(crate) const RATES: &[Rate] = &[
    Rate { message_id: id::LOCAL_POSITION_NED, hz: 25.0 },
    Rate { message_id: id::CURRENT_MODE, hz: 10.0 },
    Rate { message_id: id::ATTITUDE, hz: 10.0 },
    Rate { message_id: id::GLOBAL_POSITION_INT, hz: 5.0 },
    Rate { message_id: id::EXTENDED_SYS_STATE, hz: 5.0 },
    Rate { message_id: id::SYS_STATUS, hz: 2.0 },
    Rate { message_id: id::ESTIMATOR_STATUS, hz: 2.0 },
    Rate { message_id: id::BATTERY_STATUS, hz: 1.0 },
    Rate { message_id: id::HOME_POSITION, hz: 1.0 },
    Rate { message_id: id::WIND_COV, hz: 2.0 },
    Rate { message_id: id::SERVO_OUTPUT_RAW, hz: 5.0 },
];

pub(crate) fn custom_modes(mode: Mode) -> [u32; 3] {
    match mode {
        Mode::Ready => [LOITER, TAKEOFF, LOITER],
        // Recorded: LOITER follows by itself when the altitude is reached.
        Mode::TakeOff => [TAKEOFF, LOITER, TAKEOFF],
        Mode::Guided => [OFFBOARD; 3],
        Mode::Hold => [LOITER; 3],
        Mode::Land => [LAND; 3],
        Mode::Return => [RTL, LAND, RTL],
    }
}

pub(crate) fn mode_name(mode: u32) -> &'static str {
    match ((mode >> 16) & 0xFF, mode >> 24) {
        (1, _) => "MANUAL",
        (2, _) => "ALTCTL",
        (3, 1) => "ORBIT",
        (3, _) => "POSCTL",
        (4, 1) => "AUTO.READY",
        (4, 2) => "AUTO.TAKEOFF",
        (4, 3) => "AUTO.LOITER",
        (4, 4) => "AUTO.MISSION",
        (4, 5) => "AUTO.RTL",
        (4, 6) => "AUTO.LAND",
        (4, 8) => "AUTO.FOLLOW_TARGET",
        (4, 9) => "AUTO.PRECLAND",
        (5, _) => "ACRO",
        (6, _) => "OFFBOARD",
        (7, _) => "STABILIZED",
        (8, _) => "RATTITUDE",
        (10, _) => "TERMINATION",
        (4, 20) => "AUTO.DESCEND",
        _ => "UNKNOWN",
    }
}

/// Recorded: ready when HEARTBEAT's status is STANDBY and the pre-arm bit is healthy, about 4 s after the start.
pub(crate) fn missing(telemetry: &Telemetry, now: Micros) -> Option<&'static str> {
    const PREARM_CHECK: u32 = 1 << 28;
    const STANDBY: u8 = 3;
    if telemetry.local.is_none_or(|local| local.age_s(now) > 2.0) {
        return Some("no local position yet");
    }
    if telemetry.global.is_none() {
        return Some("no global position yet");
    }
    if telemetry.heartbeat.is_none_or(|beat| beat.value.system_status < STANDBY) {
        return Some("the autopilot is still starting (status below STANDBY)");
    }
    if telemetry.health.is_none_or(|health| health.value & PREARM_CHECK == 0) {
        return Some("pre-arm checks not passed");
    }
    None
}

pub(crate) fn release_request(payload: Payload) -> Option<Request> {
    match payload {
        Payload::Gripper => Some(Request::new(command::DO_GRIPPER, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
        // PX4 knows no DO_SET_SERVO (recorded: UNSUPPORTED); DO_SET_ACTUATOR takes -1 to 1 for 1000 to 2000 us, and its six
        // actuators start at output 9 as the outputs are usually assigned.
        Payload::Servo { channel, release_us } => {
            let actuator = usize::from(channel.checked_sub(9)?);
            let mut params = [f32::NAN, f32::NAN, f32::NAN, f32::NAN, f32::NAN, f32::NAN, 0.0];
            if actuator >= 6 {
                return None;
            }
            params[actuator] = (f32::from(release_us) - 1500.0) / 500.0;
            Some(Request::new(command::DO_SET_ACTUATOR, params))
        }
        Payload::Camera => None,
    }
}
