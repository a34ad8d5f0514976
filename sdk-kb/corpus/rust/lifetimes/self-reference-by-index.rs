//! # A struct that refers to its own data
//!
//! - How do I store a Vec and a reference into it in the same struct?
//! - self-referential struct
//! - cannot return value referencing local data owned by the struct
//!
//! A reference into a field of the same struct cannot be written in safe Rust: moving the struct would leave it dangling. Store
//! where the thing is (an index, a range, a key) and look it up when it is needed.
//!
//! Pitfalls:
//! - Indices go stale when elements are removed: never reuse them, or use keys with a generation.

use std::ops::Range;

/// A text with its words found once.
struct Words {
    text: String,
    places: Vec<Range<usize>>,
}

impl Words {
    fn new(text: &str) -> Self {
        let base = text.as_ptr() as usize;
        let range = |word: &str| {
            let start = word.as_ptr() as usize - base;
            start..start + word.len()
        };
        let places = text.split_whitespace().map(range).collect();
        Self { text: text.to_owned(), places }
    }

    fn get(&self, number: usize) -> Option<&str> {
        self.text.get(self.places.get(number)?.clone())
    }
}

fn main() {
    let words = Words::new("  take off to  ten metres");
    // Moving is harmless: ranges do not care where the text lies.
    let moved = Box::new(words);
    assert_eq!(moved.places.len(), 5);
    assert_eq!(moved.get(3), Some("ten"));
    assert_eq!(moved.get(9), None);
}
