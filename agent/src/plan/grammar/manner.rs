//! How something is flown: at which speed, at which height, with the nose where.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount, number};
use super::super::refusal::FaultKind;
use super::super::token::Kind;
use super::direction::{bearing, compass, plain_degrees};
use super::place::place;
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::plan::{Direction, Nose};

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
