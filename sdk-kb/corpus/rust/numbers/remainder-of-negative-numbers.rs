//! # Wrap an angle or index into a range
//!
//! - modulo of a negative number is negative in Rust
//! - wrap a heading to 0..360 degrees
//! - rem_euclid and div_euclid
//!
//! `%` keeps the sign of the left side: `-1 % 5` is `-1`. `rem_euclid` is never negative and is what wrapping needs, for integers and
//! floats alike. The signed difference of two angles is the difference wrapped to -180..180.
//!
//! Pitfalls:
//! - For a tiny negative float `rem_euclid(360.0)` may give exactly 360.0.

fn wrap_360(deg: f64) -> f64 {
    let wrapped = deg.rem_euclid(360.0);
    if wrapped >= 360.0 { 0.0 } else { wrapped }
}

/// The short way from one heading to another: positive is to the right, -180 to 180.
fn turn(from_deg: f64, to_deg: f64) -> f64 {
    let difference = wrap_360(to_deg - from_deg);
    if difference > 180.0 { difference - 360.0 } else { difference }
}

fn main() {
    assert_eq!(-1 % 5, -1);
    assert_eq!((-1_i32).rem_euclid(5), 4);
    assert_eq!((-7_i32 / 2, (-7_i32).div_euclid(2)), (-3, -4));
    assert_eq!(wrap_360(-90.0), 270.0);
    assert_eq!(wrap_360(725.0), 5.0);
    assert_eq!(wrap_360(-1e-20), 0.0);
    assert_eq!(turn(350.0, 10.0), 20.0);
    assert_eq!(turn(10.0, 350.0), -20.0);

    let names = ["north", "east", "south", "west"];
    let step_left = |index: usize| (index + names.len() - 1) % names.len();
    assert_eq!(names[step_left(0)], "west");
}
