//! A stand-in for the runner.
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use flightsmith_sdk::Vehicle;

/// The `libc` crate names some functions by version, as here; the SDK's serial link uses such a one.
#[cfg(target_arch = "aarch64")]
unsafe extern "C" {
    #[link_name = "cfsetspeed@GLIBC_2.17"]
    fn cfsetspeed(settings: *mut u8, speed: u32) -> i32;
}

#[cfg(target_arch = "aarch64")]
fn set_speed() {
    let mut settings = [0_u8; 128];
    // SAFETY: larger than the C structure, and plain data.
    assert_eq!(unsafe { cfsetspeed(settings.as_mut_ptr(), 13) }, 0);
}

#[cfg(not(target_arch = "aarch64"))]
fn set_speed() {}

/// Flies.
pub fn main<F: Future<Output = f32>>(fly: impl FnOnce(Vehicle) -> F, plan: &str) {
    set_speed();
    let mut flight = pin!(fly(Vehicle));
    if let Poll::Ready(altitude) = flight.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        println!("{altitude} {}", plan.trim());
    }
}
