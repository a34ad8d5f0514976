//! # CRC with a table made at compile time
//!
//! - CRC16 implementation in Rust
//! - const fn to build a lookup table
//! - checksum of a MAVLink frame
//!
//! A `const fn` runs in the compiler where a constant needs it, so the table lies in flash and costs no start-up. In `const fn` use
//! `while` instead of `for`. MAVLink uses CRC-16/MCRF4XX: polynomial 0x1021 reflected, start 0xFFFF.
//!
//! Pitfalls:
//! - CRCs with one polynomial still differ in start value, reflection and final xor: check against the known value of "123456789".

const fn table() -> [u16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u16;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0x8408 } else { crc >> 1 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}

static TABLE: [u16; 256] = table();

#[derive(Clone, Copy)]
struct Crc(u16);

impl Crc {
    const fn new() -> Self {
        Self(0xFFFF)
    }
    fn add(self, bytes: &[u8]) -> Self {
        let step = |crc: u16, byte: &u8| (crc >> 8) ^ TABLE[usize::from((crc as u8) ^ byte)];
        Self(bytes.iter().fold(self.0, step))
    }
}

fn main() {
    assert_eq!(Crc::new().add(b"123456789").0, 0x6F91);
    assert_eq!(Crc::new().add(b"1234").add(b"56789").0, 0x6F91, "in pieces as well");
    assert_ne!(Crc::new().add(b"123456788").0, 0x6F91);
}
