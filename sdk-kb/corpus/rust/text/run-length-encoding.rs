//! # Compress repeated characters: run-length encoding
//!
//! - run length encode "aaabb" to "3a2b"
//! - group equal neighbours
//! - decode a run-length encoded string
//!
//! Runs of equal neighbours come from `chunk_by` on slices, or from looking at the last run while walking. For decoding, collect
//! digits until a letter ends the number.
//!
//! Pitfalls:
//! - Digits in the text itself make the code ambiguous: refuse or escape them.

fn encode(text: &str) -> Option<String> {
    if text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let run = |run: &[char]| if run.len() > 1 { format!("{}{}", run.len(), run[0]) } else { run[0].to_string() };
    Some(chars.chunk_by(|a, b| a == b).map(run).collect())
}

fn decode(code: &str) -> Option<String> {
    let mut text = String::new();
    let mut digits = String::new();
    for c in code.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let count = if digits.is_empty() { 1 } else { digits.parse().ok()? };
        text.extend(std::iter::repeat_n(c, count));
        digits.clear();
    }
    digits.is_empty().then_some(text)
}

fn main() {
    assert_eq!(encode("aaabccd").as_deref(), Some("3ab2cd"));
    assert_eq!(encode("a1"), None);
    assert_eq!(decode("3ab2cd").as_deref(), Some("aaabccd"));
    assert_eq!(decode("12"), None, "a count of nothing");
    let text = "wwwwwwwwwwwwb";
    assert_eq!(decode(&encode(text).expect("no digits")).as_deref(), Some(text));
}
