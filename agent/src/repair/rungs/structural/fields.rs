//! Fields: what a literal leaves out and is at hand, and names of fields that are spelled alike.
//!
//! No number is invented: a field is filled by what bears its name, or as a field of the same type beside it that begins empty. It leaves
//! to others: parameters and local values of the field's name (`types`).
use super::case::{Case, Nodes, covers, quoted};
use super::names::distance;
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, parse, words};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ItemStruct, Member};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    match case.code() {
        "E0063" => left_out(case, &case.nodes()),
        "E0615" | "E0609" | "E0560" | "E0610" => spelled_alike(case),
        _ => Vec::new(),
    }
}

/// All structs of all files, each with its file's text.
fn structs<T>(case: &Case<'_>, mut look: impl FnMut(&ItemStruct, &str) -> Option<T>) -> Option<T> {
    for text in case.sources.values() {
        let Some(tree) = parse(text) else { continue };
        let mut found = Found::default();
        found.visit_file(&tree);
        if let Some(seen) = found.0.into_iter().find_map(|it| look(it, text)) {
            return Some(seen);
        }
    }
    None
}

#[derive(Default)]
struct Found<'ast>(Vec<&'ast ItemStruct>);

impl<'ast> Visit<'ast> for Found<'ast> {
    fn visit_item_struct(&mut self, it: &'ast ItemStruct) {
        self.0.push(it);
        visit::visit_item_struct(self, it);
    }
}

/// The type of a struct's field, as it is written.
fn type_of_field(case: &Case<'_>, owner: &str, field: &str) -> Option<String> {
    structs(case, |it, text| {
        let declared = it.fields.iter().find(|own| own.ident.as_ref().is_some_and(|ident| ident == field))?;
        (it.ident == owner).then(|| text.get(bytes(declared.ty.span())).map(str::to_owned))?
    })
}

/// The fields that a literal lacks, each with what is at hand for it; nothing if one of them has none.
fn left_out(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some(literal) = nodes.expressions.iter().find_map(|it| match it {
        Expr::Struct(literal) if bytes(literal.path.span()) == case.place => Some(literal),
        _ => None,
    }) else {
        return Vec::new();
    };
    let named = quoted(&case.error.message);
    let Some((owner, missing)) = named.split_last() else { return Vec::new() };
    let owner = owner.rsplit("::").next().unwrap_or(owner);
    // What the function itself binds under that name is nearer than what the value had.
    if missing.iter().any(|field| is_bound(case, nodes, field)) {
        let all = missing.iter().all(|field| is_bound(case, nodes, field));
        let close = bytes(literal.brace_token.span.close()).start;
        let before = case.text[..close].trim_end();
        let comma = if before.ends_with([',', '{']) { "" } else { "," };
        let text = format!("{comma} {} ", missing.join(", "));
        let given = all.then(|| case.replace("the value of that name", before.len()..close, text));
        return given.into_iter().collect();
    }
    let of_self: Option<Vec<String>> = missing.iter().map(|field| of_self(case, nodes, field)).collect();
    let as_beside: Option<Vec<String>> = missing.iter().map(|field| as_beside(case, literal, owner, field)).collect();
    let close = bytes(literal.brace_token.span.close()).start;
    let before = case.text[..close].trim_end();
    let comma = if before.ends_with([',', '{']) { "" } else { "," };
    let put = |values: Vec<String>, rule: &str| {
        let given: Vec<String> = missing.iter().zip(values).map(|(field, value)| format!("{field}: {value}")).collect();
        case.replace(rule, before.len()..close, format!("{comma} {} ", given.join(", ")))
    };
    let mut proposals = Vec::new();
    if let Some(values) = of_self {
        let cloned = values.iter().map(|value| format!("{value}.clone()")).collect();
        proposals.push(put(values, "the field of that name"));
        proposals.push(put(cloned, "the field of that name"));
    }
    proposals.extend(as_beside.map(|values| put(values, "empty, as the field of its type beside it")));
    proposals
}

/// Whether a pattern before the place binds a name that lives there: a parameter's, a binding's, an arm's.
fn is_bound(case: &Case<'_>, nodes: &Nodes<'_>, name: &str) -> bool {
    let Some((signature, Some(block))) = nodes.function_at(&case.place) else { return false };
    let parameter = signature.inputs.iter().any(|input| {
        matches!(input, syn::FnArg::Typed(it) if words(case.at(&bytes(it.pat.span()))).iter().any(|word| word.text == name))
    });
    let binds = |pattern: &syn::Pat| {
        let text = case.at(&bytes(pattern.span()));
        words(text).iter().any(|word| word.text == name)
    };
    let local = nodes.statements.iter().any(|(statement, around)| {
        matches!(statement, syn::Stmt::Local(local) if bytes(local.span()).end <= case.place.start && binds(&local.pat))
            && covers(*around, &case.place)
            && covers(block, &bytes(around.span()))
    });
    let arm =
        nodes.arms.iter().any(|arm| covers(*arm, &case.place) && !covers(&arm.pat, &case.place) && binds(&arm.pat));
    parameter || local || arm
}

/// `self.field`, where the method's own type has a field of that name.
fn of_self(case: &Case<'_>, nodes: &Nodes<'_>, field: &str) -> Option<String> {
    let (signature, _) = nodes.function_at(&case.place)?;
    signature.receiver()?;
    let around = nodes.impls.iter().filter(|it| covers(**it, &case.place)).min_by_key(|it| bytes(it.span()).len())?;
    let syn::Type::Path(own) = &*around.self_ty else { return None };
    let owner = own.path.segments.last()?.ident.to_string();
    type_of_field(case, &owner, field).map(|_| format!("self.{field}"))
}

/// How another field of the same container type begins in this literal, if it begins empty.
fn as_beside(case: &Case<'_>, literal: &syn::ExprStruct, owner: &str, field: &str) -> Option<String> {
    let wanted = type_of_field(case, owner, field)?;
    let head = |kind: &str| kind.split('<').next().unwrap_or(kind).trim().to_owned();
    literal.fields.iter().find_map(|beside| {
        let Member::Named(name) = &beside.member else { return None };
        let kind = type_of_field(case, owner, &name.to_string())?;
        let value = case.at(&bytes(beside.expr.span()));
        let is_empty = value == "None" || value == "vec![]" || value == format!("{}::new()", head(&kind));
        (is_empty && head(&kind) == head(&wanted)).then(|| value.to_owned())
    })
}

/// A field that is not there, or is a method's name: the field that is spelled most like it.
fn spelled_alike(case: &Case<'_>) -> Vec<Proposal> {
    let wrong = case.pointed();
    if wrong.len() < 3 {
        return Vec::new();
    }
    let mut near: Vec<(usize, String)> = Vec::new();
    let _: Option<()> = structs(case, |it, _| {
        let names = it.fields.iter().filter_map(|field| field.ident.as_ref()).map(ToString::to_string);
        near.extend(names.filter(|name| name != wrong).map(|name| (distance(wrong, &name), name)));
        None
    });
    near.retain(|(distance, _)| *distance <= 2);
    near.sort();
    near.dedup();
    let place: Range<usize> = case.place.clone();
    near.into_iter()
        .take(2)
        .map(|(_, name)| case.replace("the field that is spelled alike", place.clone(), name))
        .collect()
}
