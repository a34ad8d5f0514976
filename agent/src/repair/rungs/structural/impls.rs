//! Implementations that stand on the wrong type, ask for more than the type has, or say twice what a derive says.
//!
//! A type of somebody else gets its methods through a trait of ours; `Drop` and `Copy` stand on the type itself, with its own parameters. It
//! leaves to others: single signatures (`signatures`), and items that an implementation lacks (`missing_items`).
use super::attributes::split_at_commas;
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, ImplItem, Type};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0116" | "E0118" | "E0390" | "E0785" => {
            let mut proposals = Vec::from_iter(on_the_type_itself(case, &nodes));
            proposals.extend(through_a_trait(case, &nodes));
            proposals
        }
        "E0120" | "E0206" => {
            on_the_type_itself(case, &nodes).or_else(|| on_a_holder(case, &nodes)).into_iter().collect()
        }
        "E0366" => parameters_of_the_type(case, &nodes).into_iter().collect(),
        "E0367" => bound_of_the_type(case, &nodes).into_iter().collect(),
        "E0119" | "E0184" | "E0204" => not_derived(case, &nodes).into_iter().collect(),
        "E0207" => parameter_where_it_is_used(case, &nodes),
        "E0275" => not_asked(case, &nodes).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// `impl Copy for &Place`: what the reference points at is meant. Methods that took the reference by value take it as a reference.
fn on_the_type_itself(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.impl_at(&case.place)?;
    let Type::Reference(reference) = &*own.self_ty else { return None };
    let target = case.at(&bytes(reference.elem.span()));
    let name = target.split(['<', ' ']).next()?;
    let is_ours = nodes.structs.iter().any(|it| it.ident == name) || nodes.enums.iter().any(|it| it.ident == name);
    if !is_ours {
        return None;
    }
    let sign = if reference.mutability.is_some() { "&mut " } else { "&" };
    let mut parts = vec![(bytes(own.self_ty.span()), target.to_owned())];
    for item in &own.items {
        let ImplItem::Fn(it) = item else { continue };
        // A trait's signatures are the trait's.
        for input in it.sig.inputs.iter().filter(|_| own.trait_.is_none()) {
            let place = match input {
                FnArg::Receiver(receiver) if receiver.reference.is_none() && receiver.colon_token.is_none() => {
                    bytes(receiver.self_token.span)
                }
                FnArg::Typed(typed) if case.at(&bytes(typed.ty.span())) == "Self" => bytes(typed.ty.span()),
                _ => continue,
            };
            parts.push((place.start..place.start, sign.to_owned()));
        }
    }
    Some(case.all("it stands on the type itself", parts))
}

/// `impl Drop for dyn Part`: a type of ours that holds it.
fn on_a_holder(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.impl_at(&case.place)?;
    let Type::TraitObject(object) = &*own.self_ty else { return None };
    let name = format!("{}Holder", last_name(case, &bytes(object.span()))?);
    if words(case.text).iter().any(|word| word.text == name) || !own.generics.params.is_empty() {
        return None;
    }
    let start = bytes(own.span()).start;
    let indent = case.indent(start);
    let kind = case.at(&bytes(object.span()));
    let mut parts =
        vec![(start..start, format!("struct {name}(Box<{kind}>);\n\n{indent}")), (bytes(own.self_ty.span()), name)];
    for it in &nodes.expressions {
        if matches!(it, syn::Expr::Path(path) if path.path.is_ident("self")) && covers(own, &bytes(it.span())) {
            let end = bytes(it.span()).end;
            parts.push((end..end, ".0".to_owned()));
        }
    }
    Some(case.all("a type of ours that holds it", parts))
}

/// The last name with a capital letter in a type, or its last name made so.
fn last_name(case: &Case<'_>, place: &Range<usize>) -> Option<String> {
    let text = case.at(place);
    let head = text.split('<').next().filter(|head| words(head).iter().any(|word| word.text != "dyn")).unwrap_or(text);
    let found = words(head);
    let name = found.iter().rev().find(|word| !["dyn", "mut", "const", "static"].contains(&word.text))?.text;
    let mut letters = name.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

/// Methods of a type that is not ours come through a trait that is.
fn through_a_trait(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.impl_at(&case.place)?;
    if own.trait_.is_some() {
        return None;
    }
    let kind = bytes(own.self_ty.span());
    let name = format!("{}Ext", last_name(case, &kind)?);
    if words(case.text).iter().any(|word| word.text == name) {
        return None;
    }
    let mut parts = Vec::new();
    let mut declared = String::new();
    let mut is_public = false;
    for item in &own.items {
        let (text, visibility) = match item {
            ImplItem::Fn(it) => {
                let whole = bytes(it.sig.span());
                let signature =
                    case.at(&whole).replace("(mut self", "(self").replace(", mut ", ", ").replace("(mut ", "(");
                if let Some(word) = &it.sig.constness {
                    let place = bytes(word.span);
                    parts.push((place.start..place.end + 1, String::new()));
                }
                (format!("{};", signature.trim_start_matches("const ")), &it.vis)
            }
            ImplItem::Const(it) => (format!("const {}: {};", it.ident, case.at(&bytes(it.ty.span()))), &it.vis),
            _ => return None,
        };
        declared.push_str(&format!("    {text}\n"));
        if !matches!(visibility, syn::Visibility::Inherited) {
            is_public |= matches!(visibility, syn::Visibility::Public(_));
            let place = bytes(visibility.span());
            parts.push((place.start..place.end + 1, String::new()));
        }
    }
    let used: Vec<&GenericParam> =
        own.generics.params.iter().filter(|it| words(&declared).iter().any(|word| word.text == name_of(it))).collect();
    let list = |texts: Vec<String>| if texts.is_empty() { String::new() } else { format!("<{}>", texts.join(", ")) };
    let parameters = list(used.iter().map(|it| case.at(&bytes(it.span())).to_owned()).collect());
    let arguments = list(used.iter().map(|it| with_sign(it)).collect());
    let start = bytes(own.span()).start;
    let visible = if is_public { "pub " } else { "" };
    let body = if declared.is_empty() { "{}".to_owned() } else { format!("{{\n{declared}}}") };
    parts.push((start..start, format!("{visible}trait {name}{parameters} {body}\n\n")));
    parts.push((kind.start..kind.start, format!("{name}{arguments} for ")));
    Some(case.all("a trait of ours gives it these methods", parts))
}

fn name_of(parameter: &GenericParam) -> String {
    match parameter {
        GenericParam::Type(it) => it.ident.to_string(),
        GenericParam::Const(it) => it.ident.to_string(),
        GenericParam::Lifetime(it) => it.lifetime.ident.to_string(),
    }
}

fn with_sign(parameter: &GenericParam) -> String {
    let sign = if matches!(parameter, GenericParam::Lifetime(_)) { "'" } else { "" };
    format!("{sign}{}", name_of(parameter))
}

fn generics_of<'n>(nodes: &Nodes<'n>, own: &syn::ItemImpl) -> Option<(&'n syn::Ident, &'n syn::Generics)> {
    let Type::Path(path) = &*own.self_ty else { return None };
    let name = &path.path.segments.last()?.ident;
    let structs = nodes.structs.iter().map(|it| (&it.ident, &it.generics));
    structs.chain(nodes.enums.iter().map(|it| (&it.ident, &it.generics))).find(|(ident, _)| *ident == name)
}

/// `Drop` is for the type with whatever arguments: the implementation gets the type's own parameters.
fn parameters_of_the_type(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.impl_at(&case.place)?;
    let (name, generics) = generics_of(nodes, own)?;
    let arguments: Vec<String> = generics.params.iter().map(with_sign).collect();
    let parameters: Vec<&str> =
        generics.params.iter().map(|it| case.at(&bytes(it.span())).split(" = ").next().unwrap_or_default()).collect();
    let end = bytes(own.impl_token.span).end;
    let place = if own.generics.lt_token.is_some() {
        bytes(own.generics.lt_token.span()).start..bytes(own.generics.gt_token.span()).end
    } else {
        end..end
    };
    let mut parts = vec![
        (place, format!("<{}>", parameters.join(", "))),
        (bytes(own.self_ty.span()), format!("{name}<{}>", arguments.join(", "))),
    ];
    if let (Some(wanted), None) = (&generics.where_clause, &own.generics.where_clause) {
        let at = bytes(own.self_ty.span()).end;
        parts.push((at..at, format!(" {}", case.at(&bytes(wanted.span())))));
    }
    Some(case.all("for the type with its own parameters", parts))
}

/// What the implementation asks of a parameter the type asks as well.
fn bound_of_the_type(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (name, bound) = quoted(&case.error.message).into_iter().find_map(|part| part.split_once(": "))?;
    let own = nodes.impl_at(&case.place)?;
    let (_, generics) = generics_of(nodes, own)?;
    let Type::Path(path) = &*own.self_ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    let index = arguments.args.iter().position(|it| case.at(&bytes(it.span())) == name)?;
    let parameter = generics.params.iter().nth(index)?;
    let end = match parameter {
        GenericParam::Type(it) => it.bounds.span(),
        GenericParam::Lifetime(it) => it.bounds.span(),
        GenericParam::Const(_) => return None,
    };
    let text = case.at(&bytes(parameter.span()));
    if text.contains(':') {
        let end = bytes(end).end;
        return Some(case.replace("the type asks for it as well", end..end, format!(" + {bound}")));
    }
    let end = bytes(parameter.span()).start + text.split(" =").next().unwrap_or(text).len();
    Some(case.replace("the type asks for it as well", end..end, format!(": {bound}")))
}

/// A trait that the type has already by hand, or cannot have, is not derived.
fn not_derived(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let mut places: Vec<Range<usize>> = case.labels().into_iter().map(|(place, _)| place).collect();
    places.insert(0, case.place.clone());
    let (whole, inner, unwanted) =
        nodes.attributes.iter().filter(|it| it.path().is_ident("derive")).find_map(|it| {
            let whole = bytes(it.span());
            let text = case.at(&whole);
            let inner = whole.start + text.find('(')? + 1..whole.start + text.rfind(')')?;
            let parts = split_at_commas(case.at(&inner), inner.start);
            let is_at =
                |part: &Range<usize>| places.iter().any(|place| part.start <= place.start && place.end <= part.end);
            // Of what a derive makes the error may point at the type.
            let wanted = quoted(&case.error.message).into_iter().next().unwrap_or_default();
            let is_of_type = of_the_type_at(nodes, &case.place).is_some_and(|it| covers_range(&it, &whole));
            let is_named = |part: &Range<usize>| is_of_type && case.at(part).trim().rsplit("::").next() == Some(wanted);
            let found = parts.iter().position(is_at).or_else(|| parts.iter().position(is_named))?;
            Some((whole, inner, parts[found].clone()))
        })?;
    let kept: Vec<&str> = split_at_commas(case.at(&inner), inner.start)
        .iter()
        .filter(|part| **part != unwanted)
        .map(|part| case.at(part).trim())
        .collect();
    if kept.is_empty() {
        let lines = if case.is_alone(&whole) { case.lines(&whole) } else { whole };
        return Some(case.replace("not derived", lines, ""));
    }
    Some(case.replace("not derived", inner, kept.join(", ")))
}

/// All of the type, its attributes included, whose name is at a place.
fn of_the_type_at(nodes: &Nodes<'_>, place: &Range<usize>) -> Option<Range<usize>> {
    let structs = nodes.structs.iter().filter(|it| covers(&it.ident, place)).map(|it| bytes(it.span()));
    structs.chain(nodes.enums.iter().filter(|it| covers(&it.ident, place)).map(|it| bytes(it.span()))).next()
}

fn covers_range(whole: &Range<usize>, part: &Range<usize>) -> bool {
    whole.start <= part.start && part.end <= whole.end
}

/// A bound that asks for itself again and again, and so can never be met, is not asked for.
fn not_asked(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.impl_at(&case.place)?;
    let clause = own.generics.where_clause.as_ref()?;
    let rest: Vec<&str> =
        clause.predicates.iter().filter(|it| !covers(*it, &case.place)).map(|it| case.at(&bytes(it.span()))).collect();
    if rest.len() == clause.predicates.len() {
        return None;
    }
    let whole = bytes(clause.span());
    if rest.is_empty() {
        let start = case.text[..whole.start].trim_end().len();
        return Some(case.replace("a bound that nothing meets", start..whole.end, ""));
    }
    Some(case.replace("a bound that nothing meets", whole, format!("where {}", rest.join(", "))))
}

/// A parameter that the type does not name belongs to the methods that use it, or to nobody, or else the type names it.
fn parameter_where_it_is_used(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some(own) = nodes.impl_at(&case.place) else { return Vec::new() };
    let Some(parameter) = own.generics.params.iter().find(|it| covers(*it, &case.place)) else { return Vec::new() };
    let (name, text) = (name_of(parameter), case.at(&bytes(parameter.span())));
    let uses = |place: &Range<usize>| words(case.at(place)).iter().any(|word| word.text == name);
    let rest: Vec<&str> = own
        .generics
        .params
        .iter()
        .filter(|it| !covers(*it, &case.place))
        .map(|it| case.at(&bytes(it.span())))
        .collect();
    let list = if rest.is_empty() { String::new() } else { format!("<{}>", rest.join(", ")) };
    let place = bytes(own.generics.lt_token.span()).start..bytes(own.generics.gt_token.span()).end;
    let mut parts = vec![(place.clone(), list)];
    let mut proposals = Vec::new();
    let is_asked = own.generics.where_clause.as_ref().is_some_and(|it| uses(&bytes(it.span())));
    let mut only_in_methods = !is_asked && own.trait_.as_ref().is_none_or(|(_, path, _)| !uses(&bytes(path.span())));
    for item in own.items.iter().filter(|item| uses(&bytes(item.span()))) {
        let ImplItem::Fn(it) = item else {
            only_in_methods = false;
            continue;
        };
        only_in_methods &= own.trait_.is_none();
        let (at, declared) = match it.sig.generics.params.last() {
            Some(last) => (bytes(last.span()).end, format!(", {text}")),
            None => (bytes(it.sig.ident.span()).end, format!("<{text}>")),
        };
        parts.push((at..at, declared));
    }
    if only_in_methods {
        proposals.push(case.all("the parameter where it is used", parts));
    }
    proposals.extend(named_by_the_type(case, nodes, own, &name));
    proposals
}

fn named_by_the_type(case: &Case<'_>, nodes: &Nodes<'_>, own: &syn::ItemImpl, name: &str) -> Option<Proposal> {
    let kind = bytes(own.self_ty.span());
    let it = nodes.structs.iter().find(|it| it.ident == case.at(&kind) && it.generics.params.is_empty())?;
    let ident = bytes(it.ident.span()).end;
    let marker = format!("core::marker::PhantomData<{name}>");
    let field = match &it.fields {
        syn::Fields::Unit => (ident..ident, format!("<{name}>({marker})")),
        syn::Fields::Named(fields) => {
            let close = bytes(fields.brace_token.span.close()).start;
            (close..close, format!("    marker: {marker},\n"))
        }
        syn::Fields::Unnamed(fields) => {
            let close = bytes(fields.paren_token.span.close()).start;
            (close..close, format!(", {marker}"))
        }
    };
    let mut parts = vec![field, (kind.end..kind.end, format!("<{name}>"))];
    if !matches!(it.fields, syn::Fields::Unit) {
        parts.push((ident..ident, format!("<{name}>")));
    }
    Some(case.all("the type names the parameter", parts))
}
