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

/// Whether a number of one type is the same number in another: not narrower, no sign that is lost, no fraction that is cut off. On the machines
/// that this is for a `usize` has 64 bits, or less.
pub(super) fn keeps_its_value(from: &str, to: &str) -> bool {
    let size = |kind: &str| -> Option<(char, u32)> {
        let sort = kind.chars().next().filter(|sort| "uif".contains(*sort))?;
        let bits = match &kind[1..] {
            "size" => 64,
            bits => bits.parse().ok()?,
        };
        Some((sort, bits))
    };
    let (Some((from_sort, from_bits)), Some((to_sort, to_bits))) = (size(from), size(to)) else { return false };
    match (from_sort, to_sort) {
        ('u', 'i') => from_bits < to_bits,
        ('i', 'u') | ('f', 'u' | 'i') => false,
        ('u' | 'i', 'f') => true,
        _ => from_bits <= to_bits && from != to,
    }
}

/// `const NONE: u32 = usize::MAX`: what a constant is says what its type is, where its value is of one type alone.
fn declared_as_its_value(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (_, label) = case.labels().into_iter().find(|(place, _)| *place == case.place)?;
    let [wanted, found] = quoted(label)[..] else { return None };
    let constant = nodes.constants.iter().find(|it| bytes(it.expr.span()) == case.place)?;
    let kind = bytes(constant.ty.span());
    // A literal's type is a matter of its suffix; `T::MAX` is one of `T`.
    let is_told = matches!(&*constant.expr, Expr::Path(path) if path.path.segments.first().is_some_and(|first| first.ident == found));
    (is_told && case.at(&kind) == wanted).then(|| case.replace("of the type that its value has", kind, found))
}

/// What a constant's value says of its type.
pub(super) fn declared(case: &Case<'_>) -> Vec<Proposal> {
    if case.code() == "E0308" { declared_as_its_value(case, &case.nodes()).into_iter().collect() } else { Vec::new() }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_converted_only_where_it_stays_the_same() {
        let rows = [
            ("u8", "u32", true),
            ("u32", "usize", true),
            ("usize", "u64", true),
            ("u32", "i64", true),
            ("i32", "f64", true),
            ("usize", "u32", false),
            ("i32", "u32", false),
            ("u32", "i32", false),
            ("f64", "f32", false),
            ("f64", "u8", false),
            ("String", "u8", false),
        ];
        for (from, to, keeps) in rows {
            assert_eq!(keeps_its_value(from, to), keeps, "{from} as {to}");
        }
    }
}
