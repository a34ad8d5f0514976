//! What a plan means at a given home: the same plan, resolved into legs, arcs and events with absolute positions.
//!
//! The one place where relative words become geometry. The contract, the static checks, the map in the report and the
//! runner's check before arming all read the itinerary; the generated program never does: it computes its own way from SDK
//! calls, so that an error in one of the two shows as a violation.
mod figure;
mod tour;
mod walk;

use crate::frame::{AboveHome, Altitude, East, GlobalPosition, Latitude, Longitude, North, PositionNed};
use crate::geodesy::Home;
use crate::plan::*;
use crate::units::{Degrees, Metres, wrap_360};
use crate::vehicle::Payload;
use alloc::{format, string::String, vec::Vec};
use serde::{Deserialize, Serialize};
pub use tour::shortest_order;

/// Everything that one execution of the plan does, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Itinerary {
    /// The home that it was resolved for.
    pub home: Home,
    /// The items, in order. A [`Motion::Branch`] is always the last of its list: what follows it is in both branches.
    pub items: Vec<Item>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Item {
    /// Which step of the plan, counted from 1, with nested steps behind dots: `3.2`.
    pub step: String,
    /// The words that asked for it.
    pub words: String,
    /// Ground speed limit in m/s that holds during it.
    pub speed_m_s: f64,
    /// Where the nose points during it.
    pub nose: NoseRule,
    /// What is done.
    pub motion: Motion,
}

/// Where the nose points, resolved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoseRule {
    /// A fixed true heading in degrees.
    Heading(f64),
    /// Along the horizontal path.
    AlongPath,
    /// Against the horizontal path.
    AgainstPath,
    /// At a point.
    At(PositionNed),
}

/// What an item does, in metres from home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Motion {
    /// Arm and climb straight up.
    TakeOff {
        /// Where it ends.
        to: PositionNed,
    },
    /// A straight leg, also straight up or down.
    Leg {
        /// From.
        from: PositionNed,
        /// To.
        to: PositionNed,
    },
    /// A circular or spiral arc.
    Arc(Arc),
    /// Staying.
    Hold {
        /// Where.
        at: PositionNed,
        /// How long, in seconds.
        seconds: f64,
    },
    /// Turning on the spot.
    Turn {
        /// Where.
        at: PositionNed,
        /// The heading at its end, degrees.
        heading_deg: f64,
        /// By how much in all, clockwise positive, degrees.
        by_deg: f64,
    },
    /// One photo.
    Photo {
        /// Where.
        at: PositionNed,
    },
    /// One release.
    Release {
        /// Where.
        at: PositionNed,
        /// What.
        payload: Payload,
    },
    /// One of two ways on, decided by telemetry at that moment.
    Branch {
        /// The question.
        condition: Condition,
        /// Where it is decided.
        at: PositionNed,
        /// All that follows if it holds.
        then: Vec<Item>,
        /// All that follows if not.
        otherwise: Vec<Item>,
    },
    /// The autopilot's RTL until disarmed.
    ReturnToLaunch {
        /// Where it is commanded.
        from: PositionNed,
    },
    /// Landing straight down until disarmed.
    Land {
        /// Where it begins.
        from: PositionNed,
    },
}

/// An arc around a centre; radius and height change evenly with the angle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Arc {
    /// Centre, at the height where the arc begins.
    pub centre: PositionNed,
    /// True bearing from the centre to its beginning, degrees.
    pub start_bearing_deg: f64,
    /// Angle flown, degrees, clockwise positive; more than 360 for several laps.
    pub sweep_deg: f64,
    /// Radius at its beginning, m.
    pub start_radius_m: f64,
    /// Radius at its end, m.
    pub end_radius_m: f64,
    /// Height gained over the whole arc, m.
    pub climb_m: f64,
}

impl Arc {
    /// The point after `share` (0 to 1) of the arc's angle.
    pub fn point_at(&self, share: f64) -> PositionNed {
        let radius_m = self.start_radius_m + (self.end_radius_m - self.start_radius_m) * share;
        let mut point = self.centre.towards(Degrees(self.start_bearing_deg + self.sweep_deg * share), Metres(radius_m));
        point.down_m -= self.climb_m * share;
        point
    }
    /// Where it begins.
    pub fn start(&self) -> PositionNed {
        self.point_at(0.0)
    }
    /// Where it ends.
    pub fn end(&self) -> PositionNed {
        self.point_at(1.0)
    }
    /// Horizontal length in metres (exact for circles, summed over 2-degree chords for spirals).
    pub fn length_m(&self) -> f64 {
        if self.start_radius_m == self.end_radius_m {
            return self.start_radius_m * self.sweep_deg.to_radians().abs();
        }
        let chords = libm::ceil(self.sweep_deg.abs() / 2.0).max(1.0) as u32;
        let point = |index: u32| self.point_at(f64::from(index) / f64::from(chords));
        (0..chords).map(|index| point(index).horizontal_distance_m(&point(index + 1))).sum()
    }
    /// Bearing of the direction of flight after `share` of the arc, for a circle; close to it for a spiral.
    pub fn course_deg(&self, share: f64) -> f64 {
        wrap_360(self.start_bearing_deg + self.sweep_deg * share + 90.0 * if self.sweep_deg < 0.0 { -1.0 } else { 1.0 })
    }
}

/// Why a plan has no itinerary.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ItineraryError {
    /// The plan does not begin with a takeoff.
    #[error("step {step}: a flight begins with a takeoff")]
    NoTakeOff {
        /// Step.
        step: String,
    },
    /// A takeoff in the air.
    #[error("step {step}: takes off a second time")]
    SecondTakeOff {
        /// Step.
        step: String,
    },
    /// Something after the landing.
    #[error("step {step}: comes after the landing")]
    AfterLanding {
        /// Step.
        step: String,
    },
    /// The flight never lands.
    #[error("the flight does not end on the ground: say land, or return and land")]
    NoLanding,
    /// Only hold, photo and turn may be done at each corner.
    #[error("step {step}: only hold, photo and turn can be done at each corner or place")]
    NotAtEach {
        /// Step.
        step: String,
    },
    /// Too many items.
    #[error("step {step}: the flight has more than {limit} items")]
    TooLong {
        /// Step.
        step: String,
        /// The limit.
        limit: usize,
    },
    /// `here` where only a fixed place makes sense.
    #[error("a keep-out must lie at a fixed place: home, metres from home, or coordinates")]
    NotFixed,
}

/// Most items that a flight may have, over all branches.
pub const MAX_ITEMS: usize = 5_000;

/// Resolves `plan` for a vehicle that is armed at `home` and flies `cruise_speed_m_s` where the plan says nothing.
pub fn resolve(plan: &PlanDraft, home: &Home, cruise_speed_m_s: f64) -> Result<Itinerary, ItineraryError> {
    let items = walk::through(&plan.steps, home, plan.speed_m_s.unwrap_or(cruise_speed_m_s))?;
    Ok(Itinerary { home: *home, items })
}

/// The position of a fixed place (`home`, `from_home`, `global`) at the height of home.
pub fn fixed_place(place: &Place, home: &Home) -> Result<PositionNed, ItineraryError> {
    match place {
        Place::Home => Ok(PositionNed::HOME),
        Place::FromHome { north_m, east_m } => Ok(PositionNed::at(North(*north_m), East(*east_m), AboveHome(0.0))),
        Place::Global { lat_deg, lon_deg } => {
            let on_the_ground = Altitude::AboveHome(0.0);
            Ok(home.to_ned(&GlobalPosition::at(Latitude(*lat_deg), Longitude(*lon_deg), on_the_ground)))
        }
        Place::Here | Place::FromHere { .. } => Err(ItineraryError::NotFixed),
    }
}

/// The number of the step at `index` (from 0) within the step `prefix` (empty at the top): `3.2`. The `otherwise` steps of a
/// `when` have a prefix that ends with `e`: `3e.2`.
pub fn step_number(prefix: &str, index: usize) -> String {
    if prefix.is_empty() { format!("{}", index + 1) } else { format!("{prefix}.{}", index + 1) }
}

/// Whether the last of `steps` ends the flight on every way through.
pub(crate) fn ends_the_flight(steps: &[Step]) -> bool {
    match steps.last().map(|step| &step.action) {
        Some(Action::Land | Action::LandAt { .. } | Action::ReturnToLaunch) => true,
        Some(Action::When { then, otherwise, .. }) => ends_the_flight(then) && ends_the_flight(otherwise),
        Some(Action::Repeat { steps, .. }) => ends_the_flight(steps),
        _ => false,
    }
}
