//! What is known about the vehicle while a mission is written: its intended state after the steps so far, as far as it is the
//! same on every way to this point.
//!
//! Positions assume the home that the plan was checked for; only decisions that must be made in advance (the shortest order,
//! whether it starts in the middle of an orbit) use them. Where legs lead is computed by the generated program itself.
use flightsmith_mission::frame::{Forward, OffsetFrd, OffsetNed, PositionNed, Right, Up};
use flightsmith_mission::plan::Displacement;
use flightsmith_mission::raw::offset_ned;
use flightsmith_mission::units::Degrees;

/// The intended state; `None` where it depends on the way to this point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    /// Where it is.
    pub position: Option<PositionNed>,
    /// Where its nose points when nothing moves.
    pub heading_deg: Option<f64>,
    /// The constant (of [`AboveHome`](flightsmith_mission::frame::AboveHome)) that its height is.
    pub altitude: Option<String>,
    /// The constant that the speed limit is.
    pub speed: Option<String>,
    /// Where the nose points while flying.
    pub nose: Option<Policy>,
}

/// Where the nose points while flying.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Policy {
    Keep,
    AlongPath,
    AgainstPath,
    /// The constant and its value.
    Heading(String, f64),
    /// At a point: an expression for it, and where it is.
    At(String, Option<PositionNed>),
    /// Into the middle of each figure, `Keep` between them.
    IntoPattern,
    /// That, or something else, depending on the way to here.
    PerhapsIntoPattern,
}

impl Known {
    /// What is known where two ways meet.
    pub(super) fn or(self, other: &Known) -> Known {
        fn same<T: PartialEq>(one: Option<T>, other: &Option<T>) -> Option<T> {
            if one == *other { one } else { None }
        }
        Known {
            position: same(self.position, &other.position),
            heading_deg: same(self.heading_deg, &other.heading_deg),
            altitude: same(self.altitude, &other.altitude),
            speed: same(self.speed, &other.speed),
            nose: match (self.nose, &other.nose) {
                (one, other) if one == *other => one,
                (Some(Policy::IntoPattern | Policy::PerhapsIntoPattern), _)
                | (_, Some(Policy::IntoPattern | Policy::PerhapsIntoPattern)) => Some(Policy::PerhapsIntoPattern),
                _ => None,
            },
        }
    }
    /// The displacement along the world's axes.
    pub(super) fn offset(&self, by: &Displacement) -> Option<OffsetNed> {
        match *by {
            Displacement::World { north_m, east_m, up_m } => Some(offset_ned([north_m, east_m, -up_m])),
            Displacement::Body { forward_m, right_m, up_m } => {
                Some(OffsetFrd::by(Forward(forward_m), Right(right_m), Up(up_m)).to_ned(Degrees(self.heading_deg?)))
            }
        }
    }
}
