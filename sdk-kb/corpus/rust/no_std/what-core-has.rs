//! # Write code that works with and without std
//!
//! - can't find crate for `std` on a microcontroller target (E0463)
//! - which parts of the library are in core, alloc and std?
//! - #![no_std] library with an std feature
//!
//! `core` has everything that needs neither an allocator nor an operating system: numbers, slices, iterators, `Option`, formatting,
//! `time::Duration`, atomics. `alloc` adds `Vec`, `String`, `Box` and `Arc`. Write `use core::..` in libraries, begin `lib.rs` with
//! `#![cfg_attr(not(feature = "std"), no_std)]`, and put what needs more behind a feature.
//!
//! Pitfalls:
//! - `core` has no `f64::sqrt`, `sin` or `powi`; the crate `libm` has.
//! - Features add up: a dependency that turns `std` on somewhere turns it on everywhere.

use core::cmp::Ordering;
use core::fmt;
use core::time::Duration;

/// Nothing in here needs more than `core`.
mod filter {
    /// The median of three: throws single outliers away.
    pub fn median(mut three: [f32; 3]) -> f32 {
        three.sort_unstable_by(f32::total_cmp);
        three[1]
    }

    /// Newton's method, for want of `sqrt` in `core`.
    pub fn square_root(value: f64) -> Option<f64> {
        if !(0.0..f64::INFINITY).contains(&value) {
            return None;
        }
        if value == 0.0 {
            return Some(0.0);
        }
        let mut guess = if value > 1.0 { value } else { 1.0 };
        for _ in 0..2000 {
            let next = (guess + value / guess) / 2.0;
            if next >= guess {
                break;
            }
            guess = next;
        }
        Some(guess)
    }
}

struct Shown(Duration);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.cmp(&Duration::from_secs(1)) {
            Ordering::Less => write!(f, "{} ms", self.0.as_millis()),
            _ => write!(f, "{} s", self.0.as_secs()),
        }
    }
}

fn main() {
    assert_eq!(filter::median([1.0, 99.0, 2.0]), 2.0);
    let root = filter::square_root(2.0).expect("not negative");
    assert!((root * root - 2.0).abs() < 1e-12);
    assert_eq!(filter::square_root(0.0), Some(0.0));
    assert_eq!(filter::square_root(-1.0), None);
    assert_eq!(Shown(Duration::from_millis(250)).to_string(), "250 ms");
    assert_eq!(Shown(Duration::from_secs(90)).to_string(), "90 s");
}
