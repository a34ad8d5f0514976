//! # Match on the shape of a slice
//!
//! - match command line words
//! - first and last element pattern
//! - destructure a slice with rest
//!
//! `[first, .., last]`, `[one]`, `[]` and `[head, tail @ ..]` match slices by length and content, which makes command parsers and
//! recursion over lists short and complete.
//!
//! Pitfalls:
//! - A `Vec<String>` does not match against string literals: map to `&str` first, or `as_slice()` with guards.

#[derive(Debug, PartialEq)]
enum Command<'a> {
    Arm,
    GoTo(f64, f64),
    Say(&'a [&'a str]),
    Unknown,
}

fn parse<'a>(words: &'a [&'a str]) -> Command<'a> {
    match words {
        ["arm"] => Command::Arm,
        ["go", "to", north, east] => match (north.parse(), east.parse()) {
            (Ok(north), Ok(east)) => Command::GoTo(north, east),
            _ => Command::Unknown,
        },
        ["say", text @ ..] if !text.is_empty() => Command::Say(text),
        _ => Command::Unknown,
    }
}

fn is_closed(route: &[(i32, i32)]) -> bool {
    matches!(route, [first, _, .., last] if first == last)
}

fn alternating_sum(values: &[i64]) -> i64 {
    match values {
        [] => 0,
        [first, rest @ ..] => first - alternating_sum(rest),
    }
}

fn main() {
    assert_eq!(parse(&["arm"]), Command::Arm);
    assert_eq!(parse(&["go", "to", "10", "-5"]), Command::GoTo(10.0, -5.0));
    assert_eq!(parse(&["go", "to", "10"]), Command::Unknown);
    assert_eq!(parse(&["say", "hello", "there"]), Command::Say(&["hello", "there"]));
    assert_eq!(parse(&["say"]), Command::Unknown);
    assert!(is_closed(&[(0, 0), (1, 0), (0, 0)]) && !is_closed(&[(0, 0)]));
    assert_eq!(alternating_sum(&[5, 3, 1]), 3);

    let line = String::from("go to 1 2");
    let words: Vec<&str> = line.split(' ').collect();
    assert_eq!(parse(&words), Command::GoTo(1.0, 2.0));
}
