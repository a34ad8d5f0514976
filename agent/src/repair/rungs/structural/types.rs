//! Types that do not fit: results and options, numbers of two types, arity, arms, bounds.
//!
//! A number is converted only where nothing is lost or the program converts already; none is invented. It leaves to others: what the
//! compiler suggests itself.
use super::case::{Case, Nodes, quoted};
use super::derives::{asked_parameter, derived};
use super::numbers::keeps_its_value;
use crate::repair::rungs::{Proposal, Rung};
use crate::repair::sources::collide;
use crate::repair::syntax::bytes;
use flightsmith_toolchain::diagnostics::{Applicability, Replacement, edits_of};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{Expr, Stmt};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    let mut proposals = Vec::new();
    proposals.extend(all_suggestions(case));
    match case.code() {
        "E0308" => proposals.extend(mismatched(case, &nodes)),
        "E0277" => proposals.extend(unmet(case, &nodes)),
        "E0369" => proposals.extend(asked(case, &nodes)),
        "E0599" | "E0609" => proposals.extend(through_result(case, &nodes)),
        "E0004" => proposals.extend(passed_on(case, &nodes)),
        "E0061" | "E0057" | "E0107" | "E0063" => proposals.extend(holes_by_name(case, &nodes)),
        "E0572" => proposals.extend(no_return(case)),
        _ => {}
    }
    proposals
}

/// Suggestions that do not touch each other may belong together: every argument wrapped, every use changed.
fn all_suggestions(case: &Case<'_>) -> Option<Proposal> {
    let mut parts: Vec<Replacement> = Vec::new();
    let mut taken = 0;
    for edit in edits_of(case.error) {
        let has_hole = edit.parts.iter().any(|part| part.text.contains("/*") || part.text.contains("todo!"));
        let free = edit.parts.iter().all(|part| !parts.iter().any(|other| collide(part, other)));
        if edit.applicability != Applicability::HasPlaceholders && !has_hole && free {
            parts.extend(edit.parts);
            taken += 1;
        }
    }
    for part in &mut parts {
        // A height below the take-off point is never meant: it was written as down.
        let (start, end) = (part.start, part.end);
        if part.text.ends_with("AboveHome(") && start == end && case.text[end..].starts_with('-') {
            part.end += 1;
        }
    }
    (taken > 1).then(|| Proposal {
        rung: Rung::Structural,
        rule: "the suggestions together".into(),
        record: None,
        parts,
    })
}

pub(super) fn exact<'n>(case: &Case<'_>, nodes: &Nodes<'n>) -> Option<&'n Expr> {
    nodes.expressions.iter().copied().find(|it| bytes(it.span()) == case.place)
}

fn in_parentheses(expression: &Expr, text: &str) -> String {
    match expression {
        Expr::Path(_)
        | Expr::Lit(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Field(_)
        | Expr::Index(_)
        | Expr::Paren(_) => text.to_owned(),
        _ => format!("({text})"),
    }
}

fn mismatched(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    // A value compared with a result: what is inside it was meant.
    for it in &nodes.expressions {
        if let Expr::Binary(binary) = it
            && bytes(binary.right.span()) == case.place
            && case.labels().iter().any(|(place, label)| *place == case.place && label.starts_with("expected `Result<"))
        {
            let end = bytes(binary.left.span()).end;
            proposals.push(case.replace("hand the error on", end..end, "?"));
        }
    }
    proposals.extend(last_value(case, nodes));
    let Some(subject) = exact(case, nodes) else { return proposals };
    let label = case.labels().into_iter().find(|(place, _)| *place == case.place).map_or("", |(_, label)| label);
    let kinds = quoted(label);
    let (text, end) = (case.pointed(), case.place.end);
    let whole = in_parentheses(subject, text);
    let wrap = |rule: &str, text: String| case.replace(rule, case.place.clone(), text);
    if let [wanted, found] = kinds[..] {
        let lossless = [
            ("f64", "f32"),
            ("u16", "u8"),
            ("u32", "u8"),
            ("u32", "u16"),
            ("u64", "u8"),
            ("u64", "u16"),
            ("u64", "u32"),
            ("i16", "i8"),
            ("i32", "i8"),
            ("i32", "i16"),
            ("i64", "i8"),
            ("i64", "i16"),
            ("i64", "i32"),
            ("i16", "u8"),
            ("i32", "u8"),
            ("i32", "u16"),
            ("i64", "u8"),
            ("i64", "u16"),
            ("i64", "u32"),
            ("usize", "u8"),
            ("usize", "u16"),
            ("f64", "i32"),
            ("f64", "u32"),
            ("f64", "u16"),
            ("f64", "u8"),
            ("f64", "i16"),
            ("f32", "u16"),
            ("f32", "i16"),
            ("f32", "u8"),
            ("u128", "u64"),
            ("i128", "i64"),
            ("char", "u8"),
        ];
        if lossless.contains(&(wanted, found)) {
            proposals.push(wrap("convert without loss", format!("{wanted}::from({text})")));
        }
        if keeps_its_value(found, wanted) {
            proposals.push(wrap("convert the number", format!("{whole} as {wanted}")));
        }
        if let Some(inner) = wanted.strip_prefix('&') {
            if inner == found || inner.trim_start_matches("mut ") == found {
                let sign = if inner.starts_with("mut ") { "&mut " } else { "&" };
                proposals.push(wrap("lend it", format!("{sign}{whole}")));
            }
            if inner == "str" && found == "String" {
                proposals.push(wrap("lend it", format!("&{whole}")));
            }
        }
        if let Some(inner) = found.strip_prefix('&')
            && inner.trim_start_matches("mut ") == wanted
        {
            proposals.push(wrap("copy what is lent", format!("*{whole}")));
            proposals.push(case.replace("copy what is lent", end..end, ".clone()"));
        }
        if wanted == "String" {
            proposals.push(case.replace("a text of its own", end..end, ".to_string()"));
        }
        let hands_over = returns_result(nodes, &case.place);
        if found.starts_with("Result<") && !wanted.starts_with("Result<") && hands_over {
            proposals.push(case.replace("hand the error on", end..end, "?"));
        }
        if found.starts_with("Option<")
            && !wanted.starts_with("Option<")
            && returns(nodes, &case.place, "Option<", case)
        {
            proposals.push(case.replace("hand nothing on", end..end, "?"));
        }
        for (wrapper, maker) in
            [("Option<", "Some"), ("Result<", "Ok"), ("Box<", "Box::new"), ("Rc<", "Rc::new"), ("Arc<", "Arc::new")]
        {
            if wanted.starts_with(wrapper) && !found.starts_with(wrapper) {
                proposals.push(wrap("wrap it", format!("{maker}({text})")));
            }
        }
    }
    if label.contains("expected `f64`, found integer") || label.contains("expected `f32`, found integer") {
        proposals.push(case.replace("a number with a fraction", end..end, ".0"));
    }
    if label.contains("found future") || case.error.message.contains("future") {
        proposals.push(case.replace("await it", end..end, ".await"));
    }
    proposals.push(case.replace("convert it", end..end, ".into()"));
    proposals
}

/// The last expression of a function that hands something back was ended as a statement.
fn last_value(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let found_nothing = case.labels().iter().any(|(_, label)| label.contains("found `()`"));
    let (_, block) = nodes.function_at(&case.place)?;
    match block?.stmts.last()? {
        Stmt::Expr(_, Some(semicolon)) if found_nothing => {
            Some(case.replace("hand back the last value", bytes(semicolon.span()), ""))
        }
        _ => None,
    }
}

fn returns(nodes: &Nodes<'_>, place: &Range<usize>, kind: &str, case: &Case<'_>) -> bool {
    nodes.function_at(place).is_some_and(|(signature, _)| match &signature.output {
        syn::ReturnType::Type(_, it) => case.at(&bytes(it.span())).contains(kind),
        syn::ReturnType::Default => false,
    })
}

fn returns_result(nodes: &Nodes<'_>, place: &Range<usize>) -> bool {
    nodes.function_at(place).is_some_and(|(signature, _)| match &signature.output {
        syn::ReturnType::Type(_, it) => matches!(&**it, syn::Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("Result"))),
        syn::ReturnType::Default => false,
    })
}

/// A bound that is not met: a type of ours derives the trait; a parameter asks for it; numbers are brought to one type.
fn unmet(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = derived(case, nodes);
    let message = &case.error.message;
    let kinds = quoted(message);
    if let [left, right] = kinds[..]
        && (message.starts_with("cannot ") || message.contains("can't compare"))
        && let Some(Expr::Binary(binary)) = nodes
            .expressions
            .iter()
            .copied()
            .find(|it| matches!(it, Expr::Binary(binary) if bytes(binary.op.span()) == case.place))
    {
        let (one, other) = (bytes(binary.left.span()), bytes(binary.right.span()));
        // "cannot add `f64` to `f32`" names the right side first, "cannot multiply `a` by `b`" the left.
        let (on_left, on_right) =
            if message.contains("` to `") || message.contains("` from `") { (right, left) } else { (left, right) };
        let is_float = |kind: &str| kind.contains('f') && !kind.contains('&');
        let bare = |kind: &str| kind.trim_matches(['{', '}', '&']).to_owned();
        if on_left.contains('{') || on_right.contains('{') {
            for (place, kind, target) in [(&other, on_right, on_left), (&one, on_left, on_right)] {
                let digits = case.at(place).chars().all(|c| c.is_ascii_digit() || c == '_' || c == '-');
                if kind == "{integer}" && is_float(target) && digits {
                    proposals.push(case.replace("a number with a fraction", place.end..place.end, ".0"));
                }
            }
        }
        if is_float(on_left) != is_float(on_right) || on_left != on_right {
            let (whole, text) =
                (in_parentheses(&binary.right, case.at(&other)), in_parentheses(&binary.left, case.at(&one)));
            if is_float(on_left) || !is_float(on_right) {
                proposals.push(case.replace(
                    "numbers of one type",
                    other.clone(),
                    format!("{whole} as {}", bare(on_left)),
                ));
            }
            if is_float(on_right) || !is_float(on_left) {
                proposals.push(case.replace("numbers of one type", one, format!("({text} as {})", bare(on_right))));
            }
        }
    }
    if message.contains("the `?` operator can only be used in") && message.contains("that returns") {
        proposals.extend(returning_result(case, nodes));
    }
    if message.contains("is not a future") {
        let start = case.text[..case.place.end].rfind(".await");
        proposals.extend(start.map(|at| case.replace("nothing to wait for", at..at + ".await".len(), "")));
    }
    if message.contains("cannot be indexed by") {
        proposals.push(case.replace("an index of the right type", case.place.end..case.place.end, " as usize"));
    }
    proposals.extend(asked_parameter(case, nodes));
    proposals
}

/// `?` in a function that hands back nothing, whose error type is known from elsewhere in the file: it hands back a result.
fn returning_result(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (signature, block) = nodes.function_at(&case.place)?;
    let block = block?;
    if !matches!(signature.output, syn::ReturnType::Default) {
        return None;
    }
    let end = bytes(signature.paren_token.span.join()).end;
    let close = bytes(block.brace_token.span.close()).start;
    let indent = case.indent(bytes(signature.span()).start);
    let parts = vec![
        (end..end, " -> Result<(), Box<dyn std::error::Error>>".to_owned()),
        (close..close, format!("    Ok(())\n{indent}")),
    ];
    Some(case.all("hand errors on", parts))
}

/// One side of an operator is a result.
fn asked(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = derived(case, nodes);
    for (place, label) in case.labels() {
        let is_result = label.starts_with("Result<") || label.starts_with("core::result::Result<");
        if (is_result || label.starts_with("Option<")) && nodes.expressions.iter().any(|it| bytes(it.span()) == place) {
            proposals.push(case.replace("hand the error on", place.end..place.end, "?"));
        }
    }
    // A missing bound on a parameter is among the compiler's own suggestions.
    proposals
}

/// A method or field of what is inside a result, option or future.
fn through_result(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let receiver = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if bytes(call.method.span()) == case.place => Some(bytes(call.receiver.span())),
        Expr::Field(field) if bytes(field.member.span()) == case.place => Some(bytes(field.base.span())),
        _ => None,
    });
    let Some(receiver) = receiver else { return derived(case, nodes) };
    let end = receiver.end;
    let mut proposals = Vec::new();
    let message = &case.error.message;
    if message.contains("Result<") || message.contains("Option<") || message.contains("`Result") {
        proposals.push(case.replace("hand the error on", end..end, "?"));
    }
    if message.contains("Future") || message.contains("future") {
        proposals.push(case.replace("await it", end..end, ".await"));
        proposals.push(case.replace("await it", end..end, ".await?"));
    }
    // A field written as a method, or the reverse, with the same name.
    if let Some(Expr::MethodCall(call)) = nodes
        .expressions
        .iter()
        .copied()
        .find(|it| matches!(it, Expr::MethodCall(call) if bytes(call.method.span()) == case.place))
        && call.args.is_empty()
        && nodes.structs.iter().flat_map(|it| &it.fields).any(|field| field.ident.as_ref() == Some(&call.method))
    {
        let parentheses = bytes(call.paren_token.span.join());
        proposals.push(case.replace("a field, no method", parentheses, ""));
    }
    proposals.extend(derived(case, nodes));
    proposals
}

/// Errors that a match leaves out are handed on.
fn passed_on(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let patterns = quoted(&case.error.message);
    let is_error = patterns.iter().all(|pattern| pattern.starts_with("Err("));
    let (Expr::Match(it), true, true) = (
        nodes
            .expressions
            .iter()
            .copied()
            .find(|it| matches!(it, Expr::Match(it) if bytes(it.expr.span()) == case.place))?,
        is_error && !patterns.is_empty(),
        returns_result(nodes, &case.place),
    ) else {
        return None;
    };
    let close = bytes(it.brace_token.span.close()).start;
    let last = it.arms.last()?;
    let needs_comma = last.comma.is_none() && !matches!(*last.body, Expr::Block(_));
    let comma = bytes(last.span()).end;
    let indent = case.indent(close);
    let mut parts = vec![(close..close, format!("    Err(error) => return Err(error),\n{indent}"))];
    if needs_comma {
        parts.push((comma..comma, ",".to_owned()));
    }
    Some(case.all("hand other errors on", parts))
}

/// A hole in a suggestion (`/* name */`, a missing field) is filled by a value of that name that is at hand.
fn holes_by_name(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    let at_hand = |name: &str| {
        let (Some((signature, block)), true) = (nodes.function_at(&case.place), !name.is_empty()) else { return false };
        let parameter = signature.inputs.iter().any(|input| {
            matches!(input, syn::FnArg::Typed(it) if case.at(&bytes(it.pat.span())).trim_start_matches("mut ") == name)
        });
        let local = block.is_some_and(|block| {
            block.stmts.iter().any(|it| {
                matches!(it, Stmt::Local(local) if bytes(local.span()).end <= case.place.start
                    && case.at(&bytes(local.pat.span())).trim_start_matches("mut ").split(':').next().is_some_and(|own| own.trim() == name))
            })
        });
        parameter || local
    };
    if case.code() == "E0063" {
        let literal = nodes.expressions.iter().find_map(|it| match it {
            Expr::Struct(literal) if bytes(literal.path.span()) == case.place => Some(literal),
            _ => None,
        });
        let missing: Vec<&str> = quoted(&case.error.message);
        let fields = &missing[..missing.len().saturating_sub(1)];
        if let Some(literal) = literal {
            let close = bytes(literal.brace_token.span.close()).start;
            let before = case.text[..close].trim_end();
            let comma = if before.ends_with([',', '{']) { "" } else { "," };
            if !fields.is_empty() && fields.iter().all(|field| at_hand(field)) {
                let text = format!("{comma} {} ", fields.join(", "));
                proposals.push(case.replace("the value of that name", before.len()..close, text));
            }
        }
        return proposals;
    }
    case.filled("the value of that name", |name| at_hand(name).then(|| name.to_owned()))
}

fn no_return(case: &Case<'_>) -> Option<Proposal> {
    let rest = case.pointed().strip_prefix("return")?.trim_start();
    Some(case.replace("the value itself", case.place.clone(), rest))
}
