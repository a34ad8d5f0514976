//! What may be said about a leg or a figure, in any order: sizes, speed, height, nose, laps, centre, what is done at each corner.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount, number};
use super::super::refusal::FaultKind;
use super::direction::{direction, rotation};
use super::manner::{height, height_amount, nose, speed};
use super::place::place;
use super::sizes::figure_size;
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::plan::{Action, Direction, Nose, Place, Rotation};

/// Everything said about one leg or figure. What stays `None` was not said.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Attributes {
    pub size: Option<f64>,
    pub radius: Option<f64>,
    pub diameter: Option<f64>,
    pub side: Option<f64>,
    pub length: Option<f64>,
    pub width: Option<f64>,
    pub rotation: Option<Rotation>,
    pub laps: Option<f64>,
    pub times: Option<f64>,
    pub duration: Option<f64>,
    pub centre: Option<Place>,
    pub start: Option<Place>,
    pub first_leg: Option<Direction>,
    pub from_radius: Option<f64>,
    pub to_radius: Option<f64>,
    pub outwards: Option<bool>,
    pub climb_to: Option<Altitude>,
    pub climb_by: Option<f64>,
    pub spacing: Option<f64>,
    pub legs: Option<f64>,
    pub sides: Option<f64>,
    pub speed: Option<f64>,
    pub height: Option<Altitude>,
    pub nose: Option<Nose>,
    pub straight: Option<bool>,
    pub at_each: Vec<Action>,
    pub upwards: Option<bool>,
}

/// Which attributes make sense.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Scope {
    /// In front of a figure's name: `a clockwise 40 m square`.
    BeforeName,
    /// Behind a figure's name.
    Figure,
    /// Behind a leg.
    Leg,
    /// Behind the places of a visit.
    Visit,
}

macro_rules! put {
    ($c:expr, $from:expr, $slot:expr, $value:expr, $what:literal) => {{
        let value = $value;
        match &$slot {
            Some(before) if *before != value => $c.fault(
                FaultKind::Contradictory,
                $from,
                concat!("says a second, different ", $what, " for the same thing"),
                concat!("say one ", $what),
            ),
            _ => $slot = Some(value),
        }
        Some(())
    }};
}
pub(super) use put;

/// Reads as many attributes as follow, also joined by commas, `and` or `with`.
pub(super) fn read(c: &mut Cursor<'_>, scope: Scope, into: &mut Attributes) {
    loop {
        let went_on = c.attempt(|c| {
            c.attempt(|c| one(c, scope, into)).or_else(|| {
                (scope != Scope::BeforeName && c.eat("[,] and|, with|,|with|(|while|, while|;")).then_some(())?;
                one(c, scope, into)
            })?;
            Some(())
        });
        if went_on.is_none() {
            return;
        }
    }
}

fn one(c: &mut Cursor<'_>, scope: Scope, into: &mut Attributes) -> Option<()> {
    let from = c.at;
    let figure = matches!(scope, Scope::Figure | Scope::BeforeName);
    if figure && let Some(found) = c.attempt(|c| figure_size(c, scope, into, from)) {
        return Some(found);
    }
    if scope != Scope::Leg
        && let Some(actions) = c.attempt(at_each)
    {
        into.at_each.extend(actions);
        return Some(());
    }
    if let Some(speed) = c.attempt(speed) {
        return put!(c, from, into.speed, speed, "speed");
    }
    if let Some(nose) = c.attempt(|c| nose(c, figure)) {
        return put!(c, from, into.nose, nose, "direction of the nose");
    }
    if scope != Scope::BeforeName {
        if let Some(height) = c.attempt(|c| height(c, scope != Scope::Leg)) {
            return put!(c, from, into.height, height, "height");
        }
        if c.eat("in a straight line|straight|in one straight line|on a straight line|directly|by the straight line") {
            return put!(c, from, into.straight, true, "line");
        }
    }
    if figure && let Some(laps) = c.attempt(laps) {
        return put!(c, from, into.laps, laps, "number of laps");
    }
    let by_comma = c.at > 0 && c.tokens[c.at - 1].is(",");
    if !(scope == Scope::Leg && by_comma)
        && let Some(times) = c.attempt(times)
    {
        return put!(c, from, into.times, times, "number of times");
    }
    if !figure {
        return None;
    }
    if let Some(rotation) = rotation(c) {
        return put!(c, from, into.rotation, rotation, "sense of rotation");
    }
    if scope == Scope::BeforeName {
        return None;
    }
    if let Some(seconds) = c.attempt(|c| {
        if !c.eat("for|lasting|over") && !by_comma {
            return None;
        }
        amount(c, Dimension::Duration)
    }) {
        super::sane_duration(c, seconds, from);
        return put!(c, from, into.duration, seconds, "duration");
    }
    if let Some(first) = c.attempt(first_leg) {
        return put!(c, from, into.first_leg, first, "direction of the first leg");
    }
    // `first leg 0.05 nm to the north`
    if let Some((metres, first)) = c.attempt(|c| {
        c.need("first (leg|side) [of|is]")?;
        let metres = amount(c, Dimension::Length)?;
        Some((metres, direction(c)?))
    }) {
        put!(c, from, into.size, metres, "size");
        return put!(c, from, into.first_leg, first, "direction of the first leg");
    }
    // `starting 20 m north of home`
    if let Some(start) = c.attempt(|c| {
        c.need("starting|beginning|which starts")?;
        let place_at = c.at;
        let found = place(c)?;
        c.tokens[place_at..c.at].iter().any(|token| token.is("of") || token.is("from")).then_some(found)
    }) {
        return put!(c, from, into.start, start, "starting place");
    }
    if let Some(start) = c.attempt(|c| {
        c.need("(starting|beginning|start|begin|which starts) (at|from)|from|at")?;
        place(c)
    }) {
        return put!(c, from, into.start, start, "starting place");
    }
    if let Some(centre) = c.attempt(|c| {
        c.need("(around|round|about|over|of|above)|(centre|center) (on|at|around)|with [its] (centre|center|middle) (at|on)|with (centre|center|middle)|on|out from")?;
        place(c)
    }) {
        return put!(c, from, into.centre, centre, "centre");
    }
    if let Some(height) = c.attempt(|c| {
        c.eat("while");
        // An imperative (`climb to 20 m`) would be a step of its own.
        c.need("(climbing|ascending|rising|descending|going up|going down|spiralling|spiraling) to|(while|as it|as you) (climb|ascend|rise|descend) to|up to|down to")?;
        height_amount(c)
    }) {
        return put!(c, from, into.climb_to, height, "height to climb to");
    }
    if let Some(by) = c.attempt(|c| {
        c.eat("while|as it|as you");
        let down = c.sees("descending|losing|dropping");
        c.need("(climbing|ascending|rising|gaining|descending|losing|dropping) [by]")?;
        let metres = amount(c, Dimension::Length)?;
        c.eat("of height|in height|height|altitude");
        Some(if down { -metres } else { metres })
    }) {
        return put!(c, from, into.climb_by, by, "climb");
    }
    None
}

/// `three times`, `twice [over]`.
pub(super) fn times(c: &mut Cursor<'_>) -> Option<f64> {
    c.attempt(|c| {
        c.eat("for|do it|do this|do that|do so|flown|all|, do it");
        let times = if c.eat("once") {
            1.0
        } else if c.eat("twice") {
            2.0
        } else if c.eat("thrice") {
            3.0
        } else {
            let from = c.at;
            let times = number(c)?;
            c.need("times|time|x times|repetitions|repeats")?;
            whole(c, times, from)
        };
        c.eat("over|in a row|in all|in total|altogether|round|around|one after another");
        Some(times)
    })
}

/// A count must be a whole number from 1 to some sane limit.
pub(in super::super) fn whole(c: &mut Cursor<'_>, count: f64, from: usize) -> f64 {
    if !(1.0..=1000.0).contains(&count) || count.fract() != 0.0 {
        c.fault(
            FaultKind::BadNumber,
            from,
            format!("cannot be done {count} times"),
            "say a whole number from 1 to 1000",
        );
        return 1.0;
    }
    count
}

pub(super) fn laps(c: &mut Cursor<'_>) -> Option<f64> {
    c.eat("for|do|in|with|over|making|doing|fly|of");
    laps_plain(c)
}

pub(super) fn laps_plain(c: &mut Cursor<'_>) -> Option<f64> {
    let from = c.at;
    let laps = match c.attempt(number) {
        Some(laps) => laps,
        None => {
            c.skip_empty();
            (c.at > from).then_some(1.0)?
        }
    };
    c.need("[full|complete|whole|clockwise|- ] (laps|lap|loops|loop|rounds|round|revolutions|revolution|circuits|circuit|turns|orbits|orbit|full circles|full circle|full turns|full turn|times (around|round)|turn)")?;
    if !(laps > 0.0 && laps <= 1000.0) {
        c.fault(
            FaultKind::BadNumber,
            from,
            format!("cannot fly {laps} laps"),
            "say a number of laps above 0 and up to 1000",
        );
        return Some(1.0);
    }
    Some(laps)
}

fn first_leg(c: &mut Cursor<'_>) -> Option<Direction> {
    if let Some(found) = c.attempt(|c| {
        c.eat("running|in|with|going|flown");
        let axis_deg = if c.eat("north [- |to|and] south|n - s|north / south") {
            0.0
        } else {
            c.need("east [- |to|and] west|e - w|east / west").map(|()| 90.0)?
        };
        c.eat("lines|tracks|legs|direction");
        Some(Direction::Bearing(axis_deg))
    }) {
        return Some(found);
    }
    if let Some(found) = c.attempt(|c| {
        c.need("(starting|beginning|start|begin|start off|starting off|first leg|first side|the first leg|first|initially|lines|lines running|tracks|tracks running|running|long side|long sides|first track) [leg|side] [off] [heading|going|is|goes|by going|on|pointing|running] [out]")?;
        let found = direction(c)?;
        c.eat("first");
        Some(found)
    }) {
        return Some(found);
    }
    c.attempt(|c| {
        let heading = c.eat("heading|going|running|flown");
        c.eat("to|towards");
        let found = direction(c)?;
        (c.eat("first") || heading).then_some(found)
    })
}

const EACH: &str = "(at|on|over|above|in|from) (each|every|all|each of the|every one of the|all of the|all the) [(single|of the|of its|of them)] [(corner|corners|point|points|waypoint|waypoints|stop|stops|place|places|vertex|one|spot|spots|location|end|of them)]|at the (corners|points|stops|waypoints)|(each|every) (time|corner|stop)";

/// `a photo at each corner`, `at every point stop 5 s and take a photo`.
pub(super) fn at_each(c: &mut Cursor<'_>) -> Option<Vec<Action>> {
    if let Some(found) = c.attempt(|c| {
        let actions = smalls(c)?;
        c.need(EACH)?;
        // `stop 3 s at each corner and take a photo`
        let mut actions = actions;
        if let Some(more) = c.attempt(|c| {
            c.need("and")?;
            smalls(c)
        }) {
            actions.extend(more);
        }
        Some(actions)
    }) {
        return Some(found);
    }
    c.attempt(|c| {
        c.need(EACH)?;
        c.eat(",|:");
        smalls(c)
    })
}

fn smalls(c: &mut Cursor<'_>) -> Option<Vec<Action>> {
    // A few at most: so that a long row of other steps is not read over and over.
    const MOST: usize = 6;
    let mut actions = vec![super::small::small(c)?];
    while actions.len() < MOST
        && let Some(next) = c.attempt(|c| {
            c.need("and [then]|, then|then|, and|,")?;
            super::small::small(c)
        })
    {
        actions.push(next);
    }
    Some(actions)
}
