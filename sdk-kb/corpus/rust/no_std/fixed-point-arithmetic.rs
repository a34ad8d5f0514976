//! # Fractions without floats: fixed point
//!
//! - Q16.16 fixed point numbers in Rust
//! - multiply and divide without an FPU
//! - integer low-pass filter
//!
//! A fixed-point number is an integer that counts fractions, here 1/65536. Addition stays as it is; a product has twice the fractional
//! bits and is shifted back, in a wider type, so that nothing overflows on the way. Overflow of the result saturates here.
//!
//! Pitfalls:
//! - Shifting right rounds towards minus infinity: add a half before, to round to the nearest.

#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Q16(i32);

impl Q16 {
    const ONE: Q16 = Q16(1 << 16);

    const fn from_ratio(numerator: i32, denominator: i32) -> Self {
        Q16((((numerator as i64) << 16) / denominator as i64) as i32)
    }
    fn add(self, other: Self) -> Self {
        Q16(self.0.saturating_add(other.0))
    }
    fn times(self, other: Self) -> Self {
        let wide = i64::from(self.0) * i64::from(other.0) + (1 << 15);
        Q16((wide >> 16).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
    }
    fn divided_by(self, other: Self) -> Option<Self> {
        let wide = (i64::from(self.0) << 16).checked_div(i64::from(other.0))?;
        Some(Q16(wide.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32))
    }
    fn to_f64(self) -> f64 {
        f64::from(self.0) / 65536.0
    }
}

/// One step of a filter that goes an eighth of the way; the state keeps 3 more bits than the input.
fn low_pass(state: &mut i32, input: i32) -> i32 {
    *state += input - (*state >> 3);
    *state >> 3
}

fn main() {
    let half = Q16::from_ratio(1, 2);
    let third = Q16::from_ratio(1, 3);
    assert_eq!(half.times(half), Q16::from_ratio(1, 4));
    assert!((half.add(third).to_f64() - 5.0 / 6.0).abs() < 1e-4);
    assert_eq!(Q16::ONE.divided_by(half), Some(Q16(2 << 16)));
    assert_eq!(Q16::ONE.divided_by(Q16(0)), None);
    assert_eq!(Q16(i32::MAX).times(Q16(2 << 16)), Q16(i32::MAX));

    let mut state = 0;
    let last = (0..100).map(|_| low_pass(&mut state, 1000)).last();
    assert!(last.is_some_and(|value| (995..=1000).contains(&value)), "{last:?}");
}
