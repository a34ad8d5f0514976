//! Numbers that a mission lacks and that its own words tell: `Metres()` where "fly 60 m north" stands at its head.
//!
//! A number is taken only if it is the one of its unit that the words have and the code has not. Words of direction that would change its
//! sign leave it to a person. It leaves to others: values that stand in the code (`arguments`).
use super::case::{Case, Nodes, covers};
use super::flight::the_one_height;
use crate::repair::mission::MISSION;
use crate::repair::rungs::Proposal;
use crate::repair::syntax::{bytes, words};
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, Stmt};

/// Types of the SDK, and the units that the words may have for them.
const UNITS: [(&str, &[&str]); 6] = [
    ("Metres", &["m", "metre", "metres", "meter", "meters"]),
    ("AboveHome", &["m", "metre", "metres", "meter", "meters"]),
    ("Seconds", &["s", "second", "seconds"]),
    ("MetresPerSecond", &["m/s"]),
    ("Percent", &["%", "percent"]),
    ("Degrees", &["degree", "degrees", "°"]),
];
/// Directions that are written as a negative number somewhere.
const TURNS_THE_SIGN: [&str; 12] = [
    "down",
    "descend",
    "descending",
    "lower",
    "sink",
    "drop",
    "left",
    "counterclockwise",
    "anticlockwise",
    "back",
    "backwards",
    "below",
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
        let number =
            the_start(case, &nodes, call).or_else(|| the_one_told(case)).or_else(|| the_other_way(case, &nodes));
        let at = bytes(call.paren_token.span.close()).start;
        proposals.extend(number.map(|number| case.replace("the number that is told elsewhere", at..at, number)));
    }
    proposals
}

/// A place without a height, in a mission that names one height alone.
fn height(case: &Case<'_>, nodes: &Nodes<'_>) -> Vec<Proposal> {
    let Some(height) = the_one_height(case, nodes) else { return Vec::new() };
    case.filled("the one height of the mission", |hole| (hole == "AboveHome").then(|| height.to_owned()))
}

/// A number of the words at the head, with its unit.
#[derive(Debug, PartialEq)]
struct Told {
    number: f64,
    unit: String,
}

/// `//! > Take off to 15 m, fly 100 m north`: the numbers.
fn told(text: &str) -> Vec<Told> {
    let head = text.lines().take_while(|line| line.starts_with("//!"));
    let head: Vec<&str> = head.filter_map(|line| line.strip_prefix("//! >")).collect();
    let head = head.join(" ");
    let mut found = Vec::new();
    let mut rest = head.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        // A digit of a name, or the fraction of a number, is no number.
        let is_own = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == '-');
        rest = &rest[at..];
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number = rest[..length].trim_end_matches('.');
        let behind = rest[number.len()..].trim_start();
        let length = behind.find(|c: char| !c.is_alphabetic() && !"/%°".contains(c)).unwrap_or(behind.len());
        if let (true, Ok(number)) = (is_own, number.parse()) {
            found.push(Told { number, unit: behind[..length].to_lowercase() });
        }
        rest = &rest[number.len()..];
    }
    found
}

/// The numbers that the code has.
fn written(text: &str) -> Vec<f64> {
    let number = |at: usize| {
        let rest = &text[at..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(rest.len());
        rest[..end].trim_end_matches('.').replace('_', "").parse().ok()
    };
    let starts = words(text).into_iter().filter(|word| word.text.starts_with(|c: char| c.is_ascii_digit()));
    starts.filter_map(|word| number(word.at)).collect()
}

/// The one number that the words tell in a unit of this type and that the code does not have.
fn the_one_told(case: &Case<'_>) -> Option<String> {
    let (kind, units) = UNITS.iter().find(|(kind, _)| *kind == case.pointed())?;
    let (told, has) = (told(case.text), written(case.text));
    let head: String = case.text.lines().filter_map(|line| line.strip_prefix("//! >")).collect::<Vec<_>>().join(" ");
    let turns =
        head.split(|c: char| !c.is_alphabetic()).any(|word| TURNS_THE_SIGN.contains(&word.to_lowercase().as_str()));
    if turns && ["Metres", "Degrees"].contains(kind) {
        return None;
    }
    let missing: Vec<&Told> = told.iter().filter(|it| !has.contains(&it.number)).collect();
    let [one] = missing[..] else { return None };
    units.contains(&one.unit.as_str()).then(|| format!("{:?}", one.number))
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
    let all_told = told(case.text).iter().all(|it| has.contains(&it.number));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_numbers_are_read_with_their_units() {
        let found = |words: &str| -> Vec<(f64, String)> {
            told(&format!("//! A mission.\n//!\n//! > {words}\nuse a;\n"))
                .into_iter()
                .map(|it| (it.number, it.unit))
                .collect()
        };
        let pair = |number: f64, unit: &str| (number, unit.to_owned());
        assert_eq!(found("Take off to 15 m, fly 100 m north."), [pair(15.0, "m"), pair(100.0, "m")]);
        assert_eq!(found("at 2.5 m/s until 25%, then 20m."), [pair(2.5, "m/s"), pair(25.0, "%"), pair(20.0, "m")]);
        assert_eq!(found("turn 90° at -3 m"), [pair(90.0, "°")]);
        assert_eq!(written("const A: f64 = 1_000.5; f(x[2], 3.0); // 7"), [1000.5, 2.0, 3.0]);
    }
}
