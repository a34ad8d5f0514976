//! How much of a project's sources a question shows: all of a small one; of a larger one the files that errors name, around the errors,
//! where the function is called in which something is wrong (tests first: they say what it must do), and in outline.
use super::workbench::Stuck;
use crate::prompts::numbered;
use crate::retrieve::tokens;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Lines shown around each line that is wrong.
const MARGIN: usize = 12;
/// Lines shown before and behind a call of what is wrong.
const CALL_MARGIN: usize = 3;
/// Calls of what is wrong that are shown.
const CALLS: usize = 8;
/// Lines of a type shown in an outline.
const TYPE_LINES: usize = 12;

/// The files with their numbered lines, those with errors first, in about `most` tokens.
pub fn shown(stuck: &Stuck<'_>, most: usize) -> String {
    let mut files = ranked(stuck);
    let calls = calls_of(&files);
    // Behind those with errors, in their order, those that call what is wrong.
    let calls_it = |path: &Path| calls.iter().any(|call| call.path == path);
    files.sort_by_key(|(path, _, wrong)| if wrong.is_empty() { 1 + usize::from(!calls_it(path)) } else { 0 });
    let mut left = most;
    let (mut parts, mut unseen) = (Vec::new(), Vec::new());
    for (path, source, wrong) in &files {
        let whole = numbered(source);
        let calls = calls.iter().filter(|call| call.path == *path).map(|call| call.line).collect::<Vec<_>>();
        let is_wrong = !wrong.is_empty();
        let (head, text) = if tokens(&whole) <= left {
            (String::new(), whole)
        } else if is_wrong || parts.is_empty() {
            (" (in part)".to_owned(), around(source, wrong, &calls, left))
        } else {
            (" (in outline)".to_owned(), around(source, &[], &calls, left))
        };
        if text.is_empty() || tokens(&text) > left && !is_wrong && !parts.is_empty() {
            unseen.push(format!("`{}`", path.display()));
            continue;
        }
        left = left.saturating_sub(tokens(&text));
        parts.push(format!("File `{}`{head}:\n{}", path.display(), text.trim_end()));
    }
    if !unseen.is_empty() {
        parts.push(format!("Not shown: {}", unseen.join(", ")));
    }
    parts.join("\n\n")
}

/// Files with primary places, with other places, then the others; with the lines that are wrong, from 1.
fn ranked<'s>(stuck: &Stuck<'s>) -> Vec<(&'s PathBuf, &'s String, Vec<usize>)> {
    let rank = |path: &Path, lines: &[usize]| {
        let primary = stuck.errors.iter().any(|error| error.primary().is_some_and(|at| at.file_name == path));
        if primary { 0 } else { 1 + usize::from(lines.is_empty()) }
    };
    let is_source = |path: &Path| path.extension().is_some_and(|extension| extension == "rs");
    let mut files: Vec<_> = stuck
        .sources
        .iter()
        .filter(|(path, _)| is_source(path))
        .map(|(path, source)| (path, source, lines_of(stuck, path)))
        .collect();
    files.sort_by_key(|(path, _, lines)| rank(path, lines));
    files
}

/// The lines of `path` that the compiler or the tests speak of.
fn lines_of(stuck: &Stuck<'_>, path: &Path) -> Vec<usize> {
    let mut lines = match stuck.tests {
        Some(told) => lines_in(told, path),
        None => Vec::new(),
    };
    let mut left: Vec<_> = stuck.errors.iter().collect();
    while let Some(diagnostic) = left.pop() {
        for span in diagnostic.spans.iter().filter(|span| span.file_name == path) {
            lines.extend([span.line_start, span.line_end]);
        }
        left.extend(&diagnostic.children);
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The lines of `path` that a text speaks of (`--> src/main.rs:3:5`).
fn lines_in(told: &str, path: &Path) -> Vec<usize> {
    let name = format!("{}:", path.display());
    let behind = told.match_indices(&name).map(|(at, _)| &told[at + name.len()..]);
    behind.filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()).collect()
}

/// A line on which the function is called in which something is wrong.
struct Call<'s> {
    path: &'s Path,
    /// From 1.
    line: usize,
}

/// Where the functions with errors are called, those in tests first.
fn calls_of<'s>(files: &[(&'s PathBuf, &'s String, Vec<usize>)]) -> Vec<Call<'s>> {
    let faulty: BTreeSet<&str> = files
        .iter()
        .flat_map(|(_, source, wrong)| wrong.iter().filter_map(|line| function_at(source, *line)))
        .collect();
    let mut calls: Vec<(bool, Call<'s>)> = Vec::new();
    for (path, source, wrong) in files {
        let mut in_test = path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
        for (index, line) in source.lines().enumerate() {
            in_test |= line.contains("#[test]") || line.contains("#[cfg(test)]");
            if !wrong.contains(&(index + 1)) && faulty.iter().any(|name| is_called(line, name)) {
                calls.push((!in_test, Call { path: path.as_path(), line: index + 1 }));
            }
        }
    }
    calls.sort_by_key(|(is_no_test, _)| *is_no_test);
    calls.into_iter().map(|(_, call)| call).take(CALLS).collect()
}

/// The function that a line is in: the nearest head above it that is indented no more.
fn function_at(source: &str, line: usize) -> Option<&str> {
    /// Names that many types have: a call says nothing of whose it is.
    const COMMON: [&str; 10] = ["main", "new", "fmt", "default", "from", "next", "drop", "clone", "eq", "fly"];
    let lines: Vec<&str> = source.lines().take(line).collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(lines.last()?);
    let head = lines.iter().rev().find(|line| indent(line) <= own && name_of_function(line).is_some());
    name_of_function(head?).filter(|name| !COMMON.contains(name))
}

/// The name behind `fn`.
fn name_of_function(line: &str) -> Option<&str> {
    let at = line.find("fn ").filter(|at| *at == 0 || line[..*at].ends_with([' ', '(']))?;
    line[at + 3..].split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| !name.is_empty())
}

/// Whether a line calls a function of that name, and does not declare it.
fn is_called(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&line[..at], &line[at + name.len()..]);
        let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        is_whole && (behind.starts_with('(') || behind.starts_with("::<")) && !before.ends_with("fn ")
    })
}

/// The numbered lines around those that are wrong, then around the calls, and the outline of the rest, as far as `most` tokens reach.
fn around(source: &str, wrong: &[usize], calls: &[usize], most: usize) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let near = |number: usize| wrong.iter().any(|line| number.abs_diff(*line) <= MARGIN);
    let mut keep: Vec<bool> = (1..=lines.len()).map(near).collect();
    let cost = |keep: &[bool]| tokens(&kept(&lines, keep));
    let of_calls = calls.iter().map(|line| line.saturating_sub(CALL_MARGIN + 1)..(line + CALL_MARGIN).min(lines.len()));
    for place in of_calls.chain(outline(&lines)) {
        let mut more = keep.clone();
        more[place].fill(true);
        if cost(&more) <= most {
            keep = more;
        }
    }
    kept(&lines, &keep)
}

fn kept(lines: &[&str], keep: &[bool]) -> String {
    let (mut text, mut gap) = (String::new(), false);
    for (index, line) in lines.iter().enumerate() {
        if keep[index] {
            if gap {
                text.push_str("     | ...\n");
                gap = false;
            }
            text.push_str(&format!("{:>4} | {line}\n", index + 1));
        } else {
            gap = true;
        }
    }
    text
}

/// Where items begin, as indices of lines: imports, heads of functions and blocks, and small types whole.
fn outline(lines: &[&str]) -> Vec<std::ops::Range<usize>> {
    const WORDS: [&str; 11] =
        ["use", "mod", "fn", "struct", "enum", "trait", "impl", "type", "const", "static", "macro_rules!"];
    let mut places = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let mut words = line.split(|c: char| c.is_whitespace() || matches!(c, '(' | '<' | '{' | ':'));
        let word =
            words.find(|word| !matches!(*word, "" | "pub" | "async" | "unsafe" | "default" | "crate)" | "super)"));
        let Some(word) = word.filter(|word| WORDS.contains(word)) else { continue };
        let is_type = matches!(word, "struct" | "enum" | "trait") && line.trim_end().ends_with('{');
        let indent = line.len() - line.trim_start().len();
        let closes =
            |other: &&str| other.trim_start().starts_with('}') && other.len() - other.trim_start().len() == indent;
        let end = if is_type {
            let behind = lines[index + 1..].iter().take(TYPE_LINES).position(closes);
            behind.map_or(index + 1, |at| index + at + 2)
        } else {
            index + 1
        };
        places.push(index..end);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::sources::Sources;

    #[test]
    fn lines_are_read_from_a_text() {
        let told = "thread panicked at src/main.rs:7:18\n --> src/main.rs:2:4\n --> src/lib.rs:9:1\n";
        assert_eq!(lines_in(told, "src/main.rs".as_ref()), [7, 2]);
        assert_eq!(lines_in(told, "src/none.rs".as_ref()), [] as [usize; 0]);
    }

    fn long() -> String {
        let body = |name: &str| {
            let lines: String = (0..60).map(|number| format!("    work({number});\n")).collect();
            format!("pub fn {name}(x: u8) {{\n{lines}}}\n")
        };
        format!("use std::fmt;\n{}pub struct Kept {{\n    field: u8,\n}}\n{}", body("first"), body("second"))
    }

    #[test]
    fn a_long_file_is_shown_around_what_is_wrong_and_in_outline() {
        let text = around(&long(), &[100], &[], 900);
        for line in
            ["   1 | use std::fmt;", "   2 | pub fn first(x: u8) {", "  65 |     field: u8,", "  88 | ", " 112 | "]
        {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("  87 | ") && !text.contains(" 113 | ") && text.contains("     | ...\n"), "{text}");
        assert!(tokens(&text) <= 900);
    }

    #[test]
    fn the_calls_of_what_is_wrong_are_shown_tests_first() {
        let tests =
            format!("use small::second;\n{}#[test]\nfn seconds() {{\n    assert_eq!(second(3), 7);\n}}\n", long());
        let other = format!("fn elsewhere() {{\n    x.second(1);\n    a_second(2);\n}}\n{}", long());
        let sources = Sources::from([
            ("src/lib.rs".into(), long()),
            ("src/other.rs".into(), other),
            ("tests/second.rs".into(), tests.clone()),
        ]);
        let stuck = Stuck { sources: &sources, errors: &[], refused: &[], tests: Some("panicked at src/lib.rs:100:3") };
        let files = ranked(&stuck);
        let calls: Vec<_> = calls_of(&files).iter().map(|call| (call.path.display().to_string(), call.line)).collect();
        let line = tests.lines().position(|line| line.contains("second(3)")).unwrap() + 1;
        assert_eq!(calls, [("tests/second.rs".to_owned(), line), ("src/other.rs".into(), 2)]);
        let text = shown(&stuck, 1_600);
        assert!(text.contains("|     assert_eq!(second(3), 7);") && text.contains("|     x.second(1);"), "{text}");
        assert!(tokens(&text) <= 1_700, "{}", tokens(&text));
        assert_eq!(function_at("fn new() {\n    x\n}\n", 2), None);
        assert_eq!(function_at("impl A {\n    pub fn go(&self) {\n        x\n    }\n}\n", 3), Some("go"));
    }

    #[test]
    fn all_files_of_a_small_project_are_shown_and_what_is_not_is_named() {
        let small = || ("src/a.rs".into(), "fn a() {}\n".to_owned());
        let sources = Sources::from([small(), ("src/b.rs".into(), long()), ("Cargo.toml".into(), "[package]".into())]);
        let stuck = Stuck { sources: &sources, errors: &[], refused: &[], tests: Some("panicked at src/b.rs:100:3") };
        let text = shown(&stuck, 10_000);
        assert!(
            text.starts_with("File `src/b.rs`:\n   1 | use") && text.ends_with("File `src/a.rs`:\n   1 | fn a() {}")
        );
        assert!(!text.contains("[package]"));
        let text = shown(&stuck, 800);
        assert!(text.contains("File `src/b.rs` (in part):\n") && text.contains(" 100 |     work"), "{text}");
        let quiet = Stuck { tests: Some(""), ..stuck };
        assert_eq!(shown(&quiet, 10), "File `src/a.rs`:\n   1 | fn a() {}\n\nNot shown: `src/b.rs`");
    }
}
