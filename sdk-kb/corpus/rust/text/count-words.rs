//! # Count words or letters
//!
//! - word frequency counter
//! - most common words in a text
//! - count how often each character occurs
//!
//! Split on what is not a letter, put the words in lower case, and count in a map with `entry`. Sort by count downwards and by word
//! upwards, so that the result is the same every time.
//!
//! Pitfalls:
//! - A `HashMap` iterates in another order in every run: sort, or use a `BTreeMap`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

fn most_common(text: &str, count: usize) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    let mut counted: Vec<_> = counts.into_iter().collect();
    // A stable sort keeps the map's order by word among equal counts.
    counted.sort_by_key(|(_, times)| Reverse(*times));
    counted.truncate(count);
    counted
}

fn letters(text: &str) -> [usize; 26] {
    let mut counts = [0; 26];
    for byte in text.bytes().filter(u8::is_ascii_alphabetic) {
        counts[usize::from(byte.to_ascii_lowercase() - b'a')] += 1;
    }
    counts
}

fn main() {
    let found = most_common("Up, up and away! And down, and up.", 2);
    assert_eq!(found, [("and".to_owned(), 3), ("up".to_owned(), 3)]);
    assert_eq!(letters("Banana")[0], 3);
    assert_eq!(letters("").iter().sum::<usize>(), 0);
}
