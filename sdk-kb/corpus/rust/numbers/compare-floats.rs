//! # Compare floating-point numbers
//!
//! - 0.1 + 0.2 is not equal to 0.3
//! - How do I compare f64 with a tolerance?
//! - NaN in comparisons and in max
//!
//! Decimal fractions are rounded in binary, so results of arithmetic are compared with a tolerance: absolute near zero, relative for
//! large values. NaN is unequal to everything, itself included; `total_cmp` gives all floats an order; `f64::max` ignores a NaN.
//!
//! Pitfalls:
//! - `f64::EPSILON` is the step at 1.0 and no useful tolerance elsewhere.
//! - `!(a < b)` is not `a >= b` if one is NaN.

fn close(a: f64, b: f64, absolute: f64, relative: f64) -> bool {
    let difference = (a - b).abs();
    difference <= absolute || difference <= relative * a.abs().max(b.abs())
}

fn largest(values: &[f64]) -> Option<f64> {
    values.iter().copied().filter(|value| !value.is_nan()).max_by(f64::total_cmp)
}

fn main() {
    assert_ne!(0.1 + 0.2, 0.3);
    assert!(close(0.1 + 0.2, 0.3, 1e-12, 0.0));
    assert!(close(1e9, 1e9 + 1.0, 0.0, 1e-8));
    assert!(!close(1.0, 1.1, 0.05, 0.0));
    assert!(!close(f64::NAN, f64::NAN, 1.0, 1.0), "NaN is close to nothing");

    assert_eq!(largest(&[1.0, f64::NAN, 3.0]), Some(3.0));
    assert_eq!(largest(&[f64::NAN]), None);
    assert_eq!(f64::NAN.max(2.0), 2.0);
    let (limit, speed) = (f64::NAN, 3.0);
    assert_eq!((speed < limit, speed >= limit), (false, false));
}
