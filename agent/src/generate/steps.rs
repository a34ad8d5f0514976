//! The steps of a plan as statements: one arm for each kind. Legs, the nose, figures, visits and branches have modules beside it.
//!
//! Two variables say where the vehicle is meant to be: `here` and `heading`. Every leg starts from them and not from what the
//! vehicle measures, so that errors do not add up over a figure.
use super::GenerateError;
use super::code::Node;
use super::constants::Constants;
use super::known::{Known, Policy};
use super::legs::{LegTo, constant_course};
use super::nose::flies_on;
use super::places::Height;
use super::words::quote;
use flightsmith_mission::frame::{AboveHome, Altitude, PositionNed};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::{Action, AltitudeChange, Displacement, PlanDraft, Step, TurnTo};
use flightsmith_mission::units::wrap_360;
use flightsmith_mission::vehicle::{Payload, Vehicle};

/// Translates steps.
pub(super) struct Writer<'a> {
    pub(super) plan: &'a PlanDraft,
    pub(super) vehicle: &'a Vehicle,
    pub(super) home: &'a Home,
    pub(super) constants: Constants,
    /// Whether the helper that finds where to enter a circle is needed.
    pub(super) needs_entry_bearing: bool,
}

/// Whether the flight goes on after some steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    GoesOn,
    Ends,
}

impl Writer<'_> {
    /// The constant for a height above home: the takeoff's own, or one called after what is done.
    pub(super) fn altitude(&mut self, metres: f64) -> String {
        self.named_altitude("ALTITUDE", metres)
    }

    fn named_altitude(&mut self, meaning: &str, metres: f64) -> String {
        let takeoff_m = self.plan.steps.iter().find_map(|step| match step.action {
            Action::TakeOff { altitude_m } => Some(altitude_m),
            _ => None,
        });
        let meaning = if takeoff_m == Some(metres) { "TAKEOFF_ALTITUDE" } else { meaning };
        self.constants.above_home(meaning, metres)
    }

    /// All steps of a block; `Ends` when it ends the flight on every way.
    pub(super) fn steps(
        &mut self,
        steps: &[Step],
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<Flow, GenerateError> {
        let mut said = None;
        for (index, step) in steps.iter().enumerate() {
            let rest = &steps[index + 1..];
            self.comment(step, &mut said, out);
            if self.step(step, rest, known, out)? == Flow::Ends {
                return Ok(Flow::Ends);
            }
        }
        Ok(Flow::GoesOn)
    }

    /// The words that a step serves, unless the step before has just said them.
    pub(super) fn comment(&self, step: &Step, said: &mut Option<String>, out: &mut Vec<Node>) {
        let detail = self.detail(&step.action);
        let text = match (step.words.trim().is_empty(), said.as_deref() == Some(&step.words)) {
            (false, false) => {
                let quoted = quote(&step.words);
                detail.map_or(quoted.clone(), |detail| format!("{quoted}: {detail}."))
            }
            (_, _) => match detail {
                Some(detail) => format!("{}{}.", detail[..1].to_uppercase(), &detail[1..]),
                None => return,
            },
        };
        *said = Some(step.words.clone());
        out.push(Node::Comment(text));
    }

    fn step(
        &mut self,
        step: &Step,
        rest: &[Step],
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<Flow, GenerateError> {
        match &step.action {
            Action::TakeOff { .. } => return Err(GenerateError::TakeOffInTheAir),
            Action::GoTo { place, altitude, via, .. } => {
                let height = altitude.as_ref().map_or(Height::Present, Height::Given);
                let spot = self.spot(place, &height, "WAYPOINT", known);
                self.go_to_spot(&spot, via, known, out);
                match altitude {
                    Some(Altitude::AboveHome(metres)) => known.altitude = Some(self.altitude(*metres)),
                    Some(Altitude::Amsl(_)) => known.altitude = None,
                    None => {}
                }
            }
            Action::Move { by, via, .. } => {
                let at = known.position.and_then(|here| Some(here + known.offset(by)?));
                let position = self.moved("here", by, None);
                let course = match by {
                    Displacement::World { .. } => constant_course(&position),
                    Displacement::Body { .. } => None,
                };
                self.leg_around(via, LegTo { position: &position, call: None, course, at }, known, out);
                if matches!(by, Displacement::World { up_m, .. } | Displacement::Body { up_m, .. } if *up_m != 0.0) {
                    known.altitude = None;
                }
            }
            Action::Altitude { to } => self.change_altitude(to, known, out),
            Action::Hold { .. } | Action::Photo => self.small_step(step, known, out)?,
            Action::Turn { .. } => {
                self.small_step(step, known, out)?;
                if flies_on(rest) {
                    self.nose_after_turn(known, out);
                }
            }
            Action::Speed { speed_m_s } => self.set_speed("SPEED", *speed_m_s, known, out),
            Action::Nose { nose } => self.set_nose(nose, rest, known, out),
            Action::Orbit { .. } | Action::Pattern { .. } => self.figure(&step.action, rest, known, out)?,
            Action::Visit { places, order, at_each } => self.visit(places, *order, at_each, known, out)?,
            Action::Release { payload } => {
                let payload = match payload {
                    Payload::Servo { channel, release_us } => {
                        let value = format!("Payload::Servo {{ channel: {channel}, release_us: {release_us} }}");
                        self.constants.named("RELEASE_SERVO", "Payload", value)
                    }
                    Payload::Gripper => "Payload::Gripper".into(),
                    Payload::Camera => "Payload::Camera".into(),
                };
                out.push(Node::call(format!("vehicle.release({payload}).await?")));
            }
            Action::Repeat { times, steps } => return self.repeat(*times, steps, known, out),
            Action::When { condition, then, otherwise } => {
                return self.branch(condition, then, otherwise, known, out);
            }
            Action::ReturnHome { via, .. } => {
                let at = known.position.map(|here| PositionNed::HOME.at_altitude(here.altitude()));
                let call = Some("vehicle.return_home().await?".into());
                let position = match &known.altitude {
                    Some(altitude) => format!("PositionNed::at(North(0.0), East(0.0), {altitude})"),
                    None => "PositionNed::at(North(0.0), East(0.0), here.altitude())".into(),
                };
                self.leg_around(via, LegTo { position: &position, call, course: None, at }, known, out);
            }
            Action::ReturnToLaunch => {
                out.push(Node::End("vehicle.return_to_launch().await".into()));
                return Ok(Flow::Ends);
            }
            Action::Land => {
                out.push(Node::End("vehicle.land().await".into()));
                return Ok(Flow::Ends);
            }
            Action::LandAt { place, via } => {
                let spot = self.spot(place, &Height::Present, "LANDING_PLACE", known);
                if !spot.is_constant {
                    out.push(Node::local("target", spot.position.clone()));
                }
                let target = if spot.is_constant { spot.position.as_str() } else { "target" };
                self.detour(via, known, out);
                out.push(Node::End(format!("vehicle.land_at({target}).await")));
                return Ok(Flow::Ends);
            }
        }
        Ok(Flow::GoesOn)
    }

    /// Sets the speed limit from here on.
    pub(super) fn set_speed(&mut self, meaning: &str, speed_m_s: f64, known: &mut Known, out: &mut Vec<Node>) {
        let speed = self.constants.speed(meaning, speed_m_s);
        out.push(Node::track("speed", speed.clone()));
        out.push(Node::call(format!("vehicle.set_speed({speed})")));
        known.speed = Some(speed);
    }

    fn change_altitude(&mut self, to: &AltitudeChange, known: &mut Known, out: &mut Vec<Node>) {
        let height_m = known.position.map(|here| here.altitude_m());
        let new_m = match to {
            AltitudeChange::AboveHome(metres) => Some(*metres),
            AltitudeChange::Amsl(metres) => Some(metres - self.home.altitude_amsl_m),
            AltitudeChange::By(metres) => height_m.map(|height_m| height_m + metres),
        };
        match to {
            AltitudeChange::AboveHome(metres) => {
                let meaning = match height_m {
                    Some(height_m) if height_m < *metres => "UPPER_ALTITUDE",
                    Some(height_m) if height_m > *metres => "LOWER_ALTITUDE",
                    _ => "ALTITUDE",
                };
                let altitude = self.named_altitude(meaning, *metres);
                out.push(Node::track("here", format!("here.at_altitude({altitude})")));
                out.push(Node::call(format!("vehicle.climb_to({altitude}).await?")));
                known.altitude = Some(altitude);
            }
            AltitudeChange::Amsl(metres) => {
                let above_home = self.amsl(*metres);
                out.push(Node::track("here", format!("here.at_altitude({above_home})")));
                out.push(Node::call("vehicle.climb_to(here.altitude()).await?"));
                known.altitude = None;
            }
            AltitudeChange::By(metres) => {
                let up = Displacement::World { north_m: 0.0, east_m: 0.0, up_m: *metres };
                let position = self.moved("here", &up, None);
                out.push(Node::track("here", position));
                out.push(Node::call("vehicle.climb_to(here.altitude()).await?"));
                known.altitude = None;
            }
        }
        known.position = known.position.and_then(|here| Some(here.at_altitude(AboveHome(new_m?))));
        // Straight up there is no path for the nose to follow; a heading or a place it takes all the same.
        if !matches!(known.nose, Some(Policy::AlongPath | Policy::AgainstPath)) {
            self.nose_after_leg(None, None, known, out);
        }
    }

    /// What may also be done at each corner and place.
    pub(super) fn small_step(
        &mut self,
        step: &Step,
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<(), GenerateError> {
        match &step.action {
            Action::Hold { seconds } => {
                let time = self.constants.seconds("HOLD_TIME", *seconds);
                out.push(Node::call(format!("vehicle.hold({time}).await?")));
            }
            Action::Photo => out.push(Node::call("vehicle.take_photo().await?")),
            Action::Turn { to } => self.turn(to, known, out),
            _ => return Err(GenerateError::NotAtEach),
        }
        Ok(())
    }

    fn turn(&mut self, to: &TurnTo, known: &mut Known, out: &mut Vec<Node>) {
        match to {
            TurnTo::Heading { heading_deg } => {
                let heading = self.constants.bearing("HEADING", *heading_deg);
                out.push(Node::call(format!("vehicle.turn_to({heading}).await?")));
                out.push(Node::track("heading", heading));
                known.heading_deg = Some(wrap_360(*heading_deg));
            }
            TurnTo::By { angle_deg } => {
                let side = if *angle_deg < 0.0 { "LEFT_TURN" } else { "RIGHT_TURN" };
                let angle = self.constants.degrees(side, *angle_deg);
                out.push(Node::call(format!("vehicle.turn_by({angle}).await?")));
                out.push(Node::track("heading", format!("heading + {angle}")));
                known.heading_deg = known.heading_deg.map(|heading_deg| wrap_360(heading_deg + angle_deg));
            }
            TurnTo::Place { place } => {
                let spot = self.spot(place, &Height::Present, "FACED_PLACE", known);
                let target = self.kept("target", &spot, out);
                out.push(Node::call(format!("vehicle.face({target}).await?")));
                out.push(Node::track("heading", format!("here.bearing_to({target})")));
                known.heading_deg = known.position.and_then(|here| Some(here.bearing_deg(&spot.at?)));
            }
        }
    }
}
