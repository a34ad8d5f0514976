//! One axis each: numbers that say along what they count, and a height that says above what.
//!
//! Positions and displacements are put together from these ([`PositionNed::at`](super::PositionNed::at)).
use crate::units::{METRES_PER_FOOT, Metres};
use core::fmt;
use core::ops::{Add, Neg, Sub};
use serde::{Deserialize, Serialize};

/// Metres towards true north; negative towards south.
///
/// ```
/// use flightsmith_mission::frame::{AboveHome, East, North, PositionNed};
/// let north_west_of_home = PositionNed::at(North(40.0), East(-10.0), AboveHome(12.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct North(pub f64);

/// Metres towards east; negative towards west.
///
/// ```
/// use flightsmith_mission::frame::{AboveHome, East, North, PositionNed};
/// let south_east_of_home = PositionNed::at(North(-5.0), East(20.0), AboveHome(12.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct East(pub f64);

/// Metres upwards; negative downwards. How far to climb, not how high: that is [`AboveHome`].
///
/// ```
/// use flightsmith_mission::frame::{Forward, OffsetFrd, Right, Up};
/// let ahead_and_down = OffsetFrd::by(Forward(10.0), Right(0.0), Up(-2.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Up(pub f64);

/// Metres ahead of the nose; negative behind it.
///
/// ```
/// use flightsmith_mission::frame::{Forward, OffsetFrd, Right, Up};
/// let backward = OffsetFrd::by(Forward(-10.0), Right(0.0), Up(0.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Forward(pub f64);

/// Metres to the right of the nose; negative to the left.
///
/// ```
/// use flightsmith_mission::frame::{Forward, OffsetFrd, Right, Up};
/// let to_the_left = OffsetFrd::by(Forward(0.0), Right(-15.0), Up(0.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Right(pub f64);

/// A latitude in degrees, WGS84, -90 to 90; north is positive.
///
/// ```
/// use flightsmith_mission::frame::{Altitude, GlobalPosition, Latitude, Longitude};
/// let zurich = GlobalPosition::at(Latitude(47.3977), Longitude(8.5456), Altitude::AboveHome(20.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Latitude(pub f64);

/// A longitude in degrees, WGS84, -180 to 180; east is positive.
///
/// ```
/// use flightsmith_mission::frame::{Altitude, GlobalPosition, Latitude, Longitude};
/// let boulder = GlobalPosition::at(Latitude(40.015), Longitude(-105.27), Altitude::Amsl(1700.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Longitude(pub f64);

macro_rules! negated {
    ($($name:ident),+) => {
        $(impl Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } })+
    };
}
negated!(North, East, Up, Forward, Right);

/// A height in metres above home (where the vehicle was armed). A height, not a length: what lies between two is [`Metres`].
///
/// ```
/// use flightsmith_mission::{frame::AboveHome, units::Metres};
/// const CRUISE: AboveHome = AboveHome(20.0);
/// assert_eq!(CRUISE + Metres(5.0), AboveHome(25.0));
/// assert_eq!(AboveHome(25.0) - CRUISE, Metres(5.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AboveHome(pub f64);

impl AboveHome {
    /// A height given in feet above home.
    ///
    /// ```
    /// use flightsmith_mission::frame::AboveHome;
    /// assert_eq!(AboveHome::from_feet(100.0), AboveHome(30.48));
    /// ```
    pub const fn from_feet(feet: f64) -> Self {
        Self(feet * METRES_PER_FOOT)
    }
}
impl fmt::Display for AboveHome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} m above home", self.0)
    }
}
/// What can be added to a height: [`Metres`] and nothing else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added to a height: add a length, as in `altitude + Metres(5.0)`",
    label = "expected `Metres`",
    note = "two heights can be subtracted: what lies between them is a length"
)]
pub trait Climb: Into<Metres> {}
impl Climb for Metres {}

// For every climb, of which there is one: the message above is said of all others.
impl<Height: Climb> Add<Height> for AboveHome {
    type Output = Self;
    fn add(self, climb: Height) -> Self {
        Self(self.0 + climb.into().0)
    }
}
impl Sub<Metres> for AboveHome {
    type Output = Self;
    fn sub(self, descent: Metres) -> Self {
        Self(self.0 - descent.0)
    }
}
impl Sub for AboveHome {
    type Output = Metres;
    fn sub(self, lower: Self) -> Metres {
        Metres(self.0 - lower.0)
    }
}
