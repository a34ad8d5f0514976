//! Orbits and patterns as loops, in the order in which a person would fly them.
//!
//! Figures are computed from their sizes by the generated program; the contract's geometry is computed elsewhere and on purpose
//! not used here.
use super::GenerateError;
use super::code::Node;
use super::constants::{number, wind_name};
use super::known::{Known, Policy};
use super::places::{Height, Spot};
use super::steps::{LegTo, Writer, flies_before_figure};
use flightsmith_mission::frame::{OffsetFrd, PositionNed};
use flightsmith_mission::plan::{Action, Direction, OrbitAmount, Place, Rotation, Shape, Step};
use flightsmith_mission::units::wrap_360;

/// A pattern whose first leg has a name.
struct Pattern<'a> {
    /// What its constants are called after.
    name: &'static str,
    shape: &'a Shape,
    turn: Rotation,
    at_each: &'a [Step],
    /// Direction of the first leg: an expression, and its value where it is known.
    course: (String, Option<f64>),
}

/// A walk around a figure, metres ahead and to the right of its first leg.
type Walk = Vec<(f64, f64)>;

impl Writer<'_> {
    /// An orbit or a pattern.
    pub(super) fn figure(
        &mut self,
        action: &Action,
        rest: &[Step],
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<(), GenerateError> {
        let nose = known.nose.clone();
        if nose == Some(Policy::PerhapsIntoPattern) {
            return Err(GenerateError::NoseDependsOnTheWay);
        }
        match action {
            Action::Orbit { centre, radius_m, amount, turn, climb_m } => {
                self.orbit(centre, *radius_m, amount, *turn, *climb_m, known, out);
            }
            Action::Pattern { shape, first_leg, turn, centre, at_each } => {
                let name = name(shape);
                let course = self.course(first_leg, name, known);
                let pattern = Pattern { name, shape, turn: *turn, at_each, course };
                let middle = centre.as_ref().map(|place| {
                    let spot = self.spot(place, &Height::Present, &format!("{name}_CENTRE"), known);
                    (self.kept("centre", &spot, out), spot)
                });
                self.pattern(pattern, middle, known, out)?;
            }
            _ => {}
        }
        if nose == Some(Policy::IntoPattern) {
            known.nose = nose;
            if flies_before_figure(rest) {
                self.order_nose("Nose::Keep", out);
            }
        }
        Ok(())
    }

    /// Points the nose into the middle of a figure where the mission wants that.
    fn nose_into(&mut self, middle: &str, at: Option<PositionNed>, known: &mut Known, out: &mut Vec<Node>) {
        if known.nose == Some(Policy::IntoPattern) {
            out.push(Node::call(format!("vehicle.set_nose(Nose::At({middle}))")));
            known.nose = Some(Policy::At(middle.into(), at));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of the plan's orbit, once, where it is taken apart")]
    fn orbit(
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
            Some(_) => format!("Degrees({centre}.bearing_deg(&here))"),
            None => {
                self.needs_entry_bearing = true;
                format!("entry_bearing(&{centre}, &here)")
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
        let at = start_bearing_deg.and_then(|deg| Some(spot.at?.towards(deg, radius_m)));
        self.leg(LegTo { position: "orbit.start()", call: None, course: None, at }, known, out);
        let laps = match amount {
            OrbitAmount::Laps(laps) => Some(*laps),
            OrbitAmount::Seconds(_) => None,
        };
        let end = spot.at.zip(start_bearing_deg).zip(laps).map(|((centre, start_deg), laps)| {
            let end = centre.towards(start_deg + 360.0 * laps * turn.sign(), radius_m);
            end.at_altitude(centre.altitude_m() + climb_m)
        });
        let stays = climb_m == 0.0 && laps.is_some_and(|laps| laps.fract() == 0.0);
        self.fly_arc("orbit", turn, stays, end, known, out);
        if climb_m != 0.0 {
            known.altitude = None;
        }
    }

    /// How many laps, as an expression.
    fn laps(&mut self, amount: &OrbitAmount, radius: &str, known: &Known, out: &mut Vec<Node>) -> String {
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
    fn lap(&mut self, turn: Rotation) -> String {
        match turn {
            Rotation::Clockwise => self.constants.degrees("CLOCKWISE_LAP", 360.0),
            Rotation::Counterclockwise => self.constants.degrees("COUNTERCLOCKWISE_LAP", -360.0),
        }
    }

    /// A quarter turn to the side that a figure bends to.
    fn quarter(&mut self, turn: Rotation) -> String {
        match turn {
            Rotation::Clockwise => self.constants.degrees("TO_THE_RIGHT", 90.0),
            Rotation::Counterclockwise => self.constants.degrees("TO_THE_LEFT", -90.0),
        }
    }

    /// Follows the arc in the variable `arc`, at whose start the vehicle is. `stays`: it ends where it begins.
    fn fly_arc(
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
                out.push(Node::track("heading", format!("Degrees(here.bearing_deg(&{target}))")));
                known.heading_deg = at.and_then(|at| Some(known.position?.bearing_deg(&at)));
            }
            None | Some(Policy::PerhapsIntoPattern) => {
                out.push(Node::track("heading", "vehicle.heading()"));
                known.heading_deg = None;
            }
        }
    }

    fn pattern(
        &mut self,
        pattern: Pattern<'_>,
        middle: Option<(String, Spot)>,
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<(), GenerateError> {
        match *pattern.shape {
            Shape::FigureEight { radius_m, laps } => {
                self.figure_eight(radius_m, laps, &pattern, middle, known, out);
                Ok(())
            }
            Shape::Spiral { start_radius_m, end_radius_m, turns, climb_m } => {
                let sizes = (start_radius_m, end_radius_m, turns, climb_m);
                self.spiral(sizes, &pattern, middle, known, out);
                Ok(())
            }
            _ => self.polygon(&pattern, middle, known, out),
        }
    }

    fn figure_eight(
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
                Node::local("centre", format!("here.towards((course + aside).0, {radius}.0)")),
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

    fn spiral(
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
        let start = at.zip(pattern.course.1).map(|(centre, deg)| centre.towards(deg, start_radius_m));
        if !in_place {
            self.leg(LegTo { position: "spiral.start()", call: None, course: None, at: start }, known, out);
        }
        let end = at.zip(pattern.course.1).map(|(centre, start_deg)| {
            let end = centre.towards(start_deg + 360.0 * turns * pattern.turn.sign(), end_radius_m);
            end.at_altitude(centre.altitude_m() + climb_m)
        });
        self.fly_arc("spiral", pattern.turn, false, end, known, out);
        if climb_m != 0.0 {
            known.altitude = None;
        }
    }

    fn course_variable(&self, pattern: &Pattern<'_>, out: &mut Vec<Node>) {
        out.push(Node::local("course", pattern.course.0.clone()));
    }

    fn polygon(
        &mut self,
        pattern: &Pattern<'_>,
        middle: Option<(String, Spot)>,
        known: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<(), GenerateError> {
        let name = pattern.name;
        let walk = walk(pattern.shape, pattern.turn);
        let (ahead_m, aside_m) = middle_of(&walk, pattern.course.1.unwrap_or(0.0));
        self.course_variable(pattern, out);
        let offset = |ahead_m: f64, aside_m: f64| {
            let (ahead, aside) = (number(ahead_m), number(aside_m));
            format!("OffsetFrd {{ forward_m: {ahead}, right_m: {aside}, down_m: 0.0 }}")
        };
        let by = |ahead_m: f64, aside_m: f64, course_deg: f64| {
            OffsetFrd { forward_m: ahead_m, right_m: aside_m, down_m: 0.0 }.to_ned(course_deg)
        };
        match middle {
            Some((centre, spot)) => {
                self.nose_into(&centre, spot.at, known, out);
                let note = "From the middle to the first corner, seen along the first leg.";
                let value = offset(-ahead_m, -aside_m);
                let first = self.constants.noted(&format!("{name}_FIRST_CORNER"), "OffsetFrd", value, note);
                let at = spot.at.zip(pattern.course.1).map(|(at, deg)| at + by(-ahead_m, -aside_m, deg));
                let position = format!("{centre} + {first}.to_ned(course.0)");
                self.leg(LegTo { position: &position, call: None, course: None, at }, known, out);
            }
            None if known.nose == Some(Policy::IntoPattern) => {
                let note = "From the first corner to the middle, seen along the first leg.";
                let value = offset(ahead_m, aside_m);
                let to_middle = self.constants.noted(&format!("{name}_MIDDLE"), "OffsetFrd", value, note);
                out.push(Node::local("centre", format!("here + {to_middle}.to_ned(course.0)")));
                let at = known.position.zip(pattern.course.1).map(|(at, deg)| at + by(ahead_m, aside_m, deg));
                self.nose_into("centre", at, known, out);
            }
            None => {}
        }
        let first = known.position;
        // Inside the loop every round is somewhere else.
        let mut inside = Known { position: None, heading_deg: None, ..known.clone() };
        let node = self.sides(pattern, &mut inside, out)?;
        out.push(node);
        let kept = matches!(known.nose, Some(Policy::Keep | Policy::IntoPattern));
        let turns = pattern.at_each.iter().any(|step| matches!(step.action, Action::Turn { .. }));
        if !kept || turns {
            known.heading_deg = None;
        }
        let (end_ahead_m, end_aside_m) = walk[walk.len() - 1];
        known.position = first.zip(pattern.course.1).map(|(at, deg)| at + by(end_ahead_m, end_aside_m, deg));
        if walk[0] == walk[walk.len() - 1] {
            known.position = first;
        }
        Ok(())
    }

    /// The loop over the sides of a figure.
    fn sides(&mut self, pattern: &Pattern<'_>, inside: &mut Known, out: &mut Vec<Node>) -> Result<Node, GenerateError> {
        let (name, turn) = (pattern.name, pattern.turn);
        let mut body = Vec::new();
        let (head, angle) = match *pattern.shape {
            Shape::Square { side_m } => {
                let side = self.constants.metres("SQUARE_SIDE", side_m);
                self.corner("course", &format!("{side}.0"), pattern.at_each, inside, &mut body)?;
                ("_side in 0..4".into(), self.quarter(turn))
            }
            Shape::Rectangle { length_m, width_m } => {
                let length = self.constants.metres("RECTANGLE_LENGTH", length_m);
                let width = self.constants.metres("RECTANGLE_WIDTH", width_m);
                self.corner("course", "side.0", pattern.at_each, inside, &mut body)?;
                let value = format!("[{length}, {width}, {length}, {width}]");
                let sides = self.constants.named("RECTANGLE_SIDES", "[Metres; 4]", value);
                (format!("side in {sides}"), self.quarter(turn))
            }
            Shape::Polygon { sides, side_m } => {
                let side = self.constants.metres(&format!("{name}_SIDE"), side_m);
                let count = self.constants.count(&format!("{name}_CORNERS"), sides);
                self.corner("course", &format!("{side}.0"), pattern.at_each, inside, &mut body)?;
                let sign = if turn.sign() < 0.0 { "-" } else { "" };
                let value = format!("Degrees({sign}360.0 / {count} as f64)");
                let note = "How much the course turns at each corner.";
                let angle = self.constants.noted(&format!("{name}_TURN"), "Degrees", value, note);
                (format!("_side in 0..{count}"), angle)
            }
            Shape::ExpandingSquare { spacing_m, legs } => {
                let spacing = self.constants.metres("SEARCH_SPACING", spacing_m);
                let count = self.constants.count("SEARCH_LEGS", legs);
                let length = format!("{spacing}.0 * f64::from(leg / 2 + 1)");
                self.corner("course", &length, pattern.at_each, inside, &mut body)?;
                (format!("leg in 0..{count}"), self.quarter(turn))
            }
            Shape::Lawnmower { length_m, width_m, spacing_m } => {
                return self.tracks((length_m, width_m, spacing_m), pattern, inside, out);
            }
            Shape::FigureEight { .. } | Shape::Spiral { .. } => return Err(GenerateError::NotAtEach),
        };
        body.push(Node::track("course", format!("course + {angle}")));
        let figure = closed_name(pattern.shape);
        Ok(Node::For { head, body, figure })
    }

    /// Parallel tracks, there and back.
    fn tracks(
        &mut self,
        (length_m, width_m, spacing_m): (f64, f64, f64),
        pattern: &Pattern<'_>,
        inside: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<Node, GenerateError> {
        let gaps = gaps(width_m, spacing_m);
        let length = self.constants.metres("TRACK_LENGTH", length_m);
        let mut body = Vec::new();
        self.corner("course", &format!("{length}.0"), pattern.at_each, inside, &mut body)?;
        let count = self.constants.count("TRACKS", gaps + 1);
        if gaps > 0 {
            let width = self.constants.metres("SURVEY_WIDTH", width_m);
            let value = format!("Metres({width}.0 / ({count} - 1) as f64)");
            let note = format!("As many tracks as cover the width, at most {} m apart.", number(spacing_m));
            let gap = self.constants.noted("TRACK_GAP", "Metres", value, note);
            out.push(Node::local("across", format!("course + {}", self.quarter(pattern.turn))));
            let mut between = Vec::new();
            self.corner("across", &format!("{gap}.0"), pattern.at_each, inside, &mut between)?;
            body.push(Node::If { condition: format!("track < {count}"), then: between, otherwise: Vec::new() });
            let about = self.constants.degrees("HALF_TURN", 180.0);
            body.push(Node::track("course", format!("course + {about}")));
        }
        let track = if gaps > 0 { "track" } else { "_track" };
        Ok(Node::each(format!("{track} in 1..={count}"), body))
    }

    /// One side of a figure and what is done at its end.
    fn corner(
        &mut self,
        course: &str,
        length: &str,
        at_each: &[Step],
        inside: &mut Known,
        body: &mut Vec<Node>,
    ) -> Result<(), GenerateError> {
        let position = format!("here.towards({course}.0, {length})");
        self.leg(LegTo { position: &position, call: None, course: Some(course.into()), at: None }, inside, body);
        self.at_each(at_each, inside, body)
    }

    /// What is done at each corner or place.
    pub(super) fn at_each(
        &mut self,
        steps: &[Step],
        known: &mut Known,
        body: &mut Vec<Node>,
    ) -> Result<(), GenerateError> {
        let mut said = None;
        for step in steps {
            self.comment(step, &mut said, body);
            self.small_step(step, known, body)?;
        }
        if steps.iter().any(|step| matches!(step.action, Action::Turn { .. })) {
            self.nose_after_turn(known, body);
        }
        Ok(())
    }

    /// What the words of a step leave open and the plan has decided, for its comment.
    pub(super) fn detail(&self, action: &Action) -> Option<String> {
        match action {
            Action::Orbit { turn, .. } => Some(format!("{}, entered at its nearest point", around(*turn))),
            Action::Pattern { shape, first_leg, turn, .. } => {
                let first = match first_leg {
                    Direction::Bearing(deg) => wind_name(wrap_360(*deg)).map_or_else(
                        || format!("at {} degrees", number(*deg)),
                        |wind| wind.to_ascii_lowercase().replace('_', "-"),
                    ),
                    Direction::FromNose(0.0) => "ahead".into(),
                    Direction::FromNose(deg) => format!("at {} degrees from the nose", number(*deg)),
                };
                let side = if turn.sign() > 0.0 { "right" } else { "left" };
                Some(match shape {
                    Shape::FigureEight { .. } => format!("begins {first}, first circle to the {side}"),
                    Shape::Spiral { .. } => format!("{}, begins {first} of its middle", around(*turn)),
                    Shape::ExpandingSquare { .. } => {
                        format!("legs of 1, 1, 2, 2, 3, 3 .. spacings, the first {first}, turning {side}")
                    }
                    Shape::Lawnmower { .. } => format!("first track {first}, the others to its {side}"),
                    _ => format!("first side {first}, turning {side}"),
                })
            }
            _ => None,
        }
    }
}

fn around(turn: Rotation) -> &'static str {
    match turn {
        Rotation::Clockwise => "clockwise from above",
        Rotation::Counterclockwise => "counterclockwise from above",
    }
}

fn name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Square { .. } => "SQUARE",
        Shape::Rectangle { .. } => "RECTANGLE",
        Shape::Polygon { sides, .. } => match sides {
            3 => "TRIANGLE",
            4 => "SQUARE",
            5 => "PENTAGON",
            6 => "HEXAGON",
            7 => "HEPTAGON",
            8 => "OCTAGON",
            _ => "POLYGON",
        },
        Shape::FigureEight { .. } => "EIGHT",
        Shape::Spiral { .. } => "SPIRAL",
        Shape::ExpandingSquare { .. } => "SEARCH",
        Shape::Lawnmower { .. } => "SURVEY",
    }
}

/// The name of a figure that ends in its first corner.
fn closed_name(shape: &Shape) -> Option<&'static str> {
    match name(shape) {
        "SQUARE" => Some("square"),
        "RECTANGLE" => Some("rectangle"),
        "TRIANGLE" => Some("triangle"),
        "PENTAGON" => Some("pentagon"),
        "HEXAGON" => Some("hexagon"),
        "HEPTAGON" => Some("heptagon"),
        "OCTAGON" => Some("octagon"),
        "POLYGON" => Some("polygon"),
        _ => None,
    }
}

/// Gaps between tracks that are at most `spacing_m` apart and cover `width_m` exactly.
fn gaps(width_m: f64, spacing_m: f64) -> u32 {
    // Ten tracks of 10 m must not become eleven because 100.00000000000001 / 10 is more than ten.
    (width_m / spacing_m - 1e-9).ceil().max(0.0) as u32
}

fn walk(shape: &Shape, turn: Rotation) -> Walk {
    let mut walk = vec![(0.0, 0.0)];
    let mut course_deg: f64 = 0.0;
    let mut go = |course_deg: f64, length_m: f64| {
        let (ahead_m, aside_m) = walk[walk.len() - 1];
        let (sin, cos) = course_deg.to_radians().sin_cos();
        walk.push((ahead_m + length_m * cos, aside_m + length_m * sin));
    };
    let mut sides = |lengths_m: &[f64], angle_deg: f64| {
        for length_m in lengths_m {
            go(course_deg, *length_m);
            course_deg += angle_deg * turn.sign();
        }
    };
    match *shape {
        Shape::Square { side_m } => sides(&[side_m; 3], 90.0),
        Shape::Rectangle { length_m, width_m } => sides(&[length_m, width_m, length_m], 90.0),
        Shape::Polygon { sides: count, side_m } => {
            sides(&vec![side_m; count as usize - 1], 360.0 / f64::from(count));
        }
        Shape::ExpandingSquare { spacing_m, legs } => {
            let lengths_m: Vec<f64> = (0..legs).map(|leg| spacing_m * f64::from(leg / 2 + 1)).collect();
            sides(&lengths_m, 90.0);
        }
        Shape::Lawnmower { length_m, width_m, spacing_m } => {
            let gaps = gaps(width_m, spacing_m);
            for track in 0..=gaps {
                go(if track % 2 == 0 { 0.0 } else { 180.0 }, length_m);
                if track < gaps {
                    go(90.0 * turn.sign(), width_m / f64::from(gaps));
                }
            }
        }
        Shape::FigureEight { .. } | Shape::Spiral { .. } => {}
    }
    if matches!(shape, Shape::Square { .. } | Shape::Rectangle { .. } | Shape::Polygon { .. }) {
        walk.push((0.0, 0.0));
    }
    walk
}

/// The middle of a walk whose first leg has this course: of closed figures the mean of the corners, of others the middle of the
/// box along north and east around them.
fn middle_of(walk: &Walk, course_deg: f64) -> (f64, f64) {
    if walk.len() > 2 && walk[0] == walk[walk.len() - 1] {
        let count = (walk.len() - 1) as f64;
        let sum = walk[1..].iter().fold((0.0, 0.0), |sum, corner| (sum.0 + corner.0, sum.1 + corner.1));
        return (sum.0 / count, sum.1 / count);
    }
    let (sin, cos) = wrap_360(course_deg).to_radians().sin_cos();
    let turned: Walk =
        walk.iter().map(|(ahead, aside)| (ahead * cos - aside * sin, ahead * sin + aside * cos)).collect();
    let middle = |value: fn(&(f64, f64)) -> f64| {
        let (low, high) =
            turned.iter().map(value).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        (low + high) / 2.0
    };
    let (north_m, east_m) = (middle(|corner| corner.0), middle(|corner| corner.1));
    (north_m * cos + east_m * sin, east_m * cos - north_m * sin)
}
