//! Photos in numbers, and releases.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, amount, number};
use super::super::refusal::FaultKind;
use super::super::token::Kind;
use super::attributes;
use super::place::place;
use super::{Form, Motion, small};
use flightsmith_mission::plan::{Action, Direction, Step, TurnTo};
use flightsmith_mission::vehicle::Payload;

/// `take three photos [five seconds apart]`, `a photo facing north`, `a picture of home`.
pub(super) fn photos(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    if let Some((count, gap)) = c.attempt(|c| {
        c.eat("take|snap|shoot|capture|get|grab|make");
        let count = number(c)?;
        c.need("[more] (photos|pictures|pics|photographs|snapshots|images|shots|snaps)")?;
        let gap = c.attempt(|c| {
            c.eat(",|at|with|spaced");
            if c.eat("every|one every|each") {
                return amount(c, Dimension::Duration);
            }
            let gap = amount(c, Dimension::Duration)?;
            c.need("apart|between (them|each|photos)|intervals").map(|()| gap)
        });
        Some((count, gap))
    }) {
        let count = attributes::whole(c, count, from) as u32;
        if let Some(seconds) = gap {
            super::sane_duration(c, seconds, from);
            let mut what = Vec::new();
            for index in 0..count.min(100) {
                if index > 0 {
                    what.push(Action::Hold { seconds });
                }
                what.push(Action::Photo);
            }
            return Some(Form::Motion(Motion { what, ..Motion::default() }));
        }
        return Some(Form::Motion(Motion { what: vec![Action::Photo], times: Some(count), ..Motion::default() }));
    }
    let photo = small::photo(c)?;
    let mut what = Vec::new();
    if let Some(to) = c.attempt(|c| {
        c.need("facing|looking|pointing|of|towards|toward|at")?;
        if let Some(found) = c.attempt(place) {
            return Some(TurnTo::Place { place: found });
        }
        c.eat("to");
        match super::direction::compass(c)? {
            Direction::Bearing(heading_deg) => Some(TurnTo::Heading { heading_deg }),
            Direction::FromNose(_) => None,
        }
    }) {
        what.push(Action::Turn { to });
    }
    what.push(photo);
    let times = attributes::times(c).map(|times| times as u32);
    // A figure's corner follows: that is another rule's business.
    if c.sees("at (each|every)|every|each") {
        return None;
    }
    Some(Form::Motion(Motion { what, times, ..Motion::default() }))
}

/// Turning in steps with a photo at each: `spin round once taking a picture every 45 degrees`.
pub(super) fn panorama(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    c.need("(spin|turn|rotate|yaw) [around|round] [slowly] [once|360 degrees|360|a full turn|full circle|through 360 degrees|through a full circle] [around|round|slowly] [,|and|while]")?;
    small::photo(c)?;
    c.need("every|each")?;
    let angle_deg = amount(c, Dimension::Angle)?;
    let count = 360.0 / angle_deg;
    if !(1.0..=72.0).contains(&count) || (count - count.round()).abs() > 1e-9 {
        c.fault(
            FaultKind::BadNumber,
            from,
            format!("a full turn does not divide into steps of {angle_deg} degrees"),
            "say for example every 45 degrees",
        );
        return Some(Form::Nothing);
    }
    c.note("a full turn goes clockwise, with the photos standing still");
    let once = [Action::Photo, Action::Turn { to: TurnTo::By { angle_deg } }];
    let steps = once.map(|action| Step { words: c.text_since(from).to_owned(), action }).to_vec();
    Some(Form::Motion(Motion {
        what: vec![Action::Repeat { times: count.round() as u32, steps }],
        ..Motion::default()
    }))
}

/// `release the package`, `open the gripper`, `trigger servo 9`, `set servo 7 to 1900`.
pub(super) fn release(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    let vehicle = c.setting?.vehicle;
    let done = |payload| Some(Form::Motion(Motion { what: vec![Action::Release { payload }], ..Motion::default() }));
    // A servo.
    if let Some((channel, pulse)) = c.attempt(|c| {
        c.eat("[then] (release|drop|open|trigger|set|move|activate|fire|actuate|let go|use|operate|switch) [the] [(package|payload|parcel|load|cargo|box)] [from|with|on|by|using|of]");
        c.need("[release] servo [output|channel|number|no] [#]")?;
        let channel = number(c)?;
        let pulse = c.attempt(|c| {
            c.need("to|at")?;
            let pulse = number(c)?;
            c.eat("us|µs|microseconds|pwm");
            Some(pulse)
        });
        c.eat("[and|to] (release|drop|open|let go of|let) [the|it] [(package|payload|parcel|load|cargo|box|it|ring|life ring|line)] [go]");
        Some((channel, pulse))
    }) {
        let declared = vehicle.payloads.iter().find_map(|payload| match payload {
            Payload::Servo { channel: there, release_us } if f64::from(*there) == channel => Some((*payload, *release_us)),
            _ => None,
        });
        let Some((payload, release_us)) = declared else {
            let carried = carried(c);
            c.fault(FaultKind::NotCarried, from, format!("vehicle {} has no release on servo {channel}", vehicle.name), format!("it carries {carried}; declare the servo in the vehicle file, or say another payload"));
            return Some(Form::Nothing);
        };
        if let Some(pulse) = pulse
            && pulse != f64::from(release_us)
        {
            c.fault(
                FaultKind::NotCarried,
                from,
                format!("servo {channel} of vehicle {} releases at {release_us} us, not {pulse}", vehicle.name),
                format!("say release servo {channel}; other positions are not offered"),
            );
        }
        return done(payload);
    }
    if c.eat(
        "(open|release|trigger|activate|actuate|operate) [the] gripper|let go with the gripper|gripper (open|release)",
    ) {
        c.attempt(|c| c.need("[and|to] (release|drop|let go of) [the|it] [(package|payload|parcel|load|cargo|box)]"));
        return done(Payload::Gripper);
    }
    if c.eat("(drop|release|let go of|deliver|let go|unload|drop off|jettison|lower and release) [off] [the|your] (package|payload|parcel|load|cargo|box|item|supplies|delivery|weight|bag|kit|life ring|ring|line|first aid kit|medicine|bottle|rope)|drop it [off]|release it|let it go|drop your load|make the (delivery|drop)") {
        if c.eat("with|from|using|by") {
            if c.eat("gripper") {
                return done(Payload::Gripper);
            }
            return None;
        }
        let releases: Vec<Payload> = vehicle.payloads.iter().copied().filter(|payload| *payload != Payload::Camera).collect();
        return match releases[..] {
            [] => {
                c.fault(FaultKind::NotCarried, from, format!("vehicle {} declares nothing that it could release", vehicle.name), "choose a vehicle with a gripper or release servo, for example --vehicle quad-payload");
                Some(Form::Nothing)
            }
            [only] => done(only),
            [first, ..] => {
                let first = if releases.contains(&Payload::Gripper) { Payload::Gripper } else { first };
                c.note(format!("the load hangs on the {}", name(&first)));
                done(first)
            }
        };
    }
    None
}

/// A payload in words.
fn name(payload: &Payload) -> String {
    match payload {
        Payload::Camera => "camera".into(),
        Payload::Gripper => "gripper".into(),
        Payload::Servo { channel, .. } => format!("release servo on output {channel}"),
    }
}

fn carried(c: &Cursor<'_>) -> String {
    let payloads = c.setting.map(|setting| &setting.vehicle.payloads[..]).unwrap_or_default();
    if payloads.is_empty() { "nothing".into() } else { payloads.iter().map(name).collect::<Vec<_>>().join(", ") }
}

/// `take a photo every 10 m`: recognised, not offered.
pub(super) fn photo_every(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    small::photo(c)?;
    c.need("every|each")?;
    let known = amount(c, Dimension::Length).is_some()
        || amount(c, Dimension::Angle).is_some()
        || amount(c, Dimension::Duration).is_some()
        || c.eat("quarter|half|lap|side|leg|half lap|quarter lap");
    if !known || !matches!(c.tokens[from].kind, Kind::Word) {
        return None;
    }
    c.fault(
        FaultKind::Unclear,
        from,
        "photos in between are not offered",
        "say where, for example a photo at each corner, or fly the parts as separate legs",
    );
    Some(Form::Nothing)
}
