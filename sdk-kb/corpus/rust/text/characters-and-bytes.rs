//! # Characters, bytes and the length of a string
//!
//! - Why is "ü".len() 2?
//! - cannot index into a value of type str (E0277), how do I get the nth character?
//! - reverse a string
//!
//! A `String` is UTF-8: `len` counts bytes, a `char` is one Unicode scalar value of 1 to 4 bytes. There is no `s[i]`: use
//! `chars().nth(i)` (which walks), `bytes` for ASCII protocols, or collect into a `Vec<char>` if you need many indices.
//!
//! Pitfalls:
//! - What a person sees as one character may be several `char`s (letter and combining accent, flags): reversing splits them.

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

fn main() {
    let text = "Zürich";
    assert_eq!((text.len(), text.chars().count()), (7, 6));
    assert_eq!(text.chars().nth(1), Some('ü'));
    assert_eq!(text.as_bytes()[0], b'Z');
    assert_eq!(reversed(text), "hcirüZ");
    assert_eq!(text.chars().last(), Some('h'));

    let places: Vec<(usize, char)> = text.char_indices().take(3).collect();
    assert_eq!(places, [(0, 'Z'), (1, 'ü'), (3, 'r')]);

    let mut letters: Vec<char> = text.chars().collect();
    letters.swap(0, 5);
    assert_eq!(letters.iter().collect::<String>(), "hüricZ");
    assert_eq!("e\u{301}".chars().count(), 2, "one visible letter, two chars");
}
