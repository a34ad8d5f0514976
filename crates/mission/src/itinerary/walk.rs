//! From step to step: where the vehicle is then, how it stands, and which items that makes.
use super::figure::{MAX_CORNERS, corners, middle_of};
use super::tour::shortest_order;
use super::{Arc, Item, ItineraryError, MAX_ITEMS, Motion, NoseRule, ends_the_flight, fixed_place, step_number};
use crate::frame::{AboveHome, East, Forward, North, OffsetFrd, OffsetNed, PositionNed, Right, Up};
use crate::geodesy::Home;
use crate::plan::*;
use crate::units::{Degrees, Metres, wrap_180, wrap_360};
use alloc::{format, string::String, vec::Vec};

/// Most steps that are walked through, over all branches and repeats.
const MAX_STEPS: usize = 4 * MAX_ITEMS;

/// The items of `steps` for a vehicle that is armed at `home` and flies `speed_m_s` until a step says otherwise.
pub(super) fn through(steps: &[Step], home: &Home, speed_m_s: f64) -> Result<Vec<Item>, ItineraryError> {
    let start = Pose {
        position: PositionNed::HOME,
        heading_deg: wrap_360(home.heading_deg),
        speed_m_s,
        nose: Nose::Keep,
        flight: Flight::Before,
    };
    Walk { home, item_count: 0, step_count: 0 }.steps(&numbered("", steps), start)
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
