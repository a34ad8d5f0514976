//! Restricted visibility, and names of calling conventions.
//!
//! It leaves to others: what is not visible where it is used (`names`).
use super::case::{Case, Nodes, covers};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use syn::Item;

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    match case.code() {
        "E0577" | "E0704" | "E0742" => restricted(case),
        "E0045" | "E0570" | "E0703" => calling_convention(case).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The places that `pub(..)` may name: the module of that name around it, the next one, the crate.
fn restricted(case: &Case<'_>) -> Vec<Proposal> {
    let Some(open) = case.text[..case.place.start].rfind("pub") else { return Vec::new() };
    let Some(length) = case.text[open..].find(')') else { return Vec::new() };
    let place = open..open + length + 1;
    let text = case.at(&place);
    if !place.contains(&case.place.start) || !text[3..].trim_start().starts_with('(') {
        return Vec::new();
    }
    let wanted = case.pointed().rsplit("::").next().unwrap_or_default();
    let around = modules(case.text, place.start);
    let mut levels = Vec::new();
    if let Some(index) = around.iter().position(|name| name == wanted) {
        levels.push(format!("pub(in crate::{})", around[..=index].join("::")));
    }
    if !around.is_empty() {
        levels.push("pub(super)".to_owned());
    }
    levels.push("pub(crate)".to_owned());
    levels.into_iter().map(|text| case.replace("visible where it can be", place.clone(), text)).collect()
}

/// The names of the modules around a place, the outermost first; read off the text, which may not parse for what is wrong in it.
fn modules(text: &str, at: usize) -> Vec<String> {
    let mut open: Vec<Option<&str>> = Vec::new();
    let mut last: [&str; 2] = ["", ""];
    let (mut seen, mut names) = (0, words(text).into_iter().peekable());
    for (place, sign) in text.match_indices(['{', '}']).take_while(|(place, _)| *place < at) {
        while let Some(word) = names.next_if(|word| word.at < place) {
            (last, seen) = ([last[1], word.text], word.at + word.text.len());
        }
        if sign == "}" {
            open.pop();
        } else {
            let is_module = last[0] == "mod" && text[seen..place].trim().is_empty();
            open.push(is_module.then_some(last[1]));
        }
    }
    open.into_iter().flatten().map(str::to_owned).collect()
}

/// A convention that there is not, or not here, or that cannot take any number of arguments: that of C, which `extern` alone stands for.
fn calling_convention(case: &Case<'_>) -> Option<Proposal> {
    let nodes: Nodes<'_> = case.nodes();
    let named = |abi: &syn::Abi| abi.name.as_ref().map(|it| bytes(it.span()));
    let signatures = nodes.functions.iter().filter_map(|(it, _)| it.abi.as_ref().and_then(named));
    let blocks = case.tree.iter().flat_map(|it| &it.items).filter_map(|it| match it {
        Item::ForeignMod(it) if covers(it, &case.place) => named(&it.abi),
        _ => None,
    });
    let place = signatures
        .filter(|it| it.start <= case.place.end && case.place.start <= it.end)
        .chain(blocks)
        .next()
        .or_else(|| case.pointed().starts_with('"').then(|| case.place.clone()))?;
    Some(case.replace("the calling convention of C", place, "\"C\""))
}
