//! A set of files by their path, and edits of it: all parts of an edit are made or none.
//!
//! It leaves to others: which edits to make, and reading and writing files.
use flightsmith_toolchain::diagnostics::{Diagnostic, Replacement};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files that are mended, by the path under which diagnostics name them.
pub type Sources = BTreeMap<PathBuf, String>;

/// A mission's one generated file, as the compiler names it.
pub const MISSION: &str = "src/mission.rs";

/// Lines that were replaced, as a report or a reviewer reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineEdit {
    /// The file.
    pub file: PathBuf,
    /// First line of the text before, from 1.
    pub first_line: usize,
    /// Last line of the text before; `first_line - 1` where lines are put in before it.
    pub last_line: usize,
    /// What these lines held.
    pub old: String,
    /// What they hold now.
    pub new: String,
}

/// `sources` with the replacements made; `None` where one does not fit its file or two touch the same place (the same twice is once).
#[must_use]
pub fn replaced(sources: &Sources, parts: &[Replacement]) -> Option<Sources> {
    let mut sorted: Vec<&Replacement> = parts.iter().collect();
    sorted.sort_by(|one, other| (&one.file, one.start, one.end).cmp(&(&other.file, other.start, other.end)));
    sorted.dedup();
    if sorted.windows(2).any(|pair| collide(pair[0], pair[1])) {
        return None;
    }
    let mut new = sources.clone();
    // From the end, so that places before stay where they are.
    for part in sorted.into_iter().rev() {
        let text = new.get_mut(&part.file)?;
        text.get(part.start..part.end)?;
        text.replace_range(part.start..part.end, &part.text);
    }
    Some(new)
}

/// Whether two replacements touch the same place; two insertions at one point do.
#[must_use]
pub fn collide(one: &Replacement, other: &Replacement) -> bool {
    one.file == other.file
        && (one.start < other.end && other.start < one.end || one.start == other.start || one == other)
}

/// What is different between two sets of files, by lines.
#[must_use]
pub fn line_edits(before: &Sources, after: &Sources) -> Vec<LineEdit> {
    let mut edits = Vec::new();
    for (file, new) in after {
        let old = before.get(file).map_or("", String::as_str);
        edits.extend(super::diff::changed_lines(old, new).into_iter().map(|changed| LineEdit {
            file: file.clone(),
            first_line: changed.old_start + 1,
            last_line: changed.old_end,
            old: lines(old, changed.old_start, changed.old_end),
            new: lines(new, changed.new_start, changed.new_end),
        }));
    }
    edits
}

fn lines(text: &str, start: usize, end: usize) -> String {
    text.split_inclusive('\n').skip(start).take(end - start).collect()
}

/// The files that errors name: no other may be edited.
#[must_use]
pub fn named_by<'a>(errors: impl IntoIterator<Item = &'a Diagnostic>) -> Vec<&'a Path> {
    let mut named = Vec::new();
    let mut left: Vec<&Diagnostic> = errors.into_iter().collect();
    while let Some(diagnostic) = left.pop() {
        named.extend(diagnostic.spans.iter().map(|span| span.file_name.as_path()));
        left.extend(&diagnostic.children);
    }
    named.sort_unstable();
    named.dedup();
    named
}
