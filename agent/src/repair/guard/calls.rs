//! Calls that an edit takes away: which may go, and what may stand in their place.
//!
//! It leaves to others: all else that a source does.
use super::census::{Census, Occurrences};
use super::pointed::Pointed;
use super::refusal::Removed;
use crate::repair::diff::changed_lines;
use std::ops::Range;

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

/// The units and directions that the SDK puts around numbers, and those of other libraries that are taken for its own.
const WRAPPERS: &[&str] = &[
    "Metres",
    "MetresPerSecond",
    "Seconds",
    "Degrees",
    "DegreesPerSecond",
    "Percent",
    "AboveHome",
    "Amsl",
    "North",
    "East",
    "Up",
    "Forward",
    "Right",
    "Latitude",
    "Longitude",
    "Feet",
    "Knots",
    "Kilometres",
    "Kilometers",
    "KilometresPerHour",
    "KilometersPerHour",
    "Milliseconds",
    "Minutes",
    "Radians",
];

/// How many closures given to `for_each` became loops, which do the same.
pub(super) fn as_loops(old: &Census<'_>, new: &Census<'_>) -> usize {
    let more = |of: &Occurrences, than: &Occurrences, name: &str| {
        of.get(name).map_or(0, Vec::len).saturating_sub(than.get(name).map_or(0, Vec::len))
    };
    more(&new.deeds, &old.deeds, "loop").min(more(&old.calls, &new.calls, "for_each"))
}

/// A call may be replaced where an error points at it; what is called altogether does not become less.
pub(super) fn lost(old: &Census<'_>, new: &Census<'_>, pointed: &Pointed) -> Option<Removed> {
    let (before, after) = (&old.calls, &new.calls);
    for (name, places) in before.iter().filter(|(name, _)| !is_neutral(name)) {
        let gone = places.len().saturating_sub(count(after, name));
        let pointed_at = places.iter().filter(|place| pointed.touches(place)).count();
        if gone > pointed_at && !is_exchanged(name, before, after, pointed) {
            return Some(Removed::Call(Some(name.clone())));
        }
    }
    // A wrapper around a number is no deed: who is told of it may put another there, or none.
    let is_counted = |name: &str| !is_neutral(name) && (pointed.author.is_none() || !WRAPPERS.contains(&name));
    let total = |of: &Occurrences| -> usize {
        of.iter().filter(|(name, _)| is_counted(name)).map(|(_, places)| places.len()).sum()
    };
    let excused = pointed.void.len() + pointed.no_calls + as_loops(old, new);
    let instead = usize::from(before.keys().any(|name| misspelled(name, before, after)));
    // A field taken for a method, or a constructor written as a literal, is a call less: only where an error points at a call.
    let is_less = total(after) + instead + spelt_otherwise(old, new, pointed) < total(before).saturating_sub(excused);
    is_less.then(|| Removed::Call(before.keys().find(|name| is_counted(name) && !after.contains_key(*name)).cloned()))
}

fn is_neutral(name: &str) -> bool {
    NEUTRAL.contains(&name)
}

fn count(of: &Occurrences, name: &str) -> usize {
    of.get(name).map_or(0, Vec::len)
}

/// Whether a wrapper around a number became another one, and the errors speak of both.
fn is_exchanged(name: &str, old: &Occurrences, new: &Occurrences, pointed: &Pointed) -> bool {
    let all = |of: &Occurrences| -> usize { WRAPPERS.iter().map(|wrapper| count(of, wrapper)).sum() };
    let gained = |other: &&&str| count(new, other) > count(old, other);
    let is_told = WRAPPERS.contains(&name) && pointed.tells(name);
    is_told && all(new) >= all(old) && WRAPPERS.iter().filter(gained).any(|other| pointed.tells(other))
}

/// How many calls of what does not exist, as an error says at that very name, were put in other words in the lines where they stood: a
/// neutral call, an operator, a field, a conversion. What is only left out is not among them.
fn spelt_otherwise(old: &Census<'_>, new: &Census<'_>, pointed: &Pointed) -> usize {
    let Some(told) = &pointed.author else { return 0 };
    let is_missing =
        |place: &Range<usize>| told.missing.iter().any(|other| other.start < place.end && place.start < other.end);
    let missing: Vec<&Range<usize>> = old.calls.values().flatten().filter(|place| is_missing(place)).collect();
    if missing.is_empty() {
        return 0;
    }
    let spelt = changed(old.text, new.text).into_iter().map(|(before, after)| {
        let gone = missing.iter().filter(|place| before.contains(&place.start)).count();
        gone.min(others(new, &after).saturating_sub(others(old, &before)))
    });
    spelt.sum()
}

/// How much of what can do a call's work stands in a stretch of the text.
fn others(census: &Census<'_>, stretch: &Range<usize>) -> usize {
    const DEEDS: [&str; 4] = ["operator", "if", "match", "loop"];
    let neutral = census.calls.iter().filter(|(name, _)| is_neutral(name));
    let deeds = census.deeds.iter().filter(|(name, _)| DEEDS.contains(&name.as_str()));
    let all = neutral.chain(deeds).chain(&census.forms);
    all.flat_map(|(_, places)| places).filter(|place| stretch.contains(&place.start)).count()
}

/// The stretches that differ, as bytes of the text before and after; line by line where as many lines stand there as before.
fn changed(old: &str, new: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let starts = |text: &str| -> Vec<usize> {
        let ends = text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        });
        std::iter::once(0).chain(ends).collect()
    };
    let (before, after) = (starts(old), starts(new));
    let at = |starts: &[usize], line: usize| starts.get(line).or(starts.last()).copied().unwrap_or_default();
    let stretch = |was: Range<usize>, is: Range<usize>| {
        let was = at(&before, was.start)..at(&before, was.end);
        (was, at(&after, is.start)..at(&after, is.end))
    };
    let mut stretches = Vec::new();
    for block in changed_lines(old, new) {
        let (was, is) = (block.old_start..block.old_end, block.new_start..block.new_end);
        if was.len() == is.len() {
            stretches.extend(was.zip(is).map(|(was, is)| stretch(was..was + 1, is..is + 1)));
        } else {
            stretches.push(stretch(was, is));
        }
    }
    stretches
}

/// How many zeros may go because what an error spells stands there now: a constructor that takes none.
pub(super) fn spared_zeros(old: &Census<'_>, new: &Census<'_>, pointed: &Pointed) -> usize {
    let is_gained = |name: &&String| count(&new.calls, name) > count(&old.calls, name);
    if !new.calls.keys().filter(is_gained).any(|name| pointed.tells(name)) {
        return 0;
    }
    let places = old.literals.values().flatten().filter(|place| pointed.touches(place));
    places.filter(|place| ["0", "0.0"].contains(&&old.text[(*place).clone()])).count()
}

/// Whether calls of `name` became calls of a neutral name that begins it: `iterator` was `iter` misspelled, and did nothing else.
fn misspelled(name: &str, old: &Occurrences, new: &Occurrences) -> bool {
    let became =
        |neutral: &str| neutral.len() > 3 && name.starts_with(neutral) && count(new, neutral) > count(old, neutral);
    !is_neutral(name) && count(new, name) < count(old, name) && NEUTRAL.iter().any(|neutral| became(neutral))
}
