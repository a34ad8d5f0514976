//! # Several threads change one value: Arc and Mutex
//!
//! - Rc cannot be sent between threads safely (E0277)
//! - share mutable state between threads
//! - deadlock with a MutexGuard
//!
//! `Arc` shares ownership between threads, `Mutex` lets one of them at a time at the value. The guard is the lock: keep it for as few
//! lines as possible. If two locks are needed, take them in the same order everywhere.
//!
//! Pitfalls:
//! - `match lock.lock().unwrap().field { .. }` holds the lock for the whole match: copy the value out first.
//! - A panic while the lock is held poisons it; `into_inner` of the error goes on regardless where that is safe.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread;

#[derive(Clone, Default)]
struct Scores(Arc<Mutex<BTreeMap<String, u32>>>);

impl Scores {
    /// The lock does not leave this module.
    fn add(&self, name: &str, points: u32) {
        let mut scores = self.0.lock().expect("nobody panics while holding it");
        *scores.entry(name.to_owned()).or_default() += points;
    }
    fn get(&self, name: &str) -> u32 {
        self.0.lock().expect("nobody panics while holding it").get(name).copied().unwrap_or(0)
    }
}

fn transfer(from: &Mutex<i32>, to: &Mutex<i32>, amount: i32) {
    assert!(!std::ptr::eq(from, to), "one lock cannot be taken twice");
    // Everybody takes the lock with the lower address first, or two transfers could wait for each other.
    let (mut source, mut target);
    if std::ptr::from_ref(from) < std::ptr::from_ref(to) {
        source = from.lock().expect("not poisoned");
        target = to.lock().expect("not poisoned");
    } else {
        target = to.lock().expect("not poisoned");
        source = from.lock().expect("not poisoned");
    }
    *source -= amount;
    *target += amount;
}

fn main() {
    let scores = Scores::default();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let scores = scores.clone();
            thread::spawn(move || (0..100).for_each(|_| scores.add("ada", 1)))
        })
        .collect();
    workers.into_iter().for_each(|worker| worker.join().expect("no panic"));
    assert_eq!((scores.get("ada"), scores.get("bob")), (400, 0));

    let (a, b) = (Mutex::new(0), Mutex::new(0));
    thread::scope(|scope| {
        scope.spawn(|| (0..1000).for_each(|_| transfer(&a, &b, 3)));
        scope.spawn(|| (0..1000).for_each(|_| transfer(&b, &a, 1)));
    });
    assert_eq!((a.into_inner().expect("not poisoned"), b.into_inner().expect("not poisoned")), (-2000, 2000));
}
