//! # Is a point inside a polygon?
//!
//! - geofence check in Rust
//! - ray casting algorithm
//! - area and distance to the edge of a polygon
//!
//! Count how many edges a ray from the point crosses: an odd number means inside. The shoelace formula gives the area. The distance
//! to the fence is the least distance to any edge.
//!
//! Pitfalls:
//! - Points exactly on an edge may count either way: keep a margin by the distance.

type Point = (f64, f64);

fn edges(corners: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    corners.iter().copied().zip(corners.iter().copied().cycle().skip(1))
}

fn contains(corners: &[Point], (x, y): Point) -> bool {
    let crosses = |(a, b): &(Point, Point)| (a.1 > y) != (b.1 > y) && x < a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0);
    edges(corners).filter(crosses).count() % 2 == 1
}

fn area(corners: &[Point]) -> f64 {
    edges(corners).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs() / 2.0
}

fn distance_to_edge(corners: &[Point], point: Point) -> Option<f64> {
    let distance = |(a, b): (Point, Point)| {
        let along = (b.0 - a.0, b.1 - a.1);
        let to = (point.0 - a.0, point.1 - a.1);
        let squared = along.0 * along.0 + along.1 * along.1;
        let share = if squared > 0.0 { ((to.0 * along.0 + to.1 * along.1) / squared).clamp(0.0, 1.0) } else { 0.0 };
        (to.0 - share * along.0).hypot(to.1 - share * along.1)
    };
    edges(corners).map(distance).min_by(f64::total_cmp)
}

fn main() {
    let field = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (5.0, 5.0), (0.0, 10.0)];
    assert!(contains(&field, (2.0, 2.0)));
    assert!(!contains(&field, (5.0, 9.0)), "in the notch");
    assert!(!contains(&field, (11.0, 2.0)));
    assert_eq!(area(&field), 75.0);
    assert_eq!(distance_to_edge(&field, (5.0, 2.0)), Some(2.0));
    assert_eq!(distance_to_edge(&[], (0.0, 0.0)), None);
    assert!(!contains(&[], (0.0, 0.0)));
}
