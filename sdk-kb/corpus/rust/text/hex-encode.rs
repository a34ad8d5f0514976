//! # Bytes to hexadecimal and back
//!
//! - print a byte array as hex
//! - decode a hex string to bytes
//! - hex dump
//!
//! Each byte is two digits: `{:02x}`. For decoding, take the digits in pairs with `as_chunks` or `chunks_exact` and read them with
//! `to_digit(16)`; an odd length or a wrong digit is an error.
//!
//! Pitfalls:
//! - `{:x}` without the width loses leading zeros: 0x0a becomes "a".

use std::fmt::Write;

fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

fn main() {
    assert_eq!(to_hex(&[0xFD, 0x0A, 0x00]), "fd0a00");
    assert_eq!(from_hex("fd0A00"), Some(vec![0xFD, 0x0A, 0x00]));
    assert_eq!(from_hex("abc"), None);
    assert_eq!(from_hex("zz"), None);
    assert_eq!(from_hex(""), Some(Vec::new()));
    assert_eq!(format!("{:02x?}", [1_u8, 0xAB]), "[01, ab]");
}
