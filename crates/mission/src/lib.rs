//! The vocabulary that every other crate shares: units, frames, geodesy, the vehicle, the safety envelope, the plan, the
//! itinerary that a plan means at a given home, and the contract that its flights are judged by.
//!
//! `no_std` (with `alloc`), so that the same types serve a microcontroller. Knows no MAVLink, no files, no clock.
//! Reading order is the order of the modules below.
#![cfg_attr(not(feature = "std"), no_std)]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod units;
pub mod trig;
pub mod frame;
pub mod geodesy;
pub mod vehicle;
pub mod envelope;
pub mod plan;
pub mod raw;
pub mod itinerary;
pub mod outline;
pub mod estimate;
pub mod check;
pub mod contract;
