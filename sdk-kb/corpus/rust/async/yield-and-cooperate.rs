//! # Let other tasks run during a long computation
//!
//! - my async task blocks all others
//! - How do I yield in async Rust?
//! - a tiny executor that runs several tasks in turn
//!
//! Async tasks share a thread and switch only at `.await`s that are pending. A long loop must give way now and then, by awaiting
//! something that is pending once. The executor here keeps tasks in a queue and polls each in its turn.
//!
//! Pitfalls:
//! - Work that computes for long belongs on a thread of its own.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[derive(Default)]
struct Tasks<'a> {
    queue: VecDeque<Pin<Box<dyn Future<Output = ()> + 'a>>>,
}

impl<'a> Tasks<'a> {
    fn spawn(&mut self, future: impl Future<Output = ()> + 'a) {
        self.queue.push_back(Box::pin(future));
    }

    fn run(mut self) {
        let mut context = Context::from_waker(Waker::noop());
        while let Some(mut task) = self.queue.pop_front() {
            if task.as_mut().poll(&mut context).is_pending() {
                self.queue.push_back(task);
            }
        }
    }
}

fn main() {
    let log = RefCell::new(Vec::new());
    let work = async |name: &'static str| {
        for step in 1..=2 {
            log.borrow_mut().push(format!("{name}{step}"));
            yield_now().await;
        }
    };
    let mut tasks = Tasks::default();
    tasks.spawn(work("a"));
    tasks.spawn(work("b"));
    tasks.run();
    assert_eq!(*log.borrow(), ["a1", "b1", "a2", "b2"]);
}
