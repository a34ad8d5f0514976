#![no_std]
#![forbid(unsafe_code)]
mod mission;
pub use mission::fly;
