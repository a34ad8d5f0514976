//! # Split one iterator into two collections
//!
//! - separate even and odd numbers
//! - turn a Vec of pairs into two Vecs
//! - take part of an iterator and go on with the rest (by_ref)
//!
//! `partition` sorts by a condition, `unzip` takes pairs apart. `by_ref` lends an iterator to an adapter, so that what is left can be
//! used afterwards.
//!
//! Pitfalls:
//! - `take_while` through `by_ref` still swallows the element that ended it; `peekable` with `next_if` does not.

fn main() {
    let (low, fine): (Vec<u32>, Vec<u32>) = [15, 80, 20, 65].into_iter().partition(|percent| *percent < 25);
    assert_eq!((low, fine), (vec![15, 20], vec![80, 65]));

    let (north, east): (Vec<i32>, Vec<i32>) = [(1, 10), (2, 20)].into_iter().unzip();
    assert_eq!((north, east), (vec![1, 2], vec![10, 20]));

    let mut lines = ["name: test", "mode: auto", "", "1", "2"].into_iter();
    let header: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    let body: i32 = lines.filter_map(|line| line.parse::<i32>().ok()).sum();
    assert_eq!((header.len(), body), (2, 3));

    let mut numbers = 1..;
    let first: u32 = numbers.by_ref().take(3).sum();
    assert_eq!((first, numbers.next()), (6, Some(4)));
}
