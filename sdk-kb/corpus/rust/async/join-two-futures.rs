//! # Wait for two futures at the same time
//!
//! - How do I run two async functions concurrently and get both results?
//! - join without a crate
//! - await one after the other is too slow
//!
//! `a.await; b.await` does one after the other. To interleave them, poll both whenever woken and keep what is ready until the other
//! is, too. This is concurrency in one task, not parallelism.
//!
//! Pitfalls:
//! - Never poll a future again that has been ready.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

async fn join<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut from_a, mut from_b) = (None, None);
    poll_fn(move |context| {
        if from_a.is_none() {
            from_a = ready(a.as_mut(), context);
        }
        if from_b.is_none() {
            from_b = ready(b.as_mut(), context);
        }
        match (from_a.take(), from_b.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (from_a, from_b) = (a, b);
                Poll::Pending
            }
        }
    })
    .await
}

fn ready<F: Future>(future: Pin<&mut F>, context: &mut Context<'_>) -> Option<F::Output> {
    match future.poll(context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// Gives the others a turn `turns` times.
async fn count_to(turns: u32) -> u32 {
    for _ in 0..turns {
        let mut given = false;
        poll_fn(|context| {
            if std::mem::replace(&mut given, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
    turns
}

fn main() {
    let mut both = pin!(join(count_to(2), count_to(5)));
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    let output = loop {
        polls += 1;
        if let Poll::Ready(output) = both.as_mut().poll(&mut context) {
            break output;
        }
    };
    assert_eq!(output, (2, 5));
    assert_eq!(polls, 6, "as long as the longer one, not as both together");
}
