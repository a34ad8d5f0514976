//! Tables and properties of the planner.
use super::*;
use flightsmith_mission::plan::SafeEnd;
use serde::Deserialize;

mod notation;

pub(crate) fn vehicle() -> Vehicle {
    toml::from_str(include_str!("../../vehicles/quad-payload.toml")).expect("vehicle file")
}

fn read(words: &str) -> Result<Planned, PlanRefusal> {
    from_words(words, &vehicle(), &Envelope::default(), &Home::default())
}

/// `tests/data/words/plans.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlansTable {
    plan: Vec<PlanCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanCase {
    words: String,
    /// Who wrote the words: the grammar's author, or somebody who has not seen it.
    from: String,
    /// The plan in the notation of `notation.rs`.
    steps: String,
    #[serde(default)]
    speed: Option<f64>,
    #[serde(default)]
    keep_outs: Vec<String>,
    #[serde(default)]
    rules: Vec<String>,
    /// Pieces of assumptions that must be stated.
    #[serde(default)]
    assumes: Vec<String>,
}

/// `tests/data/words/refused.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedTable {
    refused: Vec<RefusedCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedCase {
    words: String,
    from: String,
    /// Kinds of faults that must be named, at least.
    kinds: Vec<String>,
    /// A piece of the message.
    says: String,
}

fn plans() -> Vec<PlanCase> {
    let text = include_str!("../../../tests/data/words/plans.toml");
    toml::from_str::<PlansTable>(text).expect("plans.toml").plan
}

fn refused() -> Vec<RefusedCase> {
    let text = include_str!("../../../tests/data/words/refused.toml");
    toml::from_str::<RefusedTable>(text).expect("refused.toml").refused
}

/// What a plan says, in the form of the table.
fn shown(planned: &Planned) -> (String, Option<f64>, Vec<String>, Vec<String>) {
    let draft = &planned.draft;
    let rule = |rule: &flightsmith_mission::plan::Rule| {
        let end = if rule.then == SafeEnd::Land { "land" } else { "rtl" };
        format!("{} {end}", notation::condition(&rule.when))
    };
    (
        notation::steps(&draft.steps),
        draft.speed_m_s,
        draft.keep_outs.iter().map(|keep_out| notation::area(&keep_out.area)).collect(),
        draft.rules.iter().map(rule).collect(),
    )
}

#[test]
fn every_sentence_of_the_table_has_the_plan_expected_of_it() {
    let mut wrong = Vec::new();
    for case in plans() {
        let expected = (case.steps.clone(), case.speed, case.keep_outs.clone(), case.rules.clone());
        match read(&case.words) {
            Ok(planned) if shown(&planned) == expected => {
                for piece in &case.assumes {
                    if !planned.assumptions.iter().any(|assumption| assumption.contains(piece)) {
                        wrong.push(format!("{}\n  does not state {piece:?}: {:?}", case.words, planned.assumptions));
                    }
                }
            }
            Ok(planned) => {
                wrong.push(format!("{}\n  expected {expected:?}\n  found    {:?}", case.words, shown(&planned)));
            }
            Err(refusal) => wrong.push(format!("{}\n  refused: {refusal}", case.words)),
        }
    }
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_is_as_large_as_promised() {
    let plans = plans();
    let foreign = plans.iter().filter(|case| case.from == "paraphrase").count();
    assert!(plans.len() >= 60, "{} sentences", plans.len());
    assert!(foreign >= 20, "{foreign} by somebody who has not seen the grammar");
    let refused = refused();
    assert!(refused.len() >= 25, "{} refused", refused.len());
    assert!(refused.iter().filter(|case| case.from == "paraphrase").count() >= 20);
}

#[test]
fn what_must_be_refused_is_refused_with_what_to_say_instead() {
    let mut wrong = Vec::new();
    for case in refused() {
        match read(&case.words) {
            Ok(planned) => wrong.push(format!("{}\n  was read as {:?}", case.words, shown(&planned))),
            Err(refusal) => {
                let kinds: Vec<String> = refusal.faults.iter().map(|fault| fault.kind.to_string()).collect();
                let named = case.kinds.iter().all(|kind| kinds.contains(kind));
                let hinted = refusal.faults.iter().all(|fault| !fault.hint.is_empty());
                if !(named && hinted && refusal.to_string().contains(&case.says)) {
                    wrong.push(format!(
                        "{}\n  expected {:?} {:?}\n  found {refusal}",
                        case.words, case.kinds, case.says
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Clauses to be thrown together at random.
const CLAUSES: &[&str] = &[
    "take off to 10 m",
    "fly 20 m north",
    "30 m east",
    "and",
    ",",
    "then",
    ".",
    "a 40 m square",
    "at 5 m/s",
    "three times",
    "if the battery is below 40 %",
    "otherwise",
    "land",
    "return",
    "at each corner",
    "take a photo",
    "wait 5 s",
    "at 30 degrees up",
    "to the right",
    "around home",
    "with a radius of 10 m",
    "(",
    ")",
    "47.3980, 8.5460",
    "visit",
    "in the shortest order",
    "stay out of",
    "a 20 m circle",
    "repeat that",
    "twice",
    "not",
    "the",
    "half",
    "-",
    "1e400",
    "NaN",
    "'",
    "\"",
    "°",
    "facing",
    "nose",
    "climb to",
    "20",
    "m",
    "by",
    "x",
    "every",
    "while",
    "whenever the wind exceeds 8 m/s",
    "spiral out",
    "in 3 turns",
    "servo 9",
    "release",
    "to",
    "of",
    "a",
    "½",
    "\u{0}",
    "🚁",
    "north-",
    "-north",
    ":",
    ";",
    "é",
    "°'\"",
];

/// xorshift64*: the same words on every machine.
fn next(seed: &mut u64) -> usize {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    (seed.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize
}

#[test]
fn clauses_in_any_order_are_read_or_refused_and_no_number_is_lost() {
    let mut seed = 20_261_124;
    let mut accepted = 0;
    for _ in 0..1_500 {
        let count = 1 + next(&mut seed) % 10;
        let picked: Vec<&str> = (0..count).map(|_| CLAUSES[next(&mut seed) % CLAUSES.len()]).collect();
        let words = if next(&mut seed).is_multiple_of(3) {
            format!("take off to 12 m, {}, land", picked.join(" "))
        } else {
            picked.join(" ")
        };
        match read(&words) {
            Ok(planned) => {
                accepted += 1;
                assert_eq!(unaccounted(&words, &planned.draft, &Home::default()), [], "{words}");
            }
            Err(refusal) => assert!(!refusal.faults.is_empty(), "{words}"),
        }
    }
    assert!(accepted > 20, "only {accepted} were read: the test tests nothing");
}

#[test]
fn legs_fly_what_the_words_say_for_every_distance_and_direction() {
    let directions = [
        ("north", 1.0, 0.0),
        ("east", 0.0, 1.0),
        ("south", -1.0, 0.0),
        ("west", 0.0, -1.0),
        ("north-east", 0.5_f64.sqrt(), 0.5_f64.sqrt()),
    ];
    let units = [("m", 1.0), ("feet", 0.3048), ("yards", 0.9144), ("metres", 1.0)];
    let mut seed = 7;
    for _ in 0..200 {
        let (direction, north, east) = directions[next(&mut seed) % directions.len()];
        let (unit, factor) = units[next(&mut seed) % units.len()];
        let amount = 1 + next(&mut seed) % 300;
        let words = format!("Take off to 10 m, fly {amount} {unit} {direction}, then land");
        let draft = read(&words).unwrap_or_else(|refusal| panic!("{words}: {refusal}")).draft;
        let flightsmith_mission::plan::Action::Move {
            by: flightsmith_mission::plan::Displacement::World { north_m, east_m, .. },
            ..
        } = draft.steps[1].action
        else {
            panic!("{words}: {:?}", draft.steps[1]);
        };
        let metres = amount as f64 * factor;
        assert!(
            (north_m - north * metres).abs() < 1e-3 && (east_m - east * metres).abs() < 1e-3,
            "{words}: {north_m} {east_m}"
        );
    }
}

#[test]
fn too_many_words_are_refused_at_once_and_clearly() {
    for words in ["a ".repeat(50_000), "take off to 10 m, ".repeat(6_000), "(".repeat(100_000), "9".repeat(100_000)] {
        let refusal = read(&words).expect_err("too long");
        assert_eq!(refusal.faults.len(), 1);
        assert_eq!(refusal.faults[0].kind, FaultKind::TooLong);
        assert!(refusal.to_string().contains("at most 6000 are read"), "{refusal}");
    }
}

#[test]
fn the_longest_words_are_read_in_bounded_steps() {
    // As long as allowed, and as ambiguous as can be: must end, whatever it says.
    for piece in [
        "fly 20 m north and ",
        "north-",
        "a half ",
        "take a photo and wait 5 s and ",
        "if the wind is above 5 m/s ",
        "10 m by ",
        "not ",
    ] {
        let words = piece.repeat(MAX_WORDS_BYTES / piece.len());
        let _ = read(&words);
    }
}

#[test]
fn every_fault_is_named_at_once() {
    let refusal =
        read("Take off to 10 m, do a barrel roll, fly 20 m north quickly, wait 5 m, land at 5 m/s per banana")
            .expect_err("faulty");
    let kinds: Vec<FaultKind> = refusal.faults.iter().map(|fault| fault.kind).collect();
    assert!(kinds.contains(&FaultKind::NotUnderstood) && kinds.contains(&FaultKind::Unclear), "{refusal}");
    assert!(refusal.faults.len() >= 4, "{refusal}");
    for fault in &refusal.faults {
        assert!(!fault.hint.is_empty() && fault.span.0 < fault.span.1, "{fault:?}");
    }
}

#[test]
fn names_are_fit_for_a_crate() {
    for (words, name) in [
        ("Take off to 10 m, land", "take-off-to-10-m-land"),
        ("Spray check: take off to 10 m, land", "spray-check"),
        ("10 m up, land", "mission-10-m-up-land"),
    ] {
        assert_eq!(read(words).map(|planned| planned.draft.name), Ok(name.to_owned()));
    }
}

#[test]
fn what_the_vehicle_does_not_carry_is_refused_by_its_name() {
    let bare: Vehicle = toml::from_str(include_str!("../../vehicles/quad.toml")).expect("vehicle file");
    for words in ["Take off to 10 m, drop the package, land", "Take off to 10 m, trigger servo 9, land"] {
        let refusal = from_words(words, &bare, &Envelope::default(), &Home::default()).expect_err("nothing to release");
        assert_eq!(
            refusal.faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(),
            [FaultKind::NotCarried],
            "{refusal}"
        );
        assert!(refusal.to_string().contains(&bare.name), "{refusal}");
    }
}

#[test]
fn a_keep_out_in_the_way_of_a_straight_line_refuses_the_plan() {
    let (vehicle, envelope, home) = (vehicle(), Envelope::default(), Home::default());
    let check = |words: &str| {
        let planned = from_words(words, &vehicle, &envelope, &home).expect("understood");
        planned.draft.check(&envelope, &vehicle, flightsmith_mission::vehicle::Autopilot::ArduPilot, &home)
    };
    let words = "Take off to 20 m, stay out of a 20 m circle around 50 m north of home, fly 100 m north";
    assert!(check(&format!("{words}, return home and land")).is_ok());
    let faults = check(&format!("{words} in a straight line, return home and land")).expect_err("straight through it");
    assert!(faults.iter().any(|fault| fault.kind == flightsmith_mission::check::FaultKind::KeepOut), "{faults:?}");
}

#[test]
fn most_sentences_of_the_table_pass_the_check_of_the_default_quadrotor() {
    let (vehicle, envelope, home) = (vehicle(), Envelope::default(), Home::default());
    let (mut passed, mut far) = (0, 0);
    for case in plans() {
        let Ok(planned) = read(&case.words) else { continue };
        match planned.draft.check(&envelope, &vehicle, flightsmith_mission::vehicle::Autopilot::Px4, &home) {
            Ok(_) => passed += 1,
            Err(_) => far += 1,
        }
    }
    // The others lead to places of other countries, over the fence, or home across a keep-out.
    assert!(passed >= 200 && far < 60, "{passed} pass, {far} do not");
}
