//! # Sums, products and running totals
//!
//! - cumulative sum of a vector
//! - fold versus scan versus reduce
//! - stop a fold early
//!
//! `fold` gives the last state, `scan` every state on the way, `reduce` begins with the first element. `try_fold` stops at the first
//! `None` or `Err`. `sum` and `product` are folds that need a result type.
//!
//! Pitfalls:
//! - `scan`'s closure returns an `Option`: `None` ends the iterator.

fn running(values: &[i32]) -> Vec<i32> {
    values
        .iter()
        .scan(0, |total, value| {
            *total += value;
            Some(*total)
        })
        .collect()
}

/// The index of the leg on which the battery would be empty.
fn empty_on_leg(legs_percent: &[u32], charge_percent: u32) -> Option<usize> {
    let mut left = charge_percent;
    legs_percent.iter().position(|leg| match left.checked_sub(*leg) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    })
}

fn main() {
    assert_eq!(running(&[1, 2, 3, -1]), [1, 3, 6, 5]);
    let longest = ["a", "ccc", "bb"].into_iter().reduce(|best, word| if word.len() > best.len() { word } else { best });
    assert_eq!(longest, Some("ccc"));
    assert_eq!((1..=5).product::<u64>(), 120);
    let checked = [200_u8, 50, 10].iter().try_fold(0_u8, |sum, value| sum.checked_add(*value));
    assert_eq!(checked, None, "260 does not fit");
    assert_eq!(empty_on_leg(&[30, 30, 30, 30], 100), Some(3));
    assert_eq!(empty_on_leg(&[30, 30], 100), None);
    let polynomial = [2.0, 0.0, 1.0].iter().fold(0.0, |value, coefficient| value * 3.0 + coefficient);
    assert_eq!(polynomial, 19.0, "2x² + 1 at x = 3");
}
