//! Recordings of the real ArduCopter and PX4 and a MAVProxy session: every kind of message in them, read field by field.
//!
//! The committed sample is a few of each kind; `cargo run --example recordings` compares whole recordings.
mod recorded;
use flightsmith_sdk::Autopilot;
use flightsmith_sdk::wire::decoder::Decoder;
use recorded::quantities::Reader;
use recorded::{compare, decode, incoming};
use serde_json::Value;

const SAMPLES: [(Autopilot, &[u8], &str); 2] = [
    (Autopilot::ArduPilot, include_bytes!("data/ardupilot.bin"), include_str!("data/ardupilot.jsonl")),
    (Autopilot::Px4, include_bytes!("data/px4.bin"), include_str!("data/px4.jsonl")),
];

fn lines(text: &str) -> impl Iterator<Item = Value> + '_ {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON"))
}

#[test]
fn every_kind_of_message_is_read_field_by_field() {
    for (autopilot, bytes, text) in SAMPLES {
        let reader = Reader::new(autopilot);
        let compared = compare(bytes, lines(text), |frame, line| {
            incoming::check(frame, line).or_else(|| reader.check(frame, line))
        });
        let differences: Vec<&str> = compared.differences.keys().map(String::as_str).collect();
        // A command that nobody knows was sent to see what the autopilot says; the two files of definitions name the mode's bits
        // by different enums.
        assert_eq!(
            differences,
            [
                "COMMAND_INT: Invalid enum value for enum type \"MavCmd\", got 40000",
                "SET_MODE.base_mode: read MavModeFlag(MAV_MODE_FLAG_CUSTOM_MODE_ENABLED), recorded 1",
            ],
            "{autopilot:?}"
        );
        let unknown: Vec<&str> = compared.unknown.keys().map(String::as_str).collect();
        assert_eq!(unknown, if autopilot == Autopilot::Px4 { vec!["GNSS_INTEGRITY"] } else { vec![] });
        assert!(compared.equal > 170 && compared.fields > 1400, "{compared:?}");
    }
}

#[test]
fn a_session_is_read_as_it_is() {
    let recorded: Vec<(u64, u64)> = lines(include_str!("data/session.jsonl"))
        .map(|line| (line["msgid"].as_u64().expect("an id"), line["s"].as_u64().expect("a system")))
        .collect();
    // A marker byte in a timestamp may claim the last frames until more comes.
    let mut bytes = include_bytes!("data/session.tlog").to_vec();
    bytes.resize(bytes.len() + 300, 0);
    for portion in [1, 37, usize::MAX] {
        let mut read = Vec::new();
        // Its timestamps stand between the frames as garbage.
        decode(&mut Decoder::default(), &bytes, portion, |frame| {
            read.push((u64::from(frame.id), u64::from(frame.system)));
        });
        assert_eq!(read, recorded, "in portions of {portion}");
    }
}
