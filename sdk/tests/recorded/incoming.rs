//! What the SDK's core reads of a recorded message by offset, against its fields.
use super::number;
use flightsmith_sdk::wire::decoder::Frame;
use flightsmith_sdk::wire::incoming::{self, Incoming};
use serde_json::Value;

/// What the core reads otherwise than it was recorded; `None` where all is well, or where it does not read the message.
pub fn check(frame: &Frame<'_>, line: &Value) -> Option<String> {
    let message = incoming::read(frame)?;
    for (field, value) in fields(&message) {
        // Fields that were zero in an extension were not always recorded.
        let expected = number(&line[field]).unwrap_or(0.0);
        if !(value.is_nan() && expected.is_nan() || (value - expected).abs() <= 1e-6 * (1.0 + expected.abs())) {
            return Some(format!("{}.{field} was read as {value}, recorded {expected}", line["m"]));
        }
    }
    let (field, value) = text(&message)?;
    (line[field].as_str() != Some(&value)).then(|| format!("{}.{field} was read as {value:?}", line["m"]))
}

/// The recorded fields that `message` carries, as (field, value read).
fn fields(message: &Incoming) -> Vec<(&'static str, f64)> {
    let number = |(name, value): (&'static str, f32)| (name, f64::from(value));
    match *message {
        Incoming::Heartbeat { custom_mode, kind, autopilot, base_mode, system_status } => vec![
            ("custom_mode", custom_mode.into()),
            ("type", kind.into()),
            ("autopilot", autopilot.into()),
            ("base_mode", base_mode.into()),
            ("system_status", system_status.into()),
        ],
        Incoming::SysStatus { health, battery_remaining_percent } => vec![
            ("onboard_control_sensors_health", health.into()),
            ("battery_remaining", battery_remaining_percent.into()),
        ],
        Incoming::SystemTime { time_boot_ms } => vec![("time_boot_ms", time_boot_ms.into())],
        Incoming::ParamValue { value, count, index, kind, .. } => vec![
            number(("param_value", value)),
            ("param_count", count.into()),
            ("param_index", index.into()),
            ("param_type", kind.into()),
        ],
        Incoming::Attitude { time_boot_ms, roll_rad, pitch_rad, yaw_rad } => vec![
            ("time_boot_ms", time_boot_ms.into()),
            number(("roll", roll_rad)),
            number(("pitch", pitch_rad)),
            number(("yaw", yaw_rad)),
        ],
        Incoming::LocalPositionNed { time_boot_ms, position_m: [x, y, z], velocity_m_s: [vx, vy, vz] } => {
            let mut all = vec![("time_boot_ms", f64::from(time_boot_ms))];
            all.extend([("x", x), ("y", y), ("z", z), ("vx", vx), ("vy", vy), ("vz", vz)].map(number));
            all
        }
        Incoming::GlobalPositionInt { time_boot_ms, lat_deg_e7, lon_deg_e7, alt_mm } => vec![
            ("time_boot_ms", time_boot_ms.into()),
            ("lat", lat_deg_e7.into()),
            ("lon", lon_deg_e7.into()),
            ("alt", alt_mm.into()),
        ],
        Incoming::ServoOutputRaw { port, pulse_us } => vec![
            ("port", port.into()),
            ("servo1_raw", pulse_us[0].into()),
            ("servo8_raw", pulse_us[7].into()),
            ("servo9_raw", pulse_us[8].into()),
            ("servo16_raw", pulse_us[15].into()),
        ],
        Incoming::CommandAck { command, result, progress, target_system, target_component } => vec![
            ("command", command.into()),
            ("result", result.into()),
            ("progress", progress.into()),
            ("target_system", target_system.into()),
            ("target_component", target_component.into()),
        ],
        Incoming::Timesync { tc1, ts1 } => vec![("tc1", tc1 as f64), ("ts1", ts1 as f64)],
        Incoming::BatteryStatus { id, remaining_percent } => {
            vec![("id", id.into()), ("battery_remaining", remaining_percent.into())]
        }
        Incoming::Wind { from_deg, speed_m_s } => vec![number(("direction", from_deg)), number(("speed", speed_m_s))],
        Incoming::EkfStatusReport { flags } | Incoming::EstimatorStatus { flags } => vec![("flags", flags.into())],
        Incoming::HomePosition { lat_deg_e7, lon_deg_e7, alt_mm } => {
            vec![("latitude", lat_deg_e7.into()), ("longitude", lon_deg_e7.into()), ("altitude", alt_mm.into())]
        }
        Incoming::ExtendedSysState { landed_state } => vec![("landed_state", landed_state.into())],
        Incoming::StatusText { severity, id, chunk, .. } => {
            vec![("severity", severity.into()), ("id", id.into()), ("chunk_seq", chunk.into())]
        }
        Incoming::CurrentMode { custom_mode, intended_custom_mode } => {
            vec![("custom_mode", custom_mode.into()), ("intended_custom_mode", intended_custom_mode.into())]
        }
        Incoming::WindCov { .. }
        | Incoming::CameraFeedback { .. }
        | Incoming::CameraImageCaptured { .. }
        | Incoming::CameraCaptureStatus { .. } => panic!("not in the recordings: {message:?}"),
    }
}

/// The text that a message carries, where it carries one.
fn text(message: &Incoming) -> Option<(&'static str, String)> {
    let clean = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned();
    match message {
        Incoming::StatusText { text, .. } => Some(("text", clean(text))),
        Incoming::ParamValue { id, .. } => Some(("param_id", clean(id))),
        _ => None,
    }
}
