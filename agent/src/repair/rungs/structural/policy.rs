//! Findings of the policy that name their cure: the signature that a mission must have, waiting in the air, a result that is thrown away.
//!
//! It leaves to others: findings that only forbid.
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::errors::POLICY;
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use syn::spanned::Spanned;
use syn::{Expr, Item, Stmt};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    match case.code() {
        POLICY => {
            let nodes = case.nodes();
            let found = [demanded_signature(case), waiting(case, &nodes), thrown_away(case, &nodes)];
            found.into_iter().flatten().collect()
        }
        "unused_must_use" => used(case),
        _ => Vec::new(),
    }
}

/// "`fly` must be `pub async fn fly(..)`": the function gets the signature that is written out.
fn demanded_signature(case: &Case<'_>) -> Option<Proposal> {
    let message = &case.error.message;
    let [name, wanted] = quoted(message)[..] else { return None };
    if !message.contains("` must be `") || !wanted.contains(&format!("fn {name}(")) {
        return None;
    }
    let own = case.tree.as_ref()?.items.iter().find_map(|item| match item {
        Item::Fn(it) if it.sig.ident == name => Some(it),
        _ => None,
    })?;
    let signature = bytes(own.sig.span());
    let visible = bytes(own.vis.span());
    let start = if visible.is_empty() { signature.start } else { visible.start };
    Some(case.replace("the signature that is demanded", start..signature.end, wanted))
}

/// A pause of a timer as the call that is written out, with the timer's own number in seconds.
fn waiting(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (_, cure) = case.error.message.split_once("to wait in the air write `")?;
    let form = cure.split('`').next()?;
    let (statement, _) = nodes.statement_at(&(case.place.start..case.place.start))?;
    let Stmt::Expr(expression, _) = statement else { return None };
    let place = bytes(expression.span());
    let mut numbers = nodes.expressions.iter().filter_map(|it| match it {
        Expr::Lit(literal) if covers(expression, &bytes(it.span())) => Some(&literal.lit),
        _ => None,
    });
    let (Some(number), None) = (numbers.next(), numbers.next()) else { return None };
    let amount: f64 = match number {
        syn::Lit::Int(it) => it.base10_parse::<u32>().ok()?.into(),
        syn::Lit::Float(it) => it.base10_parse().ok()?,
        _ => return None,
    };
    let named = words(case.at(&place));
    let unit = named.iter().rev().find_map(|word| match word.text.rsplit('_').next()? {
        "millis" | "ms" | "msecs" | "milliseconds" => Some(1000.0),
        "secs" | "s" | "seconds" | "f64" | "f32" if word.text.contains('_') => Some(1.0),
        "micros" | "us" => Some(1_000_000.0),
        _ => None,
    })?;
    // Microseconds and parts of them are no pauses of a flight, and a rounded number would be invented.
    let seconds = format!("{:?}", amount / unit);
    let (open, close) = (form.find("Seconds(")? + "Seconds(".len(), form.find("))")?);
    let text = format!("{}{seconds}{}", &form[..open], &form[close..]);
    Some(case.replace("wait as the policy says", place, text))
}

/// `let _ = call;`: what the call says is heard.
fn thrown_away(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    if !case.error.message.contains("`let _ =` throws away") {
        return None;
    }
    let (statement, _) = nodes.statement_at(&(case.place.start..case.place.start))?;
    let Stmt::Local(local) = statement else { return None };
    let value = bytes(local.init.as_ref()?.expr.span());
    let question = if case.at(&value).ends_with('?') { "" } else { "?" };
    Some(case.replace("hear what the call says", bytes(statement.span()), format!("{}{question};", case.at(&value))))
}

/// A result that nobody looks at is handed on.
fn used(case: &Case<'_>) -> Vec<Proposal> {
    let end = case.place.end;
    if case.error.message.contains("`Result`") || case.error.message.contains("`core::result::Result`") {
        return vec![case.replace("hand the error on", end..end, "?")];
    }
    Vec::new()
}
