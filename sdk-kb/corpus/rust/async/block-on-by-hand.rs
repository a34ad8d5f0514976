//! # Run a future without a runtime
//!
//! - How do I call an async function from main without tokio?
//! - write a minimal block_on
//! - what does an executor do
//!
//! A future does nothing until it is polled. An executor polls it, and when it is pending waits until the future's waker says that
//! polling again is worth it. Here the thread parks and the waker unparks it, so waiting costs no CPU.
//!
//! Pitfalls:
//! - A future that returns `Pending` without having arranged a wake-up hangs for ever.
//! - `block_on` inside async code blocks the whole executor: use `.await` there.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            // `park` returns at once if `unpark` came before it, so no wake-up is lost.
            Poll::Pending => thread::park(),
        }
    }
}

async fn double(number: u32) -> u32 {
    number * 2
}

async fn sum_of_doubles() -> u32 {
    double(1).await + double(2).await
}

fn main() {
    assert_eq!(block_on(sum_of_doubles()), 6);
    assert_eq!(block_on(async { "done" }), "done");
}
