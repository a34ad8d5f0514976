//! # Do something at most so often: rates and limits
//!
//! - rate limiter, token bucket
//! - send a message at 10 Hz in a loop
//! - throttle log messages
//!
//! A token bucket fills steadily and is emptied by each action: it allows short bursts and holds the mean. For a fixed rate, add the
//! period to the last *due* time, not to the time of the call, or the rate drifts. Both get the time as an argument.
//!
//! Pitfalls:
//! - After a long pause a schedule must not catch up with a burst of overdue calls.

use std::time::Duration;

struct TokenBucket {
    per_second: f64,
    most: f64,
    tokens: f64,
    last: Duration,
}

impl TokenBucket {
    fn new(per_second: f64, most: f64, now: Duration) -> Self {
        Self { per_second, most, tokens: most, last: now }
    }
    fn allow(&mut self, now: Duration) -> bool {
        let passed_s = now.saturating_sub(self.last).as_secs_f64();
        self.last = now;
        self.tokens = (self.tokens + passed_s * self.per_second).min(self.most);
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

struct Every {
    period: Duration,
    due: Duration,
}

impl Every {
    fn is_due(&mut self, now: Duration) -> bool {
        if now < self.due {
            return false;
        }
        self.due += self.period;
        if self.due <= now {
            // Late by more than a period: begin anew.
            self.due = now + self.period;
        }
        true
    }
}

fn main() {
    let at = Duration::from_millis;
    let mut bucket = TokenBucket::new(10.0, 3.0, at(0));
    let burst = (0..5).filter(|_| bucket.allow(at(0))).count();
    assert_eq!(burst, 3);
    assert!(!bucket.allow(at(50)) && bucket.allow(at(110)));

    let mut every = Every { period: at(100), due: at(0) };
    // Called every 30 ms: still ten times a second on average.
    let calls = (0..100).filter(|tick| every.is_due(at(tick * 30))).count();
    assert_eq!(calls, 30);
    let overdue = (0..3).filter(|tick| every.is_due(at(60_000 + tick))).count();
    assert_eq!(overdue, 1);
}
