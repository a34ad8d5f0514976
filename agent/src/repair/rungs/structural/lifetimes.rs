//! Names of lifetimes where they may not stand, lifetimes that nothing gives, and the order of generic arguments.
//!
//! It leaves to others: borrows that end too soon (`ownership`), and what the compiler suggests itself.
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{GenericArgument, Generics};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0262" | "E0637" => named_otherwise(case, &nodes).into_iter().collect(),
        "E0226" => one_is_enough(case).into_iter().collect(),
        "E0227" | "E0228" => said_for_the_object(case, &nodes),
        "E0478" => lives_as_long(case, &nodes),
        "E0581" | "E0582" => given_by_nobody(case).into_iter().collect(),
        "E0316" => quantified_once(case, &nodes).into_iter().collect(),
        "E0403" => declared_once(case, &nodes).into_iter().collect(),
        "E0747" => in_order(case, &nodes),
        "E0794" => not_given(case, &nodes).into_iter().collect(),
        _ => Vec::new(),
    }
}

const FREE: [&str; 5] = ["'a", "'b", "'c", "'d", "'e"];

/// The generics of every item, with all that they are for.
fn owners<'n>(nodes: &Nodes<'n>) -> Vec<(&'n Generics, Range<usize>)> {
    let functions = nodes.functions.iter().map(|(signature, block)| {
        let end = block.map_or(bytes(signature.span()).end, |block| bytes(block.span()).end);
        (&signature.generics, bytes(signature.span()).start..end)
    });
    let structs = nodes.structs.iter().map(|it| (&it.generics, bytes(it.span())));
    let enums = nodes.enums.iter().map(|it| (&it.generics, bytes(it.span())));
    let traits = nodes.traits.iter().map(|it| (&it.generics, bytes(it.span())));
    let impls = nodes.impls.iter().map(|it| (&it.generics, bytes(it.span())));
    let aliases = nodes.aliases.iter().map(|it| (&it.generics, bytes(it.span())));
    functions.chain(structs).chain(enums).chain(traits).chain(impls).chain(aliases).collect()
}

/// `'static` or `'_` declared as a parameter: one with a name of its own, in all of its item.
fn named_otherwise(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let name = case.pointed();
    let declares = |generics: &Generics| {
        generics.params.iter().any(
            |it| matches!(it, syn::GenericParam::Lifetime(it) if bytes(it.lifetime.span()).start == case.place.start),
        )
    };
    let (_, whole) = owners(nodes).into_iter().find(|(generics, _)| declares(generics))?;
    let fresh = FREE.into_iter().find(|fresh| !case.at(&whole).contains(fresh))?;
    let parts = places_of(case, &whole, name).into_iter().map(|place| (place, fresh.to_owned())).collect();
    name.starts_with('\'').then(|| case.all("a lifetime of its own name", parts))
}

fn places_of(case: &Case<'_>, whole: &Range<usize>, name: &str) -> Vec<Range<usize>> {
    let text = case.at(whole);
    let ends = |at: usize| !text[at + name.len()..].starts_with(|c: char| c == '_' || c.is_alphanumeric());
    let found = text.match_indices(name).filter(|(at, _)| ends(*at));
    found.map(|(at, _)| whole.start + at..whole.start + at + name.len()).collect()
}

/// An object has one lifetime: the second goes, with its sign.
fn one_is_enough(case: &Case<'_>) -> Option<Proposal> {
    let before = case.text[..case.place.start].trim_end();
    let start = before.strip_suffix('+')?.trim_end().len();
    Some(case.replace("one lifetime is enough", start..case.place.end, ""))
}

/// How long what is behind an object lives is said: by a lifetime of the item around it, or else as long as the program.
fn said_for_the_object(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let around =
        owners(nodes).into_iter().filter(|(_, whole)| whole.start <= case.place.start && case.place.end <= whole.end);
    let mut names: Vec<&str> =
        around.flat_map(|(generics, _)| generics.lifetimes()).map(|it| case.at(&bytes(it.lifetime.span()))).collect();
    names.push("'static");
    let object = nodes.trait_objects.iter().find(|it| covers(**it, &case.place));
    let place = object.map_or_else(|| case.place.clone(), |it| bytes(it.span()));
    let before = case.text[..place.start].trim_end();
    let before = before.strip_suffix("mut").unwrap_or(before).trim_end();
    let named = before.trim_end_matches(|c: char| c == '_' || c.is_alphanumeric());
    let is_behind_reference = before.ends_with('&') || named.ends_with("&'");
    let text = case.at(&place);
    let with =
        |name: &&str| if is_behind_reference { format!("({text} + {name})") } else { format!("{text} + {name}") };
    names.iter().map(|name| case.replace("how long it lives is said", place.clone(), with(name))).collect()
}

/// Notes name the lifetime that is there and the one that it must outlive.
fn lives_as_long(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let notes = case.said().into_iter().skip(1).filter(|said| said.contains("lifetime"));
    let names: Vec<&str> = notes.flat_map(quoted).filter(|part| part.starts_with('\'')).collect();
    let [one, other, ..] = names[..] else { return Vec::new() };
    let mut proposals = Vec::new();
    for (longer, shorter) in [(one, other), (other, one)] {
        let declared = nodes.generics.iter().flat_map(|it| &it.params).filter_map(|it| match it {
            syn::GenericParam::Lifetime(it) if case.at(&bytes(it.lifetime.span())) == longer => Some(it),
            _ => None,
        });
        if let Some(it) = declared.min_by_key(|it| bytes(it.span()).start.abs_diff(case.place.start)) {
            let end = bytes(it.span()).end;
            let text = if it.colon_token.is_some() { format!(" + {shorter}") } else { format!(": {shorter}") };
            proposals.push(case.replace("the lifetime that lives as long", end..end, text));
        }
    }
    proposals
}

/// What is handed back for every lifetime, and comes from no argument, lives as long as the program.
fn given_by_nobody(case: &Case<'_>) -> Option<Proposal> {
    let name = quoted(&case.error.message).into_iter().find(|part| part.starts_with('\''))?;
    let parts: Vec<_> =
        places_of(case, &case.place, name).into_iter().map(|place| (place, "'static".to_owned())).collect();
    (!parts.is_empty()).then(|| case.all("what no argument gives lives as long as the program", parts))
}

/// A bound for all lifetimes within one for all lifetimes: one for all of them.
fn quantified_once(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let clauses = nodes.generics.iter().filter_map(|it| it.where_clause.as_ref()).flat_map(|it| &it.predicates);
    let mut asked = clauses.filter_map(|it| match it {
        syn::WherePredicate::Type(it) if covers(it, &case.place) => Some(it),
        _ => None,
    });
    let asked = asked.next()?;
    let inner = asked.bounds.iter().find_map(|it| match it {
        syn::TypeParamBound::Trait(it) if covers(it, &case.place) => it.lifetimes.as_ref(),
        _ => None,
    })?;
    let last = bytes(asked.lifetimes.as_ref()?.lifetimes.last()?.span()).end;
    let whole = bytes(inner.span());
    let names: Vec<&str> = inner.lifetimes.iter().map(|it| case.at(&bytes(it.span()))).collect();
    let parts = vec![
        (last..last, format!(", {}", names.join(", "))),
        (whole.start..whole.end + usize::from(case.text[whole.end..].starts_with(' ')), String::new()),
    ];
    Some(case.all("for all of the lifetimes at once", parts))
}

/// A lifetime that is declared twice is one.
fn declared_once(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.generics.iter().find(|it| it.params.iter().any(|it| covers(it, &case.place)))?;
    let twice = own.params.iter().filter(|it| case.at(&bytes(it.span())) == case.pointed()).count();
    let start = case.text[..case.place.start].trim_end().strip_suffix(',')?.len();
    let is_lifetime = case.pointed().starts_with('\'');
    (is_lifetime && twice > 1).then(|| case.replace("one lifetime of that name", start..case.place.end, ""))
}

/// Lifetimes before types before constants; else the other way round.
fn in_order(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let around = nodes.generic_arguments.iter().filter(|it| covers(**it, &case.place));
    let Some(own) = around.min_by_key(|it| bytes(it.span()).len()) else { return Vec::new() };
    let (Some(first), Some(last)) = (own.args.first(), own.args.last()) else { return Vec::new() };
    let place = bytes(first.span()).start..bytes(last.span()).end;
    let mut ordered: Vec<&GenericArgument> = own.args.iter().collect();
    ordered.sort_by_key(|it| !matches!(it, GenericArgument::Lifetime(_)));
    let text = |order: &[&GenericArgument]| -> String {
        order.iter().map(|it| case.at(&bytes(it.span()))).collect::<Vec<_>>().join(", ")
    };
    let mut proposals = vec![case.replace("in the order of their kinds", place.clone(), text(&ordered))];
    ordered.reverse();
    proposals.push(case.replace("in the order of their kinds", place, text(&ordered)));
    proposals.retain(|it| it.parts[0].text != case.at(&(it.parts[0].start..it.parts[0].end)));
    proposals
}

/// Lifetimes that a call cannot choose are not given.
fn not_given(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.generic_arguments.iter().find(|it| covers(**it, &case.place))?;
    let kept: Vec<&str> = own
        .args
        .iter()
        .filter(|it| !matches!(it, GenericArgument::Lifetime(_)))
        .map(|it| case.at(&bytes(it.span())))
        .collect();
    let whole = bytes(own.span());
    if kept.is_empty() {
        return Some(case.replace("a lifetime that nobody chooses", whole, ""));
    }
    let sign = if own.colon2_token.is_some() { "::" } else { "" };
    Some(case.replace("a lifetime that nobody chooses", whole, format!("{sign}<{}>", kept.join(", "))))
}
