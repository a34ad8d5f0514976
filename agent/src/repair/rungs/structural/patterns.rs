//! Patterns: what may stand in them, what they leave out or name twice, and places that are read through them.
//!
//! An arm is added only to a match whose arms all do nothing. It leaves to others: which case does what.
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use syn::spanned::Spanned;
use syn::{Expr, Pat, Stmt};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0004" => nothing_else(case, &nodes).into_iter().collect(),
        "E0005" => or_leave(case, &nodes).into_iter().collect(),
        "E0025" => the_field_left_out(case, &nodes).into_iter().collect(),
        "E0029" => range_as_guard(case, &nodes).into_iter().collect(),
        "E0033" => bound_as_it_is(case, &nodes).into_iter().collect(),
        "E0158" | "E0164" | "E0533" => compared(case, &nodes).into_iter().collect(),
        "E0408" => unnamed(case, &nodes).into_iter().collect(),
        "E0527" => with_the_rest(case, &nodes).into_iter().collect(),
        "E0614" => not_behind(case, &nodes).into_iter().collect(),
        "E0618" => not_called(case, &nodes).into_iter().collect(),
        "E0730" => as_a_slice(case, &nodes).into_iter().collect(),
        "E0793" => copied_out(case),
        _ => Vec::new(),
    }
}

/// Where no arm does anything, nothing is done for the rest.
fn nothing_else(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.expressions.iter().find_map(|it| match it {
        Expr::Match(it) if bytes(it.expr.span()) == case.place => Some(it),
        _ => None,
    })?;
    let is_empty = |body: &Expr| match body {
        Expr::Block(it) => it.block.stmts.is_empty(),
        Expr::Tuple(it) => it.elems.is_empty(),
        _ => false,
    };
    let last = own.arms.last().filter(|_| own.arms.iter().all(|arm| is_empty(&arm.body)))?;
    let close = bytes(own.brace_token.span.close()).start;
    let end = bytes(last.span()).end;
    let comma = if last.comma.is_some() || matches!(*last.body, Expr::Block(_)) { "" } else { "," };
    let indent = case.indent(close);
    let mut parts = vec![(close..close, format!("    _ => {{}}\n{indent}"))];
    if !comma.is_empty() {
        parts.push((end..end, comma.to_owned()));
    }
    Some(case.all("nothing for the rest", parts))
}

/// A pattern that may not match: where it does not, there is nothing more to do here.
fn or_leave(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (Stmt::Local(own), _) = nodes.statement_at(&case.place)? else { return None };
    let init = own.init.as_ref().filter(|it| it.diverge.is_none())?;
    let mut loops = nodes
        .expressions
        .iter()
        .filter(|it| matches!(it, Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_)) && covers(**it, &case.place));
    let (signature, _) = nodes.function_at(&case.place)?;
    let in_loop = loops.next_back().is_some_and(|it| bytes(it.span()).start > bytes(signature.span()).start);
    let returned = match &signature.output {
        syn::ReturnType::Default => "return",
        syn::ReturnType::Type(_, it) if case.at(&bytes(it.span())).starts_with("Option<") => "return None",
        syn::ReturnType::Type(..) => return None,
    };
    let leave = if in_loop { "continue" } else { returned };
    let end = bytes(init.expr.span()).end;
    Some(case.replace("else there is nothing to do", end..end, format!(" else {{ {leave} }}")))
}

/// A field that is named twice while another is left out.
fn the_field_left_out(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.patterns.iter().find_map(|it| match it {
        Pat::Struct(it) if covers(it, &case.place) => Some(it),
        _ => None,
    })?;
    let name = &own.path.segments.last()?.ident;
    let declared = nodes.structs.iter().find(|it| it.ident == *name)?;
    let field = own.fields.iter().find(|it| covers(*it, &case.place))?;
    let named =
        |wanted: &syn::Ident| own.fields.iter().any(|it| matches!(&it.member, syn::Member::Named(it) if it == wanted));
    let mut left = declared.fields.iter().filter_map(|it| it.ident.as_ref()).filter(|it| !named(it));
    let (wanted, None) = (left.next(), left.next()) else { return None };
    let place = bytes(field.member.span());
    let with_name = |wanted: &syn::Ident| match field.colon_token {
        Some(_) => wanted.to_string(),
        None => format!("{wanted}: {wanted}"),
    };
    if let Some(wanted) = wanted {
        return Some(case.replace("the field that was left out", place, with_name(wanted)));
    }
    // The compiler has put the field in already, under a name that nobody uses.
    let (_, block) = nodes.function_at(&case.place)?;
    let body = case.at(&bytes(block?.span()));
    let spare = own.fields.iter().find(|it| {
        let name = case.at(&bytes(it.span()));
        it.colon_token.is_none() && words(body).iter().filter(|word| word.text == name).count() == 1
    })?;
    let syn::Member::Named(wanted) = &spare.member else { return None };
    let spare = bytes(spare.span());
    let before = case.text[..spare.start].trim_end().strip_suffix(',').map_or(spare.start, str::len);
    let parts = vec![(place, with_name(wanted)), (before..spare.end, String::new())];
    Some(case.all("the field that was left out", parts))
}

fn arm_of<'n>(case: &Case<'_>, nodes: &Nodes<'n>) -> Option<&'n syn::Arm> {
    nodes.arms.iter().copied().find(|it| bytes(it.pat.span()) == case.place && it.guard.is_none())
}

/// A range of what has no number is compared at its ends.
fn range_as_guard(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let arm = nodes.arms.iter().copied().find(|it| covers(&it.pat, &case.place) && it.guard.is_none())?;
    let Pat::Range(range) = &arm.pat else { return None };
    let name = fresh(case);
    let mut asked = Vec::new();
    if let Some(start) = &range.start {
        asked.push(format!("{name} >= {}", case.at(&bytes(start.span()))));
    }
    if let Some(end) = &range.end {
        let sign = if matches!(range.limits, syn::RangeLimits::Closed(_)) { "<=" } else { "<" };
        asked.push(format!("{name} {sign} {}", case.at(&bytes(end.span()))));
    }
    Some(case.replace("compared at its ends", bytes(arm.pat.span()), format!("{name} if {}", asked.join(" && "))))
}

fn fresh(case: &Case<'_>) -> &'static str {
    let used = words(case.text);
    let free = |name: &&str| !used.iter().any(|word| word.text == *name);
    ["it", "value", "found", "given"].into_iter().find(free).unwrap_or("given_value")
}

/// What cannot be matched against is compared with.
fn compared(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let arm = arm_of(case, nodes)?;
    let name = fresh(case);
    Some(case.replace("compared with", bytes(arm.pat.span()), format!("{name} if {name} == {}", case.pointed())))
}

/// What is behind a trait object cannot be taken out of it: the reference is bound.
fn bound_as_it_is(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let inner = nodes.patterns.iter().find_map(|it| match it {
        Pat::Reference(own) if bytes(it.span()) == case.place => Some(&own.pat),
        _ => None,
    })?;
    Some(case.replace("the reference itself", case.place.clone(), case.at(&bytes(inner.span()))))
}

/// A name that not all alternatives bind, and that the arm does not use.
fn unnamed(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let name = quoted(&case.error.message).into_iter().next()?;
    let arm = nodes.arms.iter().find(|it| covers(&it.pat, &case.place))?;
    let is_used = |text: &str| words(text).iter().any(|word| word.text == name);
    let guard = arm.guard.as_ref().map_or("", |(_, it)| case.at(&bytes(it.span())));
    if is_used(case.at(&bytes(arm.body.span()))) || is_used(guard) {
        return None;
    }
    let bound = nodes.patterns.iter().filter(|it| matches!(it, Pat::Ident(it) if it.ident == name));
    let parts: Vec<_> = bound
        .map(|it| bytes(it.span()))
        .filter(|place| covers(&arm.pat, place))
        .map(|place| (place, "_".to_owned()))
        .collect();
    (!parts.is_empty()).then(|| case.all("a name that nobody uses", parts))
}

/// A pattern for the beginning of an array passes over the rest.
fn with_the_rest(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.patterns.iter().find_map(|it| match it {
        Pat::Slice(it) if bytes(it.span()) == case.place => Some(it),
        _ => None,
    })?;
    let close = bytes(own.bracket_token.span.close()).start;
    Some(case.replace("and the rest", close..close, if own.elems.is_empty() { ".." } else { ", .." }))
}

/// `*` before what is no reference.
fn not_behind(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.expressions.iter().find_map(|it| match it {
        Expr::Unary(own) if bytes(it.span()) == case.place && matches!(own.op, syn::UnOp::Deref(_)) => Some(own),
        _ => None,
    })?;
    Some(case.replace("the value itself", case.place.clone(), case.at(&bytes(own.expr.span()))))
}

/// `()` behind what is no function.
fn not_called(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.expressions.iter().find_map(|it| match it {
        Expr::Call(own) if own.args.is_empty() && covers(&own.func, &case.place) && covers(*it, &case.place) => {
            Some(own)
        }
        _ => None,
    })?;
    let place = bytes(own.paren_token.span.open()).start..bytes(own.paren_token.span.close()).end;
    Some(case.replace("the value itself", place, ""))
}

/// An array of any length is matched as a slice.
fn as_a_slice(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.expressions.iter().find_map(|it| match it {
        Expr::Match(it) if it.arms.iter().any(|arm| covers(&arm.pat, &case.place)) => Some(it),
        _ => None,
    })?;
    let end = bytes(own.expr.span()).end;
    Some(case.replace("matched as a slice", end..end, "[..]"))
}

/// A field of a packed structure is copied out before it is lent.
fn copied_out(case: &Case<'_>) -> Vec<Proposal> {
    let text = case.pointed();
    let (sign, inner) = text.strip_prefix('&').map_or(("", text), |inner| ("&", inner.trim_start_matches("mut ")));
    vec![case.replace("copied out of the packed structure", case.place.clone(), format!("{sign}{{ {inner} }}"))]
}
