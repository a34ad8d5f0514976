//! Positions, displacements and velocities whose type says the frame: NED from home, body FRD, and WGS84.
//!
//! They are built from values of one axis each, so that no number stands where another was meant: north and east cannot be swapped, and a
//! height is never a depth. Reading them is plain: `position.north_m`, `position.altitude()`.
//!
//! ```
//! use flightsmith_mission::frame::{AboveHome, East, North, PositionNed};
//! use flightsmith_mission::units::{Degrees, Metres};
//! let corner = PositionNed::at(North(40.0), East(-10.0), AboveHome(12.0));
//! assert_eq!(corner.down_m, -12.0);
//! let further = corner.towards(Degrees(90.0), Metres(25.0)).at_altitude(corner.altitude() + Metres(3.0));
//! assert_eq!(further.altitude(), AboveHome(15.0));
//! ```
mod axis;

pub use axis::{AboveHome, East, Forward, Latitude, Longitude, North, Right, Up};

use crate::trig;
use crate::units::{Degrees, Metres, MetresPerSecond, wrap_360};
use core::fmt;
use core::ops::{Add, Sub};
use serde::{Deserialize, Serialize};

/// Keeps struct literals out: whoever writes `down_m: 10.0` for a height of ten metres is sent to the constructor.
#[derive(Clone, Copy, PartialEq, Default)]
struct BuiltByConstructor;

macro_rules! shown {
    ($name:ident: $($field:ident),+) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))+.finish()
            }
        }
    };
}
shown!(PositionNed: north_m, east_m, down_m);
shown!(OffsetNed: north_m, east_m, down_m);
shown!(OffsetFrd: forward_m, right_m, down_m);
shown!(VelocityNed: north_m_s, east_m_s, down_m_s);
shown!(GlobalPosition: lat_deg, lon_deg, altitude);

/// A position in metres north, east and down of home (local tangent plane at home). Up is negative `down_m`.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PositionNed {
    /// Metres north of home.
    pub north_m: f64,
    /// Metres east of home.
    pub east_m: f64,
    /// Metres below home; negative in the air.
    pub down_m: f64,
    #[serde(skip)]
    built: BuiltByConstructor,
}

impl PositionNed {
    /// Home, on the ground.
    ///
    /// ```
    /// use flightsmith_mission::frame::{AboveHome, PositionNed};
    /// const ABOVE_HOME: PositionNed = PositionNed::HOME.at_altitude(AboveHome(10.0));
    /// ```
    pub const HOME: Self = position_from_ned_m(0.0, 0.0, 0.0);

    /// A position by how far it is north and east of home (negative: south, west), and how high above home.
    ///
    /// ```
    /// use flightsmith_mission::frame::{AboveHome, East, North, PositionNed};
    /// // 40 m north and 10 m west of home, 12 m above it.
    /// const CORNER: PositionNed = PositionNed::at(North(40.0), East(-10.0), AboveHome(12.0));
    /// ```
    pub const fn at(north: North, east: East, altitude: AboveHome) -> Self {
        position_from_ned_m(north.0, east.0, -altitude.0)
    }
    /// Height above home.
    pub const fn altitude(&self) -> AboveHome {
        AboveHome(-self.down_m)
    }
    /// Metres above home.
    pub const fn altitude_m(&self) -> f64 {
        -self.down_m
    }
    /// Horizontal distance in metres.
    pub fn horizontal_distance_m(&self, other: &Self) -> f64 {
        trig::hypot(self.north_m - other.north_m, self.east_m - other.east_m)
    }
    /// Straight-line distance in metres.
    pub fn distance_m(&self, other: &Self) -> f64 {
        trig::hypot(self.horizontal_distance_m(other), self.down_m - other.down_m)
    }
    /// True bearing in degrees, `0 <= b < 360`, from here to `other`; 0 where they are above one another.
    pub fn bearing_deg(&self, other: &Self) -> f64 {
        wrap_360(trig::atan2(other.east_m - self.east_m, other.north_m - self.north_m).to_degrees())
    }
    /// Straight-line distance to `other`.
    pub fn distance_to(&self, other: Self) -> Metres {
        Metres(self.distance_m(&other))
    }
    /// True bearing, `0 <= b < 360`, from here to `other`; 0 where they are above one another.
    pub fn bearing_to(&self, other: Self) -> Degrees {
        Degrees(self.bearing_deg(&other))
    }
    /// The point `distance` away on the true `bearing`, at the same height.
    pub fn towards(&self, bearing: Degrees, distance: Metres) -> Self {
        let bearing_rad = bearing.0.to_radians();
        Self {
            north_m: self.north_m + distance.0 * trig::cos(bearing_rad),
            east_m: self.east_m + distance.0 * trig::sin(bearing_rad),
            ..*self
        }
    }
    /// The same place at another height.
    pub const fn at_altitude(&self, altitude: AboveHome) -> Self {
        Self { down_m: -altitude.0, ..*self }
    }
}

// Not associated functions: the compiler would offer them to whoever writes a struct literal.
pub(crate) const fn position_from_ned_m(north_m: f64, east_m: f64, down_m: f64) -> PositionNed {
    PositionNed { north_m, east_m, down_m, built: BuiltByConstructor }
}
pub(crate) const fn offset_from_ned_m(north_m: f64, east_m: f64, down_m: f64) -> OffsetNed {
    OffsetNed { north_m, east_m, down_m, built: BuiltByConstructor }
}

pub(crate) const fn velocity_from_ned_m_s(north_m_s: f64, east_m_s: f64, down_m_s: f64) -> VelocityNed {
    VelocityNed { north_m_s, east_m_s, down_m_s, built: BuiltByConstructor }
}

/// What can be added to a position: an [`OffsetNed`] and nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a displacement along north and east: write `OffsetNed::by(North(0.0), East(20.0), Up(0.0))`",
    label = "expected an `OffsetNed`",
    note = "an `OffsetFrd` becomes one by the heading: `offset.to_ned(vehicle.heading())`"
)]
pub trait Displacement: Into<OffsetNed> {}
impl Displacement for OffsetNed {}

// For every displacement, of which there is one: the message above is said of all others.
impl<By: Displacement> Add<By> for PositionNed {
    type Output = Self;
    fn add(self, by: By) -> Self {
        let by: OffsetNed = by.into();
        position_from_ned_m(self.north_m + by.north_m, self.east_m + by.east_m, self.down_m + by.down_m)
    }
}
impl Sub for PositionNed {
    type Output = OffsetNed;
    fn sub(self, other: Self) -> OffsetNed {
        offset_from_ned_m(self.north_m - other.north_m, self.east_m - other.east_m, self.down_m - other.down_m)
    }
}

/// A displacement in metres along north, east and down.
#[derive(Clone, Copy, PartialEq)]
pub struct OffsetNed {
    /// Metres towards north.
    pub north_m: f64,
    /// Metres towards east.
    pub east_m: f64,
    /// Metres downwards.
    pub down_m: f64,
    built: BuiltByConstructor,
}

impl OffsetNed {
    /// A displacement by how far it leads north, east and up (negative: south, west, down).
    ///
    /// ```
    /// use flightsmith_mission::frame::{East, North, OffsetNed, Up};
    /// const CLIMBING_LEG: OffsetNed = OffsetNed::by(North(10.0), East(0.0), Up(5.0));
    /// ```
    pub const fn by(north: North, east: East, up: Up) -> Self {
        offset_from_ned_m(north.0, east.0, -up.0)
    }
}

/// A displacement in metres as the vehicle sees it, level with the ground: along its nose, to its right, down.
#[derive(Clone, Copy, PartialEq)]
pub struct OffsetFrd {
    /// Metres ahead of the nose.
    pub forward_m: f64,
    /// Metres to the right of the nose.
    pub right_m: f64,
    /// Metres downwards.
    pub down_m: f64,
    built: BuiltByConstructor,
}

impl OffsetFrd {
    /// A displacement by how far it leads forward, to the right and up (negative: backward, left, down).
    ///
    /// ```
    /// use flightsmith_mission::frame::{Forward, OffsetFrd, Right, Up};
    /// // 10 m back, 3 m to the left, at the same height.
    /// const STEP_BACK: OffsetFrd = OffsetFrd::by(Forward(-10.0), Right(-3.0), Up(0.0));
    /// ```
    pub const fn by(forward: Forward, right: Right, up: Up) -> Self {
        Self { forward_m: forward.0, right_m: right.0, down_m: -up.0, built: BuiltByConstructor }
    }
    /// The same displacement in the world's frame, for a nose at the true `heading`.
    pub fn to_ned(&self, heading: Degrees) -> OffsetNed {
        let (sin, cos) = (trig::sin(heading.0.to_radians()), trig::cos(heading.0.to_radians()));
        offset_from_ned_m(
            self.forward_m * cos - self.right_m * sin,
            self.forward_m * sin + self.right_m * cos,
            self.down_m,
        )
    }
}

/// A velocity in metres a second towards north, east and down. Climbing is negative `down_m_s`.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VelocityNed {
    /// Metres a second towards north.
    pub north_m_s: f64,
    /// Metres a second towards east.
    pub east_m_s: f64,
    /// Metres a second downwards.
    pub down_m_s: f64,
    #[serde(skip)]
    built: BuiltByConstructor,
}

impl VelocityNed {
    /// No movement over ground.
    pub const STILL: Self = velocity_from_ned_m_s(0.0, 0.0, 0.0);

    /// A level velocity on a true bearing.
    ///
    /// ```
    /// use flightsmith_mission::frame::VelocityNed;
    /// use flightsmith_mission::units::{Degrees, MetresPerSecond};
    /// let east_and_up = VelocityNed::towards(Degrees(90.0), MetresPerSecond(3.0)).and_climbing(MetresPerSecond(1.0));
    /// assert_eq!((east_and_up.east_m_s, east_and_up.down_m_s), (3.0, -1.0));
    /// ```
    pub fn towards(bearing: Degrees, speed: MetresPerSecond) -> Self {
        let bearing_rad = bearing.0.to_radians();
        velocity_from_ned_m_s(speed.0 * trig::cos(bearing_rad), speed.0 * trig::sin(bearing_rad), 0.0)
    }
    /// A velocity straight up; straight down where `climb` is negative.
    pub const fn climbing(climb: MetresPerSecond) -> Self {
        velocity_from_ned_m_s(0.0, 0.0, -climb.0)
    }
    /// The same velocity over ground, climbing at `climb` (descending where it is negative).
    #[must_use]
    pub const fn and_climbing(self, climb: MetresPerSecond) -> Self {
        Self { down_m_s: -climb.0, ..self }
    }
    /// Speed over ground in m/s.
    pub fn ground_speed_m_s(&self) -> f64 {
        trig::hypot(self.north_m_s, self.east_m_s)
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
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GlobalPosition {
    /// Latitude in degrees, -90 to 90.
    pub lat_deg: f64,
    /// Longitude in degrees, -180 to 180.
    pub lon_deg: f64,
    /// Height.
    pub altitude: Altitude,
    #[serde(skip)]
    built: BuiltByConstructor,
}

impl GlobalPosition {
    /// A place by its coordinates and its height.
    ///
    /// ```
    /// use flightsmith_mission::frame::{Altitude, GlobalPosition, Latitude, Longitude};
    /// const PLACE: GlobalPosition =
    ///     GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0));
    /// ```
    pub const fn at(latitude: Latitude, longitude: Longitude, altitude: Altitude) -> Self {
        Self { lat_deg: latitude.0, lon_deg: longitude.0, altitude, built: BuiltByConstructor }
    }
}
