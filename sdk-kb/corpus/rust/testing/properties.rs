//! # Test properties with many random inputs
//!
//! - property based testing without a crate
//! - round trip test: decode(encode(x)) == x
//! - compare a fast function with a simple one
//!
//! Instead of single cases state what must hold for all: a round trip gives the same back, the clever version agrees with the simple
//! one, the result is sorted. A small seeded generator makes inputs, and the failing input is in the message, so that it can become a
//! case of its own.
//!
//! Pitfalls:
//! - Random values alone rarely hit edges: mix in 0, 1, the limits and empty lists.

/// Seven bits a byte, the top bit says that more follow.
fn encode(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn decode(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut number = 0_u32;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        let part = u32::from(byte & 0x7F);
        if index == 4 && part > 0xF {
            return None; // more than 32 bits
        }
        number |= part << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[index + 1..]));
        }
    }
    None
}

struct Inputs(u32);
impl Inputs {
    fn next(&mut self) -> u32 {
        const EDGES: [u32; 6] = [0, 1, 127, 128, u32::MAX - 1, u32::MAX];
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match self.0 >> 28 {
            0..=3 => EDGES[(self.0 >> 8) as usize % EDGES.len()],
            size => (self.0 ^ (self.0 << 13)) >> (size * 2),
        }
    }
}

fn main() {
    let mut inputs = Inputs(1);
    for round in 0..5_000 {
        let number = inputs.next();
        let mut bytes = encode(number);
        assert!(bytes.len() <= 5, "round {round}: {number} takes {} bytes", bytes.len());
        bytes.push(0xAA);
        assert_eq!(decode(&bytes), Some((number, &[0xAA][..])), "round {round}");

        // Whatever comes in, it does not panic, and what is read encodes no longer than it was.
        let noise = number.to_le_bytes();
        if let Some((number, rest)) = decode(&noise) {
            assert!(encode(number).len() <= noise.len() - rest.len(), "round {round}: {noise:?}");
        }
    }
    assert_eq!(decode(&[0xFF; 5]), None);
    assert_eq!(decode(&[]), None);
}
