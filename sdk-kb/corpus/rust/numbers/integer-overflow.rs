//! # What happens when an integer overflows
//!
//! - attempt to add with overflow panic
//! - checked_add, wrapping_add, saturating_add: which one?
//! - detect overflow in a multiplication
//!
//! `+` panics on overflow in debug builds and wraps in release builds, so say what you want: `checked_*` gives `None`,
//! `saturating_*` stops at the limit, `wrapping_*` is for counters and checksums that go round on purpose, `overflowing_*` tells both.
//!
//! Pitfalls:
//! - `a - b` of unsigned numbers overflows below zero: use `checked_sub`, `saturating_sub` or `abs_diff`.
//! - Shifting by the width of the type or more also panics.

fn total_ms(parts: &[u32]) -> Option<u32> {
    parts.iter().try_fold(0_u32, |total, &part| total.checked_add(part))
}

/// Messages lost between two numbers of a counter that wraps at 256.
fn lost(last: u8, now: u8) -> u8 {
    now.wrapping_sub(last).wrapping_sub(1)
}

fn main() {
    assert_eq!(total_ms(&[1_000, 2_000]), Some(3_000));
    assert_eq!(total_ms(&[u32::MAX, 1]), None);

    assert_eq!(lost(7, 8), 0);
    assert_eq!(lost(254, 2), 3);

    assert_eq!(200_u8.saturating_add(100), 255);
    assert_eq!(200_u8.overflowing_add(100), (44, true));
    assert_eq!(3_u32.abs_diff(10), 7);
    assert_eq!(3_u32.checked_sub(10), None);
    assert_eq!(i32::MIN.checked_abs(), None, "there is no positive counterpart");
}
