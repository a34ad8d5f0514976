//! What stands beside the flight: a look from the timer's interrupt whether the mission still comes back, and the chip's independent
//! watchdog in case nothing runs any more. Either resets the chip; its next life brings the vehicle home.
use super::register::Register;
use super::time;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// A mission that has something to do and does not come back for this long hangs. The simulator gives up after 2 s.
const HUNG_AFTER_MS: u32 = 1_000;

/// Wakes with its own oscillator, which no bug can stop.
const IWDG_KEY: Register = Register(0x4000_3000);
const IWDG_PRESCALER: Register = Register(0x4000_3004);
const IWDG_RELOAD: Register = Register(0x4000_3008);
const START: u32 = 0xCCCC;
const UNLOCK: u32 = 0x5555;
const FEED: u32 = 0xAAAA;

static RUNS: AtomicBool = AtomicBool::new(false);
static WAITING: AtomicBool = AtomicBool::new(true);
static SINCE_MS: AtomicU32 = AtomicU32::new(0);

/// Starts the chip's watchdog: 2 s (1.4 to 3.8 s, as its oscillator is). It cannot be stopped again.
pub(crate) fn begin() {
    IWDG_KEY.write(START);
    IWDG_KEY.write(UNLOCK);
    // 32 kHz by 64: 500 Hz.
    IWDG_PRESCALER.write(4);
    IWDG_RELOAD.write(1_000);
    IWDG_KEY.write(FEED);
    RUNS.store(true, Ordering::Relaxed);
}

/// The flight goes on: it begins to wait for bytes, or has done so.
pub(crate) fn made_progress() {
    SINCE_MS.store(time::now_ms() as u32, Ordering::Relaxed);
    if RUNS.load(Ordering::Relaxed) {
        IWDG_KEY.write(FEED);
    }
}

/// While the flight waits for a simulator, nobody hangs. On a real link it never waits for longer than milliseconds.
pub(crate) fn waits(waiting: bool) {
    WAITING.store(waiting, Ordering::Relaxed);
    made_progress();
}

/// A millisecond has passed.
pub(crate) fn on_tick() {
    if WAITING.load(Ordering::Relaxed) {
        return;
    }
    let since_ms = (time::now_ms() as u32).wrapping_sub(SINCE_MS.load(Ordering::Relaxed));
    if since_ms >= HUNG_AFTER_MS {
        crate::black_box::leave_word(format_args!("the mission made no progress for {since_ms} ms"));
        super::reset();
    }
}
