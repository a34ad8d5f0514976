//! # Counters and stop flags without a lock: atomics
//!
//! - stop a thread from outside
//! - global counter shared by threads
//! - which memory Ordering do I need?
//!
//! `fetch_add` counts, `store` and `load` make a flag. `Relaxed` is enough for a counter or a flag that stands alone; use `Release` on the
//! writing side and `Acquire` on the reading side if other data is to be visible with it. `compare_exchange` or `fetch_update` change a
//! value depending on what it is.
//!
//! Pitfalls:
//! - Two atomics are not changed together: use a `Mutex` for values that belong together.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

static STARTED: AtomicU32 = AtomicU32::new(0);

/// Takes one of `left` permits, if there is one.
fn take_permit(left: &AtomicU32) -> bool {
    left.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok()
}

fn main() {
    let stop = AtomicBool::new(false);
    let rounds = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                STARTED.fetch_add(1, Ordering::Relaxed);
                while !stop.load(Ordering::Acquire) {
                    rounds.fetch_add(1, Ordering::Relaxed);
                    thread::yield_now();
                }
            });
        }
        while STARTED.load(Ordering::Relaxed) < 2 {
            thread::yield_now();
        }
        stop.store(true, Ordering::Release);
    });
    assert_eq!(STARTED.load(Ordering::Relaxed), 2);

    let left = AtomicU32::new(3);
    let taken = thread::scope(|scope| {
        let workers: Vec<_> = (0..5).map(|_| scope.spawn(|| take_permit(&left))).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).filter(|taken| *taken).count()
    });
    assert_eq!((taken, left.into_inner()), (3, 0));
}
