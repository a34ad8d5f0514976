//! # Round to a number of decimals or to a step
//!
//! - round a float to two decimal places
//! - round up, down, to the nearest multiple of 5
//! - difference between round, floor, ceil and trunc
//!
//! For showing a number, format it with a precision (`{:.2}`). For calculating, scale, `round` and scale back. `round` goes away from
//! zero at halves, `round_ties_even` to the even neighbour, as formatting does.
//!
//! Pitfalls:
//! - 2.675 is stored as a little less, so it rounds to 2.67: keep money in whole cents.

fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

fn to_step(value: f64, step: f64) -> f64 {
    (value / step).round() * step
}

fn main() {
    assert_eq!(rounded(12.3456, 2), 12.35);
    assert_eq!(rounded(1250.0, -2), 1300.0);
    assert_eq!(format!("{:.1} {:.0} {:.0}", 2.25, 0.5, 1.5), "2.2 0 2");
    assert_eq!(to_step(47.0, 5.0), 45.0);
    assert_eq!(47_u32.div_ceil(5) * 5, 50, "whole numbers up to a multiple");
    assert_eq!(47_u32.next_multiple_of(5), 50);
    assert_eq!((-2.5_f64).round(), -3.0);
    assert_eq!((-2.5_f64).round_ties_even(), -2.0);
    assert_eq!(((-2.7_f64).trunc(), (-2.7_f64).floor(), (-2.7_f64).ceil()), (-2.0, -3.0, -2.0));
}
