//! Parameters whose types stand at each other's places, and values that are bound for an argument and never given.
//!
//! It leaves to others: arguments at each other's places, which the compiler sees, and arguments by name or type (`arguments`, `types`).
use super::case::{Case, Nodes, covers};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{Expr, FnArg, Pat, Signature, Stmt};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0061" => bound_and_not_given(case, &nodes).into_iter().collect(),
        "E0308" | "E0277" | "E0599" | "E0618" | "E0369" | "E0614" | "E0608" | "E0609" | "E0610" => {
            exchanged(case, &nodes)
        }
        _ => Vec::new(),
    }
}

/// A parameter's name, and the place of its type.
fn typed(case: &Case<'_>, signature: &Signature) -> Vec<(String, Range<usize>)> {
    let named = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(it) => {
            Some((case.at(&bytes(it.pat.span())).trim_start_matches("mut ").to_owned(), bytes(it.ty.span())))
        }
        FnArg::Receiver(_) => None,
    });
    named.collect()
}

/// The types of two parameters change places, where the error is about one of them in the function's body: that its uses fit then, and
/// all calls, is for the compiler to see.
fn exchanged(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some((signature, Some(body))) = nodes.function_at(&case.place) else { return Vec::new() };
    if !covers(body, &case.place) {
        return Vec::new();
    }
    let parameters = typed(case, signature);
    // The error is about a name: it points at it, or at what is done with it.
    let around = nodes.expressions.iter().filter(|it| covers(**it, &case.place)).min_by_key(|it| {
        let length = bytes(it.span()).len();
        if matches!(it, Expr::MethodCall(_) | Expr::Binary(_) | Expr::Call(_) | Expr::Path(_)) {
            length
        } else {
            usize::MAX
        }
    });
    let about: Vec<&str> =
        around.map_or(Vec::new(), |it| words(case.at(&bytes(it.span()))).iter().map(|word| word.text).collect());
    let mut proposals = Vec::new();
    for (one, (name, kind)) in parameters.iter().enumerate() {
        for (other_name, other_kind) in &parameters[one + 1..] {
            let is_about = about.contains(&name.as_str()) || about.contains(&other_name.as_str());
            let (text, other_text) = (case.at(kind), case.at(other_kind));
            if is_about && text != other_text {
                let parts = vec![(kind.clone(), other_text.to_owned()), (other_kind.clone(), text.to_owned())];
                proposals.push(case.all("the types of two parameters at each other's places", parts));
            }
        }
    }
    proposals
}

/// A call lacks an argument, and one value was bound before it that nothing uses: it was bound to be given.
fn bound_and_not_given(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (signature, Some(body)) = nodes.function_at(&case.place)? else { return None };
    let text = case.at(&bytes(body.span()));
    // A field or a method of that name is something else.
    let is_own = |at: usize| !text[..at].ends_with('.') || text[..at].ends_with("..");
    let uses = |name: &str| words(text).iter().filter(|word| word.text == name && is_own(word.at)).count();
    let locals = nodes.statements.iter().filter_map(|(statement, block)| match statement {
        Stmt::Local(local) if bytes(local.span()).end <= case.place.start && covers(*block, &case.place) => {
            Some(&local.pat)
        }
        _ => None,
    });
    let locals = locals.filter(|pattern| covers(body, &bytes(pattern.span())));
    let local_names = locals.filter_map(|pattern| match pattern {
        Pat::Ident(it) => Some(it.ident.to_string()),
        Pat::Type(it) => Some(case.at(&bytes(it.pat.span())).trim_start_matches("mut ").to_owned()),
        _ => None,
    });
    let mut free: Vec<String> = local_names.filter(|name| uses(name) == 1).collect();
    free.extend(typed(case, signature).into_iter().map(|(name, _)| name).filter(|name| uses(name) == 0));
    free.retain(|name| !name.starts_with('_'));
    let [one] = &free[..] else { return None };
    let mut filled = case.filled("the value that was bound and is not used", |_| Some(one.clone()));
    // One value is one argument.
    filled.retain(|proposal| {
        proposal
            .parts
            .iter()
            .map(|part| words(&part.text).iter().filter(|word| word.text == one).count())
            .sum::<usize>()
            == 1
    });
    filled.into_iter().next()
}
