//! Message ids, and the payloads that need nothing but their arguments.
use super::Payload;

macro_rules! ids {
    ($($name:ident = $id:literal),* $(,)?) => {$(
        #[doc = concat!("Id of `", stringify!($name), "`.")]
        pub const $name: u32 = $id;
    )*};
}
ids! {
    HEARTBEAT = 0, SYS_STATUS = 1, SYSTEM_TIME = 2, PING = 4, SET_MODE = 11, PARAM_REQUEST_READ = 20, PARAM_REQUEST_LIST = 21,
    PARAM_VALUE = 22, PARAM_SET = 23, GPS_RAW_INT = 24, RAW_IMU = 27, SCALED_PRESSURE = 29, ATTITUDE = 30,
    ATTITUDE_QUATERNION = 31, LOCAL_POSITION_NED = 32, GLOBAL_POSITION_INT = 33, SERVO_OUTPUT_RAW = 36, MISSION_ITEM = 39,
    MISSION_REQUEST = 40, MISSION_SET_CURRENT = 41, MISSION_CURRENT = 42, MISSION_REQUEST_LIST = 43, MISSION_COUNT = 44,
    MISSION_CLEAR_ALL = 45, MISSION_ITEM_REACHED = 46, MISSION_ACK = 47, GPS_GLOBAL_ORIGIN = 49, MISSION_REQUEST_INT = 51,
    NAV_CONTROLLER_OUTPUT = 62, RC_CHANNELS = 65, REQUEST_DATA_STREAM = 66, MISSION_ITEM_INT = 73, VFR_HUD = 74,
    COMMAND_INT = 75, COMMAND_LONG = 76, COMMAND_ACK = 77, SET_ATTITUDE_TARGET = 82, ATTITUDE_TARGET = 83,
    SET_POSITION_TARGET_LOCAL_NED = 84, POSITION_TARGET_LOCAL_NED = 85, SET_POSITION_TARGET_GLOBAL_INT = 86,
    POSITION_TARGET_GLOBAL_INT = 87, HIGHRES_IMU = 105, FILE_TRANSFER_PROTOCOL = 110, TIMESYNC = 111, SCALED_IMU2 = 116,
    POWER_STATUS = 125, DISTANCE_SENSOR = 132, TERRAIN_CHECK = 135, TERRAIN_REPORT = 136, ALTITUDE = 141, BATTERY_STATUS = 147, AUTOPILOT_VERSION = 148, MEMINFO = 152,
    FENCE_STATUS = 162, AHRS = 163, SIMSTATE = 164, WIND = 168, CAMERA_FEEDBACK = 180, EKF_STATUS_REPORT = 193,
    ESTIMATOR_STATUS = 230, WIND_COV = 231, VIBRATION = 241, HOME_POSITION = 242, MESSAGE_INTERVAL = 244,
    EXTENDED_SYS_STATE = 245, STATUSTEXT = 253, CAMERA_INFORMATION = 259, CAMERA_CAPTURE_STATUS = 262,
    CAMERA_IMAGE_CAPTURED = 263, PROTOCOL_VERSION = 300, ODOMETRY = 331, AVAILABLE_MODES = 435, CURRENT_MODE = 436,
}

/// MAV_RESULT values.
pub mod result {
    /// Done.
    pub const ACCEPTED: u8 = 0;
    /// Not now.
    pub const TEMPORARILY_REJECTED: u8 = 1;
    /// Never with these parameters.
    pub const DENIED: u8 = 2;
    /// Command not known.
    pub const UNSUPPORTED: u8 = 3;
    /// Tried and failed.
    pub const FAILED: u8 = 4;
}

/// MAV_SEVERITY values.
pub mod severity {
    /// System is unusable.
    pub const EMERGENCY: u8 = 0;
    /// Critical.
    pub const CRITICAL: u8 = 2;
    /// Warning.
    pub const WARNING: u8 = 4;
    /// Notice.
    pub const NOTICE: u8 = 5;
    /// Information.
    pub const INFO: u8 = 6;
}

/// `COMMAND_ACK` to the sender of a command.
pub fn command_ack(command: u16, result: u8, system: u8, component: u8) -> Payload {
    Payload::new().u16(command).u8(result).u8(0).i32(0).u8(system).u8(component)
}

/// One chunk of a `STATUSTEXT`; a text of one chunk has id 0.
pub fn statustext(severity: u8, text: &str, id: u16, chunk: u8) -> Payload {
    Payload::new().u8(severity).text(text, 50).u16(id).u8(chunk)
}

/// `TIMESYNC`.
pub fn timesync(tc1: i64, ts1: i64) -> Payload {
    Payload::new().i64(tc1).i64(ts1)
}
