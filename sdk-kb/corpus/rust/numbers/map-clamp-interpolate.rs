//! # Map a value from one range to another
//!
//! - linear interpolation in Rust
//! - clamp a value between a minimum and a maximum
//! - interpolate in a table of measured points
//!
//! `(x - a) / (b - a)` says how far along a range a value is; the rest is scaling. `clamp` limits; it panics if the limits are the wrong
//! way round or NaN. In a table, `partition_point` finds the neighbours in a sorted list.
//!
//! Pitfalls:
//! - `x.clamp(lo, hi)` keeps NaN: check input with `is_finite`.

fn map(x: f64, from: (f64, f64), to: (f64, f64)) -> f64 {
    let share = (x - from.0) / (from.1 - from.0);
    to.0 + share * (to.1 - to.0)
}

/// Between the neighbours; the nearest end outside. `table` is sorted by its first column.
fn look_up(table: &[(f64, f64)], x: f64) -> Option<f64> {
    let (first, last) = (table.first()?, table.last()?);
    let right = table.partition_point(|point| point.0 < x);
    if right == 0 {
        return Some(first.1);
    }
    let Some(upper) = table.get(right) else { return Some(last.1) };
    let lower = table[right - 1];
    Some(map(x, (lower.0, upper.0), (lower.1, upper.1)))
}

fn main() {
    assert_eq!(map(1500.0, (1000.0, 2000.0), (-1.0, 1.0)), 0.0);
    assert_eq!(map(2500.0, (1000.0, 2000.0), (0.0, 1.0)).clamp(0.0, 1.0), 1.0);
    assert_eq!(7_i32.clamp(-5, 5), 5);

    // Cell voltage to percent.
    let battery = [(3.3, 0.0), (3.7, 40.0), (4.2, 100.0)];
    assert_eq!(look_up(&battery, 3.5).map(f64::round), Some(20.0));
    assert_eq!(look_up(&battery, 5.0), Some(100.0));
    assert_eq!(look_up(&battery, 3.0), Some(0.0));
    assert_eq!(look_up(&[], 3.0), None);
}
