//! # Search in a sorted slice
//!
//! - binary search in Rust
//! - insert into a sorted Vec and keep it sorted
//! - lower bound and upper bound
//!
//! `binary_search` gives `Ok(index)` of a match or `Err(index)` where the value would have to go. `partition_point` gives the first
//! index for which a condition is false: with `< x` that is the lower bound, with `<= x` the upper one.
//!
//! Pitfalls:
//! - On an unsorted slice the answer means nothing.
//! - With several equal values any of them may be found.

fn insert_sorted(values: &mut Vec<i32>, value: i32) {
    let place = values.binary_search(&value).unwrap_or_else(|place| place);
    values.insert(place, value);
}

fn count_of(sorted: &[i32], value: i32) -> usize {
    let from = sorted.partition_point(|&x| x < value);
    let to = sorted.partition_point(|&x| x <= value);
    to - from
}

fn main() {
    let mut values = vec![10, 20, 20, 30];
    assert_eq!(values.binary_search(&30), Ok(3));
    assert_eq!(values.binary_search(&25), Err(3));
    insert_sorted(&mut values, 25);
    assert_eq!(values, [10, 20, 20, 25, 30]);
    assert_eq!((count_of(&values, 20), count_of(&values, 7)), (2, 0));

    let times_s = [0.0, 1.5, 4.0];
    let index = times_s.partition_point(|time| *time <= 2.0);
    assert_eq!(index, 2, "the first time after 2 s");
    let by_name = [("ada", 1), ("bob", 2)];
    assert_eq!(by_name.binary_search_by_key(&"bob", |(name, _)| *name), Ok(1));
}
