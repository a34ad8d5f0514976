//! # What two lists have in common: sets
//!
//! - intersection and difference of two vectors
//! - check whether all elements of one list are in another
//! - which elements are missing
//!
//! `HashSet` and `BTreeSet` know `intersection`, `union`, `difference`, `symmetric_difference`, `is_subset` and `is_disjoint`; with
//! references also as `&`, `|`, `-` and `^`. A `BTreeSet` gives its elements in order.
//!
//! Pitfalls:
//! - The iterators yield references; `cloned` or `copied` makes a new set of them.

use std::collections::BTreeSet;

fn main() {
    let required = BTreeSet::from(["gps", "compass", "battery"]);
    let reported = BTreeSet::from(["battery", "gps", "camera"]);

    let missing: Vec<&str> = required.difference(&reported).copied().collect();
    assert_eq!(missing, ["compass"]);
    assert_eq!(&required & &reported, BTreeSet::from(["battery", "gps"]));
    assert_eq!((&required | &reported).len(), 4);
    assert_eq!((&required ^ &reported).into_iter().collect::<Vec<_>>(), ["camera", "compass"]);
    assert!(!required.is_subset(&reported));
    assert!(BTreeSet::from(["camera"]).is_disjoint(&required));

    // Short lists need no set.
    let wanted = [2, 3];
    assert!(wanted.iter().all(|value| [1, 2, 3].contains(value)));
}
