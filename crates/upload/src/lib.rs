//! From a verified artifact to a vehicle: signed bundles, permits, the way over SSH and the way through a debug probe.
//!
//! Five types carry it, in this order:
//! - a [`bundle::Bundle`] is a folder whose every file was found to be what its signed [`manifest::Manifest`] says;
//! - a [`permit::Permit`] names one artifact and one vehicle, and only an approval can make one;
//! - a [`shell::Shell`] runs a command; the program that uses this crate brings the real one;
//! - a [`board::flasher::Flasher`] drives debug probes, where the vehicle's computer is a microcontroller;
//! - a [`deployment::Deployment`] records what was done on the vehicle, also when it failed.
//!
//! An upload never starts a flight. Leaves to others: building the artifact, starting processes, the clock, printing.

pub mod archive;
pub mod board;
pub mod bundle;
pub mod deployment;
pub mod digest;
pub mod key;
pub mod manifest;
pub mod permit;
pub mod policy;
pub mod preflight;
pub mod remote;
pub mod shell;
pub mod ssh;
pub mod unit;
