//! Message signing: frames that pymavlink has signed, ours as the protocol has them, and everything that must be refused.
mod spoken;

use flightsmith_sdk::signing::{KeyError, SecretKey, Signing, Timekeeper, Timestamp};
use flightsmith_sdk::wire::decoder::Frame;
use flightsmith_sdk::{Connection, LinkStatistics};
use mavlink::dialects::ardupilotmega as mav;
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

const NOW: Timestamp = 38_000_000_000_000;

/// A clock that stands still, and a store that a test can look into.
#[derive(Clone)]
struct Store {
    now: Option<Timestamp>,
    stored: Arc<Mutex<Timestamp>>,
}

impl Store {
    fn at(now: Timestamp) -> Self {
        Self { now: Some(now), stored: Arc::default() }
    }
}

impl Timekeeper for Store {
    fn now(&mut self) -> Option<Timestamp> {
        self.now
    }
    fn stored(&mut self) -> Timestamp {
        *self.stored.lock().unwrap()
    }
    fn reserve(&mut self, until: Timestamp, _at_once: bool) -> bool {
        *self.stored.lock().unwrap() = until;
        true
    }
}

fn key() -> SecretKey {
    SecretKey::new(std::array::from_fn(|n| n as u8))
}

fn signed(link: u8, store: Store) -> Connection {
    Connection::with_ids(1, 1).signed(Signing::new(key(), link, store))
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Frames by pymavlink: whether the key was right, the timestamp, the bytes.
fn vectors() -> Vec<(bool, Timestamp, Vec<u8>)> {
    let lines = include_str!("data/signing.jsonl").lines();
    lines
        .map(|line| {
            let vector: Value = serde_json::from_str(line).unwrap();
            let raw = unhex(vector["raw"].as_str().unwrap());
            (vector["key"] == "right", vector["timestamp"].as_u64().unwrap(), raw)
        })
        .collect()
}

/// The heartbeat of `data/signing.py`.
fn heartbeat_in_flight() -> mav::HEARTBEAT_DATA {
    mav::HEARTBEAT_DATA { base_mode: mav::MavModeFlag::from_bits_retain(81), ..spoken::heartbeat() }
}

/// What our connection sends at its first moment: a heartbeat.
fn first_words(connection: &Connection) -> Vec<u8> {
    connection.set_wall_us(1);
    let mut sent = Vec::new();
    connection.take_outgoing(|bytes| sent = bytes.to_vec());
    sent
}

fn counted(statistics: LinkStatistics) -> [u64; 5] {
    let s = statistics;
    [s.messages_received, s.messages_signed, s.messages_unsigned, s.signatures_wrong, s.messages_replayed]
}

#[test]
fn pymavlinks_signatures_are_accepted_once() {
    let connection = signed(0, Store::at(NOW));
    for (_, _, raw) in vectors() {
        connection.feed(&raw);
    }
    assert_eq!(counted(connection.statistics()), [5, 5, 0, 1, 0]);
    // All of it again, byte for byte.
    for (_, _, raw) in vectors() {
        connection.feed(&raw);
    }
    assert_eq!(counted(connection.statistics()), [5, 5, 0, 2, 5]);
    assert_eq!(connection.statistics().bytes_skipped, 0, "refused frames are whole frames");
}

#[test]
fn ours_are_pymavlinks_byte_for_byte() {
    let (_, timestamp, raw) = vectors().remove(0);
    let frame = spoken::Voice::of(1).say(&heartbeat_in_flight());
    assert_eq!(Signing::new(key(), 0, Store::at(timestamp)).sign(&frame), raw);
    // And a connection signs what it sends by itself.
    let ours = first_words(&signed(0, Store::at(timestamp)));
    assert!(spoken::words(&ours)[0].signed);
    let heard = signed(0, Store::at(timestamp));
    heard.feed(&ours);
    assert_eq!(counted(heard.statistics()), [1, 1, 0, 0, 0]);
}

#[test]
fn what_is_refused_and_what_is_not() {
    let vectors = vectors();
    let mut voice = spoken::Voice::of(1);
    let unsigned = voice.say(&spoken::heartbeat());
    let radio = voice.say(&mav::RADIO_STATUS_DATA::default());
    let text = voice.say(&mav::STATUSTEXT_DATA::default());
    let tampered = |at: usize| {
        let mut raw = vectors[0].2.clone();
        raw[at] ^= 1;
        raw
    };
    let length = vectors[0].2.len();
    let v1 = {
        let connection = Connection::with_ids(1, 1).with_version(flightsmith_sdk::Version::Only1);
        first_words(&connection)
    };
    // received, signed, unsigned, wrong, replayed
    let cases: [(&str, Vec<u8>, [u64; 5]); 9] = [
        ("signed", vectors[0].2.clone(), [1, 1, 0, 0, 0]),
        ("not signed", unsigned, [0, 0, 1, 0, 0]),
        ("MAVLink 1", v1, [0, 0, 1, 0, 0]),
        ("a radio's own status", radio, [1, 0, 0, 0, 0]),
        ("accepted by the policy", text, [1, 0, 0, 0, 0]),
        ("another link id", tampered(length - 13), [0, 0, 0, 1, 0]),
        ("another time", tampered(length - 8), [0, 0, 0, 1, 0]),
        ("another signature", tampered(length - 1), [0, 0, 0, 1, 0]),
        ("another key", vectors[5].2.clone(), [0, 0, 0, 1, 0]),
    ];
    for (name, raw, expected) in cases {
        let signing = Signing::new(key(), 0, Store::at(NOW)).accepting_unsigned(|frame: &Frame<'_>| frame.id == 253);
        let connection = Connection::ground_station().signed(signing);
        connection.feed(&raw);
        assert_eq!(counted(connection.statistics()), expected, "{name}");
    }
}

#[test]
fn old_frames_of_a_sender_that_was_not_heard_before_are_refused() {
    const MINUTE: Timestamp = 6_000_000;
    for (ahead, replayed) in [(0, 0), (MINUTE, 0), (MINUTE + 1, 1), (100 * MINUTE, 1)] {
        let connection = signed(0, Store::at(NOW + ahead));
        connection.feed(&vectors()[0].2);
        assert_eq!(connection.statistics().messages_replayed, replayed, "{ahead} ahead");
    }
}

/// Timestamps of frames as sent.
fn timestamps(bytes: &[u8]) -> Vec<Timestamp> {
    let mut at = 0;
    let mut timestamps = Vec::new();
    while at < bytes.len() {
        let end = at + 10 + usize::from(bytes[at + 1]) + 2 + 13;
        let mut stamp = [0; 8];
        stamp[..6].copy_from_slice(&bytes[end - 12..end - 6]);
        timestamps.push(u64::from_le_bytes(stamp));
        at = end;
    }
    timestamps
}

#[test]
fn no_timestamp_is_used_twice_whatever_the_clock_does() {
    // The clock, run by run: right, turned back by a day, missing.
    let stored = Arc::default();
    let mut last = 0;
    for now in [Some(NOW), Some(NOW - 8_640_000_000), None, Some(NOW + 10)] {
        let store = Store { now, stored: Arc::clone(&stored) };
        let connection = signed(3, store);
        for second in 1..=40 {
            connection.set_wall_us(second * 1_000_000);
        }
        let mut sent = Vec::new();
        connection.take_outgoing(|bytes| sent = bytes.to_vec());
        let used = timestamps(&sent);
        assert_eq!(used.len(), 40);
        for timestamp in used {
            assert!(timestamp > last, "{timestamp} after {last}");
            last = timestamp;
        }
        // A crash: nothing is stored at the end.
        assert!(*stored.lock().unwrap() > last, "what was used lies below what was set aside");
    }
}

fn mode(path: &std::path::Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn key_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mavlink.key");
    let hex: String = (0..32).map(|n| format!("{n:02x}")).collect();
    let raw: Vec<u8> = (0..32).collect();
    let cases: [(&str, &[u8], bool); 6] = [
        ("raw", &raw, true),
        ("hex", hex.as_bytes(), true),
        ("hex with a line's end", &[hex.as_bytes(), b"\n"].concat(), true),
        ("too short", &raw[1..], false),
        ("not hex", &[hex.as_bytes()[1..].to_vec(), b"x".to_vec()].concat(), false),
        ("empty", b"", false),
    ];
    for (name, content, is_key) in cases {
        fs::write(&path, content).unwrap();
        mode(&path, 0o600);
        let read = SecretKey::from_file(&path);
        assert_eq!(read.is_ok(), is_key, "{name}: {read:?}");
        if let Ok(read) = read {
            assert_eq!(read, key(), "{name}");
        }
    }
    fs::write(&path, &raw).unwrap();
    for open in [0o640, 0o604, 0o660, 0o644] {
        mode(&path, open);
        let error = SecretKey::from_file(&path).unwrap_err();
        assert!(matches!(error, KeyError::ReadableByOthers { .. }), "{open:o}: {error}");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
    assert!(!format!("{:?}{:?}", key(), Signing::new(key(), 0, Store::at(NOW))).contains("31"));
}

#[test]
fn timestamps_in_a_file_survive_crashes_and_refuse_nonsense() {
    let folder = tempfile::tempdir().unwrap();
    let (key_path, state) = (folder.path().join("key"), folder.path().join("timestamp"));
    fs::write(&key_path, [7; 32]).unwrap();
    mode(&key_path, 0o600);
    let send = || {
        let connection = Connection::ground_station().signed(Signing::from_files(&key_path, &state, 0).unwrap());
        timestamps(&first_words(&connection))[0]
    };
    let mut last = send();
    for _ in 0..3 {
        let reserved: Timestamp = fs::read_to_string(&state).unwrap().trim().parse().unwrap();
        assert!(reserved > last);
        let next = send();
        assert!(next > reserved, "jumps over everything that the last run may have used");
        last = next;
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left behind");
    fs::write(&state, "gone wrong").unwrap();
    assert!(matches!(Signing::from_files(&key_path, &state, 0), Err(KeyError::NoTimestamp { .. })));
    let unwritable = folder.path().join("no/such/folder/timestamp");
    assert!(matches!(Signing::from_files(&key_path, unwritable, 0), Err(KeyError::File { .. })));
}
