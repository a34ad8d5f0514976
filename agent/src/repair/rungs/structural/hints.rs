//! The SDK's own hints: an error's words show the right call (`write ..`), and what stands in the program is put into that form.
//!
//! The form's numbers are replaced by the program's, in their order and only where there are as many: a rule invents no number and drops
//! none. A height above home that was written as a negative number (down, as in NED) becomes positive; one below the take-off point is never
//! meant. It leaves to others: hints that say in words what to do (`flight`).
use super::amounts::{is_meant, scaled};
use super::case::{Case, Nodes, quoted};
use super::landings::is_a_name;
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Stmt};

const RULE: &str = "write it as the hint says";

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    let mut proposals = Vec::new();
    for said in case.said() {
        // What is to be done before this call is no form of this call.
        if said.contains("before this call") || said.contains("move this call") {
            continue;
        }
        for form in quoted(said) {
            let form = form.trim_end_matches(';');
            if !is_meant(case, &nodes, form) {
                continue;
            }
            let scaled = scaled(case, &nodes, said, form);
            if scaled.is_some() {
                proposals.extend(scaled);
                continue;
            }
            if form == ".await?" {
                proposals.extend(await_it(case));
                continue;
            }
            let (bound, form) = match form.strip_prefix("let mut ").and_then(|rest| rest.split_once(" = ")) {
                Some((name, value)) => (Some(name), value),
                None => (None, form),
            };
            let bare = form.strip_suffix('?').unwrap_or(form);
            let bare = bare.strip_suffix(".await").unwrap_or(bare);
            let Ok(shape) = syn::parse_str::<Expr>(bare) else { continue };
            proposals.extend(method_calls(case, &nodes, bare, &shape, bound));
            proposals.extend(values(case, &nodes, bare, &shape));
        }
    }
    proposals
}

/// A call that was named but not awaited.
fn await_it(case: &Case<'_>) -> Option<Proposal> {
    let end = case.place.end;
    (!case.text[end..].starts_with(".await")).then(|| case.replace("await it", end..end, ".await?"))
}

/// The form is a method call: the program's call gets the method's name, and its arguments in the form's shape or as they are.
fn method_calls(case: &Case<'_>, nodes: &Nodes<'_>, form: &str, shape: &Expr, bound: Option<&str>) -> Vec<Proposal> {
    let (Expr::MethodCall(shown), Some(call)) = (shape, call_at(case, nodes)) else { return Vec::new() };
    // A name that the SDK has is not what is wrong.
    let is_foreign = case.labels().iter().any(|(_, label)| label.contains("not a call of this SDK"));
    if bytes(call.method.span()) == case.place && !is_foreign {
        return Vec::new();
    }
    let name = (bytes(call.method.span()), shown.method.to_string());
    let inside = inside_parentheses(call);
    let mut heads = vec![name.clone()];
    // A form that binds what the call hands back is for a statement that does not.
    if let Some(bound) = bound
        && let Some((statement, _)) = nodes.statement_at(&case.place)
        && matches!(statement, Stmt::Expr(..))
    {
        let start = bytes(statement.span()).start;
        heads.push((start..start, format!("let mut {bound} = ")));
    }
    let mut proposals = Vec::new();
    if call.args.len() == shown.args.len() && call.method != shown.method {
        proposals.push(case.all(RULE, heads.clone()));
    }
    let arguments: Vec<&Expr> = call.args.iter().collect();
    let wanted = bytes_of_arguments(form, shown);
    if let Some(filled) = filled(case, &form[wanted], &shown.args.iter().collect::<Vec<_>>(), &arguments) {
        heads.push((inside, filled));
        proposals.push(case.all(RULE, heads));
    }
    proposals
}

/// The innermost method call whose name, or one of whose arguments, the error points at.
pub(super) fn call_at<'n>(case: &Case<'_>, nodes: &Nodes<'n>) -> Option<&'n syn::ExprMethodCall> {
    let calls = nodes.expressions.iter().filter_map(|it| match it {
        Expr::MethodCall(call) => Some(call),
        _ => None,
    });
    let about = calls.filter(|call| {
        bytes(call.method.span()) == case.place || call.args.iter().any(|argument| bytes(argument.span()) == case.place)
    });
    about.min_by_key(|call| bytes(call.span()).len())
}

fn inside_parentheses(call: &syn::ExprMethodCall) -> Range<usize> {
    let whole = bytes(call.paren_token.span.join());
    whole.start + 1..whole.end - 1
}

fn bytes_of_arguments(form: &str, shown: &syn::ExprMethodCall) -> Range<usize> {
    // Spans of a parsed string begin at its first byte.
    let whole = bytes(shown.paren_token.span.join());
    let (start, end) = (whole.start + 1, whole.end - 1);
    if form.get(start..end).is_some() { start..end } else { 0..0 }
}

/// The form is a value: what the error points at gets its shape.
fn values(case: &Case<'_>, nodes: &Nodes<'_>, form: &str, shape: &Expr) -> Vec<Proposal> {
    let Some(subject) = subject(case, nodes) else { return Vec::new() };
    let place = bytes(subject.span());
    let mut proposals = Vec::new();
    match shape {
        Expr::Binary(binary) => {
            // `altitude + Metres(5.0)`: what stands on the right is the matter.
            let right = bytes(binary.right.span());
            let Some(text) = form.get(right) else { return proposals };
            let text = filled(case, text, &[&binary.right], &[subject]);
            proposals.extend(text.map(|text| case.replace(RULE, place, text)));
        }
        Expr::MethodCall(call) if is_a_name(&call.receiver) => {
            // `offset.to_ned(vehicle.heading())`: the receiver stands for the value.
            let name = bytes(call.receiver.span());
            if let (Some(rest), Expr::Path(_)) = (form.get(name.end..), subject) {
                proposals.push(case.replace(RULE, place.clone(), format!("{}{rest}", case.at(&place))));
            }
        }
        Expr::Call(_) => {
            if let Some(text) = filled(case, form, &[shape], &[subject]) {
                proposals.extend(with_its_call(case, nodes, &place, &text));
                proposals.push(case.replace(RULE, place, text));
            } else if let Some((arguments, text)) = all_arguments(case, nodes, form, shape) {
                proposals.push(case.replace(RULE, arguments, text));
            } else if let Some(fields) = tuple_of_numbers(case) {
                let names: Vec<String> = (0..fields).map(|at| format!("{}.{at}", case.at(&place))).collect();
                let text = with_numbers(form, &numbers_in(shape), &names);
                proposals.extend(text.map(|text| case.replace(RULE, place, text)));
            }
        }
        _ => {}
    }
    proposals
}

/// `go_to(40.0, 0.0, 10.0)`: one value is wanted, and the call's arguments are what it is made of.
fn all_arguments(case: &Case<'_>, nodes: &Nodes<'_>, form: &str, shape: &Expr) -> Option<(Range<usize>, String)> {
    let given = arguments_of(nodes, &case.place)?;
    let (first, last) = (bytes(given.first()?.span()), bytes(given.last()?.span()));
    let text = filled(case, form, &[shape], &given)?;
    (given.len() > 1).then_some((first.start..last.end, text))
}

/// The arguments of the call that has one at this place.
fn arguments_of<'n>(nodes: &Nodes<'n>, place: &Range<usize>) -> Option<Vec<&'n Expr>> {
    nodes.expressions.iter().find_map(|it| {
        let given: Vec<&Expr> = match it {
            Expr::Call(call) => call.args.iter().collect(),
            Expr::MethodCall(call) => call.args.iter().collect(),
            _ => return None,
        };
        given.iter().any(|one| bytes(one.span()) == *place).then_some(given)
    })
}

/// Where a note shows the call that takes the new value (`vehicle.go_to_global(place)`), the call around it gets that name as well.
fn with_its_call(case: &Case<'_>, nodes: &Nodes<'_>, place: &Range<usize>, text: &str) -> Option<Proposal> {
    let call = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if call.args.len() == 1 && bytes(call.args[0].span()) == *place => Some(call),
        _ => None,
    })?;
    let taking = case.said().into_iter().flat_map(quoted).find_map(|form| {
        let bare = form.trim_end_matches(';').trim_end_matches('?').trim_end_matches(".await");
        match syn::parse_str::<Expr>(bare) {
            Ok(Expr::MethodCall(shown)) if shown.args.len() == 1 && is_a_name(&shown.args[0]) => {
                Some(shown.method.to_string())
            }
            _ => None,
        }
    })?;
    let name = bytes(call.method.span());
    (case.at(&name) != taking).then(|| case.all(RULE, vec![(name, taking), (place.clone(), text.to_owned())]))
}

/// The expression that the error is about: where it points, the call whose argument or name that is, or an operator's right side.
pub(super) fn subject<'n>(case: &Case<'_>, nodes: &Nodes<'n>) -> Option<&'n Expr> {
    for it in &nodes.expressions {
        if let Expr::Binary(binary) = it
            && bytes(binary.op.span()) == case.place
        {
            return Some(&binary.right);
        }
    }
    let exact = nodes.expressions.iter().copied().find(|it| bytes(it.span()) == case.place);
    // Of `Feet(100.0)` the number or the name is pointed at, and all of it is the matter.
    let foreign = case.labels().iter().any(|(_, label)| label.contains("not a unit") || label.contains("not a type"));
    if exact.is_some() && !foreign {
        return exact;
    }
    let call = nodes.expressions.iter().copied().filter(|it| {
        matches!(it, Expr::Call(call) if bytes(call.func.span()) == case.place
            || call.args.iter().any(|argument| bytes(argument.span()) == case.place))
    });
    call.min_by_key(|it| bytes(it.span()).len()).or(exact)
}

/// `({float}, {float}, {float})` in the message: how many.
fn tuple_of_numbers(case: &Case<'_>) -> Option<usize> {
    let kind = quoted(&case.error.message).into_iter().find(|part| part.starts_with('('))?;
    let inner = kind.strip_prefix('(')?.strip_suffix(')')?;
    let fields: Vec<&str> = inner.split(',').map(str::trim).filter(|field| !field.is_empty()).collect();
    let is_number = |field: &&str| matches!(*field, "{float}" | "f64" | "f32");
    fields.iter().all(is_number).then_some(fields.len())
}

/// `form`, the text of `shown`, with its numbers replaced by those in `given`; `None` where there are not as many, or none.
fn filled(case: &Case<'_>, form: &str, shown: &[&Expr], given: &[&Expr]) -> Option<String> {
    let first = bytes(shown.first()?.span()).start;
    let slots: Vec<Range<usize>> =
        shown.iter().flat_map(|it| numbers_in(it)).map(|slot| slot.start - first..slot.end - first).collect();
    let mut values = Vec::new();
    for it in given {
        values.extend(arguments_in(it).into_iter().map(|place| case.at(&place).to_owned()));
    }
    with_numbers(form, &slots, &values)
}

fn with_numbers(form: &str, slots: &[Range<usize>], values: &[String]) -> Option<String> {
    if slots.is_empty() || slots.len() != values.len() {
        return None;
    }
    let mut text = form.to_owned();
    for (slot, value) in slots.iter().zip(values).rev() {
        text.get(slot.clone())?;
        let is_height = text[..slot.start].ends_with("AboveHome(");
        let is_number = value.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
        let value = if is_height { value.trim_start_matches('-') } else { value };
        let whole = is_number && !value.contains(['.', 'e', 'f']);
        text.replace_range(slot.clone(), &if whole { format!("{value}.0") } else { value.to_owned() });
    }
    Some(text)
}

/// The numbers of an expression, signs included, in their order.
fn numbers_in(expression: &Expr) -> Vec<Range<usize>> {
    let mut numbers = Numbers { found: Vec::new(), names_too: false };
    numbers.visit_expr(expression);
    numbers.found
}

/// As [`numbers_in`], and names of values that stand for numbers.
fn arguments_in(expression: &Expr) -> Vec<Range<usize>> {
    let mut numbers = Numbers { found: Vec::new(), names_too: true };
    numbers.visit_expr(expression);
    numbers.found
}

struct Numbers {
    found: Vec<Range<usize>>,
    names_too: bool,
}

impl<'ast> Visit<'ast> for Numbers {
    fn visit_expr(&mut self, it: &'ast Expr) {
        match it {
            Expr::Unary(unary) if matches!(*unary.expr, Expr::Lit(_)) => self.found.push(bytes(it.span())),
            Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Float(_) | syn::Lit::Int(_)) => {
                self.found.push(bytes(it.span()));
            }
            // The called name is no argument.
            Expr::Call(call) => call.args.iter().for_each(|argument| self.visit_expr(argument)),
            Expr::Path(path) if self.names_too && path.path.get_ident().is_some() => {
                self.found.push(bytes(it.span()));
            }
            _ => visit::visit_expr(self, it),
        }
    }
}
