//! The steps of a plan as statements: one method for each kind; figures are in [`super::figures`], visits in [`super::visits`].
//!
//! Two variables say where the vehicle is meant to be: `here` and `heading`. Every leg starts from them and not from what the
//! vehicle measures, so that errors do not add up over a figure.
use super::GenerateError;
use super::code::{GO_TO_HERE, Node};
use super::constants::{Constants, number};
use super::known::{Known, Policy};
use super::places::{Height, Spot};
use super::words::quote;
use flightsmith_mission::frame::{Altitude, PositionNed};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::{
    Action, AltitudeChange, Condition, Displacement, Nose, Place, PlanDraft, SafeEnd, Step, TurnTo,
};
use flightsmith_mission::units::wrap_360;
use flightsmith_mission::vehicle::{Payload, Vehicle};

/// Repeats whose rounds cannot be written as one loop are written out, up to this many.
const MOST_WRITTEN_OUT: u32 = 8;

/// The variable for a place that the nose follows.
const NOSE_TARGET: &str = "nose_target";

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

/// What is flown to, and how.
pub(super) struct LegTo<'a> {
    /// A `PositionNed`.
    pub position: &'a str,
    /// The call that flies there, where it is not `go_to(here)`.
    pub call: Option<String>,
    /// True bearing of the leg as an expression, where it is a constant.
    pub course: Option<String>,
    /// Where it ends, assuming home.
    pub at: Option<PositionNed>,
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
        self.constants.metres(meaning, metres)
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
                let at = known.position.map(|here| PositionNed::at(0.0, 0.0, here.altitude_m()));
                let call = Some("vehicle.return_home().await?".into());
                let position = match &known.altitude {
                    Some(altitude) => format!("PositionNed::at(0.0, 0.0, {altitude}.0)"),
                    None => "PositionNed::at(0.0, 0.0, here.altitude_m())".into(),
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
                out.push(Node::track("here", format!("here.at_altitude({altitude}.0)")));
                out.push(Node::call(format!("vehicle.climb_to({altitude}).await?")));
                known.altitude = Some(altitude);
            }
            AltitudeChange::Amsl(metres) => {
                let above_home = self.amsl(*metres);
                out.push(Node::track("here", format!("here.at_altitude({above_home})")));
                out.push(Node::call("vehicle.climb_to(Metres(here.altitude_m())).await?"));
                known.altitude = None;
            }
            AltitudeChange::By(metres) => {
                let up = Displacement::World { north_m: 0.0, east_m: 0.0, up_m: *metres };
                let position = self.moved("here", &up, None);
                out.push(Node::track("here", position));
                out.push(Node::call("vehicle.climb_to(Metres(here.altitude_m())).await?"));
                known.altitude = None;
            }
        }
        known.position = known.position.and_then(|here| Some(here.at_altitude(new_m?)));
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
                out.push(Node::track("heading", format!("Degrees(here.bearing_deg(&{target}))")));
                known.heading_deg = known.position.and_then(|here| Some(here.bearing_deg(&spot.at?)));
            }
        }
    }

    /// A turn on the spot ends the nose's policy in the SDK, and only interrupts it in a plan.
    pub(super) fn nose_after_turn(&mut self, known: &Known, out: &mut Vec<Node>) {
        let argument = match &known.nose {
            Some(Policy::Keep | Policy::IntoPattern) => return,
            Some(Policy::AlongPath) => "Nose::AlongPath".into(),
            Some(Policy::AgainstPath) => "Nose::AgainstPath".into(),
            Some(Policy::Heading(heading, _)) => format!("Nose::Heading({heading})"),
            Some(Policy::At(target, _)) => format!("Nose::At({target})"),
            None | Some(Policy::PerhapsIntoPattern) => "nose".into(),
        };
        out.push(Node::call(format!("vehicle.set_nose({argument})")));
    }

    /// Gives the nose its order, and keeps track of it.
    pub(super) fn order_nose(&self, argument: &str, out: &mut Vec<Node>) {
        out.push(Node::call(format!("vehicle.set_nose({argument})")));
        out.push(Node::track("nose", argument));
    }

    /// A name for `spot` that can be used several times: its constant, or a variable.
    pub(super) fn kept(&mut self, var: &'static str, spot: &Spot, out: &mut Vec<Node>) -> String {
        if spot.is_constant {
            return spot.position.clone();
        }
        out.push(Node::local(var, spot.position.clone()));
        var.into()
    }

    fn set_nose(&mut self, nose: &Nose, rest: &[Step], known: &mut Known, out: &mut Vec<Node>) {
        let (policy, argument) = match nose {
            Nose::Keep => (Policy::Keep, "Nose::Keep".into()),
            Nose::AlongPath => (Policy::AlongPath, "Nose::AlongPath".into()),
            Nose::AgainstPath => (Policy::AgainstPath, "Nose::AgainstPath".into()),
            Nose::Heading { heading_deg } => {
                let heading = self.constants.bearing("NOSE_HEADING", *heading_deg);
                let argument = format!("Nose::Heading({heading})");
                (Policy::Heading(heading, wrap_360(*heading_deg)), argument)
            }
            Nose::At { place } => {
                let spot = self.spot(place, &Height::Present, "NOSE_TARGET", known);
                let target = match spot.is_constant {
                    true => spot.position,
                    false => {
                        out.push(Node::track(NOSE_TARGET, spot.position));
                        NOSE_TARGET.into()
                    }
                };
                let argument = format!("Nose::At({target})");
                (Policy::At(target, spot.at), argument)
            }
            Nose::IntoPattern => {
                // Set at each figure; only what comes before the next figure needs the nose kept.
                if !matches!(known.nose, Some(Policy::Keep)) && flies_before_figure(rest) {
                    self.order_nose("Nose::Keep", out);
                }
                known.nose = Some(Policy::IntoPattern);
                return;
            }
        };
        self.order_nose(&argument, out);
        known.nose = Some(policy);
    }

    /// Flies around what is in the way, then to a spot.
    pub(super) fn go_to_spot(&mut self, spot: &Spot, via: &[PositionNed], known: &mut Known, out: &mut Vec<Node>) {
        let call = match &spot.global {
            Some(global) => Some(format!("vehicle.go_to_global({global}).await?")),
            None if spot.is_constant => Some(format!("vehicle.go_to({}).await?", spot.position)),
            None => None,
        };
        let at = spot.at;
        self.leg_around(via, LegTo { position: &spot.position, call, course: None, at }, known, out);
    }

    /// A leg that may lead around something.
    pub(super) fn leg_around(&mut self, via: &[PositionNed], to: LegTo<'_>, known: &mut Known, out: &mut Vec<Node>) {
        if via.is_empty() {
            return self.leg(to, known, out);
        }
        // Where it leads to is computed first: it may be seen from here.
        if to.call.is_none() {
            out.push(Node::local("target", to.position));
        }
        self.detour(via, known, out);
        let position = if to.call.is_none() { "target" } else { to.position };
        self.leg(LegTo { position, course: None, ..to }, known, out);
    }

    fn detour(&mut self, via: &[PositionNed], known: &mut Known, out: &mut Vec<Node>) {
        let Some(last) = via.last() else { return };
        let points: Vec<String> = via
            .iter()
            .map(|point| {
                let altitude = match (&known.altitude, known.position) {
                    (Some(constant), Some(here)) if (here.altitude_m() - point.altitude_m()).abs() < 1e-6 => {
                        format!("{constant}.0")
                    }
                    _ => number(point.altitude_m()),
                };
                format!("PositionNed::at({}, {}, {altitude})", number(point.north_m), number(point.east_m))
            })
            .collect();
        let around = match self.plan.keep_outs.as_slice() {
            [only] if !only.words.trim().is_empty() => format!("around the area of {}", quote(&only.words)),
            _ => "around the area to be kept out of".into(),
        };
        let note = "Metres north and east of home, and the height.";
        let of_type = format!("[PositionNed; {}]", via.len());
        let detour = self.constants.noted("DETOUR", of_type, format!("[{}]", points.join(", ")), note);
        out.push(Node::Comment(format!("The straight way is barred, so this leg leads {around}.")));
        let mut body = Vec::new();
        let call = Some("vehicle.go_to(point).await?".into());
        self.leg(LegTo { position: "point", call, course: None, at: Some(*last) }, known, &mut body);
        out.push(Node::each(format!("point in {detour}"), body));
    }

    /// A straight leg, with the nose's heading at its end.
    pub(super) fn leg(&mut self, to: LegTo<'_>, known: &mut Known, out: &mut Vec<Node>) {
        if to.position == "here" && to.call.is_none() {
            return;
        }
        let course_deg = known.position.and_then(|from| {
            let to = to.at?;
            (from.horizontal_distance_m(&to) > 0.01).then(|| from.bearing_deg(&to))
        });
        let turns = matches!(known.nose, Some(Policy::AlongPath | Policy::AgainstPath));
        if turns && to.course.is_none() {
            out.push(Node::local("from", "here"));
        }
        out.push(Node::track("here", to.position));
        out.push(Node::call(to.call.unwrap_or_else(|| GO_TO_HERE.into())));
        let ends = known.position.zip(to.at);
        let stays = ends.is_some_and(|(from, to)| from.distance_m(&to) < 0.05);
        let is_vertical = to.position.starts_with("here.at_altitude(")
            || ends.is_some_and(|(from, to)| from.horizontal_distance_m(&to) < 0.01);
        known.position = to.at;
        if !(stays || turns && is_vertical) {
            self.nose_after_leg(to.course.as_deref(), course_deg, known, out);
        }
    }

    fn nose_after_leg(
        &mut self,
        course: Option<&str>,
        course_deg: Option<f64>,
        known: &mut Known,
        out: &mut Vec<Node>,
    ) {
        match known.nose.clone() {
            Some(Policy::Keep | Policy::IntoPattern) => {}
            Some(Policy::AlongPath) => {
                let heading = course.map_or("Degrees(from.bearing_deg(&here))".into(), str::to_owned);
                out.push(Node::track("heading", heading));
                known.heading_deg = course_deg;
            }
            Some(Policy::AgainstPath) => {
                let heading = match course {
                    Some(course) => format!("{course} + {}", self.constants.degrees("HALF_TURN", 180.0)),
                    None => "Degrees(here.bearing_deg(&from))".into(),
                };
                out.push(Node::track("heading", heading));
                known.heading_deg = course_deg.map(|deg| wrap_360(deg + 180.0));
            }
            Some(Policy::Heading(heading, heading_deg)) => {
                out.push(Node::track("heading", heading));
                known.heading_deg = Some(heading_deg);
            }
            Some(Policy::At(target, at)) => {
                let distance_m = at.and_then(|at| Some(known.position?.horizontal_distance_m(&at)));
                if distance_m.is_none_or(|distance_m| distance_m > 0.5) {
                    out.push(Node::track("heading", format!("Degrees(here.bearing_deg(&{target}))")));
                    known.heading_deg = at.and_then(|at| Some(known.position?.bearing_deg(&at)));
                }
            }
            // Different on different ways to here: only the vehicle knows.
            None | Some(Policy::PerhapsIntoPattern) => {
                out.push(Node::track("heading", "vehicle.heading()"));
                known.heading_deg = None;
            }
        }
    }

    fn repeat(
        &mut self,
        times: u32,
        steps: &[Step],
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<Flow, GenerateError> {
        if times <= 1 {
            return self.steps(steps, known, out);
        }
        match self.looped(times, steps, known) {
            Ok((node, after)) => {
                out.push(node);
                *known = after;
                Ok(Flow::GoesOn)
            }
            // The rounds differ in something that has to be decided in advance: write each round.
            Err(GenerateError::OrderDependsOnTheWay) if times <= MOST_WRITTEN_OUT => {
                for round in 1..=times {
                    out.push(Node::Comment(format!("Round {round} of {times}.")));
                    if self.steps(steps, known, out)? == Flow::Ends {
                        return Ok(Flow::Ends);
                    }
                }
                Ok(Flow::GoesOn)
            }
            Err(error) => Err(error),
        }
    }

    fn looped(&mut self, times: u32, steps: &[Step], known: &Known) -> Result<(Node, Known), GenerateError> {
        let mut entry = known.clone();
        // Every turn forgets at least one of the five things that are known, so this ends.
        loop {
            let (mut after, mut body) = (entry.clone(), Vec::new());
            if self.steps(steps, &mut after, &mut body)? == Flow::Ends {
                return Err(GenerateError::EndsInARepeat);
            }
            let meeting = entry.clone().or(&after);
            if meeting == entry {
                let mut after = self.after_rounds(times, steps, known).unwrap_or(after);
                if after.nose != entry.nose
                    && matches!(&after.nose, Some(Policy::At(target, _)) if target == NOSE_TARGET)
                {
                    // The variable lives in the loop.
                    after.nose = None;
                }
                let rounds = self.constants.count("ROUNDS", times);
                return Ok((Node::each(format!("_round in 0..{rounds}"), body), after));
            }
            entry = meeting;
        }
    }

    /// What is known after all rounds, walked one after the other; not for very many.
    fn after_rounds(&mut self, times: u32, steps: &[Step], known: &Known) -> Option<Known> {
        const MOST_WALKED: u32 = 100;
        let mut after = known.clone();
        for _ in 0..(times <= MOST_WALKED).then_some(times)? {
            self.steps(steps, &mut after, &mut Vec::new()).ok()?;
        }
        Some(after)
    }

    fn branch(
        &mut self,
        condition: &Condition,
        then: &[Step],
        otherwise: &[Step],
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<Flow, GenerateError> {
        let (mut known_then, mut known_otherwise) = (known.clone(), known.clone());
        let (mut nodes_then, mut nodes_otherwise) = (Vec::new(), Vec::new());
        let flow_then = self.steps(then, &mut known_then, &mut nodes_then)?;
        let flow_otherwise = self.steps(otherwise, &mut known_otherwise, &mut nodes_otherwise)?;
        *known = match (flow_then, flow_otherwise) {
            (Flow::Ends, _) => known_otherwise,
            (_, Flow::Ends) => known_then,
            _ => known_then.or(&known_otherwise),
        };
        let has_code = |nodes: &[Node]| nodes.iter().any(|node| !matches!(node, Node::Comment(_)));
        let (has_then, has_otherwise) = (has_code(&nodes_then), has_code(&nodes_otherwise));
        if !has_then && !has_otherwise {
            return Ok(Flow::GoesOn);
        }
        let condition = self.condition(condition, !has_then);
        let (then, otherwise) = if has_then { (nodes_then, nodes_otherwise) } else { (nodes_otherwise, Vec::new()) };
        out.push(Node::If { condition, then, otherwise: if has_otherwise { otherwise } else { Vec::new() } });
        let both = flow_then == Flow::Ends && flow_otherwise == Flow::Ends;
        Ok(if both { Flow::Ends } else { Flow::GoesOn })
    }

    fn condition(&mut self, condition: &Condition, negated: bool) -> String {
        let (value, below, limit) = match *condition {
            Condition::BatteryBelow(percent) => ("vehicle.battery()?", true, self.battery_limit(percent)),
            Condition::BatteryAbove(percent) => ("vehicle.battery()?", false, self.battery_limit(percent)),
            Condition::WindBelow(speed) => ("vehicle.wind()?.speed_m_s", true, self.wind_limit(speed) + ".0"),
            Condition::WindAbove(speed) => ("vehicle.wind()?.speed_m_s", false, self.wind_limit(speed) + ".0"),
        };
        let sign = match (below, negated) {
            (true, false) => "<",
            (false, false) => ">",
            (true, true) => ">=",
            (false, true) => "<=",
        };
        format!("{value} {sign} {limit}")
    }

    fn battery_limit(&mut self, percent: f64) -> String {
        self.constants.named("BATTERY_LIMIT", "Percent", format!("Percent({})", number(percent)))
    }

    fn wind_limit(&mut self, speed_m_s: f64) -> String {
        self.constants.speed("WIND_LIMIT", speed_m_s)
    }

    /// The standing rules, watched by the SDK from here on.
    pub(super) fn rules(&mut self, out: &mut Vec<Node>) -> Result<(), GenerateError> {
        for rule in &self.plan.rules {
            let end = match rule.then {
                SafeEnd::ReturnToLaunch => "SafeEnd::ReturnToLaunch",
                SafeEnd::Land => "SafeEnd::Land",
            };
            let call = match rule.when {
                Condition::BatteryBelow(percent) => {
                    format!("Rule::battery_below({}, {end})", self.battery_limit(percent))
                }
                Condition::WindAbove(speed) => format!("Rule::wind_above({}, {end})", self.wind_limit(speed)),
                Condition::BatteryAbove(_) | Condition::WindBelow(_) => return Err(GenerateError::RuleNotWatched),
            };
            let watched = "watched from here until the landing";
            out.push(Node::Comment(match rule.words.trim() {
                "" => "A standing rule, watched from here until the landing.".into(),
                words => format!("{}: {watched}.", quote(words)),
            }));
            out.push(Node::call(format!("vehicle.set_rule({call})")));
        }
        Ok(())
    }
}

/// Whether something flies before the next figure, or it is not known what comes next.
pub(super) fn flies_before_figure(rest: &[Step]) -> bool {
    for step in rest {
        match step.action {
            Action::Orbit { .. } | Action::Pattern { .. } | Action::Nose { .. } => return false,
            Action::Land | Action::ReturnToLaunch => return false,
            Action::Hold { .. } | Action::Photo | Action::Release { .. } | Action::Speed { .. } => {}
            _ => return true,
        }
    }
    true
}

/// Whether something flies before the nose gets another order.
fn flies_on(rest: &[Step]) -> bool {
    for step in rest {
        match step.action {
            Action::Hold { .. } | Action::Photo | Action::Release { .. } | Action::Speed { .. } => {}
            Action::Turn { .. } | Action::Nose { .. } | Action::Land | Action::ReturnToLaunch => return false,
            _ => return true,
        }
    }
    true
}

/// The constant bearing of a position that is `here.towards(CONSTANT.0, ..)`.
fn constant_course(position: &str) -> Option<String> {
    let bearing = position.strip_prefix("here.towards(")?.split_once(".0, ")?.0;
    Some(bearing.to_owned())
}

/// Whether `place` means somewhere seen from the vehicle.
pub(super) fn is_relative(place: &Place) -> bool {
    matches!(place, Place::Here | Place::FromHere { .. })
}
