//! What survives a reset: whether a mission had the vehicle, whether it may still be commanded, and why the chip was reset. On a companion
//! computer a second process watches the mission; here the chip's next life brings the vehicle home.
//!
//! It lies in memory that no start-up code writes to. After power-on that memory holds anything, so a seal says whether it is ours.
#![expect(unsafe_code, reason = "the section's name is what keeps start-up code away")]
use alloc::string::String;
use core::fmt::{self, Write};
use core::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};

/// Both words of the seal; memory that was never written holds them once in 2^64.
const SEAL: [u32; 2] = [0x464C_5957, 0xB9B3_A6A8];
const TEXT: usize = 96;
/// Lives that ended badly in a row, after which this chip leaves the vehicle to its autopilot's own failsafe.
const MOST_RESETS: u32 = 5;

struct BlackBox {
    seal: [AtomicU32; 2],
    /// The mission has the vehicle: from before arming until the end.
    in_flight: AtomicU32,
    /// A pilot or a failsafe has the vehicle.
    hands_off: AtomicU32,
    resets: AtomicU32,
    /// The lockstep tick that is not answered yet, or 0; low word first.
    unanswered_tick: [AtomicU32; 2],
    text_length: AtomicU32,
    text: [AtomicU8; TEXT],
}

#[unsafe(link_section = ".uninit.black_box")]
static BLACK_BOX: BlackBox = BlackBox {
    seal: [const { AtomicU32::new(0) }; 2],
    in_flight: AtomicU32::new(0),
    hands_off: AtomicU32::new(0),
    resets: AtomicU32::new(0),
    unanswered_tick: [const { AtomicU32::new(0) }; 2],
    text_length: AtomicU32::new(0),
    text: [const { AtomicU8::new(0) }; TEXT],
};

/// What the life before left behind with a vehicle in its hands.
#[derive(Debug)]
pub(crate) struct LastLife {
    /// Why it ended.
    pub reason: String,
    /// Nobody may command the vehicle.
    pub hands_off: bool,
    /// The lockstep tick that it took with it.
    pub unanswered_tick: Option<i64>,
    /// Too many lives have ended badly.
    pub give_up: bool,
}

/// Opens the box: what was in it, if the life before had the vehicle. From then on it is empty.
pub(crate) fn open(powered_on: bool) -> Option<LastLife> {
    let sealed = BLACK_BOX.seal.iter().zip(SEAL).all(|(word, seal)| word.load(Relaxed) == seal);
    let last = (sealed && !powered_on && BLACK_BOX.in_flight.load(Relaxed) == 1).then(|| {
        let resets = BLACK_BOX.resets.load(Relaxed).saturating_add(1);
        BLACK_BOX.resets.store(resets, Relaxed);
        let length = (BLACK_BOX.text_length.load(Relaxed) as usize).min(TEXT);
        let text: alloc::vec::Vec<u8> = BLACK_BOX.text[..length].iter().map(|byte| byte.load(Relaxed)).collect();
        let reason = match length {
            0 => "the chip was reset, by its watchdog or its pin".into(),
            _ => String::from_utf8_lossy(&text).into_owned(),
        };
        let [low, high] = [0, 1].map(|n| BLACK_BOX.unanswered_tick[n].load(Relaxed));
        let tick = i64::from(low) | i64::from(high) << 32;
        LastLife {
            reason,
            hands_off: BLACK_BOX.hands_off.load(Relaxed) != 0,
            unanswered_tick: (tick != 0).then_some(tick),
            give_up: resets >= MOST_RESETS,
        }
    });
    if last.is_none() {
        close();
    }
    BLACK_BOX.text_length.store(0, Relaxed);
    for (word, seal) in BLACK_BOX.seal.iter().zip(SEAL) {
        word.store(seal, Relaxed);
    }
    last
}

/// The mission has the vehicle from here on.
pub(crate) fn mission_begins() {
    BLACK_BOX.in_flight.store(1, Relaxed);
}

/// The run has ended as it should: the next life begins like the first.
pub(crate) fn close() {
    for word in [&BLACK_BOX.in_flight, &BLACK_BOX.hands_off, &BLACK_BOX.resets] {
        word.store(0, Relaxed);
    }
    set_unanswered_tick(0);
}

/// Whether a pilot or a failsafe has the vehicle.
pub(crate) fn set_hands_off(hands_off: bool) {
    BLACK_BOX.hands_off.store(u32::from(hands_off), Relaxed);
}

/// The lockstep tick that waits for its answer; 0 for none.
pub(crate) fn set_unanswered_tick(tick: i64) {
    BLACK_BOX.unanswered_tick[0].store(tick as u32, Relaxed);
    BLACK_BOX.unanswered_tick[1].store((tick >> 32) as u32, Relaxed);
}

/// Writes down why this life ends, and says it.
pub(crate) fn leave_word(reason: fmt::Arguments<'_>) {
    crate::chip::log::line(format_args!("reset: {reason}"));
    BLACK_BOX.text_length.store(0, Relaxed);
    // What does not fit is left out.
    let _ = Note.write_fmt(reason);
}

struct Note;

impl Write for Note {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            let length = BLACK_BOX.text_length.load(Relaxed) as usize;
            let Some(place) = BLACK_BOX.text.get(length) else { return Err(fmt::Error) };
            place.store(byte, Relaxed);
            BLACK_BOX.text_length.store(length as u32 + 1, Relaxed);
        }
        Ok(())
    }
}
