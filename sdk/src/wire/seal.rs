//! What the decoder and the outgoing side know of signing: that somebody does it. A program that signs nothing links none of it.
use super::decoder::Frame;
use crate::shared::MaybeSend;
use alloc::{boxed::Box, vec::Vec};
use core::fmt::Debug;

/// Why a frame is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It carries no signature (as every MAVLink 1 frame).
    Unsigned,
    /// Its signature was not made with our key.
    WrongSignature,
    /// Its timestamp is not newer than what was heard before from the same sender, or older than a minute for a new one.
    Replayed,
}

/// Signs what is sent and checks what is received.
pub(crate) trait Signs: Debug + MaybeSend {
    /// Signs the unsigned MAVLink 2 frame that begins at `start` and ends the buffer; anything else stays as it is.
    fn close(&self, buffer: &mut Vec<u8>, start: usize);
    /// Whether a frame may be taken; what was taken is not taken again.
    fn check(&self, frame: &Frame<'_>) -> Result<(), Refusal>;
}

/// Somebody who signs and checks.
pub(crate) type Seal = Box<dyn Signs>;
