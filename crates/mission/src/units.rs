//! Quantities that carry their unit in the type. Each is an `f64` newtype; arithmetic exists only where it makes sense.
//!
//! ```
//! use flightsmith_mission::units::{Metres, MetresPerSecond, Seconds};
//! let leg: Metres = Metres(40.0);
//! let duration: Seconds = leg / MetresPerSecond(5.0);
//! assert_eq!(duration, Seconds(8.0));
//! ```
use core::ops::{Add, Div, Mul, Neg, Sub};
use serde::{Deserialize, Serialize};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(pub f64);
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!("{} ", $unit), self.0)
            }
        }
        impl Add for $name { type Output = Self; fn add(self, other: Self) -> Self { Self(self.0 + other.0) } }
        impl Sub for $name { type Output = Self; fn sub(self, other: Self) -> Self { Self(self.0 - other.0) } }
        impl Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
        impl Mul<f64> for $name { type Output = Self; fn mul(self, by: f64) -> Self { Self(self.0 * by) } }
        impl Div<f64> for $name { type Output = Self; fn div(self, by: f64) -> Self { Self(self.0 / by) } }
    };
}
quantity!(/// A length in metres.
    Metres, "m");
quantity!(/// A speed in metres a second.
    MetresPerSecond, "m/s");
quantity!(/// An angle or bearing in degrees; bearings are true, clockwise from north.
    Degrees, "deg");
quantity!(/// A rate of turn in degrees a second; positive to the right, clockwise from above.
    DegreesPerSecond, "deg/s");
quantity!(/// A duration in seconds of vehicle time.
    Seconds, "s");
quantity!(/// A share in percent, 0 to 100.
    Percent, "%");

impl Div<MetresPerSecond> for Metres {
    type Output = Seconds;
    fn div(self, speed: MetresPerSecond) -> Seconds {
        Seconds(self.0 / speed.0)
    }
}
impl Mul<Seconds> for MetresPerSecond {
    type Output = Metres;
    fn mul(self, duration: Seconds) -> Metres {
        Metres(self.0 * duration.0)
    }
}

/// `heading_deg` brought into `0 <= h < 360`.
pub fn wrap_360(heading_deg: f64) -> f64 {
    let wrapped = heading_deg - 360.0 * libm::floor(heading_deg / 360.0);
    if wrapped >= 360.0 { 0.0 } else { wrapped }
}

/// An angle in degrees brought into `-180 < a <= 180`; use it on the difference of two headings.
pub fn wrap_180(angle_deg: f64) -> f64 {
    let wrapped = wrap_360(angle_deg);
    if wrapped > 180.0 { wrapped - 360.0 } else { wrapped }
}
