//! # Remove duplicates from a list
//!
//! - unique elements of a Vec
//! - dedup but keep the original order
//! - find the elements that occur more than once
//!
//! `dedup` removes equal *neighbours* only: sort first if the order does not matter. To keep the order, remember what was seen in a
//! `HashSet`: `insert` says whether the value was new.
//!
//! Pitfalls:
//! - Floats go into no set: compare neighbours after sorting with `dedup_by`.

use std::collections::{BTreeSet, HashSet};

fn unique_in_order(values: &[&'static str]) -> Vec<&'static str> {
    let mut seen = HashSet::new();
    values.iter().copied().filter(|value| seen.insert(*value)).collect()
}

fn repeated(values: &[i32]) -> BTreeSet<i32> {
    let mut seen = HashSet::new();
    values.iter().copied().filter(|value| !seen.insert(*value)).collect()
}

fn main() {
    let mut numbers = vec![3, 1, 3, 2, 1];
    assert_eq!(repeated(&numbers), BTreeSet::from([1, 3]));
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers, [1, 2, 3]);

    assert_eq!(unique_in_order(&["up", "left", "up", "down"]), ["up", "left", "down"]);

    let mut heights_m = vec![10.0_f64, 10.05, 20.0];
    heights_m.dedup_by(|next, kept| (*next - *kept).abs() < 0.1);
    assert_eq!(heights_m, [10.0, 20.0]);
}
