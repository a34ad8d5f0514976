//! Waiting for a condition, with a limit.
use std::time::{Duration, Instant};

/// Waits until `what` is so, at most 20 s of wall time.
pub fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < until, "waited 20 s in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
