//! # An iterator that borrows what it walks over
//!
//! - How do I write an iterator struct that holds a slice reference?
//! - lifetime in impl Iterator for my struct
//! - the returned items should outlive the iterator
//!
//! The iterator carries the lifetime of the data, and its `Item` borrows from the data and not from the iterator, so items may be
//! kept while the iterator goes on or after it is gone. For a function the short form is `-> impl Iterator<Item = &T>`.
//!
//! Pitfalls:
//! - `fn next(&mut self) -> Option<&T>` with the lifetime of `self` cannot be expressed by `Iterator`.

/// Every value that is larger than all before it.
struct Records<'a> {
    rest: &'a [i32],
    highest: Option<i32>,
}

impl<'a> Iterator for Records<'a> {
    type Item = &'a i32;

    fn next(&mut self) -> Option<&'a i32> {
        while let Some((first, rest)) = self.rest.split_first() {
            self.rest = rest;
            if self.highest.is_none_or(|highest| *first > highest) {
                self.highest = Some(*first);
                return Some(first);
            }
        }
        None
    }
}

fn records(values: &[i32]) -> Records<'_> {
    Records { rest: values, highest: None }
}

/// The same without a type of its own.
fn larger_than(values: &[i32], limit: i32) -> impl Iterator<Item = &i32> {
    values.iter().filter(move |value| **value > limit)
}

fn main() {
    let heights = [3, 1, 4, 1, 5, 2];
    let kept: Vec<&i32> = records(&heights).collect();
    assert_eq!(kept, [&3, &4, &5]);
    assert_eq!(larger_than(&heights, 3).count(), 2);
}
