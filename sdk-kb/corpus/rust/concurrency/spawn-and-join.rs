//! # Start a thread and get its result
//!
//! - run a function in another thread and wait for the result
//! - closure may outlive the current function, use move
//! - what happens when a thread panics?
//!
//! `thread::spawn` takes a closure that owns what it uses (`move`); `join` waits and gives its result, or `Err` if it panicked. Several
//! threads are started first and joined afterwards, or they would run one after the other.
//!
//! Pitfalls:
//! - A handle that is dropped lets its thread run on unobserved, and `main` does not wait for it.

use std::thread;

fn main() {
    let parts = [(0_u64, 1000), (1000, 2000), (2000, 3000)];
    let workers: Vec<_> = parts.into_iter().map(|(from, to)| thread::spawn(move || (from..to).sum::<u64>())).collect();
    let total: u64 = workers.into_iter().map(|worker| worker.join().expect("a worker does not panic")).sum();
    assert_eq!(total, 4_498_500);

    let named = thread::Builder::new()
        .name("logger".into())
        .spawn(|| thread::current().name().map(str::to_owned))
        .expect("a thread");
    assert_eq!(named.join().expect("no panic").as_deref(), Some("logger"));

    let failing =
        thread::Builder::new().spawn(|| std::panic::resume_unwind(Box::new("out of fuel"))).expect("a thread");
    let payload: Box<dyn std::any::Any + Send> = match failing.join() {
        Err(payload) => payload,
        Ok(()) => unreachable!("it panicked"),
    };
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"out of fuel"));
}
