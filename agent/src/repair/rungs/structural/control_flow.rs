//! Ways through a function: labels, `break`, `continue` and `return` where they may not stand, inner functions that see too little, `async`.
//!
//! A labelled block that is to be gone through again is a loop that ends where the block ended. It leaves to others: what is awaited.
use super::case::{Case, Nodes, covers};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{Expr, Item, Stmt};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0267" | "E0268" => left(case, &nodes).into_iter().collect(),
        "E0426" => labelled(case, &nodes),
        "E0590" => named_loop(case, &nodes).into_iter().collect(),
        "E0434" => closed_over(case, &nodes).into_iter().collect(),
        "E0580" | "E0646" | "E0647" | "E0752" => plain_main(case, &nodes).into_iter().collect(),
        "E0695" | "E0696" => gone_through_again(case, &nodes),
        "E0733" => boxed(case, &nodes).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// `break` where there is no loop leaves the function, and so does `continue` in a closure.
fn left(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let found = nodes
        .expressions
        .iter()
        .copied()
        .find(|it| covers(*it, &case.place) && matches!(it, Expr::Break(_) | Expr::Continue(_)));
    let closure = nodes.expressions.iter().find(|it| matches!(it, Expr::Closure(_)) && covers(**it, &case.place));
    let in_loop = nodes.expressions.iter().any(|it| is_loop(it) && covers(*it, &case.place));
    match (found?, closure) {
        // With a loop around the closure it may be the loop that was to be left.
        (Expr::Break(it), _) if it.label.is_none() && !in_loop => {
            Some(case.replace("leave the function", bytes(it.break_token.span), "return"))
        }
        (Expr::Continue(it), Some(_)) if it.label.is_none() => {
            Some(case.replace("leave the closure", bytes(it.span()), "return"))
        }
        _ => None,
    }
}

fn is_loop(it: &Expr) -> bool {
    matches!(it, Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_))
}

fn label_of(it: &Expr) -> Option<&syn::Label> {
    match it {
        Expr::Loop(it) => it.label.as_ref(),
        Expr::While(it) => it.label.as_ref(),
        Expr::ForLoop(it) => it.label.as_ref(),
        _ => None,
    }
}

/// Loops around a place, the outermost first.
fn loops_around<'n>(nodes: &Nodes<'n>, place: &Range<usize>) -> Vec<&'n Expr> {
    nodes.expressions.iter().copied().filter(|it| is_loop(it) && covers(*it, place)).collect()
}

/// A label that no loop has: the only one around has it, or gets it.
fn labelled(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let around = loops_around(nodes, &case.place);
    let labels: Vec<&str> =
        around.iter().filter_map(|it| label_of(it)).map(|it| case.at(&bytes(it.name.span()))).collect();
    if let [only] = labels[..] {
        return vec![case.replace("the label that there is", case.place.clone(), only)];
    }
    let bare = around.into_iter().filter(|it| label_of(it).is_none());
    bare.map(|it| {
        let start = bytes(it.span()).start;
        case.replace("the loop gets the label", start..start, format!("{}: ", case.pointed()))
    })
    .collect()
}

/// `break` in the condition of a loop says that it is this loop.
fn named_loop(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let own = nodes.expressions.iter().find_map(|it| match it {
        Expr::While(own) if covers(&own.cond, &case.place) && own.label.is_none() => Some(bytes(it.span()).start),
        _ => None,
    })?;
    let word = case.pointed().split([' ', ';']).next()?.len();
    let at = case.place.start + word;
    Some(case.all(
        "the loop whose condition it is",
        vec![(own..own, "'around: ".to_owned()), (at..at, " 'around".to_owned())],
    ))
}

/// A function in a function does not see what is around it; a closure does.
fn closed_over(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let inner = nodes.statements.iter().filter_map(|(it, _)| match it {
        Stmt::Item(Item::Fn(it)) if covers(it, &case.place) => Some(it),
        _ => None,
    });
    let own = inner.min_by_key(|it| bytes(it.span()).len())?;
    if !own.sig.generics.params.is_empty() || own.sig.asyncness.is_some() || !own.attrs.is_empty() {
        return None;
    }
    let (open, close) = (bytes(own.sig.paren_token.span.open()), bytes(own.sig.paren_token.span.close()));
    let end = bytes(own.span()).end;
    let head = bytes(own.span()).start..open.end;
    let parts = vec![(head, format!("let {} = |", own.sig.ident)), (close, "|".to_owned()), (end..end, ";".to_owned())];
    Some(case.all("a closure, which sees what is around it", parts))
}

/// `main` takes nothing, waits for nobody and asks for nothing, as long as nothing in it needs that.
fn plain_main(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (signature, block) = nodes.functions.iter().copied().find(|(it, _)| it.ident == "main")?;
    match case.code() {
        "E0752" => {
            let place = bytes(signature.asyncness.as_ref()?.span);
            Some(case.replace("main waits for nobody", place.start..place.end + 1, ""))
        }
        "E0646" | "E0647" => {
            let place = bytes(signature.generics.where_clause.as_ref()?.span());
            let start = case.text[..place.start].trim_end().len();
            Some(case.replace("main asks for nothing", start..place.end, ""))
        }
        _ => {
            let inside = bytes(signature.paren_token.span.open()).end..bytes(signature.paren_token.span.close()).start;
            let body = case.at(&bytes(block?.span()));
            let is_used =
                words(case.at(&inside)).iter().any(|name| words(body).iter().any(|word| word.text == name.text));
            (!inside.is_empty() && !is_used).then(|| case.replace("main takes nothing", inside, ""))
        }
    }
}

/// `continue` in a labelled block is about a loop: the one around it, or else the block is one.
fn gone_through_again(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let blocks = nodes.expressions.iter().filter_map(|it| match it {
        Expr::Block(it) if it.label.is_some() && covers(it, &case.place) => Some(it),
        _ => None,
    });
    let Some(block) = blocks.min_by_key(|it| bytes(it.span()).len()) else { return Vec::new() };
    let Some(label) = &block.label else { return Vec::new() };
    let mut proposals = Vec::new();
    let has_label = nodes.expressions.iter().any(|it| match it {
        Expr::Continue(it) => covers(it, &case.place) && it.label.is_some(),
        Expr::Break(it) => covers(it, &case.place) && it.label.is_some(),
        _ => false,
    });
    if !has_label && let Some(around) = loops_around(nodes, &case.place).last() {
        let end = case.place.start + case.pointed().find([' ', ';']).unwrap_or(case.pointed().len());
        let start = bytes(around.span()).start;
        let parts = match label_of(around) {
            Some(label) => vec![(end..end, format!(" {}", case.at(&bytes(label.name.span()))))],
            None => vec![(start..start, "'around: ".to_owned()), (end..end, " 'around".to_owned())],
        };
        proposals.push(case.all("the loop around it is meant", parts));
    }
    let open = bytes(block.block.brace_token.span.open()).start;
    let close = bytes(block.block.brace_token.span.close()).start;
    let name = case.at(&bytes(label.name.span()));
    let indent = case.indent(close);
    let ends =
        block.block.stmts.last().is_some_and(|it| matches!(it, Stmt::Expr(Expr::Continue(_) | Expr::Break(_), _)));
    let mut parts = vec![(open..open, "loop ".to_owned())];
    if !ends {
        parts.push((close..close, format!("    break {name};\n{indent}")));
    }
    proposals.push(case.all("a loop, to be gone through again", parts));
    proposals
}

/// A future that holds itself has to be put somewhere.
fn boxed(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let labels = case.labels();
    let awaited = nodes.expressions.iter().find_map(|it| match it {
        Expr::Await(own) if labels.iter().any(|(place, _)| bytes(it.span()) == *place) => Some(&own.base),
        _ => None,
    });
    let own_name = nodes.function_at(&case.place).map(|(it, _)| it.ident.clone());
    let recursive = || {
        nodes.expressions.iter().find_map(|it| match it {
            Expr::Await(own) => match &*own.base {
                Expr::Call(call) if matches!(&*call.func, Expr::Path(path) if path.path.get_ident() == own_name.as_ref()) => Some(&own.base),
                _ => None,
            },
            _ => None,
        })
    };
    let place = bytes(awaited.or_else(recursive)?.span());
    Some(case.replace("a place for the future", place.clone(), format!("Box::pin({})", case.at(&place))))
}
