//! Closures with other parameters than are expected, and `impl` types where they cannot stand.
//!
//! It leaves to others: closures that another thread gets (`sendable`), and closures at another argument's place (`arguments`).
use super::case::{Case, Nodes, covers};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use syn::Expr;
use syn::spanned::Spanned;

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0562" | "E0667" => no_annotation(case, &nodes).into_iter().chain(named_parameter(case, &nodes)).collect(),
        "E0593" | "E0631" => closure(case, &nodes),
        "E0666" => named_parameter(case, &nodes).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn no_annotation(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let annotated = nodes.arguments.iter().find(|it| bytes(it.ty.span()) == case.place)?;
    let start = bytes(annotated.pat.span()).end;
    Some(case.replace("the type is known from the value", start..case.place.end, ""))
}

/// A closure with the parameters that are expected of it; names it uses stay.
fn closure(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut closures = nodes.expressions.iter().filter_map(|it| match it {
        Expr::Closure(closure) => Some(closure),
        _ => None,
    });
    let labels = case.labels();
    let Some(own) = closures.rfind(|it| labels.iter().any(|(place, _)| place.start == bytes(it.span()).start)) else {
        return Vec::new();
    };
    let inside = bytes(own.or1_token.span()).end..bytes(own.or2_token.span()).start;
    let mut proposals = Vec::new();
    if case.code() == "E0631" {
        let names: Vec<&str> = own
            .inputs
            .iter()
            .map(|input| match input {
                syn::Pat::Type(it) => case.at(&bytes(it.pat.span())),
                other => case.at(&bytes(other.span())),
            })
            .collect();
        proposals.push(case.replace("the types that are expected", inside, names.join(", ")));
        return proposals;
    }
    let expected = labels.iter().find_map(|(_, label)| {
        let (_, rest) = label.split_once("expected closure that takes ")?;
        rest.split(' ').next()?.parse::<usize>().ok()
    });
    let Some(expected) = expected else { return proposals };
    let mut names: Vec<String> = own.inputs.iter().map(|input| case.at(&bytes(input.span())).to_owned()).collect();
    let body = case.at(&bytes(own.body.span())).to_owned();
    while names.len() > expected {
        let Some(last) = names.pop() else { break };
        if crate::repair::syntax::words(&body).iter().any(|word| word.text == last) {
            return proposals;
        }
    }
    while names.len() < expected {
        names.push("_".to_owned());
    }
    proposals.push(case.replace("the parameters that are expected", inside, names.join(", ")));
    proposals
}

/// `impl` inside `impl`: the inner one becomes a parameter.
fn named_parameter(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (signature, _) = nodes.functions.iter().copied().find(|(it, _)| covers(*it, &case.place))?;
    let bound = case.pointed().strip_prefix("impl ")?;
    let name = ["T", "U", "V", "W"].into_iter().find(|name| !case.text.contains(&format!("<{name}")))?;
    let end = bytes(signature.ident.span()).end;
    let declared = match signature.generics.params.last() {
        Some(last) => {
            let end = bytes(last.span()).end;
            (end..end, format!(", {name}: {bound}"))
        }
        None => (end..end, format!("<{name}: {bound}>")),
    };
    Some(case.all("a parameter for the inner type", vec![declared, (case.place.clone(), name.to_owned())]))
}
