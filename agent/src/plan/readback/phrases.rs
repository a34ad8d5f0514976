//! Numbers, places and directions in a pilot's words.
use flightsmith_mission::frame::{AboveHome, Altitude, East, North, PositionNed};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::{Direction, Displacement, Nose, Place, Rotation};
use flightsmith_mission::units::wrap_360;

/// A number with at most `decimals` digits behind the point and no zeros at its end.
fn short(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".into() } else { text.into() }
}

/// `40 m`, `9.14 m`, `1.2 km`.
pub(super) fn metres(value: f64) -> String {
    let decimals = if value.abs() < 20.0 { 2 } else { 1 };
    format!("{} m", short(value, decimals))
}

/// `5 m/s`.
pub(super) fn speed(value: f64) -> String {
    format!("{} m/s", short(value, 2))
}

/// `45 s`, `2 min 30 s`.
pub(super) fn seconds(value: f64) -> String {
    if value < 100.0 {
        return format!("{} s", short(value, 1));
    }
    let whole = value.round() as u64;
    match (whole / 60, whole % 60) {
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// `045° (north-east)`.
pub(super) fn bearing(degrees: f64) -> String {
    const POINTS: [&str; 16] = [
        "north",
        "north-north-east",
        "north-east",
        "east-north-east",
        "east",
        "east-south-east",
        "south-east",
        "south-south-east",
        "south",
        "south-south-west",
        "south-west",
        "west-south-west",
        "west",
        "west-north-west",
        "north-west",
        "north-north-west",
    ];
    let degrees = wrap_360(degrees);
    let rounded = if degrees.round() >= 360.0 { 0.0 } else { degrees.round() };
    let index = ((degrees / 22.5).round() as usize) % 16;
    format!("{rounded:03}° ({})", POINTS[index])
}

pub(super) fn coordinates(lat_deg: f64, lon_deg: f64) -> String {
    format!("{lat_deg:.6}, {lon_deg:.6}")
}

/// Coordinates of a point.
pub(super) fn global(at: &PositionNed, home: &Home) -> String {
    let there = home.to_global(at);
    coordinates(there.lat_deg, there.lon_deg)
}

/// `40 m north and 20 m east of home`.
pub(super) fn place_ned(at: &PositionNed) -> String {
    let axis = |value: f64, positive: &str, negative: &str| {
        (value.abs() >= 0.05)
            .then(|| format!("{} {}", metres(value.abs()), if value > 0.0 { positive } else { negative }))
    };
    match (axis(at.north_m, "north", "south"), axis(at.east_m, "east", "west")) {
        (None, None) => "home".into(),
        (Some(one), None) | (None, Some(one)) => format!("{one} of home"),
        (Some(north), Some(east)) => format!("{north} and {east} of home"),
    }
}

/// A place as the plan gives it.
pub(super) fn place(place: &Place) -> String {
    match place {
        Place::Home => "home".into(),
        Place::Here => "the present place".into(),
        Place::FromHome { north_m, east_m } => {
            place_ned(&PositionNed::at(North(*north_m), East(*east_m), AboveHome(0.0)))
        }
        Place::FromHere { by } => format!("the point {} from there", displacement(by)),
        Place::Global { lat_deg, lon_deg } => coordinates(*lat_deg, *lon_deg),
    }
}

/// `40 m on 000° (north), 5 m up`, `10 m ahead, 5 m right`.
pub(super) fn displacement(by: &Displacement) -> String {
    let mut parts = Vec::new();
    let up_m = match *by {
        Displacement::World { north_m, east_m, up_m } => {
            let distance = north_m.hypot(east_m);
            if distance > 0.005 {
                parts.push(format!("{} on {}", metres(distance), bearing(east_m.atan2(north_m).to_degrees())));
            }
            up_m
        }
        Displacement::Body { forward_m, right_m, up_m } => {
            for (value, positive, negative) in [(forward_m, "ahead", "back"), (right_m, "to the right", "to the left")]
            {
                if value.abs() > 0.005 {
                    parts.push(format!("{} {}", metres(value.abs()), if value > 0.0 { positive } else { negative }));
                }
            }
            up_m
        }
    };
    if up_m.abs() > 0.005 {
        parts.push(format!("{} {}", metres(up_m.abs()), if up_m > 0.0 { "up" } else { "down" }));
    }
    if parts.is_empty() { "0 m".into() } else { parts.join(" and ") }
}

pub(super) fn direction(direction: &Direction) -> String {
    match direction {
        Direction::Bearing(degrees) => bearing(*degrees),
        Direction::FromNose(degrees) => match degrees.round() as i64 {
            0 => "ahead".into(),
            90 => "to the right".into(),
            180 => "back".into(),
            270 => "to the left".into(),
            other => format!("{other}° clockwise from the nose"),
        },
    }
}

pub(super) fn rotation(turn: Rotation) -> &'static str {
    match turn {
        Rotation::Clockwise => "clockwise",
        Rotation::Counterclockwise => "counterclockwise",
    }
}

pub(super) fn nose(nose: &Nose) -> String {
    match nose {
        Nose::Keep => "keeps its heading".into(),
        Nose::AlongPath => "points along the path".into(),
        Nose::AgainstPath => "points against the path (flying backwards)".into(),
        Nose::Heading { heading_deg } => format!("points to {}", bearing(*heading_deg)),
        Nose::At { place: at } => format!("points at {}", place(at)),
        Nose::IntoPattern => "points into the middle of each figure".into(),
    }
}

pub(super) fn altitude(altitude: &Altitude) -> String {
    match altitude {
        Altitude::AboveHome(value) => metres(*value),
        Altitude::Amsl(value) => format!("{} above sea level", metres(*value)),
    }
}
