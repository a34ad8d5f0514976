//! Directions: compass words, bearings, by the nose.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, number, quantity};
use super::super::refusal::FaultKind;
use super::super::token::Kind;
use flightsmith_mission::plan::{Direction, Displacement, Rotation};
use flightsmith_mission::units::wrap_360;

/// A direction by itself: `north-east`, `to the left`, `on bearing 045`, `at my two o'clock`.
pub(super) fn direction(c: &mut Cursor<'_>) -> Option<Direction> {
    if c.eat("along (nose|its nose)|where [the] nose points|by the nose") {
        return Some(Direction::FromNose(0.0));
    }
    c.attempt(|c| {
        c.eat("(to|toward|towards|in|on|at|along) [direction of|general direction of]");
        c.eat("due|true|straight|directly");
        bearing(c).or_else(|| clock(c)).or_else(|| off_the_nose(c)).or_else(|| compass(c)).or_else(|| by_nose(c))
    })
}

/// `north`, `NE`, `north-north-west`, `westward`, `30 degrees east of north`.
pub(super) fn compass(c: &mut Cursor<'_>) -> Option<Direction> {
    c.attempt(|c| {
        let angle = c.attempt(|c| {
            let found = quantity(c).filter(|found| found.dimension == Dimension::Angle)?;
            let side = points(c)?;
            c.need("of|from")?;
            Some((found.value, side))
        });
        let bearing_deg = points(c)?;
        if c.sees("- (south|north|east|west)") {
            return None; // `north-south` is no direction
        }
        c.eat("direction");
        Some(Direction::Bearing(match angle {
            None => bearing_deg,
            Some((angle_deg, side)) => {
                let sign = if flightsmith_mission::units::wrap_180(side - bearing_deg) > 0.0 { 1.0 } else { -1.0 };
                wrap_360(bearing_deg + sign * angle_deg)
            }
        }))
    })
}

/// Compass points as one bearing; the longest of `north east`, `northeast`, `NE`.
fn points(c: &mut Cursor<'_>) -> Option<f64> {
    c.skip_empty();
    let mut letters = String::new();
    let start = c.at;
    let mut best: Option<(f64, usize)> = None;
    while letters.len() < 3 {
        while c.at > start && c.peek().is_some_and(|token| token.is("-")) {
            c.at += 1;
        }
        let Some(token) = c.peek().filter(|token| token.kind == Kind::Word) else { break };
        let Some(short) = point_letters(&token.text, token.capital) else { break };
        letters.push_str(&short);
        c.at += 1;
        match BEARINGS.iter().position(|name| *name == letters) {
            Some(index) => best = Some((index as f64 * 22.5, c.at)),
            // `north` then `north`-`east`: three letters may need two more words, so go on; what does not become a point is not taken.
            None if letters.len() < 3 => {}
            None => break,
        }
    }
    match best {
        Some((bearing_deg, end)) => {
            c.at = end;
            Some(bearing_deg)
        }
        None => {
            c.at = start;
            None
        }
    }
}

const BEARINGS: [&str; 16] =
    ["n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw"];

/// The letters of one compass word; single letters and abbreviations only in capitals.
fn point_letters(word: &str, capital: bool) -> Option<String> {
    if capital && BEARINGS.contains(&word) {
        return Some(word.into());
    }
    let stem =
        ["wards", "ward", "erly", "bound", "ern"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    let mut rest = stem;
    let mut letters = String::new();
    while !rest.is_empty() {
        let (name, letter) = [("north", 'n'), ("south", 's'), ("east", 'e'), ("west", 'w')]
            .into_iter()
            .find(|(name, _)| rest.starts_with(name))?;
        rest = &rest[name.len()..];
        letters.push(letter);
    }
    (!letters.is_empty()).then_some(letters)
}

/// `bearing 045`, `a heading of 270 degrees`, `on 310`.
pub(super) fn bearing(c: &mut Cursor<'_>) -> Option<Direction> {
    c.attempt(|c| {
        let from = c.at;
        let named = c.eat("(on|at|along|in|to|with) [a] (bearing|heading|course|track|azimuth|direction) [of] [:|=]")
            || c.eat("(bearing|heading|course|azimuth) [of] [:|=]");
        let value = if named {
            match c.peek().map(|token| token.kind) {
                Some(Kind::Word) if !c.sees("due|true") => {
                    if let Some(found) = c.attempt(|c| compass_only(c)) {
                        return Some(Direction::Bearing(found));
                    }
                }
                _ => {}
            }
            c.eat("true");
            plain_degrees(c)?
        } else {
            // `045°` or a number of three digits by itself; the caller ate `on`.
            c.skip_empty();
            let token = c.peek().filter(|token| matches!(token.kind, Kind::Number { .. }))?;
            let digits = token.end - token.start;
            let value = number(c)?;
            let marked = c.eat("degrees|deg|°");
            if !(digits == 3 && value.fract() == 0.0 && after_preposition(c, from) && (marked || not_a_unit(c))) {
                return None;
            }
            value
        };
        c.eat("true|t");
        if !(0.0..=360.0).contains(&value) {
            c.fault(
                FaultKind::BadNumber,
                from,
                format!("a bearing lies between 0 and 360 degrees, not {value}"),
                "say a bearing such as 045 or 270",
            );
        }
        Some(Direction::Bearing(wrap_360(value)))
    })
}

fn compass_only(c: &mut Cursor<'_>) -> Option<f64> {
    points(c)
}

fn after_preposition(c: &Cursor<'_>, from: usize) -> bool {
    from > 0 && matches!(c.tokens[from - 1].text.as_str(), "on" | "at" | "along" | "to" | "toward" | "towards")
}

fn not_a_unit(c: &mut Cursor<'_>) -> bool {
    let mark = c.mark();
    let back = c.at - 1;
    c.at = back;
    let unit = quantity(c).is_some_and(|found| found.dimension != Dimension::Count);
    c.reset(mark);
    !unit
}

/// Degrees with or without their unit.
pub(super) fn plain_degrees(c: &mut Cursor<'_>) -> Option<f64> {
    c.attempt(|c| {
        quantity(c)
            .filter(|found| matches!(found.dimension, Dimension::Angle | Dimension::Count))
            .map(|found| found.value)
    })
}

/// `two o'clock`.
fn clock(c: &mut Cursor<'_>) -> Option<Direction> {
    c.attempt(|c| {
        c.eat("my|its");
        let hour = number(c).filter(|hour| (1.0..=12.0).contains(hour) && hour.fract() == 0.0)?;
        c.need("o'clock")?;
        c.eat("position");
        Some(Direction::FromNose(wrap_360(hour * 30.0)))
    })
}

/// `30 degrees to the right [of the nose]`, `30 degrees left`.
pub(super) fn off_the_nose(c: &mut Cursor<'_>) -> Option<Direction> {
    c.attempt(|c| {
        let angle = quantity(c).filter(|found| found.dimension == Dimension::Angle)?.value;
        let right = c.eat("[to] right [of (nose|forward|ahead|straight ahead|its nose)]|[to] starboard");
        if !right {
            c.need("[to] left [of (nose|forward|ahead|straight ahead|its nose)]|[to] port")?;
        }
        Some(Direction::FromNose(if right { wrap_360(angle) } else { wrap_360(-angle) }))
    })
}

/// `forward`, `left`, `back and to the right`.
pub(super) fn by_nose(c: &mut Cursor<'_>) -> Option<Direction> {
    c.attempt(|c| {
        let behind_amount = c.at > 0
            && matches!(
                c.tokens[c.at - 1].text.as_str(),
                "m" | "metres" | "meters" | "metre" | "ft" | "feet" | "yards" | "km"
            );
        let along = along_nose(c);
        let across = match along {
            Some(_) => c.attempt(|c| {
                c.eat("-|and [to]");
                let across = across_nose(c)?;
                // `10 m forward and left 5 m` are two legs.
                (!(behind_amount && amount_follows(c))).then_some(across)
            }),
            None => across_nose(c),
        };
        let along = along.or_else(|| {
            across.and_then(|_| {
                c.attempt(|c| {
                    c.eat("-|and");
                    along_nose(c)
                })
            })
        });
        let angle = match (along, across) {
            (Some(along), None) => along,
            (None, Some(across)) => across,
            (Some(0.0), Some(across)) => across / 2.0,
            (Some(_), Some(across)) => across * 1.5,
            (None, None) => return None,
        };
        Some(Direction::FromNose(wrap_360(angle)))
    })
}

pub(super) fn amount_follows(c: &mut Cursor<'_>) -> bool {
    let mark = c.mark();
    let found = quantity(c).is_some_and(|found| found.dimension == Dimension::Length);
    c.reset(mark);
    found
}

fn along_nose(c: &mut Cursor<'_>) -> Option<f64> {
    if c.eat("forward|forwards|straight ahead|ahead|straight forward|dead ahead|to the front|in front|straight on|straight out") {
        Some(0.0)
    } else if c.eat("back|backward|backwards|rearward|rearwards|to the rear|aft|astern|behind") {
        Some(180.0)
    } else {
        None
    }
}

fn across_nose(c: &mut Cursor<'_>) -> Option<f64> {
    if c.eat("[to] right [hand side]|[to] right-hand side|rightward|rightwards|[to] starboard|sideways to the right|[to] right side") {
        Some(90.0)
    } else if c.eat("[to] left [hand side]|leftward|leftwards|[to] port|sideways to the left|[to] left side") {
        Some(-90.0)
    } else {
        None
    }
}

/// `clockwise`, `counter-clockwise`, `ccw`, `turning left`.
pub(super) fn rotation(c: &mut Cursor<'_>) -> Option<Rotation> {
    if c.eat("[in a|going|turning] (counter - clockwise|counter clockwise|counterclockwise|anti - clockwise|anti clockwise|anticlockwise|ccw|acw) [direction]")
        || c.eat("(turning|bending|with turns to|with) [to] (left|left turns)|left turns|first (loop|circle|turn) [to the] left|left - hand turns|left - handed|to the left")
    {
        Some(Rotation::Counterclockwise)
    } else if c.eat("[in a|going|turning] (clockwise|cw) [direction]")
        || c.eat("(turning|bending|with turns to|with) [to] (right|right turns)|right turns|first (loop|circle|turn) [to the] right|right - hand turns|right - handed|to the right")
    {
        Some(Rotation::Clockwise)
    } else {
        None
    }
}

/// `distance_m` towards `direction`, climbing `up_m`.
pub(super) fn displacement(direction: Direction, distance_m: f64, up_m: f64) -> Displacement {
    let (along, across) = match direction {
        Direction::Bearing(angle) | Direction::FromNose(angle) => (clean(angle, 0.0), clean(angle, 90.0)),
    };
    let (along, across) = (tidy(along * distance_m), tidy(across * distance_m));
    match direction {
        Direction::Bearing(_) => Displacement::World { north_m: along, east_m: across, up_m },
        Direction::FromNose(_) => Displacement::Body { forward_m: along, right_m: across, up_m },
    }
}

/// The cosine of the difference, exact at right angles.
fn clean(angle_deg: f64, axis_deg: f64) -> f64 {
    let cosine = (angle_deg - axis_deg).to_radians().cos();
    if cosine.abs() < 1e-12 { 0.0 } else { cosine }
}

/// To a tenth of a millimetre, so that plans read well.
pub(super) fn tidy(value: f64) -> f64 {
    (value * 1e4).round() / 1e4 + 0.0
}
