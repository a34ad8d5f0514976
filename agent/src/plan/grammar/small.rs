//! What is done on the spot: wait, photo, turn.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount, number};
use super::super::refusal::FaultKind;
use super::direction::{by_nose, compass, plain_degrees, rotation};
use super::place::place;
use flightsmith_mission::plan::{Action, Direction, Rotation, TurnTo};

/// One of the actions that can also be done at each corner.
pub(super) fn small(c: &mut Cursor<'_>) -> Option<Action> {
    c.attempt(hold).or_else(|| c.attempt(photo)).or_else(|| c.attempt(turn))
}

/// `wait 5 s`, `hover for half a minute`, `a 3 second pause`.
pub(super) fn hold(c: &mut Cursor<'_>) -> Option<Action> {
    let from = c.at;
    if let Some(seconds) = c.attempt(|c| {
        c.eat("with|make|do|and|after");
        let seconds = amount(c, Dimension::Duration)?;
        c.need("pause|hover|wait|hold|stop|break").map(|()| seconds)
    }) {
        super::sane_duration(c, seconds, from);
        return Some(Action::Hold { seconds });
    }
    c.need("(wait|hover|pause|hold|stay|loiter|stop|remain|halt|stand still|hang|linger|hold position|hold still|hold your position|stay put|keep still|rest|come to a stop|keep hovering|hover in place|stop and hover|stop and wait) [(there|here|in place|on the spot|in the air|over it|above it|at that point|at the top)]")?;
    c.eat("for");
    let seconds = match amount(c, Dimension::Duration) {
        Some(seconds) => seconds,
        None if c.sees("forever|for ever|indefinitely|until") => {
            c.eat("forever|for ever|indefinitely|until [further notice|i say so|told otherwise|battery [is] (empty|flat|dead)]");
            c.fault(
                FaultKind::Unsafe,
                from,
                "a flight must end on the ground, and waiting for ever does not",
                "say how long, for example hover for 30 s, then land",
            );
            return Some(Action::Hold { seconds: 1.0 });
        }
        None => {
            if let Some(value) = number(c) {
                let wrong = c.eat("m|metres|meters|ft|feet|km|degrees|m/s");
                let message = if wrong { "is no duration" } else { "has no unit of time" };
                c.fault(
                    FaultKind::Unclear,
                    from,
                    message,
                    format!("say how long with a unit, for example wait {value} s"),
                );
                return Some(Action::Hold { seconds: 1.0 });
            }
            c.eat("a moment|moment|a while|a bit|a little|bit|while|briefly|some time|a few seconds|few seconds|a few minutes|few minutes|a sec|there|here");
            c.fault(FaultKind::Unclear, from, "how long is not said", "say how long, for example hover for 10 s");
            return Some(Action::Hold { seconds: 1.0 });
        }
    };
    c.eat("there|here|in place|on the spot|over it|above it|each time");
    super::sane_duration(c, seconds, from);
    Some(Action::Hold { seconds })
}

/// `take a photo`, `a picture`, `snap a pic`.
pub(super) fn photo(c: &mut Cursor<'_>) -> Option<Action> {
    c.need("[with|taking|take|snap|shoot|capture|get|grab|make|do] [(a|one|another|single|1)] (photo|picture|pic|photograph|snapshot|image|shot|snap)|photograph it|trigger [the] camera|taking (photos|pictures)|take (photos|pictures|images)|photographing|photos|pictures|snap")?;
    c.eat("[straight] (down|downward|downwards)|of it|there|here|from there|from here");
    Some(Action::Photo)
}

/// `turn left 90 degrees`, `face north`, `turn around`, `yaw to 270`.
pub(super) fn turn(c: &mut Cursor<'_>) -> Option<Action> {
    let from = c.at;
    let by = |angle_deg: f64| Some(Action::Turn { to: TurnTo::By { angle_deg } });
    if c.eat("(turn|spin|rotate|swing) (around|round|about) [once more|again]|do a u - turn|u - turn|about turn|about face|face the other way|turn back around")
        && !c.sees("once|twice|one|two|to face|[a] full|360|by|[to] (left|right|home|north|south|east|west)|slowly")
    {
        return by(180.0);
    }
    c.at = from;
    // To a heading or a place.
    if let Some(to) = c.attempt(|c| {
        c.need("[(turn|rotate|yaw|swing|spin|swivel|pivot) [around|round] [to] [and|so as to]] face|(turn|rotate|yaw|swing|swivel|point|look|aim|pivot) [nose|camera|yourself|it|round|around] [to|at|towards|toward|on] [face|point] [at|to|towards|toward]|(set|change) [the] (heading|yaw) to|point [the] nose [at|to|towards|toward]|look [at|towards|toward]")?;
        c.eat("to|towards|toward|[to] [a] (heading|bearing|course) [of]|due|the");
        if let Some(Direction::Bearing(heading_deg)) = compass(c) {
            return Some(TurnTo::Heading { heading_deg });
        }
        // `turn 90 m left` faces nothing.
        let faces = ["face", "at", "to", "towards", "toward", "look", "point", "aim", "on"];
        let faces = c.tokens[from..c.at].iter().any(|token| faces.contains(&token.base.as_str()));
        if faces && let Some(found) = c.attempt(place) {
            return Some(TurnTo::Place { place: found });
        }
        let heading = c.tokens[from..c.at].iter().any(|token| matches!(token.text.as_str(), "to" | "heading" | "bearing" | "face" | "course"));
        let number_at = c.at;
        let heading_deg = heading.then(|| plain_degrees(c)).flatten()?;
        if c.sees("[to] (left|right)|clockwise|cw|ccw|counterclockwise|anticlockwise") {
            return None;
        }
        if !(0.0..=360.0).contains(&heading_deg) {
            c.fault(FaultKind::BadNumber, number_at, format!("a heading lies between 0 and 360 degrees, not {heading_deg}"), "say a heading such as 045 or 270");
        }
        Some(TurnTo::Heading { heading_deg: flightsmith_mission::units::wrap_360(heading_deg) })
    }) {
        return Some(Action::Turn { to });
    }
    // By an angle.
    c.need("(turn|rotate|yaw|spin|pivot|swivel|swing|do|make|take) [on the spot|in place] [around|round] [by|through|a|the nose]")?;
    let mut side = side(c);
    c.eat("by|through|a|another");
    let angle_deg = if c
        .eat("full (turn|rotation|circle|spin)|once|complete turn|one full turn|one turn|one full rotation|full 360")
    {
        360.0
    } else if c.eat("quarter turn|quarter of a turn") {
        90.0
    } else if c.eat("half turn|half a turn") {
        180.0
    } else {
        match plain_degrees(c) {
            Some(angle_deg) => {
                c.eat("degree|degrees|turn|spin|rotation");
                angle_deg
            }
            None if side.is_some() && !c.tokens[from].is("do") && !c.tokens[from].is("make") => {
                c.note("a turn left or right without an angle is a quarter turn");
                90.0
            }
            None => return None,
        }
    };
    if side.is_none() {
        side = self::side(c);
    } else {
        c.eat("turn");
    }
    c.eat("on the spot|in place");
    if angle_deg.abs() > 720.0 || angle_deg == 0.0 || !angle_deg.is_finite() {
        c.fault(
            FaultKind::BadNumber,
            from,
            format!("a turn of {angle_deg} degrees is not flown"),
            "say an angle up to 720 degrees",
        );
        return by(90.0);
    }
    let side = side.unwrap_or_else(|| {
        if angle_deg > 0.0 {
            c.note("a turn that does not say which way goes clockwise");
        }
        Rotation::Clockwise
    });
    by(side.sign() * angle_deg)
}

fn side(c: &mut Cursor<'_>) -> Option<Rotation> {
    if let Some(found) = rotation(c) {
        return Some(found);
    }
    match c.attempt(by_nose)? {
        Direction::FromNose(90.0) => Some(Rotation::Clockwise),
        Direction::FromNose(270.0) => Some(Rotation::Counterclockwise),
        _ => None,
    }
}
