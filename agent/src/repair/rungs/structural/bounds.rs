//! Bounds that a method asks for and the parameters around its call do not promise.
//!
//! It leaves to others: bounds that the compiler suggests, and traits that a type of ours can derive (`types`).
use super::case::{Case, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{GenericParam, Generics};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let asks = case.code() == "E0599" && case.error.message.contains("trait bounds were not satisfied");
    if asks { promised(case).into_iter().collect() } else { Vec::new() }
}

/// "trait bound `T: Number` was not satisfied": the parameters around the place promise it, all of them in one edit.
fn promised(case: &Case<'_>) -> Option<Proposal> {
    let nodes = case.nodes();
    let mut around: Vec<(Range<usize>, &Generics)> =
        nodes.impls.iter().filter(|it| covers(**it, &case.place)).map(|it| (bytes(it.span()), &it.generics)).collect();
    around.extend(nodes.function_at(&case.place).map(|(signature, _)| (bytes(signature.span()), &signature.generics)));
    // The innermost that declares a name is meant.
    around.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    let mut parts: Vec<(Range<usize>, String)> = Vec::new();
    for said in case.said().into_iter().filter(|said| said.contains("trait bound")) {
        for bound in quoted(said) {
            let Some((name, wanted)) = bound.split_once(": ") else { continue };
            let parameter = around.iter().flat_map(|(_, generics)| &generics.params).find_map(|it| match it {
                GenericParam::Type(it) if it.ident == name => Some(it),
                _ => None,
            });
            let Some(parameter) = parameter else { continue };
            let end = bytes(parameter.span()).end;
            let text = if parameter.colon_token.is_some() { format!(" + {wanted}") } else { format!(": {wanted}") };
            if !parts.iter().any(|(place, known)| place.start == end && *known == text) {
                parts.push((end..end, text));
            }
        }
    }
    // Two insertions at one point would be one too many: each parameter is given one bound at a time.
    parts.dedup_by_key(|(place, _)| place.start);
    (!parts.is_empty()).then(|| case.all("the bound that the method asks for", parts))
}
