//! Signatures: an implementation's against its trait's, type parameters, `main`, functions without bodies.
//!
//! It leaves to others: what is called with which arguments (`types`).
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{FnArg, ImplItem, Signature, TraitItem};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0049" | "E0050" | "E0053" | "E0185" | "E0186" | "E0195" | "E0276" | "E0643" => {
            as_the_trait_has_it(case, &nodes)
        }
        "E0407" | "E0437" | "E0438" => declared_in_the_trait(case, &nodes),
        "E0131" | "E0044" | "E0091" | "E0392" | "E0128" | "E0229" => type_parameters(case, &nodes),
        "E0130" | "E0561" | "E0642" => no_pattern(case),
        "E0728" | "E0752" => asynchronous(case, &nodes),
        "E0379" | "E0697" | "E0197" | "E0198" | "E0449" | "E0670" => word_removed(case),
        "E0496" => inner_lifetime(case, &nodes),
        _ => Vec::new(),
    }
}

/// The implementation's signature becomes the trait's; names of parameters stay where there are as many.
fn as_the_trait_has_it(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some((own, Some(_))) = nodes.function_at(&case.place) else { return Vec::new() };
    let declared = nodes.traits.iter().flat_map(|it| &it.items).find_map(|item| match item {
        TraitItem::Fn(it) if it.sig.ident == own.ident => Some(&it.sig),
        _ => None,
    });
    let Some(declared) = declared else { return Vec::new() };
    let mut parts = Vec::new();
    let name_end = bytes(own.ident.span()).end;
    let open = bytes(own.paren_token.span.join()).start;
    let generics = &declared.generics;
    let generics_text = if generics.params.is_empty() { "" } else { case.at(&bytes(generics.span())) };
    let same_generics = case.text[name_end..open] == *generics_text;
    if !same_generics {
        parts.push((name_end..open, generics_text.to_owned()));
    }
    let inside = |signature: &Signature| {
        let whole = bytes(signature.paren_token.span.join());
        whole.start + 1..whole.end - 1
    };
    if own.inputs.len() == declared.inputs.len() {
        for (one, other) in own.inputs.iter().zip(&declared.inputs) {
            match (one, other) {
                (FnArg::Typed(one), FnArg::Typed(other)) => {
                    let (place, wanted) = (bytes(one.ty.span()), case.at(&bytes(other.ty.span())));
                    if case.at(&place) != wanted {
                        parts.push((place, wanted.to_owned()));
                    }
                }
                _ => parts.push((bytes(one.span()), case.at(&bytes(other.span())).to_owned())),
            }
        }
    } else {
        parts.push((inside(own), case.at(&inside(declared)).to_owned()));
    }
    let returns = |signature: &Signature| bytes(signature.output.span());
    let (own_returns, wanted) = (returns(own), case.at(&returns(declared)));
    let output_is_default = matches!(own.output, syn::ReturnType::Default);
    if !output_is_default && case.at(&own_returns) != wanted && !matches!(declared.output, syn::ReturnType::Default) {
        parts.push((own_returns, wanted.to_owned()));
    }
    let (own_where, wanted_where) = (own.generics.where_clause.as_ref(), declared.generics.where_clause.as_ref());
    match (own_where, wanted_where) {
        (Some(own), None) => parts.push((bytes(own.span()), String::new())),
        (Some(own), Some(wanted)) => parts.push((bytes(own.span()), case.at(&bytes(wanted.span())).to_owned())),
        _ => {}
    }
    parts.retain(|(place, text)| case.at(place) != text);
    if parts.is_empty() { Vec::new() } else { vec![case.all("the signature as the trait has it", parts)] }
}

/// What an implementation has and its trait lacks: the trait declares it; where the trait is another's, it stands on the type itself.
fn declared_in_the_trait(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some(own) = nodes.impl_at(&case.place) else { return Vec::new() };
    let Some(item) = own.items.iter().find(|item| covers(*item, &case.place)) else { return Vec::new() };
    let mut proposals = Vec::new();
    if let Some(declared) = nodes.trait_of(own) {
        let text = match item {
            ImplItem::Fn(it) => format!("{};", case.at(&bytes(it.sig.span()))),
            ImplItem::Type(it) => format!("type {};", it.ident),
            ImplItem::Const(it) => format!("const {}: {};", it.ident, case.at(&bytes(it.ty.span()))),
            _ => return proposals,
        };
        let close = bytes(declared.brace_token.span.close()).start;
        let is_empty = declared.items.is_empty();
        let indent = case.indent(bytes(declared.span()).start);
        let text = if is_empty { format!("\n{indent}    {text}\n{indent}") } else { format!("    {text}\n{indent}") };
        proposals.push(case.replace("the trait declares it", close..close, text));
    }
    if let ImplItem::Fn(it) = item {
        let (place, end) = (case.lines(&bytes(it.span())), case.lines(&bytes(own.span())).end);
        let kind = case.at(&bytes(own.self_ty.span()));
        let generics = if own.generics.params.is_empty() { "" } else { case.at(&bytes(own.generics.span())) };
        let moved = format!("\nimpl{generics} {kind} {{\n{}}}\n", case.at(&place));
        proposals.push(case.all("it stands on the type itself", vec![(place, String::new()), (end..end, moved)]));
    }
    proposals
}

/// A type parameter that nothing uses, or that may not be there.
fn type_parameters(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let around = nodes.generics.iter().copied().find(|it| !it.params.is_empty() && covers(*it, &case.place));
    let mut proposals = Vec::new();
    match case.code() {
        "E0131" => {
            proposals.extend(around.map(|it| case.replace("main is not generic", bytes(it.span()), "")));
        }
        "E0128" => {
            let Some(generics) = around else { return proposals };
            let params: Vec<&str> = generics.params.iter().map(|it| case.at(&bytes(it.span()))).collect();
            let (Some(index), Some(first), Some(last)) = (
                generics.params.iter().position(|it| covers(it, &case.place)),
                generics.params.first(),
                generics.params.last(),
            ) else {
                return proposals;
            };
            let mut ordered = params.clone();
            let moved = ordered.remove(index);
            ordered.push(moved);
            let place = bytes(first.span()).start..bytes(last.span()).end;
            proposals.push(case.replace("declared before it is used", place, ordered.join(", ")));
        }
        "E0044" => {
            let Some((signature, _)) = nodes.functions.iter().find(|(it, _)| covers(*it, &case.place)).or(None) else {
                return foreign_generics(case);
            };
            let _ = signature;
            proposals.extend(foreign_generics(case));
        }
        _ => {
            if let Some(generics) = around {
                proposals.extend(parameter_removed(case, nodes, generics));
            }
            if case.code() == "E0392" {
                proposals.extend(marked(case, nodes));
            }
        }
    }
    proposals
}

/// The parameter is taken out, and where the type is named with arguments, those are as well.
fn parameter_removed(case: &Case<'_>, nodes: &Nodes<'_>, generics: &syn::Generics) -> Option<Proposal> {
    let _ = nodes;
    let whole = bytes(generics.span());
    let rest: Vec<&str> =
        generics.params.iter().filter(|it| !covers(*it, &case.place)).map(|it| case.at(&bytes(it.span()))).collect();
    let text = if rest.is_empty() { String::new() } else { format!("<{}>", rest.join(", ")) };
    Some(case.replace("no parameter that nothing uses", whole, text))
}

/// A field that holds nothing and names the parameter.
fn marked(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let it = nodes.structs.iter().find(|it| covers(&it.generics, &case.place))?;
    let name = case.pointed();
    let marker = match name.strip_prefix('\'') {
        Some(_) => format!("core::marker::PhantomData<&{name} ()>"),
        None => format!("core::marker::PhantomData<{name}>"),
    };
    match &it.fields {
        syn::Fields::Named(fields) => {
            let close = bytes(fields.brace_token.span.close()).start;
            Some(case.replace("a marker for the parameter", close..close, format!("    marker: {marker},\n")))
        }
        syn::Fields::Unnamed(fields) => {
            let close = bytes(fields.paren_token.span.close()).start;
            let comma = if fields.unnamed.is_empty() { "" } else { ", " };
            Some(case.replace("a marker for the parameter", close..close, format!("{comma}{marker}")))
        }
        syn::Fields::Unit => {
            let end = bytes(it.generics.span()).end;
            Some(case.replace("a marker for the parameter", end..end, format!("({marker})")))
        }
    }
}

/// A foreign function takes types of a known size; the compiler names one.
fn foreign_generics(case: &Case<'_>) -> Vec<Proposal> {
    let text = case.pointed();
    let named = case
        .said()
        .iter()
        .find_map(|said| quoted(said).into_iter().find(|part| part.chars().all(char::is_alphanumeric)));
    let (Some(open), Some(close), Some(kind)) = (text.find('<'), text.find('>'), named) else { return Vec::new() };
    let parameters: Vec<&str> = text[open + 1..close].split(',').map(str::trim).collect();
    let mut parts = vec![(case.place.start + open..case.place.start + close + 1, String::new())];
    for word in words(&text[close..]).into_iter().filter(|word| parameters.contains(&word.text)) {
        let at = case.place.start + close + word.at;
        parts.push((at..at + word.text.len(), kind.to_owned()));
    }
    vec![case.all("a type that foreign code has", parts)]
}

/// A pattern where only a name may stand.
fn no_pattern(case: &Case<'_>) -> Vec<Proposal> {
    let names: Vec<&str> = words(case.pointed())
        .into_iter()
        .map(|word| word.text)
        .filter(|word| !["mut", "ref", "box"].contains(word))
        .collect();
    let name = if names.is_empty() { "_".to_owned() } else { names.join("_") };
    vec![case.replace("a name, no pattern", case.place.clone(), name)]
}

/// `await` in what is not `async`: the function becomes so; a closure given to `for_each` becomes a loop.
fn asynchronous(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for it in &nodes.expressions {
        let syn::Expr::MethodCall(call) = it else { continue };
        if call.method == "for_each"
            && covers(call, &case.place)
            && let Some(syn::Expr::Closure(closure)) = call.args.first()
            && let Some(pattern) = closure.inputs.first()
            && let syn::Expr::Block(body) = &*closure.body
        {
            let text = format!(
                "for {} in {} {}",
                case.at(&bytes(pattern.span())),
                case.at(&bytes(call.receiver.span())),
                case.at(&bytes(body.span()))
            );
            let end = bytes(call.span()).end;
            let end = if case.text[end..].starts_with(';') { end + 1 } else { end };
            proposals.push(case.replace("a loop, in which may be waited", bytes(call.span()).start..end, text));
        }
    }
    if let Some((signature, _)) = nodes.function_at(&case.place)
        && signature.asyncness.is_none()
        && signature.ident != "main"
    {
        let at = bytes(signature.fn_token.span()).start;
        proposals.push(case.replace("an async function", at..at, "async "));
    }
    proposals
}

/// A word that may not stand here.
fn word_removed(case: &Case<'_>) -> Vec<Proposal> {
    let mut places = vec![case.place.clone()];
    places.extend(case.labels().into_iter().map(|(place, _)| place));
    let is_word = |place: &&Range<usize>| {
        ["const", "static", "unsafe", "pub", "async", "default", "pub(crate)"].contains(&case.at(place))
    };
    let found = places.iter().find(is_word);
    found
        .map(|place| {
            let space = usize::from(case.text[place.end..].starts_with(' '));
            case.replace("a word that may not stand here", place.start..place.end + space, "")
        })
        .into_iter()
        .collect()
}

/// A lifetime that hides one around it: renamed in its function.
fn inner_lifetime(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let name = case.pointed();
    let Some((signature, block)) = nodes.function_at(&case.place) else { return Vec::new() };
    let whole =
        bytes(signature.ident.span()).start..block.map_or(bytes(signature.span()).end, |it| bytes(it.span()).end);
    let fresh = ["'b", "'c", "'d", "'e"].into_iter().find(|fresh| !case.text.contains(fresh));
    let Some(fresh) = fresh else { return Vec::new() };
    let parts: Vec<_> = case
        .at(&whole)
        .match_indices(name)
        .filter(|(at, _)| !case.at(&whole)[at + name.len()..].starts_with(|c: char| c == '_' || c.is_alphanumeric()))
        .map(|(at, _)| (whole.start + at..whole.start + at + name.len(), fresh.to_owned()))
        .collect();
    if parts.is_empty() { Vec::new() } else { vec![case.all("a lifetime of its own name", parts)] }
}
