//! # Who may see what: pub, pub(crate), pub(super), private fields
//!
//! - function is private (E0603), field is private (E0616)
//! - How do I keep an invariant of a struct?
//! - cannot construct struct with private fields (E0451)
//!
//! Everything is private to its module (and modules inside it) unless it is `pub`. Private fields keep promises: outside, a value can
//! only be made by the constructor that checks. `pub(crate)` and `pub(super)` open something a little.
//!
//! Pitfalls:
//! - A `pub` item in a private module is not reachable from outside unless it is re-exported.
//! - Do not make fields `pub` to get rid of E0616: offer a method that says what is allowed.

mod limits {
    /// Always between 0 and 100.
    #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
    pub struct Percent(f64);

    impl Percent {
        pub fn new(value: f64) -> Option<Self> {
            in_range(value).then_some(Self(value))
        }
        pub fn get(self) -> f64 {
            self.0
        }
        /// For this crate only.
        pub(crate) const FULL: Percent = Percent(100.0);
    }

    fn in_range(value: f64) -> bool {
        (0.0..=100.0).contains(&value)
    }

    pub mod display {
        /// An inner module sees what is private outside of it.
        pub fn bar(percent: super::Percent) -> String {
            "#".repeat((percent.0 / 10.0).round() as usize)
        }
    }
}

use limits::Percent;

fn main() {
    let half = Percent::new(50.0).expect("in range");
    // Percent(500.0) does not compile here: the field is private.
    assert_eq!(Percent::new(500.0), None);
    assert_eq!(half.get(), 50.0);
    assert!(half < Percent::FULL);
    assert_eq!(limits::display::bar(half), "#####");
}
