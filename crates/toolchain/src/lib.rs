//! cargo and rustc as a service: what flightsmith needs of the machine that it runs on, and no drones in it.
//!
//! ```text
//! process      the one place that starts processes: limits, output, the end of whole process groups
//! sandbox      what runs foreign or generated code: bubblewrap, no network, read-only inputs
//! diagnostics  rustc's JSON read, and its suggestions applied to sources
//! host         where the programs of this machine are, as the caller found them
//! targets      host and aarch64: which compiler, linker and emulator serve them, or what to install
//! prebuilt     SDK and runner compiled once per target, so that a mission costs one rustc call
//! setup        installing what is missing, after it was listed and agreed to
//! ```
//!
//! It leaves to others: what a mission may contain (policy), what to do about an error (repair), and every word that a user sees
//! beyond the messages of its errors.

pub mod diagnostics;
pub mod host;
pub mod prebuilt;
pub mod process;
pub mod sandbox;
pub mod setup;
pub mod targets;
