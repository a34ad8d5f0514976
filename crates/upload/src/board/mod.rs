//! The way to a microcontroller: through a debug probe into the chip's flash, instead of over SSH to a companion computer.
//!
//! In reading order:
//! - [`address`]: which board, `probe://CHIP`;
//! - [`image`]: what of the artifact goes where in the chip, read from its ELF file;
//! - [`flasher`]: the trait that a driver of probes implements (`flightsmith-probe` with probe-rs), the chip it describes, and
//!   every way in which it can fail;
//! - [`fit`]: whether the image belongs into that chip;
//! - [`flash`]: the steps in order, under the same permit as any upload, and what is recorded of them.
//!
//! Leaves to others: USB and the chip itself. Nothing here starts a flight: the image waits on the ground as on any computer.

pub mod address;
pub mod fit;
pub mod flash;
pub mod flasher;
pub mod image;
pub mod scripted;
