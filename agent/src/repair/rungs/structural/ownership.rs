//! Moves, borrows and lifetimes.
//!
//! A value that is used again is cloned or lent; what a borrow keeps others from is copied out, or the borrow's last use comes first; what is
//! borrowed too briefly is declared further out. It leaves to others: what the compiler suggests itself (`mut`, `move`, reborrows).
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{Expr, Stmt};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    match case.code() {
        "E0382" => moved(case, &nodes),
        "E0499" | "E0502" | "E0503" | "E0505" | "E0506" | "E0501" | "E0524" => {
            let mut proposals = conflict(case, &nodes);
            proposals.extend(cloned_as_noted(case, &nodes));
            proposals
        }
        "E0597" | "E0716" => too_brief(case, &nodes),
        "E0515" => owned_result(case, &nodes),
        "E0507" | "E0508" | "E0509" => {
            let mut proposals = taken_out(case, &nodes);
            proposals.extend(cloned_as_noted(case, &nodes));
            proposals
        }
        "E0525" => cloned_in_closure(case, &nodes).into_iter().collect(),
        "E0381" | "E0384" | "E0594" | "E0596" => Vec::new(),
        "E0745" => named_temporary(case, &nodes),
        "E0492" => as_static(case),
        "E0491" | "E0478" | "E0621" | "E0623" | "none" => outlives(case, &nodes),
        _ => Vec::new(),
    }
}

fn moved(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    let moves: Vec<Range<usize>> =
        case.labels().into_iter().filter(|(_, label)| label.contains("moved here")).map(|(place, _)| place).collect();
    for place in &moves {
        let text = case.at(place);
        if nodes.expressions.iter().any(|it| bytes(it.span()) == *place) && !text.is_empty() {
            proposals.extend(lent_parameter(case, nodes, place));
            proposals.push(case.replace("clone what is used again", place.end..place.end, ".clone()"));
            proposals.extend(clonable(case, nodes, place));
            proposals.push(case.replace("lend what is used again", place.start..place.start, "&"));
        }
    }
    // `for item in items` takes them all.
    proposals
}

/// A function that needs no ownership takes a borrow: parameter, argument and, where it is changed, the binding.
fn lent_parameter(case: &Case<'_>, nodes: &Nodes<'_>, argument: &Range<usize>) -> Option<Proposal> {
    let parameter = case.labelled("this parameter takes ownership")?;
    let declared = nodes.arguments.iter().find(|it| bytes(it.ty.span()) == parameter)?;
    let name = bytes(declared.pat.span());
    let mut parts = Vec::new();
    if let Some(plain) = case.at(&name).strip_prefix("mut ") {
        parts.push((name, plain.to_owned()));
        parts.push((parameter.start..parameter.start, "&mut ".to_owned()));
        parts.push((argument.start..argument.start, "&mut ".to_owned()));
        let bound = case.at(argument);
        let local = nodes.statements.iter().find_map(|(statement, _)| match statement {
            Stmt::Local(local)
                if case.at(&bytes(local.pat.span())) == bound && bytes(local.span()).end <= argument.start =>
            {
                Some(bytes(local.pat.span()).start)
            }
            _ => None,
        });
        parts.extend(local.map(|at| (at..at, "mut ".to_owned())));
    } else {
        parts.push((parameter.start..parameter.start, "&".to_owned()));
        parts.push((argument.start..argument.start, "&".to_owned()));
    }
    Some(case.all("lend it to the function", parts))
}

/// The type of ours that cannot be cloned derives it, and the value is cloned.
fn clonable(case: &Case<'_>, nodes: &Nodes<'_>, place: &Range<usize>) -> Option<Proposal> {
    let missing = case.labelled("consider implementing `Clone` for this type")?;
    let start = nodes
        .structs
        .iter()
        .map(|it| bytes(it.span()))
        .chain(nodes.enums.iter().map(|it| bytes(it.span())))
        .find(|whole| whole.start <= missing.start && missing.start < whole.end)?
        .start;
    let derive = nodes.attributes.iter().find(|it| {
        it.path().is_ident("derive") && bytes(it.span()).start >= start && bytes(it.span()).end <= missing.start
    });
    let derived = match derive {
        Some(derive) => {
            let end = bytes(derive.span()).end - 2;
            (end..end, ", Clone".to_owned())
        }
        None => (start..start, format!("#[derive(Clone)]\n{}", case.indent(start))),
    };
    Some(
        case.all(
            "derive Clone, and clone what is used again",
            vec![derived, (place.end..place.end, ".clone()".into())],
        ),
    )
}

/// A borrow that lives on keeps this use out.
fn conflict(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    let labels = case.labels();
    let borrow = labels.iter().find(|(place, label)| {
        *place != case.place
            && (label.contains("borrow occurs") || label.contains("is borrowed here") || label.contains("construct"))
    });
    let Some((borrow, _)) = borrow.cloned() else { return proposals };
    // Copied out, nothing is borrowed any more.
    let reference = nodes.expressions.iter().copied().find_map(|it| match it {
        Expr::Reference(reference) if bytes(it.span()) == borrow => Some(reference),
        _ => None,
    });
    if let Some(reference) = reference.filter(|it| it.mutability.is_none()) {
        let inner = case.at(&bytes(reference.expr.span())).to_owned();
        proposals.push(case.replace("copy it out", borrow.clone(), format!("{inner}.clone()")));
    } else if reference.is_none()
        && let Some(outer) = call_on(nodes, &borrow)
        && !case.at(&bytes(outer.span())).contains("mut")
    {
        let end = bytes(outer.span()).end;
        for copied in [".cloned()", ".clone()", ".to_owned()", ".to_vec()", ".to_string()"] {
            proposals.push(case.replace("copy it out", end..end, copied));
        }
    }
    let later = labels.iter().find(|(_, label)| label.contains("later used") || label.contains("later call"));
    if let Some((later, _)) = later {
        proposals.extend(last_use_first(case, nodes, later));
        proposals.extend(borrow_later(case, nodes, &borrow, later));
    }
    proposals
}

/// The method chain that begins at a borrowed place and is the value of a binding.
fn call_on<'n>(nodes: &Nodes<'n>, borrow: &Range<usize>) -> Option<&'n Expr> {
    let (statement, _) = nodes.statement_at(borrow)?;
    let Stmt::Local(local) = statement else { return None };
    local.init.as_ref().map(|init| &*init.expr)
}

/// The statement of the borrow's last use comes before the use that it forbids.
fn last_use_first(case: &Case<'_>, nodes: &Nodes<'_>, later: &Range<usize>) -> Option<Proposal> {
    let (using, block) = nodes.statement_at(later)?;
    let (failing, same) = nodes.statement_at(&case.place)?;
    let (using, failing) = (case.lines(&bytes(using.span())), case.lines(&bytes(failing.span())));
    let apart = std::ptr::eq(block, same) && failing.end <= using.start;
    apart.then(|| {
        let moved = case.at(&using).to_owned();
        case.all("use the borrow before the other", vec![(failing.start..failing.start, moved), (using, String::new())])
    })
}

/// The borrow begins only after the use that it forbids.
fn borrow_later(case: &Case<'_>, nodes: &Nodes<'_>, borrow: &Range<usize>, later: &Range<usize>) -> Option<Proposal> {
    let (borrowing, block) = nodes.statement_at(borrow)?;
    let (failing, same) = nodes.statement_at(&case.place)?;
    let (borrowing, failing) = (case.lines(&bytes(borrowing.span())), case.lines(&bytes(failing.span())));
    let apart = std::ptr::eq(block, same) && borrowing.end <= failing.start && failing.end <= later.start;
    apart.then(|| {
        let moved = case.at(&borrowing).to_owned();
        case.all("borrow after the other use", vec![(borrowing, String::new()), (failing.end..failing.end, moved)])
    })
}

/// What is borrowed is declared where the borrow lives.
fn too_brief(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some(later) = case.labelled("later used") else { return Vec::new() };
    let name = case.pointed().trim_start_matches(['&', '*']).trim_start_matches("mut ");
    let declaring = nodes.statements.iter().find(|(statement, block)| {
        matches!(statement, Stmt::Local(local)
            if case.at(&bytes(local.pat.span())).trim_start_matches("mut ") == name)
            && covers(*block, &case.place)
    });
    let Some((declaring, inner)) = declaring else { return Vec::new() };
    let outer = nodes
        .statements
        .iter()
        .filter(|(statement, block)| covers(*statement, &bytes(inner.span())) && covers(*block, &later))
        .min_by_key(|(statement, _)| bytes(statement.span()).len());
    let Some((outer, _)) = outer else { return Vec::new() };
    let (lines, at) = (case.lines(&bytes(declaring.span())), case.lines(&bytes(outer.span())).start);
    let moved = case.at(&lines).to_owned();
    vec![case.all("declare it where its borrow lives", vec![(at..at, moved), (lines, String::new())])]
}

/// What a function makes it hands back owned.
fn owned_result(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some((signature, _)) = nodes.function_at(&case.place) else { return Vec::new() };
    let syn::ReturnType::Type(_, kind) = &signature.output else { return Vec::new() };
    let mut proposals = Vec::new();
    let text = case.pointed();
    if let syn::Type::Reference(reference) = &**kind {
        let target = case.at(&bytes(reference.elem.span()));
        let (owned, converted) = match target {
            "str" => ("String".to_owned(), Some("to_string()")),
            slice if slice.starts_with('[') && slice.ends_with(']') => {
                (format!("Vec<{}>", &slice[1..slice.len() - 1]), Some("to_vec()"))
            }
            other => (other.to_owned(), None),
        };
        let whole = bytes(kind.span());
        let plain = text.trim_start_matches('&').trim_start_matches("mut ");
        let mut bodies = vec![plain.to_owned()];
        for suffix in [".as_str()", ".as_slice()", ".as_ref()", "[..]", ".trim()"] {
            bodies.extend(plain.strip_suffix(suffix).map(str::to_owned));
        }
        bodies.extend(converted.map(|converted| format!("{plain}.{converted}")));
        for body in bodies {
            let parts = vec![(whole.clone(), owned.clone()), (case.place.clone(), body)];
            proposals.push(case.all("hand it back owned", parts));
        }
    }
    proposals.push(case.replace("hand it back owned", case.place.end..case.place.end, ".clone()"));
    proposals
}

fn taken_out(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    if !nodes.expressions.iter().any(|it| bytes(it.span()) == case.place) {
        return Vec::new();
    }
    let end = case.place.end;
    vec![
        case.replace("clone what cannot be taken", end..end, ".clone()"),
        case.replace("borrow what cannot be taken", case.place.start..case.place.start, "&"),
        case.replace("take what may be left empty", end..end, ".take()"),
    ]
}

/// A note says what could be cloned if its type, which is ours, could be.
fn cloned_as_noted(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let place = case.labelled("you could clone this value")?;
    clonable(case, nodes, &place)
}

/// A closure that gives away what it holds can do so once; a clone it can give away again.
fn cloned_in_closure(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let place = case.labelled("because it moves the variable")?;
    let is_value = nodes.expressions.iter().any(|it| bytes(it.span()) == place);
    is_value.then(|| case.replace("clone what is given away", place.end..place.end, ".clone()"))
}

fn named_temporary(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some((statement, _)) = nodes.statement_at(&case.place) else { return Vec::new() };
    let at = bytes(statement.span()).start;
    let name = "value";
    let declared = format!("let {name} = {};\n{}", case.pointed(), case.indent(at));
    vec![case.all("a name for the temporary value", vec![(at..at, declared), (case.place.clone(), name.into())])]
}

/// Of a constant every use is another value; a static has one place.
fn as_static(case: &Case<'_>) -> Vec<Proposal> {
    let name = case.pointed().trim_start_matches('&');
    let Some(at) = case.text.find(&format!("const {name}:")) else { return Vec::new() };
    vec![case.replace("one place for the value", at..at + "const".len(), "static")]
}

/// `'a: 'b` that a help demands, or that "must outlive" says: put at the lifetime's declaration.
fn outlives(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let mut wanted: Vec<String> = case
        .said()
        .into_iter()
        .filter(|said| said.contains("bound"))
        .flat_map(quoted)
        .filter(|part| part.starts_with('\'') && part.contains(": '"))
        .map(str::to_owned)
        .collect();
    if case.code() == "E0491" {
        let names: Vec<&str> = case.said().into_iter().flat_map(quoted).filter(|part| part.starts_with('\'')).collect();
        if let [longer, shorter, ..] = names[..] {
            wanted.push(format!("{shorter}: {longer}"));
        }
    }
    let mut proposals = Vec::new();
    for bound in wanted {
        let Some((name, other)) = bound.split_once(": ") else { continue };
        let declared = nodes.generics.iter().flat_map(|it| &it.params).filter_map(|it| match it {
            syn::GenericParam::Lifetime(it) if case.at(&bytes(it.lifetime.span())) == name => Some(it),
            _ => None,
        });
        let near = declared.min_by_key(|it| bytes(it.span()).start.abs_diff(case.place.start));
        if let Some(it) = near {
            let end = bytes(it.span()).end;
            let text = if it.colon_token.is_some() { format!(" + {other}") } else { format!(": {other}") };
            proposals.push(case.replace("the lifetime that lives as long", end..end, text));
        }
    }
    proposals
}
