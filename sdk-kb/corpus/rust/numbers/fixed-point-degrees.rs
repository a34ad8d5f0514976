//! # Keep decimals exactly: scaled integers
//!
//! - latitude as degE7 integer
//! - store money or coordinates without rounding errors
//! - parse a decimal string into an integer exactly
//!
//! A scaled integer (cents, millimetres, degrees times 10^7) adds and compares exactly. Convert at the edges only: to the integer with
//! rounding, back by one division. An `f32` has 24 bits and cannot hold a coordinate to better than about a metre.
//!
//! Pitfalls:
//! - `(x * 1e7) as i32` cuts off: 0.3 * 10 may be 2.9999; round first.

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct DegE7(i32);

impl DegE7 {
    fn from_degrees(degrees: f64) -> Option<Self> {
        (-180.0..=180.0).contains(&degrees).then(|| Self((degrees * 1e7).round() as i32))
    }
    fn degrees(self) -> f64 {
        f64::from(self.0) / 1e7
    }
}

/// Euros and cents from text, without a float in between.
fn cents(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 2 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: i64 = format!("{fraction:0<2}").parse().ok()?;
    let euros: i64 = whole.parse().ok()?;
    let fraction = if whole.starts_with('-') { -fraction } else { fraction };
    euros.checked_mul(100)?.checked_add(fraction)
}

fn main() {
    let latitude = DegE7::from_degrees(47.397742).expect("in range");
    assert_eq!(latitude, DegE7(473_977_420));
    assert_eq!(latitude.degrees(), 47.397742);
    assert_eq!(DegE7::from_degrees(200.0), None);
    let error_deg = f64::from(47.397742_f32) - 47.397742;
    assert!(error_deg.abs() * 111_000.0 > 0.05, "an f32 is off by centimetres to metres");

    assert_eq!(cents("12.5"), Some(1250));
    assert_eq!(cents("-0.05"), Some(-5));
    assert_eq!(cents("1.234"), None);
    assert_eq!(["0.10", "0.20"].iter().filter_map(|text| cents(text)).sum::<i64>(), 30);
}
