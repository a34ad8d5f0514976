//! # Match numbers by range, with conditions and names
//!
//! - match a range of numbers
//! - match guard with if
//! - bind a value and test it at the same time with @
//!
//! Patterns may be values, ranges (`1..=9`, `..0`), alternatives (`2 | 4`), and carry a name with `@`. A guard `if ..` adds what
//! patterns cannot say. Arms are tried from top to bottom, and together must cover everything (E0004).
//!
//! Pitfalls:
//! - A lower-case name in a pattern is a new variable that matches everything, never a comparison with an existing one: use a
//!   constant or a guard.
//! - Guards do not count towards covering everything.

const HOME_ROW: i32 = 0;

fn battery(percent: u8) -> &'static str {
    match percent {
        0 => "empty",
        1..=19 => "land now",
        20..50 => "return",
        50..=100 => "fine",
        101.. => "broken sensor",
    }
}

fn row(row: i32, limit: i32) -> String {
    match row {
        HOME_ROW => "home".into(),
        near @ (-2..=-1 | 1..=2) => format!("near ({near})"),
        far if far.abs() > limit => format!("{far} is beyond {limit}"),
        _ => "on the way".into(),
    }
}

fn quarter(compass: char) -> Option<i32> {
    match compass {
        'N' | 'n' => Some(0),
        'E' | 'e' => Some(1),
        'S' | 's' => Some(2),
        'W' | 'w' => Some(3),
        _ => None,
    }
}

fn turn(from: char, to: char) -> Option<i32> {
    match (quarter(to)? - quarter(from)?).rem_euclid(4) {
        3 => Some(-90),
        quarters => Some(quarters * 90),
    }
}

fn main() {
    assert_eq!([0, 19, 20, 50, 200].map(battery), ["empty", "land now", "return", "fine", "broken sensor"]);
    assert_eq!([0, -2, 7, 99].map(|n| row(n, 10)), ["home", "near (-2)", "on the way", "99 is beyond 10"]);
    assert_eq!((turn('N', 'w'), turn('e', 'W'), turn('x', 'N')), (Some(-90), Some(180), None));
}
