//! Decoding: messages recorded from the real ArduPilot and PX4, packed by pymavlink (an independent encoder), and garbage.
use flightsmith_sdk::wire::decoder::{Decoder, Frame};
use flightsmith_sdk::wire::incoming::{self, Incoming};
use mavlink::dialects::ardupilotmega as mav;
use mavlink::{MAVLinkV1MessageRaw, MAVLinkV2MessageRaw, MavHeader};
use proptest::prelude::*;
use serde_json::Value;

const RECORDED: &[u8] = include_bytes!("data/recorded.bin");
const FIELDS: &str = include_str!("data/recorded.jsonl");

/// All frames of `bytes`, given to `decoder` in portions of `portion` bytes.
fn decode(decoder: &mut Decoder, bytes: &[u8], portion: usize, mut each: impl FnMut(Frame<'_>)) {
    for mut portion in bytes.chunks(portion) {
        while !portion.is_empty() {
            let taken = decoder.push(portion);
            portion = &portion[taken..];
            while let Some(frame) = decoder.next_frame() {
                each(frame);
            }
        }
    }
}

fn read_all(bytes: &[u8], portion: usize) -> (Vec<Incoming>, Decoder) {
    let mut decoder = Decoder::default();
    let mut messages = Vec::new();
    decode(&mut decoder, bytes, portion, |frame| {
        messages.push(incoming::read(&frame).expect("a message that is read"))
    });
    (messages, decoder)
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
        ref other => panic!("not in the recordings: {other:?}"),
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

#[test]
fn recorded_messages_are_read_field_by_field() {
    let recorded: Vec<Value> = FIELDS.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (messages, decoder) = read_all(RECORDED, usize::MAX);
    assert_eq!(messages.len(), recorded.len());
    assert_eq!(decoder.statistics.bytes_skipped, 0);
    for (message, recorded) in messages.iter().zip(&recorded) {
        for (field, value) in fields(message) {
            // Fields that were zero in an extension were not always recorded.
            let expected = recorded[field].as_f64().unwrap_or(0.0);
            let slack = 1e-6 * (1.0 + expected.abs());
            assert!((value - expected).abs() <= slack, "{field} of {recorded} was read as {value}");
        }
        if let Some((field, value)) = text(message) {
            assert_eq!(recorded[field].as_str(), Some(value.as_str()), "{recorded}");
        }
    }
}

#[test]
fn portions_do_not_matter() {
    let (whole, _) = read_all(RECORDED, usize::MAX);
    for portion in [1, 2, 7, 64, 280, 1000] {
        assert_eq!(read_all(RECORDED, portion).0, whole, "in portions of {portion}");
    }
}

#[test]
fn mavlink_1_is_read_too() {
    let message = mav::EXTENDED_SYS_STATE_DATA {
        landed_state: mav::MavLandedState::MAV_LANDED_STATE_IN_AIR,
        ..Default::default()
    };
    let mut raw = MAVLinkV1MessageRaw::new();
    raw.serialize_message_data(MavHeader { system_id: 1, component_id: 1, sequence: 9 }, &message);
    assert_eq!(read_all(raw.raw_bytes(), 5).0, [Incoming::ExtendedSysState { landed_state: 2 }]);
}

#[test]
fn a_whole_frame_of_an_unknown_message_is_skipped_as_one() {
    let mut unknown = vec![0xFD, 3, 0, 0, 1, 1, 1, 0xFF, 0xFF, 0x01, 0xFD, 0xFE, 0xFD, 0, 0];
    let length = unknown.len();
    unknown[length - 1] = 0x77;
    let mut bytes = unknown.clone();
    bytes.extend_from_slice(RECORDED);
    let (messages, decoder) = read_all(&bytes, usize::MAX);
    assert_eq!(messages.len(), FIELDS.lines().count());
    assert_eq!((decoder.statistics.messages_unknown, decoder.statistics.bytes_skipped), (1, 0));
}

fn heartbeat() -> Vec<u8> {
    let mut raw = MAVLinkV2MessageRaw::new();
    let header = MavHeader { system_id: 1, component_id: 1, sequence: 0 };
    raw.serialize_message_data(header, &mav::HEARTBEAT_DATA::default());
    raw.raw_bytes().to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever came before, a quiet line and then valid frames are read again: at most a frame's length is lost.
    #[test]
    fn garbage_is_survived(garbage in prop::collection::vec(any::<u8>(), 0..600), portion in 1_usize..300) {
        let mut decoder = Decoder::default();
        let mut bytes = garbage;
        for _ in 0..30 {
            bytes.extend(heartbeat());
        }
        let mut heartbeats = 0;
        decode(&mut decoder, &bytes, portion, |frame| heartbeats += usize::from(frame.id == 0));
        // A stray marker may claim up to 293 bytes, which is 14 heartbeats.
        prop_assert!(heartbeats >= 15, "{} heartbeats", heartbeats);
        prop_assert_eq!(decoder.statistics.bytes_received, bytes.len() as u64);
    }

    /// Damage costs the damaged frames and never more than what a false length may claim.
    #[test]
    fn damage_is_counted(at in 0..RECORDED.len(), flip in 1_u8..) {
        let mut bytes = RECORDED.to_vec();
        bytes[at] ^= flip;
        let mut decoder = Decoder::default();
        let mut read = 0_usize;
        decode(&mut decoder, &bytes, 512, |frame| {
            let _ = incoming::read(&frame);
            read += 1;
        });
        let all = FIELDS.lines().count();
        prop_assert!(read < all + 3 && read + 30 >= all, "{} of {}", read, all);
    }

    /// A connection fed with anything neither panics nor sends anything but heartbeats.
    #[test]
    fn a_connection_survives_anything(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let connection = flightsmith_sdk::Connection::new();
        connection.feed(&bytes);
        connection.feed_lockstep(&bytes);
        connection.set_wall_us(20_000);
        let mut sent = Vec::new();
        connection.take_outgoing(|out| sent.extend_from_slice(out));
        prop_assert!(sent.len() < 2 * 21 + 28);
    }
}
