//! The end of a flight: the landing takes the vehicle, so that nothing can be flown behind it.
//!
//! It leaves to others: branches that land, and missions that end in the air (`flight`).
use super::case::{Case, Nodes, covers};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{Expr, Stmt};

/// The calls that end a mission, and take the vehicle.
const LANDINGS: [&str; 3] = ["land", "land_at", "return_to_launch"];
/// Calls that leave the vehicle where it is: before a landing they change no place, and none lands elsewhere. What is done to a payload is
/// not among them: on the ground it is another deed than in the air.
const STAYS: [&str; 16] = [
    "altitude",
    "armed",
    "attitude",
    "autopilot",
    "battery",
    "heading",
    "hold",
    "home",
    "landed_state",
    "mode",
    "position",
    "position_age",
    "take_photo",
    "time",
    "velocity",
    "wind",
];

/// Whether `call`, a method's name with or without its arguments, ends the mission.
pub(super) fn lands(call: &str) -> bool {
    call.split('(').next().is_some_and(|name| LANDINGS.contains(&name.trim()))
}

pub(super) fn is_a_name(expression: &Expr) -> bool {
    matches!(expression, Expr::Path(path) if path.path.get_ident().is_some())
}

pub(super) fn names(text: &str, name: &str) -> bool {
    words(text).iter().any(|word| word.text == name)
}

/// Whether the flight goes on behind a call of `vehicle`: a later statement of a block around it names the vehicle.
pub(super) fn is_flown_on(case: &Case<'_>, nodes: &Nodes<'_>, call: &Range<usize>, vehicle: &str) -> bool {
    let Some((_, Some(function))) = nodes.function_at(call) else { return false };
    let is_later = |it: &Stmt| bytes(it.span()).start >= call.end && names(case.at(&bytes(it.span())), vehicle);
    let around =
        nodes.statements.iter().filter(|(_, block)| covers(*block, call) && covers(function, &bytes(block.span())));
    around.into_iter().any(|(it, _)| is_later(it))
}

/// Whether a call leaves the vehicle where it is.
pub(super) fn stays(call: &str) -> bool {
    STAYS.contains(&call)
}

/// Whether all that is done with the vehicle in `place` leaves it where it is.
fn all_stays(case: &Case<'_>, nodes: &Nodes<'_>, place: &Range<usize>, vehicle: &str) -> bool {
    let calls = nodes.expressions.iter().filter(|it| {
        matches!(it, Expr::MethodCall(call) if place.contains(&bytes(call.span()).start)
            && case.at(&bytes(call.receiver.span())) == vehicle && stays(&call.method.to_string()))
    });
    calls.count() == words(case.at(place)).iter().filter(|word| word.text == vehicle).count()
}

/// A landing takes the vehicle, and something is done with it behind that in the same block: the landing comes last, and all calls stay in
/// their order. Only where nothing moves the vehicle: it would land elsewhere.
pub(super) fn landed_last(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let moved = case.labelled("moved due to this method call").filter(|place| lands(case.at(place)))?;
    let vehicle = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if bytes(call.method.span()).start == moved.start && is_a_name(&call.receiver) => {
            Some(case.at(&bytes(call.receiver.span())))
        }
        _ => None,
    })?;
    let (statement, block) = nodes.statement_at(&moved)?;
    let landing = bytes(statement.span());
    if !covers(block, &case.place) || case.place.start < landing.end {
        return None;
    }
    let text_of = |it: &Stmt| case.at(&bytes(it.span()));
    let behind: Vec<&Stmt> = block.stmts.iter().filter(|it| bytes(it.span()).start >= landing.end).collect();
    // `Ok(vehicle)` hands back what has landed.
    let hands_back = matches!(behind.last(), Some(last @ Stmt::Expr(Expr::Call(_), None)) if text_of(last) == format!("Ok({vehicle})"));
    let flown = &behind[..behind.len() - usize::from(hands_back)];
    let last = flown.iter().rfind(|it| names(text_of(it), vehicle)).map(|it| bytes(it.span()));
    let between = case.text.get(landing.end..last.as_ref().map_or(landing.end, |it| it.end))?;
    let is_tail =
        !hands_back && flown.last().is_some_and(|it| matches!(it, Stmt::Expr(_, None)) && names(text_of(it), vehicle));
    let bound = bound_name(case.at(&landing));
    let moves = !all_stays(case, nodes, &(landing.end..landing.end + between.len()), vehicle);
    if is_tail || moves || bound.is_some_and(|name| names(between, name)) {
        return None;
    }
    let keeps =
        if hands_back && matches!(statement, Stmt::Expr(..)) { format!("let {vehicle} = ") } else { String::new() };
    let Some(last) = last else {
        let kept =
            (!keeps.is_empty()).then(|| case.replace("keep what has landed", landing.start..landing.start, keeps));
        return kept;
    };
    let (from, to) = (case.lines(&landing), case.lines(&last).end);
    let text = format!("{}{keeps}{}", case.indent(landing.start), case.at(&from).trim_start());
    Some(case.all("land at the end", vec![(from, String::new()), (to..to, text)]))
}

/// The name in `let name = ..`.
fn bound_name(statement: &str) -> Option<&str> {
    let (pattern, _) = statement.strip_prefix("let ")?.split_once('=')?;
    Some(pattern.split(':').next().unwrap_or(pattern).trim().trim_start_matches("mut "))
}
