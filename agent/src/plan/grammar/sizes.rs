//! Sizes of figures and what else only figures have: sides, radii, spacing, numbers of legs and laps.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount, number};
use super::super::refusal::FaultKind;
use super::attributes::{Attributes, Scope, laps_plain, put};

/// Sizes and what else only a figure has.
pub(super) fn figure_size(c: &mut Cursor<'_>, scope: Scope, into: &mut Attributes, from: usize) -> Option<()> {
    let length = |c: &mut Cursor<'_>| {
        let from = c.at;
        let metres = amount(c, Dimension::Length)?;
        super::sane_length(c, metres, from);
        Some(metres)
    };
    if let Some(sides) = c.attempt(|c| {
        let sides = number(c)?;
        c.need("- sided|sided|(equal|) sides|corners|- cornered|edges|vertices").map(|()| sides)
    }) {
        // `4 sides of 10 m`
        if let Some(side) = c.attempt(|c| {
            c.need("of")?;
            let side = length(c)?;
            c.eat("each");
            Some(side)
        }) {
            put!(c, from, into.side, side, "side");
        }
        return put!(c, from, into.sides, sides, "number of sides");
    }
    if let Some(legs) = c.attempt(|c| {
        c.eat("for|with|of");
        let legs = number(c)?;
        c.need("legs").map(|()| legs)
    }) {
        return put!(c, from, into.legs, legs, "number of legs");
    }
    if let Some(laps) = c.attempt(|c| {
        c.eat("in|with|of|for|over|making|doing");
        laps_plain(c)
    }) {
        return put!(c, from, into.laps, laps, "number of laps");
    }
    // from 5 m out to 30 m
    if scope == Scope::Figure
        && let Some((first, second)) = c.attempt(|c| {
            c.need("from [a] [radius of|a radius of]")?;
            let first = length(c)?;
            c.eat("radius");
            c.eat("out|in|outward|outwards|inward|inwards|down|up");
            c.need("to")?;
            let second = length(c)?;
            c.eat("[in] radius");
            Some((first, second))
        })
    {
        put!(c, from, into.from_radius, first, "first radius");
        return put!(c, from, into.to_radius, second, "last radius");
    }
    if scope == Scope::Figure
        && let Some(second) = c.attempt(|c| {
            let outwards = c.sees("out|outward|outwards");
            c.need("(out|outward|outwards|in|inward|inwards) to [a radius of|radius of|radius]")?;
            let second = length(c)?;
            c.eat("[in] radius|from (centre|center|middle|datum)");
            Some((outwards, second))
        })
    {
        put!(c, from, into.outwards, second.0, "way to spiral");
        return put!(c, from, into.to_radius, second.1, "last radius");
    }
    if let Some(radius) = c.attempt(|c| {
        c.need("(inside|inscribed in|within) [a|of]")?;
        let radius = length(c)?;
        c.need("circle")?;
        c.note("the size of a circle is taken as its radius");
        Some(radius)
    }) {
        return put!(c, from, into.radius, radius, "radius");
    }
    if scope == Scope::Figure && c.eat("outward|outwards|out") {
        return put!(c, from, into.outwards, true, "way to spiral");
    }
    if scope == Scope::Figure && c.eat("inward|inwards|in") && !c.sees("a|the|straight") {
        return put!(c, from, into.outwards, false, "way to spiral");
    }
    if let Some(spacing) = c.attempt(|c| {
        if c.eat("[with|at|and] [a] [(track|line|lane|leg|row|strip|swath)] (spacing|separation|distance) [of|:|=]|[with|in|and] (lines|tracks|passes|legs|rows|lanes|strips) [spaced] [every]|[spaced] every") {
            let spacing = length(c)?;
            c.eat("apart|spacing|between (tracks|lines|passes|legs|rows|lanes|them)");
            return Some(spacing);
        }
        c.eat("at|with|in|a");
        let spacing = length(c)?;
        c.need("apart|[(track|line|lane|leg|row|strip)] (spacing|separation)|between [each] (tracks|track|lines|line|passes|pass|legs|leg|rows|row|lanes|them)|(lines|tracks|passes|rows|lanes) apart|spaced")?;
        Some(spacing)
    }) {
        return put!(c, from, into.spacing, spacing, "spacing");
    }
    if let Some((first, second)) = c.attempt(|c| {
        c.eat("of|measuring|over|with");
        let first = amount(c, Dimension::Length);
        let bare = match first {
            Some(_) => None,
            None => Some(number(c)?),
        };
        c.eat("long|wide|north|south|east|west");
        c.need("by|x|times")?;
        let unit_at = c.at;
        let second = amount(c, Dimension::Length)?;
        c.eat("wide|long|across|in size|east|west|north|south|area|deep");
        let first = match (first, bare) {
            (Some(first), _) => first,
            // `60 x 30 m`: the first has the unit of the second.
            (None, Some(bare)) => {
                let mut again = Cursor::new(c.words, c.tokens, None);
                again.at = unit_at;
                let said = number(&mut again)?;
                bare * second / said
            }
            _ => return None,
        };
        super::sane_length(c, first, unit_at);
        super::sane_length(c, second, unit_at);
        Some((first, second))
    }) {
        put!(c, from, into.length, first, "length");
        return put!(c, from, into.width, second, "width");
    }
    if let Some(radius) = c.attempt(|c| {
        if c.eat("[of|with|at|in|and] [(each|whose|with)] [a|loop] radius [of|:|=|is]|[with] (loops|circles|turns) of radius") {
            return length(c);
        }
        c.eat("[of|with|at|in]");
        let radius = length(c)?;
        c.need("[in] radius|- radius|radius [loops|circles|loop|circle|each]|out from (centre|center)").map(|()| radius)
    }) {
        c.eat("loops|circles|each");
        return put!(c, from, into.radius, radius, "radius");
    }
    if let Some(diameter) = c.attempt(|c| {
        if c.eat("[of|with|at|in] [(each|whose|with)] [a] diameter [of|:|=|is]") {
            return length(c);
        }
        c.eat("[of|with|at|in] [each loop|each circle|each]");
        let diameter = length(c)?;
        c.need("[in] diameter|- diameter|across").map(|()| diameter)
    }) {
        return put!(c, from, into.diameter, diameter, "diameter");
    }
    if let Some(side) = c.attempt(|c| {
        if c.eat("[of|with|each|all] [a] (sides|side|edges|edge|side length|edge length|leg length|legs) [length] [of|:|=|are|is] [length]|with each (side|edge|leg) [being]") {
            let side = length(c)?;
            c.eat("each|long|[in] length");
            return Some(side);
        }
        c.eat("of|with|all|in");
        let side = length(c)?;
        c.need("[long] [on|to|per|along|for] [a|each|every] (side|edge|leg)|(side|edge|leg) length|sides|edges|legs|a side|each side|per side|each").map(|()| side)
    }) {
        c.eat("each|each way");
        return put!(c, from, into.side, side, "side");
    }
    if let Some((metres, long)) = c.attempt(|c| {
        let metres = length(c)?;
        let long = c.eat("- long|long|in length|in the long direction");
        (long || c.eat("- wide|wide|in width|deep")).then_some((metres, long))
    }) {
        return if long {
            put!(c, from, into.length, metres, "length")
        } else {
            put!(c, from, into.width, metres, "width")
        };
    }
    if let Some((metres, long)) = c.attempt(|c| {
        let long = c.eat("length [of|:|=]");
        if !long {
            c.need("width [of|:|=]")?;
        }
        Some((length(c)?, long))
    }) {
        return if long {
            put!(c, from, into.length, metres, "length")
        } else {
            put!(c, from, into.width, metres, "width")
        };
    }
    // A bare size: `a 40 m square`, `a square of 40 m`, `the loops 8 m`.
    let bare = match scope {
        Scope::BeforeName => c.attempt(|c| {
            let metres = length(c)?;
            c.eat("-");
            Some(metres)
        }),
        _ => c.attempt(|c| {
            c.need("of|measuring|of size|size [of]|with")?;
            let metres = length(c)?;
            c.eat("loops|circles|loop");
            (!c.sees("up|down|high|north|south|east|west|ahead|forward|left|right")).then_some(metres)
        }),
    };
    put!(c, from, into.size, bare?, "size")
}
