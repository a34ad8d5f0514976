//! The messages that the SDK reads, as plain values of their fields.
//!
//! Read by offset from the frame: the dialect's own decoding fails on enum values that it does not know and leaves out the
//! extension fields of MAVLink 2 (chunked STATUSTEXT, the addressee of COMMAND_ACK), and would link every message there is.
use super::decoder::Frame;
use super::payload::Payload;

/// A message that matters to the SDK. Fields keep their wire units, which their names say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Incoming {
    Heartbeat { custom_mode: u32, kind: u8, autopilot: u8, base_mode: u8, system_status: u8 },
    SysStatus { health: u32, battery_remaining_percent: i8 },
    SystemTime { time_boot_ms: u32 },
    ParamValue { value: f32, count: u16, index: u16, id: [u8; 16], kind: u8 },
    Attitude { time_boot_ms: u32, roll_rad: f32, pitch_rad: f32, yaw_rad: f32 },
    LocalPositionNed { time_boot_ms: u32, position_m: [f32; 3], velocity_m_s: [f32; 3] },
    GlobalPositionInt { time_boot_ms: u32, lat_deg_e7: i32, lon_deg_e7: i32, alt_mm: i32 },
    ServoOutputRaw { port: u8, pulse_us: [u16; 16] },
    CommandAck { command: u16, result: u8, progress: u8, target_system: u8, target_component: u8 },
    Timesync { tc1: i64, ts1: i64 },
    BatteryStatus { id: u8, remaining_percent: i8 },
    Wind { from_deg: f32, speed_m_s: f32 },
    WindCov { north_m_s: f32, east_m_s: f32, variance_m2_s2: f32 },
    CameraFeedback { image_index: u16 },
    CameraImageCaptured { image_index: i32, captured: bool },
    CameraCaptureStatus { image_count: i32 },
    EkfStatusReport { flags: u16 },
    EstimatorStatus { flags: u16 },
    HomePosition { lat_deg_e7: i32, lon_deg_e7: i32, alt_mm: i32 },
    ExtendedSysState { landed_state: u8 },
    StatusText { severity: u8, text: [u8; 50], id: u16, chunk: u8 },
    CurrentMode { custom_mode: u32, intended_custom_mode: u32 },
}

/// MAVLink ids of the messages that the SDK reads or asks for.
pub mod id {
    pub const HEARTBEAT: u32 = 0;
    pub const SYS_STATUS: u32 = 1;
    pub const SYSTEM_TIME: u32 = 2;
    pub const PARAM_VALUE: u32 = 22;
    pub const GPS_RAW_INT: u32 = 24;
    pub const ATTITUDE: u32 = 30;
    pub const ATTITUDE_QUATERNION: u32 = 31;
    pub const LOCAL_POSITION_NED: u32 = 32;
    pub const GLOBAL_POSITION_INT: u32 = 33;
    pub const SERVO_OUTPUT_RAW: u32 = 36;
    pub const RC_CHANNELS: u32 = 65;
    pub const VFR_HUD: u32 = 74;
    pub const COMMAND_ACK: u32 = 77;
    pub const TIMESYNC: u32 = 111;
    pub const GPS2_RAW: u32 = 124;
    pub const DISTANCE_SENSOR: u32 = 132;
    pub const TERRAIN_REPORT: u32 = 136;
    pub const ALTITUDE: u32 = 141;
    pub const BATTERY_STATUS: u32 = 147;
    pub const AUTOPILOT_VERSION: u32 = 148;
    pub const WIND: u32 = 168;
    pub const CAMERA_FEEDBACK: u32 = 180;
    pub const EKF_STATUS_REPORT: u32 = 193;
    pub const ESTIMATOR_STATUS: u32 = 230;
    pub const WIND_COV: u32 = 231;
    pub const HOME_POSITION: u32 = 242;
    pub const MESSAGE_INTERVAL: u32 = 244;
    pub const EXTENDED_SYS_STATE: u32 = 245;
    pub const STATUSTEXT: u32 = 253;
    pub const CAMERA_CAPTURE_STATUS: u32 = 262;
    pub const CAMERA_IMAGE_CAPTURED: u32 = 263;
    pub const FLIGHT_INFORMATION: u32 = 264;
    pub const PROTOCOL_VERSION: u32 = 300;
    pub const ACTUATOR_OUTPUT_STATUS: u32 = 375;
    pub const AVAILABLE_MODES: u32 = 435;
    pub const CURRENT_MODE: u32 = 436;
}

/// What `frame` says, where it is a message that the SDK reads.
pub fn read(frame: &Frame<'_>) -> Option<Incoming> {
    let p = Payload(frame.payload);
    Some(match frame.id {
        id::HEARTBEAT => Incoming::Heartbeat {
            custom_mode: p.u32(0),
            kind: p.u8(4),
            autopilot: p.u8(5),
            base_mode: p.u8(6),
            system_status: p.u8(7),
        },
        id::SYS_STATUS => Incoming::SysStatus { health: p.u32(8), battery_remaining_percent: p.i8(30) },
        id::SYSTEM_TIME => Incoming::SystemTime { time_boot_ms: p.u32(8) },
        id::PARAM_VALUE => {
            Incoming::ParamValue { value: p.f32(0), count: p.u16(4), index: p.u16(6), id: p.bytes(8), kind: p.u8(24) }
        }
        id::ATTITUDE => {
            Incoming::Attitude { time_boot_ms: p.u32(0), roll_rad: p.f32(4), pitch_rad: p.f32(8), yaw_rad: p.f32(12) }
        }
        id::LOCAL_POSITION_NED => Incoming::LocalPositionNed {
            time_boot_ms: p.u32(0),
            position_m: [p.f32(4), p.f32(8), p.f32(12)],
            velocity_m_s: [p.f32(16), p.f32(20), p.f32(24)],
        },
        id::GLOBAL_POSITION_INT => Incoming::GlobalPositionInt {
            time_boot_ms: p.u32(0),
            lat_deg_e7: p.i32(4),
            lon_deg_e7: p.i32(8),
            alt_mm: p.i32(12),
        },
        id::SERVO_OUTPUT_RAW => {
            let mut pulse_us = [0; 16];
            for (n, pulse) in pulse_us.iter_mut().enumerate() {
                // The extension's outputs 9 to 16 come behind the one-byte port.
                *pulse = p.u16(4 + 2 * n + usize::from(n >= 8));
            }
            Incoming::ServoOutputRaw { port: p.u8(20), pulse_us }
        }
        id::COMMAND_ACK => Incoming::CommandAck {
            command: p.u16(0),
            result: p.u8(2),
            progress: p.u8(3),
            target_system: p.u8(8),
            target_component: p.u8(9),
        },
        id::TIMESYNC => Incoming::Timesync { tc1: p.i64(0), ts1: p.i64(8) },
        id::BATTERY_STATUS => Incoming::BatteryStatus { id: p.u8(32), remaining_percent: p.i8(35) },
        id::WIND => Incoming::Wind { from_deg: p.f32(0), speed_m_s: p.f32(4) },
        id::WIND_COV => Incoming::WindCov { north_m_s: p.f32(8), east_m_s: p.f32(12), variance_m2_s2: p.f32(20) },
        id::CAMERA_FEEDBACK => Incoming::CameraFeedback { image_index: p.u16(40) },
        id::CAMERA_IMAGE_CAPTURED => Incoming::CameraImageCaptured { image_index: p.i32(44), captured: p.u8(49) == 1 },
        id::CAMERA_CAPTURE_STATUS => Incoming::CameraCaptureStatus { image_count: p.i32(18) },
        id::EKF_STATUS_REPORT => Incoming::EkfStatusReport { flags: p.u16(20) },
        id::ESTIMATOR_STATUS => Incoming::EstimatorStatus { flags: p.u16(40) },
        id::HOME_POSITION => Incoming::HomePosition { lat_deg_e7: p.i32(0), lon_deg_e7: p.i32(4), alt_mm: p.i32(8) },
        id::EXTENDED_SYS_STATE => Incoming::ExtendedSysState { landed_state: p.u8(1) },
        id::STATUSTEXT => Incoming::StatusText { severity: p.u8(0), text: p.bytes(1), id: p.u16(51), chunk: p.u8(53) },
        id::CURRENT_MODE => Incoming::CurrentMode { custom_mode: p.u32(0), intended_custom_mode: p.u32(4) },
        _ => return None,
    })
}
