//! # Use an own type as a key of a HashMap
//!
//! - the trait Hash is not implemented for my struct
//! - the method `insert` exists but its trait bounds were not satisfied
//! - floats as keys
//!
//! A key needs `Eq` and `Hash`; derive both together, so that equal keys hash the same. `f64` has neither, because of NaN and -0.0:
//! use whole numbers (millimetres, degrees times 1e7), or the bits of a value that was normalised first. A `BTreeMap` needs `Ord`.
//!
//! Pitfalls:
//! - Never change a key (through `RefCell` or the like) while it is in the map.

use std::collections::{BTreeMap, HashMap};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Cell {
    north: i32,
    east: i32,
}

impl Cell {
    /// The cell of 10 m that a place lies in.
    fn of(north_m: f64, east_m: f64) -> Self {
        let index = |metres: f64| (metres / 10.0).floor() as i32;
        Self { north: index(north_m), east: index(east_m) }
    }
}

fn main() {
    let mut photos: HashMap<Cell, u32> = HashMap::new();
    for (north_m, east_m) in [(3.0, 4.0), (9.9, 0.1), (-0.5, 4.0)] {
        *photos.entry(Cell::of(north_m, east_m)).or_default() += 1;
    }
    assert_eq!(photos[&Cell { north: 0, east: 0 }], 2);
    assert_eq!(photos.get(&Cell { north: -1, east: 0 }), Some(&1));
    assert_eq!(photos.get(&Cell { north: 5, east: 5 }), None);

    let in_order: BTreeMap<Cell, u32> = photos.into_iter().collect();
    assert_eq!(in_order.keys().next(), Some(&Cell { north: -1, east: 0 }));
}
