//! Places: home, here, coordinates, so and so far from somewhere, and names that the words gave.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount};
use super::super::refusal::FaultKind;
use super::super::token::Kind;
use super::direction::{direction, displacement, tidy};
use flightsmith_mission::plan::{Direction, Displacement, Place};

/// A place, with the name that the words may give it (`the mast 20 m ahead`).
pub(super) fn place(c: &mut Cursor<'_>) -> Option<Place> {
    c.attempt(|c| {
        let name = label(c);
        let found = c.attempt(|c| {
            if name.is_some() {
                c.eat("which is|that is|that's|is|located|at|lying|standing|,");
            }
            plain(c)
        });
        match (name, found) {
            (Some(name), Some(place)) => {
                if !GENERAL.contains(&name.as_str()) {
                    c.named.push((name, place.clone()));
                }
                Some(place)
            }
            (Some(name), None) => {
                c.named.iter().rev().find(|(known, _)| *known == name).map(|(_, place)| place.clone())
            }
            (None, found) => found,
        }
    })
}

/// Names for a place as such; they mean nothing by themselves.
const GENERAL: &[&str] =
    &["point", "spot", "position", "place", "location", "waypoint", "coordinates", "coordinate", "area", "site"];

/// Things that people fly to; each needs a position in the words.
const THINGS: &[&str] = &[
    "mast", "tower", "tree", "house", "building", "field", "roof", "barn", "trap", "pole", "antenna", "bridge", "car",
    "truck", "pond", "lake", "marker", "target", "beacon", "chimney", "silo", "crane", "church", "statue", "wreck",
    "boat", "buoy", "well", "pylon", "turbine", "tank", "gate", "camp", "pad",
];

fn label(c: &mut Cursor<'_>) -> Option<String> {
    c.attempt(|c| {
        c.skip_empty();
        let token = c.peek().filter(|token| token.kind == Kind::Word)?;
        let name = token.text.as_str();
        if !(GENERAL.contains(&name) || THINGS.contains(&name)) {
            return None;
        }
        c.at += 1;
        Some(name.to_owned())
    })
}

/// Ways to say where it took off.
pub(super) const HOME: &str = "[where] home [point|position|location|base]|home|base|(launch|takeoff|take off|take - off|starting|start|departure|home) (point|position|place|spot|pad|location|site)\
|[the] start|origin|where (it|you|we|i) (started|took off|take off|launched|began|begins|starts|armed)|me|us|launch site|landing pad";

fn plain(c: &mut Cursor<'_>) -> Option<Place> {
    if let Some(place) = c.attempt(offset_place) {
        return Some(place);
    }
    base(c)
}

/// Home, here, or coordinates.
fn base(c: &mut Cursor<'_>) -> Option<Place> {
    if let Some(place) = coordinates(c) {
        return Some(place);
    }
    if c.eat(HOME) {
        return Some(Place::Home);
    }
    if c.eat("right here|here|[right] there|this (point|position|spot|place|location)|that (point|position|spot|place|location)|(current|present) (point|position|spot|place|location)|where it is|where you are|yourself|itself|same (spot|place|point)")
    {
        return Some(Place::Here);
    }
    if c.eat("it|them") {
        return c.named.last().map(|(_, place)| place.clone());
    }
    None
}

/// `50 m north of home`, `20 m north and 30 m east of here`, `30 m ahead`, `50 m from home on bearing 045`.
fn offset_place(c: &mut Cursor<'_>) -> Option<Place> {
    let from = c.at;
    let mut parts: Vec<(Direction, f64)> = Vec::new();
    loop {
        let part = c.attempt(|c| {
            if !parts.is_empty() {
                c.eat("and|by|,");
            }
            let distance_m = amount(c, Dimension::Length)?;
            if c.sees("from (home|here)|away from (home|here)") {
                return None;
            }
            c.eat("away|further|farther|more");
            let direction = direction(c)?;
            Some((direction, distance_m))
        });
        match part {
            Some((towards, distance_m)) => {
                super::sane_length(c, distance_m, from);
                parts.push((towards, distance_m));
                // A second part only belongs to it when both hang on one reference: `... of home`.
                let more = (!c.listing).then_some(()).and_then(|()| {
                    c.attempt(|c| {
                        let mark = c.mark();
                        c.need("and|by|,")?;
                        amount(c, Dimension::Length)?;
                        let other = direction(c)?;
                        c.need("of|from")?;
                        c.reset(mark);
                        square_on(towards, other).then_some(())
                    })
                });
                if parts.len() >= 2 || more.is_none() {
                    break;
                }
            }
            None => break,
        }
    }
    if parts.is_empty() {
        // `50 m from home on bearing 045`, `at bearing 045, 50 m from home`
        let (distance_m, reference, direction) = c.attempt(|c| {
            let distance_m = amount(c, Dimension::Length)?;
            c.need("away from|from|of")?;
            let reference = base(c)?;
            c.eat(",");
            let direction = direction(c)?;
            Some((distance_m, reference, direction))
        })?;
        super::sane_length(c, distance_m, from);
        return join(c, &[(direction, distance_m)], reference, from);
    }
    let reference = match c.attempt(|c| c.need("of|from|away from").and_then(|()| base_or_named(c))) {
        Some(reference) => reference,
        None => Place::Here,
    };
    join(c, &parts, reference, from)
}

/// Whether two directions are at right angles, so that two amounts make one place.
fn square_on(first: Direction, second: Direction) -> bool {
    let ((Direction::Bearing(first), Direction::Bearing(second))
    | (Direction::FromNose(first), Direction::FromNose(second))) = (first, second)
    else {
        return false;
    };
    let between = flightsmith_mission::units::wrap_180(first - second).abs();
    (between - 90.0).abs() < 0.1
}

fn base_or_named(c: &mut Cursor<'_>) -> Option<Place> {
    base(c).or_else(|| {
        c.attempt(|c| {
            label(c)
                .and_then(|name| c.named.iter().rev().find(|(known, _)| *known == name).map(|(_, place)| place.clone()))
        })
    })
}

fn join(c: &mut Cursor<'_>, parts: &[(Direction, f64)], reference: Place, from: usize) -> Option<Place> {
    let world = parts.iter().all(|(direction, _)| matches!(direction, Direction::Bearing(_)));
    let body = parts.iter().all(|(direction, _)| matches!(direction, Direction::FromNose(_)));
    let (mut first, mut second) = (0.0, 0.0);
    for (direction, distance_m) in parts {
        match displacement(*direction, *distance_m, 0.0) {
            Displacement::World { north_m, east_m, .. } => (first, second) = (first + north_m, second + east_m),
            Displacement::Body { forward_m, right_m, .. } => (first, second) = (first + forward_m, second + right_m),
        }
    }
    let (first, second) = (tidy(first), tidy(second));
    match reference {
        Place::Home if world => Some(Place::FromHome { north_m: first, east_m: second }),
        Place::Here if world => {
            Some(Place::FromHere { by: Displacement::World { north_m: first, east_m: second, up_m: 0.0 } })
        }
        Place::Here if body => {
            Some(Place::FromHere { by: Displacement::Body { forward_m: first, right_m: second, up_m: 0.0 } })
        }
        Place::Global { .. } | Place::FromHome { .. } if world => {
            let home = c.setting?.home;
            let base = flightsmith_mission::itinerary::fixed_place(&reference, home).ok()?;
            Some(Place::FromHome { north_m: tidy(base.north_m + first), east_m: tidy(base.east_m + second) })
        }
        _ => {
            c.fault(
                FaultKind::Unclear,
                from,
                "where the nose points seen from there is not known",
                "say it by the compass: 20 m north of home",
            );
            Some(Place::Home)
        }
    }
}

/// Latitude and longitude: `47.3977, 8.5456`, `47.3977 N 8.5456 E`, `lat 47.3 lon 8.5`, `47°23'51"N 8°32'44"E`.
pub(super) fn coordinates(c: &mut Cursor<'_>) -> Option<Place> {
    c.attempt(|c| {
        let from = c.at;
        c.eat_mark("(");
        let named = c.eat("[gps] coordinates [:]") | c.eat("latitude [:|=|of]|lat [:|=|of]");
        let first = degrees(c, "N", "S")?;
        c.eat(",|and|/");
        let named_second = c.eat("longitude [:|=|of]|lon [:|=|of]|long [:|=|of]|lng [:|=|of]");
        let second = degrees(c, "E", "W")?;
        let lettered = first.lettered && second.lettered;
        let precise = first.decimals >= 3 && second.decimals >= 3;
        if !(lettered || named && named_second || precise || (named && first.decimals > 0)) {
            return None;
        }
        // A unit behind it says that it was no coordinate after all.
        if !lettered && c.sees("m|metre|metres|meter|meters|ft|feet|km|s|seconds") {
            return None;
        }
        c.eat_mark(")");
        if !(-90.0..=90.0).contains(&first.value) || !(-180.0..=180.0).contains(&second.value) {
            c.fault(
                FaultKind::BadNumber,
                from,
                "latitudes lie between -90 and 90 degrees, longitudes between -180 and 180",
                "say latitude first, then longitude, as in 47.397742, 8.545594",
            );
            return Some(Place::Home);
        }
        Some(Place::Global { lat_deg: first.value, lon_deg: second.value })
    })
}

struct DegreesRead {
    value: f64,
    decimals: usize,
    lettered: bool,
}

fn degrees(c: &mut Cursor<'_>, positive: &str, negative: &str) -> Option<DegreesRead> {
    let letter = |c: &mut Cursor<'_>| {
        let token = c.peek()?;
        let text = token.text.to_uppercase();
        let long = |short: &str| match short {
            "N" => "NORTH",
            "S" => "SOUTH",
            "E" => "EAST",
            _ => "WEST",
        };
        let sign = if text == positive || text == long(positive) {
            1.0
        } else if text == negative || text == long(negative) {
            -1.0
        } else {
            return None;
        };
        c.at += 1;
        Some(sign)
    };
    let before = letter(c);
    let Kind::Number { value, mut decimals } = c.peek()?.kind else { return None };
    c.at += 1;
    let mut size = value;
    if c.eat("°|deg|degrees") {
        let part = |c: &mut Cursor<'_>, end: &'static str, scale: f64| {
            c.attempt(|c| {
                let Kind::Number { value, decimals } = c.peek()?.kind else { return None };
                c.at += 1;
                c.need(end)?;
                Some((value / scale, decimals + if scale > 100.0 { 4 } else { 2 }))
            })
        };
        for (end, scale) in [("'|minutes|min", 60.0), ("\"|' '|seconds", 3600.0)] {
            if let Some((more, digits)) = part(c, end, scale) {
                size += more * value.signum();
                decimals = decimals.max(digits);
            }
        }
    }
    let sign = before.or_else(|| letter(c));
    Some(DegreesRead { value: size * sign.unwrap_or(1.0), decimals, lettered: sign.is_some() })
}
