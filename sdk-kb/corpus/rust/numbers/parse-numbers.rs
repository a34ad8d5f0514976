//! # Parse numbers from text, and say what was wrong
//!
//! - How do I convert a string to an integer or float?
//! - invalid digit found in string (ParseIntError)
//! - parse input like "12.5 m"
//!
//! `text.parse::<f64>()` returns a `Result`; the type comes from the turbofish or from where the value goes. It takes no spaces
//! around and no unit: trim and cut first. `f64` also accepts `inf` and `nan`, so check `is_finite` on input from outside.
//!
//! Pitfalls:
//! - `"1_000".parse::<i32>()` fails: underscores are for source code only.

use std::num::IntErrorKind;

#[derive(Debug, PartialEq)]
enum BadAmount {
    NotANumber(String),
    UnknownUnit(String),
}

/// "12.5 m", "40ft" or "3 km", in metres.
fn metres(text: &str) -> Result<f64, BadAmount> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let number: f64 = digits.parse().map_err(|_| BadAmount::NotANumber(text.to_owned()))?;
    match unit.trim() {
        "" | "m" => Ok(number),
        "km" => Ok(number * 1000.0),
        "ft" => Ok(number * 0.3048),
        other => Err(BadAmount::UnknownUnit(other.to_owned())),
    }
}

fn main() {
    assert_eq!("42".parse::<i32>(), Ok(42));
    assert_eq!(metres(" 12.5 m "), Ok(12.5));
    assert_eq!(metres("3 km"), Ok(3000.0));
    assert!((metres("40ft").expect("an amount") - 12.192).abs() < 1e-9);
    assert_eq!(metres("far"), Err(BadAmount::NotANumber("far".into())));
    assert_eq!(metres("3 parsecs"), Err(BadAmount::UnknownUnit("parsecs".into())));

    let too_large = "300".parse::<u8>().expect_err("no u8");
    assert_eq!(*too_large.kind(), IntErrorKind::PosOverflow);
    assert!("nan".parse::<f64>().expect("a float").is_nan());
}
