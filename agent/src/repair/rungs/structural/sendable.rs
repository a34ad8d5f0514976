//! `Send`: what is shared or sent between threads and may not be.
//!
//! `Rc` becomes `Arc`, `RefCell` becomes `Mutex`, a trait object or a parameter asks for `Send`, and a lock is let go before an `.await`. It
//! leaves to others: whether a value should go to another thread at all; everything else of the program stays as it is.
use super::case::{Case, Nodes, covers, quoted};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use std::ops::Range;
use syn::Stmt;
use syn::spanned::Spanned;

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let message = &case.error.message;
    if !(message.contains("be sent between threads safely") || message.contains("be shared between threads safely")) {
        return Vec::new();
    }
    let nodes = case.nodes();
    let kinds = named_kinds(case);
    let mut proposals: Vec<Proposal> = guard_released(case, &nodes);
    proposals.extend(held_by_threads(case, &nodes, &kinds));
    proposals.extend(objects(case, &kinds));
    proposals
}

/// The types that the error and its notes name.
fn named_kinds(case: &Case<'_>) -> Vec<String> {
    let mut kinds: Vec<String> = case.said().into_iter().flat_map(quoted).map(str::to_owned).collect();
    kinds.extend(case.labels().into_iter().flat_map(|(_, label)| quoted(label)).map(str::to_owned));
    kinds
}

fn names(kinds: &[String], wanted: &str) -> bool {
    kinds.iter().any(|kind| words(kind).iter().any(|word| word.text == wanted))
}

/// Counted by one thread, or changed by one thread: the same of `std::sync`. Both where both are in the program, for what shares the one
/// between threads shares the other.
fn held_by_threads(case: &Case<'_>, nodes: &Nodes<'_>, kinds: &[String]) -> Vec<Proposal> {
    let (is_counted, is_changed) = (names(kinds, "Rc"), names(kinds, "RefCell"));
    let counted = || renamed(case, "Rc", "rc", "Arc");
    let mut proposals = Vec::new();
    if is_counted || is_changed {
        let mut parts = if has_word(case, "Rc") { counted() } else { Vec::new() };
        if has_word(case, "RefCell")
            && let Some(locked) = locked(case, nodes)
        {
            parts.extend(locked);
            proposals.push(case.all("share and lock it between threads", merged(parts)));
        }
    }
    if is_counted && has_word(case, "Rc") {
        // `Rc<RefCell<..>>` is both; of two types apart the one that is counted may do.
        let is_both = kinds.iter().any(|kind| kind.contains("Rc<") && kind.contains("RefCell<"));
        let at = if is_both { proposals.len() } else { 0 };
        proposals.insert(at, case.all("count it for all threads", merged(counted())));
    }
    proposals
}

fn has_word(case: &Case<'_>, wanted: &str) -> bool {
    words(case.text).iter().any(|word| word.text == wanted)
}

/// Every use of the type, and the module that it comes from; an import that is then there twice goes.
fn renamed(case: &Case<'_>, from: &str, module: &str, to: &str) -> Vec<(Range<usize>, String)> {
    let known = has_word(case, to);
    let mut parts = Vec::new();
    for word in words(case.text) {
        let place = word.at..word.at + word.text.len();
        if word.text == from {
            parts.push((place, to.to_owned()));
        } else if word.text == module
            && case.text[place.end..].starts_with("::")
            && case.text[..place.start].ends_with("::")
        {
            parts.push((place, "sync".to_owned()));
        }
    }
    if known {
        let import = format!("use std::{module}::{from};\n");
        if let Some(at) = case.text.find(&import) {
            let whole = at..at + import.len();
            parts.retain(|(place, _)| !whole.contains(&place.start));
            parts.push((whole, String::new()));
        }
    }
    parts
}

/// `RefCell` as `Mutex`; `None` where one statement borrows twice, which would wait for itself for ever.
fn locked(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Vec<(Range<usize>, String)>> {
    let mut parts = renamed(case, "RefCell", "cell", "Mutex");
    let mut borrows: Vec<Range<usize>> = Vec::new();
    for it in &nodes.expressions {
        if let syn::Expr::MethodCall(call) = it
            && ["borrow", "borrow_mut"].contains(&call.method.to_string().as_str())
            && call.args.is_empty()
        {
            let place = bytes(call.method.span()).start..bytes(call.span()).end;
            parts.push((place.clone(), "lock().unwrap()".to_owned()));
            borrows.push(place);
        }
    }
    let statement = |place: &Range<usize>| nodes.statement_at(place).map(|(it, _)| bytes(it.span()));
    let holders: Vec<Option<Range<usize>>> = borrows.iter().map(statement).collect();
    let twice = holders.iter().enumerate().any(|(at, one)| one.is_some() && holders[at + 1..].contains(one));
    // A borrow that a name keeps is let go at the end of its block; another one before that would wait for ever as well.
    let kept = borrows.iter().zip(&holders).any(|(_, holder)| {
        let Some(holder) = holder else { return false };
        let Some((Stmt::Local(_), block)) = nodes.statement_at(holder) else { return false };
        let ends_in_borrow = borrows.iter().any(|borrow| borrow.end + 1 == holder.end);
        let later = |other: &Range<usize>| other.start > holder.end && covers(block, other);
        ends_in_borrow && borrows.iter().any(later)
    });
    (!twice && !kept).then_some(parts)
}

/// Two imports of one module written apart stay two lines; a module named once for both types is changed once.
fn merged(mut parts: Vec<(Range<usize>, String)>) -> Vec<(Range<usize>, String)> {
    parts.sort_by_key(|(place, _)| (place.start, place.end));
    parts.dedup();
    parts
}

/// A lock that is held while the future waits: its statements in a block of their own, or let go where it was let go too late.
fn guard_released(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let labels = case.labels();
    let held = labels.iter().find(|(_, label)| label.contains("has type `") && label.contains("Guard<"));
    let waits = labels.iter().find(|(_, label)| label.contains("await occurs here"));
    let (Some((held, _)), Some((waits, _))) = (held, waits) else { return Vec::new() };
    let (Some((binding, block)), Some((waiting, _))) = (nodes.statement_at(held), nodes.statement_at(waits)) else {
        return Vec::new();
    };
    let Stmt::Local(local) = binding else { return Vec::new() };
    let name = case.at(&bytes(local.pat.span())).trim_start_matches("mut ").to_owned();
    let (start, stop) = (bytes(binding.span()).start, bytes(waiting.span()).start);
    let uses = |it: &&Stmt| words(case.at(&bytes(it.span()))).iter().any(|word| word.text == name);
    let mut proposals = Vec::new();
    // `drop(guard)` behind the waiting says that nothing needs it there; where a block ends, it is let go of itself.
    let drop = format!("drop({name});");
    let behind = |it: &&Stmt| bytes(it.span()).start >= stop && uses(it);
    let is_drop = |it: &&Stmt| case.at(&bytes(it.span())) == drop;
    let used_later = block.stmts.iter().filter(behind).any(|it| !is_drop(&it));
    let last = block.stmts.iter().rfind(|it| bytes(it.span()).end <= stop && uses(it));
    if let (Some(last), false) = (last, used_later) {
        let indent = case.indent(start).to_owned();
        let end = bytes(last.span()).end;
        let inside = case.text[start..end].replace('\n', "\n    ");
        let mut parts = vec![(start..end, format!("{{\n{indent}    {inside}\n{indent}}}"))];
        let dropped = block.stmts.iter().filter(behind).map(|it| case.lines(&bytes(it.span())));
        parts.extend(dropped.map(|lines| (lines, String::new())));
        proposals.push(case.all("the lock in a block of its own", parts));
    }
    proposals
}

/// `dyn Trait` that goes to another thread says so.
fn objects(case: &Case<'_>, kinds: &[String]) -> Vec<Proposal> {
    let shared = case.error.message.contains("be shared");
    let bound = if shared { " + Sync" } else { " + Send" };
    let mut proposals = Vec::new();
    for kind in kinds {
        let Some(object) = kind.trim_start_matches('(').strip_prefix("dyn ") else { continue };
        let object = object.trim_end_matches(')').split(" + ").next().unwrap_or(object);
        let object = if kind.contains('(') && object.ends_with('(') { format!("{object})") } else { object.to_owned() };
        let written = format!("dyn {object}");
        let parts: Vec<(Range<usize>, String)> = case
            .text
            .match_indices(&written)
            .map(|(at, _)| at + written.len())
            .filter(|end| {
                let rest = &case.text[*end..];
                !rest.starts_with(bound) && !rest.starts_with(|c: char| c == '_' || c.is_alphanumeric())
            })
            .map(|end| (end..end, bound.to_owned()))
            .collect();
        let proposal = case.all("the trait object may go to other threads", parts);
        if !proposal.parts.is_empty() && !proposals.contains(&proposal) {
            proposals.push(proposal);
        }
    }
    proposals
}
