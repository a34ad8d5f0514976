//! # Units as types: metres, seconds, metres a second
//!
//! - newtype pattern for units of measure
//! - prevent mixing up feet and metres at compile time
//! - divide a distance by a time and get a speed
//!
//! A tuple struct for each unit makes `height + duration` a compile error (E0308). Implement only the operations that make sense:
//! metres plus metres, metres divided by seconds. Convert other units where they come in.
//!
//! Pitfalls:
//! - A public `.0` is convenient inside a formula; keep it out of interfaces.

use std::ops::{Add, Div, Mul, Sub};

#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Metres(f64);
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Seconds(f64);
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct MetresPerSecond(f64);

/// Sums and differences within one unit.
macro_rules! additive {
    ($($unit:ident),*) => {$(
        impl Add for $unit {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $unit {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
    )*};
}
additive!(Metres, Seconds, MetresPerSecond);

impl Div<Seconds> for Metres {
    type Output = MetresPerSecond;
    fn div(self, time: Seconds) -> MetresPerSecond {
        MetresPerSecond(self.0 / time.0)
    }
}
impl Div<MetresPerSecond> for Metres {
    type Output = Seconds;
    fn div(self, speed: MetresPerSecond) -> Seconds {
        Seconds(self.0 / speed.0)
    }
}
impl Mul<Seconds> for MetresPerSecond {
    type Output = Metres;
    fn mul(self, time: Seconds) -> Metres {
        Metres(self.0 * time.0)
    }
}

impl Metres {
    fn from_feet(feet: f64) -> Self {
        Self(feet * 0.3048)
    }
}

fn main() {
    let leg = Metres(120.0) + Metres::from_feet(100.0);
    assert!((leg.0 - 150.48).abs() < 1e-9);
    assert_eq!(Metres(100.0) / Seconds(20.0), MetresPerSecond(5.0));
    assert_eq!(Metres(100.0) / MetresPerSecond(4.0), Seconds(25.0));
    assert_eq!(MetresPerSecond(3.0) * Seconds(2.0) - Metres(1.0), Metres(5.0));
    assert!(Seconds(2.0) < Seconds(3.0));
    // Metres(1.0) + Seconds(1.0) does not compile.
}
