//! Names that are not found, found twice, or not visible.
//!
//! It leaves to others: what the compiler suggests itself.
use super::case::{Case, Nodes, covers, labels, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::sources::MISSION;
use crate::repair::syntax::{bytes, first_item, words};
use std::ops::Range;
use syn::spanned::Spanned;

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0425" | "E0412" | "E0433" | "E0405" | "E0422" | "E0432" | "E0423" | "E0531" | "E0574" => {
            let mut proposals = imports(case);
            proposals.extend(nearest(case));
            proposals
        }
        "E0599" | "E0609" | "E0560" | "E0026" | "E0610" => nearest(case),
        "E0428" | "E0124" | "E0592" | "E0415" | "E0416" | "E0403" | "E0255" | "E0119" => second_renamed(case, &nodes),
        "E0062" | "E0719" | "E0203" | "E0538" => second_removed(case),
        "E0603" | "E0616" | "E0624" | "E0364" | "E0365" | "E0446" | "E0451" => made_visible(case, &nodes),
        _ => Vec::new(),
    }
}

/// A mission without its one import.
pub(super) fn without_the_sdk(case: &Case<'_>) -> Vec<Proposal> {
    let not_found = ["E0425", "E0412", "E0433", "E0405", "E0422", "E0432", "E0423", "E0531", "E0574"];
    let is_bare = case.file.ends_with(MISSION) && !case.text.contains("use flightsmith_sdk");
    if !is_bare || !not_found.contains(&case.code()) {
        return Vec::new();
    }
    let at = first_item(case.text);
    vec![case.replace("import the SDK", at..at, "use flightsmith_sdk::prelude::*;\n")]
}

/// Where else this name may be: beside what the file imports already, in the SDK's prelude, in well-known modules.
fn imports(case: &Case<'_>) -> Vec<Proposal> {
    const KNOWN: &[&str] = &[
        "std::collections",
        "std::rc",
        "std::sync",
        "std::sync::atomic",
        "std::cell",
        "std::fmt",
        "std::io",
        "std::fs",
        "std::path",
        "std::time",
        "std::thread",
        "std::str",
        "std::iter",
        "std::ops",
        "std::cmp",
        "std::hash",
        "std::error",
        "std::convert",
        "std::borrow",
        "std::marker",
        "std::mem",
        "std::num",
        "std::env",
        "std::any",
        "std::future",
        "std::pin",
        "std::task",
        "std::net",
        "std::process",
        "core::time",
        "core::fmt",
    ];
    let name = case.pointed();
    let is_type = name.chars().next().is_some_and(char::is_uppercase);
    if !is_type || name.contains("::") {
        return Vec::new();
    }
    let mut paths: Vec<String> = Vec::new();
    for line in case.text.lines() {
        let Some(used) = line.trim().trim_start_matches("pub ").strip_prefix("use ") else { continue };
        let module = used.split(['{', ';', '*']).next().unwrap_or_default().trim_end_matches("::");
        let module = if used.contains('{') || used.contains('*') {
            module.to_owned()
        } else {
            module.rsplit_once("::").map_or(String::new(), |(module, _)| module.to_owned())
        };
        if !module.is_empty() && !paths.contains(&module) {
            paths.push(module);
        }
    }
    let whole = without_the_sdk(case);
    if !whole.is_empty() {
        return whole;
    }
    if case.text.contains("flightsmith_sdk") {
        paths.insert(0, "flightsmith_sdk::prelude".into());
        paths.push("flightsmith_sdk".into());
    } else {
        paths.extend(KNOWN.iter().map(ToString::to_string));
    }
    // The import goes behind the last of the file's own, which all rules of style have at the top.
    let at = case
        .text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            *at += line.len();
            Some((*at, line))
        })
        .filter(|(_, line)| line.starts_with("use ") && line.trim_end().ends_with(';'))
        .map(|(at, _)| at)
        .last();
    let at = at.unwrap_or_else(|| first_item(case.text));
    let well_known = [
        ("HashMap", "std::collections"),
        ("HashSet", "std::collections"),
        ("BTreeMap", "std::collections"),
        ("BTreeSet", "std::collections"),
        ("VecDeque", "std::collections"),
        ("Rc", "std::rc"),
        ("Arc", "std::sync"),
        ("Mutex", "std::sync"),
        ("RefCell", "std::cell"),
        ("Cell", "std::cell"),
        ("Duration", "std::time"),
        ("Instant", "std::time"),
        ("Ordering", "std::cmp"),
        ("PhantomData", "std::marker"),
        ("Path", "std::path"),
        ("PathBuf", "std::path"),
        ("Display", "std::fmt"),
        ("Debug", "std::fmt"),
        ("Error", "std::error"),
    ];
    if let Some((_, module)) = well_known.iter().find(|(known, _)| *known == name) {
        paths.retain(|path| path != module);
        paths.insert(0, (*module).to_owned());
    }
    paths.into_iter().map(|path| case.replace("import it", at..at, format!("use {path}::{name};\n"))).collect()
}

/// The name of the program, or of the words of the error, that is spelled most like it.
fn nearest(case: &Case<'_>) -> Vec<Proposal> {
    let wrong = case.pointed();
    if wrong.is_empty() || !wrong.chars().all(|c| c == '_' || c.is_alphanumeric()) {
        return Vec::new();
    }
    let mut names: Vec<&str> = case.sources.values().flat_map(|text| words(text)).map(|word| word.text).collect();
    for said in case.said() {
        names.extend(quoted(said).into_iter().flat_map(words).map(|word| word.text));
    }
    names.sort_unstable();
    names.dedup();
    let limit = (wrong.chars().count() / 3).clamp(1, 3);
    let same_case = |name: &str| {
        name.chars().next().is_some_and(char::is_uppercase) == wrong.chars().next().is_some_and(char::is_uppercase)
    };
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| *name != wrong && name.len() > 1 && same_case(name))
        .map(|name| (distance(wrong, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort_unstable();
    near.truncate(3);
    near.extend(begun_alike(case, wrong).into_iter().map(|name| (limit, name)));
    near.into_iter().map(|(_, name)| case.replace("the name that is spelled alike", case.place.clone(), name)).collect()
}

/// Methods that the program calls elsewhere and whose name, underscores apart, begins the wrong one or begins with it: `goto_position` and
/// `go_to`, `iterator` and `iter`. The longest first.
fn begun_alike<'a>(case: &Case<'a>, wrong: &str) -> Vec<&'a str> {
    let plain = |name: &str| name.replace('_', "");
    let wrong_plain = plain(wrong);
    let mut names: Vec<&str> = Vec::new();
    for text in case.sources.values() {
        for word in words(text) {
            let is_method = text[..word.at].ends_with('.') && text[word.at + word.text.len()..].starts_with('(');
            let own = plain(word.text);
            let alike = own.len() >= 4
                && wrong_plain.len() >= 4
                && (wrong_plain.starts_with(&own) || own.starts_with(&wrong_plain));
            if is_method && alike && word.text != wrong && !names.contains(&word.text) {
                names.push(word.text);
            }
        }
    }
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.truncate(2);
    names
}

/// How many letters must be put in, taken out, changed or swapped with a neighbour.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (at, row) in rows.iter_mut().enumerate() {
        row[0] = at;
    }
    for (at, cell) in rows[0].iter_mut().enumerate() {
        *cell = at;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

/// Something is declared twice under one name: the second gets another.
fn second_renamed(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some(name) = quoted(&case.error.message)
        .into_iter()
        .map(|part| part.trim_end_matches(':'))
        .find(|part| part.chars().all(|c| c == '_' || c.is_alphanumeric()))
    else {
        return Vec::new();
    };
    // Of two places the later is renamed, wherever the error points.
    let mut places: Vec<Range<usize>> = labels(case.error, case.file).into_iter().map(|(place, _)| place).collect();
    places.sort_by_key(|place| place.start);
    let Some(place) = places.last() else { return Vec::new() };
    let used: Vec<&str> = words(case.text).into_iter().map(|word| word.text).collect();
    let fresh = (2..).map(|number| fresh_name(name, number)).find(|fresh| !used.contains(&fresh.as_str()));
    let (Some(fresh), Some(word)) = (fresh, words(case.at(place)).into_iter().find(|word| word.text == name)) else {
        return Vec::new();
    };
    let at = place.start + word.at..place.start + word.at + name.len();
    let mut proposals = vec![case.replace("the second gets a name of its own", at.clone(), fresh.clone())];
    if case.code() == "E0403"
        && let Some(generics) = nodes.generics.iter().find(|it| bytes(it.span()).contains(&at.start))
    {
        proposals.extend(renamed_in(case, nodes, generics, name, &fresh));
    }
    proposals
}

fn renamed_in(
    case: &Case<'_>,
    nodes: &Nodes<'_>,
    generics: &syn::Generics,
    name: &str,
    fresh: &str,
) -> Option<Proposal> {
    let (signature, block) = nodes.function_at(&bytes(generics.span()))?;
    let whole =
        bytes(signature.ident.span()).start..block.map_or(bytes(signature.span()).end, |it| bytes(it.span()).end);
    let places = words(case.at(&whole)).into_iter().filter(|word| word.text == name);
    let parts: Vec<_> =
        places.map(|word| (whole.start + word.at..whole.start + word.at + name.len(), fresh.to_owned())).collect();
    (!parts.is_empty()).then(|| case.all("the inner one gets a name of its own", parts))
}

fn fresh_name(name: &str, number: usize) -> String {
    let is_snake = name.chars().all(|c| !c.is_uppercase());
    let is_loud = name.len() > 1 && name.chars().all(|c| !c.is_lowercase());
    if is_snake || is_loud { format!("{name}_{number}") } else { format!("{name}{number}") }
}

/// Something is given twice in one place: the second goes, with its comma or plus.
fn second_removed(case: &Case<'_>) -> Vec<Proposal> {
    let mut places: Vec<Range<usize>> = labels(case.error, case.file).into_iter().map(|(place, _)| place).collect();
    places.sort_by_key(|place| place.start);
    places.dedup();
    let Some(second) = places.last().filter(|_| places.len() > 1) else { return Vec::new() };
    let start = case.text[..second.start].trim_end().len();
    let start = if case.text[..start].ends_with([',', '+']) { start - 1 } else { second.start };
    let tail = &case.text[second.end..];
    // A field's value belongs to it.
    let length = tail.find([',', '}', '\n', '>', ')']).unwrap_or(0);
    let value = if tail.trim_start().starts_with(':') { length } else { 0 };
    vec![case.replace("given once", start..second.end + value, "")]
}

/// What is private where it is defined becomes visible in the crate, or where it is exported, to all.
fn made_visible(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let is_handed_on = case.tree.iter().flat_map(|tree| &tree.items).any(|item| {
        matches!(item, syn::Item::Use(it) if matches!(it.vis, syn::Visibility::Public(_)) && covers(it, &case.place))
    });
    let exported = ["E0364", "E0365"].contains(&case.code()) || is_handed_on;
    // What a crate hands on to others must be open to all; elsewhere the crate is enough, and tried first.
    let levels: &[&str] = if exported { &["pub "] } else { &["pub(crate) ", "pub "] };
    let mut proposals = Vec::new();
    let Some(name) = quoted(&case.error.message).into_iter().find(|part| !part.contains(' ')) else { return proposals };
    let name = name.rsplit("::").next().unwrap_or(name);
    for (file, text) in case.sources {
        for keyword in ["fn", "struct", "enum", "const", "static", "mod", "trait", "type", "async fn"] {
            let item = format!("{keyword} {name}");
            for (at, _) in text.match_indices(&item) {
                let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
                let ends = !text[at + item.len()..].starts_with(|c: char| c == '_' || c.is_alphanumeric());
                let line = text[line..at].rfind(['{', '}', ';']).map_or(line, |end| line + end + 1);
                let before = text[line..at].trim_start();
                let start = at - before.len();
                if !ends || !["", "pub(crate) ", "pub(super) "].contains(&before) {
                    continue;
                }
                for level in levels.iter().filter(|level| **level != before) {
                    let mut proposal = case.replace("make it visible", start..at, *level);
                    proposal.parts[0].file = file.clone();
                    proposals.push(proposal);
                }
            }
        }
    }
    for field in nodes.structs.iter().flat_map(|it| &it.fields) {
        if field.ident.as_ref().is_some_and(|ident| ident == name) && matches!(field.vis, syn::Visibility::Inherited) {
            let at = bytes(field.ident.span()).start;
            proposals.extend(levels.iter().map(|level| case.replace("make it visible", at..at, *level)));
        }
    }
    proposals
}
