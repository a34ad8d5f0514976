//! Messages composed field by field, for what the dialect's own types cannot say: extension fields, numbers without a name in an enum.
use core::marker::PhantomData;
use mavlink::error::ParserError;
use mavlink::{MavlinkVersion, MessageData};

const PAYLOAD: usize = 255;

/// A payload in wire order that leaves as the message `D`: with its id and its checksum.
#[derive(Debug, Clone)]
pub(crate) struct Composed<D> {
    bytes: [u8; PAYLOAD],
    length: usize,
    message: PhantomData<D>,
}

impl<D: MessageData> Composed<D> {
    pub(crate) fn new() -> Self {
        Self { bytes: [0; PAYLOAD], length: 0, message: PhantomData }
    }
    /// Appends raw bytes; what does not fit a payload is cut off.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        let taken = bytes.len().min(PAYLOAD - self.length);
        self.bytes[self.length..self.length + taken].copy_from_slice(&bytes[..taken]);
        self.length += taken;
        self
    }
    pub(crate) fn u8(self, value: u8) -> Self {
        self.bytes(&[value])
    }
    pub(crate) fn u16(self, value: u16) -> Self {
        self.bytes(&value.to_le_bytes())
    }
    pub(crate) fn u32(self, value: u32) -> Self {
        self.bytes(&value.to_le_bytes())
    }
    pub(crate) fn i32(self, value: i32) -> Self {
        self.bytes(&value.to_le_bytes())
    }
    pub(crate) fn f32(self, value: f32) -> Self {
        self.bytes(&value.to_le_bytes())
    }
}

impl<D: MessageData> MessageData for Composed<D> {
    type Message = D::Message;
    const ID: u32 = D::ID;
    const NAME: &'static str = D::NAME;
    const EXTRA_CRC: u8 = D::EXTRA_CRC;
    const ENCODED_LEN: usize = PAYLOAD;

    fn ser(&self, _version: MavlinkVersion, payload: &mut [u8]) -> usize {
        // MAVLink 2 drops trailing zeros, but never the first byte.
        let kept = self.bytes[..self.length].iter().rposition(|byte| *byte != 0).map_or(1, |last| last + 1);
        let kept = kept.min(self.length.max(1)).min(payload.len());
        payload[..kept].copy_from_slice(&self.bytes[..kept]);
        kept
    }
    fn deser(_version: MavlinkVersion, _payload: &[u8]) -> Result<Self, ParserError> {
        // Only ever sent.
        Err(ParserError::UnknownMessage { id: D::ID })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{decoder::Decoder, outgoing::Outgoing};
    use mavlink::dialects::ardupilotmega as mav;

    #[test]
    fn extension_fields_arrive_and_trailing_zeros_do_not() {
        let mut out = Outgoing::default();
        let count = |mission_type| Composed::<mav::MISSION_COUNT_DATA>::new().u16(7).u8(1).u8(1).u8(mission_type);
        out.push(255, 190, &count(1));
        out.push(255, 190, &count(0));
        let mut decoder = Decoder::default();
        let taken = decoder.push(out.bytes());
        assert_eq!(taken, out.bytes().len());
        let lengths: Vec<(u32, usize)> =
            core::iter::from_fn(|| decoder.next_frame().map(|frame| (frame.id, frame.payload.len()))).collect();
        assert_eq!(lengths, [(44, 5), (44, 4)]);
    }
}
