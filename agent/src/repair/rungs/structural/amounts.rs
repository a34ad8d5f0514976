//! What the numbers of a call that another API has amount to here: other units, heights above something else, by so much instead of to there.
//!
//! A hint shows a form with numbers of its own; this says whether the form means the same as the program's call, and what the program's
//! numbers are in it. Above what a bare height is nobody knows, unless the same number stands in the program with its frame. It leaves to
//! others: putting numbers into forms (`hints`).
use super::case::{Case, Nodes};
use super::hints::{call_at, subject};
use super::landings::{is_a_name, is_flown_on, lands};
use crate::plan::quantity::small;
use crate::repair::rungs::Proposal;
use crate::repair::syntax::bytes;
use syn::spanned::Spanned;
use syn::{Expr, ExprMethodCall};

/// Calls of other APIs that change something by so much, where the SDK's hint shows first what changes it to so much.
const BY_SO_MUCH: [&str; 3] = ["ascend", "descend", "rotate"];

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    let nodes = case.nodes();
    let mut proposals: Vec<Proposal> = coordinates(case, &nodes).into_iter().collect();
    proposals.extend(with_its_nose(case, &nodes));
    proposals.extend(lowered(case, &nodes));
    proposals
}

/// The name that is called where the error points: a method's, or that of the value that is made there.
fn called<'c>(case: &Case<'c>, nodes: &Nodes<'_>) -> Option<&'c str> {
    if let Some(Expr::Call(made)) = subject(case, nodes) {
        return Some(case.at(&bytes(made.func.span())));
    }
    call_at(case, nodes).map(|call| case.at(&bytes(call.method.span())))
}

/// Whether a hint's form means what the call does that the error is about.
pub(super) fn is_meant(case: &Case<'_>, nodes: &Nodes<'_>, form: &str) -> bool {
    let name = called(case, nodes).unwrap_or_default();
    if BY_SO_MUCH.contains(&name) {
        return name == "ascend" && form.contains(".climb_by(");
    }
    let is_foreign = case.labels().iter().any(|(_, label)| label.contains("not a call of this SDK"));
    if is_foreign && [".climb_by(", ".turn_by("].iter().any(|by| form.contains(by)) {
        return false;
    }
    if form.contains("Altitude::") && !name.ends_with("Relative") {
        return height_of(case, nodes).is_some_and(|height| frame_of(case, height) == Some("AboveHome"));
    }
    // A note about what is to be done later is no form of this call.
    if name == "start" && form.contains(".stop(") {
        return false;
    }
    // What ends the mission is not meant where it goes on.
    let ends = form.split_once("vehicle.").is_some_and(|(before, call)| before.is_empty() && lands(call));
    !(ends
        && call_at(case, nodes)
            .is_some_and(|call| is_flown_on(case, nodes, &bytes(call.span()), case.at(&bytes(call.receiver.span())))))
}

/// The third number of the coordinates that the error is about.
fn height_of<'c>(case: &Case<'c>, nodes: &Nodes<'_>) -> Option<&'c str> {
    let arguments = match subject(case, nodes) {
        Some(Expr::Call(made)) => &made.args,
        _ => &call_at(case, nodes)?.args,
    };
    arguments.get(2).map(|height| case.at(&bytes(height.span())))
}

/// Above what the program has this number elsewhere, if it has it above one thing alone.
fn frame_of(case: &Case<'_>, height: &str) -> Option<&'static str> {
    let has = |frame: &str| case.text.contains(&format!("{frame}({height})"));
    match (has("AboveHome"), has("Amsl")) {
        (true, false) => Some("AboveHome"),
        (false, true) => Some("Amsl"),
        _ => None,
    }
}

/// `Metres(1500.0)` for "1.5 km": the hint shows an amount in both units, and the program's amount is turned in the same ratio.
pub(super) fn scaled(case: &Case<'_>, nodes: &Nodes<'_>, said: &str, form: &str) -> Option<Proposal> {
    let (unit, shown) = form.strip_suffix(')')?.split_once('(')?;
    let shown: f64 = shown.parse().ok()?;
    let (_, amount) = said.split_once(&format!("`{form}` for "))?;
    let amount = amount.split([' ', ',', ';', ')']).next()?;
    let amount = amount.parse().ok().or_else(|| small(amount))?;
    let Some(Expr::Call(made)) = subject(case, nodes) else { return None };
    let value = made.args.first().filter(|_| made.args.len() == 1)?;
    let text = case.at(&bytes(value.span()));
    let turned = match text.trim_end_matches('.').replace('_', "").parse::<f64>() {
        Ok(number) => format!("{unit}({:?})", number * shown / amount),
        Err(_) if is_a_name(value) => format!("{unit}({text} * {:?})", shown / amount),
        Err(_) => return None,
    };
    Some(case.replace("the same amount in the unit that the hint names", bytes(made.span()), turned))
}

fn is_number(text: &str) -> bool {
    text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit())
        && text.replace('_', "").parse::<f64>().is_ok()
}

/// A literal number as one with a fraction.
fn with_fraction(text: &str) -> String {
    if text.contains(['.', 'e']) { text.to_owned() } else { format!("{text}.0") }
}

/// `descend(5.0)`: the SDK climbs by a negative height.
fn lowered(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let call = call_at(case, nodes).filter(|call| call.method == "descend" && call.args.len() == 1)?;
    let text = case.at(&bytes(call.args[0].span()));
    let number = text.strip_prefix("Metres(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
    let shown = case.said().iter().any(|said| said.contains(".climb_by(Metres("));
    (shown && is_number(number) && !number.starts_with('-')).then(|| {
        let parts = vec![
            (bytes(call.method.span()), "climb_by".to_owned()),
            (bytes(call.args[0].span()), format!("Metres(-{})", with_fraction(number))),
        ];
        case.all("down is a climb by less than nothing", parts)
    })
}

/// Latitude, longitude and a height as bare numbers. MAVSDK's `goto_location` counts heights above mean sea level and has a fourth number,
/// the heading that the vehicle has on the way; of any other height the frame must stand elsewhere in the program.
fn coordinates(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let call = call_at(case, nodes)?;
    let is_mavsdk = call.method == "goto_location" && call.args.len() == 4;
    let is_ours = call.method == "go_to_global" && call.args.len() == 3 && case.code() == "E0061";
    let numbers: Vec<&str> = call.args.iter().map(|it| case.at(&bytes(it.span()))).collect();
    if !(is_mavsdk || is_ours) || !numbers.iter().all(|text| is_number(text)) {
        return None;
    }
    let (latitude, longitude, height) = (numbers[0], numbers[1], numbers[2]);
    let frame = if is_mavsdk { "Amsl" } else { frame_of(case, height)? };
    let place = format!(
        "GlobalPosition::at(Latitude({}), Longitude({}), Altitude::{frame}({}))",
        with_fraction(latitude),
        with_fraction(longitude),
        with_fraction(height)
    );
    let given = bytes(call.args.first()?.span()).start..bytes(call.args.last()?.span()).end;
    let mut parts = vec![(bytes(call.method.span()), "go_to_global".to_owned()), (given, place)];
    parts.extend(numbers.get(3).and_then(|heading| nose(case, nodes, call, heading)));
    Some(case.all("a place by its coordinates", parts))
}

/// MAVSDK's `PositionNedYaw(north, east, down, yaw)`: a place, and a heading of its own. Down is negative above home.
fn with_its_nose(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<Proposal> {
    let Some(Expr::Call(made)) = subject(case, nodes) else { return None };
    let call = nodes.expressions.iter().find_map(|it| match it {
        Expr::MethodCall(call) if call.args.iter().any(|one| bytes(one.span()) == bytes(made.span())) => Some(call),
        _ => None,
    })?;
    let numbers: Vec<&str> = made.args.iter().map(|it| case.at(&bytes(it.span()))).collect();
    let [north, east, down, heading] = numbers[..] else { return None };
    let height = down.strip_prefix('-')?;
    let is_it = case.at(&bytes(made.func.span())) == "PositionNedYaw" && numbers.iter().all(|text| is_number(text));
    let place = format!(
        "PositionNed::at(North({}), East({}), AboveHome({}))",
        with_fraction(north),
        with_fraction(east),
        with_fraction(height)
    );
    let nose = nose(case, nodes, call, heading).filter(|_| is_it)?;
    Some(case.all("a place, and where the nose points", vec![nose, (bytes(made.span()), place)]))
}

/// The nose is turned before the statement of a call of the vehicle.
fn nose(
    case: &Case<'_>,
    nodes: &Nodes<'_>,
    call: &ExprMethodCall,
    heading: &str,
) -> Option<(std::ops::Range<usize>, String)> {
    let (statement, _) = nodes.statement_at(&bytes(call.span())).filter(|_| is_a_name(&call.receiver))?;
    let at = bytes(statement.span()).start;
    let vehicle = case.at(&bytes(call.receiver.span()));
    let heading = with_fraction(heading);
    Some((at..at, format!("{vehicle}.set_nose(Nose::Heading(Degrees({heading})));\n{}", case.indent(at))))
}
