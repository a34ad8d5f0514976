//! Beginning and end of a flight, and heights: take off, climb, return, land, RTL.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount};
use super::super::refusal::FaultKind;
use super::attributes::{self, Attributes, Scope};
use super::direction::amount_follows;
use super::manner;
use super::place::place;
use super::{Form, Motion};
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::plan::{Action, AltitudeChange, Place};

/// `take off to 10 m`, `arm and lift off to a height of 30 feet`.
pub(super) fn take_off(c: &mut Cursor<'_>) -> Option<Form> {
    c.attempt(|c| c.need("arm [motors|up] [and|,|then]"));
    c.need("[do] (take off|takeoff|take - off|lift off|lift - off|liftoff|launch|get airborne|take to the air|get up in the air|take it up|take her up|blast off|go airborne|become airborne|get it up|vertical takeoff)")?;
    c.eat("vertically|straight up|from (home|here|the ground)|vertical");
    let height = c.attempt(|c| {
        c.eat("and|,");
        c.eat("(climb|rise|ascend|go up|hover|fly|go|up) [up|straight up]");
        c.eat("(to|at|for|until|and reach|up to|by) [a|an] [(height|altitude) of]|:|,");
        if let Some(found) = manner::height(c, true) {
            return Some(found);
        }
        let found = manner::height_amount(c)?;
        c.eat("up|straight up|vertically");
        // `take off, 20 m north`: that is a leg.
        (!c.sees("north|south|east|west|forward|forwards|ahead|left|right|back|to the|by|x|radius|square|- "))
            .then_some(found)
    });
    Some(Form::TakeOff(height))
}

/// `climb to 20 m`, `descend by 5 m`, `go up 10 m`, `up to 40 m`.
pub(super) fn altitude(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    let up = if c.eat("(climb|ascend|rise|raise|gain|go up|go higher|fly up|move up|head up|come up|increase [the] (altitude|height)|up|gain height|gain altitude|upward|upwards|straight up|take it up|climb up|climb back [up]|rise up|go straight up|get up|climb straight up) [by|another|a further|further|back]") {
        1.0
    } else if c.eat("(descend|go down|go lower|fly down|move down|come down|lower|drop [down]|sink|down|decrease [the] (altitude|height)|lose height|lose altitude|reduce [the] (altitude|height)|downward|downwards|straight down|lose|come back down|go back down|drop back) [by|another|a further|further|back|yourself|it]") {
        -1.0
    } else if c.eat("(change|adjust|set|bring) [the] (altitude|height)|go|fly|return|get|move|come|be|hover") {
        0.0
    } else {
        return None;
    };
    let mut said = Attributes::default();
    let to = c.eat("[back] [up|down] (to|until|at)");
    let height_at = c.at;
    let change = if to || up == 0.0 {
        if !to {
            return None;
        }
        match manner::height_amount(c)? {
            Altitude::AboveHome(metres) => AltitudeChange::AboveHome(metres),
            Altitude::Amsl(metres) => AltitudeChange::Amsl(metres),
        }
    } else {
        c.eat("by|another");
        let metres = amount(c, Dimension::Length)?;
        super::sane_length(c, metres, height_at);
        c.eat("more|further|higher|lower|up|down|in height|of height|in altitude");
        AltitudeChange::By(up * metres)
    };
    if c.sees("[to] (north|south|east|west)|- (north|south|east|west)|of|ahead|forward|left|right|to the (left|right)|radius|by|x|from|away") {
        return None;
    }
    c.eat("altitude|height|high|on the spot|vertically|straight up|up|in the air");
    attributes::read(c, Scope::Leg, &mut said);
    if said.height.is_some() {
        c.fault(FaultKind::Contradictory, from, "says a second height", "say one height");
    }
    if said.speed.is_some() {
        c.fault(
            FaultKind::Unclear,
            from,
            "how fast to climb or descend is the autopilot's to choose",
            "leave the speed out, or say it with a leg",
        );
    }
    let straight_up = vec![Action::Altitude { to: change }];
    let motion = Motion {
        speed: said.speed,
        nose: said.nose,
        times: said.times.map(|times| times as u32),
        what: straight_up,
        ..Motion::default()
    };
    Some(Form::Altitude { motion, up: up as i32 })
}

/// `RTL`, `return to launch`.
pub(super) fn rtl(c: &mut Cursor<'_>) -> Option<Form> {
    c.need("[and|do a|do an|go|engage|use|trigger|command|switch to|activate|finish with|end with] [a|an] (rtl|return to launch|return - to - launch|rth) [mode|back to home|home|to home]")?;
    c.attempt(|c| c.need("and (land|touch down)|, (land|then land)"));
    Some(Form::End(Action::ReturnToLaunch))
}

/// `return home`, `come back`, `head home and land`.
pub(super) fn go_home(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    let mut said = Attributes::default();
    let words = c.eat(
        "(return|come|go|fly|head|get|move|travel|make [its|your] way|turn|bring (it|her|him|the drone|the quad|them)|take (it|her)|race|hurry) [straight|directly|right|on|then] (back|home|back home|home again) [home|here|again|over] [to [the] (home|start|takeoff|launch|takeoff point|launch point|start point|starting point|starting position|launch site|takeoff spot|base|where it started|where you started|where you took off|where it took off|where we started|home point|home position|me|us|origin|beginning|launch pad|pad|takeoff position|launch position|starting place)]\
|return [to [the] (home|start|takeoff|launch point|takeoff point|start point|starting point|starting position|base|where it started|where you started|where you took off|where it took off|home point|home position|me|us|origin|launch pad|pad|launch site|takeoff position|starting place)]|back home|home again|back to (home|base|the start|start|me|where you started)|home|back to the (launch|takeoff|starting|start) (point|position|place|site)|back here",
    );
    if !words {
        return None;
    }
    if c.sees("the same way|by the same (way|route)|same way|the way (it|you) came|[the] same distance") {
        return None;
    }
    let back_only = !c.tokens[from..c.at]
        .iter()
        .any(|token| matches!(token.text.as_str(), "home" | "launch" | "start" | "base" | "me" | "takeoff"));
    c.eat("after|afterwards|again|when (done|finished)|at the end|safely|now");
    attributes::read(c, Scope::Leg, &mut said);
    // `come back to 20 m` is a height, `back 10 m` a leg.
    if c.sees("to|10") && back_only || amount_follows(c) {
        return None;
    }
    let straight = said.straight.unwrap_or(false) || c.tokens[from..c.at].iter().any(|token| token.is("straight"));
    let motion = super::legs::finish(c, said, vec![Action::ReturnHome { straight, via: vec![] }], from);
    Some(Form::Return(motion))
}

/// `back the same way`, `fly back`: the last leg in reverse.
pub(super) fn same_way_back(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    let mut said = Attributes::default();
    c.need("(return|come|go|fly|head|move)  [back] [by|along] [the] (same (way|route|path|line|track)|way (it|you|we) came)|[back] [by|along] the same (way|route|path) [back]|[the] same distance back|back the same (way|distance)|[fly|go|come|move] back again|fly back|go back|move back")?;
    attributes::read(c, Scope::Leg, &mut said);
    if amount_follows(c) || c.sees("home|to|and land") && c.tokens[from..c.at].iter().all(|token| !token.is("same")) {
        return None;
    }
    let motion = super::legs::finish(c, said, vec![], from);
    Some(Form::SameWayBack(motion))
}

/// `land`, `land here`, `land at home`, `touch down 20 m east of home`.
pub(super) fn land(c: &mut Cursor<'_>) -> Option<Form> {
    c.need("[come in to|come in and|and|to|finish by|finally|make a] (land|touch down|touchdown|set down|set it down|set her down|put down|put it down|put her down|land it|land her|bring it down|come down and land|descend and land|touch ground|landing|settle down|go down and land|come in to land|down and land)")?;
    c.eat("safely|softly|gently|again|when (done|finished)|afterwards|at the end|smoothly|vertically|straight down|carefully|immediately|now|at once|straight away|precisely");
    let back = c.eat("back");
    let action = if back && c.eat("here|there") {
        c.note("\"land back here\" is read as: land where it took off");
        Action::LandAt { place: Place::Home, via: vec![] }
    } else if c.eat("right (here|there)|here|there|on the spot|in place|where (it|you) (is|are)|at (that|this) (point|spot|place|location|position)|on (that|this) spot|on the ground|at the same (spot|point|place)|at the end point|at the last (point|corner)") {
        Action::Land
    } else if c.eat("at|on|in|near|by|back at|back on|over|to|home|where") {
        c.at -= usize::from(c.tokens[c.at - 1].is("home") || c.tokens[c.at - 1].is("where"));
        match place(c)? {
            Place::Here => Action::Land,
            place => Action::LandAt { place, via: vec![] },
        }
    } else if let Some(place) = c.attempt(place) {
        match place {
            Place::Here => Action::Land,
            place => Action::LandAt { place, via: vec![] },
        }
    } else {
        Action::Land
    };
    c.eat("safely|softly|gently|again|when (done|finished)|afterwards|smoothly|carefully|immediately");
    // What the autopilot does by itself after the landing.
    c.eat("[,|;|.] [and] [then] (disarm [the motors|motors]|(stop|cut|switch off|turn off|shut down|shut off) [the] (motors|engines|rotors|propellers))");
    Some(Form::End(action))
}
