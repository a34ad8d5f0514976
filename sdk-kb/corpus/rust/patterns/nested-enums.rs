//! # Enums with data, nested and matched
//!
//! - missing match arm: pattern not covered (E0004)
//! - destructure an enum inside an enum
//! - match on a reference to an enum, and change what is inside
//!
//! `match` must cover every case: a new variant then shows every place that has to think about it, if there is no `_` arm. Matching a
//! reference gives references to the parts; matching `&mut` lets them be changed in place.
//!
//! Pitfalls:
//! - `_ =>` in a match over your own enum hides what a later variant should have done.

#[derive(Debug, Clone, PartialEq)]
enum Place {
    Home,
    Offset { north_m: f64, east_m: f64 },
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    GoTo(Place),
    Hold { seconds: u32 },
    Repeat(u32, Vec<Step>),
}

fn describe(step: &Step) -> String {
    match step {
        Step::GoTo(Place::Home) => "go home".into(),
        Step::GoTo(Place::Offset { north_m, east_m: 0.0 }) => format!("go {north_m} m north"),
        Step::GoTo(Place::Offset { north_m, east_m }) => format!("go to {north_m}/{east_m}"),
        Step::Hold { seconds: 1 } => "hold a second".into(),
        Step::Hold { seconds } => format!("hold {seconds} s"),
        Step::Repeat(times, steps) => {
            format!("{times} times: {}", steps.iter().map(describe).collect::<Vec<_>>().join(", "))
        }
    }
}

fn doubled(step: &mut Step) {
    match step {
        Step::GoTo(Place::Home) => {}
        Step::GoTo(Place::Offset { north_m, east_m }) => {
            *north_m *= 2.0;
            *east_m *= 2.0;
        }
        Step::Hold { seconds } => *seconds *= 2,
        Step::Repeat(_, steps) => steps.iter_mut().for_each(doubled),
    }
}

fn main() {
    let north = Step::GoTo(Place::Offset { north_m: 10.0, east_m: 0.0 });
    let mut plan = Step::Repeat(2, vec![north, Step::Hold { seconds: 1 }, Step::GoTo(Place::Home)]);
    assert_eq!(describe(&plan), "2 times: go 10 m north, hold a second, go home");
    doubled(&mut plan);
    assert_eq!(describe(&plan), "2 times: go 20 m north, hold 2 s, go home");
    assert!(matches!(plan, Step::Repeat(2, ref steps) if steps.len() == 3));
}
