//! Numbers that a mission lacks and that its own words tell: `Metres()` where "fly 60 m north" stands at its head.
//!
//! A number is taken only if it is the one of its kind that the words have and the code has not. What may have a sign that the words do not
//! have is left to a person. It leaves to others: values that stand in the code (`arguments`).
use super::case::{Case, Nodes, covers};
use super::flight::the_one_height;
use crate::plan::quantity::{Dimension, Quantity, find_all};
use crate::repair::rungs::Proposal;
use crate::repair::sources::MISSION;
use crate::repair::syntax::{bytes, words};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, Stmt};

/// Types of the SDK, and what they measure.
const MEASURES: [(&str, Dimension); 6] = [
    ("Metres", Dimension::Length),
    ("AboveHome", Dimension::Length),
    ("Seconds", Dimension::Duration),
    ("MetresPerSecond", Dimension::Speed),
    ("Percent", Dimension::Share),
    ("Degrees", Dimension::Angle),
];

pub(super) fn rules(case: &Case<'_>) -> Vec<Proposal> {
    if case.code() != "E0061" || !case.file.ends_with(MISSION) {
        return Vec::new();
    }
    let nodes = case.nodes();
    let mut proposals = height(case, &nodes);
    let made = nodes.expressions.iter().find_map(|it| match it {
        Expr::Call(call) if bytes(call.func.span()) == case.place && call.args.is_empty() => Some(call),
        _ => None,
    });
    if let Some(call) = made {
        let number = the_start(case, &nodes, call)
            .or_else(|| the_one_told(case, &nodes))
            .or_else(|| the_other_way(case, &nodes))
            .or_else(|| named_so(case, &nodes));
        let at = bytes(call.paren_token.span.close()).start;
        proposals.extend(number.map(|number| case.replace("the number that is told elsewhere", at..at, number)));
    }
    proposals
}

/// A place without a height, in a mission that names one height alone.
fn height(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some(height) = the_one_height(case, nodes) else { return Vec::new() };
    case.filled("the one height of the mission", |hole| {
        (hole.rsplit("::").next() == Some("AboveHome")).then(|| height.to_owned())
    })
}

/// The amounts of the words at the mission's head, `//! > Take off to 15 m, fly 100 m north`, in SI, with the digits that they are
/// written in.
fn told(text: &str) -> Vec<(Quantity, Option<f64>)> {
    let head: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("//! >")).map(str::trim).collect();
    let head = head.join(" ");
    let digits = |span: Range<usize>| {
        let text = &head[span];
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        text[..end].parse().ok()
    };
    find_all(&head).into_iter().map(|found| (found.quantity, digits(found.span))).collect()
}

/// A number of the code, and what it measures if it stands in a type of the SDK.
#[derive(Debug, PartialEq)]
struct Written {
    number: f64,
    measures: Option<Dimension>,
}

/// The numbers that the code has.
fn written(text: &str) -> Vec<Written> {
    const LENGTHS: [&str; 6] = ["North", "East", "Up", "Forward", "Right", "Metres::from_feet"];
    let number = |at: usize| {
        let rest = &text[at..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(rest.len());
        rest[..end].trim_end_matches('.').replace('_', "").parse().ok()
    };
    let measures = |at: usize| {
        let before = text[..at].trim_end_matches('-').strip_suffix('(')?;
        let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').map_or(0, |at| at + 1);
        let kind = &before[start..];
        let known = MEASURES.iter().find(|(name, _)| *name == kind).map(|(_, dimension)| *dimension);
        known.or_else(|| LENGTHS.contains(&kind).then_some(Dimension::Length))
    };
    // The fraction of a number is a word of its own.
    let is_fraction = |at: usize| text[..at].ends_with('.') && text[..at - 1].ends_with(|c: char| c.is_ascii_digit());
    let starts = words(text).into_iter().filter(|word| word.text.starts_with(|c: char| c.is_ascii_digit()));
    let own = starts.filter(|word| !is_fraction(word.at));
    own.filter_map(|word| Some(Written { number: number(word.at)?, measures: measures(word.at) })).collect()
}

/// How often the code has an amount, in SI or as the words write it.
fn times_written((quantity, digits): &(Quantity, Option<f64>), has: &[Written]) -> usize {
    let is_it = |it: &&Written| {
        let is_number = (it.number - quantity.value).abs() < 1e-3 || digits.is_some_and(|digits| it.number == digits);
        is_number && it.measures.is_none_or(|dimension| dimension == quantity.dimension)
    };
    has.iter().filter(is_it).count()
}

/// The one amount of this type's dimension that the words tell and that the code does not have, or has less often than they.
fn the_one_told(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<String> {
    let (kind, dimension) = MEASURES.iter().find(|(kind, _)| *kind == case.pointed())?;
    let constant = nodes.constants.iter().find(|it| covers(**it, &case.place)).map(|it| it.ident.to_string());
    // A climb that leads down, or a turn to the left, is written with a sign that the words do not have.
    let may_be_negative = match *kind {
        "Metres" => constant.is_none_or(|name| name.contains("CLIMB")),
        "Degrees" => true,
        _ => false,
    };
    if may_be_negative {
        return None;
    }
    let (told, has) = (told(case.text), written(case.text));
    let told: Vec<_> = told.into_iter().filter(|(quantity, _)| quantity.dimension == *dimension).collect();
    let (mut missing, mut fewer) = (Vec::new(), Vec::new());
    for amount in &told {
        let as_often = told.iter().filter(|(other, _)| other.value == amount.0.value).count();
        match times_written(amount, &has) {
            0 => missing.push(amount.0.value),
            times if times < as_often => fewer.push(amount.0.value),
            _ => {}
        }
    }
    fewer.dedup();
    let found = if missing.is_empty() { fewer } else { missing };
    let [one] = found[..] else { return None };
    Some(format!("{one:?}"))
}

/// The place right above the take-off, which is written as nothing north and nothing east at the take-off's height: one of the two is
/// missing. Only as the first place that a mission is at, before it flies anywhere, and where the words have no number left.
fn the_start(case: &Case<'_>, nodes: &Nodes<'_>, call: &ExprCall) -> Option<String> {
    let other = match case.pointed() {
        "North" => "East(0.0)",
        "East" => "North(0.0)",
        _ => return None,
    };
    let (statement, block) = nodes.statement_at(&bytes(call.span()))?;
    let Stmt::Local(local) = statement else { return None };
    let (place, name) = (case.at(&bytes(local.init.as_ref()?.expr.span())), case.at(&bytes(local.pat.span())));
    let take_off =
        block.stmts.iter().map(|it| case.at(&bytes(it.span()))).find(|it| it.contains(".arm_and_take_off("))?;
    let (_, height) = take_off.split_once(".arm_and_take_off(")?;
    let height = height.split_once(").await").map(|(height, _)| height)?;
    let flown = |it: &Stmt| {
        let text = case.at(&bytes(it.span()));
        text.contains(".await") && !text.contains(".arm_and_take_off(")
    };
    let is_first = !block.stmts.iter().take_while(|it| !covers(*it, &bytes(call.span()))).any(flown);
    let has = written(case.text);
    let is_length = |quantity: &Quantity| quantity.dimension == Dimension::Length;
    let all_told = told(case.text).iter().filter(|it| is_length(&it.0)).all(|it| times_written(it, &has) > 0);
    let is_here = name.trim_start_matches("mut ") == "here" && place.contains(other);
    (is_here && is_first && all_told && place.trim_end_matches(')').ends_with(height)).then(|| "0.0".to_owned())
}

/// `CLOCKWISE_LAP` without a number beside `COUNTERCLOCKWISE_LAP: Degrees = Degrees(-360.0)`, and the reverse.
fn the_other_way(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<String> {
    let own = nodes.constants.iter().find(|it| covers(**it, &case.place)).filter(|_| case.pointed() == "Degrees")?;
    let own = own.ident.to_string();
    let other = own.strip_prefix("COUNTER").map_or_else(|| format!("COUNTER{own}"), str::to_owned);
    let other = nodes.constants.iter().find(|it| it.ident == other && own.contains("CLOCKWISE_"))?;
    let value = case.at(&bytes(other.expr.span())).strip_prefix("Degrees(")?.strip_suffix(')')?;
    let number: f64 = value.parse().ok()?;
    Some(format!("{:?}", -number))
}

/// An angle whose constant is named by what it is.
fn named_so(case: &Case<'_>, nodes: &Nodes<'_>) -> Option<String> {
    const ANGLES: [(&str, f64); 10] = [
        ("NORTH", 0.0),
        ("NORTH_EAST", 45.0),
        ("EAST", 90.0),
        ("SOUTH_EAST", 135.0),
        ("SOUTH", 180.0),
        ("SOUTH_WEST", 225.0),
        ("WEST", 270.0),
        ("NORTH_WEST", 315.0),
        ("HALF_TURN", 180.0),
        ("FULL_TURN", 360.0),
    ];
    let own = nodes.constants.iter().find(|it| covers(**it, &case.place)).filter(|_| case.pointed() == "Degrees")?;
    let (_, angle) = ANGLES.iter().find(|(name, _)| own.ident == name)?;
    Some(format!("{angle:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_words_tell_is_compared_with_what_the_code_has() {
        let text = "//! A mission.\n//!\n//! > Take off to fifteen metres, fly 30 feet\n//! > north.\nuse a;\n";
        let told = told(text);
        let values: Vec<f64> = told.iter().map(|(quantity, _)| quantity.value).collect();
        assert_eq!(values, [15.0, 9.144]);
        let has = written("const A: f64 = 1_000.5; f(x[2], 3.0, Metres::from_feet(30.0)); // 7\nf(15.0)");
        assert_eq!(has.iter().map(|it| it.number).collect::<Vec<_>>(), [1000.5, 2.0, 3.0, 30.0, 15.0]);
        assert_eq!(told.iter().map(|it| times_written(it, &has)).collect::<Vec<_>>(), [1, 1]);
        let others = written("const WAIT: Seconds = Seconds(15.0); const UP: AboveHome = AboveHome(9.144);");
        assert_eq!(told.iter().map(|it| times_written(it, &others)).collect::<Vec<_>>(), [0, 1]);
    }
}
