//! # Copy, Clone and when to derive which
//!
//! - What is the difference between Copy and Clone?
//! - How do I make my struct not move when I assign it?
//! - the trait Copy may not be implemented for this type (E0204)
//!
//! `Clone` is an explicit, possibly expensive copy. `Copy` says that copying the bits is enough, so assignment does not move. Derive
//! `Copy` for small plain values (numbers, points, ids); it needs every field to be `Copy`, which `String`, `Vec` and `Box` are not.
//!
//! Pitfalls:
//! - Do not make large arrays or iterators `Copy`: silent copies hide where changes go.
//! - Taking `Copy` away later breaks callers; adding it does not.

#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    x_m: f64,
    y_m: f64,
}

impl Point {
    fn moved(self, dx_m: f64) -> Point {
        Point { x_m: self.x_m + dx_m, ..self }
    }
}

/// Owns a heap allocation, so it can be cloned but not copied.
#[derive(Debug, Clone, PartialEq)]
struct Track {
    name: String,
    points: Vec<Point>,
}

fn main() {
    let start = Point { x_m: 1.0, y_m: 2.0 };
    let end = start.moved(5.0);
    assert_eq!(start.x_m, 1.0, "start was copied into the call");
    assert_eq!(end, Point { x_m: 6.0, y_m: 2.0 });

    let track = Track { name: "north".into(), points: vec![start, end] };
    let mut copy = track.clone();
    copy.points.pop();
    copy.name.push_str(" short");
    assert_eq!((track.points.len(), copy.points.len()), (2, 1));
    assert_ne!(track.name, copy.name);
}
