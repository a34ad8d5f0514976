//! # Find the entries between two keys, or the nearest one
//!
//! - BTreeMap range query
//! - last entry before a time
//! - a map that keeps its keys sorted
//!
//! A `BTreeMap` is sorted by key: `range(a..b)` walks over part of it, and its ends give the neighbours of any key. `first_key_value`
//! and `pop_first` make it a priority queue with removal.
//!
//! Pitfalls:
//! - `range` panics if the start is after the end.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

/// The value that holds at `time_s`: the last one that was set no later.
fn value_at(history: &BTreeMap<u32, f64>, time_s: u32) -> Option<f64> {
    history.range(..=time_s).next_back().map(|(_, value)| *value)
}

fn main() {
    let speeds = BTreeMap::from([(0, 0.0), (10, 5.0), (30, 8.0)]);
    assert_eq!(value_at(&speeds, 9), Some(0.0));
    assert_eq!(value_at(&speeds, 10), Some(5.0));
    assert_eq!(value_at(&speeds, 99), Some(8.0));

    let within: Vec<u32> = speeds.range(5..30).map(|(time_s, _)| *time_s).collect();
    assert_eq!(within, [10]);
    let after = speeds.range((Excluded(10), Unbounded)).next();
    assert_eq!(after, Some((&30, &8.0)));

    let mut alarms = BTreeMap::from([(50, "land"), (20, "photo")]);
    assert_eq!(alarms.pop_first(), Some((20, "photo")));
    assert_eq!(alarms.last_key_value(), Some((&50, &"land")));
}
