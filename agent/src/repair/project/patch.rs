//! A unified diff read, and applied to texts.
//!
//! It leaves to others: where files are.
use std::path::PathBuf;

/// What a diff does to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePatch {
    /// The file, below the folder that the diff is of.
    pub path: PathBuf,
    hunks: Vec<Hunk>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Hunk {
    old: Vec<String>,
    new: Vec<String>,
    old_start: usize,
    new_start: usize,
}

/// Why a text is no diff that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// There is nothing in it.
    #[error("it changes no file")]
    Empty,
    /// A line is not what stands in a diff.
    #[error("line {line} is none of a unified diff")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// A file leaves the folder.
    #[error("{path} is not below the folder")]
    Outside {
        /// The path.
        path: PathBuf,
    },
}

/// Reads a unified diff, as `diff -u` and `git diff` write it; files that come or go are passed over.
///
/// # Errors
/// See [`PatchError`].
pub fn read(text: &str) -> Result<Vec<FilePatch>, PatchError> {
    let mut patches: Vec<FilePatch> = Vec::new();
    let (mut old_left, mut new_left) = (0, 0);
    for (index, line) in text.lines().enumerate() {
        if old_left == 0 && new_left == 0 {
            if let Some(name) = line.strip_prefix("+++ ") {
                patches.extend(named(name)?);
            } else if line.starts_with("@@ ") {
                let (old, new) = header(line).ok_or(PatchError::Line { line: index + 1 })?;
                (old_left, new_left) = (old.1, new.1);
                let hunk = Hunk { old_start: old.0, new_start: new.0, ..Hunk::default() };
                patches.last_mut().ok_or(PatchError::Line { line: index + 1 })?.hunks.push(hunk);
            }
            continue;
        }
        let hunk = patches.last_mut().and_then(|patch| patch.hunks.last_mut());
        let Some(hunk) = hunk else { return Err(PatchError::Line { line: index + 1 }) };
        let (sign, rest) = line.split_at(line.len().min(1));
        match sign {
            " " | "" if old_left > 0 && new_left > 0 => {
                hunk.old.push(rest.to_owned());
                hunk.new.push(rest.to_owned());
                (old_left, new_left) = (old_left - 1, new_left - 1);
            }
            "-" if old_left > 0 => {
                hunk.old.push(rest.to_owned());
                old_left -= 1;
            }
            "+" if new_left > 0 => {
                hunk.new.push(rest.to_owned());
                new_left -= 1;
            }
            "\\" => {}
            _ => return Err(PatchError::Line { line: index + 1 }),
        }
    }
    if patches.iter().all(|patch| patch.hunks.is_empty()) { Err(PatchError::Empty) } else { Ok(patches) }
}

fn named(name: &str) -> Result<Option<FilePatch>, PatchError> {
    let name = name.split('\t').next().unwrap_or(name).trim();
    if name == "/dev/null" {
        return Ok(None);
    }
    let path = PathBuf::from(name.strip_prefix("b/").unwrap_or(name));
    let plain = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if plain { Ok(Some(FilePatch { path, hunks: Vec::new() })) } else { Err(PatchError::Outside { path }) }
}

/// First line and count of both sides.
fn header(line: &str) -> Option<((usize, usize), (usize, usize))> {
    let mut words = line.strip_prefix("@@ ")?.split(' ');
    let mut side = |sign: char| {
        let word = words.next()?.strip_prefix(sign)?;
        let (start, count) = word.split_once(',').unwrap_or((word, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    Some((side('-')?, side('+')?))
}

impl FilePatch {
    /// Before and after, whichever of them `text` is; `None` where it is neither.
    #[must_use]
    pub fn sides(&self, text: &str) -> Option<(String, String)> {
        let forward = |hunk: &Hunk| (hunk.old_start, hunk.old.clone(), hunk.new.clone());
        let backward = |hunk: &Hunk| (hunk.new_start, hunk.new.clone(), hunk.old.clone());
        if let Some(after) = changed(text, self.hunks.iter().map(forward)) {
            return Some((text.to_owned(), after));
        }
        changed(text, self.hunks.iter().map(backward)).map(|before| (before, text.to_owned()))
    }
}

fn changed(text: &str, hunks: impl Iterator<Item = (usize, Vec<String>, Vec<String>)>) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut new: Vec<&str> = Vec::new();
    let hunks: Vec<_> = hunks.collect();
    let mut at = 0;
    for (start, from, to) in &hunks {
        let start = if from.is_empty() { *start } else { start.checked_sub(1)? };
        if start < at || lines.get(start..start + from.len())? != from.as_slice() {
            return None;
        }
        new.extend(&lines[at..start]);
        new.extend(to.iter().map(String::as_str));
        at = start + from.len();
    }
    new.extend(&lines[at..]);
    Some(new.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::project::unified_diff;

    #[test]
    fn a_diff_is_read_from_either_side() {
        let before: String = (1..=30).map(|number| format!("line {number}\n")).collect();
        let after =
            before.replace("line 3\n", "three\n").replace("line 20\n", "").replace("line 30\n", "line 30\nmore\n");
        let diff = unified_diff("src/lib.rs".as_ref(), &before, &after);
        let patches = read(&diff).unwrap();
        assert_eq!(patches[0].path, PathBuf::from("src/lib.rs"));
        let both = Some((before.clone(), after.clone()));
        assert_eq!((patches[0].sides(&before), patches[0].sides(&after)), (both.clone(), both));
        assert_eq!(patches[0].sides("something else\n"), None);
    }

    #[test]
    fn what_is_no_diff_is_refused() {
        assert_eq!(read("hello\n"), Err(PatchError::Empty));
        assert_eq!(read("+++ b/a.rs\n@@ -1 +1 @@\nx\n"), Err(PatchError::Line { line: 3 }));
        assert_eq!(read("@@ -1 +1 @@\n-a\n+b\n"), Err(PatchError::Line { line: 1 }));
        let path = PathBuf::from("../../etc/passwd");
        assert_eq!(read("+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n"), Err(PatchError::Outside { path }));
    }
}
