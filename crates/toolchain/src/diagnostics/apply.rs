//! Suggestions of the compiler applied to sources.
//!
//! A suggestion may have several parts, which belong together: all of them are applied or none. It leaves to others: reading and
//! writing the files.

use std::path::{Path, PathBuf};

use super::{Applicability, Diagnostic};

/// One suggestion: replacements that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The diagnostic's own words, and the suggestion's.
    pub message: String,
    /// The error code or lint, if there is one.
    pub code: Option<String>,
    /// The least sure part's word on how sure the compiler is.
    pub applicability: Applicability,
    /// The replacements.
    pub parts: Vec<Replacement>,
}

/// New text for a stretch of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The file as the compiler was told of it.
    pub file: PathBuf,
    /// First byte that is replaced.
    pub start: usize,
    /// Byte after the last that is replaced.
    pub end: usize,
    /// What is written there.
    pub text: String,
}

/// Every suggestion of a diagnostic and its children, each child one edit. rustc puts alternatives into one child as further
/// replacements of the same place: each of these becomes an edit of its own, and none of them is machine-applicable then.
#[must_use]
pub fn edits_of(diagnostic: &Diagnostic) -> Vec<Edit> {
    let mut edits = Vec::new();
    for child in std::iter::once(diagnostic).chain(&diagnostic.children) {
        let mut parts = Vec::new();
        let mut applicability = Applicability::MachineApplicable;
        for span in &child.spans {
            let (Some(text), Some(sure)) = (&span.suggested_replacement, span.suggestion_applicability) else {
                continue;
            };
            // A place inside a macro's expansion is not where the text stands.
            let sure = if span.in_expansion { Applicability::MaybeIncorrect } else { sure };
            if applicability == Applicability::MachineApplicable {
                applicability = sure;
            }
            parts.push(Replacement {
                file: span.file_name.clone(),
                start: span.byte_start,
                end: span.byte_end,
                text: text.clone(),
            });
        }
        if parts.is_empty() {
            continue;
        }
        let message = if std::ptr::eq(child, diagnostic) {
            diagnostic.message.clone()
        } else {
            format!("{}: {}", diagnostic.message, child.message)
        };
        let edit = |parts, applicability| Edit {
            message: message.clone(),
            code: diagnostic.code.clone(),
            applicability,
            parts,
        };
        if overlap(&parts) {
            edits.extend(parts.into_iter().map(|part| edit(vec![part], Applicability::MaybeIncorrect)));
        } else {
            edits.push(edit(parts, applicability));
        }
    }
    edits
}

/// Whether two parts touch the same place (two insertions at one point do, too).
fn overlap(parts: &[Replacement]) -> bool {
    parts.iter().enumerate().any(|(index, one)| parts[index + 1..].iter().any(|other| collides(one, other)))
}

fn collides(one: &Replacement, other: &Replacement) -> bool {
    one.file == other.file && (one.start < other.end && other.start < one.end || one.start == other.start)
}

/// Applies edits to the text of one file, in order; an edit that collides with one already taken, does not fit the text, or has a part in
/// another file is left out whole. Hands back the new text and the edits that were applied, by their index.
#[must_use]
pub fn apply_edits(file: &Path, text: &str, edits: &[Edit]) -> (String, Vec<usize>) {
    let mut taken: Vec<&Replacement> = Vec::new();
    let mut applied = Vec::new();
    for (index, edit) in edits.iter().enumerate() {
        let fits = |part: &Replacement| part.file == file && text.get(part.start..part.end).is_some();
        // The same correction can hang on two diagnostics: once is enough.
        let known = edit.parts.iter().all(|part| taken.contains(&part));
        if known || !edit.parts.iter().all(|part| fits(part) && !taken.iter().any(|other| collides(part, other))) {
            continue;
        }
        taken.extend(&edit.parts);
        applied.push(index);
    }
    taken.sort_by_key(|part| part.start);
    let mut new = String::with_capacity(text.len());
    let mut copied = 0;
    for part in taken {
        new.push_str(&text[copied..part.start]);
        new.push_str(&part.text);
        copied = part.end;
    }
    new.push_str(&text[copied..]);
    (new, applied)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Edit, Replacement, apply_edits, edits_of};
    use crate::diagnostics::{Applicability, from_rustc};

    fn edit(parts: &[(usize, usize, &str)]) -> Edit {
        let part = |&(start, end, text): &(usize, usize, &str)| Replacement {
            file: "a.rs".into(),
            start,
            end,
            text: text.to_owned(),
        };
        Edit {
            message: String::new(),
            code: None,
            applicability: Applicability::MachineApplicable,
            parts: parts.iter().map(part).collect(),
        }
    }

    fn check(text: &str, edits: &[Edit], expected: &str, expected_applied: &[usize]) {
        let (new, applied) = apply_edits(Path::new("a.rs"), text, edits);
        assert_eq!((new.as_str(), applied.as_slice()), (expected, expected_applied));
    }

    #[test]
    fn edits_are_applied_whole_or_not_at_all() {
        check("abcdef", &[edit(&[(0, 1, "X"), (3, 3, "-")])], "Xbc-def", &[0]);
        check("abcdef", &[edit(&[(2, 4, "")]), edit(&[(3, 5, "Y")]), edit(&[(5, 6, "Z")])], "abeZ", &[0, 2]);
        check("abcdef", &[edit(&[(0, 1, "X")]), edit(&[(0, 1, "X")])], "Xbcdef", &[0]);
        check("abcdef", &[edit(&[(0, 1, "X"), (9, 9, "!")])], "abcdef", &[]);
        check("aé", &[edit(&[(2, 3, "X")])], "aé", &[]);
        check("ab", &[edit(&[(1, 1, "X")]), edit(&[(1, 1, "Y")])], "aXb", &[0]);
    }

    #[test]
    fn rustc_json_becomes_edits() {
        let span = |start, end, text: &str| {
            format!(
                r#"{{"file_name":"a.rs","byte_start":{start},"byte_end":{end},"line_start":1,"line_end":1,"column_start":1,"column_end":2,"is_primary":true,"text":[],"label":null,"suggested_replacement":"{text}","suggestion_applicability":"MachineApplicable","expansion":null}}"#
            )
        };
        let line = format!(
            r#"{{"$message_type":"diagnostic","message":"no","code":{{"code":"E0001","explanation":null}},"level":"error","spans":[],"children":[{{"message":"write","code":null,"level":"help","spans":[{},{}],"children":[],"rendered":null}},{{"message":"or","code":null,"level":"help","spans":[{},{}],"children":[],"rendered":null}}],"rendered":"error"}}"#,
            span(0, 1, "x"),
            span(4, 4, "y"),
            span(2, 3, "p"),
            span(2, 3, "q"),
        );
        let diagnostics = from_rustc(&format!("text\n{line}\n{{\"artifact\":1}}\n"));
        assert_eq!(diagnostics.len(), 1);
        assert_eq!((diagnostics[0].code.as_deref(), diagnostics[0].is_error()), (Some("E0001"), true));
        let edits = edits_of(&diagnostics[0]);
        let shape: Vec<_> =
            edits.iter().map(|edit| (edit.message.as_str(), edit.applicability, edit.parts.len())).collect();
        assert_eq!(
            shape,
            [
                ("no: write", Applicability::MachineApplicable, 2),
                ("no: or", Applicability::MaybeIncorrect, 1),
                ("no: or", Applicability::MaybeIncorrect, 1)
            ]
        );
    }
}
