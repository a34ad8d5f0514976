//! # Await in loops, with ? and in closures
//!
//! - await is only allowed inside async functions and blocks (E0728)
//! - How do I use await inside map or a closure?
//! - async closure as an argument
//!
//! `.await` works in `async` functions, blocks and closures only. Inside `iter().map(|x| ..)` the closure is not async: use a `for`
//! loop, which also lets `?` work. A function that takes an async closure asks for `AsyncFn`, `AsyncFnMut` or `AsyncFnOnce`.
//!
//! Pitfalls:
//! - A call without `.await` does nothing; the compiler warns about the unused future.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

async fn measure(point: u32) -> Result<u32, String> {
    if point == 13 { Err(format!("no reading at {point}")) } else { Ok(point * 10) }
}

async fn measure_all(points: &[u32]) -> Result<Vec<u32>, String> {
    let mut readings = Vec::with_capacity(points.len());
    for &point in points {
        readings.push(measure(point).await?);
    }
    Ok(readings)
}

/// Tries again up to `attempts` times.
async fn with_retries<T, E>(attempts: u32, call: impl AsyncFn(u32) -> Result<T, E>) -> Result<T, E> {
    let mut attempt = 1;
    loop {
        match call(attempt).await {
            Err(_) if attempt < attempts => attempt += 1,
            outcome => return outcome,
        }
    }
}

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

fn main() {
    assert_eq!(now(measure_all(&[1, 2])), Ok(vec![10, 20]));
    assert_eq!(now(measure_all(&[1, 13, 2])), Err("no reading at 13".to_owned()));
    let third_time = async |attempt: u32| if attempt < 3 { Err("busy") } else { Ok(attempt) };
    assert_eq!(now(with_retries(5, third_time)), Ok(3));
    assert_eq!(now(with_retries(2, third_time)), Err("busy"));
}
