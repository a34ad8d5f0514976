//! Traits that a type of the program derives, or a parameter asks for, where they are used.
//!
//! It leaves to others: implementations that somebody has to write.
use super::case::{Case, Nodes, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use syn::spanned::Spanned;

/// The type derives what is asked of it.
pub(super) fn derived(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    const DERIVABLE: &[&str] = &["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
    let mut proposals = Vec::new();
    for said in case.said() {
        let names = quoted(said);
        let wanted: Vec<&str> = DERIVABLE
            .iter()
            .copied()
            .filter(|known| names.iter().any(|name| name.rsplit([':', ' ']).next() == Some(*known)))
            .collect();
        for (ident, start) in nodes
            .structs
            .iter()
            .map(|it| (&it.ident, bytes(it.span()).start))
            .chain(nodes.enums.iter().map(|it| (&it.ident, bytes(it.span()).start)))
        {
            if !names.iter().any(|name| name.trim_start_matches('&').split(':').next() == Some(&ident.to_string())) {
                continue;
            }
            for trait_name in &wanted {
                let needed = match *trait_name {
                    "Copy" => "Clone, Copy",
                    "Eq" => "PartialEq, Eq",
                    "Hash" => "PartialEq, Eq, Hash",
                    "PartialOrd" => "PartialEq, PartialOrd",
                    "Ord" => "PartialEq, Eq, PartialOrd, Ord",
                    plain => plain,
                };
                for text in [needed, trait_name] {
                    let proposal =
                        case.replace("derive it", start..start, format!("#[derive({text})]\n{}", case.indent(start)));
                    if !proposals.contains(&proposal) {
                        proposals.push(proposal);
                    }
                }
            }
        }
    }
    proposals
}

/// `T: Trait` for a parameter whose bound is missing.
pub(super) fn asked_parameter(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let bound = case.said().iter().find_map(|said| {
        let rest = said.strip_prefix("the trait bound `")?;
        rest.split('`').next()
    })?;
    let (name, wanted) = bound.split_once(": ")?;
    let parameter = nodes.generics.iter().flat_map(|it| &it.params).find_map(|it| match it {
        syn::GenericParam::Type(it) if it.ident == name => Some(it),
        _ => None,
    })?;
    let end = bytes(parameter.span()).end;
    let text = if parameter.colon_token.is_some() { format!(" + {wanted}") } else { format!(": {wanted}") };
    Some(case.replace("the bound that is used", end..end, text))
}
