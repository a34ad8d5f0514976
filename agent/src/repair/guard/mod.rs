//! No edit may delete behaviour to make a program compile: what a source did before it must still do, as far as its text shows.
//!
//! Compared are calls, statements, arms, items, signatures of what others can name, tests and attributes. A name may change only where an
//! error points at it, and something of its kind must stand there afterwards. It leaves to others: whether the program is right.
mod census;
mod public;

use super::sources::{Sources, named_by};
use super::syntax::{parse, words};
use census::{Census, Occurrences};
use flightsmith_toolchain::diagnostics::Diagnostic;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Why an edit is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No error names the file, or it is no Rust source.
    #[error("{file} is named by no error")]
    NotNamed {
        /// The file.
        file: PathBuf,
    },
    /// It was Rust and is none any more.
    #[error("{file} is no longer Rust")]
    NoRust {
        /// The file.
        file: PathBuf,
    },
    /// Something that the source did or had is gone.
    #[error("{file}: it removes {what}")]
    Removes {
        /// The file.
        file: PathBuf,
        /// What.
        what: String,
    },
    /// Something that stands in for a solution, or silences the compiler, was put in.
    #[error("{file}: it adds {what}")]
    Adds {
        /// The file.
        file: PathBuf,
        /// What.
        what: String,
    },
    /// What others can name, or a test, is changed, and no error points there.
    #[error("{file}: it changes {what}")]
    Changes {
        /// The file.
        file: PathBuf,
        /// What.
        what: String,
    },
}

/// Words that may not become more: stubs, ends of the program, silence, unchecked code.
const NEVER_MORE: &[&str] =
    &["todo", "unimplemented", "panic", "unreachable", "abort", "exit", "unsafe", "allow", "transmute", "ignore"];

/// Calls that change how a value is held or wrapped, not what the program does.
const NEUTRAL: &[&str] = &[
    "clone",
    "cloned",
    "copied",
    "into",
    "from",
    "as_ref",
    "as_mut",
    "as_deref",
    "as_str",
    "as_slice",
    "to_owned",
    "to_string",
    "to_vec",
    "iter",
    "into_iter",
    "iter_mut",
    "borrow",
    "borrow_mut",
    "deref",
    "Some",
    "Ok",
    "Err",
    "new",
    "Box",
    "await",
    "collect",
    "unwrap_or_default",
    "drop",
];

/// Attributes that make the compiler or the test runner look away.
const SILENCERS: &[&str] = &["allow", "expect", "cfg", "cfg_attr", "ignore", "should_panic", "feature"];

/// Why the edit from `before` to `after` must not be made; `errors` are those of `before`.
#[must_use]
pub fn refusal(before: &Sources, after: &Sources, errors: &[Diagnostic]) -> Option<Refusal> {
    let excuse = |old: (&str, &syn::File), new: (&str, &syn::File), pointed: &Pointed| {
        public::returning(old, new, &|place| pointed.names(place))
    };
    compare_but(before, after, &named_by(errors), |file, old| Pointed::at(file, old, errors), excuse)
}

/// As [`refusal`], for who names each file that is to be edited: a source that no error names may be edited as well, and as nothing
/// points into it, nothing that it has may go or change there. Of a public item in which the cause is, what [`public`] lists may change.
#[must_use]
pub fn refusal_of_named(before: &Sources, after: &Sources, errors: &[Diagnostic]) -> Option<Refusal> {
    let edited: Vec<&Path> =
        after.iter().filter(|(file, text)| before.get(*file) != Some(*text)).map(|(file, _)| file.as_path()).collect();
    let named = named_by(errors);
    for (file, old) in before.iter().filter(|(file, _)| edited.contains(&file.as_path())) {
        let gone = after.get(file).and_then(|new| public::lost(old, new)).filter(|_| !named.contains(&file.as_path()));
        if let Some(word) = gone {
            return Some(Refusal::Removes {
                file: file.clone(),
                what: format!("`{word}`, and no error names the file"),
            });
        }
    }
    let texts: Vec<&str> = errors.iter().map(|error| error.rendered.as_deref().unwrap_or(&error.message)).collect();
    let told = public::told(&texts);
    let excuse = |old: (&str, &syn::File), new: (&str, &syn::File), pointed: &Pointed| {
        let mut may_change = public::excused(old, new, &|place| pointed.touches(place), &told);
        may_change.extend(public::returning(old, new, &|place| pointed.names(place)));
        may_change
    };
    compare_but(before, after, &edited, |file, old| Pointed::at(file, old, errors), excuse)
}

/// Why an edit that is to make tests pass must not be made: it may be anywhere in `files`, and changes no test and nothing public.
#[must_use]
pub fn refusal_in(before: &Sources, after: &Sources, files: &[&Path]) -> Option<Refusal> {
    compare(before, after, files, |_, _| Pointed {
        places: Vec::new(),
        errors: Vec::new(),
        void: Vec::new(),
        no_calls: 0,
        no_exits: 0,
        doubled: Vec::new(),
        anywhere: true,
    })
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

/// The lines of a file that errors point at, as bytes.
struct Pointed {
    places: Vec<Range<usize>>,
    /// The places of the errors themselves, without those of notes and suggestions.
    errors: Vec<Range<usize>>,
    /// Calls of what the SDK does not have: they did nothing, so that nothing is lost with them.
    void: Vec<Range<usize>>,
    /// How many calls call what cannot be called.
    no_calls: usize,
    /// How many ways out (`break`, `return`) leave nothing: outside a loop or a function.
    no_exits: usize,
    /// Where an implementation of a trait has an item twice.
    doubled: Vec<Range<usize>>,
    /// No error tells where, so that it may be anywhere.
    anywhere: bool,
}

impl Pointed {
    fn at(file: &Path, text: &str, errors: &[Diagnostic]) -> Self {
        let (mut places, mut void) = (Vec::new(), Vec::new());
        let mut left: Vec<&Diagnostic> = errors.iter().collect();
        while let Some(error) = left.pop() {
            for span in error.spans.iter().filter(|span| span.file_name == file) {
                let start = text.get(..span.byte_start).map_or(0, |head| head.rfind('\n').map_or(0, |at| at + 1));
                let tail = text.get(span.byte_end..).unwrap_or_default();
                let end = span.byte_end + tail.find('\n').unwrap_or(tail.len());
                places.push(start..end);
                if span.label.as_deref().is_some_and(|label| label.contains("not a call of this SDK")) {
                    void.push(span.byte_start..span.byte_end);
                }
            }
            left.extend(&error.children);
        }
        let of = |codes: &[&str], primary: bool| -> Vec<Range<usize>> {
            let coded = errors.iter().filter(|error| error.code.as_deref().is_some_and(|code| codes.contains(&code)));
            let spans = coded.flat_map(|error| &error.spans).filter(|span| span.file_name == file);
            let spans = spans.filter(|span| span.is_primary || !primary);
            spans.map(|span| span.byte_start..span.byte_end).collect()
        };
        let (no_calls, no_exits) = (of(&["E0618"], true).len(), of(&["E0267", "E0268", "E0572"], true).len());
        let doubled = of(&["E0201"], false);
        let own = errors.iter().flat_map(|error| &error.spans).filter(|span| span.file_name == file);
        let errors = own.map(|span| span.byte_start..span.byte_end).collect();
        Self { places, errors, void, no_calls, no_exits, doubled, anywhere: false }
    }

    fn touches(&self, place: &Range<usize>) -> bool {
        self.anywhere || self.places.iter().any(|pointed| pointed.start <= place.end && place.start <= pointed.end)
    }

    /// Whether an error itself is there, and not only could be, or is advised to be mended there.
    fn names(&self, place: &Range<usize>) -> bool {
        self.errors.iter().any(|pointed| pointed.start < place.end && place.start < pointed.end)
    }
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
            return Some(Refusal::Removes { file: file.to_owned(), what: format!("`{word}`") });
        }
    }
    // A word or two may be one too many (`else if` without `if`); a statement is more.
    (new_total + 2 < old_total)
        .then(|| Refusal::Removes { file: file.to_owned(), what: format!("{} words", old_total - new_total) })
}

fn trees(
    file: &Path,
    old: &Census<'_>,
    new: &Census<'_>,
    pointed: &Pointed,
    may_change: impl Fn(&str) -> bool,
) -> Option<Refusal> {
    let removes = |what: String| Refusal::Removes { file: file.to_owned(), what };
    if let Some((name, _)) = old.bodies.iter().find(|(name, count)| **count > 0 && new.bodies.get(*name) == Some(&0)) {
        return Some(removes(format!("the body of `{name}`")));
    }
    if let Some(what) = lost_calls(&old.calls, &new.calls, pointed, as_loops(old, new)) {
        return Some(removes(what));
    }
    if let Some(what) = lost_items(&old.items, &new.items, pointed) {
        return Some(removes(what));
    }
    let looped = as_loops(old, new);
    for (deed, places) in &old.deeds {
        let void = match deed.as_str() {
            "statement" => pointed.void.len(),
            "break" | "continue" | "return" => pointed.no_exits,
            "closure" => looped,
            _ => 0,
        };
        if new.deeds.get(deed).map_or(0, Vec::len) + void < places.len() {
            return Some(removes(format!("a {deed}")));
        }
    }
    let literals = |census: &Census<'_>| census.literals.values().map(Vec::len).sum::<usize>();
    // One may be an argument that nobody takes; more are what somebody wanted.
    if literals(new) + 1 < literals(old) {
        return Some(removes(format!("{} values", literals(old) - literals(new))));
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
            return Some(removes(format!("the attribute `{name}`")));
        }
    }
    let changes = |what: String| Some(Refusal::Changes { file: file.to_owned(), what });
    for (name, (place, text)) in &old.public {
        let is_same = new.public.get(name).is_some_and(|(_, other)| other == text);
        if !is_same && !pointed.names(place) && !may_change(name) {
            return changes(format!("the public `{name}`"));
        }
    }
    for (name, (place, text)) in &old.tests {
        let same = new.tests.get(name).is_some_and(|(_, other)| other == text);
        if !same && !pointed.names(place) {
            return changes(format!("the test `{name}`"));
        }
    }
    None
}

/// How many closures given to `for_each` became loops, which do the same.
fn as_loops(old: &Census<'_>, new: &Census<'_>) -> usize {
    let more = |of: &Occurrences, than: &Occurrences, name: &str| {
        of.get(name).map_or(0, Vec::len).saturating_sub(than.get(name).map_or(0, Vec::len))
    };
    more(&new.deeds, &old.deeds, "loop").min(more(&old.calls, &new.calls, "for_each"))
}

/// A call may be replaced where an error points at it; what is called altogether does not become less.
fn lost_calls(old: &Occurrences, new: &Occurrences, pointed: &Pointed, looped: usize) -> Option<String> {
    let is_neutral = |name: &str| NEUTRAL.contains(&name);
    for (name, places) in old.iter().filter(|(name, _)| !is_neutral(name)) {
        let gone = places.len().saturating_sub(new.get(name).map_or(0, Vec::len));
        let pointed_at = places.iter().filter(|place| pointed.touches(place)).count();
        if gone > pointed_at {
            return Some(format!("a call of `{name}`"));
        }
    }
    let total = |of: &Occurrences| -> usize {
        of.iter().filter(|(name, _)| !is_neutral(name)).map(|(_, places)| places.len()).sum()
    };
    let before = total(old).saturating_sub(pointed.void.len() + pointed.no_calls + looped);
    let after = total(new) + usize::from(old.keys().any(|name| misspelled(name, old, new)));
    // A field taken for a method, or a constructor written as a literal, is a call less: only where an error points at a call.
    (after < before).then(|| {
        let names: BTreeSet<&str> = old.keys().filter(|name| !new.contains_key(*name)).map(String::as_str).collect();
        names.into_iter().next().map_or_else(|| "a call".to_owned(), |name| format!("a call of `{name}`"))
    })
}

/// Whether calls of `name` became calls of a neutral name that begins it: `iterator` was `iter` misspelled, and did nothing else.
fn misspelled(name: &str, old: &Occurrences, new: &Occurrences) -> bool {
    let count = |of: &Occurrences, name: &str| of.get(name).map_or(0, Vec::len);
    let became =
        |neutral: &str| neutral.len() > 3 && name.starts_with(neutral) && count(new, neutral) > count(old, neutral);
    !NEUTRAL.contains(&name) && count(new, name) < count(old, name) && NEUTRAL.iter().any(|neutral| became(neutral))
}

/// An item may be renamed or moved where an error points at it; items of its kind do not become fewer.
fn lost_items(old: &Occurrences, new: &Occurrences, pointed: &Pointed) -> Option<String> {
    let kind_of = |name: &str| name.rsplit_once(' ').map_or_else(|| name.to_owned(), |(kind, _)| kind.to_owned());
    let of_kind = |of: &Occurrences, kind: &str| -> usize {
        of.iter().filter(|(name, _)| kind_of(name) == kind).map(|(_, places)| places.len()).sum()
    };
    for (name, places) in old {
        let gone = places.len().saturating_sub(new.get(name).map_or(0, Vec::len));
        if gone == 0 {
            continue;
        }
        // Of two items of one name in a trait's implementation, one is no other item: renamed, nobody calls it.
        let is_double = places.iter().any(|place| pointed.doubled.iter().any(|double| double.contains(&place.start)));
        let pointed_at = places.iter().filter(|place| pointed.touches(place)).count();
        // A constant that becomes a static, or the reverse, has its value still, wherever an error points.
        let is_value = name.starts_with("const ") || name.starts_with("static ");
        if (gone <= pointed_at || is_value) && !is_double && is_declared_otherwise(name, old, new) {
            continue;
        }
        let kind = kind_of(name);
        if gone > pointed_at || is_double || of_kind(new, &kind) < of_kind(old, &kind) {
            return Some(format!("`{name}`"));
        }
    }
    None
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
