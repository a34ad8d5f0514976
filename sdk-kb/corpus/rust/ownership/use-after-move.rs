//! # Use a value after it was passed to a function
//!
//! - Why does the compiler say "borrow of moved value" and how do I mend it?
//! - How can I call a function with my vector and still use the vector afterwards?
//! - value used here after move
//!
//! Passing a value that is not `Copy` moves it: the caller gives it up (error E0382 if it is used again). Three ways out, best
//! first: let the function borrow (`&[i32]`, `&str`, `&T`) if it only looks; hand out a `&mut` if it changes the value; `clone` if
//! both sides really need their own copy.
//!
//! Pitfalls:
//! - A parameter of type `&Vec<T>` or `&String` takes less than it could: `&[T]` and `&str` accept arrays and literals too.
//! - `for x in values` moves `values`; `for x in &values` borrows it.

/// Only looks, so it borrows.
fn total(readings: &[i32]) -> i32 {
    readings.iter().sum()
}

/// Changes the caller's value, so it borrows mutably.
fn append_zero(readings: &mut Vec<i32>) {
    readings.push(0);
}

/// Keeps the value, so it takes it.
fn into_sorted(mut readings: Vec<i32>) -> Vec<i32> {
    readings.sort_unstable();
    readings
}

fn main() {
    let mut readings = vec![3, 1, 2];
    assert_eq!(total(&readings), 6);
    append_zero(&mut readings);
    assert_eq!(readings.len(), 4);

    // Both are needed afterwards: here a clone is honest.
    let sorted = into_sorted(readings.clone());
    assert_eq!(sorted, [0, 1, 2, 3]);
    assert_eq!(readings, [3, 1, 2, 0]);

    for reading in &readings {
        assert!(*reading < 10);
    }
    assert_eq!(readings.len(), 4);
}
