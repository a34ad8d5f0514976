//! Receivers that a method takes and should be lent, iterators that a collection has to be asked for, keys that are lent twice.
//!
//! It leaves to others: `&self` that must be `&mut self`, which the compiler suggests.
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use syn::spanned::Spanned;
use syn::{Expr, FnArg};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0594" | "E0596" => lent_to_be_changed(case, &nodes),
        "E0382" | "E0507" => lent_is_enough(case),
        "E0106" => lent_to_hand_out(case, &nodes).into_iter().collect(),
        "E0599" => asked_for_its_items(case, &nodes).into_iter().collect(),
        "E0277" => lent_once(case, &nodes).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What is lent under a key's own type, not under a reference to it: `map.get(&name)` where `name` is lent already.
fn lent_once(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let is_key = case.error.message.contains(": Borrow<&");
    let inner = nodes.expressions.iter().find_map(|it| match it {
        Expr::Reference(reference) if bytes(it.span()) == case.place => Some(bytes(reference.expr.span())),
        _ => None,
    })?;
    is_key.then(|| case.replace("lent once", case.place.start..inner.start, ""))
}

/// A method changes the receiver that it takes by value: it is lent, or, where the method needs it whole, taken to be changed.
fn lent_to_be_changed(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some((signature, _)) = nodes.function_at(&case.place) else { return Vec::new() };
    let Some(receiver) = signature.receiver().filter(|it| it.reference.is_none() && it.mutability.is_none()) else {
        return Vec::new();
    };
    if !case.error.message.contains("`self` is not declared as mutable") || receiver.colon_token.is_some() {
        return Vec::new();
    }
    let place = bytes(receiver.span());
    vec![
        case.replace("lend the receiver to be changed", place.clone(), "&mut self"),
        case.replace("take the receiver to be changed", place, "mut self"),
    ]
}

/// A method of the program takes a receiver that cannot be given away: it is lent, if that is enough for the method.
fn lent_is_enough(case: &Case<'_>) -> Vec<Proposal> {
    let Some(call) = case.labelled("moved due to this method call") else { return Vec::new() };
    let name = case.at(&call).split(['(', ':']).next().unwrap_or_default().trim();
    if name.is_empty() || name.starts_with("into") {
        return Vec::new();
    }
    let mut declared = Vec::new();
    for (file, text) in case.sources {
        for (at, found) in text.match_indices(&format!("fn {name}(")) {
            let at = at + found.len();
            if text[at..].starts_with("self)") || text[at..].starts_with("self,") {
                declared.push((file, at));
            }
        }
    }
    // Of two methods of one name nobody knows which is called.
    let [(file, at)] = declared[..] else { return Vec::new() };
    let lent = ["&self", "&mut self"].map(|receiver| {
        let mut proposal = case.replace("lend the receiver, which is enough", at..at + "self".len(), receiver);
        proposal.parts[0].file = file.clone();
        proposal
    });
    lent.to_vec()
}

/// A reference is handed out of a method that takes its receiver: nothing that it could be lent from lives on.
fn lent_to_hand_out(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (signature, _) = nodes.function_at(&case.place)?;
    let receiver = signature.receiver().filter(|it| it.reference.is_none() && it.colon_token.is_none())?;
    let lends = signature
        .inputs
        .iter()
        .any(|input| matches!(input, FnArg::Typed(it) if case.at(&bytes(it.ty.span())).contains('&')));
    let in_output = covers(&signature.output, &case.place);
    let handed_out = case.text.get(case.place.start..).is_some_and(|rest| rest.starts_with("&mut "));
    let sign = if handed_out { "&mut self" } else { "&self" };
    (in_output && !lends)
        .then(|| case.replace("lend the receiver that something is handed out of", bytes(receiver.span()), sign))
}

/// A method of iterators is called on a collection: its items are asked for, lent.
fn asked_for_its_items(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let is_collection =
        case.labels().iter().any(|(place, label)| *place == case.place && label.ends_with("is not an iterator"));
    let kind = *quoted(&case.error.message).get(1)?;
    let has_items = ["Vec<", "[", "VecDeque<", "BTreeMap<", "HashMap<", "BTreeSet<", "HashSet<"]
        .iter()
        .any(|head| kind.trim_start_matches('&').starts_with(head));
    let receiver = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if bytes(call.method.span()) == case.place => Some(bytes(call.receiver.span())),
        _ => None,
    })?;
    (is_collection && has_items).then(|| case.replace("ask for its items", receiver.end..receiver.end, ".iter()"))
}
