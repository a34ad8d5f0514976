//! A result or a future that is used as what is inside it: opened where it is bound or handed back.
//!
//! It leaves to others: opening it at each use, which the compiler suggests.
use super::case::{Case, Nodes, covers};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use syn::spanned::Spanned;
use syn::{Expr, Stmt};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0599" | "E0609" => opened_where_bound(case, &nodes).into_iter().collect(),
        "E0277" => opened_for_its_trait(case, &nodes).into_iter().collect(),
        "E0308" => awaited(case, &nodes).into_iter().chain(opened_before_use(case, &nodes)).collect(),
        _ => Vec::new(),
    }
}

/// A method or field of a name that is bound to a result: `?` where it is bound, for a result can be opened by value once only.
fn opened_where_bound(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let message = &case.error.message;
    if !(message.contains("enum `Result<") || message.contains("enum `core::result::Result<")) {
        return None;
    }
    let receiver = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if bytes(call.method.span()) == case.place => Some(&*call.receiver),
        Expr::Field(field) if bytes(field.member.span()) == case.place => Some(&*field.base),
        _ => None,
    })?;
    opened(case, nodes, receiver)
}

/// A name that is bound to a result is given where what is inside is wanted: `?` where it is bound, so that the error comes there.
fn opened_before_use(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (_, label) = case.labels().into_iter().find(|(place, _)| *place == case.place)?;
    let (wanted, found) = label.split_once("`, found `")?;
    let is_inside = found.starts_with("Result<") && !wanted.starts_with("expected `Result<");
    let name = nodes.expressions.iter().copied().find(|it| bytes(it.span()) == case.place).filter(|_| is_inside)?;
    opened(case, nodes, name)
}

/// A result is asked for what the value inside it can: `u64::from(digit)`, `println!("{digit}")`.
fn opened_for_its_trait(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let message = &case.error.message;
    let is_result = message.contains("From<Result<") || message.starts_with("`Result<");
    if !is_result {
        return None;
    }
    // Of a call the type in front is pointed at, or its argument.
    let given = nodes.expressions.iter().copied().find_map(|it| match it {
        Expr::Call(call) if call.args.len() == 1 && covers(&call.func, &case.place) => call.args.first(),
        _ => None,
    });
    let pointed = nodes.expressions.iter().copied().find(|it| bytes(it.span()) == case.place);
    given.into_iter().chain(pointed).find_map(|name| opened(case, nodes, name))
}

/// `?` where the name that is used is bound.
fn opened(case: &Case<'_>, nodes: &Nodes<'_>, used: &Expr) -> Option<Proposal> {
    let Expr::Path(path) = used else { return None };
    let name = path.path.get_ident()?;
    let (signature, block) = nodes.function_at(&case.place)?;
    let returned = case.at(&bytes(signature.output.span()));
    if !returned.contains("Result") {
        return None;
    }
    let function = bytes(block?.span());
    let bound = nodes.statements.iter().filter_map(|(statement, _)| match statement {
        Stmt::Local(local) if function.contains(&bytes(local.span()).start) => Some(local),
        _ => None,
    });
    let is_it = |local: &&syn::Local| {
        let pattern = case.at(&bytes(local.pat.span()));
        bytes(local.span()).end <= case.place.start && name == pattern.trim_start_matches("mut ")
    };
    let local = bound.filter(is_it).max_by_key(|local| bytes(local.span()).start)?;
    let value = &local.init.as_ref()?.expr;
    let end = bytes(value.span()).end;
    (!matches!(**value, Expr::Try(_))).then(|| case.replace("hand the error on where it is bound", end..end, "?"))
}

/// A call of an async function's body hands back what a result is wanted of, wrapped in something else: it was not awaited.
fn awaited(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (signature, _) = nodes.function_at(&case.place)?;
    signature.asyncness.as_ref()?;
    let call = nodes.expressions.iter().copied().find(|it| bytes(it.span()) == case.place)?;
    if !matches!(call, Expr::MethodCall(_) | Expr::Call(_)) {
        return None;
    }
    let (_, label) = case.labels().into_iter().find(|(place, _)| *place == case.place)?;
    let (wanted, found) = label.split_once("`, found `")?;
    let inner = wanted.strip_prefix("expected `Result<")?.rsplit_once(", ")?.0;
    let (kind, held) = found.trim_end_matches('`').split_once('<')?;
    let is_other = !["Result", "Option", "Box", "Rc", "Arc", "Vec"].contains(&kind);
    let end = case.place.end;
    (is_other && held.contains(inner)).then(|| case.replace("await it", end..end, ".await"))
}
