//! Figures by name: square to survey, circle to spiral, and visits of several places.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount, number};
use super::super::refusal::FaultKind;
use super::attributes::{self, Attributes, Scope};
use super::place::place;
use super::{Form, Motion};
use flightsmith_mission::plan::{
    Action, Direction, Nose, OrbitAmount, Place, Rotation, Shape, Step, VisitOrder, Waypoint,
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Name {
    Square,
    Rectangle,
    Polygon(u32),
    AnyPolygon,
    FigureEight,
    Circle,
    Spiral,
    ExpandingSquare,
    Lawnmower,
}

const NAMES: &[(&str, Name)] = &[
    ("expanding (square|box) [search] [pattern]|expanding - (square|box) [search] [pattern]", Name::ExpandingSquare),
    ("figure [-] [of] [-] (eight|8) [pattern]|figure (eights|8s)|(eight|8) shape", Name::FigureEight),
    ("square [pattern|circuit|loop|shape|shaped pattern]|square - shaped (pattern|path)|box [pattern]", Name::Square),
    ("rectangle|rectangular (pattern|circuit|loop|path|shape)|oblong", Name::Rectangle),
    ("[equilateral] triangle|triangular (pattern|circuit|loop|path)", Name::Polygon(3)),
    ("pentagon", Name::Polygon(5)),
    ("hexagon|hexagonal (pattern|circuit|loop|path)", Name::Polygon(6)),
    ("heptagon", Name::Polygon(7)),
    ("octagon|octagonal (pattern|circuit|loop|path)", Name::Polygon(8)),
    ("nonagon", Name::Polygon(9)),
    ("decagon", Name::Polygon(10)),
    ("dodecagon", Name::Polygon(12)),
    ("[regular] polygon|sided shape", Name::AnyPolygon),
    ("helix|corkscrew|[helical] spiral [pattern|search]", Name::Spiral),
    ("circle|orbit|circular (pattern|path|orbit|loop)|ring", Name::Circle),
    (
        "lawnmower|lawn - mower|lawn mower|[grid|area|lawnmower|lawn mower|lawn - mower] (survey|grid|search pattern|pattern|scan|search)|zigzag|zig - zag|raster|parallel (tracks|lines|track search)|creeping line [search]",
        Name::Lawnmower,
    ),
];

/// Names of several figures, behind a number.
const PLURALS: &[(&str, Name)] = &[
    ("figure [-] [of] [-] (eights|8s)|figures of (eight|8)|eights", Name::FigureEight),
    ("squares|boxes", Name::Square),
    ("rectangles", Name::Rectangle),
    ("triangles", Name::Polygon(3)),
    ("pentagons", Name::Polygon(5)),
    ("hexagons", Name::Polygon(6)),
    ("octagons", Name::Polygon(8)),
    ("circles|orbits", Name::Circle),
];

/// A figure with everything said about it.
pub(super) fn figure(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    let mut said = Attributes::default();
    let name = c.attempt(|c| named(c, &mut said)).or_else(|| {
        said = Attributes::default();
        c.attempt(|c| by_verb(c, &mut said))
    })?;
    if let Some(form) = c.attempt(|c| between_places(c, name, from)) {
        return Some(form);
    }
    attributes::read(c, Scope::Figure, &mut said);
    Some(build(c, name, said, from))
}

/// `a triangle between A, B and C`: from corner to corner and back to the first.
fn between_places(c: &mut Cursor<'_>, name: Name, from: usize) -> Option<Form> {
    matches!(name, Name::Polygon(_) | Name::AnyPolygon | Name::Square | Name::Rectangle).then_some(())?;
    c.need(
        "between|through|with [its] corners at|with corners [at]|over the (points|corners)|joining|connecting|from",
    )?;
    let mut corners = Vec::new();
    while let Some(place) = c.attempt(|c| {
        if !corners.is_empty() {
            c.need("[,|;] and|,|;|to")?;
        }
        place(c)
    }) {
        corners.push(place);
    }
    let wanted = match name {
        Name::Polygon(sides) => corners.len() == sides as usize,
        Name::AnyPolygon => corners.len() >= 3,
        _ => corners.len() == 4,
    };
    if !wanted || corners.iter().any(|place| matches!(place, Place::Here | Place::FromHere { .. })) {
        return None;
    }
    let mut said = Attributes::default();
    attributes::read(c, Scope::Visit, &mut said);
    let laps = c.attempt(|c| {
        c.eat(",|and");
        attributes::laps(c)
    });
    attributes::read(c, Scope::Visit, &mut said);
    let times =
        either(c, [laps, said.times], from, "number of laps").map(|times| attributes::whole(c, times, from) as u32);
    let at_each = steps(std::mem::take(&mut said.at_each), c.text_since(from));
    let start = corners[0].clone();
    corners.rotate_left(1);
    let places = corners.into_iter().map(|place| Waypoint { place, altitude: None }).collect();
    let what = vec![Action::Visit { places, order: VisitOrder::Given, at_each }];
    Some(Form::Motion(Motion {
        speed: said.speed,
        nose: said.nose,
        height: said.height,
        start: Some(start),
        times,
        what,
        ..Motion::default()
    }))
}

/// `[fly] a clockwise 40 m square`, also `do three laps around home`.
fn named(c: &mut Cursor<'_>, said: &mut Attributes) -> Option<Name> {
    c.eat("(fly|do|make|perform|trace|run|execute|complete|draw|carry out|go|move|start|describe|take|continue with|go on with|do another|mark out) [with] [in] [(around|round|through|along)] [out] [a|of] [another]|then|in|repeat");
    c.eat("regular|equilateral|full|complete|single|perfect|level|flat|big");
    attributes::read(c, Scope::BeforeName, said);
    if said.laps.is_none() && c.eat("one|a single") {
        attributes::read(c, Scope::BeforeName, said);
    }
    c.eat("regular|equilateral|full|complete|single|perfect|level|flat|big");
    // `do three laps [of a circle] around home`
    if said.laps.is_some() && c.sees("around|round|about|at|with|of") {
        c.eat("of a|of the|of");
        attributes::read(c, Scope::BeforeName, said);
        let name = NAMES.iter().find(|(pattern, _)| c.eat(pattern)).map(|&(_, name)| name);
        return Some(name.unwrap_or(Name::Circle));
    }
    // `two figure eights`, `three squares`
    if let Some((count, name)) = c.attempt(|c| {
        let count = number(c)?;
        c.eat("full|complete|consecutive");
        attributes::read(c, Scope::BeforeName, said);
        PLURALS.iter().find(|(pattern, _)| c.eat(pattern)).map(|&(_, name)| (count, name))
    }) {
        said.times = Some(count);
        if name == Name::Circle {
            circled(c, said);
        }
        return Some(name);
    }
    let name = NAMES.iter().find(|(pattern, _)| c.eat(pattern)).map(|&(_, name)| name)?;
    if name == Name::Circle {
        // `circle home`, `orbit the mast`: the name is a verb with the centre behind it.
        circled(c, said);
    }
    if name == Name::Lawnmower {
        c.eat("pattern|survey|search|of|over|for|in|covering");
        surveyed(c, said);
    }
    if name == Name::Spiral {
        spiral_way(c, said);
    }
    Some(name)
}

/// `survey an area of 60 by 40 m`, `fly around home at 20 m radius`, `mow the lawn over ..`.
fn by_verb(c: &mut Cursor<'_>, said: &mut Attributes) -> Option<Name> {
    if c.eat("(go|fly|loop|head) (around|round) [in circles around]|loiter around|go in circles around|circle around|orbit around|circle round|orbit round|fly in a circle around|loop round") {
        said.centre = Some(place(c)?);
        return Some(Name::Circle);
    }
    c.need("(survey|scan|sweep|map|cover|search|mow|inspect|photograph) [the lawn] [over|of]")?;
    let from = c.at;
    surveyed(c, said);
    attributes::read(c, Scope::BeforeName, said);
    c.eat("(area|block|field|region|plot|patch|zone|rectangle|box|strip|site|lawn)");
    (c.at > from).then_some(Name::Lawnmower)
}

fn circled(c: &mut Cursor<'_>, said: &mut Attributes) {
    c.eat("around|round|about");
    if let Some(found) = c.attempt(place) {
        said.centre = Some(found);
    }
}

fn surveyed(c: &mut Cursor<'_>, said: &mut Attributes) {
    attributes::read(c, Scope::BeforeName, said);
    c.eat("(area|block|field|region|plot|patch|zone|rectangle|rectangular area|strip|site|lawn) [of|measuring]");
}

fn spiral_way(c: &mut Cursor<'_>, said: &mut Attributes) {
    if c.eat("outward|outwards|out") {
        said.outwards = Some(true);
    } else if c.eat("inward|inwards|in") {
        said.outwards = Some(false);
    } else if c.eat("up|upward|upwards") {
        said.upwards = Some(true);
    } else if c.eat("down|downward|downwards") {
        said.upwards = Some(false);
    }
    if said.outwards.is_some() {
        if let Some(centre) = c.attempt(|c| {
            c.need("from|around|out from")?;
            place(c)
        }) {
            said.centre = Some(centre);
        }
        c.attempt(|c| {
            c.need("to [a radius of]")?;
            said.to_radius = Some(amount(c, Dimension::Length)?);
            c.eat("[in] radius");
            Some(())
        });
    } else if said.upwards.is_some() {
        c.attempt(|c| {
            c.need("from")?;
            said.height = Some(attributes::height_amount(c)?);
            Some(())
        });
        c.attempt(|c| {
            c.need("to")?;
            said.climb_to = Some(attributes::height_amount(c)?);
            Some(())
        });
    }
}

/// Two ways to say one amount; only one of them may be used, or both alike.
fn either(c: &mut Cursor<'_>, ways: [Option<f64>; 2], from: usize, what: &str) -> Option<f64> {
    if let [Some(first), Some(second)] = ways
        && first != second
    {
        c.fault(
            FaultKind::Contradictory,
            from,
            format!("says two different amounts for its {what}"),
            format!("say one {what}"),
        );
    }
    ways[0].or(ways[1])
}

fn need(c: &mut Cursor<'_>, value: Option<f64>, from: usize, what: &str, hint: &str) -> f64 {
    value.unwrap_or_else(|| {
        c.fault(FaultKind::Unclear, from, format!("{what} is not said"), hint);
        1.0
    })
}

fn build(c: &mut Cursor<'_>, name: Name, mut said: Attributes, from: usize) -> Form {
    let turn = said.rotation.unwrap_or(Rotation::Clockwise);
    let round = matches!(name, Name::Circle | Name::Spiral);
    if said.rotation.is_none() && name != Name::Lawnmower {
        c.note(if round {
            "circles go clockwise unless said otherwise"
        } else {
            "figures bend to the right (clockwise) unless said otherwise"
        });
    }
    let sides = match name {
        Name::Polygon(sides) => Some(f64::from(sides)),
        Name::AnyPolygon => said.sides.take(),
        _ => None,
    };
    let centre = said.centre.take();
    let wide = matches!(name, Name::Circle | Name::FigureEight) && said.length.is_none();
    let diameter =
        if wide { either(c, [said.diameter.take(), said.width.take()], from, "width") } else { said.diameter.take() };
    let radius = match (said.radius.take(), diameter) {
        (Some(radius), None) => Some(radius),
        (None, Some(diameter)) => Some(diameter / 2.0),
        (Some(radius), Some(diameter)) if (diameter - 2.0 * radius).abs() < 1e-6 => Some(radius),
        (Some(_), Some(_)) => {
            c.fault(FaultKind::Contradictory, from, "radius and diameter do not fit together", "say one of them");
            Some(1.0)
        }
        (None, None) => None,
    };
    let mut times = said.times.take();
    let mut climb_to = None;
    let mut what = Vec::new();
    match name {
        Name::Circle => {
            let radius_m = match (radius, said.size.take()) {
                (Some(radius), None) => radius,
                (None, Some(size)) => {
                    c.note("the size of a circle is taken as its radius");
                    size
                }
                (Some(radius), Some(size)) if radius == size => radius,
                (Some(_), Some(_)) => {
                    c.fault(FaultKind::Contradictory, from, "two sizes for one circle", "say one radius");
                    1.0
                }
                (None, None) => need(
                    c,
                    None,
                    from,
                    "the radius",
                    "say the radius, for example a circle of 20 m radius, or orbit home at a radius of 20 m",
                ),
            };
            let laps = either(c, [said.laps.take(), times.take()], from, "number of laps");
            let amount = match (laps, said.duration.take()) {
                (Some(_), Some(_)) => {
                    c.fault(FaultKind::Contradictory, from, "both a number of laps and a duration", "say one of them");
                    OrbitAmount::Laps(1.0)
                }
                (None, Some(seconds)) => OrbitAmount::Seconds(seconds),
                (laps, None) => {
                    if laps.is_none() {
                        c.note("a circle is flown once unless said otherwise");
                    }
                    OrbitAmount::Laps(laps.unwrap_or(1.0))
                }
            };
            if centre.is_none() {
                c.note("a circle without a centre is flown around the place where it begins");
            }
            climb_to = said.climb_to.take();
            let climb_m = said.climb_by.take().unwrap_or(0.0);
            what.push(Action::Orbit { centre: centre.clone().unwrap_or(Place::Here), radius_m, amount, turn, climb_m });
        }
        Name::Spiral => {
            let turns = either(c, [said.laps.take(), times.take()], from, "number of turns");
            let spacing = said.spacing.take();
            if said.upwards.is_some() || (radius.is_some() && said.to_radius.is_none()) {
                // A helix: a circle that climbs.
                let radius = either(c, [radius, said.size.take()], from, "radius");
                let radius_m = need(
                    c,
                    radius,
                    from,
                    "the radius",
                    "say the radius, for example spiral up to 30 m with a radius of 10 m in 3 turns",
                );
                let laps = need(c, turns, from, "the number of turns", "say how many, for example in 3 turns");
                climb_to = said.climb_to.take();
                let climb = said.climb_by.take();
                if climb_to.is_none() && climb.is_none() {
                    c.fault(
                        FaultKind::Unclear,
                        from,
                        "to which height is not said",
                        "say it, for example spiral up to 30 m",
                    );
                }
                if centre.is_none() {
                    c.note("a circle without a centre is flown around the place where it begins");
                }
                what.push(Action::Orbit {
                    centre: centre.clone().unwrap_or(Place::Here),
                    radius_m,
                    amount: OrbitAmount::Laps(laps),
                    turn,
                    climb_m: climb.unwrap_or(0.0),
                });
            } else {
                let last = either(c, [said.to_radius.take(), radius], from, "radius");
                let last = either(c, [last, said.size.take()], from, "radius");
                let first = said.from_radius.take();
                let (start_radius_m, end_radius_m) = match (first, last, said.outwards.take()) {
                    (Some(first), Some(last), way) => {
                        if way.is_some_and(|out| out != (last > first)) {
                            c.fault(
                                FaultKind::Contradictory,
                                from,
                                "the radii do not fit in or out",
                                "spiral out from the smaller to the larger radius",
                            );
                        }
                        (first, last)
                    }
                    (None, Some(last), Some(true) | None) => {
                        c.note("a spiral outwards begins in its middle");
                        (0.0, last)
                    }
                    _ => {
                        c.fault(
                            FaultKind::Unclear,
                            from,
                            "the radii are not said",
                            "say them, for example spiral out to 30 m radius in 3 turns, or spiral in from 30 m to 5 m",
                        );
                        (0.0, 1.0)
                    }
                };
                let turns = match (turns, spacing) {
                    (Some(turns), None) => turns,
                    (None, Some(spacing)) => (end_radius_m - start_radius_m).abs() / spacing,
                    _ => need(
                        c,
                        None,
                        from,
                        "the number of turns",
                        "say how many, for example in 3 turns, or the spacing",
                    ),
                };
                climb_to = said.climb_to.take();
                let climb_m = said.climb_by.take().unwrap_or(0.0);
                pattern(
                    &mut what,
                    Shape::Spiral { start_radius_m, end_radius_m, turns, climb_m },
                    &mut said,
                    turn,
                    &centre,
                    c,
                    from,
                );
            }
        }
        Name::FigureEight => {
            let radius_m = match radius {
                Some(radius) => radius,
                None => match said.size.take() {
                    Some(size) => {
                        c.note("the size of a figure of eight is taken as the radius of its circles");
                        size
                    }
                    None => need(
                        c,
                        None,
                        from,
                        "the size",
                        "say the radius of its circles, for example a figure of eight with 10 m radius",
                    ),
                },
            };
            let laps = either(c, [said.laps.take(), times.take()], from, "number of laps").unwrap_or(1.0);
            let laps = attributes::whole(c, laps, from) as u32;
            pattern(&mut what, Shape::FigureEight { radius_m, laps }, &mut said, turn, &centre, c, from);
        }
        Name::Square | Name::Polygon(_) | Name::AnyPolygon => {
            let sides = match (name, sides) {
                (Name::Square, _) => 4.0,
                (_, sides) => {
                    need(c, sides, from, "the number of sides", "say it, for example a polygon with 5 sides of 20 m")
                }
            };
            if !(3.0..=24.0).contains(&sides) || sides.fract() != 0.0 {
                c.fault(
                    FaultKind::BadNumber,
                    from,
                    format!("a polygon with {sides} sides is not flown"),
                    "say 3 to 24 sides",
                );
            }
            let mut side = either(c, [said.side.take(), said.size.take()], from, "side");
            if side.is_none() && name == Name::Square && said.length.is_some() && said.length == said.width {
                side = said.length.take();
                said.width = None;
            }
            let side = match (side, radius) {
                (Some(_), Some(_)) => {
                    c.fault(FaultKind::Contradictory, from, "both a side and a radius", "say one of them");
                    1.0
                }
                (None, Some(radius)) => {
                    c.note("the radius of a polygon is the distance from its middle to its corners");
                    super::direction::tidy(2.0 * radius * (std::f64::consts::PI / sides.max(3.0)).sin())
                }
                (side, None) => {
                    need(c, side, from, "the length of its sides", "say it, for example a square with 40 m sides")
                }
            };
            times = either(c, [said.laps.take(), times], from, "number of laps");
            let shape = match name {
                Name::Square => Shape::Square { side_m: side },
                _ => Shape::Polygon { sides: sides.clamp(0.0, 1000.0) as u32, side_m: side },
            };
            pattern(&mut what, shape, &mut said, turn, &centre, c, from);
        }
        Name::Rectangle => {
            let sides = "say both sides, for example a rectangle of 60 by 30 m";
            let length_m = need(c, said.length.take(), from, "the length", sides);
            let width_m = need(c, said.width.take(), from, "the width", sides);
            times = either(c, [said.laps.take(), times], from, "number of laps");
            pattern(&mut what, Shape::Rectangle { length_m, width_m }, &mut said, turn, &centre, c, from);
        }
        Name::ExpandingSquare => {
            said.outwards = None;
            let spacing = either(c, [said.spacing.take(), said.size.take()], from, "track spacing");
            let spacing_m = need(
                c,
                spacing,
                from,
                "the track spacing",
                "say it, for example an expanding square with 10 m spacing and 8 legs",
            );
            let legs = match (said.legs.take(), said.laps.take(), said.to_radius.take()) {
                (Some(legs), None, None) => legs,
                (None, Some(laps), None) => laps * 4.0,
                (None, None, Some(reach_m)) => {
                    c.note("an expanding square reaches out as far as said with its last legs");
                    (reach_m / spacing_m).ceil() * 4.0
                }
                _ => need(c, None, from, "the number of legs", "say it, for example with 8 legs"),
            };
            let legs = attributes::whole(c, legs, from) as u32;
            pattern(&mut what, Shape::ExpandingSquare { spacing_m, legs }, &mut said, turn, &centre, c, from);
        }
        Name::Lawnmower => {
            let size = "say the area and the spacing, for example survey an area of 60 by 40 m with 10 m spacing";
            let length_m = need(c, said.length.take(), from, "the length of the area", size);
            let width_m = need(c, said.width.take(), from, "the width of the area", size);
            said.outwards = None;
            let spacing_m = need(
                c,
                said.spacing.take(),
                from,
                "the spacing of the tracks",
                "say it, for example with tracks 10 m apart",
            );
            if said.first_leg.is_none() {
                c.note("the tracks of a survey run north and south along its first side unless said otherwise");
            }
            if said.rotation.is_none() {
                c.note("a survey lies to the right of its first track unless said otherwise");
            }
            pattern(&mut what, Shape::Lawnmower { length_m, width_m, spacing_m }, &mut said, turn, &centre, c, from);
        }
    }
    if radius.is_some() && matches!(name, Name::Rectangle | Name::ExpandingSquare | Name::Lawnmower) {
        c.fault(FaultKind::Contradictory, from, "the figure has no radius", "leave it out, or say a circle");
    }
    unused(c, &said, from);
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
        what,
        pauses: vec![],
    })
}

fn pattern(
    what: &mut Vec<Action>,
    shape: Shape,
    said: &mut Attributes,
    turn: Rotation,
    centre: &Option<Place>,
    c: &mut Cursor<'_>,
    from: usize,
) {
    let first_leg = said.first_leg.take().unwrap_or_else(|| {
        if !matches!(shape, Shape::Lawnmower { .. }) {
            c.note("the first leg of a figure goes north unless said otherwise");
        }
        Direction::Bearing(0.0)
    });
    let round = matches!(shape, Shape::Spiral { .. } | Shape::FigureEight { .. });
    if round && !said.at_each.is_empty() {
        c.fault(FaultKind::Unclear, from, "it has no corners", "say how often, or use a polygon");
        said.at_each.clear();
    }
    let at_each = steps(std::mem::take(&mut said.at_each), c.text_since(from));
    what.push(Action::Pattern { shape, first_leg, turn, centre: centre.clone(), at_each });
}

pub(super) fn steps(actions: Vec<Action>, words: &str) -> Vec<Step> {
    actions.into_iter().map(|action| Step { words: super::super::refusal::quote(words), action }).collect()
}

/// What was said about the figure and has no place in it.
fn unused(c: &mut Cursor<'_>, said: &Attributes, from: usize) {
    let left = [
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
        c.fault(
            FaultKind::Contradictory,
            from,
            format!("the figure has no use for {what}"),
            "leave it out, or say it of another step",
        );
    }
}

/// `visit A, B and C in the shortest order [, a photo at each]`.
pub(super) fn visit(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    c.need("(visit|tour|fly through|pass through|go through|call at|stop at|check|inspect|fly to|go to) [(each|all|every|these|the following|the)] [(of|one of)] [(two|three|four|five|six|seven|eight|nine|ten)] [these|the following] [points|places|traps|waypoints|spots|positions|locations|coordinates|stops] [:]")?;
    let mut said = Attributes::default();
    let mut places = Vec::new();
    loop {
        let next = c.attempt(|c| {
            if !places.is_empty() {
                c.need("[,|;] [and] [then]|and|,|;|then")?;
            }
            // `80 m north and 60 m south of here` are two places behind others of their kind.
            c.listing = matches!(places.last(), Some(Waypoint { place: Place::FromHere { .. }, .. }));
            let place = place(c);
            c.listing = false;
            let place = place?;
            let altitude = c.attempt(|c| attributes::height(c, false));
            Some(Waypoint { place, altitude })
        });
        match next {
            Some(waypoint) => places.push(waypoint),
            None => break,
        }
    }
    if places.len() < 2 {
        return None;
    }
    if places.iter().any(|waypoint| matches!(waypoint.place, Place::FromHere { .. })) {
        c.note("the places of a visit are all measured from where it begins, not from one another");
    }
    let mut order = None;
    loop {
        let more = c.attempt(|c| {
            c.eat(",|and|;");
            if c.eat("[in] [by] [the|whatever|whichever|any] [order that is|order is] (shortest|best|most efficient|quickest|fastest|optimal|optimum|cheapest) [order|route|way|path|tour|round]|in (whatever|whichever) order is (shortest|best|quickest|fastest|most efficient)|by the shortest (route|way|path)|taking the shortest (route|way|path)|along the shortest (route|path|way)|in any order") {
                order = Some(VisitOrder::Shortest);
                return Some(());
            }
            c.need("in [that|this|the given|the|given|listed] order|in turn|one after (another|the other)|in sequence").map(|()| order = Some(VisitOrder::Given))
        });
        let before = c.at;
        attributes::read(c, Scope::Visit, &mut said);
        if more.is_none() && c.at == before {
            break;
        }
    }
    let order = order.unwrap_or_else(|| {
        c.note("places are visited in the order in which they are named");
        VisitOrder::Given
    });
    let at_each = steps(std::mem::take(&mut said.at_each), c.text_since(from));
    let times = said.times.map(|times| attributes::whole(c, times, from) as u32);
    let what = vec![Action::Visit { places, order, at_each }];
    Some(Form::Motion(Motion {
        speed: said.speed,
        nose: said.nose,
        height: said.height,
        start: None,
        climb_to: None,
        times,
        what,
        pauses: vec![],
    }))
}
