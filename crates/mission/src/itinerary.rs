//! What a plan means at a given home: the same plan, resolved into legs, arcs and events with absolute positions.
//!
//! The one place where relative words become geometry. The contract, the static checks, the map in the report and the
//! runner's check before arming all read the itinerary; the generated program never does: it computes its own way from SDK
//! calls, so that an error in one of the two shows as a violation.
use crate::frame::{
    AboveHome, Altitude, East, Forward, GlobalPosition, Latitude, Longitude, North, OffsetFrd, OffsetNed, PositionNed,
    Right, Up,
};
use crate::geodesy::Home;
use crate::plan::*;
use crate::units::{Degrees, Metres, wrap_180, wrap_360};
use crate::vehicle::Payload;
use alloc::{boxed::Box, format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

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

/// Most steps that are walked through, over all branches and repeats.
const MAX_STEPS: usize = 4 * MAX_ITEMS;

/// The sharpest limit of a survey's tracks and the like; beyond it the plan is refused as too long.
const MAX_CORNERS: usize = 2_000;

/// Resolves `plan` for a vehicle that is armed at `home` and flies `cruise_speed_m_s` where the plan says nothing.
pub fn resolve(plan: &PlanDraft, home: &Home, cruise_speed_m_s: f64) -> Result<Itinerary, ItineraryError> {
    let start = Pose {
        position: PositionNed::HOME,
        heading_deg: wrap_360(home.heading_deg),
        speed_m_s: plan.speed_m_s.unwrap_or(cruise_speed_m_s),
        nose: Nose::Keep,
        flight: Flight::Before,
    };
    let mut walk = Walk { home, item_count: 0, step_count: 0 };
    let queue = numbered("", &plan.steps);
    let items = walk.steps(&queue, start)?;
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

#[derive(Clone, Copy, PartialEq)]
enum Flight {
    Before,
    Airborne,
    Landed,
}

#[derive(Clone)]
struct Pose {
    position: PositionNed,
    heading_deg: f64,
    speed_m_s: f64,
    nose: Nose,
    flight: Flight,
}

impl Pose {
    fn place(&self, place: &Place, home: &Home) -> PositionNed {
        let fixed = match place {
            Place::Here => self.position,
            Place::FromHere { by } => self.position + self.offset(by),
            fixed => fixed_place(fixed, home).unwrap_or(PositionNed::HOME),
        };
        fixed.at_altitude(self.position.altitude())
    }
    fn offset(&self, by: &Displacement) -> OffsetNed {
        match *by {
            Displacement::World { north_m, east_m, up_m } => OffsetNed::by(North(north_m), East(east_m), Up(up_m)),
            Displacement::Body { forward_m, right_m, up_m } => {
                OffsetFrd::by(Forward(forward_m), Right(right_m), Up(up_m)).to_ned(Degrees(self.heading_deg))
            }
        }
    }
    fn bearing(&self, direction: &Direction) -> f64 {
        match direction {
            Direction::Bearing(bearing_deg) => *bearing_deg,
            Direction::FromNose(angle_deg) => wrap_360(self.heading_deg + angle_deg),
        }
    }
}

/// The number of the step at `index` (from 0) within the step `prefix` (empty at the top): `3.2`. The `otherwise` steps of a
/// `when` have a prefix that ends with `e`: `3e.2`.
pub fn step_number(prefix: &str, index: usize) -> String {
    if prefix.is_empty() { format!("{}", index + 1) } else { format!("{prefix}.{}", index + 1) }
}

/// Steps with their numbers, so that repeats and branches can be unrolled into one queue.
fn numbered(prefix: &str, steps: &[Step]) -> Vec<(String, Step)> {
    steps.iter().enumerate().map(|(index, step)| (step_number(prefix, index), step.clone())).collect()
}

struct Walk<'a> {
    home: &'a Home,
    item_count: usize,
    step_count: usize,
}

/// Collects the items of one step and moves the pose along.
struct Leg<'a> {
    step: &'a str,
    words: &'a str,
    pose: &'a mut Pose,
    items: &'a mut Vec<Item>,
    middle: Option<PositionNed>,
}

impl Leg<'_> {
    fn push(&mut self, motion: Motion, nose: NoseRule) {
        let (step, words) = (self.step.into(), self.words.into());
        self.items.push(Item { step, words, speed_m_s: self.pose.speed_m_s, nose, motion });
    }
    /// The nose's rule while something is done on the spot.
    fn still(&self) -> NoseRule {
        NoseRule::Heading(self.pose.heading_deg)
    }
    /// The nose's rule on the way to `to`, and the heading at its end.
    fn nose_towards(&self, to: &PositionNed, course_at_end_deg: Option<f64>, home: &Home) -> (NoseRule, f64) {
        let pose = &self.pose;
        let level = pose.position.horizontal_distance_m(to) > 0.01 || course_at_end_deg.is_some();
        let course_deg = course_at_end_deg.unwrap_or_else(|| pose.position.bearing_deg(to));
        let at = |target: PositionNed| {
            let end_deg =
                if to.horizontal_distance_m(&target) > 0.5 { to.bearing_deg(&target) } else { pose.heading_deg };
            (NoseRule::At(target), end_deg)
        };
        match &pose.nose {
            Nose::Keep => (self.still(), pose.heading_deg),
            Nose::AlongPath if level => (NoseRule::AlongPath, course_deg),
            Nose::AgainstPath if level => (NoseRule::AgainstPath, wrap_360(course_deg + 180.0)),
            Nose::AlongPath | Nose::AgainstPath => (self.still(), pose.heading_deg),
            Nose::Heading { heading_deg } => (NoseRule::Heading(*heading_deg), wrap_360(*heading_deg)),
            Nose::At { place } => at(pose.place(place, home)),
            Nose::IntoPattern => match self.middle {
                Some(middle) => at(middle),
                None => (self.still(), pose.heading_deg),
            },
        }
    }
    fn fly_to(&mut self, to: PositionNed, home: &Home) {
        if self.pose.position.distance_m(&to) < 0.05 {
            return;
        }
        let (nose, heading_deg) = self.nose_towards(&to, None, home);
        let from = self.pose.position;
        self.push(Motion::Leg { from, to }, nose);
        self.pose.position = to;
        self.pose.heading_deg = heading_deg;
    }
    fn fly_via(&mut self, via: &[PositionNed], to: PositionNed, home: &Home) {
        for point in via {
            self.fly_to(*point, home);
        }
        self.fly_to(to, home);
    }
    fn fly_arc(&mut self, arc: Arc, home: &Home) {
        self.fly_to(arc.start(), home);
        let (nose, heading_deg) = self.nose_towards(&arc.end(), Some(arc.course_deg(1.0)), home);
        self.push(Motion::Arc(arc), nose);
        self.pose.position = arc.end();
        self.pose.heading_deg = heading_deg;
    }
    fn turn(&mut self, to: &TurnTo, home: &Home) {
        let heading_deg = self.pose.heading_deg;
        let by_deg = match to {
            TurnTo::Heading { heading_deg: wanted } => wrap_180(wanted - heading_deg),
            TurnTo::By { angle_deg } => *angle_deg,
            TurnTo::Place { place } => {
                let target = self.pose.place(place, home);
                wrap_180(self.pose.position.bearing_deg(&target) - heading_deg)
            }
        };
        self.pose.heading_deg = wrap_360(heading_deg + by_deg);
        let motion = Motion::Turn { at: self.pose.position, heading_deg: self.pose.heading_deg, by_deg };
        self.push(motion, NoseRule::Heading(self.pose.heading_deg));
    }
    fn small_steps(&mut self, steps: &[Step], home: &Home) -> Result<(), ItineraryError> {
        for step in steps {
            let at = self.pose.position;
            match &step.action {
                Action::Hold { seconds } => self.push(Motion::Hold { at, seconds: *seconds }, self.still()),
                Action::Photo => self.push(Motion::Photo { at }, self.still()),
                Action::Turn { to } => self.turn(to, home),
                _ => return Err(ItineraryError::NotAtEach { step: self.step.into() }),
            }
        }
        Ok(())
    }
}

impl Walk<'_> {
    fn steps(&mut self, queue: &[(String, Step)], mut pose: Pose) -> Result<Vec<Item>, ItineraryError> {
        let mut items = Vec::new();
        let mut rest: Vec<(String, Step)> = queue.iter().rev().cloned().collect();
        while let Some((number, step)) = rest.pop() {
            // Steps without items count too: repeats of nothing and chains of branches must not run for ever.
            self.step_count += 1;
            if self.step_count > MAX_STEPS {
                return Err(ItineraryError::TooLong { step: number, limit: MAX_ITEMS });
            }
            match (&step.action, pose.flight) {
                (_, Flight::Landed) => return Err(ItineraryError::AfterLanding { step: number }),
                (Action::TakeOff { .. }, Flight::Airborne) => {
                    return Err(ItineraryError::SecondTakeOff { step: number });
                }
                (Action::TakeOff { .. } | Action::Speed { .. } | Action::Nose { .. }, _) | (_, Flight::Airborne) => {}
                (Action::Repeat { .. }, Flight::Before) => {}
                (_, Flight::Before) => return Err(ItineraryError::NoTakeOff { step: number }),
            }
            match &step.action {
                Action::Repeat { times, steps } => {
                    if (*times as usize).saturating_mul(steps.len().max(1)) > MAX_ITEMS {
                        return Err(ItineraryError::TooLong { step: number, limit: MAX_ITEMS });
                    }
                    let once = numbered(&number, steps);
                    for _ in 0..*times {
                        rest.extend(once.iter().rev().cloned());
                    }
                }
                Action::When { condition, then, otherwise } => {
                    let mut way = |steps: &[Step], suffix: &str| {
                        let mut queue = numbered(&format!("{number}{suffix}"), steps);
                        // A branch that ends the flight leaves nothing for the steps after it.
                        if !ends_the_flight(steps) {
                            queue.extend(rest.iter().rev().cloned());
                        }
                        self.steps(&queue, pose.clone())
                    };
                    let (then, otherwise) = (way(then, "")?, way(otherwise, "e")?);
                    let motion = Motion::Branch { condition: *condition, at: pose.position, then, otherwise };
                    let mut leg =
                        Leg { step: &number, words: &step.words, pose: &mut pose, items: &mut items, middle: None };
                    let nose = leg.still();
                    leg.push(motion, nose);
                    return Ok(items);
                }
                _ => {
                    let before = items.len();
                    self.step(&number, &step, &mut pose, &mut items)?;
                    self.item_count += items.len() - before;
                    if self.item_count > MAX_ITEMS {
                        return Err(ItineraryError::TooLong { step: number, limit: MAX_ITEMS });
                    }
                }
            }
        }
        if pose.flight == Flight::Landed { Ok(items) } else { Err(ItineraryError::NoLanding) }
    }

    fn step(&self, number: &str, step: &Step, pose: &mut Pose, items: &mut Vec<Item>) -> Result<(), ItineraryError> {
        let home = self.home;
        let mut leg = Leg { step: number, words: &step.words, pose, items, middle: None };
        let at = leg.pose.position;
        match &step.action {
            Action::TakeOff { altitude_m } => {
                let to = PositionNed::at(North(0.0), East(0.0), AboveHome(*altitude_m));
                leg.push(Motion::TakeOff { to }, leg.still());
                leg.pose.position = to;
                leg.pose.flight = Flight::Airborne;
            }
            Action::GoTo { place, altitude, via, .. } => {
                let mut to = leg.pose.place(place, home);
                if let Some(altitude) = altitude {
                    to = to.at_altitude(home.above_home(*altitude));
                }
                leg.fly_via(via, to, home);
            }
            Action::Move { by, via, .. } => {
                let to = at + leg.pose.offset(by);
                leg.fly_via(via, to, home);
            }
            Action::Altitude { to } => {
                let altitude_m = match to {
                    AltitudeChange::AboveHome(metres) => *metres,
                    AltitudeChange::Amsl(metres) => metres - home.altitude_amsl_m,
                    AltitudeChange::By(metres) => at.altitude_m() + metres,
                };
                leg.fly_to(at.at_altitude(AboveHome(altitude_m)), home);
            }
            Action::Hold { seconds } => leg.push(Motion::Hold { at, seconds: *seconds }, leg.still()),
            Action::Speed { speed_m_s } => leg.pose.speed_m_s = *speed_m_s,
            Action::Nose { nose } => {
                // A place given from `here` is fixed at the moment it is said.
                leg.pose.nose = match nose {
                    Nose::At { place } => {
                        let target = leg.pose.place(place, home);
                        Nose::At { place: Place::FromHome { north_m: target.north_m, east_m: target.east_m } }
                    }
                    other => other.clone(),
                }
            }
            Action::Turn { to } => leg.turn(to, home),
            Action::Orbit { centre, radius_m, amount, turn, climb_m } => {
                let centre = leg.pose.place(centre, home);
                let start_bearing_deg =
                    if centre.horizontal_distance_m(&at) < 0.5 { 0.0 } else { centre.bearing_deg(&at) };
                let laps = match amount {
                    OrbitAmount::Laps(laps) => *laps,
                    OrbitAmount::Seconds(seconds) => seconds * leg.pose.speed_m_s / (core::f64::consts::TAU * radius_m),
                };
                leg.middle = Some(centre);
                let sweep_deg = 360.0 * laps * turn.sign();
                let (start_radius_m, end_radius_m) = (*radius_m, *radius_m);
                leg.fly_arc(
                    Arc { centre, start_bearing_deg, sweep_deg, start_radius_m, end_radius_m, climb_m: *climb_m },
                    home,
                );
            }
            Action::Pattern { shape, first_leg, turn, centre, at_each } => {
                let bearing_deg = leg.pose.bearing(first_leg);
                let middle = centre.as_ref().map(|place| leg.pose.place(place, home));
                self.pattern(&mut leg, shape, bearing_deg, *turn, middle, at_each)?;
            }
            Action::Visit { places, order, at_each } => {
                let points: Vec<PositionNed> = places
                    .iter()
                    .map(|waypoint| {
                        let point = leg.pose.place(&waypoint.place, home);
                        match &waypoint.altitude {
                            Some(altitude) => point.at_altitude(home.above_home(*altitude)),
                            None => point,
                        }
                    })
                    .collect();
                let ordered = match order {
                    VisitOrder::Given => points,
                    VisitOrder::Shortest => {
                        shortest_order(&at, &points).into_iter().map(|index| points[index]).collect()
                    }
                };
                for point in ordered {
                    leg.fly_to(point, home);
                    leg.small_steps(at_each, home)?;
                }
            }
            Action::Photo => leg.push(Motion::Photo { at }, leg.still()),
            Action::Release { payload } => leg.push(Motion::Release { at, payload: *payload }, leg.still()),
            Action::ReturnHome { via, .. } => {
                let to = PositionNed::at(North(0.0), East(0.0), at.altitude());
                leg.fly_via(via, to, home);
            }
            Action::ReturnToLaunch => {
                leg.push(Motion::ReturnToLaunch { from: at }, leg.still());
                leg.pose.position = PositionNed::HOME;
                leg.pose.flight = Flight::Landed;
            }
            Action::Land | Action::LandAt { .. } => {
                if let Action::LandAt { place, via } = &step.action {
                    let to = leg.pose.place(place, home);
                    leg.fly_via(via, to, home);
                }
                let from = leg.pose.position;
                leg.push(Motion::Land { from }, leg.still());
                leg.pose.position = from.at_altitude(AboveHome(0.0));
                leg.pose.flight = Flight::Landed;
            }
            Action::Repeat { .. } | Action::When { .. } => unreachable!("unrolled by the caller"),
        }
        Ok(())
    }

    fn pattern(
        &self,
        leg: &mut Leg<'_>,
        shape: &Shape,
        bearing_deg: f64,
        turn: Rotation,
        middle: Option<PositionNed>,
        at_each: &[Step],
    ) -> Result<(), ItineraryError> {
        let home = self.home;
        let here = leg.pose.position;
        match *shape {
            Shape::FigureEight { radius_m, laps } => {
                let origin = middle.unwrap_or(here);
                leg.middle = Some(origin);
                leg.fly_to(origin, home);
                for _ in 0..laps {
                    for sign in [turn.sign(), -turn.sign()] {
                        let centre = origin.towards(Degrees(bearing_deg + 90.0 * sign), Metres(radius_m));
                        let start_bearing_deg = wrap_360(bearing_deg - 90.0 * sign);
                        let (start_radius_m, end_radius_m) = (radius_m, radius_m);
                        let sweep_deg = 360.0 * sign;
                        leg.fly_arc(
                            Arc { centre, start_bearing_deg, sweep_deg, start_radius_m, end_radius_m, climb_m: 0.0 },
                            home,
                        );
                    }
                }
                Ok(())
            }
            Shape::Spiral { start_radius_m, end_radius_m, turns, climb_m } => {
                let centre = middle.unwrap_or(here);
                leg.middle = Some(centre);
                let sweep_deg = 360.0 * turns * turn.sign();
                let start_bearing_deg = wrap_360(bearing_deg);
                leg.fly_arc(Arc { centre, start_bearing_deg, sweep_deg, start_radius_m, end_radius_m, climb_m }, home);
                Ok(())
            }
            ref polygon => {
                let corners = corners(polygon, bearing_deg, turn);
                if corners.len() > MAX_CORNERS {
                    return Err(ItineraryError::TooLong { step: leg.step.into(), limit: MAX_CORNERS });
                }
                let own_middle = middle_of(&corners);
                let first = match middle {
                    Some(middle) => {
                        middle + OffsetNed::by(North(-own_middle.north_m), East(-own_middle.east_m), Up(0.0))
                    }
                    None => here,
                };
                leg.middle = Some(first + own_middle);
                leg.fly_to(first, home);
                for corner in &corners[1..] {
                    leg.fly_to(first + *corner, home);
                    leg.small_steps(at_each, home)?;
                }
                Ok(())
            }
        }
    }
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

/// Corners of a figure as offsets from its first corner; closed figures end with it again.
fn corners(shape: &Shape, bearing_deg: f64, turn: Rotation) -> Vec<OffsetNed> {
    let mut walk = vec![PositionNed::HOME];
    let mut course_deg = bearing_deg;
    let mut go = |length_m: f64, then_turn_deg: f64| {
        let from = walk[walk.len() - 1];
        walk.push(from.towards(Degrees(course_deg), Metres(length_m)));
        course_deg += then_turn_deg * turn.sign();
    };
    match *shape {
        Shape::Square { side_m } => (0..4).for_each(|_| go(side_m, 90.0)),
        Shape::Rectangle { length_m, width_m } => {
            (0..4).for_each(|side| go(if side % 2 == 0 { length_m } else { width_m }, 90.0))
        }
        Shape::Polygon { sides, side_m } => (0..sides).for_each(|_| go(side_m, 360.0 / f64::from(sides))),
        Shape::ExpandingSquare { spacing_m, legs } => {
            (0..legs).for_each(|leg| go(spacing_m * f64::from(leg / 2 + 1), 90.0))
        }
        Shape::Lawnmower { length_m, width_m, spacing_m } => {
            let gaps = libm::ceil(width_m / spacing_m - 1e-9).clamp(0.0, MAX_CORNERS as f64) as usize;
            let gap_m = if gaps == 0 { 0.0 } else { width_m / gaps as f64 };
            for track in 0..=gaps {
                let bend_deg = if track % 2 == 0 { 90.0 } else { -90.0 };
                go(length_m, bend_deg);
                if track < gaps {
                    go(gap_m, bend_deg);
                }
            }
        }
        Shape::FigureEight { .. } | Shape::Spiral { .. } => {}
    }
    let origin = walk[0];
    let last = walk.len() - 1;
    if matches!(shape, Shape::Square { .. } | Shape::Rectangle { .. } | Shape::Polygon { .. }) {
        walk[last] = origin;
    }
    walk.into_iter().map(|corner| corner - origin).collect()
}

/// The middle of the box around the corners' mean: the mean for closed figures (whose last corner is the first), the box's middle for others.
fn middle_of(corners: &[OffsetNed]) -> OffsetNed {
    let closed = corners.len() > 2 && corners[corners.len() - 1] == corners[0];
    if closed {
        let count = (corners.len() - 1) as f64;
        let sum = corners[1..].iter().fold((0.0, 0.0), |sum, corner| (sum.0 + corner.north_m, sum.1 + corner.east_m));
        return OffsetNed::by(North(sum.0 / count), East(sum.1 / count), Up(0.0));
    }
    let range = |value: fn(&OffsetNed) -> f64| {
        let (low, high) =
            corners.iter().map(value).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        (low + high) / 2.0
    };
    OffsetNed::by(North(range(|corner| corner.north_m)), East(range(|corner| corner.east_m)), Up(0.0))
}

/// The order of `points` whose way from `start` through all is shortest: exact up to 12 points (Held and Karp 1962), beyond that
/// nearest neighbour improved by 2-opt.
pub fn shortest_order(start: &PositionNed, points: &[PositionNed]) -> Vec<usize> {
    if points.len() > 12 { two_opt(start, points) } else { held_karp(start, points) }
}

fn held_karp(start: &PositionNed, points: &[PositionNed]) -> Vec<usize> {
    let count = points.len();
    if count < 2 {
        return (0..count).collect();
    }
    let full = (1_usize << count) - 1;
    // best[set][last] = (length of the shortest way from start through `set` ending in `last`, the point before it)
    let mut best: Vec<Box<[(f64, usize)]>> =
        vec![vec![(f64::INFINITY, usize::MAX); count].into_boxed_slice(); full + 1];
    for (index, point) in points.iter().enumerate() {
        best[1 << index][index] = (start.distance_m(point), usize::MAX);
    }
    for set in 1..=full {
        for last in (0..count).filter(|last| set & (1 << last) != 0) {
            let (length_m, _) = best[set][last];
            for next in (0..count).filter(|next| set & (1 << next) == 0) {
                let longer_m = length_m + points[last].distance_m(&points[next]);
                let slot = &mut best[set | (1 << next)][next];
                if longer_m < slot.0 - 1e-9 {
                    *slot = (longer_m, last);
                }
            }
        }
    }
    let mut last =
        (0..count).fold(0, |least, index| if best[full][index].0 < best[full][least].0 - 1e-9 { index } else { least });
    let (mut set, mut order) = (full, Vec::with_capacity(count));
    while last != usize::MAX {
        order.push(last);
        let before = best[set][last].1;
        set &= !(1 << last);
        last = before;
    }
    order.reverse();
    order
}

fn two_opt(start: &PositionNed, points: &[PositionNed]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(points.len());
    let mut left: Vec<usize> = (0..points.len()).collect();
    let mut at = *start;
    while !left.is_empty() {
        let nearest = (0..left.len()).fold(0, |n, i| {
            if at.distance_m(&points[left[i]]) < at.distance_m(&points[left[n]]) - 1e-9 { i } else { n }
        });
        let index = left.remove(nearest);
        at = points[index];
        order.push(index);
    }
    let length_m = |order: &[usize]| {
        let mut at = *start;
        order.iter().map(|index| core::mem::replace(&mut at, points[*index]).distance_m(&points[*index])).sum::<f64>()
    };
    let mut improved = true;
    while improved {
        improved = false;
        for from in 0..order.len() {
            for to in from + 1..order.len() {
                let before_m = length_m(&order);
                order[from..=to].reverse();
                if length_m(&order) < before_m - 1e-6 { improved = true } else { order[from..=to].reverse() }
            }
        }
    }
    order
}
