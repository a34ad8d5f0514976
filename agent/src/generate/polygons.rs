//! Figures of straight sides, from the square to the survey.
use super::GenerateError;
use super::code::Node;
use super::constants::number;
use super::figures::{Pattern, name};
use super::known::{Known, Policy};
use super::legs::LegTo;
use super::places::Spot;
use super::steps::Writer;
use flightsmith_mission::frame::{Forward, OffsetFrd, Right, Up};
use flightsmith_mission::plan::{Action, Rotation, Shape, Step};
use flightsmith_mission::units::{Degrees, wrap_360};

/// A walk around a figure, metres ahead and to the right of its first leg.
type Walk = Vec<(f64, f64)>;

impl Writer<'_> {
    pub(super) fn polygon(
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
            format!("OffsetFrd::by(Forward({ahead}), Right({aside}), Up(0.0))")
        };
        let by = |ahead_m: f64, aside_m: f64, course_deg: f64| {
            OffsetFrd::by(Forward(ahead_m), Right(aside_m), Up(0.0)).to_ned(Degrees(course_deg))
        };
        match middle {
            Some((centre, spot)) => {
                self.nose_into(&centre, spot.at, known, out);
                let note = "From the middle to the first corner, seen along the first leg.";
                let value = offset(-ahead_m, -aside_m);
                let first = self.constants.noted(&format!("{name}_FIRST_CORNER"), "OffsetFrd", value, note);
                let at = spot.at.zip(pattern.course.1).map(|(at, deg)| at + by(-ahead_m, -aside_m, deg));
                let position = format!("{centre} + {first}.to_ned(course)");
                self.leg(LegTo { position: &position, call: None, course: None, at }, known, out);
            }
            None if known.nose == Some(Policy::IntoPattern) => {
                let note = "From the first corner to the middle, seen along the first leg.";
                let value = offset(ahead_m, aside_m);
                let to_middle = self.constants.noted(&format!("{name}_MIDDLE"), "OffsetFrd", value, note);
                out.push(Node::local("centre", format!("here + {to_middle}.to_ned(course)")));
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
    pub(super) fn sides(
        &mut self,
        pattern: &Pattern<'_>,
        inside: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<Node, GenerateError> {
        let (name, turn) = (pattern.name, pattern.turn);
        let mut body = Vec::new();
        let (head, angle) = match *pattern.shape {
            Shape::Square { side_m } => {
                let side = self.constants.metres("SQUARE_SIDE", side_m);
                self.corner("course", &side, pattern.at_each, inside, &mut body)?;
                ("_side in 0..4".into(), self.quarter(turn))
            }
            Shape::Rectangle { length_m, width_m } => {
                let length = self.constants.metres("RECTANGLE_LENGTH", length_m);
                let width = self.constants.metres("RECTANGLE_WIDTH", width_m);
                self.corner("course", "side", pattern.at_each, inside, &mut body)?;
                let value = format!("[{length}, {width}, {length}, {width}]");
                let sides = self.constants.named("RECTANGLE_SIDES", "[Metres; 4]", value);
                (format!("side in {sides}"), self.quarter(turn))
            }
            Shape::Polygon { sides, side_m } => {
                let side = self.constants.metres(&format!("{name}_SIDE"), side_m);
                let count = self.constants.count(&format!("{name}_CORNERS"), sides);
                self.corner("course", &side, pattern.at_each, inside, &mut body)?;
                let sign = if turn.sign() < 0.0 { "-" } else { "" };
                let value = format!("Degrees({sign}360.0 / {count} as f64)");
                let note = "How much the course turns at each corner.";
                let angle = self.constants.noted(&format!("{name}_TURN"), "Degrees", value, note);
                (format!("_side in 0..{count}"), angle)
            }
            Shape::ExpandingSquare { spacing_m, legs } => {
                let spacing = self.constants.metres("SEARCH_SPACING", spacing_m);
                let count = self.constants.count("SEARCH_LEGS", legs);
                let length = format!("{spacing} * f64::from(leg / 2 + 1)");
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
    pub(super) fn tracks(
        &mut self,
        (length_m, width_m, spacing_m): (f64, f64, f64),
        pattern: &Pattern<'_>,
        inside: &mut Known,
        out: &mut Vec<Node>,
    ) -> Result<Node, GenerateError> {
        let gaps = gaps(width_m, spacing_m);
        let length = self.constants.metres("TRACK_LENGTH", length_m);
        let mut body = Vec::new();
        self.corner("course", &length, pattern.at_each, inside, &mut body)?;
        let count = self.constants.count("TRACKS", gaps + 1);
        if gaps > 0 {
            let width = self.constants.metres("SURVEY_WIDTH", width_m);
            let value = format!("Metres({width}.0 / ({count} - 1) as f64)");
            let note = format!("As many tracks as cover the width, at most {} m apart.", number(spacing_m));
            let gap = self.constants.noted("TRACK_GAP", "Metres", value, note);
            out.push(Node::local("across", format!("course + {}", self.quarter(pattern.turn))));
            let mut between = Vec::new();
            self.corner("across", &gap, pattern.at_each, inside, &mut between)?;
            body.push(Node::If { condition: format!("track < {count}"), then: between, otherwise: Vec::new() });
            let about = self.constants.degrees("HALF_TURN", 180.0);
            body.push(Node::track("course", format!("course + {about}")));
        }
        let track = if gaps > 0 { "track" } else { "_track" };
        Ok(Node::each(format!("{track} in 1..={count}"), body))
    }

    /// One side of a figure and what is done at its end.
    pub(super) fn corner(
        &mut self,
        course: &str,
        length: &str,
        at_each: &[Step],
        inside: &mut Known,
        body: &mut Vec<Node>,
    ) -> Result<(), GenerateError> {
        let position = format!("here.towards({course}, {length})");
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
