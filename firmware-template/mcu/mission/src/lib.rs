//! The hand-written shell around a mission: no standard library, no unsafe code.
#![no_std]
#![forbid(unsafe_code)]
mod mission;
pub use mission::fly;
