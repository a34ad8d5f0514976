//! Orbits and patterns as loops, in the order in which a person would fly them.
//!
//! Figures are computed from their sizes by the generated program; the contract's geometry is computed elsewhere and on purpose
//! not used here.
use super::GenerateError;
use super::code::Node;
use super::constants::{number, wind_name};
use super::known::{Known, Policy};
use super::nose::flies_before_figure;
use super::places::{Height, Spot};
use super::steps::Writer;
use flightsmith_mission::plan::{Action, Direction, Rotation, Shape, Step};
use flightsmith_mission::units::wrap_360;

/// A pattern whose first leg has a name.
pub(super) struct Pattern<'a> {
    /// What its constants are called after.
    pub name: &'static str,
    pub shape: &'a Shape,
    pub turn: Rotation,
    pub at_each: &'a [Step],
    /// Direction of the first leg: an expression, and its value where it is known.
    pub course: (String, Option<f64>),
}

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

/// What the constants of a figure are called after.
pub(super) fn name(shape: &Shape) -> &'static str {
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
