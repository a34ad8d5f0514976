//! No edit may delete behaviour to make a program compile: what a source did before it must still do, as far as its text shows.
//!
//! Compared are calls, statements, arms, items, signatures of what others can name, tests and attributes. A name may change only where an
//! error points at it, and something of its kind must stand there afterwards. It leaves to others: whether the program is right.
mod calls;
mod census;
mod pointed;
mod public;
mod refusal;

pub use refusal::{Refusal, Removed};

use super::forbidden;
use super::sources::{Sources, named_by};
use super::syntax::{parse, words};
use census::{Census, Occurrences};
use flightsmith_toolchain::diagnostics::Diagnostic;
use pointed::Pointed;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Words that may not become more: stubs, ends of the program, silence, unchecked code.
const NEVER_MORE: &[&str] =
    &["todo", "unimplemented", "panic", "unreachable", "abort", "exit", "unsafe", "allow", "transmute", "ignore"];

/// Attributes that make the compiler or the test runner look away.
const SILENCERS: &[&str] = &["allow", "expect", "cfg", "cfg_attr", "ignore", "should_panic", "feature"];

/// Why the edit from `before` to `after` must not be made; `errors` are those of `before`.
#[must_use]
pub fn refusal(before: &Sources, after: &Sources, errors: &[Diagnostic]) -> Option<Refusal> {
    let excuse = |old: (&str, &syn::File), new: (&str, &syn::File), pointed: &Pointed| {
        let mut may_change = public::returning(old, new, &|place| pointed.names(place));
        may_change.extend(public::excused(old, new, pointed).into_iter().filter(|name| name.starts_with("fn ")));
        may_change
    };
    compare_but(before, after, &named_by(errors), |file, old| Pointed::at(file, old, errors), excuse)
}

/// As [`refusal`], for an author who names each file that is to be edited: a source that no error names may be edited as well, and as
/// nothing points into it, nothing that it has may go or change there. Of a public item in which the cause is, what [`public`] lists may
/// change; a call that an error says does not exist may be put in other words, a unit exchanged for another of which the errors speak,
/// a name declared as the kind of item that is expected, and an `impl` that may not be left out.
#[must_use]
pub fn refusal_of_named(before: &Sources, after: &Sources, errors: &[Diagnostic]) -> Option<Refusal> {
    let refused = refusal_of_author(before, after, errors)?;
    let without: Sources =
        before.iter().map(|(file, text)| (file.clone(), forbidden::blanked(file, text, errors))).collect();
    if without == *before { Some(refused) } else { refusal_of_author(&without, after, errors) }
}

fn refusal_of_author(before: &Sources, after: &Sources, errors: &[Diagnostic]) -> Option<Refusal> {
    let edited: Vec<&Path> =
        after.iter().filter(|(file, text)| before.get(*file) != Some(*text)).map(|(file, _)| file.as_path()).collect();
    let named = named_by(errors);
    for (file, old) in before.iter().filter(|(file, _)| edited.contains(&file.as_path())) {
        let gone = after.get(file).and_then(|new| public::lost(old, new)).filter(|_| !named.contains(&file.as_path()));
        if let Some(word) = gone {
            return Some(Refusal::Removes { file: file.clone(), what: Removed::Elsewhere(word) });
        }
    }
    let excuse = |old: (&str, &syn::File), new: (&str, &syn::File), pointed: &Pointed| {
        let mut may_change = public::excused(old, new, pointed);
        may_change.extend(public::returning(old, new, &|place| pointed.names(place)));
        may_change
    };
    compare_but(before, after, &edited, |file, old| Pointed::for_author(file, old, errors), excuse)
}

/// Why an edit that is to make tests pass must not be made: it may be anywhere in `files`, and changes no test and nothing public.
#[must_use]
pub fn refusal_in(before: &Sources, after: &Sources, files: &[&Path]) -> Option<Refusal> {
    compare(before, after, files, |_, _| Pointed::anywhere())
}

fn compare(
    before: &Sources,
    after: &Sources,
    named: &[&Path],
    pointed: impl Fn(&Path, &str) -> Pointed,
) -> Option<Refusal> {
    compare_but(before, after, named, pointed, |_, _, _| BTreeSet::new())
}

/// The same, where some public items may change.
fn compare_but(
    before: &Sources,
    after: &Sources,
    named: &[&Path],
    pointed: impl Fn(&Path, &str) -> Pointed,
    excused: impl Fn((&str, &syn::File), (&str, &syn::File), &Pointed) -> BTreeSet<String>,
) -> Option<Refusal> {
    for (file, new) in after {
        let Some(old) = before.get(file) else { return Some(Refusal::NotNamed { file: file.clone() }) };
        if old == new {
            continue;
        }
        let is_source = file.extension().is_some_and(|extension| extension == "rs");
        if !is_source || !named.contains(&file.as_path()) {
            return Some(Refusal::NotNamed { file: file.clone() });
        }
        let pointed = pointed(file, old);
        let found = stubs(file, old, new).or_else(|| match (parse(old), parse(new)) {
            (Some(_), None) => Some(Refusal::NoRust { file: file.clone() }),
            (Some(old_tree), Some(new_tree)) => {
                // Asked only where something public has changed.
                let excused = LazyCell::new(|| excused((old, &old_tree), (new, &new_tree), &pointed));
                let may_change = |name: &str| excused.contains(name);
                trees(file, &Census::of(old, &old_tree), &Census::of(new, &new_tree), &pointed, may_change)
            }
            (None, _) => lost_words(file, old, new, &pointed),
        });
        if found.is_some() {
            return found;
        }
    }
    before.keys().find(|file| !after.contains_key(*file)).map(|file| Refusal::NotNamed { file: file.clone() })
}

fn stubs(file: &Path, old: &str, new: &str) -> Option<Refusal> {
    let (before, after) = (counted(old), counted(new));
    let count = |of: &BTreeMap<&str, usize>, word: &str| of.get(word).copied().unwrap_or_default();
    let more = NEVER_MORE.iter().find(|word| count(&after, word) > count(&before, word))?;
    Some(Refusal::Adds { file: file.to_owned(), what: format!("`{more}`") })
}

fn counted(text: &str) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for word in words(text) {
        *counts.entry(word.text).or_default() += 1;
    }
    counts
}

/// Where the text before was no Rust, only words can be compared: none may go but where an error points.
fn lost_words(file: &Path, old: &str, new: &str, pointed: &Pointed) -> Option<Refusal> {
    let after = counted(new);
    let mut before: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for word in words(old) {
        before.entry(word.text).or_default().push(word.at);
    }
    let (old_total, new_total) = (words(old).len(), words(new).len());
    for (word, places) in before {
        let kept = after.get(word).copied().unwrap_or_default();
        let elsewhere = places.iter().filter(|at| !pointed.touches(&(**at..**at + word.len()))).count();
        if kept < elsewhere {
            return Some(Refusal::Removes { file: file.to_owned(), what: Removed::Word(word.to_owned()) });
        }
    }
    // A word or two may be one too many (`else if` without `if`); a statement is more.
    (new_total + 2 < old_total)
        .then(|| Refusal::Removes { file: file.to_owned(), what: Removed::Words(old_total - new_total) })
}

fn trees(
    file: &Path,
    old: &Census<'_>,
    new: &Census<'_>,
    pointed: &Pointed,
    may_change: impl Fn(&str) -> bool,
) -> Option<Refusal> {
    let removes = |what: Removed| Refusal::Removes { file: file.to_owned(), what };
    if let Some((name, _)) = old.bodies.iter().find(|(name, count)| **count > 0 && new.bodies.get(*name) == Some(&0)) {
        return Some(removes(Removed::Body(name.clone())));
    }
    if let Some(what) = calls::lost(old, new, pointed) {
        return Some(removes(what));
    }
    if let Some(what) = lost_items(&old.items, &new.items, pointed) {
        return Some(removes(what));
    }
    let looped = calls::as_loops(old, new);
    for (deed, places) in &old.deeds {
        let void = match deed.as_str() {
            "statement" => pointed.void.len(),
            "break" | "continue" | "return" => pointed.no_exits,
            "closure" => looped,
            _ => 0,
        };
        if new.deeds.get(deed).map_or(0, Vec::len) + void < places.len() {
            return Some(removes(Removed::Deed(deed.clone())));
        }
    }
    let literals = |census: &Census<'_>| census.literals.values().map(Vec::len).sum::<usize>();
    // One may be an argument that nobody takes; more are what somebody wanted.
    if literals(new) + 1 < literals(old) && literals(new) + calls::spared_zeros(old, new, pointed) < literals(old) {
        return Some(removes(Removed::Values(literals(old) - literals(new))));
    }
    for name in SILENCERS {
        if new.attributes.get(*name).map_or(0, Vec::len) > old.attributes.get(*name).map_or(0, Vec::len) {
            return Some(Refusal::Adds { file: file.to_owned(), what: format!("the attribute `{name}`") });
        }
    }
    for (name, places) in &old.attributes {
        let fewer = new.attributes.get(name).map_or(0, Vec::len) < places.len();
        // What an error says of an item it may say of the attribute before it; a test stays a test.
        let reach = usize::from(name != "test" && name != "cfg");
        if fewer && !places.iter().any(|place| pointed.touches(&(place.start..place.end + reach))) {
            return Some(removes(Removed::Attribute(name.clone())));
        }
    }
    for (name, (place, text)) in &old.public {
        let is_same = new.public.get(name).is_some_and(|(_, other)| other == text);
        let is_other_kind = is_expected_otherwise(name, &old.items, &new.items, pointed);
        if !is_same && !pointed.names(place) && !is_other_kind && !may_change(name) {
            return Some(Refusal::ChangesPublic { file: file.to_owned(), item: name.clone() });
        }
    }
    for (name, (place, text)) in &old.tests {
        let same = new.tests.get(name).is_some_and(|(_, other)| other == text);
        if !same && !pointed.names(place) {
            return Some(Refusal::ChangesTest { file: file.to_owned(), name: name.clone() });
        }
    }
    None
}

/// An item may be renamed or moved where an error points at it; items of its kind do not become fewer.
fn lost_items(old: &Occurrences, new: &Occurrences, pointed: &Pointed) -> Option<Removed> {
    let kind_of = |name: &str| name.rsplit_once(' ').map_or_else(|| name.to_owned(), |(kind, _)| kind.to_owned());
    let of_kind = |of: &Occurrences, kind: &str| -> usize {
        of.iter().filter(|(name, _)| kind_of(name) == kind).map(|(_, places)| places.len()).sum()
    };
    for (name, places) in old {
        let gone = places.len().saturating_sub(new.get(name).map_or(0, Vec::len));
        if gone == 0 {
            continue;
        }
        // Of two items of one name in a trait's implementation, one is no other item: renamed, nobody calls it. An author may know better.
        let is_double = pointed.author.is_none()
            && places.iter().any(|place| pointed.doubled.iter().any(|double| double.contains(&place.start)));
        let pointed_at = places.iter().filter(|place| pointed.touches(place)).count();
        // A constant that becomes a static, or the reverse, has its value still, wherever an error points.
        let is_value = name.starts_with("const ") || name.starts_with("static ");
        let is_pointed_at = gone <= pointed_at || is_value || is_expected_otherwise(name, old, new, pointed);
        if is_pointed_at && !is_double && is_declared_otherwise(name, old, new) {
            continue;
        }
        let kind = kind_of(name);
        if gone > pointed_at || is_double || of_kind(new, &kind) < of_kind(old, &kind) {
            return Some(Removed::Item(name.clone()));
        }
    }
    None
}

/// Whether what was declared under a name is now another kind of item, as an error says is expected; or has the kind of such a name, which
/// has its own: two names stood at each other's places.
fn is_expected_otherwise(name: &str, old: &Occurrences, new: &Occurrences, pointed: &Pointed) -> bool {
    let Some((kind, ident)) = name.split_once(' ') else { return false };
    if new.contains_key(name) || !is_declared_otherwise(name, old, new) {
        return false;
    }
    let is_exchanged = |other: &String| {
        let Some((other_kind, other)) = other.split_once(' ') else { return false };
        let is_now = |kind: &str, ident: &str| new.contains_key(&format!("{kind} {ident}"));
        pointed.says_another_kind(other) && is_now(kind, other) && is_now(other_kind, ident)
    };
    pointed.says_another_kind(ident) || old.keys().any(is_exchanged)
}

/// Whether what was declared under a name still is, as another kind of item; or an `impl` of a type's own is a trait's.
fn is_declared_otherwise(name: &str, old: &Occurrences, new: &Occurrences) -> bool {
    const KINDS: [&str; 5] = ["const", "static", "type", "fn", "trait"];
    let count = |of: &Occurrences, name: &str| of.get(name).map_or(0, Vec::len);
    match name.split_once(' ') {
        None => {
            let both = |of: &Occurrences| count(of, name) + count(of, census::TRAIT_IMPL);
            name == census::OWN_IMPL && both(new) >= both(old)
        }
        Some((kind, ident)) => {
            let all =
                |of: &Occurrences| -> usize { KINDS.iter().map(|kind| count(of, &format!("{kind} {ident}"))).sum() };
            KINDS.contains(&kind) && all(new) >= all(old)
        }
    }
}
