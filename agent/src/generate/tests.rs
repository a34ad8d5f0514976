//! Plans that no program can be written for, and hostile words. Golden programs are in `agent/tests/missions.rs`.
use super::*;

fn quad() -> Vehicle {
    toml::from_str(include_str!("../../vehicles/quad-payload.toml")).unwrap()
}

/// The program for a plan of these steps, written as JSON.
fn generated(steps: &str) -> Result<String, GenerateError> {
    let plan = format!(r#"{{ "name": "test", "words": "words", "steps": [{steps}] }}"#);
    mission_source(&serde_json::from_str(&plan).unwrap(), &quad(), &Home::default())
}

const UP: &str = r#"{ "do": { "take_off": { "altitude_m": 10 } } }"#;
const LAND: &str = r#"{ "do": "land" }"#;

#[test]
fn a_plan_that_is_no_flight_is_refused() {
    let check = |steps: &[&str], expected: GenerateError| assert_eq!(generated(&steps.join(", ")), Err(expected));
    let hold = r#"{ "do": { "hold": { "seconds": 1 } } }"#;
    check(&[], GenerateError::NoTakeOff);
    check(&[hold, UP, LAND], GenerateError::NoTakeOff);
    check(&[UP, UP, LAND], GenerateError::TakeOffInTheAir);
    check(&[UP, hold], GenerateError::NoLanding);
    check(
        &[UP, r#"{ "do": { "repeat": { "times": 2, "steps": [{ "do": "land" }] } } }"#],
        GenerateError::EndsInARepeat,
    );
    let corner = r#"{ "do": { "pattern": { "shape": { "square": { "side_m": 9 } }, "first_leg": { "bearing": 0 },
        "turn": "clockwise", "at_each": [{ "do": "land" }] } } }"#;
    check(&[UP, corner, LAND], GenerateError::NotAtEach);
}

#[test]
fn what_depends_on_the_way_is_refused() {
    let branch = |steps: &str| {
        format!(r#"{{ "do": {{ "when": {{ "condition": {{ "wind_above": 5 }}, "then": [{steps}] }} }} }}"#)
    };
    let away = branch(r#"{ "do": { "move": { "by": { "world": { "north_m": 20 } } } } }"#);
    let tour = r#"{ "do": { "visit": { "places": [{ "place": "home" },
        { "place": { "from_home": { "north_m": 20, "east_m": 0 } } }], "order": "shortest" } } }"#;
    let error = generated(&[UP, &away, tour, LAND].join(", "));
    assert_eq!(error, Err(GenerateError::OrderDependsOnTheWay));

    let inwards = branch(r#"{ "do": { "nose": { "nose": "into_pattern" } } }"#);
    let orbit = r#"{ "do": { "orbit": { "centre": "home", "radius_m": 9, "amount": { "laps": 1 },
        "turn": "clockwise" } } }"#;
    let error = generated(&[UP, &inwards, orbit, LAND].join(", "));
    assert_eq!(error, Err(GenerateError::NoseDependsOnTheWay));
}

#[test]
fn a_rule_against_a_full_battery_is_refused() {
    let plan = format!(
        r#"{{ "name": "test", "rules": [{{ "when": {{ "battery_above": 5 }}, "then": "land" }}], "steps": [{UP}, {LAND}] }}"#
    );
    let error = mission_source(&serde_json::from_str(&plan).unwrap(), &quad(), &Home::default());
    assert_eq!(error, Err(GenerateError::RuleNotWatched));
}

#[test]
fn hostile_words_change_nothing_but_comments() {
    let code = |words: &str| {
        let words = serde_json::to_string(words).unwrap();
        let step = format!(r#"{{ "words": {words}, "do": {{ "hold": {{ "seconds": 1 }} }} }}"#);
        let plan = format!(r#"{{ "name": {words}, "words": {words}, "steps": [{UP}, {step}, {LAND}] }}"#);
        let source = mission_source(&serde_json::from_str(&plan).unwrap(), &quad(), &Home::default()).unwrap();
        let code: Vec<String> =
            source.lines().filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned).collect();
        code.join("\n")
    };
    let harmless = code("wait");
    for words in [
        "wait\n}\nfn evil() {}",
        "wait */ unsafe {} /*",
        "\r\n#![feature(x)]",
        "\u{2028}static X: u8 = 0;\u{85}const Y: u8 = 0;",
        "\u{202e}fn\u{2066}",
        "\u{2}0\u{3} \u{2}9999\u{3}",
    ] {
        assert_eq!(code(words), harmless, "{words:?}");
    }
}
