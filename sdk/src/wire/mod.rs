//! MAVLink as bytes: frames out of a stream, the messages that the SDK reads, frames to send.
//!
//! What the messages mean is the matter of [`crate::telemetry`] and [`crate::autopilot`].
pub mod decoder;
pub mod incoming;
pub mod outgoing;
