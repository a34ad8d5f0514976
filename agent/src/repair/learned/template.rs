//! An edit with holes, and the signature of the error that it answers.
//!
//! Names that the program declares itself, numbers and texts are holes; what stands in brackets and is only carried over is one hole. What
//! is left is what the error and its mending have in common everywhere: names of libraries, keywords, signs. It leaves to others: ranking,
//! and where templates are kept.
use super::tokens::{Class, Token, changed, declared, tokens};
use crate::repair::sources::Sources;
use crate::repair::syntax::first_item;
use flightsmith_toolchain::diagnostics::{Diagnostic, Replacement};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// This very token.
    Token(String),
    /// One name, number or text, the same for the same number.
    Hole(usize),
    /// Any tokens up to the bracket that closes, the same for the same number.
    Inside(usize),
}

/// Where an edit begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// So many tokens behind the first of the error's place; before it if negative.
    Start(isize),
    /// So many tokens behind its last.
    End(isize),
    /// As a line of its own before the first item.
    Top,
}

/// Tokens that are replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hunk {
    /// Where.
    pub anchor: Anchor,
    /// What stands there.
    pub old: Vec<Piece>,
    /// What shall stand there, each with the space before it.
    pub new: Vec<(String, Piece)>,
}

/// An edit with holes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The hunks, which belong together.
    pub hunks: Vec<Hunk>,
}

/// Farthest that an edit may begin from the error's place, in tokens.
const REACH: isize = 16;
/// Most tokens of a hunk.
const LONG: usize = 60;
/// Most hunks of a template.
const HUNKS: usize = 3;

/// Words that no learned edit may bring in, into missions or anybody's project: unchecked code, other programs, files, the network, the
/// build machine, silence, stubs.
const NEVER: &[&str] = &[
    "unsafe",
    "extern",
    "asm",
    "global_asm",
    "naked_asm",
    "transmute",
    "process",
    "Command",
    "fs",
    "File",
    "net",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "env",
    "option_env",
    "include",
    "include_str",
    "include_bytes",
    "libc",
    "ffi",
    "ptr",
    "allow",
    "expect_lint",
    "todo",
    "unimplemented",
    "panic",
    "unreachable",
    "exit",
    "abort",
    "static_mut",
    "no_mangle",
    "export_name",
    "link",
    "proc_macro",
    "macro_rules",
    "cfg",
    "build",
    "flightsmith_runner",
    "os",
    "from_raw_parts",
    "from_raw",
    "get_unchecked",
    "unwrap_unchecked",
];

impl Template {
    /// Whether it brings in nothing that is outside the policy. Asked before it is kept and before it is used: a file from another machine may
    /// hold anything.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.hunks.iter().all(|hunk| {
            hunk.new.iter().all(|(space, piece)| {
                let Piece::Token(text) = piece else { return space.trim().is_empty() };
                space.trim().is_empty()
                    && text.len() < 200
                    && (!NEVER.contains(&text.as_str()) || hunk.old.contains(piece))
                    // A sign or word each: nothing is smuggled in as one token.
                    && tokens(text).len() == 1
                    && !text.starts_with('#')
            })
        }) && (1..=HUNKS).contains(&self.hunks.len())
    }
}

/// The first word outside the policy that `after` has more of than `before`.
#[must_use]
pub fn forbidden(before: &Sources, after: &Sources) -> Option<String> {
    let words = |sources: &Sources| -> Vec<String> {
        let all = sources.values().flat_map(|text| tokens(text)).map(|token| token.text);
        all.filter(|word| NEVER.contains(word)).map(str::to_owned).collect()
    };
    let (old, new) = (words(before), words(after));
    let count = |row: &[String], word: &String| row.iter().filter(|other| *other == word).count();
    new.iter().find(|word| count(&new, word) > count(&old, word)).cloned()
}

/// The names that a program declares itself.
#[must_use]
pub fn own_names(sources: &Sources) -> BTreeSet<String> {
    declared(sources.values().map(String::as_str))
}

/// What an error has in common with others of its kind: code, words with the program's own names and all numbers taken out, and what the
/// place is in the syntax. `own` are the program's names ([`own_names`]), which many errors share.
#[must_use]
pub fn signature(sources: &Sources, error: &Diagnostic, own: &BTreeSet<String>) -> Option<String> {
    let primary = error.primary()?;
    let text = sources.get(&primary.file_name)?;
    let place = primary.byte_start..primary.byte_end;
    let mut said = without_names(&error.message, own);
    if !error.message.contains('`') {
        // A message that names nothing ("mismatched types") is told apart by what is said of the place.
        said.push_str(&format!(" ({})", without_names(primary.label.as_deref().unwrap_or_default(), own)));
    }
    let code = error.code.as_deref().unwrap_or("none");
    Some(format!("{code} {said} @{}{}", context(text, &place), pointed_word(text, &place, own)))
}

/// What a signature has in common with others of its kind: without what is said of the place, and without the word that stands there.
#[must_use]
pub fn kind_of(signature: &str) -> String {
    let (said, place) = signature.rsplit_once(" @").unwrap_or((signature, ""));
    let said = if said.contains('`') { said } else { said.split_once(" (").map_or(said, |(said, _)| said) };
    format!("{said} @{}", place.split(' ').take(2).collect::<Vec<_>>().join(" "))
}

/// What is said, with the program's own names and all numbers taken out.
pub(super) fn without_names(said: &str, own: &BTreeSet<String>) -> String {
    let mut plain = String::new();
    for (index, part) in said.split('`').enumerate() {
        if index % 2 == 0 {
            plain.extend(part.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }));
            continue;
        }
        plain.push('`');
        for token in tokens(part) {
            let is_own = token.class == Class::Word && own.contains(token.text);
            let is_hole = is_own || token.class != Class::Word && token.class != Class::Sign;
            plain.push_str(if is_hole { "_" } else { token.text });
        }
        plain.push('`');
    }
    plain
}

/// The single word of somebody else's that a place is: of a call with wrong arguments, which call.
fn pointed_word(text: &str, place: &Range<usize>, own: &BTreeSet<String>) -> String {
    let row = tokens(text);
    let (start, end) = span_of(&row, place);
    match &row[start.min(end)..end] {
        [only] if only.class == Class::Word && !own.contains(only.text) && !is_keyword(only.text) => {
            format!(" {}", only.text)
        }
        _ => String::new(),
    }
}

/// Which signs stand around a place: what it is in the syntax, as far as tokens tell.
fn context(text: &str, place: &Range<usize>) -> String {
    let row = tokens(text);
    let (start, end) = span_of(&row, place);
    let before = start.checked_sub(1).and_then(|at| row.get(at));
    let behind = row.get(end);
    let shown = |token: Option<&Token<'_>>| match token {
        None => "^".to_owned(),
        Some(token) if token.class == Class::Sign || is_keyword(token.text) => token.text.to_owned(),
        Some(_) => "_".to_owned(),
    };
    format!("{} {}", shown(before), shown(behind))
}

fn is_keyword(word: &str) -> bool {
    [
        "let", "mut", "fn", "for", "in", "if", "else", "match", "return", "use", "struct", "enum", "impl", "as",
        "while", "mod",
    ]
    .contains(&word)
}

/// The tokens that a place covers, at least one where there is one.
fn span_of(row: &[Token<'_>], place: &Range<usize>) -> (usize, usize) {
    let start = row.partition_point(|token| token.place.end <= place.start);
    let end = row.partition_point(|token| token.place.start < place.end);
    (start, end.max(start))
}

/// What mended `error` between `before` and `after`; `None` where the change is elsewhere, too large, or made of names of this program alone.
#[must_use]
pub fn learn(before: &Sources, after: &Sources, error: &Diagnostic) -> Option<Template> {
    let primary = error.primary()?;
    let (old, new) = (before.get(&primary.file_name)?, after.get(&primary.file_name)?);
    let own = declared(before.values().map(String::as_str));
    let (old_row, new_row) = (tokens(old), tokens(new));
    let (start, end) = span_of(&old_row, &(primary.byte_start..primary.byte_end));
    let hunks = joined(&old_row, &new_row, changed(&old_row, &new_row));
    let mut holes: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (from, to) in hunks {
        if from.len().max(to.len()) > LONG {
            return None;
        }
        let (old_part, new_part) = (&old_row[from.clone()], &new_row[to]);
        let is_import = old_part.is_empty() && new_part.first().is_some_and(|token| token.text == "use");
        let (to_start, to_end) = (from.start as isize - start as isize, from.start as isize - end as isize);
        let near = to_start.abs().min(to_end.abs()) <= REACH;
        let anchor = match (is_import, near) {
            (true, _) if is_asked_for(new_part, error, old) => Anchor::Top,
            (true, _) | (false, false) => continue,
            (false, true) if to_start.abs() <= to_end.abs() => Anchor::Start(to_start),
            (false, true) => Anchor::End(to_end),
        };
        found.push(abstracted(anchor, old_part, new_part, &own, &mut holes)?);
        if found.len() > HUNKS {
            return None;
        }
    }
    let template = Template { hunks: found };
    (!template.hunks.is_empty() && template.is_allowed()).then_some(template)
}

/// Whether an error is about what an import brings: another error's, mended in the same step, is none of its own.
fn is_asked_for(import: &[Token<'_>], error: &Diagnostic, source: &str) -> bool {
    /// Names that are not found, and methods that no trait in scope has.
    const NOT_FOUND: [&str; 8] = ["E0404", "E0405", "E0412", "E0422", "E0425", "E0432", "E0433", "E0599"];
    if import.iter().any(|token| token.text == "*") {
        return error.code.as_deref().is_some_and(|code| NOT_FOUND.contains(&code));
    }
    let said = error.rendered.as_deref().unwrap_or(&error.message);
    let pointed =
        error.primary().and_then(|primary| source.get(primary.byte_start..primary.byte_end)).unwrap_or_default();
    let ends = |next: Option<&Token<'_>>| next.is_none_or(|next| matches!(next.text, ";" | "," | "}"));
    import.iter().enumerate().any(|(place, token)| {
        let is_name = token.text.starts_with(|c: char| c.is_alphabetic());
        is_name && ends(import.get(place + 1)) && (said.contains(token.text) || pointed.contains(token.text))
    })
}

type Stretch = (Range<usize>, Range<usize>);

/// Changes that lie close together become one, and each is widened until its brackets match.
fn joined(old: &[Token<'_>], new: &[Token<'_>], changes: Vec<Stretch>) -> Vec<Stretch> {
    let mut joined: Vec<Stretch> = Vec::new();
    for (from, to) in changes {
        match joined.last_mut() {
            Some((last_from, last_to))
                if from.start <= last_from.end + 6 && !old[last_from.end..from.start].iter().any(|t| t.text == ";") =>
            {
                last_from.end = from.end;
                last_to.end = to.end;
            }
            _ => joined.push((from, to)),
        }
    }
    for (from, to) in &mut joined {
        // Widened together, so that what is taken in is the same on both sides.
        while depth(&old[from.clone()]) != (0, 0) || depth(&new[to.clone()]) != (0, 0) {
            let ((old_open, old_close), (new_open, new_close)) = (depth(&old[from.clone()]), depth(&new[to.clone()]));
            if (old_open > 0 || new_open > 0) && from.end < old.len() && to.end < new.len() {
                (from.end, to.end) = (from.end + 1, to.end + 1);
            } else if (old_close > 0 || new_close > 0) && from.start > 0 && to.start > 0 {
                (from.start, to.start) = (from.start - 1, to.start - 1);
            } else {
                break;
            }
        }
    }
    joined
}

/// Brackets that are opened and not closed, and closed and not opened.
fn depth(row: &[Token<'_>]) -> (usize, usize) {
    let (mut open, mut close) = (0_usize, 0_usize);
    for token in row {
        match token.text {
            "(" | "[" | "{" => open += 1,
            ")" | "]" | "}" if open > 0 => open -= 1,
            ")" | "]" | "}" => close += 1,
            _ => {}
        }
    }
    (open, close)
}

fn abstracted(
    anchor: Anchor,
    old: &[Token<'_>],
    new: &[Token<'_>],
    own: &BTreeSet<String>,
    holes: &mut BTreeMap<String, usize>,
) -> Option<Hunk> {
    let is_hole = |token: &Token<'_>| match token.class {
        Class::Word => own.contains(token.text),
        Class::Number | Class::Text => true,
        Class::Sign => false,
    };
    let mut old_pieces = Vec::new();
    let mut index = 0;
    // What stands in brackets and stands whole in the new text as well.
    let mut insides: Vec<(Vec<String>, usize)> = Vec::new();
    while index < old.len() {
        let token = &old[index];
        old_pieces.push(piece(token, is_hole(token), holes, true)?);
        index += 1;
        if ["(", "["].contains(&token.text) {
            let inner = matching(old, index);
            let words: Vec<String> = old[index..inner].iter().map(|token| token.text.to_owned()).collect();
            let is_whole =
                !words.is_empty() && new.windows(words.len()).any(|it| it.iter().map(|t| t.text).eq(words.iter()));
            if is_whole {
                let number = numbered(holes, &format!("inside {}", words.join(" ")));
                insides.push((words, number));
                old_pieces.push(Piece::Inside(number));
                index = inner;
            }
        }
    }
    let mut new_pieces = Vec::new();
    let mut index = 0;
    while index < new.len() {
        let token = &new[index];
        let inside = insides.iter().find(|(words, _)| {
            new[index..].iter().map(|token| token.text).take(words.len()).eq(words.iter())
                && index + words.len() <= new.len()
        });
        if let Some((words, number)) = inside {
            new_pieces.push((token.space.to_owned(), Piece::Inside(*number)));
            index += words.len();
            continue;
        }
        // A name or number of this program that was not there before cannot be known elsewhere.
        let piece = piece(token, is_hole(token), holes, false)?;
        new_pieces.push((plain_space(token.space), piece));
        index += 1;
    }
    Some(Hunk { anchor, old: old_pieces, new: new_pieces })
}

/// Space without comments.
fn plain_space(space: &str) -> String {
    if space.trim().is_empty() { space.to_owned() } else { " ".to_owned() }
}

fn piece(token: &Token<'_>, is_hole: bool, holes: &mut BTreeMap<String, usize>, may_be_new: bool) -> Option<Piece> {
    if !is_hole {
        return Some(Piece::Token(token.text.to_owned()));
    }
    match holes.get(token.text) {
        Some(number) => Some(Piece::Hole(*number)),
        None => may_be_new.then(|| Piece::Hole(numbered(holes, token.text))),
    }
}

fn numbered(holes: &mut BTreeMap<String, usize>, name: &str) -> usize {
    let next = holes.len();
    *holes.entry(name.to_owned()).or_insert(next)
}

/// Where the bracket that was opened before `from` closes.
fn matching(row: &[Token<'_>], from: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in row.iter().enumerate().skip(from) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth == 0 => return index,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
    }
    row.len()
}

/// The replacements that `template` makes for `error`; `None` where it does not fit.
#[must_use]
pub fn apply(template: &Template, sources: &Sources, error: &Diagnostic) -> Option<Vec<Replacement>> {
    if !template.is_allowed() {
        return None;
    }
    let primary = error.primary()?;
    let text = sources.get(&primary.file_name)?;
    let row = tokens(text);
    let (start, end) = span_of(&row, &(primary.byte_start..primary.byte_end));
    let mut bound: BTreeMap<usize, Range<usize>> = BTreeMap::new();
    let mut parts = Vec::new();
    for hunk in &template.hunks {
        let base = match hunk.anchor {
            Anchor::Top => {
                let at = first_item(text);
                parts.push(replacement(&primary.file_name, at..at, with_line_end(filled(hunk, text, &bound)?)));
                continue;
            }
            Anchor::Start(by) => start as isize + by,
            Anchor::End(by) => end as isize + by,
        };
        let (from, to) = placed(hunk, &row, text, base, &mut bound)?;
        let place = match (row.get(from), from == to) {
            (Some(first), false) => first.place.start..row[to - 1].place.end,
            // Put in behind the token before, so that its space comes with it.
            (_, true) => {
                let at = from.checked_sub(1).map_or(0, |before| row[before].place.end);
                at..at
            }
            (None, false) => return None,
        };
        let mut new = filled(hunk, text, &bound)?;
        if from != to {
            new = new.trim_start().to_owned();
        }
        parts.push(replacement(&primary.file_name, place, new));
    }
    Some(parts)
}

fn with_line_end(text: String) -> String {
    format!("{}\n", text.trim())
}

/// Where the hunk's old tokens stand: at `base`, or as near to it as can be.
fn placed(
    hunk: &Hunk,
    row: &[Token<'_>],
    text: &str,
    base: isize,
    bound: &mut BTreeMap<usize, Range<usize>>,
) -> Option<(usize, usize)> {
    let mut tries: Vec<isize> = vec![0];
    if !hunk.old.is_empty() {
        tries.extend((1..=REACH).flat_map(|by| [by, -by]));
    }
    for by in tries {
        let Ok(from) = usize::try_from(base + by) else { continue };
        let mut bindings = bound.clone();
        if let Some(to) = matched(&hunk.old, row, text, from, &mut bindings) {
            *bound = bindings;
            return Some((from, to));
        }
    }
    None
}

fn matched(
    old: &[Piece],
    row: &[Token<'_>],
    text: &str,
    from: usize,
    bound: &mut BTreeMap<usize, Range<usize>>,
) -> Option<usize> {
    let mut at = from;
    if at > row.len() {
        return None;
    }
    for piece in old {
        match piece {
            Piece::Token(wanted) => {
                if row.get(at)?.text != wanted {
                    return None;
                }
                at += 1;
            }
            Piece::Hole(number) => {
                let token = row.get(at)?;
                if token.class == Class::Sign || is_keyword(token.text) || !agrees(bound, *number, &token.place, text) {
                    return None;
                }
                at += 1;
            }
            Piece::Inside(number) => {
                let end = matching(row, at);
                if end == at || end > row.len() {
                    return None;
                }
                let place = row[at].place.start..row[end - 1].place.end;
                if !agrees(bound, *number, &place, text) {
                    return None;
                }
                at = end;
            }
        }
    }
    Some(at)
}

fn agrees(bound: &mut BTreeMap<usize, Range<usize>>, number: usize, place: &Range<usize>, text: &str) -> bool {
    let known = bound.entry(number).or_insert_with(|| place.clone());
    text.get(known.clone()) == text.get(place.clone())
}

fn filled(hunk: &Hunk, text: &str, bound: &BTreeMap<usize, Range<usize>>) -> Option<String> {
    let mut new = String::new();
    for (space, piece) in &hunk.new {
        new.push_str(space);
        match piece {
            Piece::Token(token) => new.push_str(token),
            Piece::Hole(number) | Piece::Inside(number) => new.push_str(text.get(bound.get(number)?.clone())?),
        }
    }
    Some(new)
}

fn replacement(file: &Path, place: Range<usize>, text: String) -> Replacement {
    Replacement { file: file.to_owned(), start: place.start, end: place.end, text }
}
