//! # Convert a number between bases
//!
//! - How do I convert a number to binary, octal or hexadecimal?
//! - parse a hex string into an integer
//! - write a number in base 7, or any base from 2 to 36
//!
//! Formatting knows `{:b}`, `{:o}`, `{:x}` and `{:X}`; `#` adds the prefix and `0` with a width pads. `from_str_radix` reads any base
//! from 2 to 36. For writing in other bases, divide by the base and collect remainders, which come out lowest digit first.
//!
//! Pitfalls:
//! - `from_str_radix` does not take a prefix such as `0x`: strip it first.
//! - Negative numbers are shown in two's complement by `{:x}`.

use std::num::ParseIntError;

fn to_base(mut number: u64, base: u32) -> String {
    assert!((2..=36).contains(&base), "a base from 2 to 36");
    if number == 0 {
        return "0".to_owned();
    }
    let mut digits = Vec::new();
    while number > 0 {
        let digit = (number % u64::from(base)) as u32;
        digits.push(char::from_digit(digit, base).expect("smaller than the base"));
        number /= u64::from(base);
    }
    digits.iter().rev().collect()
}

/// Decimal, or with a prefix 0x, 0o or 0b.
fn parse_any(text: &str) -> Result<i64, ParseIntError> {
    let (digits, base) = match text.get(..2) {
        Some("0x" | "0X") => (&text[2..], 16),
        Some("0o") => (&text[2..], 8),
        Some("0b") => (&text[2..], 2),
        _ => (text, 10),
    };
    i64::from_str_radix(digits, base)
}

/// From the digits of one base to those of another.
fn convert(digits: &str, from: u32, to: u32) -> Result<String, ParseIntError> {
    Ok(to_base(u64::from_str_radix(digits, from)?, to))
}

fn main() {
    assert_eq!(format!("{:b} {:o} {:x} {:#X} {:#010b}", 10, 64, 255, 255, 5), "1010 100 ff 0xFF 0b00000101");
    assert_eq!(to_base(100, 7), "202");
    assert_eq!(to_base(35, 36), "z");
    assert_eq!(convert("ff", 16, 2), Ok("11111111".to_owned()));
    assert_eq!(parse_any("0x1F"), Ok(31));
    assert_eq!(parse_any("-12"), Ok(-12));
    assert!(parse_any("0b12").is_err());
    assert_eq!(format!("{:x}", -1_i8), "ff");
}
