//! # Try again, but not for ever
//!
//! - retry an operation that may fail
//! - exponential backoff
//! - which errors are worth another try
//!
//! A retry needs a limit, a pause that grows, and a question: is this an error that may go away? Take the pause as an argument, so that
//! a test need not wait. The last error is returned, with how often it was tried.
//!
//! Pitfalls:
//! - Something that must not happen twice (a release, a payment) is not retried until it is known that it did not happen.

use std::time::Duration;

#[derive(Debug, PartialEq, Clone)]
enum LinkError {
    Busy,
    Refused,
}

#[derive(Debug, PartialEq)]
struct GaveUp {
    attempts: u32,
    last: LinkError,
}

fn with_retries<T>(
    attempts: u32,
    mut call: impl FnMut() -> Result<T, LinkError>,
    mut pause: impl FnMut(Duration),
) -> Result<T, GaveUp> {
    let mut wait = Duration::from_millis(50);
    for attempt in 1.. {
        match call() {
            Ok(value) => return Ok(value),
            // A refusal stays one; only what passes is tried again.
            Err(last) if last == LinkError::Refused || attempt >= attempts => {
                return Err(GaveUp { attempts: attempt, last });
            }
            Err(LinkError::Busy | LinkError::Refused) => {}
        }
        pause(wait);
        wait = (wait * 2).min(Duration::from_secs(2));
    }
    unreachable!("the loop returns at the last attempt");
}

fn main() {
    let mut answers = vec![Ok(7), Err(LinkError::Busy), Err(LinkError::Busy)];
    let mut waited_ms = Vec::new();
    let outcome = with_retries(5, || answers.pop().expect("an answer"), |wait| waited_ms.push(wait.as_millis()));
    assert_eq!(outcome, Ok(7));
    assert_eq!(waited_ms, [50, 100]);

    let busy = with_retries::<()>(3, || Err(LinkError::Busy), |_| {});
    assert_eq!(busy, Err(GaveUp { attempts: 3, last: LinkError::Busy }));
    let refused = with_retries::<()>(3, || Err(LinkError::Refused), |_| {});
    assert_eq!(refused, Err(GaveUp { attempts: 1, last: LinkError::Refused }));
}
