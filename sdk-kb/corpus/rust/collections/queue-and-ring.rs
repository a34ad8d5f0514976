//! # A queue: first in, first out
//!
//! - FIFO queue in Rust
//! - keep only the last n values
//! - remove(0) on a Vec is slow
//!
//! `VecDeque` adds and removes at both ends in constant time. A history of fixed length drops the front when it is full.
//! `make_contiguous` gives one slice where that is needed.
//!
//! Pitfalls:
//! - Its `extend` may grow without end: bound queues that are filled from outside.

use std::collections::VecDeque;

struct Recent<T> {
    values: VecDeque<T>,
    most: usize,
}

impl<T> Recent<T> {
    fn new(most: usize) -> Self {
        Self { values: VecDeque::with_capacity(most), most }
    }

    /// Adds a value and gives the one that had to go.
    fn push(&mut self, value: T) -> Option<T> {
        let gone = if self.values.len() == self.most { self.values.pop_front() } else { None };
        self.values.push_back(value);
        gone
    }
}

fn main() {
    let mut queue = VecDeque::from(["arm", "take off"]);
    queue.push_back("land");
    assert_eq!(queue.pop_front(), Some("arm"));
    assert_eq!((queue.len(), queue.front(), queue.back()), (2, Some(&"take off"), Some(&"land")));

    let mut recent = Recent::new(3);
    let gone: Vec<Option<i32>> = (1..=5).map(|value| recent.push(value)).collect();
    assert_eq!(gone, [None, None, None, Some(1), Some(2)]);
    assert_eq!(recent.values.iter().sum::<i32>(), 12);

    recent.values.rotate_left(1);
    assert_eq!(recent.values.make_contiguous(), [4, 5, 3]);
}
