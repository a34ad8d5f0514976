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

impl Metres {
    /// A length given in feet.
    ///
    /// ```
    /// use flightsmith_mission::units::Metres;
    /// assert_eq!(Metres::from_feet(100.0), Metres(30.48));
    /// ```
    pub const fn from_feet(feet: f64) -> Self {
        Self(feet * METRES_PER_FOOT)
    }
}
/// The international foot.
pub(crate) const METRES_PER_FOOT: f64 = 0.3048;

impl MetresPerSecond {
    /// A speed given in kilometres an hour.
    ///
    /// ```
    /// use flightsmith_mission::units::MetresPerSecond;
    /// assert_eq!(MetresPerSecond::from_km_h(18.0), MetresPerSecond(5.0));
    /// ```
    pub const fn from_km_h(km_h: f64) -> Self {
        Self(km_h / 3.6)
    }
    /// A speed given in knots.
    ///
    /// ```
    /// use flightsmith_mission::units::MetresPerSecond;
    /// assert!((MetresPerSecond::from_knots(10.0).0 - 5.144).abs() < 1e-3);
    /// ```
    pub const fn from_knots(knots: f64) -> Self {
        Self(knots * 1852.0 / 3600.0)
    }
}

impl Degrees {
    /// An angle given in radians.
    ///
    /// ```
    /// use flightsmith_mission::units::Degrees;
    /// assert_eq!(Degrees::from_radians(core::f64::consts::PI), Degrees(180.0));
    /// ```
    pub const fn from_radians(radians: f64) -> Self {
        Self(radians.to_degrees())
    }
}

impl From<core::time::Duration> for Seconds {
    fn from(duration: core::time::Duration) -> Self {
        Self(duration.as_secs_f64())
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
