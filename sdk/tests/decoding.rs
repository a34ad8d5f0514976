//! Decoding: messages recorded from the real ArduPilot and PX4, packed by pymavlink (an independent encoder), and garbage.
use flightsmith_sdk::wire::decoder::{Decoder, Frame};
use flightsmith_sdk::wire::incoming::{self, Incoming};
use mavlink::dialects::ardupilotmega as mav;
use mavlink::{MAVLinkV1MessageRaw, MAVLinkV2MessageRaw, MavHeader};
use proptest::prelude::*;
use std::sync::LazyLock;

/// Frames of every kind that both autopilots sent.
static RECORDED: LazyLock<Vec<u8>> =
    LazyLock::new(|| [include_bytes!("data/ardupilot.bin").as_slice(), include_bytes!("data/px4.bin")].concat());

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
    decode(&mut decoder, bytes, portion, |frame| messages.extend(incoming::read(&frame)));
    (messages, decoder)
}

#[test]
fn portions_do_not_matter() {
    let (whole, _) = read_all(&RECORDED, usize::MAX);
    for portion in [1, 2, 7, 64, 280, 1000] {
        assert_eq!(read_all(&RECORDED, portion).0, whole, "in portions of {portion}");
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
    bytes.extend_from_slice(&RECORDED);
    let (messages, decoder) = read_all(&bytes, usize::MAX);
    let (whole, clean) = read_all(&RECORDED, usize::MAX);
    assert_eq!(messages, whole);
    assert_eq!(decoder.statistics.messages_unknown, clean.statistics.messages_unknown + 1);
    assert_eq!(decoder.statistics.bytes_skipped, 0);
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
        let all = read_all(&RECORDED, usize::MAX).1.statistics.messages_received as usize;
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
