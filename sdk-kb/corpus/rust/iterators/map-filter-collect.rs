//! # Map, filter, collect
//!
//! - list comprehension in Rust
//! - type annotations needed for collect (E0283, E0282)
//! - convert a Vec<A> into a Vec<B>
//!
//! An iterator chain does nothing until something consumes it. `collect` can make many collections, so it needs to be told which:
//! annotate the variable, or use the turbofish `collect::<Vec<_>>()`. `iter` borrows the elements, `into_iter` takes them.
//!
//! Pitfalls:
//! - `filter`'s closure gets a reference to the item, so over `iter()` it is `&&T`: write `|&&x|` or `**x`.

use std::collections::{BTreeMap, BTreeSet};

fn main() {
    let words = ["hold", "go", "land", "go"];
    let lengths: Vec<usize> = words.iter().map(|word| word.len()).collect();
    assert_eq!(lengths, [4, 2, 4, 2]);

    let short: Vec<&str> = words.iter().copied().filter(|word| word.len() < 3).collect();
    assert_eq!(short, ["go", "go"]);

    let parsed = ["1", "x", "3"].iter().filter_map(|text| text.parse::<i32>().ok()).collect::<Vec<_>>();
    assert_eq!(parsed, [1, 3]);

    // Other collections of the same chain.
    let unique: BTreeSet<&str> = words.into_iter().collect();
    let text: String = unique.iter().flat_map(|word| word.chars().take(1)).collect();
    assert_eq!(text, "ghl");
    let by_length: BTreeMap<usize, &str> = unique.iter().map(|word| (word.len(), *word)).collect();
    assert_eq!(by_length, BTreeMap::from([(2, "go"), (4, "land")]));

    let even_squares: Vec<u32> = (1..=6).filter(|n| n % 2 == 0).map(|n| n * n).collect();
    assert_eq!(even_squares, [4, 16, 36]);
}
