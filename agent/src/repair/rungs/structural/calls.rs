//! Calls of a vehicle that are named nearly as the SDK names them: `goto_position` is `go_to`.
//!
//! It leaves to others: names of other APIs that the SDK knows and answers itself (`hints`), and slips of the keyboard, which the compiler
//! sees.
use super::case::{Case, quoted};
use crate::repair::rungs::Proposal;

/// What a vehicle can be told.
const CALLS: [&str; 25] = [
    "arm_and_take_off",
    "battery",
    "climb_by",
    "climb_to",
    "face",
    "follow_arc",
    "go_to",
    "go_to_above_terrain",
    "go_to_global",
    "heading",
    "hold",
    "land",
    "land_at",
    "move_by",
    "orbit",
    "point_gimbal",
    "position",
    "release",
    "return_home",
    "return_to_launch",
    "set_nose",
    "set_speed",
    "take_photo",
    "turn_by",
    "turn_to",
];
/// Words that name the argument of a call once more, or say nothing: `land_now` lands, but `land_home` would land elsewhere.
const SAY_NOTHING: [&str; 20] = [
    "altitude",
    "angle",
    "async",
    "coordinates",
    "duration",
    "for",
    "heading",
    "height",
    "here",
    "limit",
    "location",
    "now",
    "place",
    "point",
    "position",
    "seconds",
    "target",
    "time",
    "wait",
    "waypoint",
];

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let is_the_vehicles = quoted(&case.error.message).iter().any(|kind| kind.starts_with("flightsmith_sdk::Vehicle<"));
    if case.code() != "E0599" || !is_the_vehicles {
        return Vec::new();
    }
    let written = case.pointed();
    named_longer(written)
        .map(|call| case.replace("the call by its name", case.place.clone(), call))
        .into_iter()
        .collect()
}

/// The call whose name `written` begins with, underscores apart, and says no more of.
fn named_longer(written: &str) -> Option<&'static str> {
    let begins = |call: &&&'static str| {
        let rest = without(written, call)?;
        rest.split('_').all(|word| word.is_empty() || SAY_NOTHING.contains(&word)).then_some(())
    };
    CALLS.iter().filter(|call| begins(call).is_some()).max_by_key(|call| call.len()).copied()
}

/// What of `written` stands behind `call`, where it begins with the same letters.
fn without<'w>(written: &'w str, call: &str) -> Option<&'w str> {
    let mut wanted = call.chars().filter(|letter| *letter != '_').peekable();
    let mut rest = written;
    while wanted.peek().is_some() {
        let mut letters = rest.chars();
        match letters.next()? {
            '_' => {}
            letter if Some(&letter) == wanted.peek() => _ = wanted.next(),
            _ => return None,
        }
        rest = letters.as_str();
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_found_by_the_beginning_of_its_name() {
        let rows = [
            ("goto_position", Some("go_to")),
            ("go_to_point", Some("go_to")),
            ("land_now", Some("land")),
            ("hold_position", Some("hold")),
            ("climb_to_altitude", Some("climb_to")),
            // Somebody wants something else than the call does.
            ("land_home", None),
            ("go_to_home", None),
            ("hold_until", None),
            ("fly_square", None),
        ];
        for (written, call) in rows {
            assert_eq!(named_longer(written), call, "{written}");
        }
    }

    #[test]
    fn the_sdk_has_these_calls() {
        let vehicle = include_str!("../../../../../sdk/src/vehicle.rs");
        for call in CALLS {
            assert!(vehicle.contains(&format!("pub fn {call}(")), "{call}");
        }
    }
}
