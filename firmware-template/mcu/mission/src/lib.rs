//! The hand-written shell around a mission: no standard library, no unsafe code. The mission is the companion template's, to the byte.
#![no_std]
#![forbid(unsafe_code)]
#[path = "../../../companion/src/mission.rs"]
mod mission;
pub use mission::fly;
