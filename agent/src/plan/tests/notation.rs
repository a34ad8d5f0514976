//! A short notation for plans, so that a table of sentences can be read and checked by a person.
//!
//! Steps are joined by `; `. Moves: `N40 E10 U5` in the world, `F10 R5 U2` by the nose (negative: south, back, left, down).
//! Places: `home`, `here`, `home+N40E20`, `here+F20`, `47.3977,8.5456`.
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::plan::*;
use flightsmith_mission::vehicle::Payload;

pub(super) fn steps(steps: &[Step]) -> String {
    steps.iter().map(|step| action(&step.action)).collect::<Vec<_>>().join("; ")
}

fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

fn axes(parts: &[(char, f64)]) -> Vec<String> {
    parts
        .iter()
        .filter(|(_, value)| value.abs() > 5e-4)
        .map(|(axis, value)| format!("{axis}{}", number(*value)))
        .collect()
}

fn displacement(by: &Displacement) -> Vec<String> {
    match *by {
        Displacement::World { north_m, east_m, up_m } => axes(&[('N', north_m), ('E', east_m), ('U', up_m)]),
        Displacement::Body { forward_m, right_m, up_m } => axes(&[('F', forward_m), ('R', right_m), ('U', up_m)]),
    }
}

pub(super) fn place(place: &Place) -> String {
    match place {
        Place::Home => "home".into(),
        Place::Here => "here".into(),
        Place::FromHome { north_m, east_m } => format!("home+{}", axes(&[('N', *north_m), ('E', *east_m)]).concat()),
        Place::FromHere { by } => format!("here+{}", displacement(by).concat()),
        Place::Global { lat_deg, lon_deg } => format!("{:.6},{:.6}", lat_deg, lon_deg),
    }
}

fn altitude(altitude: &Altitude) -> String {
    match altitude {
        Altitude::AboveHome(metres) => number(*metres),
        Altitude::Amsl(metres) => format!("amsl {}", number(*metres)),
    }
}

fn direction(direction: &Direction) -> String {
    match direction {
        Direction::Bearing(degrees) => number(*degrees),
        Direction::FromNose(degrees) => format!("nose+{}", number(*degrees)),
    }
}

fn turn(turn: Rotation) -> &'static str {
    if turn == Rotation::Clockwise { "cw" } else { "ccw" }
}

fn each(steps_each: &[Step]) -> String {
    if steps_each.is_empty() { String::new() } else { format!(" each ({})", steps(steps_each)) }
}

pub(super) fn condition(condition: &Condition) -> String {
    match condition {
        Condition::BatteryBelow(value) => format!("battery<{}", number(*value)),
        Condition::BatteryAbove(value) => format!("battery>{}", number(*value)),
        Condition::WindAbove(value) => format!("wind>{}", number(*value)),
        Condition::WindBelow(value) => format!("wind<{}", number(*value)),
    }
}

pub(super) fn area(area: &Area) -> String {
    match area {
        Area::Circle { centre, radius_m } => format!("circle {} r{}", place(centre), number(*radius_m)),
        Area::Polygon { corners } => format!("polygon {}", corners.iter().map(place).collect::<Vec<_>>().join(" ")),
    }
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Square { side_m } => format!("square {}", number(*side_m)),
        Shape::Rectangle { length_m, width_m } => format!("rectangle {}x{}", number(*length_m), number(*width_m)),
        Shape::Polygon { sides, side_m } => format!("polygon {sides}x{}", number(*side_m)),
        Shape::FigureEight { radius_m, laps } => format!("eight r{} x{laps}", number(*radius_m)),
        Shape::Spiral { start_radius_m, end_radius_m, turns, climb_m } => {
            let climb = if *climb_m == 0.0 { String::new() } else { format!(" climb {}", number(*climb_m)) };
            format!("spiral r{}-{} turns {}{climb}", number(*start_radius_m), number(*end_radius_m), number(*turns))
        }
        Shape::ExpandingSquare { spacing_m, legs } => format!("expanding {} legs {legs}", number(*spacing_m)),
        Shape::Lawnmower { length_m, width_m, spacing_m } => {
            format!("survey {}x{} every {}", number(*length_m), number(*width_m), number(*spacing_m))
        }
    }
}

fn action(action: &Action) -> String {
    let straight_word = |straight: &bool| if *straight { " straight" } else { "" };
    match action {
        Action::TakeOff { altitude_m } => format!("take off {}", number(*altitude_m)),
        Action::GoTo { place: to, altitude: height, straight, .. } => {
            let height = height.as_ref().map_or_else(String::new, |height| format!(" at {}", altitude(height)));
            format!("go {}{height}{}", place(to), straight_word(straight))
        }
        Action::Move { by, straight, .. } => format!("{}{}", displacement(by).join(" "), straight_word(straight)),
        Action::Altitude { to: AltitudeChange::AboveHome(metres) } => format!("height {}", number(*metres)),
        Action::Altitude { to: AltitudeChange::Amsl(metres) } => format!("height amsl {}", number(*metres)),
        Action::Altitude { to: AltitudeChange::By(metres) } => format!("climb {}", number(*metres)),
        Action::Hold { seconds } => format!("hold {}", number(*seconds)),
        Action::Speed { speed_m_s } => format!("speed {}", number(*speed_m_s)),
        Action::Nose { nose } => match nose {
            Nose::Keep => "nose keep".into(),
            Nose::AlongPath => "nose along".into(),
            Nose::AgainstPath => "nose against".into(),
            Nose::Heading { heading_deg } => format!("nose {}", number(*heading_deg)),
            Nose::At { place: at } => format!("nose at {}", place(at)),
            Nose::IntoPattern => "nose in".into(),
        },
        Action::Turn { to } => match to {
            TurnTo::Heading { heading_deg } => format!("turn to {}", number(*heading_deg)),
            TurnTo::By { angle_deg } => format!("turn by {}", number(*angle_deg)),
            TurnTo::Place { place: at } => format!("face {}", place(at)),
        },
        Action::Orbit { centre, radius_m, amount, turn: way, climb_m } => {
            let amount = match amount {
                OrbitAmount::Laps(laps) => format!("x{}", number(*laps)),
                OrbitAmount::Seconds(seconds) => format!("{} s", number(*seconds)),
            };
            let climb = if *climb_m == 0.0 { String::new() } else { format!(" climb {}", number(*climb_m)) };
            format!("orbit {} r{} {amount} {}{climb}", place(centre), number(*radius_m), turn(*way))
        }
        Action::Pattern { shape: figure, first_leg, turn: way, centre, at_each } => {
            let around = centre.as_ref().map_or_else(String::new, |centre| format!(" around {}", place(centre)));
            format!("{} first {} {}{around}{}", shape(figure), direction(first_leg), turn(*way), each(at_each))
        }
        Action::Visit { places, order, at_each } => {
            let listed: Vec<String> = places
                .iter()
                .map(|waypoint| match &waypoint.altitude {
                    Some(height) => format!("{} at {}", place(&waypoint.place), altitude(height)),
                    None => place(&waypoint.place),
                })
                .collect();
            let order = if *order == VisitOrder::Shortest { "shortest" } else { "given" };
            format!("visit {order} [{}]{}", listed.join(" | "), each(at_each))
        }
        Action::Photo => "photo".into(),
        Action::Release { payload: Payload::Servo { channel, release_us } } => {
            format!("release servo {channel} {release_us}")
        }
        Action::Release { payload: Payload::Gripper } => "release gripper".into(),
        Action::Release { payload: Payload::Camera } => "release camera".into(),
        Action::Repeat { times, steps: inner } => format!("{times} times ({})", steps(inner)),
        Action::When { condition: asked, then, otherwise } => {
            format!("if {} ({}) else ({})", condition(asked), steps(then), steps(otherwise))
        }
        Action::ReturnHome { straight, .. } => format!("home{}", straight_word(straight)),
        Action::ReturnToLaunch => "rtl".into(),
        Action::Land => "land".into(),
        Action::LandAt { place: at, .. } => format!("land at {}", place(at)),
    }
}
