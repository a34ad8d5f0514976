//! # Cut a string without panicking
//!
//! - byte index is not a char boundary
//! - truncate a string to at most n characters or n bytes
//! - get a substring in Rust
//!
//! `&s[a..b]` takes byte positions and panics inside a character or past the end. `get(a..b)` gives `None` instead. Positions that
//! come from `find`, `char_indices` or `split_once` are always good ones.
//!
//! Pitfalls:
//! - Never slice text from outside by a constant number of bytes.

fn first_chars(text: &str, count: usize) -> &str {
    match text.char_indices().nth(count) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// The longest beginning of at most `limit` bytes.
fn first_bytes(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn after<'a>(text: &'a str, marker: &str) -> Option<&'a str> {
    let start = text.find(marker)? + marker.len();
    text.get(start..)
}

fn main() {
    assert_eq!(first_chars("Höhenmesser", 3), "Höh");
    assert_eq!(first_chars("ab", 9), "ab");
    assert_eq!(first_bytes("Höhe", 2), "H");
    assert_eq!(first_bytes("Höhe", 3), "Hö");
    assert_eq!("Höhe".get(0..2), None);
    assert_eq!(after("alt=12", "alt="), Some("12"));
    assert_eq!(after("speed=3", "alt="), None);
}
