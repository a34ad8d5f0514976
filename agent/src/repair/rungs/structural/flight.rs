//! A flight's order: take off before flying, land last, hand back what was landed.
//!
//! It leaves to others: hints that show a form (`hints`).
use super::case::{Case, Nodes, covers, quoted};
use super::landings::{is_a_name, landed_last, lands, names, stays};
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{Expr, Stmt};

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    let says = |words: &str| case.said().iter().any(|said| said.contains(words));
    let mut proposals = Vec::new();
    if says("it has to take off first") {
        proposals.extend(take_off_first(case, &nodes));
    }
    if says("the flight is over") {
        proposals.extend(before_the_landing(case, &nodes));
    }
    if says("was not awaited yet") {
        proposals.extend(await_the_take_off(case, &nodes));
    }
    if says("arming and taking off are one call") {
        proposals.extend(armed_by_the_take_off(case, &nodes));
    }
    if says("nothing has to be started") {
        proposals.extend(nothing_to_start(case, &nodes));
    }
    if case.error.message.contains("cannot construct") {
        proposals.extend(made_of_axes(case, &nodes));
    }
    match case.code() {
        "E0308" => {
            proposals.extend(land_at_the_end(case, &nodes));
            proposals.extend(above_home(case, &nodes));
        }
        "E0382" => {
            proposals.extend(landed_last(case, &nodes));
            proposals.extend(landed_in_a_branch(case, &nodes));
        }
        "E0061" => proposals.extend(one_place(case, &nodes)),
        "E0499" | "E0502" => proposals.extend(stop_set_points(case, &nodes)),
        _ => {}
    }
    proposals
}

/// The take-off is there, and its result is not kept, or it comes later. Where there is none it comes first, to the one height that the
/// mission flies at: of two heights nobody said which.
fn take_off_first(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some((failing, block)) = nodes.statement_at(&case.place) else { return Vec::new() };
    let Some(take_off) = block.stmts.iter().find(|it| case.at(&bytes(it.span())).contains(".arm_and_take_off(")) else {
        return taken_off(case, nodes, block).into_iter().collect();
    };
    let (start, failing_place) = (bytes(take_off.span()).start, bytes(failing.span()));
    let mut parts = Vec::new();
    if matches!(take_off, Stmt::Expr(..)) {
        parts.push((start..start, "let mut vehicle = ".to_owned()));
    }
    if failing_place.start < start {
        let end = case.lines(&bytes(take_off.span())).end;
        let lines = case.lines(&failing_place);
        parts.push((lines.clone(), String::new()));
        parts.push((end..end, case.at(&lines).to_owned()));
    }
    if parts.is_empty() { Vec::new() } else { vec![case.all("keep the vehicle that took off, and fly it", parts)] }
}

fn taken_off(case: &Case<'_>, nodes: &Nodes<'_>, block: &syn::Block) -> Option<Proposal> {
    let (signature, own) = nodes.function_at(&case.place)?;
    let is_the_mission = signature.ident == "fly" && own.is_some_and(|own| std::ptr::eq(own, block));
    if !is_the_mission || case.text.contains(".arm_and_take_off(") {
        return None;
    }
    let first = block.stmts.iter().find(|it| names(case.at(&bytes(it.span())), "vehicle"))?;
    let height = the_one_height(case, nodes)?;
    let at = bytes(first.span()).start;
    let text = format!("let mut vehicle = vehicle.arm_and_take_off({height}).await?;\n{}", case.indent(at));
    Some(case.replace("take off first, to the height that is flown at", at..at, text))
}

/// The height above home that the function around the error and the constants name, if they name one alone: `AboveHome(10.0)`, or a
/// constant that is one.
pub(super) fn the_one_height<'c>(case: &Case<'c>, nodes: &Nodes<'_>) -> Option<&'c str> {
    let is_height = |kind: &syn::Type| case.at(&bytes(kind.span())) == "AboveHome";
    let constants = nodes.constants.iter().filter(|it| is_height(&it.ty));
    let (_, block) = nodes.function_at(&case.place)?;
    let function = bytes(block?.span());
    let written = nodes.expressions.iter().filter_map(|it| match it {
        Expr::Call(call) if case.at(&bytes(call.func.span())) == "AboveHome" && call.args.len() == 1 => {
            Some(bytes(it.span())).filter(|place| function.contains(&place.start))
        }
        _ => None,
    });
    let mut heights: Vec<&str> = constants.map(|it| case.at(&bytes(it.ident.span()))).collect();
    heights.extend(written.map(|place| case.at(&place)));
    heights.sort_unstable();
    heights.dedup();
    let [height] = heights[..] else { return None };
    // A height below the place of the take-off is never meant.
    (!height.contains('-')).then_some(height)
}

/// A call behind the landing is moved before it, if it leaves the vehicle where it is.
fn before_the_landing(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    if !stays(case.pointed()) {
        return None;
    }
    let (failing, block) = nodes.statement_at(&case.place)?;
    let landing = block.stmts.iter().find(|it| {
        let text = case.at(&bytes(it.span()));
        text.contains(".land()") || text.contains(".return_to_launch()")
    })?;
    let (at, lines) = (case.lines(&bytes(landing.span())).start, case.lines(&bytes(failing.span())));
    (at < lines.start).then(|| {
        let moved = case.at(&lines).to_owned();
        case.all("fly before the landing", vec![(at..at, moved), (lines, String::new())])
    })
}

/// The receiver is bound to a call that was not awaited.
fn await_the_take_off(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let receiver = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if bytes(call.method.span()) == case.place => {
            Some(case.at(&bytes(call.receiver.span())))
        }
        _ => None,
    })?;
    let bound = nodes.statements.iter().rev().find_map(|(statement, _)| match statement {
        Stmt::Local(local) if bytes(local.span()).end <= case.place.start => {
            let name = case.at(&bytes(local.pat.span()));
            let value = &local.init.as_ref()?.expr;
            (name.trim_start_matches("mut ") == receiver && !matches!(**value, Expr::Try(_))).then_some((local, value))
        }
        _ => None,
    })?;
    let (local, value) = bound;
    let end = bytes(value.span()).end;
    let mut parts = vec![(end..end, ".await?".to_owned())];
    let name = bytes(local.pat.span());
    if !case.at(&name).starts_with("mut ") {
        parts.push((name.start..name.start, "mut ".to_owned()));
    }
    Some(case.all("await the call whose result is used", parts))
}

/// `vehicle.arm().await?;` before a take-off that arms: the statement goes, for the other call does it.
fn armed_by_the_take_off(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (statement, block) = nodes.statement_at(&case.place)?;
    let takes_off = |it: &&Stmt| {
        let text = case.at(&bytes(it.span()));
        text.contains("take_off(") || text.contains("takeoff(")
    };
    let later =
        block.stmts.iter().filter(|it| bytes(it.span()).start > bytes(statement.span()).end).any(|it| takes_off(&it));
    let is_arming = case.pointed().starts_with("arm") && matches!(statement, Stmt::Expr(..)) && !takes_off(&statement);
    let lines = case.lines(&bytes(statement.span()));
    (later && is_arming).then(|| case.replace("the take-off arms", lines, ""))
}

/// `offboard.start().await?;`: set-points need no start.
fn nothing_to_start(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (statement, _) = nodes.statement_at(&case.place)?;
    let lines = case.lines(&bytes(statement.span()));
    let is_alone = case.at(&lines).trim().ends_with(".start().await?;") && matches!(statement, Stmt::Expr(..));
    (case.pointed() == "start" && is_alone).then(|| case.replace("nothing has to be started", lines, ""))
}

/// `PositionNed { north_m: .. }` as the function that takes its axes.
fn made_of_axes(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let literal = nodes.expressions.iter().find_map(|it| match it {
        Expr::Struct(literal) if bytes(literal.path.span()) == case.place => Some(literal),
        _ => None,
    })?;
    let name = case.pointed();
    let is_position = name.ends_with("PositionNed");
    let maker = case.said().iter().find_map(|said| {
        quoted(said).into_iter().find(|part| ["at", "by"].contains(part) && said.contains("associated function"))
    })?;
    let mut axes = Vec::new();
    for field in &literal.fields {
        let syn::Member::Named(ident) = &field.member else { return None };
        let value = case.at(&bytes(field.expr.span()));
        let axis = match ident.to_string().split('_').next()? {
            "north" => format!("North({value})"),
            "east" => format!("East({value})"),
            "forward" => format!("Forward({value})"),
            "right" => format!("Right({value})"),
            "up" => format!("Up({value})"),
            // A place below the take-off point is never meant; a displacement down may be, so that it is left to a person.
            "down" if is_position => format!("AboveHome({})", value.trim_start_matches('-')),
            _ => return None,
        };
        axes.push(axis);
    }
    let whole = bytes(literal.span());
    Some(case.replace("make it of its axes", whole, format!("{name}::{maker}({})", axes.join(", "))))
}

/// `Ok(vehicle)` of a vehicle that still flies.
fn land_at_the_end(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let flies = case.labels().iter().any(|(_, label)| label.contains("Landed>") && label.contains("Airborne>"));
    let ok = nodes.expressions.iter().copied().find(|it| {
        matches!(it, Expr::Call(call) if call.args.iter().any(|argument| bytes(argument.span()) == case.place)
            && case.at(&bytes(call.func.span())) == "Ok")
    })?;
    flies.then(|| case.replace("land at the end", bytes(ok.span()), format!("{}.land().await", case.pointed())))
}

/// An altitude above something where one above home is wanted: the vehicle's home knows how high it lies itself.
fn above_home(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let (_, label) = case.labels().into_iter().find(|(place, _)| *place == case.place)?;
    if quoted(label) != ["AboveHome", "Altitude"] {
        return None;
    }
    let receiver = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if call.args.iter().any(|argument| bytes(argument.span()) == case.place) => {
            Some(&call.receiver)
        }
        _ => None,
    })?;
    let vehicle = case.at(&bytes(receiver.span()));
    (is_a_name(receiver) && vehicle == "vehicle").then(|| {
        let text = format!("{vehicle}.home().above_home({})", case.pointed());
        case.replace("above home, whose own height is known", case.place.clone(), text)
    })
}

/// A branch lands and the flight goes on behind it: the branch ends the mission.
fn landed_in_a_branch(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let moved = case.labelled("moved due to this method call")?;
    if !lands(case.at(&moved)) {
        return None;
    }
    let (statement, block) = nodes.statement_at(&moved)?;
    // In a loop, nobody knows whether the first round was meant to be the last.
    let in_a_loop = case.labels().iter().any(|(_, label)| label.contains("previous iteration of loop"));
    let in_a_loop = in_a_loop
        || nodes.expressions.iter().any(|it| {
            matches!(it, Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_))
                && covers(*it, &moved)
                && !covers(*it, &case.place)
        });
    let is_in_branch = !covers(block, &case.place) && !in_a_loop;
    let call = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if bytes(call.method.span()).start == moved.start => Some(bytes(call.span())),
        _ => None,
    })?;
    is_in_branch.then(|| {
        let text = format!("return {}.await;", case.at(&call));
        case.replace("end the mission where it has landed", bytes(statement.span()), text)
    })
}

/// `go_to(40.0, 0.0, 10.0)`: the arguments as one, of which the next error says what it must be.
fn one_place(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    if !case.error.message.contains("takes 1 argument but") {
        return None;
    }
    let arguments = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if bytes(call.method.span()) == case.place && call.args.len() > 1 => Some(&call.args),
        Expr::Call(call) if bytes(call.func.span()) == case.place && call.args.len() > 1 => Some(&call.args),
        _ => None,
    })?;
    let place = bytes(arguments.first()?.span()).start..bytes(arguments.last()?.span()).end;
    Some(case.replace("the arguments as one", place.clone(), format!("({})", case.at(&place))))
}

/// A call of the vehicle while set-points have it.
fn stop_set_points(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let borrow = case.labelled("first mutable borrow").or_else(|| case.labelled("mutable borrow occurs"))?;
    let name = nodes.statements.iter().find_map(|(statement, _)| match statement {
        Stmt::Local(local) if covers(local, &borrow) && case.at(&bytes(local.span())).contains(".offboard()") => {
            Some(case.at(&bytes(local.pat.span())).trim_start_matches("mut ").to_owned())
        }
        _ => None,
    })?;
    let (statement, block) = nodes.statement_at(&case.place)?;
    let at: Range<usize> = bytes(statement.span());
    let stopping = block.stmts.iter().find(|it| case.at(&bytes(it.span())).contains(&format!("{name}.stop()")));
    let rule = "stop the set-points first";
    Some(match stopping {
        Some(stopping) => {
            let (from, to) = (case.lines(&bytes(stopping.span())), case.lines(&at).start);
            let moved = case.at(&from).to_owned();
            case.all(rule, vec![(to..to, moved), (from, String::new())])
        }
        None => {
            let text = format!("{name}.stop().await?;\n{}", case.indent(at.start));
            case.replace(rule, at.start..at.start, text)
        }
    })
}
