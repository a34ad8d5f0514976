//! # Safe ways instead of transmute
//!
//! - reinterpret the bits of a float as an integer
//! - turn a u32 into [u8; 4] and back
//! - view a byte slice as numbers
//!
//! Nearly every use of `transmute` has a safe function: `to_bits` and `from_bits` for floats, `to_le_bytes` and friends for bytes,
//! `char::from_u32`, `try_into` for arrays, `cast_signed` for signs. A byte slice becomes numbers chunk by chunk, which also takes care of
//! alignment and byte order.
//!
//! Pitfalls:
//! - `x as i32` of a float converts its value; `to_bits` keeps its bits.

fn next_up(value: f32) -> f32 {
    // For positive finite floats the next bit pattern is the next number.
    assert!(value.is_finite() && value >= 0.0, "positive and finite");
    f32::from_bits(value.to_bits() + 1)
}

fn numbers(bytes: &[u8]) -> Option<Vec<u16>> {
    let (chunks, rest) = bytes.as_chunks::<2>();
    rest.is_empty().then(|| chunks.iter().copied().map(u16::from_le_bytes).collect())
}

fn main() {
    assert_eq!(1.0_f32.to_bits(), 0x3F80_0000);
    assert_eq!(f32::from_bits(0x7F80_0000), f32::INFINITY);
    assert!(next_up(1.0) > 1.0 && next_up(1.0) - 1.0 == f32::EPSILON);

    assert_eq!(u32::from_be_bytes([0, 0, 1, 2]), 258);
    assert_eq!(0xFFFF_FFFE_u32.cast_signed(), -2);
    assert_eq!(char::from_u32(0x2192), Some('→'));
    assert_eq!(char::from_u32(0xD800), None, "no character");
    assert_eq!(numbers(&[1, 0, 0, 1]), Some(vec![1, 256]));
    assert_eq!(numbers(&[1, 0, 0]), None);
}
