//! The crate around the mission, as a generated mission is compiled.
#![no_std]
#![forbid(unsafe_code)]
#![deny(unused_must_use)]
#[path = "../43-vehicle-moved-into-a-function.rs"]
mod mission;
pub use mission::fly;

fn main() {}
