//! # Measure how long something takes
//!
//! - benchmark a function without a crate
//! - the optimizer removes my benchmark (black_box)
//! - warm-up, median of several runs
//!
//! Run it several times, take the median (a mean is spoilt by one interruption), keep the result alive with `black_box`, and build with
//! `--release`. Compare two versions in turn in one program, not in two runs on different days.
//!
//! Pitfalls:
//! - An input that is a constant may be computed at compile time: pass it through `black_box`, too.

use std::hint::black_box;
use std::time::{Duration, Instant};

fn median_time<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    assert!(runs > 0, "at least one run");
    black_box(work()); // caches are warm afterwards
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let started = Instant::now();
            black_box(work());
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[runs / 2]
}

fn by_loop(values: &[u64]) -> u64 {
    let mut sum = 0;
    for value in values {
        sum += value * value;
    }
    sum
}

fn by_iterator(values: &[u64]) -> u64 {
    values.iter().map(|value| value * value).sum()
}

fn main() {
    let values: Vec<u64> = (0..1000).collect();
    assert_eq!(by_loop(&values), by_iterator(&values), "first right, then fast");
    let once = median_time(9, || by_loop(black_box(&values)));
    let often = median_time(9, || (0..50).map(|_| by_iterator(black_box(&values))).sum::<u64>());
    assert!(often > once, "{once:?} for one, {often:?} for fifty");
}
