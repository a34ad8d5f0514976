//! # Calculate with durations
//!
//! - add, compare and print std::time::Duration
//! - duration as seconds with fraction
//! - difference of two instants, and overflow of duration subtraction
//!
//! `Duration` is never negative and counts nanoseconds. `as_secs_f64` and `from_secs_f64` convert; `saturating_sub` or `checked_sub` avoid
//! the panic where the difference would be negative. `Instant` measures, and only the difference of two of them means something.
//!
//! Pitfalls:
//! - `Duration::from_secs_f64` panics for negative or huge values: `try_from_secs_f64` tells.
//! - `as_secs` cuts off; `as_millis` gives a `u128`.

use std::time::{Duration, Instant};

/// As "1 h 02 min 03 s", "2 min 05 s" or "0.25 s".
fn shown(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, _) => format!("{:.2} s", duration.as_secs_f64()),
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, seconds) => format!("{hours} h {minutes:02} min {seconds:02} s"),
    }
}

fn main() {
    assert_eq!(shown(Duration::from_millis(250)), "0.25 s");
    assert_eq!(shown(Duration::from_secs(125)), "2 min 05 s");
    assert_eq!(shown(Duration::from_secs(3723)), "1 h 02 min 03 s");

    let limit = Duration::from_secs(2);
    let used = Duration::from_millis(2500);
    assert_eq!(limit.checked_sub(used), None);
    assert_eq!(limit.saturating_sub(used), Duration::ZERO);
    assert_eq!(used * 2, Duration::from_secs(5));
    assert_eq!(used / 10, Duration::from_millis(250));
    assert_eq!(used.div_duration_f64(limit), 1.25);
    assert_eq!(Duration::try_from_secs_f64(-1.0).ok(), None);

    let started = Instant::now();
    let deadline = started + limit;
    assert!(deadline.saturating_duration_since(started) == limit && started.elapsed() < limit);
}
