//! # Mutable references to two elements of one slice
//!
//! - How do I swap or change two elements of a Vec at the same time?
//! - cannot borrow `*v` as mutable more than once when indexing twice
//! - split_at_mut and get_disjoint_mut
//!
//! The compiler cannot see that `v[i]` and `v[j]` differ. `swap` exchanges two elements, `split_at_mut` cuts the slice into two
//! parts that can be borrowed together, and `get_disjoint_mut` borrows several indices and fails where two are equal or out of
//! range.
//!
//! Pitfalls:
//! - Reading one value into a local before writing the other is often all that is needed.

fn pour(tanks: &mut [u32], from: usize, to: usize, amount: u32) -> bool {
    let Ok([source, target]) = tanks.get_disjoint_mut([from, to]) else {
        return false;
    };
    let poured = amount.min(*source);
    *source -= poured;
    *target += poured;
    true
}

fn main() {
    let mut tanks = [10, 0, 5];
    assert!(pour(&mut tanks, 0, 1, 4));
    assert_eq!(tanks, [6, 4, 5]);
    assert!(!pour(&mut tanks, 1, 1, 4), "the same tank twice");
    assert!(!pour(&mut tanks, 0, 9, 4), "no such tank");

    tanks.swap(0, 2);
    assert_eq!(tanks, [5, 4, 6]);

    let (left, right) = tanks.split_at_mut(1);
    left[0] += right[1];
    assert_eq!(tanks, [11, 4, 6]);
}
