//! # Cancel an async operation
//!
//! - What happens to a future that is dropped half way?
//! - run cleanup when an async task is cancelled
//! - is my async function cancel safe
//!
//! Dropping a future ends it at the `.await` where it stands: the code after it never runs, but its locals are dropped, so a guard
//! with `Drop` cleans up. Whatever was taken out of shared state before the `.await` is lost unless the guard puts it back.
//!
//! Pitfalls:
//! - Cleanup that itself has to await cannot run in `drop`.

use std::cell::RefCell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Puts a job back unless it was finished.
struct Borrowed<'a> {
    jobs: &'a RefCell<Vec<&'static str>>,
    job: Option<&'static str>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(job) = self.job.take() {
            self.jobs.borrow_mut().push(job);
        }
    }
}

async fn work(jobs: &RefCell<Vec<&'static str>>, done: impl Future<Output = ()>) -> Option<&'static str> {
    let job = jobs.borrow_mut().pop()?;
    let mut held = Borrowed { jobs, job: Some(job) };
    done.await;
    held.job.take()
}

fn main() {
    let jobs = RefCell::new(vec!["photo"]);
    let mut context = Context::from_waker(Waker::noop());
    {
        let mut cancelled = pin!(work(&jobs, std::future::pending()));
        assert!(cancelled.as_mut().poll(&mut context).is_pending());
        assert!(jobs.borrow().is_empty(), "taken");
    }
    assert_eq!(*jobs.borrow(), ["photo"], "put back when the future was dropped");

    let mut finished = pin!(work(&jobs, std::future::ready(())));
    assert_eq!(finished.as_mut().poll(&mut context), Poll::Ready(Some("photo")));
    assert!(jobs.borrow().is_empty());
}
