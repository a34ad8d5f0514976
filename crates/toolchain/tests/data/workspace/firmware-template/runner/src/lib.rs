//! A stand-in for the runner.
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use flightsmith_sdk::Vehicle;

/// Flies.
pub fn main<F: Future<Output = f32>>(fly: impl FnOnce(Vehicle) -> F, plan: &str) {
    let mut flight = pin!(fly(Vehicle));
    if let Poll::Ready(altitude) = flight.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        println!("{altitude} {}", plan.trim());
    }
}
