//! # Loop with an index, over two lists, or backwards
//!
//! - for loop with index in Rust
//! - iterate over two vectors at the same time
//! - iterate in reverse or in steps
//!
//! `enumerate` gives `(index, item)`, `zip` pairs two iterators and stops with the shorter one, `rev` walks backwards, `step_by` leaves
//! out. A loop over `0..v.len()` is rarely needed and bounds-checks each access.
//!
//! Pitfalls:
//! - `enumerate().rev()` numbers from the end backwards, `rev().enumerate()` from 0.

fn main() {
    let names = ["north", "east", "south"];
    let degrees = [0, 90, 180, 270];

    let mut lines = Vec::new();
    for (index, name) in names.iter().enumerate() {
        lines.push(format!("{}. {name}", index + 1));
    }
    assert_eq!(lines.join(" "), "1. north 2. east 3. south");

    let pairs: Vec<(&str, i32)> = names.into_iter().zip(degrees).collect();
    assert_eq!(pairs, [("north", 0), ("east", 90), ("south", 180)]);

    assert_eq!((0..10).step_by(4).collect::<Vec<_>>(), [0, 4, 8]);
    assert_eq!((0..3).rev().collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!(names.iter().enumerate().rev().map(|(index, _)| index).collect::<Vec<_>>(), [2, 1, 0]);

    let mut totals = [1, 2, 3];
    for (total, add) in totals.iter_mut().zip([10, 20, 30]) {
        *total += add;
    }
    assert_eq!(totals, [11, 22, 33]);
    let dot: f64 = [1.0, 2.0].iter().zip([3.0, 4.0]).map(|(a, b)| a * b).sum();
    assert_eq!(dot, 11.0);
}
