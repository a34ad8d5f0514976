//! # Threads that borrow local data
//!
//! - borrowed value does not live long enough when spawning a thread
//! - process a slice in parallel without Arc
//! - thread::scope example
//!
//! Threads in a `thread::scope` are joined before the scope ends, so they may borrow locals: shared by any number, or mutably by one
//! each. `chunks_mut` hands out parts of a slice that do not overlap.
//!
//! Pitfalls:
//! - More threads than cores do not make a computation faster: `available_parallelism` says how many there are.

use std::thread;

/// Every value, in as many threads as there are chunks.
fn scale_all(values: &mut [f64], factor: f64, threads: usize) {
    let chunk = values.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        for part in values.chunks_mut(chunk) {
            scope.spawn(move || part.iter_mut().for_each(|value| *value *= factor));
        }
    });
}

fn sum(values: &[f64], threads: usize) -> f64 {
    let chunk = values.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> = values.chunks(chunk).map(|part| scope.spawn(move || part.iter().sum::<f64>())).collect();
        workers.into_iter().map(|worker| worker.join().expect("no panic")).sum()
    })
}

fn main() {
    let mut values: Vec<f64> = (1..=100).map(f64::from).collect();
    let threads = thread::available_parallelism().map_or(1, |count| count.get());
    scale_all(&mut values, 2.0, threads);
    assert_eq!(values[99], 200.0);
    assert_eq!(sum(&values, threads), 10_100.0);
    assert_eq!(sum(&[], 4), 0.0);
}
