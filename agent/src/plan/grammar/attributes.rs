//! What may be said about a leg or a figure, in any order: sizes, speed, height, nose, laps, centre, what is done at each corner.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount, number};
use super::super::refusal::FaultKind;
use super::super::token::Kind;
use super::direction::{bearing, compass, direction, plain_degrees, rotation};
use super::place::place;
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::plan::{Action, Direction, Nose, Place, Rotation};

/// Everything said about one leg or figure. What stays `None` was not said.
#[derive(Debug, Default)]
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
        c.need("for|lasting|over")?;
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

/// Sizes and what else only a figure has.
fn figure_size(c: &mut Cursor<'_>, scope: Scope, into: &mut Attributes, from: usize) -> Option<()> {
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
        if c.eat("[of|with|at|in|and] [(each|whose|with)] [a|circle|loop] radius [of|:|=|is]|[with] (loops|circles|turns) of radius") {
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
        c.eat("[of|with|at|in] [each] [loop|circle]");
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

fn laps_plain(c: &mut Cursor<'_>) -> Option<f64> {
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

/// A ground speed: `at 5 m/s`, `no faster than 10 mph`, `3 m/s tops`.
pub(super) fn speed(c: &mut Cursor<'_>) -> Option<f64> {
    let from = c.at;
    if c.eat("slowly|slow|fast|quickly|quick|very slowly|very fast|at (full|top|walking|low|high|moderate|normal|maximum|max|slow|good) (speed|pace|throttle)|at walking pace|walking pace|(full|top|maximum) speed|gently|carefully|leisurely|as fast as (possible|you can|it can)|as slowly as possible|rapidly|briskly")
        && (c.peek().is_none_or(|token| token.kind == Kind::Mark) || c.sees("and|then|please|for|while|but"))
    {
        c.fault(FaultKind::Unclear, from, "how fast is not said", "say a speed, for example at 3 m/s");
        return Some(1.0);
    }
    c.at = from;
    c.eat(
        "[flying|going|moving|travelling|traveling|doing|keeping|staying|and keep|keep|stay|limit] \
[at|with|by|to] [a] [constant|steady|ground|top|max|maximum] [speed|ground speed|velocity|pace|max|maximum] [limited|limit|limited to|not] \
[of|to|:|=|is|below|under|at] [max|maximum|most]\
|[at|with|go|going|fly|flying|and|moving] (no faster than|not faster than|never faster than|no more than|not more than|no quicker than|at no more than|slower than|not exceeding|without exceeding|never exceeding|not over|never over|at most|at a maximum of|at up to|up to|a maximum of|maximum of|less than|not above)\
|(keep|keeping|stay|staying|remain|remaining) (below|under|at)|below|under|speed limit [of|is|:]|using|do not exceed|don't exceed|never exceed|[do not|don't|never] (go|fly) (over|above|faster than)|limit [speed] to",
    );
    let metres_a_second = amount(c, Dimension::Speed)?;
    c.eat("tops|max|maximum|at most|or less|or slower|or below|ground speed|over ground|speed|limit|please|(the|) whole (way|time|flight)|throughout|all the way|all along");
    super::sane_speed(c, metres_a_second, from);
    Some(metres_a_second)
}

/// A height to fly at: `at 20 m`, `height 18 m`, `30 m high`.
pub(super) fn height(c: &mut Cursor<'_>, figure: bool) -> Option<Altitude> {
    c.attempt(|c| {
        let from = c.at;
        if c.eat("[all|flying|flown|staying|keeping|fly|everything|and] [at|from|with|to|keeping|keep|maintaining|maintain|holding] [a|constant] (height|altitude|level) [of|:|=|is]") {
            let height = height_amount(c)?;
            throughout(c);
            return Some(height);
        }
        let at = c.eat("[all|flying|flown|staying|keeping|keep|fly|everything] at|from|maintaining|maintain");
        let number_at = c.at;
        let metres = amount(c, Dimension::Length)?;
        if c.sees("[in] radius|[in] diameter|wide|apart|[track|line] spacing|a side|sides|- radius|across|long|by|x|(left|right|forward|back|ahead|north|south|east|west|away|out)") {
            return None;
        }
        let named = reference(c);
        // `10 m up` is a height only where it cannot be a way to fly.
        let up = named.is_none() && (figure || c.at == 0) && c.eat("up");
        if !(at || named.is_some() || up) {
            return None;
        }
        super::sane_length(c, metres, number_at);
        throughout(c);
        let _ = from;
        Some(if named == Some(true) { Altitude::Amsl(metres) } else { Altitude::AboveHome(metres) })
    })
}

fn throughout(c: &mut Cursor<'_>) {
    c.eat("(the|) whole (way|time|flight)|throughout|all the way|all along|all the time|at all times|for the whole flight");
}

/// A height as such: `20 m`, `60 feet above sea level`, `30` where all other lengths are in metres.
pub(super) fn height_amount(c: &mut Cursor<'_>) -> Option<Altitude> {
    c.attempt(|c| {
        let from = c.at;
        c.eat("a (height|altitude) of|(height|altitude) of|height|altitude|about");
        let metres = match amount(c, Dimension::Length) {
            Some(metres) => metres,
            None => {
                let value = number(c)?;
                let (unit, factor) = c.only_length_unit?;
                let ends =
                    c.peek().is_none_or(|token| token.kind == Kind::Mark && token.text != "-" && token.text != "%")
                        || c.sees("and|then|or|rtl|return|at|high|up|to|again");
                if !ends {
                    return None;
                }
                c.note(format!("heights without a unit are read in {unit}, as the other lengths"));
                value * factor
            }
        };
        super::sane_length(c, metres, from);
        Some(if reference(c) == Some(true) { Altitude::Amsl(metres) } else { Altitude::AboveHome(metres) })
    })
}

/// Above what: `true` for sea level.
fn reference(c: &mut Cursor<'_>) -> Option<bool> {
    if c.eat("above [mean] sea level|amsl|asl|msl") {
        return Some(true);
    }
    if c.eat("agl|above ground level|above [the] ground|off the ground|from the ground") {
        c.note("heights above the ground are read as heights above home");
        return Some(false);
    }
    c.eat("above (home|launch|takeoff|take off|launch point|takeoff point|start|here)|high|altitude|height|in the air|in (height|altitude)|relative|over home").then_some(false)
}

/// Where the nose points while flying.
pub(super) fn nose(c: &mut Cursor<'_>, figure: bool) -> Option<Nose> {
    c.attempt(|c| {
        let from = c.at;
        if c.eat("nose (first|forward|forwards|ahead)|facing (forward|forwards|ahead|where (it|you) (goes|is going|flies))") {
            return Some(Nose::AlongPath);
        }
        if c.eat("tail first|flying backwards|flying backward|flying in reverse|backwards|backward|in reverse|facing (backward|backwards)") {
            return (figure || c.tokens[from].text != "back").then_some(Nose::AgainstPath);
        }
        if c.eat("nose (in|inward|inwards)|facing (in|inward|inwards)|looking (in|inward|inwards)") {
            throughout(c);
            return Some(Nose::IntoPattern);
        }
        let subject = c.eat(
            "[with|keeping|keep|having|and] [always] (nose|camera|front|lens) [(always|kept|held|is|being|stays|still)] [(pointing|facing|pointed|turned|aimed|held|fixed|locked|looking|kept|still)]",
        );
        let verb = !subject
            && c.eat("[always|keep|keeping|while] (facing|looking|pointing) [the] [nose|camera]|always face");
        if !(subject || verb) {
            return None;
        }
        if subject && c.tokens[from..c.at].iter().any(|token| token.is("camera")) {
            c.note("the camera is taken to look where the nose points");
        }
        let nose = target(c)?;
        throughout(c);
        Some(nose)
    })
}

/// What a nose points at.
fn target(c: &mut Cursor<'_>) -> Option<Nose> {
    if c.eat("(along|down|in|into|to|on) [the] (path|track|line|way|flight path|course|direction of (travel|flight|motion|movement|flying)|direction of the path)|forward|forwards|ahead|where (it|you) (goes|is going|flies)") {
        return Some(Nose::AlongPath);
    }
    if c.eat("backward|backwards|against [the] (path|track|direction of (travel|flight))|away from [the] direction of (travel|flight)|opposite to [the] direction of (travel|flight)|to the rear") {
        return Some(Nose::AgainstPath);
    }
    if c.eat("(in|into|to|at|toward|towards|on) [the] (middle|centre|center|circle|pattern|square|figure|inside|triangle|rectangle)|inward|inwards|in|the (centre|center|middle)|centre|center|middle") {
        return Some(Nose::IntoPattern);
    }
    c.eat("to|at|toward|towards|on");
    let from = c.at;
    if let Some(Direction::Bearing(heading_deg)) = compass(c).or_else(|| bearing(c)) {
        return Some(Nose::Heading { heading_deg });
    }
    if let Some(found) = c.attempt(place) {
        return Some(Nose::At { place: found });
    }
    let heading_deg = plain_degrees(c)?;
    if !(0.0..=360.0).contains(&heading_deg) {
        c.fault(
            FaultKind::BadNumber,
            from,
            format!("a heading lies between 0 and 360 degrees, not {heading_deg}"),
            "say a heading such as 045 or 270",
        );
    }
    Some(Nose::Heading { heading_deg: flightsmith_mission::units::wrap_360(heading_deg) })
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
