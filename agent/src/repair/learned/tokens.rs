//! A text as a flat row of tokens with their places. It need not be Rust, only look like it.
//!
//! It leaves to others: what the tokens mean.
use std::collections::BTreeSet;
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Word,
    Number,
    Text,
    Sign,
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    pub(super) class: Class,
    pub(super) place: Range<usize>,
    /// The space before it.
    pub(super) space: &'t str,
}

/// The tokens of a text; comments count as space.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut at, mut space_from) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let first = rest.chars().next().unwrap_or(' ');
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            continue;
        }
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (class, length) = one(rest, first);
        found.push(Token { text: &rest[..length], class, place: at..at + length, space: &text[space_from..at] });
        at += length;
        space_from = at;
    }
    found
}

fn one(rest: &str, first: char) -> (Class, usize) {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    if first.is_ascii_digit() {
        let mut length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let fraction = rest[length..].strip_prefix('.').filter(|tail| tail.starts_with(|c: char| c.is_ascii_digit()));
        if let Some(tail) = fraction {
            length += 1 + tail.find(|c: char| !is_word(c)).unwrap_or(tail.len());
        }
        return (Class::Number, length);
    }
    if is_word(first) {
        return (Class::Word, rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()));
    }
    if first == '"' {
        let mut escaped = false;
        for (at, character) in rest.char_indices().skip(1) {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return (Class::Text, at + 1),
                _ => {}
            }
        }
        return (Class::Text, rest.len());
    }
    if first == '\'' {
        let word = 1 + rest[1..].find(|c: char| !is_word(c)).unwrap_or(rest.len() - 1);
        // `'a'` is a character, `'a` a lifetime.
        return if rest[word..].starts_with('\'') { (Class::Text, word + 1) } else { (Class::Word, word.max(1)) };
    }
    (Class::Sign, first.len_utf8())
}

/// The names that texts declare themselves: functions, types, variables. Others come from libraries, and mean the same everywhere.
pub(super) fn declared<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    const BEFORE: &[&str] =
        &["let", "mut", "fn", "struct", "enum", "trait", "const", "static", "mod", "type", "for", "macro_rules"];
    let mut names = BTreeSet::new();
    for text in texts {
        let row = tokens(text);
        for (index, token) in row.iter().enumerate() {
            let before = index.checked_sub(1).map_or("", |before| row[before].text);
            let behind = row.get(index + 1).map_or("", |behind| behind.text);
            let is_parameter = behind == ":" && row.get(index + 2).is_none_or(|next| next.text != ":") && before != ":";
            let is_bound = before == "|" || behind == "|";
            let is_name = token.class == Class::Word && !BEFORE.contains(&token.text);
            if is_name && (BEFORE.contains(&before) || is_parameter || is_bound) {
                names.insert(token.text.to_owned());
            }
        }
    }
    names
}

/// Stretches of tokens that differ: `(before, after)`, in order.
pub(super) fn changed(before: &[Token<'_>], after: &[Token<'_>]) -> Vec<(Range<usize>, Range<usize>)> {
    let same = |one: &Token<'_>, other: &Token<'_>| one.text == other.text;
    let head = before.iter().zip(after).take_while(|(one, other)| same(one, other)).count();
    let rest = before.len().min(after.len()) - head;
    let tail =
        before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(one, other)| same(one, other)).count();
    let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    if old.len() * new.len() > 250_000 {
        return vec![(head..head + old.len(), head..head + new.len())];
    }
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if same(&old[i], &new[j]) {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && same(&old[i], &new[j]) {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let (from_i, from_j) = (i, j);
        while (i < old.len() || j < new.len()) && !(i < old.len() && j < new.len() && same(&old[i], &new[j])) {
            let drop_old = j == new.len() || i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1];
            if drop_old { i += 1 } else { j += 1 }
        }
        found.push((head + from_i..head + i, head + from_j..head + j));
    }
    found
}
