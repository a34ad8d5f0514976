//! # Test code that depends on time
//!
//! - mock the system clock in tests
//! - avoid sleep in tests
//! - timeout logic with a simulated clock
//!
//! Do not read the clock inside: take the time as an argument, or ask a small trait. A test moves a simulated clock by itself, so it
//! takes no time and always runs alike.
//!
//! Pitfalls:
//! - Mixing two clocks (wall time and vehicle time) in one comparison is a bug that tests with one clock do not see.

use std::cell::Cell;
use std::time::{Duration, Instant};

trait Clock {
    /// Time since the clock was started.
    fn now(&self) -> Duration;
}

struct WallClock(Instant);
impl Clock for WallClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[derive(Default)]
struct SimulatedClock(Cell<Duration>);
impl SimulatedClock {
    fn advance(&self, by: Duration) {
        self.0.set(self.0.get() + by);
    }
}
impl Clock for SimulatedClock {
    fn now(&self) -> Duration {
        self.0.get()
    }
}

/// Says whether a link has been silent for too long.
struct Watchdog<'c, C: Clock> {
    clock: &'c C,
    last: Duration,
    limit: Duration,
}

impl<'c, C: Clock> Watchdog<'c, C> {
    fn new(clock: &'c C, limit: Duration) -> Self {
        Self { clock, last: clock.now(), limit }
    }
    fn heard(&mut self) {
        self.last = self.clock.now();
    }
    fn is_silent(&self) -> bool {
        self.clock.now().saturating_sub(self.last) > self.limit
    }
}

fn main() {
    let clock = SimulatedClock::default();
    let mut watchdog = Watchdog::new(&clock, Duration::from_secs(3));
    clock.advance(Duration::from_secs(3));
    assert!(!watchdog.is_silent());
    clock.advance(Duration::from_millis(1));
    assert!(watchdog.is_silent());
    watchdog.heard();
    assert!(!watchdog.is_silent());

    let wall = WallClock(Instant::now());
    assert!(!Watchdog::new(&wall, Duration::from_secs(60)).is_silent());
}
