//! # Unsafe code, and what a SAFETY comment must say
//!
//! - dereference of a raw pointer requires an unsafe block (E0133)
//! - when is unsafe justified?
//! - write a safe wrapper around unsafe code
//!
//! `unsafe` does not switch checks off; it allows five more things, among them dereferencing raw pointers and calling unsafe
//! functions, and puts their conditions on you. Keep the block small, say in a `SAFETY` comment why its conditions hold, and put a safe
//! function around it whose signature makes misuse impossible.
//!
//! Pitfalls:
//! - Two `&mut` to one place are undefined behaviour even if neither is used at the same time as the other.
//! - First look for the safe way: `split_at_mut`, `chunks`, `Cell`, indices.

/// As `slice::split_at_mut`, to show what it takes.
fn split<T>(values: &mut [T], middle: usize) -> Option<(&mut [T], &mut [T])> {
    let length = values.len();
    if middle > length {
        return None;
    }
    let start = values.as_mut_ptr();
    // SAFETY: both parts lie within the slice, for middle <= length; they do not overlap; and the borrow of `values` keeps anybody
    // else from using it while they live.
    unsafe {
        Some((
            std::slice::from_raw_parts_mut(start, middle),
            std::slice::from_raw_parts_mut(start.add(middle), length - middle),
        ))
    }
}

/// # Safety
/// `values` must not be empty.
unsafe fn first_unchecked(values: &[u32]) -> u32 {
    // SAFETY: the caller promises that there is a first element.
    unsafe { *values.get_unchecked(0) }
}

fn main() {
    let mut values = [1, 2, 3, 4];
    let (left, right) = split(&mut values, 1).expect("within the slice");
    left[0] += right[2];
    right[0] = 20;
    assert_eq!(values, [5, 20, 3, 4]);
    assert!(split(&mut values, 5).is_none());

    // SAFETY: the array has two elements.
    assert_eq!(unsafe { first_unchecked(&[7, 8]) }, 7);
}
