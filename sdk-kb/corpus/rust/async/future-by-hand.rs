//! # Write a future as a type of its own
//!
//! - How do I implement Future for my struct?
//! - poll, Pin and Context explained by an example
//! - when must I call wake
//!
//! `poll` either gives the result or keeps the waker for whoever makes progress, and says `Pending`. A type whose fields are all
//! `Unpin` can be used through `&mut self` (`Pin` derefs to it). For a quick one, `future::poll_fn` makes a future from a closure.
//!
//! Pitfalls:
//! - Keep the waker of the latest poll: the future may have moved to another task.
//! - Polling a future again after it was ready may panic.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Ready at the `n`th poll; asks to be polled again at once.
struct After {
    polls_left: u32,
}

impl Future for After {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls_left == 0 {
            return Poll::Ready("now");
        }
        self.polls_left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Counts how many polls it takes; good enough for futures that always wake at once.
fn polls_until_ready<F: Future + Unpin>(mut future: F) -> (u32, F::Output) {
    let mut context = Context::from_waker(Waker::noop());
    for polls in 1.. {
        if let Poll::Ready(output) = Pin::new(&mut future).poll(&mut context) {
            return (polls, output);
        }
    }
    unreachable!("the loop has no end")
}

fn main() {
    assert_eq!(polls_until_ready(After { polls_left: 3 }), (4, "now"));

    let mut budget = 2;
    let by_closure = poll_fn(move |context| {
        if budget == 0 {
            return Poll::Ready(7);
        }
        budget -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    });
    assert_eq!(polls_until_ready(by_closure), (3, 7));
}
