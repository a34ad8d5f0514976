//! # Bytes from a wire or file to text
//!
//! - convert Vec<u8> to String
//! - invalid utf-8 sequence, how do I handle it?
//! - a fixed-size C string field with zero padding
//!
//! `str::from_utf8` checks and borrows; `String::from_utf8` takes the vector without copying; `from_utf8_lossy` puts the replacement
//! character where bytes are wrong. Fields of fixed size end at their first zero.
//!
//! Pitfalls:
//! - A chunk of a stream may end inside a character: keep the incomplete tail for the next chunk (`Utf8Error::valid_up_to`).

fn text_field(field: &[u8]) -> String {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

/// Cuts the complete characters off the front of `buffer`.
fn take_text(buffer: &mut Vec<u8>) -> String {
    let good = match str::from_utf8(buffer) {
        Ok(_) => buffer.len(),
        Err(error) => error.valid_up_to(),
    };
    let rest = buffer.split_off(good);
    let text = std::mem::replace(buffer, rest);
    String::from_utf8(text).expect("checked above")
}

fn main() {
    assert_eq!(text_field(b"PreArm: GPS\0\0\0\0"), "PreArm: GPS");
    assert_eq!(text_field(&[0x47, 0xFF, 0x48]), "G\u{FFFD}H");
    assert!(String::from_utf8(vec![0xC3]).is_err());

    let mut buffer = "Hö".as_bytes()[..2].to_vec();
    assert_eq!(take_text(&mut buffer), "H");
    buffer.push(0xB6);
    assert_eq!(take_text(&mut buffer), "ö");
    assert!(buffer.is_empty());
}
