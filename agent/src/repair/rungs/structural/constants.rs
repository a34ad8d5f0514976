//! Constants and statics: what may be computed for them, what they may lend, and the kinds of their parameters and discriminants.
//!
//! It leaves to others: values. None is invented.
use super::case::{Case, Nodes, covers};
use crate::repair::rungs::{Proposal, Rung};
use crate::repair::syntax::{bytes, words};
use flightsmith_toolchain::diagnostics::edits_of;
use syn::spanned::Spanned;

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0015" => computed(case, &nodes),
        "E0435" => length(case),
        "E0516" => type_of_the_value(case).into_iter().collect(),
        "E0492" => of_one_place(case, &nodes).into_iter().collect(),
        "E0764" => lent_for_reading(case, &nodes).into_iter().collect(),
        "E0530" => constant_to_match(case, &nodes).into_iter().collect(),
        "E0770" => case_of_usize(case).into_iter().collect(),
        "E0732" => numbered(case, &nodes).into_iter().collect(),
        "E0735" => without_default(case, &nodes).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A function of ours that is called for a constant is one that can be; what cannot be computed beforehand is when it is first asked for.
fn computed(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    let called = nodes.expressions.iter().find_map(|it| match it {
        syn::Expr::Call(call) if bytes(it.span()) == case.place => match &*call.func {
            syn::Expr::Path(path) => path.path.segments.last().map(|it| &it.ident),
            _ => None,
        },
        syn::Expr::MethodCall(call) if covers(*it, &case.place) && covers(&call.method, &case.place) => {
            Some(&call.method)
        }
        _ => None,
    });
    let method_named = nodes.expressions.iter().find_map(|it| match it {
        syn::Expr::MethodCall(call) if bytes(it.span()) == case.place => Some(&call.method),
        _ => None,
    });
    if let Some(name) = called.or(method_named) {
        let ours =
            nodes.functions.iter().filter(|(it, block)| it.ident == *name && it.constness.is_none() && block.is_some());
        for (signature, _) in ours {
            let at = bytes(signature.span()).start;
            proposals.push(case.replace("a function that constants may call", at..at, "const "));
        }
    }
    if let Some(own) = nodes.statics.iter().find(|it| covers(&*it.expr, &case.place)) {
        let (kind, value) = (bytes(own.ty.span()), bytes(own.expr.span()));
        let parts = vec![
            (kind.clone(), format!("std::sync::LazyLock<{}>", case.at(&kind))),
            (value.clone(), format!("std::sync::LazyLock::new(|| {})", case.at(&value))),
        ];
        proposals.push(case.all("computed when it is first asked for", parts));
    }
    proposals
}

/// The length of an array is a constant, of the type that lengths have.
fn length(case: &Case<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for edit in edits_of(case.error) {
        let has_hole = edit.parts.iter().any(|part| part.text.contains("/* Type */"));
        let mut parts = edit.parts;
        for part in &mut parts {
            part.text = part.text.replace("/* Type */", "usize");
        }
        if has_hole {
            let rule = "a constant for the length".into();
            proposals.push(Proposal { rung: Rung::Structural, rule, record: None, parts });
        }
    }
    proposals
}

/// `typeof(3)`: the type that the value has where nothing else says.
fn type_of_the_value(case: &Case<'_>) -> Option<Proposal> {
    let inner = case.pointed().strip_prefix("typeof(")?.strip_suffix(')')?;
    let kind = match syn::parse_str::<syn::Lit>(inner).ok()? {
        syn::Lit::Int(number) if number.suffix().is_empty() => "i32".to_owned(),
        syn::Lit::Float(number) if number.suffix().is_empty() => "f64".to_owned(),
        syn::Lit::Int(number) => number.suffix().to_owned(),
        syn::Lit::Float(number) => number.suffix().to_owned(),
        syn::Lit::Bool(_) => "bool".to_owned(),
        syn::Lit::Char(_) => "char".to_owned(),
        syn::Lit::Str(_) => "&'static str".to_owned(),
        _ => return None,
    };
    Some(case.replace("the type of the value", case.place.clone(), kind))
}

/// A constant that lends what can change: both it and what it lends have one place.
fn of_one_place(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.constants.iter().find(|it| covers(&*it.expr, &case.place))?;
    let lent = words(case.pointed());
    let others = nodes.constants.iter().filter(|it| lent.iter().any(|word| it.ident == word.text));
    let parts: Vec<_> = others.chain([own]).map(|it| (bytes(it.const_token.span), "static".to_owned())).collect();
    (parts.len() > 1).then(|| case.all("one place for the value", parts))
}

/// What lives as long as the program is lent for reading only.
fn lent_for_reading(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let constants = nodes.constants.iter().map(|it| (&*it.ty, &*it.expr));
    let mut all = constants.chain(nodes.statics.iter().map(|it| (&*it.ty, &*it.expr)));
    let (kind, _) = all.find(|(_, value)| covers(*value, &case.place))?;
    let syn::Type::Reference(kind) = kind else { return None };
    let syn::Expr::Reference(value) = nodes.expressions.iter().copied().find(|it| bytes(it.span()) == case.place)?
    else {
        return None;
    };
    let without = |word: &syn::token::Mut| {
        let place = bytes(word.span);
        (place.start..place.end + 1, String::new())
    };
    let parts = [kind.mutability.as_ref(), value.mutability.as_ref()].into_iter().flatten().map(without).collect();
    Some(case.all("lent for reading", parts))
}

/// A name that is matched against is a constant, where it stands for a static.
fn constant_to_match(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let name = case.pointed();
    let own =
        nodes.statics.iter().find(|it| it.ident == name && matches!(it.mutability, syn::StaticMutability::None))?;
    Some(case.replace("a constant, to match against", bytes(own.static_token.span), "const"))
}

/// How many of something is a `usize`.
fn case_of_usize(case: &Case<'_>) -> Option<Proposal> {
    let is_name = case.pointed().chars().all(char::is_alphanumeric);
    is_name.then(|| case.replace("how many there are", case.place.clone(), "usize"))
}

/// Numbers for variants with fields need the type of the numbers: the one that they have without it.
fn numbered(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.enums.iter().find(|it| covers(*it, &case.place))?;
    let at = bytes(own.vis.span()).start.min(bytes(own.enum_token.span).start);
    let at = if matches!(own.vis, syn::Visibility::Inherited) { bytes(own.enum_token.span).start } else { at };
    Some(case.replace("the type of the numbers", at..at, format!("#[repr(isize)]\n{}", case.indent(at))))
}

/// A default that would need to know the type it is a part of is given by nobody.
fn without_default(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let parameter = nodes.generics.iter().flat_map(|it| &it.params).find(|it| covers(*it, &case.place))?;
    let syn::GenericParam::Type(own) = parameter else { return None };
    let start = bytes(own.eq_token.as_ref()?.span).start;
    let start = case.text[..start].trim_end().len();
    Some(case.replace("no default", start..bytes(parameter.span()).end, ""))
}
