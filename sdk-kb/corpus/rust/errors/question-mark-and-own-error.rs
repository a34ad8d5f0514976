//! # An error type of your own, and the ? operator
//!
//! - `?` couldn't convert the error to my error type (E0277)
//! - How do I define custom errors in Rust without a crate?
//! - combine several error types in one function
//!
//! One enum variant for each thing that a caller would do differently, with the values that a message needs. `?` returns early and
//! converts by `From`, so implement `From` for errors that are passed on as they are, and use `map_err` where context is added.
//!
//! Pitfalls:
//! - `?` works only in functions (or closures) that return `Result` or `Option` themselves (E0277).

use std::error::Error;
use std::fmt;
use std::num::ParseFloatError;

#[derive(Debug, PartialEq)]
enum AltitudeError {
    NotANumber(ParseFloatError),
    OutOfRange { metres: f64, highest: f64 },
}

impl fmt::Display for AltitudeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber(_) => f.write_str("the altitude is not a number"),
            Self::OutOfRange { metres, highest } => write!(f, "{metres} m is outside 0 to {highest} m"),
        }
    }
}

impl Error for AltitudeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotANumber(source) => Some(source),
            Self::OutOfRange { .. } => None,
        }
    }
}

impl From<ParseFloatError> for AltitudeError {
    fn from(source: ParseFloatError) -> Self {
        Self::NotANumber(source)
    }
}

fn altitude_m(text: &str) -> Result<f64, AltitudeError> {
    const HIGHEST: f64 = 120.0;
    let metres: f64 = text.trim().parse()?;
    if (0.0..=HIGHEST).contains(&metres) {
        Ok(metres)
    } else {
        Err(AltitudeError::OutOfRange { metres, highest: HIGHEST })
    }
}

fn main() {
    assert_eq!(altitude_m(" 30.5 "), Ok(30.5));
    let error = altitude_m("high").expect_err("no number");
    assert_eq!(error.to_string(), "the altitude is not a number");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("invalid float literal"));
    let error = altitude_m("500").expect_err("too high");
    assert_eq!(error.to_string(), "500 m is outside 0 to 120 m");
}
