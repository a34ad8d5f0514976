//! Orbits, figures of eight and spirals.
use super::code::Node;
use super::constants::number;
use super::figures::Pattern;
use super::known::{Known, Policy};
use super::legs::LegTo;
use super::places::{Height, Spot};
use super::steps::Writer;
use flightsmith_mission::frame::PositionNed;
use flightsmith_mission::plan::{OrbitAmount, Place, Rotation};
use flightsmith_mission::units::{Degrees, Metres};

impl Writer<'_> {
    #[expect(clippy::too_many_arguments, reason = "the fields of the plan's orbit, once, where it is taken apart")]
    pub(super) fn orbit(
        &mut self,
        place: &Place,
        radius_m: f64,
        amount: &OrbitAmount,
        turn: Rotation,
        climb_m: f64,
        known: &mut Known,
        out: &mut Vec<Node>,
    ) {
        let spot = self.spot(place, &Height::Present, "ORBIT_CENTRE", known);
        let centre = self.kept("centre", &spot, out);
        self.nose_into(&centre, spot.at, known, out);
        let radius = self.constants.metres("ORBIT_RADIUS", radius_m);
        let start_bearing_deg = match (spot.distance_m, spot.at, known.position) {
            (Some(distance_m), ..) if distance_m < 0.5 => Some(0.0),
            (_, Some(centre), Some(here)) => Some(centre.bearing_deg(&here)),
            _ => None,
        };
        let start_bearing = match spot.distance_m {
            Some(distance_m) if distance_m < 0.5 => self.constants.bearing("START_BEARING", 0.0),
            Some(_) => format!("{centre}.bearing_to(here)"),
            None => {
                self.needs_entry_bearing = true;
                format!("entry_bearing({centre}, here)")
            }
        };
        let laps = self.laps(amount, &radius, known, out);
        let sweep = format!("{} * {laps}", self.lap(turn));
        if start_bearing.contains('(') {
            out.push(Node::local("start_bearing", start_bearing.clone()));
        }
        let start = if start_bearing.contains('(') { "start_bearing" } else { &start_bearing };
        let circle = format!("Arc::circle({centre}, {radius}, {start}, {sweep})");
        let arc = match climb_m {
            0.0 => circle,
            _ => format!("Arc {{ climb: {}, ..{circle} }}", self.constants.metres("ORBIT_CLIMB", climb_m)),
        };
        out.push(Node::local("orbit", arc));
        let at = start_bearing_deg.and_then(|deg| Some(spot.at?.towards(Degrees(deg), Metres(radius_m))));
        self.leg(LegTo { position: "orbit.start()", call: None, course: None, at }, known, out);
        let laps = match amount {
            OrbitAmount::Laps(laps) => Some(*laps),
            OrbitAmount::Seconds(_) => None,
        };
        let end = spot.at.zip(start_bearing_deg).zip(laps).map(|((centre, start_deg), laps)| {
            let end = centre.towards(Degrees(start_deg + 360.0 * laps * turn.sign()), Metres(radius_m));
            end.at_altitude(centre.altitude() + Metres(climb_m))
        });
        let stays = climb_m == 0.0 && laps.is_some_and(|laps| laps.fract() == 0.0);
        self.fly_arc("orbit", turn, stays, end, known, out);
        if climb_m != 0.0 {
            known.altitude = None;
        }
    }

    /// How many laps, as an expression.
    pub(super) fn laps(&mut self, amount: &OrbitAmount, radius: &str, known: &Known, out: &mut Vec<Node>) -> String {
        match amount {
            OrbitAmount::Laps(laps) => self.constants.named("ORBIT_LAPS", "f64", number(*laps)),
            OrbitAmount::Seconds(seconds) => {
                let time = self.constants.seconds("ORBIT_TIME", *seconds);
                let laps = |speed: &str| format!("{speed}.0 * {time}.0 / (TAU * {radius}.0)");
                match &known.speed {
                    Some(speed) => {
                        let note = "As many laps as the speed limit makes in that time.";
                        self.constants.noted("ORBIT_LAPS", "f64", laps(speed), note)
                    }
                    None => {
                        out.push(Node::local("laps", laps("speed")));
                        "laps".into()
                    }
                }
            }
        }
    }

    /// One lap as an angle.
    pub(super) fn lap(&mut self, turn: Rotation) -> String {
        match turn {
            Rotation::Clockwise => self.constants.degrees("CLOCKWISE_LAP", 360.0),
            Rotation::Counterclockwise => self.constants.degrees("COUNTERCLOCKWISE_LAP", -360.0),
        }
    }

    /// A quarter turn to the side that a figure bends to.
    pub(super) fn quarter(&mut self, turn: Rotation) -> String {
        match turn {
            Rotation::Clockwise => self.constants.degrees("TO_THE_RIGHT", 90.0),
            Rotation::Counterclockwise => self.constants.degrees("TO_THE_LEFT", -90.0),
        }
    }

    /// Follows the arc in the variable `arc`, at whose start the vehicle is. `stays`: it ends where it begins.
    pub(super) fn fly_arc(
        &mut self,
        arc: &str,
        turn: Rotation,
        stays: bool,
        end: Option<PositionNed>,
        known: &mut Known,
        out: &mut Vec<Node>,
    ) {
        out.push(Node::call(format!("vehicle.follow_arc({arc}).await?")));
        if !stays {
            out.push(Node::track("here", format!("{arc}.end()")));
        }
        known.position = end;
        let opposite = match turn {
            Rotation::Clockwise => Rotation::Counterclockwise,
            Rotation::Counterclockwise => Rotation::Clockwise,
        };
        match known.nose.clone() {
            Some(Policy::Keep | Policy::IntoPattern) => {}
            Some(Policy::AlongPath) => {
                let aside = self.quarter(turn);
                out.push(Node::track("heading", format!("{arc}.start_bearing + {arc}.sweep + {aside}")));
                known.heading_deg = None;
            }
            Some(Policy::AgainstPath) => {
                let aside = self.quarter(opposite);
                out.push(Node::track("heading", format!("{arc}.start_bearing + {arc}.sweep + {aside}")));
                known.heading_deg = None;
            }
            Some(Policy::Heading(heading, heading_deg)) => {
                out.push(Node::track("heading", heading));
                known.heading_deg = Some(heading_deg);
            }
            Some(Policy::At(target, at)) => {
                out.push(Node::track("heading", format!("here.bearing_to({target})")));
                known.heading_deg = at.and_then(|at| Some(known.position?.bearing_deg(&at)));
            }
            None | Some(Policy::PerhapsIntoPattern) => {
                out.push(Node::track("heading", "vehicle.heading()"));
                known.heading_deg = None;
            }
        }
    }

    pub(super) fn figure_eight(
        &mut self,
        radius_m: f64,
        laps: u32,
        pattern: &Pattern<'_>,
        middle: Option<(String, Spot)>,
        known: &mut Known,
        out: &mut Vec<Node>,
    ) {
        let at = middle.as_ref().map_or(known.position, |(_, spot)| spot.at);
        self.course_variable(pattern, out);
        match &middle {
            Some((centre, _)) => {
                self.nose_into(centre, at, known, out);
                self.leg(LegTo { position: centre, call: None, course: None, at }, known, out);
            }
            None if known.nose == Some(Policy::IntoPattern) => {
                out.push(Node::local("centre", "here"));
                self.nose_into("centre", at, known, out);
            }
            None => {}
        }
        let radius = self.constants.metres("EIGHT_RADIUS", radius_m);
        let first = self.lap(pattern.turn);
        let second = self.lap(match pattern.turn {
            Rotation::Clockwise => Rotation::Counterclockwise,
            Rotation::Counterclockwise => Rotation::Clockwise,
        });
        // The middle of a circle lies a quarter turn beside the course, on the side that the circle bends to.
        let one = Node::each(
            format!("sweep in [{first}, {second}]"),
            vec![
                Node::Comment("The circle's middle lies a quarter turn beside the course.".into()),
                Node::local("aside", "sweep / 4.0"),
                Node::local("centre", format!("here.towards(course + aside, {radius})")),
                Node::local("orbit", format!("Arc::circle(centre, {radius}, course - aside, sweep)")),
                Node::call("vehicle.follow_arc(orbit).await?"),
            ],
        );
        out.push(match laps {
            1 => one,
            _ => Node::each(format!("_lap in 0..{}", self.constants.count("EIGHT_LAPS", laps)), vec![one]),
        });
        match known.nose.clone() {
            Some(Policy::Keep | Policy::IntoPattern) => {}
            Some(Policy::AlongPath) => {
                out.push(Node::track("heading", "course"));
                known.heading_deg = pattern.course.1;
            }
            Some(Policy::Heading(heading, heading_deg)) => {
                out.push(Node::track("heading", heading));
                known.heading_deg = Some(heading_deg);
            }
            _ => {
                out.push(Node::track("heading", "vehicle.heading()"));
                known.heading_deg = None;
            }
        }
    }

    pub(super) fn spiral(
        &mut self,
        (start_radius_m, end_radius_m, turns, climb_m): (f64, f64, f64, f64),
        pattern: &Pattern<'_>,
        middle: Option<(String, Spot)>,
        known: &mut Known,
        out: &mut Vec<Node>,
    ) {
        let at = middle.as_ref().map_or(known.position, |(_, spot)| spot.at);
        let in_place = middle.is_none() && start_radius_m < 0.05;
        let centre = match middle {
            Some((centre, _)) => centre,
            None => {
                out.push(Node::local("centre", "here"));
                "centre".into()
            }
        };
        self.nose_into(&centre, at, known, out);
        let start_radius = self.constants.metres("SPIRAL_START_RADIUS", start_radius_m);
        let end_radius = self.constants.metres("SPIRAL_END_RADIUS", end_radius_m);
        let turn_count = self.constants.named("SPIRAL_TURNS", "f64", number(turns));
        let climb = self.constants.metres("SPIRAL_CLIMB", climb_m);
        let centre = if centre == "centre" { centre } else { format!("centre: {centre}") };
        let lap = self.lap(pattern.turn);
        out.push(Node::local(
            "spiral",
            format!(
                "Arc {{ {centre}, start_bearing: {}, sweep: {lap} * {turn_count}, start_radius: {start_radius}, \
                 end_radius: {end_radius}, climb: {climb} }}",
                pattern.course.0
            ),
        ));
        let start = at.zip(pattern.course.1).map(|(centre, deg)| centre.towards(Degrees(deg), Metres(start_radius_m)));
        if !in_place {
            self.leg(LegTo { position: "spiral.start()", call: None, course: None, at: start }, known, out);
        }
        let end = at.zip(pattern.course.1).map(|(centre, start_deg)| {
            let end = centre.towards(Degrees(start_deg + 360.0 * turns * pattern.turn.sign()), Metres(end_radius_m));
            end.at_altitude(centre.altitude() + Metres(climb_m))
        });
        self.fly_arc("spiral", pattern.turn, false, end, known, out);
        if climb_m != 0.0 {
            known.altitude = None;
        }
    }

    pub(super) fn course_variable(&self, pattern: &Pattern<'_>, out: &mut Vec<Node>) {
        out.push(Node::local("course", pattern.course.0.clone()));
    }
}
