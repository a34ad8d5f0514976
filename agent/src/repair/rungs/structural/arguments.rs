//! Arguments: what a call lacks and is at hand exactly once, a closure in the other's place, a unit that another is wanted of.
//!
//! A number, a yes or a no is never filled in: they fit everywhere and say nothing. It leaves to others: values that bear the missing
//! parameter's name (`types`), and what the compiler suggests itself.
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, parse, words};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{Expr, Item, Pat, Stmt};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    match case.code() {
        "E0061" => missing(case, &case.nodes()),
        "E0308" => of_the_wanted_unit(case, &case.nodes()).into_iter().collect(),
        "E0271" => closure_hands_back_less(case, &case.nodes()).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A value that can be named at the error's place.
struct AtHand {
    name: String,
    /// Its type, as far as the text tells.
    kind: String,
    /// It is a place in something that is lent, so that it must be cloned to be given away.
    is_lent: bool,
}

/// The holes of the compiler's suggestion (`/* Type */`), each filled by the one value of its type.
fn missing(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let values = at_hand(case, nodes);
    let mut proposals = Vec::new();
    for cloned in [false, true] {
        let filled = case.filled("the one value of that type", |hole| {
            let value = the_one(case, &values, hole)?;
            Some(format!("{}{}", value.name, if cloned && value.is_lent { ".clone()" } else { "" }))
        });
        for proposal in filled {
            if !proposals.iter().any(|known: &Proposal| known.parts == proposal.parts) {
                proposals.push(proposal);
            }
        }
    }
    proposals
}

/// The value of that type, where there is one, or one that nothing else uses.
fn the_one<'v>(case: &Case<'_>, values: &'v [AtHand], kind: &str) -> Option<&'v AtHand> {
    const SAY_NOTHING: &[&str] = &[
        "f64", "f32", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "bool",
        "char", "_", "()",
    ];
    let wanted = bare(kind);
    if SAY_NOTHING.contains(&wanted) || wanted.is_empty() {
        return None;
    }
    let of_kind: Vec<&AtHand> = values.iter().filter(|value| bare(&value.kind) == wanted).collect();
    let uses = |value: &AtHand| words(case.text).iter().filter(|word| word.text == value.name).count();
    let unused: Vec<&AtHand> = of_kind.iter().copied().filter(|value| uses(value) == 1).collect();
    match (&of_kind[..], &unused[..]) {
        (_, [one]) | ([one], _) => Some(one),
        _ => None,
    }
}

/// A type's own name, without borrow and path.
fn bare(kind: &str) -> &str {
    let kind = kind.trim().trim_start_matches('&').trim_start_matches("mut ").trim();
    if kind == "str" {
        return "String";
    }
    match kind.find('<') {
        None => kind.rsplit("::").next().unwrap_or(kind),
        Some(_) => kind,
    }
}

/// Constants, parameters, bindings whose type is written, and what an arm around the place takes out of one of our variants.
fn at_hand(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<AtHand> {
    let mut values = Vec::new();
    let mut put = |name: &str, kind: &str, is_lent: bool| {
        let name = name.trim_start_matches("mut ").to_owned();
        if name.chars().all(|c| c == '_' || c.is_alphanumeric()) {
            values.retain(|known: &AtHand| known.name != name);
            values.push(AtHand { name, kind: kind.to_owned(), is_lent });
        }
    };
    for item in case.tree.iter().flat_map(|tree| &tree.items) {
        match item {
            Item::Const(it) => put(&it.ident.to_string(), case.at(&bytes(it.ty.span())), false),
            Item::Static(it) => put(&it.ident.to_string(), case.at(&bytes(it.ty.span())), false),
            _ => {}
        }
    }
    let Some((signature, Some(block))) = nodes.function_at(&case.place) else { return values };
    for input in &signature.inputs {
        if let syn::FnArg::Typed(it) = input {
            let kind = case.at(&bytes(it.ty.span()));
            put(case.at(&bytes(it.pat.span())), kind, kind.starts_with('&'));
        }
    }
    for (statement, around) in &nodes.statements {
        let Stmt::Local(local) = statement else { continue };
        let place = bytes(local.span());
        let is_before = place.end <= case.place.start && covers(block, &place) && covers(*around, &case.place);
        if let Some((name, kind)) = bound(case, local).filter(|_| is_before) {
            put(name, &kind, false);
        }
    }
    for (name, kind) in taken_out(case, nodes) {
        put(&name, &kind, true);
    }
    values
}

/// A binding's name and type: as written, or that of the constructor it is made by.
fn bound<'c>(case: &Case<'c>, local: &syn::Local) -> Option<(&'c str, String)> {
    if let Pat::Type(typed) = &local.pat {
        return Some((case.at(&bytes(typed.pat.span())), case.at(&bytes(typed.ty.span())).to_owned()));
    }
    let Expr::Call(call) = &*local.init.as_ref()?.expr else { return None };
    let made = case.at(&bytes(call.func.span()));
    let mut segments = made.rsplit("::");
    let is_type = |name: &&str| name.starts_with(char::is_uppercase) && !["Some", "Ok", "Err"].contains(name);
    let kind = segments.next().filter(is_type).or_else(|| segments.next().filter(is_type))?;
    Some((case.at(&bytes(local.pat.span())), kind.to_owned()))
}

/// What the arms around the place bind of variants that the program declares.
fn taken_out(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let arms = nodes.expressions.iter().filter_map(|it| match it {
        Expr::Match(it) => Some(&it.arms),
        _ => None,
    });
    for arm in arms.flatten().filter(|arm| covers(&arm.body, &case.place)) {
        let Pat::TupleStruct(pattern) = &arm.pat else { continue };
        let Some(variant) = pattern.path.segments.last().map(|last| last.ident.to_string()) else { continue };
        for text in case.sources.values() {
            let Some(tree) = parse(text) else { continue };
            let variants = tree.items.iter().filter_map(|item| match item {
                Item::Enum(it) => Some(&it.variants),
                _ => None,
            });
            for declared in variants.flatten().filter(|it| it.ident == variant) {
                for (bound, field) in pattern.elems.iter().zip(&declared.fields) {
                    let kind = text.get(bytes(field.ty.span())).unwrap_or_default();
                    found.push((case.at(&bytes(bound.span())).to_owned(), kind.to_owned()));
                }
            }
        }
    }
    found
}

/// `map_or(f, value)`: where a closure is expected and something else stands, the two arguments change places.
pub(super) fn exchanged(case: &Case<'_>) -> Vec<Proposal> {
    if case.code() == "E0277" { closure_last(case, &case.nodes()).into_iter().collect() } else { Vec::new() }
}

fn closure_last(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let message = &case.error.message;
    if !(message.starts_with("expected a `Fn") && message.contains("closure, found")) {
        return None;
    }
    let arguments = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if call.args.iter().any(|one| bytes(one.span()) == case.place) => Some(&call.args),
        Expr::Call(call) if call.args.iter().any(|one| bytes(one.span()) == case.place) => Some(&call.args),
        _ => None,
    })?;
    let places: Vec<Range<usize>> = arguments.iter().map(|it| bytes(it.span())).collect();
    let [one, other] = &places[..] else { return None };
    let parts = vec![(one.clone(), case.at(other).to_owned()), (other.clone(), case.at(one).to_owned())];
    Some(case.all("the closure in its place", parts))
}

/// `Metres(20.0)` where `AboveHome` is wanted: the number stays, in the type that is wanted. Only for a number that is written there:
/// what a name stands for may be used elsewhere as what it is.
fn of_the_wanted_unit(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    if case.error.message != "mismatched types" {
        return None;
    }
    let call = nodes.expressions.iter().find_map(|it| match it {
        Expr::Call(call) if bytes(it.span()) == case.place => Some(call),
        _ => None,
    })?;
    let (_, label) = case.labels().into_iter().find(|(place, _)| *place == case.place)?;
    let [wanted, found] = quoted(label)[..] else { return None };
    let is_plain = |kind: &str| kind.starts_with(char::is_uppercase) && kind.chars().all(char::is_alphanumeric);
    let number = case.at(&bytes(call.args.first()?.span()));
    let is_number = number.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    let is_made_so = case.at(&bytes(call.func.span())) == found && call.args.len() == 1;
    // A height below the take-off point is never meant.
    let is_meant = !(wanted == "AboveHome" && number.starts_with('-'));
    (is_plain(wanted) && is_plain(found) && is_number && is_made_so && is_meant)
        .then(|| case.replace("the number in the type that is wanted", bytes(call.func.span()), wanted))
}

/// "expected `{closure@file.rs:55:69}` to return `&str`, but it returns `&&str`": the closure hands back what is lent.
fn closure_hands_back_less(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let [closure, wanted, found] = quoted(&case.error.message)[..] else { return None };
    if found.strip_prefix('&')? != wanted {
        return None;
    }
    let mut place = closure.strip_prefix("{closure@")?.strip_suffix('}')?.split(':');
    let (file, line, column) =
        (place.next()?, place.next()?.parse::<usize>().ok()?, place.next()?.parse::<usize>().ok()?);
    if !case.file.ends_with(file) && !std::path::Path::new(file).ends_with(case.file) {
        return None;
    }
    let start: usize = case.text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>() + column - 1;
    let body = nodes.expressions.iter().find_map(|it| match it {
        Expr::Closure(closure) if bytes(it.span()).start == start => Some(&closure.body),
        _ => None,
    })?;
    let at = bytes(body.span()).start;
    matches!(**body, Expr::Path(_) | Expr::Field(_) | Expr::MethodCall(_) | Expr::Call(_) | Expr::Index(_))
        .then(|| case.replace("copy what is lent", at..at, "*"))
}
