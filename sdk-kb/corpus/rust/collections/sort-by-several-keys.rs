//! # Sort a vector of structs
//!
//! - sort by one field, then by another
//! - sort descending
//! - the trait bound `f64: Ord` is not satisfied when sorting
//!
//! `sort_by_key` takes what to compare; a tuple compares part by part; `Reverse` turns one part round. `sort_by` with `cmp` and
//! `then_with` mixes directions and floats (`total_cmp`). `sort` keeps equal elements in order, `sort_unstable` is faster and does not.
//!
//! Pitfalls:
//! - A key that borrows from the element (`|p| &p.name`) does not compile in `sort_by_key`; use `sort_by(|a, b| a.name.cmp(&b.name))`.

use std::cmp::Reverse;

#[derive(Debug, Clone, PartialEq)]
struct Place {
    name: String,
    priority: u8,
    distance_m: f64,
}

fn main() {
    let place = |name: &str, priority, distance_m| Place { name: name.into(), priority, distance_m };
    let mut places = vec![place("mast", 1, 80.0), place("barn", 2, 30.5), place("pond", 1, 12.0)];
    let names = |places: &[Place]| places.iter().map(|place| place.name.clone()).collect::<Vec<_>>().join(" ");

    places.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(names(&places), "barn mast pond");

    places.sort_by_key(|place| (Reverse(place.priority), place.name.len()));
    assert_eq!(names(&places), "barn mast pond", "equal keys stay in order");

    places.sort_by(|a, b| a.priority.cmp(&b.priority).then_with(|| b.distance_m.total_cmp(&a.distance_m)));
    assert_eq!(names(&places), "mast pond barn");

    let nearest = places.iter().min_by(|a, b| a.distance_m.total_cmp(&b.distance_m));
    assert_eq!(nearest.map(|place| place.name.as_str()), Some("pond"));
}
