//! Plain text: words, lines of a width, columns, and what is said most.
use std::borrow::Cow;
use std::collections::HashMap;

/// A paragraph's lines, borrowed from its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped<'text> {
    lines: Vec<Vec<&'text str>>,
    width: usize,
}

impl<'text> Wrapped<'text> {
    pub fn of(text: &'text str, width: usize) -> Self {
        let mut lines: Vec<Vec<&'text str>> = Vec::new();
        let mut used = 0;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            match lines.last_mut() {
                Some(line) if used + 1 + length <= width => {
                    line.push(word);
                    used += 1 + length;
                }
                _ => {
                    lines.push(vec![word]);
                    used = length;
                }
            }
        }
        Self { lines, width }
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn longest(&self) -> Option<&'text str> {
        self.lines.iter().flatten().copied().max_by_key(|word| word.chars().count())
    }

    pub fn ragged(&self) -> Vec<String> {
        self.lines.iter().map(|line| line.join(" ")).collect()
    }

    pub fn justified(&self) -> Vec<String> {
        let last = self.lines.len().saturating_sub(1);
        let mut out = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.iter().enumerate() {
            if index == last || line.len() == 1 {
                out.push(line.join(" "));
            } else {
                out.push(spread(line, self.width));
            }
        }
        out
    }
}

fn spread(words: &[&str], width: usize) -> String {
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    let gaps = words.len() - 1;
    let spaces = width.saturating_sub(letters).max(gaps);
    let (each, extra) = (spaces / gaps, spaces % gaps);
    let mut line = String::with_capacity(width);
    for (index, word) in words.iter().enumerate() {
        line.push_str(word);
        if index < gaps {
            let wide = each + usize::from(index < extra);
            line.push_str(&" ".repeat(wide));
        }
    }
    line
}

/// The part of `text` between the first `open` and the `close` behind it.
pub fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let start = text.find(open)? + open.len();
    let end = text[start..].find(close)? + start;
    Some(&text[start..end])
}

/// `text` with tabs as spaces; borrowed where it has none.
pub fn without_tabs(text: &str, width: usize) -> Cow<'_, str> {
    if !text.contains('\t') {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut column = 0;
    for c in text.chars() {
        if c == '\t' {
            let wide = width - column % width;
            out.push_str(&" ".repeat(wide));
            column += wide;
        } else {
            out.push(c);
            column = if c == '\n' { 0 } else { column + 1 };
        }
    }
    Cow::Owned(out)
}

/// The `count` commonest words in small letters, most often first, then by the alphabet.
pub fn commonest(text: &str, count: usize) -> Vec<(String, usize)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *seen.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    let mut words: Vec<(String, usize)> = seen.into_iter().collect();
    words.sort_by(|(one, often), (other, other_often)| other_often.cmp(often).then_with(|| one.cmp(other)));
    words.truncate(count);
    words
}

#[cfg(test)]
mod tests;
