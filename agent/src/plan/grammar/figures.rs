//! Figures by name: what stands before and in the name. What is said behind it is read by [`super::attributes`].
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount, number};
use super::Form;
use super::attributes::{self, Attributes, Scope};
use super::manner;
use super::place::place;
use flightsmith_mission::plan::{Action, Step};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Name {
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
    if said == Attributes::default()
        && let Some(form) = c.attempt(|c| super::visits::between_places(c, name, from))
    {
        return Some(form);
    }
    attributes::read(c, Scope::Figure, &mut said);
    Some(super::build::build(c, name, said, from))
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
        let lap_of = c.eat("of");
        if lap_of && let Some(found) = c.attempt(place) {
            // `an orbit of home`
            said.centre = Some(found);
            said.laps.take_if(|laps| *laps == 1.0);
            return Some(Name::Circle);
        }
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
    if let Some(found) = c.attempt(|c| {
        c.eat("around|round|about|of");
        place(c)
    }) {
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
            said.height = Some(manner::height_amount(c)?);
            Some(())
        });
        c.attempt(|c| {
            c.need("to")?;
            said.climb_to = Some(manner::height_amount(c)?);
            Some(())
        });
    }
}

pub(super) fn steps(actions: Vec<Action>, words: &str) -> Vec<Step> {
    actions.into_iter().map(|action| Step { words: super::super::refusal::quote(words), action }).collect()
}
