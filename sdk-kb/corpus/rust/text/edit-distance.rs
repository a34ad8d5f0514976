//! # How similar are two words? (Levenshtein distance)
//!
//! - suggest the nearest name for a typo ("did you mean ..")
//! - edit distance algorithm
//! - dynamic programming with one row
//!
//! The distance is the least number of insertions, deletions and substitutions. One row of the table is enough: each cell needs its
//! left, upper and upper-left neighbours. For suggestions take the nearest candidate within a third of the word's length.
//!
//! Pitfalls:
//! - Compare `char`s, not bytes, or one accent counts twice.

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut upper_left = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = upper_left + usize::from(from != *to);
            upper_left = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(upper_left + 1);
        }
    }
    row[b.len()]
}

fn suggestion<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let limit = word.chars().count().div_ceil(3);
    known
        .iter()
        .map(|name| (distance(word, name), *name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

fn main() {
    assert_eq!(distance("kitten", "sitting"), 3);
    assert_eq!(distance("", "abc"), 3);
    assert_eq!(distance("Höhe", "Hohe"), 1);
    let calls = ["take_off", "take_photo", "land", "land_at"];
    assert_eq!(suggestion("takeof", &calls), Some("take_off"));
    assert_eq!(suggestion("lnad", &calls), Some("land"));
    assert_eq!(suggestion("teleport", &calls), None);
}
