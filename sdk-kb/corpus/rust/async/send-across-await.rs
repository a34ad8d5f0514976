//! # Future is not Send
//!
//! - future cannot be sent between threads safely, because Rc (or MutexGuard) is used across an await
//! - How do I hold a lock in async code?
//! - has type which is not Send, await occurs here
//!
//! Everything that is alive across an `.await` becomes part of the future. If that includes an `Rc`, a `RefCell` borrow or a
//! `MutexGuard`, the future cannot move to another thread. End such values in a block before the `.await`, and use `Arc` for `Rc`.
//!
//! Pitfalls:
//! - `drop(guard)` before the `.await` works, too, but a block shows where the lock ends.
//! - Holding a lock while waiting also invites deadlocks, `Send` or not.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

async fn send(number: u32) -> u32 {
    number + 1
}

async fn next(counter: Arc<Mutex<u32>>) -> u32 {
    let number = {
        let mut counter = counter.lock().expect("not poisoned");
        *counter += 1;
        *counter
    }; // the guard ends here, before anything is awaited
    send(number).await
}

/// Compiles only for what may move to another thread.
fn assert_send<T: Send>(value: T) -> T {
    value
}

fn main() {
    let counter = Arc::new(Mutex::new(40));
    let future = assert_send(next(Arc::clone(&counter)));
    let on_another_thread = std::thread::spawn(move || {
        let mut context = Context::from_waker(Waker::noop());
        match pin!(future).poll(&mut context) {
            Poll::Ready(number) => number,
            Poll::Pending => unreachable!("it never waits"),
        }
    });
    assert_eq!(on_another_thread.join().expect("no panic"), 42);
    assert_eq!(*counter.lock().expect("not poisoned"), 41);
}
