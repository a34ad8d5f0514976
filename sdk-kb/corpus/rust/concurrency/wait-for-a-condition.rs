//! # Wait until another thread has done something: Condvar
//!
//! - wait without polling in a loop
//! - signal between threads
//! - Condvar wait_while and wait_timeout
//!
//! A `Condvar` sleeps until it is notified, together with the mutex that guards the condition. `wait_while` checks the condition before
//! and after each wake-up, for it may wake without cause. `wait_timeout_while` gives up in time.
//!
//! Pitfalls:
//! - Change the condition under the same mutex, then notify; otherwise a wake-up may be lost.

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// A value that arrives once.
#[derive(Default)]
struct Promise<T> {
    value: Mutex<Option<T>>,
    arrived: Condvar,
}

impl<T> Promise<T> {
    fn fulfil(&self, value: T) {
        *self.value.lock().expect("not poisoned") = Some(value);
        self.arrived.notify_all();
    }

    fn wait(&self, limit: Duration) -> Option<T> {
        let value = self.value.lock().expect("not poisoned");
        let (mut value, _) =
            self.arrived.wait_timeout_while(value, limit, |value| value.is_none()).expect("not poisoned");
        value.take()
    }
}

fn main() {
    let answer = Promise::default();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| answer.wait(Duration::from_secs(30)));
        scope.spawn(|| answer.fulfil("ack"));
        assert_eq!(waiting.join().expect("no panic"), Some("ack"));
    });
    let never: Promise<u8> = Promise::default();
    assert_eq!(never.wait(Duration::from_millis(1)), None);
}
