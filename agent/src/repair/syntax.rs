//! Sources as syntax trees, with places as bytes of the text, and reading of words where a text is no Rust.
//!
//! It leaves to others: what to make of it.
use proc_macro2::Span;
use std::ops::Range;

/// Deepest brackets, and longest run of operators, that are parsed: more would overflow the parser's stack.
const MAX_NESTING: usize = 64;

/// The tree of a text; `None` for what is no Rust, or nested too deep.
#[must_use]
pub fn parse(text: &str) -> Option<syn::File> {
    if !is_shallow(text) {
        return None;
    }
    syn::parse_file(text).ok()
}

/// Where a text's first item may stand: behind inner documentation and attributes.
pub fn first_item(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        if !(bare.is_empty() || bare.starts_with("//!") || bare.starts_with("#![")) {
            break;
        }
        at += line.len();
    }
    at
}

fn is_shallow(text: &str) -> bool {
    let (mut depth, mut operators) = (0_usize, 0_usize);
    for character in text.chars() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        operators = if "&*-!|<".contains(character) { operators + 1 } else { 0 };
        // A line of dashes in a comment is no operator chain, but a text with one of 4,000 can wait for a person.
        if depth > MAX_NESTING || operators > 4_000 {
            return false;
        }
    }
    true
}

/// Which bytes of the text a piece of its tree covers.
#[must_use]
pub fn bytes(span: Span) -> Range<usize> {
    span.byte_range()
}

/// A word of a text and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The identifier, keyword or number.
    pub text: &'a str,
    /// Its first byte.
    pub at: usize,
}

/// The identifiers, keywords and numbers of a text that may be no Rust; comments and strings are passed over as well as can be told.
#[must_use]
pub fn words(text: &str) -> Vec<Word<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if rest.starts_with('"') {
            at += string_length(rest);
        } else if bytes[at] == b'_' || bytes[at].is_ascii_alphanumeric() || bytes[at] >= 0x80 {
            let length = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
            if length > 0 {
                found.push(Word { text: &rest[..length], at });
            }
            at += length.max(rest.chars().next().map_or(1, char::len_utf8));
        } else {
            at += 1;
        }
    }
    found
}

/// The length of the string literal that `text` begins with, its quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}
