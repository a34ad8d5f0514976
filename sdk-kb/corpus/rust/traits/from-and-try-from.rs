//! # Convert between types: From, Into, TryFrom, FromStr
//!
//! - How do I convert one struct into another the Rust way?
//! - the trait From<X> is not implemented for Y (E0277)
//! - a conversion that can fail
//!
//! Implement `From` where every value converts without loss; `into()` comes with it, and `?` uses it for errors. Where some values
//! do not fit, implement `TryFrom`; for text, `FromStr`, which gives `parse()`.
//!
//! Pitfalls:
//! - Never implement `Into` or `TryInto` directly.
//! - A conversion that loses something deserves a method with a name, not `From`.

use std::str::FromStr;

#[derive(Debug, PartialEq, Clone, Copy)]
struct Percent(u8);

#[derive(Debug, PartialEq)]
struct NotAPercentage(String);

impl TryFrom<i32> for Percent {
    type Error = NotAPercentage;
    fn try_from(number: i32) -> Result<Self, NotAPercentage> {
        match u8::try_from(number) {
            Ok(percent @ 0..=100) => Ok(Self(percent)),
            _ => Err(NotAPercentage(number.to_string())),
        }
    }
}

impl FromStr for Percent {
    type Err = NotAPercentage;
    fn from_str(text: &str) -> Result<Self, NotAPercentage> {
        let digits = text.trim().trim_end_matches('%').trim_end();
        let number: i32 = digits.parse().map_err(|_| NotAPercentage(text.to_owned()))?;
        Self::try_from(number)
    }
}

/// Always possible, so `From`.
impl From<Percent> for f64 {
    fn from(percent: Percent) -> f64 {
        f64::from(percent.0) / 100.0
    }
}

fn main() {
    assert_eq!(Percent::try_from(40), Ok(Percent(40)));
    assert_eq!(Percent::try_from(101), Err(NotAPercentage("101".into())));
    assert_eq!("75 %".parse(), Ok(Percent(75)));
    assert!("much".parse::<Percent>().is_err());
    let share: f64 = Percent(25).into();
    assert_eq!(share, 0.25);
}
