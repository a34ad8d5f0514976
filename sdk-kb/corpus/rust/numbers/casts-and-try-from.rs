//! # Convert between number types without surprises
//!
//! - as u8 gives a wrong number
//! - expected u32, found usize (E0308), how do I convert?
//! - cast float to int rounding, saturating
//!
//! `From` exists where every value fits (`u64::from(x_u32)`, `f64::from(x_i32)`); `try_from` checks the rest. `as` never fails: between
//! integers it cuts bits off, from float to integer it cuts the fraction and stops at the limits, NaN becomes 0. So use `as` only
//! where that is what is meant, for example after rounding.
//!
//! Pitfalls:
//! - `u64 as f64` is exact up to 2^53 only; `i64 as f32` up to 2^24.
//! - `usize` has no `From<u32>`, for it may be 16 bits wide: use `try_from` or, on 64-bit targets, `as`.

fn throttle_us(percent: f64) -> Option<u16> {
    (0.0..=100.0).contains(&percent).then(|| (1000.0 + percent * 10.0).round() as u16)
}

fn main() {
    assert_eq!(u64::from(7_u32), 7);
    assert_eq!(u8::try_from(300_i32).ok(), None);
    assert_eq!(u8::try_from(200_i32), Ok(200));

    assert_eq!(300_i32 as u8, 44, "bits cut off");
    assert_eq!(-1_i32 as u32, u32::MAX);
    assert_eq!(-3.9_f64 as i32, -3, "towards zero");
    assert_eq!(1e20_f64 as i32, i32::MAX, "stops at the limit");
    assert_eq!(f64::NAN as i32, 0);

    assert_eq!(throttle_us(50.04), Some(1500));
    assert_eq!(throttle_us(120.0), None);
    assert_eq!(throttle_us(f64::NAN), None);
    assert_eq!((1_u64 << 53) + 1, 9_007_199_254_740_993);
    assert_eq!(((1_u64 << 53) + 1) as f64, 9_007_199_254_740_992.0);
}
