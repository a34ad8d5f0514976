//! MAVLink frames: finding them in a byte stream that may be corrupt, and writing them. Payloads are read and written here
//! field by field, because an autopilot must answer commands and carry extension fields that a typed dialect has no name for.
//!
//! Only the checksum seeds come from the `mavlink` crate's dialect.
pub mod messages;

use mavlink::Message;
use mavlink::dialects::ardupilotmega::MavMessage;

const MAGIC_V1: u8 = 0xFE;
const MAGIC_V2: u8 = 0xFD;
const SIGNED: u8 = 0x01;
const SIGNATURE_LEN: usize = 13;

const CRC_TABLE: [u16; 256] = crc_table();

const fn crc_table() -> [u16; 256] {
    let mut table = [0u16; 256];
    let mut index = 0;
    while index < 256 {
        let mut crc = index as u16;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0x8408 } else { crc >> 1 };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
}

fn crc_x25(bytes: &[u8], seed: u8) -> u16 {
    let step = |crc: u16, byte: u8| (crc >> 8) ^ CRC_TABLE[usize::from((crc as u8) ^ byte)];
    step(bytes.iter().fold(0xFFFF, |crc, byte| step(crc, *byte)), seed)
}

/// The checksum seed of a message id; 0 where the dialect does not know it.
pub fn crc_extra(id: u32) -> u8 {
    MavMessage::extra_crc(id)
}

/// A received frame with a payload that reads zero beyond its end, as MAVLink 2 demands.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Message id.
    pub id: u32,
    /// Sender's system id.
    pub system: u8,
    /// Sender's component id.
    pub component: u8,
    /// System id of the vehicle that hears it; 1 until said otherwise.
    pub heard_by: u8,
    payload: [u8; 256],
}

impl Frame {
    /// Whether the target system at this offset is the vehicle that hears it, or everybody (0).
    pub fn is_for_us(&self, at: usize) -> bool {
        let target = self.u8(at);
        target == 0 || target == self.heard_by
    }
    fn bytes<const N: usize>(&self, at: usize) -> [u8; N] {
        let mut out = [0; N];
        if let Some(source) = self.payload.get(at..at + N) {
            out.copy_from_slice(source);
        }
        out
    }
    /// Byte at offset `at` of the payload.
    pub fn u8(&self, at: usize) -> u8 {
        self.payload.get(at).copied().unwrap_or(0)
    }
    /// Two bytes, little-endian.
    pub fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.bytes(at))
    }
    /// Two bytes, signed.
    pub fn i16(&self, at: usize) -> i16 {
        i16::from_le_bytes(self.bytes(at))
    }
    /// Four bytes.
    pub fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes(at))
    }
    /// Four bytes, signed.
    pub fn i32(&self, at: usize) -> i32 {
        i32::from_le_bytes(self.bytes(at))
    }
    /// Eight bytes, signed.
    pub fn i64(&self, at: usize) -> i64 {
        i64::from_le_bytes(self.bytes(at))
    }
    /// Eight bytes.
    pub fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.bytes(at))
    }
    /// A float, widened.
    pub fn f32(&self, at: usize) -> f64 {
        f64::from(f32::from_le_bytes(self.bytes(at)))
    }
    /// A text field of `len` bytes, up to its first zero.
    pub fn text(&self, at: usize, len: usize) -> &str {
        let field = self.payload.get(at..at + len).unwrap_or(&[]);
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
        std::str::from_utf8(&field[..end]).unwrap_or("")
    }
}

/// Finds frames in a byte stream; what is no frame is skipped and counted.
#[derive(Debug, Clone, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    start: usize,
    /// Bytes that belonged to no valid frame.
    pub skipped_bytes: u64,
    /// Frames whose checksum was wrong.
    pub bad_checksums: u64,
    /// Valid frames.
    pub frames: u64,
}

impl Decoder {
    /// Takes more bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }
    /// The next frame with its raw bytes, if a whole one is there.
    pub fn next_frame(&mut self) -> Option<(Frame, std::ops::Range<usize>)> {
        loop {
            let rest = &self.buffer[self.start..];
            let &magic = rest.first()?;
            let (header, checksum_from) = match magic {
                MAGIC_V1 => (6, 1),
                MAGIC_V2 => (10, 1),
                _ => {
                    self.start += 1;
                    self.skipped_bytes += 1;
                    continue;
                }
            };
            if rest.len() < header {
                return None;
            }
            let length = usize::from(rest[1]);
            let signature = if magic == MAGIC_V2 && rest[2] & SIGNED != 0 { SIGNATURE_LEN } else { 0 };
            let total = header + length + 2 + signature;
            if rest.len() < total {
                return None;
            }
            let (id, system, component) = if magic == MAGIC_V1 {
                (u32::from(rest[5]), rest[3], rest[4])
            } else {
                (u32::from_le_bytes([rest[7], rest[8], rest[9], 0]), rest[5], rest[6])
            };
            let body_end = header + length;
            let expected = crc_x25(&rest[checksum_from..body_end], crc_extra(id));
            let found = u16::from_le_bytes([rest[body_end], rest[body_end + 1]]);
            if expected != found {
                self.bad_checksums += 1;
                self.skipped_bytes += 1;
                self.start += 1;
                continue;
            }
            let mut payload = [0; 256];
            payload[..length].copy_from_slice(&rest[header..body_end]);
            let range = self.start..self.start + total;
            self.start += total;
            self.frames += 1;
            return Some((Frame { id, system, component, heard_by: 1, payload }, range));
        }
    }
    /// The raw bytes of a frame that [`Decoder::next_frame`] just gave; valid until the next [`Decoder::push`].
    pub fn raw(&self, range: std::ops::Range<usize>) -> &[u8] {
        &self.buffer[range]
    }
}

/// A payload being written, fields in wire order (largest type first, then extensions).
#[derive(Debug, Clone)]
pub struct Payload {
    bytes: [u8; 256],
    len: usize,
}

impl Default for Payload {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! put {
    ($($name:ident: $type:ty),*) => {$(
        /// Appends one field.
        pub fn $name(mut self, value: $type) -> Self {
            self.put(&value.to_le_bytes());
            self
        }
    )*};
}

impl Payload {
    /// Empty.
    pub fn new() -> Self {
        Self { bytes: [0; 256], len: 0 }
    }
    fn put(&mut self, bytes: &[u8]) {
        if let Some(room) = self.bytes.get_mut(self.len..self.len + bytes.len()) {
            room.copy_from_slice(bytes);
            self.len += bytes.len();
        }
    }
    put!(u8: u8, i8: i8, u16: u16, i16: i16, u32: u32, i32: i32, u64: u64, i64: i64);
    /// Appends a float.
    pub fn f32(mut self, value: f64) -> Self {
        self.put(&(value as f32).to_le_bytes());
        self
    }
    /// Appends several floats.
    pub fn f32s(mut self, values: &[f64]) -> Self {
        for value in values {
            self.put(&(*value as f32).to_le_bytes());
        }
        self
    }
    /// Appends a text field of `len` bytes, zero-filled.
    pub fn text(mut self, text: &str, len: usize) -> Self {
        let mut field = [0u8; 64];
        let used = text.len().min(len).min(64);
        field[..used].copy_from_slice(&text.as_bytes()[..used]);
        self.put(&field[..len.min(64)]);
        self
    }
    /// Appends `count` times the byte `value`.
    pub fn repeat(mut self, value: u8, count: usize) -> Self {
        for _ in 0..count {
            self.put(&[value]);
        }
        self
    }
}

/// Writes one MAVLink 2 frame to `out`.
pub fn write_frame(out: &mut Vec<u8>, sequence: u8, system: u8, component: u8, id: u32, payload: &Payload) {
    let mut length = payload.len.max(1);
    while length > 1 && payload.bytes[length - 1] == 0 {
        length -= 1;
    }
    let start = out.len();
    let id_bytes = id.to_le_bytes();
    out.extend_from_slice(&[
        MAGIC_V2,
        length as u8,
        0,
        0,
        sequence,
        system,
        component,
        id_bytes[0],
        id_bytes[1],
        id_bytes[2],
    ]);
    out.extend_from_slice(&payload.bytes[..length]);
    let crc = crc_x25(&out[start + 1..], crc_extra(id));
    out.extend_from_slice(&crc.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use mavlink::dialects::ardupilotmega::{ATTITUDE_DATA, COMMAND_LONG_DATA, MavCmd};
    use mavlink::{MAVLinkV2MessageRaw, MavHeader, MavlinkVersion};
    use proptest::prelude::*;

    fn command_bytes() -> Vec<u8> {
        let mut raw = MAVLinkV2MessageRaw::new();
        let message = MavMessage::COMMAND_LONG(COMMAND_LONG_DATA {
            command: MavCmd::MAV_CMD_NAV_TAKEOFF,
            param7: 12.5,
            target_system: 1,
            target_component: 1,
            ..Default::default()
        });
        raw.serialize_message(MavHeader { system_id: 255, component_id: 190, sequence: 9 }, &message);
        raw.raw_bytes().to_vec()
    }

    #[test]
    fn reads_what_the_mavlink_crate_writes() {
        let mut decoder = Decoder::default();
        decoder.push(&[1, 2, 0xFD, 3]);
        decoder.push(&command_bytes());
        // The stray magic byte swallows the start; the frame is found once its false length has been ruled out.
        decoder.push(&command_bytes());
        decoder.push(&command_bytes());
        let (frame, _) = decoder.next_frame().expect("a frame");
        assert_eq!((frame.id, frame.system, frame.component), (76, 255, 190));
        assert_eq!((frame.f32(24), frame.u16(28)), (12.5, 22));
    }

    #[test]
    fn the_mavlink_crate_reads_what_is_written() {
        let payload = Payload::new().u32(1234).f32s(&[0.1, -0.2, 0.3, 0.0, 0.0, 0.5]);
        let mut out = Vec::new();
        write_frame(&mut out, 7, 1, 1, 30, &payload);
        let body = &out[10..out.len() - 2];
        assert_eq!(&out[1..7], &[body.len() as u8, 0, 0, 7, 1, 1]);
        let crc = mavlink::calculate_crc(&out[1..out.len() - 2], MavMessage::extra_crc(30));
        assert_eq!(&out[out.len() - 2..], &crc.to_le_bytes());
        let message = MavMessage::parse(MavlinkVersion::V2, 30, body).expect("decodes");
        assert_eq!(
            message,
            MavMessage::ATTITUDE(ATTITUDE_DATA {
                time_boot_ms: 1234,
                roll: 0.1,
                pitch: -0.2,
                yaw: 0.3,
                rollspeed: 0.0,
                pitchspeed: 0.0,
                yawspeed: 0.5,
            })
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_a_frame_after_noise_is_found(noise in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut decoder = Decoder::default();
            decoder.push(&noise);
            while decoder.next_frame().is_some() {}
            for _ in 0..12 {
                decoder.push(&command_bytes());
            }
            let mut found = 0;
            while let Some((frame, _)) = decoder.next_frame() {
                found += usize::from(frame.id == 76);
            }
            prop_assert!(found >= 3, "found {found}");
        }
    }
}
