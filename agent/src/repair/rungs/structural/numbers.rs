//! Numbers: ranges the wrong way round, discriminants given twice, casts that go in two steps.
//!
//! It leaves to others: numbers of two types in one place (`types`).
use super::case::{Case, Nodes, quoted};
use super::types::exact;
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use std::ops::Range;
use syn::Expr;
use syn::spanned::Spanned;

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    match case.code() {
        "E0579" | "E0030" => inclusive(case),
        "E0081" => other_number(case).into_iter().collect(),
        "E0370" => number_of_the_note(case).into_iter().collect(),
        "E0600" | "E0604" | "E0605" | "E0606" | "E0607" => cast(case, &case.nodes()),
        _ => Vec::new(),
    }
}

/// `5..5` holds nothing; `5..=5` is what was meant. Bounds the wrong way round are swapped.
fn inclusive(case: &Case<'_>) -> Vec<Proposal> {
    let text = case.pointed();
    let mut proposals = Vec::new();
    if let Some((start, end)) = text.split_once("..") {
        let end = end.trim_start_matches('=');
        if start == end {
            proposals.push(case.replace("the end included", case.place.clone(), format!("{start}..={end}")));
        } else {
            let dots = if text.contains("..=") { "..=" } else { ".." };
            proposals.push(case.replace("the lower bound first", case.place.clone(), format!("{end}{dots}{start}")));
        }
    }
    proposals
}

/// A discriminant given twice: the second gets the next number that is free.
fn other_number(case: &Case<'_>) -> Option<Proposal> {
    let mut places: Vec<Range<usize>> = case
        .labels()
        .into_iter()
        .filter(|(_, label)| label.contains("assigned here"))
        .map(|(place, _)| place)
        .collect();
    places.sort_by_key(|place| place.start);
    let second = places.last()?;
    let number: i128 = case.at(second).parse().ok()?;
    let taken: Vec<i128> =
        crate::repair::syntax::words(case.text).into_iter().filter_map(|word| word.text.parse().ok()).collect();
    let free = (number + 1..).find(|number| !taken.contains(number))?;
    Some(case.replace("a number of its own", second.clone(), free.to_string()))
}

fn number_of_the_note(case: &Case<'_>) -> Option<Proposal> {
    let name = case.pointed();
    let text = case.said().into_iter().flat_map(quoted).find(|part| part.starts_with(&format!("{name} = ")))?;
    Some(case.replace("the number that the note names", case.place.clone(), text))
}

/// Casts that go in two steps, or are no casts.
fn cast(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some(Expr::Cast(it)) = exact(case, nodes) else { return Vec::new() };
    let (value, target) = (case.at(&bytes(it.expr.span())), case.at(&bytes(it.ty.span())));
    let mut proposals = Vec::new();
    let inner = value.trim_start_matches('&');
    if target == "char" {
        proposals.push(case.replace("through a byte", case.place.clone(), format!("{value} as u8 as char")));
        proposals.push(case.replace("through a byte", case.place.clone(), format!("({value}) as u8 as char")));
    }
    if target == "bool" {
        proposals.push(case.replace("compare with zero", case.place.clone(), format!("{value} != 0")));
    }
    if inner != value {
        proposals.push(case.replace("the value itself", case.place.clone(), format!("{inner} as {target}")));
    }
    proposals.push(case.replace("what it points at", case.place.clone(), format!("*{value} as {target}")));
    proposals.push(case.replace("convert it", case.place.clone(), format!("{target}::from({value})")));
    proposals
}
