//! Operators, assignments and conversions whose sides are the wrong way round, or whose type nothing says.
//!
//! It leaves to others: numbers of different types (`types`).
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use syn::Expr;
use syn::spanned::Spanned;

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0067" | "E0070" => assigned(case, &nodes).into_iter().collect(),
        "E0271" => asked_as_it_is(case),
        "E0283" | "E0284" => said_to_convert(case, &nodes),
        _ => Vec::new(),
    }
}

/// A value on the left of an assignment: the sides change places, or the value gets a name, that can be assigned to.
fn assigned(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (whole, left, right) = nodes.expressions.iter().find_map(|it| match it {
        Expr::Assign(own) if bytes(own.eq_token.span()) == case.place => {
            Some((bytes(it.span()), &own.left, &own.right))
        }
        Expr::Binary(own) if bytes(own.op.span()) == case.place => Some((bytes(it.span()), &own.left, &own.right)),
        _ => None,
    })?;
    if !matches!(**left, Expr::Lit(_)) {
        return None;
    }
    let (left, other) = (bytes(left.span()), bytes(right.span()));
    let is_place = matches!(**right, Expr::Path(_) | Expr::Field(_) | Expr::Index(_));
    let sign = case.pointed();
    // Which side comes first makes no difference to these.
    if is_place && ["=", "+=", "*="].contains(&sign) {
        let text = format!("{} {sign} {}", case.at(&other), case.at(&left));
        return Some(case.replace("the place on the left", whole, text));
    }
    let name =
        ["value", "number", "given"].into_iter().find(|name| !words(case.text).iter().any(|it| it.text == *name))?;
    let indent = case.indent(whole.start);
    let declared = format!("let mut {name} = {};\n{indent}", case.at(&left));
    (sign != "=")
        .then(|| case.all("a name for the value", vec![(whole.start..whole.start, declared), (left, name.to_owned())]))
}

/// What is asked of an associated type is what it is where the trait is implemented.
fn asked_as_it_is(case: &Case<'_>) -> Vec<Proposal> {
    let (Some(bound), Some(found)) = (case.labelled("required by this bound"), case.labelled("expected this to be"))
    else {
        return Vec::new();
    };
    let Some((name, _)) = case.at(&bound).split_once('=') else { return Vec::new() };
    let text = format!("{} = {}", name.trim_end(), case.at(&found));
    vec![case.replace("the type that is there", bound, text)]
}

/// `n.into()` beside an operator could be of any type: it is that of the other side.
fn said_to_convert(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let said: Vec<&str> = case.said().into_iter().flat_map(quoted).collect();
    let wanted = said.iter().find_map(|part| {
        let kind = part.strip_prefix('<')?.split(" as ").next()?;
        (!kind.contains(['_', '<', ' ']) && !kind.is_empty()).then_some(kind)
    });
    let Some(wanted) = wanted else { return Vec::new() };
    let mut proposals = Vec::new();
    for it in &nodes.expressions {
        let Expr::Binary(binary) = it else { continue };
        if !covers(*it, &case.place) {
            continue;
        }
        for side in [&binary.right, &binary.left] {
            let Expr::MethodCall(call) = &**side else { continue };
            let place = bytes(side.span());
            if call.method == "into" && call.args.is_empty() {
                let text = format!("{wanted}::from({})", case.at(&bytes(call.receiver.span())));
                proposals.push(case.replace("convert to the type of the other side", place, text));
            } else if ["sum", "product", "parse"].iter().any(|name| call.method == name) && call.turbofish.is_none() {
                let at = bytes(call.method.span()).end;
                proposals.push(case.replace("the type of the other side", at..at, format!("::<{wanted}>")));
            }
        }
    }
    proposals
}
