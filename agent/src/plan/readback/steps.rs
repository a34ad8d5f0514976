//! The numbered lines: each step in words, and the legs that it means.
use super::Lines;
use super::phrases::{
    altitude, bearing, direction, displacement, metres, nose, place, place_ned, rotation, seconds, speed,
};
use flightsmith_mission::itinerary::{Item, Itinerary, Motion};
use flightsmith_mission::plan::{
    Action, AltitudeChange, Condition, OrbitAmount, PlanDraft, Shape, Step, TurnTo, VisitOrder,
};
use flightsmith_mission::vehicle::Payload;

/// Most legs that are listed of one step.
const MAX_LEGS: usize = 12;

pub(super) fn write(out: &mut Lines, plan: &PlanDraft, itinerary: &Itinerary, cruise_speed_m_s: f64) {
    let mut speed_m_s = plan.speed_m_s.unwrap_or(cruise_speed_m_s);
    for (index, step) in plan.steps.iter().enumerate() {
        one(out, &format!("{}", index + 1), "", step, itinerary, 1, &mut speed_m_s);
    }
}

fn one(
    out: &mut Lines,
    number: &str,
    suffix: &str,
    step: &Step,
    itinerary: &Itinerary,
    laps: u32,
    speed_m_s: &mut f64,
) {
    let indent = 2 * number.matches('.').count();
    let number_shown = format!("{number}{suffix}.");
    out.item(indent, &number_shown, &sentence(step));
    let nested = |out: &mut Lines, number: &str, steps: &[Step], laps: u32, speed_m_s: &mut f64| {
        for (index, step) in steps.iter().enumerate() {
            one(out, &format!("{number}.{}", index + 1), "", step, itinerary, laps, speed_m_s);
        }
    };
    match &step.action {
        Action::Repeat { times, steps } => {
            let alone = if steps.len() == 1 { *times } else { 1 };
            nested(out, number, steps, laps * alone, speed_m_s);
        }
        Action::When { then, otherwise, .. } => {
            let branch = |out: &mut Lines, title: &str, number: &str, steps: &[Step], speed_m_s: &mut f64| {
                if steps.is_empty() {
                    out.line(indent + 2, &format!("{title}: nothing."));
                } else {
                    out.line(indent + 2, &format!("{title}:"));
                    nested(out, number, steps, 1, speed_m_s);
                }
            };
            branch(out, "If so", number, then, speed_m_s);
            branch(out, "If not", &format!("{number}e"), otherwise, speed_m_s);
        }
        Action::Speed { speed_m_s: limit } => *speed_m_s = *limit,
        _ => legs(out, indent + number_shown.chars().count() + 1, number, &step.action, itinerary, laps),
    }
}

/// The legs of a step, where its sentence does not say all.
fn legs(out: &mut Lines, indent: usize, number: &str, action: &Action, itinerary: &Itinerary, laps: u32) {
    let all = run(&itinerary.items, number).unwrap_or_default();
    let once = &all[..all.len() / laps.max(1) as usize];
    let listed: Vec<String> = once.iter().filter_map(|item| leg(item)).collect();
    let single = matches!(
        action,
        Action::Move { .. }
            | Action::GoTo { .. }
            | Action::ReturnHome { .. }
            | Action::LandAt { .. }
            | Action::Altitude { .. }
    );
    if single {
        if let Some(last) = once.iter().rev().find_map(|item| match &item.motion {
            Motion::Leg { to, .. } => Some(*to),
            _ => None,
        }) {
            if listed.len() > 1 {
                listed.iter().for_each(|line| out.item(indent, "-", line));
            } else if matches!(action, Action::Move { .. } | Action::GoTo { .. }) {
                out.line(indent, &format!("It is then {}, {} high.", standing(&last), metres(last.altitude_m())));
            }
        }
        return;
    }
    if matches!(action, Action::Pattern { .. } | Action::Visit { .. } | Action::Orbit { .. }) {
        for line in listed.iter().take(MAX_LEGS) {
            out.item(indent, "-", line);
        }
        if listed.len() > MAX_LEGS {
            out.item(indent, "-", &format!("and {} more in the same way", listed.len() - MAX_LEGS));
        }
    }
}

fn standing(at: &flightsmith_mission::frame::PositionNed) -> String {
    let there = place_ned(at);
    if there == "home" { "above home".into() } else { there }
}

/// The first unbroken run of items that belong to a step.
fn run<'a>(items: &'a [Item], number: &str) -> Option<Vec<&'a Item>> {
    if let Some(first) =
        items.iter().position(|item| item.step == number && !matches!(item.motion, Motion::Branch { .. }))
    {
        return Some(items[first..].iter().take_while(|item| item.step == number).collect());
    }
    items.iter().find_map(|item| match &item.motion {
        Motion::Branch { then, otherwise, .. } => run(then, number).or_else(|| run(otherwise, number)),
        _ => None,
    })
}

fn leg(item: &Item) -> Option<String> {
    Some(match &item.motion {
        Motion::Leg { from, to } => {
            let level = from.horizontal_distance_m(to);
            let climb = to.altitude_m() - from.altitude_m();
            let height = if climb.abs() > 0.05 {
                format!(", {} to {}", if climb > 0.0 { "climbing" } else { "descending" }, metres(to.altitude_m()))
            } else {
                String::new()
            };
            if level < 0.05 {
                format!("straight {} to {}", if climb > 0.0 { "up" } else { "down" }, metres(to.altitude_m()))
            } else {
                format!("{} on {} to {}{height}", metres(level), bearing(from.bearing_deg(to)), standing(to))
            }
        }
        Motion::Arc(arc) => {
            let turn = if arc.sweep_deg < 0.0 { "counterclockwise" } else { "clockwise" };
            let radius = if arc.start_radius_m == arc.end_radius_m {
                format!("a radius of {}", metres(arc.start_radius_m))
            } else {
                format!("radii from {} to {}", metres(arc.start_radius_m), metres(arc.end_radius_m))
            };
            let laps = (arc.sweep_deg.abs() / 360.0 * 100.0).round() / 100.0;
            let climb = if arc.climb_m.abs() > 0.05 {
                format!(", to {}", metres(arc.end().altitude_m()))
            } else {
                String::new()
            };
            format!(
                "{laps} {} {turn} around {} at {radius}{climb}",
                if laps == 1.0 { "lap" } else { "laps" },
                standing(&arc.centre)
            )
        }
        Motion::Hold { seconds: time, .. } => format!("hold for {}", seconds(*time)),
        Motion::Photo { .. } => "take a photo".into(),
        Motion::Turn { heading_deg, .. } => format!("turn to {}", bearing(*heading_deg)),
        _ => return None,
    })
}

fn straight_words(straight: bool, via: usize) -> String {
    match (straight, via) {
        (true, _) => ", in a straight line".into(),
        (false, 0) => String::new(),
        (false, 1) => ", led around a keep-out over one point".into(),
        (false, more) => format!(", led around keep-outs over {more} points"),
    }
}

/// A step in one sentence.
fn sentence(step: &Step) -> String {
    match &step.action {
        Action::TakeOff { altitude_m } => format!("Arm and take off straight up to {}.", metres(*altitude_m)),
        Action::GoTo { place: to, altitude: height, straight, via } => {
            let height =
                height.as_ref().map_or_else(String::new, |height| format!(", arriving at {}", altitude(height)));
            format!("Fly to {}{height}{}.", place(to), straight_words(*straight, via.len()))
        }
        Action::Move { by, straight, via } => {
            format!("Fly {}{}.", displacement(by), straight_words(*straight, via.len()))
        }
        Action::Altitude { to } => match to {
            AltitudeChange::AboveHome(height) => format!("Climb or descend on the spot to {}.", metres(*height)),
            AltitudeChange::Amsl(height) => {
                format!("Climb or descend on the spot to {} above sea level.", metres(*height))
            }
            AltitudeChange::By(by) if *by < 0.0 => format!("Descend by {} on the spot.", metres(-by)),
            AltitudeChange::By(by) => format!("Climb by {} on the spot.", metres(*by)),
        },
        Action::Hold { seconds: time } => format!("Hold for {}.", seconds(*time)),
        Action::Speed { speed_m_s } => format!("From here on fly at most {} over ground.", speed(*speed_m_s)),
        Action::Nose { nose: policy } => format!("From here on the nose {}.", nose(policy)),
        Action::Turn { to } => match to {
            TurnTo::Heading { heading_deg } => {
                format!("Turn on the spot to {}, the shorter way.", bearing(*heading_deg))
            }
            TurnTo::By { angle_deg } => {
                let way = if *angle_deg < 0.0 { "left" } else { "right" };
                format!("Turn {}° to the {way} on the spot.", angle_deg.abs())
            }
            TurnTo::Place { place: at } => format!("Turn on the spot to face {}.", place(at)),
        },
        Action::Orbit { centre, radius_m, amount, turn, climb_m } => {
            let amount = match amount {
                OrbitAmount::Laps(laps) if *laps == 1.0 => "once".into(),
                OrbitAmount::Laps(laps) => format!("{laps} times"),
                OrbitAmount::Seconds(time) => format!("for {} on the circle", seconds(*time)),
            };
            let climb = match *climb_m {
                0.0 => String::new(),
                up if up > 0.0 => format!(", climbing {} on the way", metres(up)),
                down => format!(", descending {} on the way", metres(-down)),
            };
            format!(
                "Circle around {} with a radius of {} {amount}, {}{climb}.",
                place(centre),
                metres(*radius_m),
                rotation(*turn)
            )
        }
        Action::Pattern { shape, first_leg, turn, centre, at_each } => {
            let at = centre
                .as_ref()
                .map_or_else(|| "beginning here".into(), |centre| format!("laid around {}", place(centre)));
            if let Shape::Lawnmower { .. } = shape {
                let side = if *turn == flightsmith_mission::plan::Rotation::Clockwise { "right" } else { "left" };
                return format!(
                    "Fly {}, {at}, first track to {}, the area lies to its {side}{}.",
                    figure(shape),
                    direction(first_leg),
                    each(at_each, "corner")
                );
            }
            let first = match shape {
                Shape::Spiral { .. } => format!("beginning on bearing {} of its middle", direction(first_leg)),
                Shape::FigureEight { .. } => format!("setting off to {}", direction(first_leg)),
                _ => format!("first leg to {}", direction(first_leg)),
            };
            format!("Fly {}, {at}, {first}, {}{}.", figure(shape), rotation(*turn), each(at_each, "corner"))
        }
        Action::Visit { places, order, at_each } => {
            let order = match order {
                VisitOrder::Given => "in the given order",
                VisitOrder::Shortest => "in the order whose way is shortest",
            };
            format!("Visit {} places {order}{}:", places.len(), each(at_each, "place"))
        }
        Action::Photo => "Take a photo.".into(),
        Action::Release { payload: Payload::Gripper } => "Open the gripper, which lets go of its load.".into(),
        Action::Release { payload: Payload::Servo { channel, release_us } } => {
            format!("Move the servo on output {channel} to {release_us} us, which releases its load.")
        }
        Action::Release { payload: Payload::Camera } => "Release the camera.".into(),
        Action::Repeat { times, .. } => format!("{times} times:"),
        Action::When { condition, .. } => format!("Decide here: {}", question(condition)),
        Action::ReturnHome { straight, via } => {
            format!("Fly level to above home{}.", straight_words(*straight, via.len()))
        }
        Action::ReturnToLaunch => {
            "Return to launch and land there (the autopilot's RTL: it climbs to its own return height).".into()
        }
        Action::Land => "Land here and disarm.".into(),
        Action::LandAt { place: at, via } => {
            format!("Fly level to {}{}, land there and disarm.", place(at), straight_words(false, via.len()))
        }
    }
}

fn question(condition: &Condition) -> String {
    match condition {
        Condition::BatteryBelow(percent) => format!("is the battery below {percent} %?"),
        Condition::BatteryAbove(percent) => format!("is the battery above {percent} %?"),
        Condition::WindAbove(limit) => format!("is the wind above {}?", speed(*limit)),
        Condition::WindBelow(limit) => format!("is the wind below {}?", speed(*limit)),
    }
}

fn each(steps: &[Step], what: &str) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let done: Vec<String> = steps
        .iter()
        .map(|step| {
            let said = sentence(step);
            let mut letters = said.trim_end_matches('.').chars();
            letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
        })
        .collect();
    format!("; at each {what} {}", done.join(", then "))
}

fn figure(shape: &Shape) -> String {
    match shape {
        Shape::Square { side_m } => format!("a square of {} a side", metres(*side_m)),
        Shape::Rectangle { length_m, width_m } => {
            format!("a rectangle of {} by {}", metres(*length_m), metres(*width_m))
        }
        Shape::Polygon { sides: 3, side_m } => format!("a triangle of {} a side", metres(*side_m)),
        Shape::Polygon { sides, side_m } => format!("a regular polygon of {sides} sides of {}", metres(*side_m)),
        Shape::FigureEight { radius_m, laps } => {
            let laps = if *laps == 1 { "once".into() } else { format!("{laps} times") };
            format!("a figure of eight {laps}, each circle with a radius of {}", metres(*radius_m))
        }
        Shape::Spiral { start_radius_m, end_radius_m, turns, climb_m } => {
            let climb =
                if *climb_m == 0.0 { String::new() } else { format!(", changing height by {}", metres(*climb_m)) };
            format!(
                "a spiral of {turns} turns from {} to {} radius{climb}",
                metres(*start_radius_m),
                metres(*end_radius_m)
            )
        }
        Shape::ExpandingSquare { spacing_m, legs } => {
            format!("an expanding square of {legs} legs with {} between tracks", metres(*spacing_m))
        }
        Shape::Lawnmower { length_m, width_m, spacing_m } => format!(
            "a survey of {} by {} in tracks at most {} apart",
            metres(*length_m),
            metres(*width_m),
            metres(*spacing_m)
        ),
    }
}
