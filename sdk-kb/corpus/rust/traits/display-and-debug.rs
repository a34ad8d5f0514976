//! # Print an own type
//!
//! - `MyType` doesn't implement `std::fmt::Display`
//! - How do I implement Display and respect the width and precision that the caller asks for?
//! - difference between {} and {:?}
//!
//! `Debug` is for programmers and is derived. `Display` is for people and written by hand; `to_string()` comes with it. To honour
//! `{:>8.1}`, pass the formatter on to the number (precision) or use `f.pad` for text (width).
//!
//! Pitfalls:
//! - Do not build a `String` first: write into the formatter.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Metres(f64);

impl fmt::Display for Metres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The caller's width and precision go to the number.
        fmt::Display::fmt(&self.0, f)?;
        f.write_str(" m")
    }
}

#[derive(Debug)]
enum Mode {
    Hold,
    GoTo { north: Metres, east: Metres },
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mode::Hold => f.pad("hold"),
            Mode::GoTo { north, east } => write!(f, "go to {north:.1} north, {east:.1} east"),
        }
    }
}

fn main() {
    assert_eq!(format!("{:.1}", Metres(2.25)), "2.2 m");
    assert_eq!(format!("[{:>6}]", Mode::Hold), "[  hold]");
    let mode = Mode::GoTo { north: Metres(3.0), east: Metres(-1.25) };
    assert_eq!(mode.to_string(), "go to 3.0 m north, -1.2 m east");
    assert_eq!(format!("{:?}", Mode::Hold), "Hold");
    assert_eq!(format!("{:?}", Metres(1.0)), "Metres(1.0)");
}
