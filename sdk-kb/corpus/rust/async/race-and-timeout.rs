//! # Give an async call a time limit
//!
//! - How do I stop waiting for a future after some time?
//! - timeout or select without tokio
//! - whichever of two futures is ready first
//!
//! A race polls both and takes what is ready first; the loser is dropped, which cancels it at its last `.await`. A timeout is a race
//! against a timer. Where time comes from a clock that is passed in, tests need no waiting.
//!
//! Pitfalls:
//! - What the loser did before its last `.await` is not undone: a message may already have been sent.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Milliseconds that only tests and drivers move.
#[derive(Default)]
struct Clock {
    now_ms: Cell<u64>,
}

impl Clock {
    async fn sleep_until(&self, deadline_ms: u64) {
        poll_fn(|_| if self.now_ms.get() >= deadline_ms { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    async fn timeout<F: Future>(&self, limit_ms: u64, future: F) -> Option<F::Output> {
        let mut timer = pin!(self.sleep_until(self.now_ms.get() + limit_ms));
        let mut future = pin!(future);
        poll_fn(|context| {
            // The work goes first: what is ready in time counts even if the timer is due as well.
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            timer.as_mut().poll(context).map(|()| None)
        })
        .await
    }
}

/// A driver that moves the clock by 10 ms a poll.
fn run<F: Future>(clock: &Clock, future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        clock.now_ms.set(clock.now_ms.get() + 10);
    }
}

fn main() {
    let clock = Clock::default();
    let quick = async {
        clock.sleep_until(50).await;
        "answer"
    };
    assert_eq!(run(&clock, clock.timeout(100, quick)), Some("answer"));
    assert_eq!(run(&clock, clock.timeout(100, std::future::pending::<()>())), None);
    assert_eq!(clock.now_ms.get(), 150);
}
