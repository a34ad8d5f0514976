//! Traits used as types and bounds: what a trait object must say, which traits can be one, and what is no trait at all.
//!
//! What nobody has said (an associated type, a parameter) becomes a parameter of the item around it, or is what the one implementation of
//! the trait says. It leaves to others: lifetimes (`lifetimes`), implementations (`impls`).
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::{Proposal, Rung};
use crate::repair::syntax::{bytes, words};
use flightsmith_toolchain::diagnostics::edits_of;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{FnArg, Generics, ImplItem, Item, TraitItem, TypeParamBound};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0038" => usable_as_object(case, &nodes).into_iter().collect(),
        "E0191" | "E0393" | "E0107" => holes_in_types(case, &nodes),
        "E0223" | "E0790" | "E0283" => of_the_implementing_type(case, &nodes),
        "E0224" => any_that_lives(case).into_iter().collect(),
        "E0225" => joined(case, &nodes).into_iter().collect(),
        "E0391" => cycle_of_traits(case, &nodes).into_iter().collect(),
        "E0404" => {
            let of_alias = trait_of_the_alias(case, &nodes);
            of_alias.or_else(|| the_type_itself(case, &nodes)).into_iter().collect()
        }
        "E0161" => lent_receiver(case, &nodes).into_iter().collect(),
        "E0220" => declared_type(case, &nodes).into_iter().collect(),
        "E0307" | "E0801" => plain_receiver(case, &nodes).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Methods that no object can have are not asked of one; nor is a known size.
fn usable_as_object(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let mut parts: Vec<(Range<usize>, String)> = Vec::new();
    for (place, label) in case.labels().into_iter().filter(|(_, label)| label.contains("because")) {
        let Some(declared) = nodes.traits.iter().find(|it| covers(*it, &place)) else { continue };
        if label.contains("requires `Self: Sized`") {
            parts.extend(without_bound(case, declared, &place));
            continue;
        }
        let method = declared.items.iter().find_map(|it| match it {
            TraitItem::Fn(it) if covers(it, &place) => Some(it),
            _ => None,
        });
        let Some(method) = method else { continue };
        let part = match &method.sig.generics.where_clause {
            Some(asked) => {
                let end = bytes(asked.span()).end;
                let comma = if asked.predicates.trailing_punct() { "" } else { "," };
                (end..end, format!("{comma} Self: Sized"))
            }
            None => {
                let end = bytes(method.sig.span()).end;
                (end..end, " where Self: Sized".to_owned())
            }
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    (!parts.is_empty()).then(|| case.all("no method of a trait object", parts))
}

/// A supertrait at `place` taken out, with its sign.
fn without_bound(case: &Case<'_>, it: &syn::ItemTrait, place: &Range<usize>) -> Option<(Range<usize>, String)> {
    let index = it.supertraits.iter().position(|bound| covers(bound, place))?;
    let rest: Vec<&str> = it
        .supertraits
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != index)
        .map(|(_, bound)| case.at(&bytes(bound.span())))
        .collect();
    let (first, last) = (it.supertraits.first()?, it.supertraits.last()?);
    let (start, end) = (bytes(it.colon_token.as_ref()?.span).start, bytes(last.span()).end);
    if rest.is_empty() {
        let start = case.text[..start].trim_end().len();
        return Some((start..end, String::new()));
    }
    Some((bytes(first.span()).start..end, rest.join(" + ")))
}

/// Types in this file that have the trait.
fn implementing<'t>(case: &Case<'t>, nodes: &Nodes<'_>, of: &str) -> Vec<&'t str> {
    let named = nodes.impls.iter().filter(|it| {
        it.trait_.as_ref().and_then(|(_, path, _)| path.segments.last()).is_some_and(|last| last.ident == of)
            && it.generics.params.is_empty()
    });
    named.map(|it| case.at(&bytes(it.self_ty.span()))).collect()
}

/// `/* Type */` in a suggestion about a type: what the one implementation has, else a parameter of the item around it.
fn holes_in_types(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for edit in edits_of(case.error) {
        let [part] = &edit.parts[..] else { continue };
        if part.file != case.file || !part.text.contains("/*") || part.text.contains('(') {
            continue;
        }
        if let Some(text) = as_implemented(case, nodes, &part.text) {
            proposals.push(case.replace("the type that is implemented", part.start..part.end, text));
        }
        let place = part.start..part.end;
        let Some((generics, end)) = owner(nodes, &place) else { continue };
        let taken = words(case.text);
        let mut free =
            ["T", "U", "V", "W", "X", "Y", "Z"].into_iter().filter(|it| !taken.iter().any(|word| word.text == *it));
        let (mut text, mut names) = (part.text.clone(), Vec::new());
        while let (Some(open), Some(close)) = (text.find("/*"), text.find("*/")) {
            let Some(name) = free.next() else { break };
            text.replace_range(open..close + 2, name);
            names.push(name);
        }
        if text.contains("/*") {
            continue;
        }
        let declared = match generics.params.last() {
            Some(last) => (bytes(last.span()).end..bytes(last.span()).end, format!(", {}", names.join(", "))),
            None => (end..end, format!("<{}>", names.join(", "))),
        };
        proposals.push(case.all("a parameter for what is not said", vec![declared, (place, text)]));
    }
    proposals
}

/// `<Item = /* Type */>` with the type that the only implementation in the file has under that name.
fn as_implemented(case: &Case<'_>, nodes: &Nodes<'_>, text: &str) -> Option<String> {
    let (head, tail) = text.split_once(" = /*")?;
    let name = words(head).last()?.text;
    let mut given = nodes.impls.iter().flat_map(|it| &it.items).filter_map(|it| match it {
        ImplItem::Type(it) if it.ident == name => Some(case.at(&bytes(it.ty.span()))),
        _ => None,
    });
    let (found, None) = (given.next()?, given.next()) else { return None };
    let behind = tail.split_once("*/")?.1;
    (!behind.contains("/*")).then(|| format!("{head} = {found}{behind}"))
}

/// The generics of the innermost item whose declaration holds the place, and where they would begin. `main` cannot have any.
fn owner<'n>(nodes: &Nodes<'n>, place: &Range<usize>) -> Option<(&'n Generics, usize)> {
    let functions = nodes.functions.iter().filter(|(it, _)| it.ident != "main");
    let functions = functions.map(|(it, _)| (bytes(it.span()), &it.generics, &it.ident));
    let structs = nodes.structs.iter().map(|it| (bytes(it.span()), &it.generics, &it.ident));
    let aliases = nodes.aliases.iter().map(|it| (bytes(it.span()), &it.generics, &it.ident));
    let enums = nodes.enums.iter().map(|it| (bytes(it.span()), &it.generics, &it.ident));
    functions
        .chain(structs)
        .chain(aliases)
        .chain(enums)
        .filter(|(whole, ..)| whole.start <= place.start && place.end <= whole.end)
        .min_by_key(|(whole, ..)| whole.len())
        .map(|(_, generics, ident)| (generics, bytes(ident.span()).end))
}

/// `<Example as Trait>::X`, `/* self type */`: a type of this file that has the trait.
fn of_the_implementing_type(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for edit in edits_of(case.error) {
        for hole in ["Example", "/* self type */", "/* Type */"] {
            let [first, ..] = &edit.parts[..] else { continue };
            let whole: String = edit.parts.iter().map(|part| part.text.as_str()).collect();
            let declared = nodes.traits.iter().find(|it| {
                let name = it.ident.to_string();
                let said = |text: &str| words(text).iter().any(|word| word.text == name);
                said(&whole) || quoted(&case.error.message).into_iter().any(said) || said(case.pointed())
            });
            let (Some(declared), true) = (declared, whole.contains(hole) && first.file == case.file) else { continue };
            for kind in implementing(case, nodes, &declared.ident.to_string()) {
                let mut parts = edit.parts.clone();
                for part in &mut parts {
                    part.text = part.text.replace(hole, kind);
                }
                proposals.push(Proposal {
                    rung: Rung::Structural,
                    rule: "the type that has the trait".into(),
                    record: None,
                    parts,
                });
            }
        }
    }
    proposals
}

/// Whatever lives as long as the program is `Any`: to ask for it asks for nothing more.
fn any_that_lives(case: &Case<'_>) -> Option<Proposal> {
    let text = case.pointed();
    let sign = if text.trim_end().ends_with('+') { " std::any::Any" } else { " + std::any::Any" };
    let end = case.place.start + text.trim_end().len();
    text.contains("'static").then(|| case.replace("any type that lives so long", end..end, sign))
}

/// Two traits that an object cannot have at once, in one trait of ours that everything with both has.
fn joined(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    const AUTO: [&str; 5] = ["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe"];
    let object = nodes.trait_objects.iter().find(|it| covers(**it, &case.place))?;
    let (mut of_one, mut rest, mut name) = (Vec::new(), Vec::new(), String::new());
    for bound in &object.bounds {
        let text = case.at(&bytes(bound.span()));
        match bound {
            TypeParamBound::Trait(it)
                if !it.path.segments.last().is_some_and(|it| AUTO.iter().any(|auto| it.ident == auto)) =>
            {
                name.push_str(&it.path.segments.last()?.ident.to_string());
                of_one.push(text);
            }
            _ => rest.push(text),
        }
    }
    let is_free = !words(case.text).iter().any(|word| word.text == name);
    let at = item_start(&case.tree.as_ref()?.items, &case.place)?;
    let bounds = of_one.join(" + ");
    let indent = case.indent(at);
    let declared =
        format!("trait {name}: {bounds} {{}}\n\n{indent}impl<T: {bounds} + ?Sized> {name} for T {{}}\n\n{indent}");
    rest.insert(0, &name);
    let (first, last) = (object.bounds.first()?, object.bounds.last()?);
    let place = bytes(first.span()).start..bytes(last.span()).end;
    is_free.then(|| case.all("one trait for both", vec![(at..at, declared), (place, rest.join(" + "))]))
}

/// Where the item that holds the place begins, in the innermost module around it.
fn item_start(items: &[Item], place: &Range<usize>) -> Option<usize> {
    let item = items.iter().find(|it| covers(*it, place))?;
    match item {
        Item::Mod(it) => item_start(&it.content.as_ref()?.1, place),
        _ => Some(bytes(item.span()).start),
    }
}

/// Of traits that each ask for the other, the last asks no more.
fn cycle_of_traits(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let labels = case.labels();
    let (place, _) = labels.iter().rfind(|(_, label)| label.contains("requires computing the super predicates"))?;
    let declared = nodes.traits.iter().find(|it| covers(*it, place))?;
    let part = without_bound(case, declared, place)?;
    Some(case.all("only one of them asks for the other", vec![part]))
}

/// An alias is no trait: the trait that it names.
fn trait_of_the_alias(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let alias = nodes.aliases.iter().find(|it| it.ident == case.pointed() && it.generics.params.is_empty())?;
    let text = case.at(&bytes(alias.ty.span())).trim_start_matches("dyn ");
    Some(case.replace("the trait that the alias names", case.place.clone(), text))
}

/// A type as a bound of a parameter: nothing but the type itself was meant.
fn the_type_itself(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (signature, block) = nodes.functions.iter().copied().find(|(it, _)| covers(&it.generics, &case.place))?;
    let [syn::GenericParam::Type(only)] = &signature.generics.params.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    if only.bounds.len() != 1 || !covers(only, &case.place) {
        return None;
    }
    let name = only.ident.to_string();
    let generics = bytes(signature.generics.lt_token.span()).start..bytes(signature.generics.gt_token.span()).end;
    let whole = generics.end..block.map_or(bytes(signature.span()).end, |block| bytes(block.span()).end);
    let mut parts = vec![(generics, String::new())];
    for word in words(case.at(&whole)).into_iter().filter(|word| word.text == name) {
        let at = whole.start + word.at;
        parts.push((at..at + name.len(), case.pointed().to_owned()));
    }
    Some(case.all("the type itself", parts))
}

/// An object cannot be moved into a method: the trait's method takes it lent, in all implementations.
fn lent_receiver(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let called = nodes.expressions.iter().find_map(|it| match it {
        syn::Expr::MethodCall(call) if bytes(call.receiver.span()) == case.place => Some(&call.method),
        _ => None,
    })?;
    let of_traits = nodes.traits.iter().flat_map(|it| &it.items).filter_map(|it| match it {
        TraitItem::Fn(it) if it.sig.ident == *called => Some(&it.sig),
        _ => None,
    });
    let of_impls = nodes.impls.iter().filter(|it| it.trait_.is_some()).flat_map(|it| &it.items);
    let of_impls = of_impls.filter_map(|it| match it {
        ImplItem::Fn(it) if it.sig.ident == *called => Some(&it.sig),
        _ => None,
    });
    let mut parts = Vec::new();
    for signature in of_traits.chain(of_impls) {
        if let Some(FnArg::Receiver(own)) = signature.inputs.first()
            && own.reference.is_none()
            && own.colon_token.is_none()
        {
            parts.push((bytes(own.span()), "&self".to_owned()));
        }
    }
    (!parts.is_empty()).then(|| case.all("lent to the method", parts))
}

/// `Self::Part` in a trait that does not declare it.
fn declared_type(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let before = case.text[..case.place.start].trim_end();
    let declared = nodes.traits.iter().find(|it| covers(*it, &case.place)).filter(|_| before.ends_with("Self::"))?;
    let open = bytes(declared.brace_token.span.open()).end;
    let indent = case.indent(bytes(declared.span()).start);
    Some(case.replace("the trait declares it", open..open, format!("\n{indent}    type {};", case.pointed())))
}

/// A receiver of a type that is none, or could be any: what all of them give is a borrow.
fn plain_receiver(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (signature, _) = nodes.function_at(&case.place)?;
    let Some(FnArg::Receiver(own)) = signature.inputs.first() else { return None };
    own.colon_token.as_ref()?;
    let mut parts = vec![(bytes(own.span()), "&self".to_owned())];
    let kind = case.at(&bytes(own.ty.span()));
    // The parameter that was only the receiver's type goes with it.
    let inputs = signature.inputs.iter().skip(1).map(|it| case.at(&bytes(it.span())));
    let mut elsewhere = inputs.chain([case.at(&bytes(signature.output.span()))]);
    let [only] = &signature.generics.params.iter().collect::<Vec<_>>()[..] else {
        return Some(case.all("a plain receiver", parts));
    };
    let is_that = matches!(only, syn::GenericParam::Type(it) if it.ident == kind);
    if is_that && !elsewhere.any(|text| words(text).iter().any(|word| word.text == kind)) {
        parts.push((bytes(signature.ident.span()).end..bytes(signature.paren_token.span.open()).start, String::new()));
        parts.extend(signature.generics.where_clause.as_ref().map(|it| (bytes(it.span()), String::new())));
    }
    Some(case.all("a plain receiver", parts))
}
