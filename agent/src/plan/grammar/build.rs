//! A figure's name and what was said about it, made into an action; what is missing, doubled or has no use is a fault.
use super::super::cursor::Cursor;
use super::super::refusal::FaultKind;
use super::attributes::{self, Attributes};
use super::direction::tidy;
use super::figures::{Name, steps};
use super::{Form, Motion};
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::plan::{Action, Direction, Nose, OrbitAmount, Place, Rotation, Shape};

pub(super) fn build(c: &mut Cursor<'_>, name: Name, mut said: Attributes, from: usize) -> Form {
    let turn = said.rotation.unwrap_or(Rotation::Clockwise);
    if said.rotation.is_none() {
        c.note(match name {
            Name::Circle | Name::Spiral => "circles go clockwise unless said otherwise",
            Name::Lawnmower => "a survey lies to the right of its first track unless said otherwise",
            _ => "figures bend to the right (clockwise) unless said otherwise",
        });
    }
    let centre = said.centre.take();
    let (radius, times) = (radius(c, name, &mut said, from), said.times.take());
    let mut figure = Figure { said, from, turn, centre, radius, times, climb_to: None };
    let action = match name {
        Name::Circle => figure.circle(c),
        Name::Spiral => figure.spiral(c),
        Name::FigureEight => figure.eight(c),
        Name::Square => figure.polygon(c, Some(4.0), true),
        Name::Polygon(sides) => figure.polygon(c, Some(f64::from(sides)), false),
        Name::AnyPolygon => {
            let sides = figure.said.sides.take();
            figure.polygon(c, sides, false)
        }
        Name::Rectangle => figure.rectangle(c),
        Name::ExpandingSquare => figure.expanding_square(c),
        Name::Lawnmower => figure.survey(c),
    };
    figure.unused(c);
    let Figure { mut said, centre, times, climb_to, .. } = figure;
    if let Some(Nose::At { place }) = &said.nose
        && Some(place) == centre.as_ref()
        && matches!(name, Name::Circle | Name::Spiral)
    {
        said.nose = Some(Nose::IntoPattern);
    }
    let times = times.map(|times| attributes::whole(c, times, from) as u32);
    Form::Motion(Motion {
        speed: said.speed,
        nose: said.nose,
        height: said.height,
        start: said.start,
        climb_to,
        times,
        what: vec![action],
        pauses: vec![],
    })
}

/// Two ways to say one amount; only one of them may be used, or both alike.
pub(super) fn either(c: &mut Cursor<'_>, ways: [Option<f64>; 2], from: usize, what: &str) -> Option<f64> {
    if let [Some(first), Some(second)] = ways
        && first != second
    {
        let message = format!("says two different amounts for its {what}");
        c.fault(FaultKind::Contradictory, from, message, format!("say one {what}"));
    }
    ways[0].or(ways[1])
}

/// The radius, also said as a diameter.
fn radius(c: &mut Cursor<'_>, name: Name, said: &mut Attributes, from: usize) -> Option<f64> {
    let wide = matches!(name, Name::Circle | Name::FigureEight) && said.length.is_none();
    let width = if wide { said.width.take() } else { None };
    let diameter = either(c, [said.diameter.take(), width], from, "width");
    match (said.radius.take(), diameter) {
        (Some(radius), Some(diameter)) if (diameter - 2.0 * radius).abs() > 1e-6 => {
            c.fault(FaultKind::Contradictory, from, "radius and diameter do not fit together", "say one of them");
            Some(radius)
        }
        (radius, diameter) => radius.or(diameter.map(|diameter| diameter / 2.0)),
    }
}

/// A figure in the making: attributes are taken out of `said` as they are used.
struct Figure {
    said: Attributes,
    from: usize,
    turn: Rotation,
    centre: Option<Place>,
    radius: Option<f64>,
    times: Option<f64>,
    climb_to: Option<Altitude>,
}

impl Figure {
    /// An amount that must have been said.
    fn need(&self, c: &mut Cursor<'_>, value: Option<f64>, what: &str, hint: &str) -> f64 {
        value.unwrap_or_else(|| {
            c.fault(FaultKind::Unclear, self.from, format!("{what} is not said"), hint);
            1.0
        })
    }
    fn contradiction(&self, c: &mut Cursor<'_>, message: &str, hint: &str) {
        c.fault(FaultKind::Contradictory, self.from, message, hint);
    }
    /// Laps, also said as a number of times.
    fn laps(&mut self, c: &mut Cursor<'_>) -> Option<f64> {
        either(c, [self.said.laps.take(), self.times.take()], self.from, "number of laps")
    }
    fn around(&self, c: &mut Cursor<'_>) -> Place {
        if self.centre.is_none() {
            c.note("a circle without a centre is flown around the place where it begins");
        }
        self.centre.clone().unwrap_or(Place::Here)
    }

    fn circle(&mut self, c: &mut Cursor<'_>) -> Action {
        if self.radius.is_none() && self.said.size.is_some() {
            c.note("the size of a circle is taken as its radius");
        }
        // `circle home at a distance of 20 m`
        let radius = either(c, [self.radius.take(), self.said.spacing.take()], self.from, "radius");
        let radius = either(c, [radius, self.said.size.take()], self.from, "radius");
        let hint = "say the radius, for example a circle of 20 m radius, or orbit home at a radius of 20 m";
        let radius_m = self.need(c, radius, "the radius", hint);
        let amount = match (self.laps(c), self.said.duration.take()) {
            (Some(laps), None) => OrbitAmount::Laps(laps),
            (None, Some(seconds)) => OrbitAmount::Seconds(seconds),
            (None, None) => {
                c.note("a circle is flown once unless said otherwise");
                OrbitAmount::Laps(1.0)
            }
            (Some(laps), Some(_)) => {
                self.contradiction(c, "both a number of laps and a duration", "say one of them");
                OrbitAmount::Laps(laps)
            }
        };
        self.climb_to = self.said.climb_to.take();
        let climb_m = self.said.climb_by.take().unwrap_or(0.0);
        Action::Orbit { centre: self.around(c), radius_m, amount, turn: self.turn, climb_m }
    }

    fn spiral(&mut self, c: &mut Cursor<'_>) -> Action {
        let said = &self.said;
        if said.upwards.is_some() || (self.radius.is_some() && said.to_radius.is_none()) {
            return self.helix(c);
        }
        let turns = self.laps(c);
        let last = either(c, [self.said.to_radius.take(), self.radius.take()], self.from, "radius");
        let last = either(c, [last, self.said.size.take()], self.from, "radius");
        let (start_radius_m, end_radius_m) = match (self.said.from_radius.take(), last, self.said.outwards.take()) {
            (Some(first), Some(last), way) => {
                if way.is_some_and(|out| out != (last > first)) {
                    let hint = "spiral out from the smaller to the larger radius";
                    self.contradiction(c, "the radii do not fit in or out", hint);
                }
                (first, last)
            }
            (None, Some(last), Some(true) | None) => {
                c.note("a spiral outwards begins in its middle");
                (0.0, last)
            }
            _ => {
                let hint = "say them, for example spiral out to 30 m radius in 3 turns, or spiral in from 30 m to 5 m";
                c.fault(FaultKind::Unclear, self.from, "the radii are not said", hint);
                (0.0, 1.0)
            }
        };
        let by_spacing = self.said.spacing.take().map(|spacing| (end_radius_m - start_radius_m).abs() / spacing);
        let turns = either(c, [turns, by_spacing], self.from, "number of turns");
        let turns = self.need(c, turns, "the number of turns", "say how many, for example in 3 turns, or the spacing");
        self.climb_to = self.said.climb_to.take();
        let climb_m = self.said.climb_by.take().unwrap_or(0.0);
        self.pattern(c, Shape::Spiral { start_radius_m, end_radius_m, turns, climb_m })
    }

    /// `spiral up`: a circle that climbs.
    fn helix(&mut self, c: &mut Cursor<'_>) -> Action {
        let radius = either(c, [self.radius.take(), self.said.size.take()], self.from, "radius");
        let hint = "say the radius, for example spiral up to 30 m with a radius of 10 m in 3 turns";
        let radius_m = self.need(c, radius, "the radius", hint);
        let turns = self.laps(c);
        let laps = self.need(c, turns, "the number of turns", "say how many, for example in 3 turns");
        self.climb_to = self.said.climb_to.take();
        let climb = self.said.climb_by.take();
        if self.climb_to.is_none() && climb.is_none() {
            let hint = "say it, for example spiral up to 30 m";
            c.fault(FaultKind::Unclear, self.from, "to which height is not said", hint);
        }
        let amount = OrbitAmount::Laps(laps);
        Action::Orbit { centre: self.around(c), radius_m, amount, turn: self.turn, climb_m: climb.unwrap_or(0.0) }
    }

    fn eight(&mut self, c: &mut Cursor<'_>) -> Action {
        if self.radius.is_none() && self.said.size.is_some() {
            c.note("the size of a figure of eight is taken as the radius of its circles");
        }
        let radius = either(c, [self.radius.take(), self.said.size.take()], self.from, "radius");
        let hint = "say the radius of its circles, for example a figure of eight with 10 m radius";
        let radius_m = self.need(c, radius, "the size", hint);
        let laps = self.laps(c).unwrap_or(1.0);
        let laps = attributes::whole(c, laps, self.from) as u32;
        self.pattern(c, Shape::FigureEight { radius_m, laps })
    }

    fn polygon(&mut self, c: &mut Cursor<'_>, sides: Option<f64>, square: bool) -> Action {
        let hint = "say it, for example a polygon with 5 sides of 20 m";
        let sides = self.need(c, sides, "the number of sides", hint);
        if !(3.0..=24.0).contains(&sides) || sides.fract() != 0.0 {
            let message = format!("a polygon with {sides} sides is not flown");
            c.fault(FaultKind::BadNumber, self.from, message, "say 3 to 24 sides");
        }
        let mut side = either(c, [self.said.side.take(), self.said.size.take()], self.from, "side");
        if side.is_none() && square && self.said.length.is_some() && self.said.length == self.said.width {
            side = self.said.length.take();
            self.said.width = None;
        }
        let by_radius = self.radius.take().map(|radius| {
            c.note("the radius of a polygon is the distance from its middle to its corners");
            tidy(2.0 * radius * (std::f64::consts::PI / sides.max(3.0)).sin())
        });
        let side = either(c, [side, by_radius], self.from, "side");
        let hint = "say it, for example a square with 40 m sides";
        let side_m = self.need(c, side, "the length of its sides", hint);
        self.times = self.laps(c);
        let sides = sides.clamp(0.0, 1000.0) as u32;
        self.pattern(c, if square { Shape::Square { side_m } } else { Shape::Polygon { sides, side_m } })
    }

    fn rectangle(&mut self, c: &mut Cursor<'_>) -> Action {
        let hint = "say both sides, for example a rectangle of 60 by 30 m";
        let (length, width) = (self.said.length.take(), self.said.width.take());
        let length_m = self.need(c, length, "the length", hint);
        let width_m = self.need(c, width, "the width", hint);
        self.times = self.laps(c);
        self.pattern(c, Shape::Rectangle { length_m, width_m })
    }

    fn expanding_square(&mut self, c: &mut Cursor<'_>) -> Action {
        // It can only go outwards.
        self.said.outwards.take_if(|outwards| *outwards);
        let spacing = either(c, [self.said.spacing.take(), self.said.size.take()], self.from, "track spacing");
        let hint = "say it, for example an expanding square with 10 m spacing and 8 legs";
        let spacing_m = self.need(c, spacing, "the track spacing", hint);
        let by_laps = self.said.laps.take().map(|laps| laps * 4.0);
        let by_reach = self.said.to_radius.take().map(|reach_m| {
            c.note("an expanding square reaches out as far as said with its last legs");
            (reach_m / spacing_m).ceil() * 4.0
        });
        let legs = either(c, [self.said.legs.take(), by_laps], self.from, "number of legs");
        let legs = either(c, [legs, by_reach], self.from, "number of legs");
        let legs = self.need(c, legs, "the number of legs", "say it, for example with 8 legs");
        let legs = attributes::whole(c, legs, self.from) as u32;
        self.pattern(c, Shape::ExpandingSquare { spacing_m, legs })
    }

    fn survey(&mut self, c: &mut Cursor<'_>) -> Action {
        let hint = "say the area and the spacing, for example survey an area of 60 by 40 m with 10 m spacing";
        let (length, width, spacing) = (self.said.length.take(), self.said.width.take(), self.said.spacing.take());
        let length_m = self.need(c, length, "the length of the area", hint);
        let width_m = self.need(c, width, "the width of the area", hint);
        let hint = "say it, for example with tracks 10 m apart";
        let spacing_m = self.need(c, spacing, "the spacing of the tracks", hint);
        if self.said.first_leg.is_none() {
            c.note("the tracks of a survey run north and south along its first side unless said otherwise");
        }
        self.pattern(c, Shape::Lawnmower { length_m, width_m, spacing_m })
    }

    fn pattern(&mut self, c: &mut Cursor<'_>, shape: Shape) -> Action {
        let first_leg = self.said.first_leg.take().unwrap_or_else(|| {
            if !matches!(shape, Shape::Lawnmower { .. }) {
                c.note("the first leg of a figure goes north unless said otherwise");
            }
            Direction::Bearing(0.0)
        });
        let at_each = std::mem::take(&mut self.said.at_each);
        let round = matches!(shape, Shape::Spiral { .. } | Shape::FigureEight { .. });
        if round && !at_each.is_empty() {
            c.fault(FaultKind::Unclear, self.from, "it has no corners", "say how often, or use a polygon");
        }
        let at_each = steps(at_each, c.text_since(self.from));
        Action::Pattern { shape, first_leg, turn: self.turn, centre: self.centre.clone(), at_each }
    }

    /// What was said about the figure and has no place in it.
    fn unused(&self, c: &mut Cursor<'_>) {
        let said = &self.said;
        let left = [
            (self.radius.is_some(), "a radius"),
            (said.size.is_some(), "a second size"),
            (said.side.is_some(), "a side"),
            (said.length.is_some(), "a length"),
            (said.width.is_some(), "a width"),
            (said.laps.is_some(), "a number of laps"),
            (said.duration.is_some(), "a duration"),
            (said.first_leg.is_some(), "a first leg"),
            (said.from_radius.is_some() || said.to_radius.is_some(), "radii from and to"),
            (said.outwards.is_some(), "in or out"),
            (said.climb_to.is_some() || said.climb_by.is_some(), "a climb"),
            (said.spacing.is_some(), "a spacing"),
            (said.legs.is_some(), "a number of legs"),
            (said.sides.is_some(), "a number of sides"),
            (said.straight.is_some(), "a straight line"),
            (!said.at_each.is_empty(), "something done at each corner"),
        ];
        for (_, what) in left.iter().filter(|(is_left, _)| *is_left) {
            let message = format!("the figure has no use for {what}");
            self.contradiction(c, &message, "leave it out, or say it of another step");
        }
    }
}
