//! Text of `[section]` and `key = value` lines.
use std::collections::HashMap;
use std::error::Error;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub line: usize,
    pub text: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: `{}` is neither a section nor a setting", self.line, self.text)
    }
}

impl Error for SyntaxError {}

/// A document that borrows its text.
#[derive(Debug, Clone, Default)]
pub struct Document<'text> {
    sections: HashMap<&'text str, Vec<(&'text str, &'text str)>>,
}

impl<'text> Document<'text> {
    pub fn read(text: &'text str) -> Result<Self, SyntaxError> {
        let mut document = Document::default();
        let mut section = "";
        for (index, line) in text.lines().enumerate() {
            let line = without_comment(line).trim();
            if line.is_empty() {
                continue;
            }
            let fault = || SyntaxError { line: index + 1, text: line.to_string() };
            if let Some(rest) = line.strip_prefix('[') {
                section = rest.strip_suffix(']').ok_or_else(fault)?;
                document.sections.entry(section).or_default();
            } else {
                let (key, value) = line.split_once('=').ok_or_else(fault)?;
                document.sections.entry(section).or_default().push((key.trim(), value.trim()));
            }
        }
        Ok(document)
    }

    /// The last value of a key: later lines win.
    pub fn get(&self, section: &str, key: &str) -> Option<&'text str> {
        let settings = self.sections.get(section)?;
        settings.iter().rev().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }

    pub fn all<'a>(&'a self, section: &str, key: &'a str) -> impl Iterator<Item = &'text str> + 'a {
        let settings = self.sections.get(section).map_or(&[][..], Vec::as_slice);
        settings.iter().filter(move |(known, _)| *known == key).map(|(_, value)| *value)
    }

    pub fn sections(&self) -> Vec<&'text str> {
        let mut names: Vec<&'text str> = self.sections.keys().copied().collect();
        names.sort_unstable();
        names
    }
}

fn without_comment(line: &str) -> &str {
    match line.find('#') {
        Some(at) => &line[..at],
        None => line,
    }
}
