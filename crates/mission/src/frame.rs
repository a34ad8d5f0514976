//! Positions and velocities whose type says the frame: NED from home, body FRD, and WGS84.
use crate::units::wrap_360;
use core::ops::{Add, Sub};
use serde::{Deserialize, Serialize};

/// A position in metres north, east and down of home (local tangent plane at home). Up is negative `down_m`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PositionNed {
    /// Metres north of home.
    pub north_m: f64,
    /// Metres east of home.
    pub east_m: f64,
    /// Metres below home; negative in the air.
    pub down_m: f64,
}

impl PositionNed {
    /// A position from metres north and east of home and metres *above* home.
    pub const fn at(north_m: f64, east_m: f64, altitude_m: f64) -> Self {
        Self { north_m, east_m, down_m: -altitude_m }
    }
    /// Metres above home.
    pub fn altitude_m(&self) -> f64 {
        -self.down_m
    }
    /// Horizontal distance in metres.
    pub fn horizontal_distance_m(&self, other: &Self) -> f64 {
        libm::hypot(self.north_m - other.north_m, self.east_m - other.east_m)
    }
    /// Straight-line distance in metres.
    pub fn distance_m(&self, other: &Self) -> f64 {
        libm::hypot(self.horizontal_distance_m(other), self.down_m - other.down_m)
    }
    /// True bearing in degrees, `0 <= b < 360`, from here to `other`; 0 where they are above one another.
    pub fn bearing_deg(&self, other: &Self) -> f64 {
        wrap_360(libm::atan2(other.east_m - self.east_m, other.north_m - self.north_m).to_degrees())
    }
    /// The point `distance_m` away at the true bearing `bearing_deg`, at the same height.
    pub fn towards(&self, bearing_deg: f64, distance_m: f64) -> Self {
        let bearing_rad = bearing_deg.to_radians();
        Self {
            north_m: self.north_m + distance_m * libm::cos(bearing_rad),
            east_m: self.east_m + distance_m * libm::sin(bearing_rad),
            down_m: self.down_m,
        }
    }
    /// The same place at another height, in metres above home.
    pub fn at_altitude(&self, altitude_m: f64) -> Self {
        Self { down_m: -altitude_m, ..*self }
    }
}

impl Add<OffsetNed> for PositionNed {
    type Output = Self;
    fn add(self, by: OffsetNed) -> Self {
        Self { north_m: self.north_m + by.north_m, east_m: self.east_m + by.east_m, down_m: self.down_m + by.down_m }
    }
}
impl Sub for PositionNed {
    type Output = OffsetNed;
    fn sub(self, other: Self) -> OffsetNed {
        OffsetNed {
            north_m: self.north_m - other.north_m,
            east_m: self.east_m - other.east_m,
            down_m: self.down_m - other.down_m,
        }
    }
}

/// A displacement in metres along north, east and down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct OffsetNed {
    /// Metres towards north.
    pub north_m: f64,
    /// Metres towards east.
    pub east_m: f64,
    /// Metres downwards.
    pub down_m: f64,
}

/// A displacement in metres as the vehicle sees it, level with the ground: along its nose, to its right, down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct OffsetFrd {
    /// Metres ahead of the nose.
    pub forward_m: f64,
    /// Metres to the right of the nose.
    pub right_m: f64,
    /// Metres downwards.
    pub down_m: f64,
}

impl OffsetFrd {
    /// The same displacement in the world's frame, for a nose at the true heading `heading_deg`.
    pub fn to_ned(&self, heading_deg: f64) -> OffsetNed {
        let (sin, cos) = (libm::sin(heading_deg.to_radians()), libm::cos(heading_deg.to_radians()));
        OffsetNed {
            north_m: self.forward_m * cos - self.right_m * sin,
            east_m: self.forward_m * sin + self.right_m * cos,
            down_m: self.down_m,
        }
    }
}

/// A velocity in metres a second towards north, east and down. Climbing is negative `down_m_s`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct VelocityNed {
    /// Metres a second towards north.
    pub north_m_s: f64,
    /// Metres a second towards east.
    pub east_m_s: f64,
    /// Metres a second downwards.
    pub down_m_s: f64,
}

impl VelocityNed {
    /// Speed over ground in m/s.
    pub fn ground_speed_m_s(&self) -> f64 {
        libm::hypot(self.north_m_s, self.east_m_s)
    }
}

/// A height that says above what.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Altitude {
    /// Metres above home (where the vehicle was armed).
    AboveHome(f64),
    /// Metres above mean sea level.
    Amsl(f64),
}

/// A place on the earth, WGS84 degrees, with its height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GlobalPosition {
    /// Latitude in degrees, -90 to 90.
    pub lat_deg: f64,
    /// Longitude in degrees, -180 to 180.
    pub lon_deg: f64,
    /// Height.
    pub altitude: Altitude,
}
