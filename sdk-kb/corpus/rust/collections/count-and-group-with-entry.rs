//! # Count and group in a HashMap
//!
//! - insert into a HashMap if the key is not there, else update
//! - group a list of structs by a field
//! - cannot borrow map as mutable because get() still borrows it
//!
//! `entry(key)` looks the key up once and lets you fill or change its place: `or_insert`, `or_default`, `and_modify`. It replaces the
//! pair of `get` and `insert`, with which the borrow checker argues.
//!
//! Pitfalls:
//! - `map[&key]` panics where the key is missing; `get` does not.
//! - `entry` takes the key by value: for rare insertions with `String` keys, try `get_mut` first.

use std::collections::{BTreeMap, HashMap};

struct Flight {
    pilot: &'static str,
    minutes: u32,
}

fn by_pilot(flights: &[Flight]) -> BTreeMap<&str, Vec<&Flight>> {
    let mut groups: BTreeMap<&str, Vec<&Flight>> = BTreeMap::new();
    for flight in flights {
        groups.entry(flight.pilot).or_default().push(flight);
    }
    groups
}

fn main() {
    let flights = [("ada", 12), ("bob", 30), ("ada", 8)].map(|(pilot, minutes)| Flight { pilot, minutes });
    let groups = by_pilot(&flights);
    assert_eq!(groups["ada"].iter().map(|flight| flight.minutes).sum::<u32>(), 20);
    assert_eq!(groups.keys().copied().collect::<Vec<_>>(), ["ada", "bob"]);

    let mut best: HashMap<&str, u32> = HashMap::new();
    for flight in &flights {
        best.entry(flight.pilot)
            .and_modify(|longest| *longest = (*longest).max(flight.minutes))
            .or_insert(flight.minutes);
    }
    assert_eq!((best["ada"], best.get("cleo")), (12, None));
}
