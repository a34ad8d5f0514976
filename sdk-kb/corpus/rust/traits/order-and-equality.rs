//! # Compare and sort own types
//!
//! - How do I make my struct sortable?
//! - the trait Ord is not implemented for f64
//! - derive PartialOrd, Ord and the order of fields
//!
//! Derived ordering compares fields from top to bottom and enum variants in their order. If only some fields count, write `Ord` by
//! hand and let `PartialOrd` call it; `PartialEq` must agree. Floats have no `Ord`, because of NaN: use `total_cmp`.
//!
//! Pitfalls:
//! - `a == b` and `a.cmp(&b) == Equal` must say the same, or maps and sorting misbehave.

use std::cmp::{Ordering, Reverse};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Severity {
    Info,
    Warning,
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Task {
    urgency: u8,
    name: &'static str,
}

impl Ord for Task {
    /// The most urgent first, then by name.
    fn cmp(&self, other: &Self) -> Ordering {
        other.urgency.cmp(&self.urgency).then_with(|| self.name.cmp(other.name))
    }
}
impl PartialOrd for Task {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn main() {
    assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Info);

    let task = |urgency, name| Task { urgency, name };
    let mut tasks = [task(1, "wash"), task(9, "land"), task(9, "brake")];
    tasks.sort();
    assert_eq!(tasks.map(|task| task.name), ["brake", "land", "wash"]);

    let mut heights_m = [2.5, -1.0, 10.0];
    heights_m.sort_by(f64::total_cmp);
    assert_eq!(heights_m, [-1.0, 2.5, 10.0]);

    let mut levels = [3, 1, 2];
    levels.sort_by_key(|level| Reverse(*level));
    assert_eq!(levels, [3, 2, 1]);
}
