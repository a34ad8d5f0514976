//! Straight legs: to a place, along a direction, oblique, and there and back.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount};
use super::super::refusal::FaultKind;
use super::attributes::{self, Attributes, Scope};
use super::direction::{direction, displacement, tidy};
use super::place::place;
use super::{Form, Motion};
use flightsmith_mission::plan::{Action, AltitudeChange, Direction, Displacement, Place};

const VERB: &str = "(fly|out|go|move|head|proceed|travel|continue|come|advance|shift|slide|strafe|drift|translate|carry on|keep going|cruise|cross|run|press on|set off|fly off|go out|head out|fly out|steer|nip|pop|hop) [on] [another] [out|over|across|off|away] [straight|directly|diagonally] [another|a further|further] [for]";

/// `go to 47.3977, 8.5456 at 30 m`, `fly over to the point 40 m north of home`.
pub(super) fn go_to(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    let straight = c.sees("(fly|go|move|head|proceed) [straight|directly] (straight|directly)");
    let mut said = Attributes::default();
    if !c.sees("to|on to") {
        c.need("(fly|go|move|head|proceed|travel|continue|come|make [your] way|visit|run|cruise|reach|inspect|check|press on|set off|steer|navigate) [back|over|on|out|straight|directly]")?;
    } else {
        c.eat("on");
    }

    let before_to = c.at;
    attributes::read(c, Scope::Leg, &mut said);
    let to = c.eat("[straight|directly] (to|for|toward|towards|over|at)");
    let visits = ["visit", "reach", "inspect", "check"];
    let visits = c.tokens[from..before_to].iter().any(|token| visits.contains(&token.base.as_str()));
    let place_at = c.at;
    let target = place(c)?;
    // `go 20 m south of home` needs no "to", since it says its reference.
    let reference = c.tokens[place_at..c.at].iter().any(|token| token.is("of") || token.is("from"));
    if !(to || visits || reference) {
        return None;
    }
    if straight {
        said.straight = Some(true);
    }
    attributes::read(c, Scope::Leg, &mut said);
    let straight = said.straight.unwrap_or(false);
    let action = match target {
        Place::Here => {
            c.fault(FaultKind::Unclear, from, "it is there already", "say another place");
            return Some(Form::Nothing);
        }
        Place::Home => Action::ReturnHome { straight, via: vec![] },
        Place::FromHere { by } => Action::Move { by, straight, via: vec![] },
        place => Action::GoTo { place, altitude: None, straight, via: vec![] },
    };
    let returns = matches!(action, Action::ReturnHome { .. });
    let motion = finish(c, said, vec![action], from);
    Some(if returns { Form::Return(motion) } else { Form::Motion(motion) })
}

/// `fly 50 m north`, `30 m ahead`, `right 10 m and 5 m up`, `10 m at 30 degrees up to the right`, each also `and back`.
pub(super) fn leg(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    let mut parts = Parts::default();
    let mut said = Attributes::default();
    let verb = c.eat(VERB);
    if verb {
        let tokens = &c.tokens[from..c.at];
        if tokens.iter().any(|token| token.is("straight") || token.is("directly")) {
            said.straight = Some(true);
        }
        parts.diagonal = tokens.iter().any(|token| token.is("diagonally"));
    }
    if c.eat("diagonally|diagonal") {
        parts.diagonal = true;
    }
    while let Some(()) = c.attempt(|c| part(c, &mut parts)) {}
    if verb && parts.distance.is_some() && parts.direction.is_none() && parts.up.is_none() && parts.elevation.is_none()
    {
        c.fault(
            FaultKind::Unclear,
            from,
            "which way is not said",
            "say a direction, for example fly 50 m north, or 20 m ahead",
        );
        return Some(Form::Nothing);
    }
    let dash = c.peek().is_some_and(|token| token.is("-"));
    if dash
        || !(parts.direction.is_some() || parts.distance.is_some() && parts.up.is_some() || parts.elevation.is_some())
    {
        return None;
    }
    if !verb && parts.distance.is_none() && parts.vertical.is_none() {
        return None;
    }
    attributes::read(c, Scope::Leg, &mut said);
    // `head north at 5 m/s for 10 seconds`
    if parts.distance.is_none()
        && let Some(seconds) = c.attempt(|c| {
            c.eat(",");
            c.need("for")?;
            amount(c, Dimension::Duration)
        })
    {
        attributes::read(c, Scope::Leg, &mut said);
        match said.speed {
            Some(speed) => {
                c.note("a leg given by speed and time is flown as speed times time");
                parts.distance = Some(speed * seconds);
            }
            None => {
                c.fault(FaultKind::Unclear, from, "how far is not said", "say a distance, or a speed with the time")
            }
        }
    }
    let action = parts.action(c, from, said.straight.unwrap_or(false))?;
    let back = c.attempt(|c| {
        c.eat(",");
        c.need("and [then] back [again]|there and back|back again|, back")
    });
    if back.is_some() && (c.sees("home|to|land|and land|the same") || super::direction::amount_follows(c)) {
        // `and back home`: that is another clause.
        c.at = unback(c);
    }
    let there_and_back = back.is_some()
        && !c.sees("home|to|land|and land|the same|and back|and then back|back")
        && !(c.sees(",") && c.sees(", back"));
    let mut what = vec![action];
    if there_and_back {
        let back = reversed(&what[0])?;
        what.push(back);
        attributes::read(c, Scope::Leg, &mut said);
        c.attempt(|c| {
            c.eat(",");
            c.eat("and|with");
            said.at_each = attributes::at_each(c)?;
            Some(())
        });
    }
    let second = c.attempt(|c| {
        let mark = c.mark();
        c.need("and")?;
        amount(c, Dimension::Length)?;
        direction(c)?;
        c.reset(mark);
        Some(())
    });
    if second.is_some() {
        c.note("two distances joined by \"and\" are flown as two legs, one after the other");
    }
    let pauses = std::mem::take(&mut said.at_each);
    let mut motion = finish(c, said, what, from);
    motion.pauses = pauses;
    Some(Form::Motion(motion))
}

/// The place in front of the `and back` that was just read.
fn unback(c: &Cursor<'_>) -> usize {
    let mut at = c.at;
    while at > 0 && !matches!(c.tokens[at].text.as_str(), "and" | ",") {
        at -= 1;
    }
    if at > 0 && c.tokens[at - 1].is(",") { at - 1 } else { at }
}

/// The same way back.
pub(in super::super) fn reversed(action: &Action) -> Option<Action> {
    match action {
        Action::Move { by, straight, .. } => {
            let by = match *by {
                Displacement::World { north_m, east_m, up_m } => {
                    Displacement::World { north_m: 0.0 - north_m, east_m: 0.0 - east_m, up_m: 0.0 - up_m }
                }
                Displacement::Body { forward_m, right_m, up_m } => {
                    Displacement::Body { forward_m: 0.0 - forward_m, right_m: 0.0 - right_m, up_m: 0.0 - up_m }
                }
            };
            Some(Action::Move { by, straight: *straight, via: vec![] })
        }
        Action::Altitude { to: AltitudeChange::By(metres) } => {
            Some(Action::Altitude { to: AltitudeChange::By(-metres) })
        }
        _ => None,
    }
}

pub(super) fn finish(c: &mut Cursor<'_>, said: Attributes, what: Vec<Action>, from: usize) -> Motion {
    let times = said.times.map(|times| attributes::whole(c, times, from) as u32);
    Motion {
        speed: said.speed,
        nose: said.nose,
        height: said.height,
        start: None,
        climb_to: None,
        times,
        what,
        pauses: said.at_each,
    }
}

#[derive(Default)]
struct Parts {
    distance: Option<f64>,
    direction: Option<Direction>,
    /// Angle above the horizon, degrees.
    elevation: Option<f64>,
    /// Metres upwards, said apart from the distance.
    vertical: Option<f64>,
    /// `up` or `down` without an amount: 1 or -1.
    up: Option<f64>,
    diagonal: bool,
}

fn up_or_down(c: &mut Cursor<'_>) -> Option<f64> {
    if c.eat("up|upward|upwards|higher|above the horizontal|above horizontal") {
        Some(1.0)
    } else if c.eat("down|downward|downwards|lower|below the horizontal|below horizontal") {
        Some(-1.0)
    } else {
        None
    }
}

fn part(c: &mut Cursor<'_>, parts: &mut Parts) -> Option<()> {
    let from = c.at;
    let started = parts.distance.is_some() || parts.direction.is_some();
    // at 30 degrees up | up at 30 degrees | climbing at 15 degrees
    if parts.elevation.is_none() {
        let found = c.attempt(|c| {
            c.eat(",|and");
            let sign = if c.eat("(climbing|rising|ascending|up|upward|upwards|sloping up) [at]") {
                Some(1.0)
            } else if c.eat("(descending|down|downward|downwards|sloping down) [at]") {
                Some(-1.0)
            } else {
                None
            };
            c.eat("at [an angle of]|an angle of");
            let angle = amount(c, Dimension::Angle)?;
            c.eat("angle|slope");
            let sign = match sign {
                Some(sign) => sign,
                None => up_or_down(c)?,
            };
            Some(sign * angle)
        });
        if let Some(angle) = found {
            if !(-90.0..=90.0).contains(&angle) {
                c.fault(
                    FaultKind::BadNumber,
                    from,
                    "a slope lies between 0 and 90 degrees",
                    "say for example at 30 degrees up",
                );
            }
            parts.elevation = Some(angle);
            return Some(());
        }
    }
    // `20 m up to the right at 30 degrees`
    if let (Some(sign), None, Some(_)) = (parts.up, parts.elevation, parts.direction)
        && let Some(angle) = c.attempt(|c| {
            c.need("at [an angle of]")?;
            amount(c, Dimension::Angle)
        })
    {
        parts.elevation = Some(sign * angle);
        return Some(());
    }
    // and 5 m up | while climbing 5 m
    if started && parts.vertical.is_none() {
        let found = c.attempt(|c| {
            c.eat("and|, and|while|,");
            if c.eat("climbing|rising|ascending|gaining|up") {
                let metres = amount(c, Dimension::Length)?;
                return Some(metres);
            }
            if c.eat("descending|losing|down|dropping") {
                let metres = amount(c, Dimension::Length)?;
                return Some(-metres);
            }
            let metres = amount(c, Dimension::Length)?;
            let sign = up_or_down(c)?;
            Some(sign * metres)
        });
        let joined_by_comma = c.tokens.get(from).is_some_and(|token| token.is(","))
            && !c.tokens.get(from + 1).is_some_and(|token| token.is("and") || token.is("while"));
        match found {
            Some(metres) if !joined_by_comma => {
                super::sane_length(c, metres.abs(), from);
                parts.vertical = Some(metres);
                return Some(());
            }
            _ => c.at = from,
        }
    }
    if parts.distance.is_none() {
        let found = c.attempt(|c| {
            c.eat("for|by|about");
            let metres = amount(c, Dimension::Length)?;
            (!c.sees("x|by|[in] radius|[in] diameter|of home|(away|) from (home|here)|square|circle|rectangle|high|apart|above|- |wide|long|times")).then_some(metres)
        });
        if let Some(metres) = found {
            c.eat("further|farther|more");
            super::sane_length(c, metres, from);
            parts.distance = Some(metres);
            return Some(());
        }
    }
    if parts.direction.is_none() {
        let found = c.attempt(|c| {
            let joined = c.eat("and");
            c.eat("at");
            let found = direction(c)?;
            // `up 3 m and right 5 m` are two legs.
            (!(joined && parts.distance.is_some() && super::direction::amount_follows(c))).then_some(found)
        });
        if let Some(direction) = found {
            parts.direction = Some(direction);
            return Some(());
        }
    }
    if parts.up.is_none() && parts.elevation.is_none() {
        let found = c.attempt(|c| {
            c.eat("and");
            up_or_down(c)
        });
        if let Some(up) = found {
            parts.up = Some(up);
            return Some(());
        }
    }
    None
}

impl Parts {
    fn action(&self, c: &mut Cursor<'_>, from: usize, straight: bool) -> Option<Action> {
        let moved = |by| Some(Action::Move { by, straight, via: vec![] });
        let distance = match (self.distance, self.vertical) {
            (Some(distance), _) => distance,
            (None, Some(_)) | (None, None) => {
                let hint = "say how far, for example fly 50 m north";
                c.fault(FaultKind::Unclear, from, "how far is not said", hint);
                1.0
            }
        };
        match (self.direction, self.elevation.map(|angle| angle.to_radians()), self.up) {
            (Some(direction), Some(slope), _) => {
                moved(displacement(direction, distance * slope.cos(), tidy(distance * slope.sin())))
            }
            (Some(direction), None, Some(up)) => {
                // `diagonally up and forward`
                if !self.diagonal {
                    c.note("up and along without an angle is flown at 45 degrees");
                }
                let part = distance * std::f64::consts::FRAC_1_SQRT_2;
                moved(displacement(direction, part, tidy(up * part)))
            }
            (Some(direction), None, None) => moved(displacement(direction, distance, self.vertical.unwrap_or(0.0))),
            (None, Some(slope), _) => {
                c.note("a slope without a direction goes ahead, by the nose");
                moved(displacement(Direction::FromNose(0.0), distance * slope.cos(), tidy(distance * slope.sin())))
            }
            (None, None, Some(up)) => Some(Action::Altitude { to: AltitudeChange::By(up * distance) }),
            (None, None, None) => None,
        }
    }
}
