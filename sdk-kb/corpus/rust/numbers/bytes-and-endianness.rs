//! # Read and write numbers as bytes
//!
//! - How do I turn a u32 into bytes, little or big endian?
//! - parse a binary protocol header
//! - convert a &[u8] into a number
//!
//! `to_le_bytes` and `to_be_bytes` make an array, `from_le_bytes` and `from_be_bytes` read one. A slice becomes an array with
//! `try_into`, or is cut by `split_first_chunk`, which also hands back the rest. Name the byte order: never rely on the machine's.
//!
//! Pitfalls:
//! - `slice[0..4].try_into().unwrap()` panics on short input at the index already.

#[derive(Debug, PartialEq)]
struct Header {
    length: u16,
    time_ms: u32,
    speed_m_s: f32,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<(Header, &[u8])> {
        let (length, bytes) = bytes.split_first_chunk()?;
        let (time_ms, bytes) = bytes.split_first_chunk()?;
        let (speed_m_s, rest) = bytes.split_first_chunk()?;
        let header = Header {
            length: u16::from_be_bytes(*length),
            time_ms: u32::from_le_bytes(*time_ms),
            speed_m_s: f32::from_le_bytes(*speed_m_s),
        };
        Some((header, rest))
    }

    fn write(&self, into: &mut Vec<u8>) {
        into.extend(self.length.to_be_bytes());
        into.extend(self.time_ms.to_le_bytes());
        into.extend(self.speed_m_s.to_le_bytes());
    }
}

fn main() {
    let header = Header { length: 0x0102, time_ms: 1, speed_m_s: 1.0 };
    let mut bytes = Vec::new();
    header.write(&mut bytes);
    assert_eq!(bytes, [1, 2, 1, 0, 0, 0, 0, 0, 0x80, 0x3F]);
    bytes.push(99);
    assert_eq!(Header::read(&bytes), Some((header, &[99_u8][..])));
    assert_eq!(Header::read(&bytes[..9]), None);
}
