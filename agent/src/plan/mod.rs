//! Mission words, or a file, into a [`PlanDraft`]; the plan read back in plain words. The first stage.
//!
//! [`from_words`] is a real parser: every word is read by a rule of the grammar or skipped by name, and what no rule reads is quoted
//! back as a refusal. Checking the draft against envelope and vehicle is left to `PlanDraft::check` in `flightsmith-mission`.
mod account;
mod assemble;
mod cursor;
mod file;
mod grammar;
pub mod model;
pub mod quantity;
mod readback;
mod refusal;
pub mod stage;
mod token;

#[cfg(test)]
pub(crate) mod tests;

pub use account::unaccounted;
pub use file::{PlanFileError, from_file, schema};
pub use readback::{ReadFor, readback};
pub use refusal::{Fault, FaultKind, PlanRefusal};
pub use stage::planned;

use assemble::{Assembled, Limit, assemble};
use cursor::{Cursor, Setting};
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::frame::PositionNed;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::itinerary::{self, Item, Motion};
use flightsmith_mission::plan::PlanDraft;
use flightsmith_mission::vehicle::Vehicle;
use grammar::{Clause, Form};
use refusal::quote;
use token::Token;

/// Most bytes of mission words that are read.
pub const MAX_WORDS_BYTES: usize = 6_000;

/// A draft and what was assumed where the words left something open.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The plan, not yet checked.
    pub draft: PlanDraft,
    /// Each a sentence without full stop, for the readback.
    pub assumptions: Vec<String>,
}

/// Reads mission words for `vehicle` within `envelope` from `home`. Names every fault that it finds.
pub fn from_words(words: &str, vehicle: &Vehicle, envelope: &Envelope, home: &Home) -> Result<Planned, PlanRefusal> {
    if words.len() > MAX_WORDS_BYTES {
        let message = format!("the mission has {} bytes of words, at most {MAX_WORDS_BYTES} are read", words.len());
        return Err(refuse(
            FaultKind::TooLong,
            message,
            "say it shorter, or write a plan file and give it with --plan",
        ));
    }
    if !words.contains(char::is_alphanumeric) {
        return Err(refuse(
            FaultKind::Empty,
            "there are no words".into(),
            "say what to fly: take off to 10 m, fly a 40 m square at 5 m/s, then return and land",
        ));
    }
    let setting = Setting { vehicle, envelope, home };
    let tokens = token::tokens(words);
    let instructions = instructions(words, &tokens, setting);
    let mut cursor = Cursor::new(words, &tokens, Some(setting));
    cursor.only_length_unit = only_length_unit(words);
    let (title, clauses) = clauses(&mut cursor, &instructions);
    let (mut faults, mut notes) = (cursor.faults, cursor.notes);
    faults.retain(|fault| !instructions.iter().any(|order| order.span.0 < fault.span.1 && fault.span.0 < order.span.1));
    faults.extend(instructions);
    let flies = clauses
        .iter()
        .any(|clause| !matches!(clause.form, Form::Nothing | Form::Speed(_) | Form::Height(_) | Form::Repeat { .. }));
    if !flies && faults.iter().all(|fault| fault.kind == FaultKind::NotUnderstood) {
        let quoted = quote(words);
        let message = "nothing in these words is a flight".into();
        let hint = "say what to fly: take off to 10 m, fly a 40 m square at 5 m/s, then return and land".into();
        faults = vec![Fault { kind: FaultKind::NotAMission, quoted, span: (0, words.len()), message, hint }];
    }
    let broken = !faults.is_empty();
    let name = kebab(title.unwrap_or(words));
    let assembled = assemble(clauses, words, name, setting);
    // When parts were not understood, what is missing may be in them.
    faults
        .extend(assembled.faults.iter().filter(|fault| !broken || !matches!(fault.kind, FaultKind::Unclear)).cloned());
    notes.extend(assembled.notes.iter().cloned());
    if faults.is_empty() {
        faults.extend(flown_limits(&assembled, setting, &mut notes));
    }
    if faults.is_empty() {
        // A second pair of eyes on the grammar: no number may be lost.
        let held: Vec<f64> =
            assembled.limits.iter().map(|(Limit::Ceiling(metres) | Limit::Fence(metres), _)| *metres).collect();
        let lost = account::unaccounted_with(words, &assembled.draft, home, &held);
        faults.extend(lost.into_iter().map(|found| Fault {
            kind: FaultKind::NotUnderstood,
            quoted: quote(&words[found.span.clone()]),
            span: (found.span.start, found.span.end),
            message: "this amount has found no place in the plan".into(),
            hint: "say it with what it is meant for, in a clause of its own".into(),
        }));
    }
    if faults.is_empty() {
        notes.extend(defaults(&assembled.draft, vehicle));
        notes.dedup();
        return Ok(Planned { draft: assembled.draft, assumptions: notes });
    }
    faults.sort_by_key(|fault| fault.span.0);
    faults.dedup();
    Err(PlanRefusal { faults })
}

fn refuse(kind: FaultKind, message: String, hint: &str) -> PlanRefusal {
    PlanRefusal { faults: vec![Fault { kind, quoted: String::new(), span: (0, 0), message, hint: hint.into() }] }
}

/// The clauses of the words, and their title if they have one. What no rule reads becomes a fault.
fn clauses<'a>(c: &mut Cursor<'a>, instructions: &[Fault]) -> (Option<&'a str>, Vec<Clause>) {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut title = None;
    let mut sentence = 0;
    loop {
        grammar::between(c, &mut sentence);
        if c.done() {
            return (title, clauses);
        }
        let from = c.at;
        if let Some(mut clause) = grammar::statement(c) {
            clause.sentence = sentence;
            clauses.push(clause);
            continue;
        }
        // Not understood: up to where a clause can be read again.
        loop {
            c.at += 1;
            let at_separator = c.peek().is_some_and(|token| {
                token.ends_sentence() || matches!(token.text.as_str(), "," | ":" | "then" | "and" | "but" | "(" | ")")
            });
            if c.done() || at_separator {
                break;
            }
        }
        let span = c.span_since(from);
        if title.is_none() && from == 0 && clauses.is_empty() && is_title(c, from) {
            let name = c.text_since(from);
            title = Some(name);
            c.note(format!("\"{name}:\" is read as the mission's name"));
            continue;
        }
        if instructions.iter().any(|fault| fault.span.0 < span.1 && span.0 < fault.span.1) {
            continue;
        }
        let read = &c.tokens[from..c.at];
        let has_number = read.iter().any(|token| matches!(token.kind, token::Kind::Number { .. }));
        let words: Vec<&str> = read.iter().map(|token| token.text.as_str()).collect();
        let (kind, message, mut hint) = grammar::refused::classify(&words, has_number);
        // `2,5 m`: a comma is no decimal point here.
        if let [.., last] = read
            && matches!(last.kind, token::Kind::Number { .. })
            && c.peek().is_some_and(|token| token.is(",") && token.glued)
            && c.tokens.get(c.at + 1).is_some_and(|token| token.glued)
        {
            hint = "write decimals with a point, as in 2.5 m".into();
        }
        match c.faults.last_mut() {
            // Pieces of one stretch are quoted as one.
            Some(last)
                if last.kind == kind
                    && c.words[last.span.1.min(span.0)..span.0]
                        .trim_matches(|ch: char| ch.is_whitespace() || ",:".contains(ch))
                        .is_empty()
                    && last.span.1 <= span.0 =>
            {
                last.span.1 = span.1;
                last.quoted = quote(&c.words[last.span.0..span.1]);
            }
            _ => c.fault(kind, from, message, hint),
        }
    }
}

/// A few words without numbers in front of a colon: `Spray check: ..`.
fn is_title(c: &Cursor<'_>, from: usize) -> bool {
    const NEVER: &[&str] = &[
        "not",
        "never",
        "don't",
        "no",
        "without",
        "unless",
        "if",
        "when",
        "system",
        "user",
        "assistant",
        "land",
        "return",
        "stop",
    ];
    let words = &c.tokens[from..c.at];
    c.peek().is_some_and(|token| token.is(":"))
        && words.len() <= 5
        && words.iter().all(|token| matches!(token.kind, token::Kind::Word) && !NEVER.contains(&token.text.as_str()))
}

/// Orders to the program instead of a flight, wherever they stand.
fn instructions(words: &str, tokens: &[Token], setting: Setting<'_>) -> Vec<Fault> {
    let mut c = Cursor::new(words, tokens, Some(setting));
    let mut found: Vec<Fault> = Vec::new();
    while !c.done() {
        if !grammar::refused::is_instruction(&c) {
            c.at += 1;
            continue;
        }
        let from = c.at;
        while c.peek().is_some_and(|token| !token.ends_sentence()) {
            c.at += 1;
        }
        c.fault(
            FaultKind::Instruction,
            from,
            "this speaks to the program, not about a flight; words never change how a plan is checked",
            "say only what is to be flown",
        );
        found.append(&mut c.faults);
    }
    found
}

/// The unit of all lengths in the words, when it is only one.
fn only_length_unit(words: &str) -> Option<(&'static str, f64)> {
    let (mut metric, mut feet, mut any) = (false, false, false);
    for found in quantity::find_all(words) {
        if found.quantity.dimension == quantity::Dimension::Length {
            any = true;
            let text = words[found.span].to_lowercase();
            let is_feet =
                text.ends_with("ft") || text.ends_with("feet") || text.ends_with("foot") || text.ends_with('\'');
            let is_metres =
                text.ends_with('m') && !text.ends_with("km") && !text.ends_with("nm") || text.contains("met");
            metric |= is_metres;
            feet |= is_feet;
            if !is_feet && !is_metres && !text.contains("km") && !text.contains("kilo") {
                return None;
            }
        }
    }
    match (any, metric, feet) {
        (true, true, false) => Some(("metres", 1.0)),
        (true, false, true) => Some(("feet", 0.3048)),
        _ => None,
    }
}

/// Limits that the words set for the whole flight, against the way that would be flown; and errors of the order of steps.
fn flown_limits(assembled: &Assembled, setting: Setting<'_>, notes: &mut Vec<String>) -> Vec<Fault> {
    let resolved = match itinerary::resolve(&assembled.draft, setting.home, setting.vehicle.cruise_speed_m_s) {
        Ok(resolved) => resolved,
        Err(error) => {
            let hint = "take off once, fly, land once".to_owned();
            return vec![Fault {
                kind: FaultKind::Contradictory,
                quoted: String::new(),
                span: (0, 0),
                message: error.to_string(),
                hint,
            }];
        }
    };
    let mut faults = Vec::new();
    let mut points = Vec::new();
    let lowest = lowest_air(&resolved.items, &mut points);
    if let Some((altitude_m, words)) = lowest
        && altitude_m <= 0.0
    {
        faults.push(Fault {
            kind: FaultKind::Unsafe,
            quoted: words.clone(),
            span: assembled.draft.words.find(&words).map_or((0, 0), |start| (start, start + words.len())),
            message: format!("leads to {altitude_m:.1} m above home, into the ground"),
            hint: "say a height above home".into(),
        });
    }
    for (limit, clause) in &assembled.limits {
        let over = match limit {
            Limit::Ceiling(metres) => points.iter().any(|point| point.altitude_m() > metres + 0.01),
            Limit::Fence(metres) => {
                points.iter().any(|point| point.horizontal_distance_m(&PositionNed::HOME) > metres + 0.01)
            }
        };
        if over {
            faults.push(Fault {
                kind: FaultKind::Contradictory,
                quoted: clause.words.clone(),
                span: clause.span,
                message: "the rest of the words leads beyond this limit".into(),
                hint: "widen the limit, or say shorter legs".into(),
            });
        } else {
            notes.push(format!(
                "\"{}\" holds for the planned way, not for the autopilot's own return in an emergency",
                clause.words
            ));
        }
    }
    faults
}

/// All points of the way; and the lowest of them in flight with its words.
fn lowest_air(items: &[Item], points: &mut Vec<PositionNed>) -> Option<(f64, String)> {
    let mut lowest: Option<(f64, String)> = None;
    for item in items {
        let here: Vec<PositionNed> = match &item.motion {
            Motion::TakeOff { to } => vec![*to],
            Motion::Leg { from, to } => vec![*from, *to],
            Motion::Arc(arc) => (0..=64).map(|index| arc.point_at(f64::from(index) / 64.0)).collect(),
            Motion::Branch { then, otherwise, .. } => {
                for way in [then, otherwise] {
                    if let Some(found) = lowest_air(way, points)
                        && lowest.as_ref().is_none_or(|(low, _)| found.0 < *low)
                    {
                        lowest = Some(found);
                    }
                }
                continue;
            }
            Motion::Hold { at, .. } | Motion::Turn { at, .. } | Motion::Photo { at } | Motion::Release { at, .. } => {
                vec![*at]
            }
            Motion::ReturnToLaunch { .. } | Motion::Land { .. } => continue,
        };
        for point in here {
            if lowest.as_ref().is_none_or(|(low, _)| point.altitude_m() < *low) {
                lowest = Some((point.altitude_m(), item.words.clone()));
            }
            points.push(point);
        }
    }
    lowest
}

/// What holds where neither words nor grammar said anything.
fn defaults(draft: &PlanDraft, vehicle: &Vehicle) -> Vec<String> {
    use flightsmith_mission::plan::{Action, Step};
    fn any(steps: &[Step], test: &dyn Fn(&Action) -> bool) -> bool {
        steps.iter().any(|step| {
            test(&step.action)
                || match &step.action {
                    Action::Repeat { steps, .. } => any(steps, test),
                    Action::When { then, otherwise, .. } => any(then, test) || any(otherwise, test),
                    _ => false,
                }
        })
    }
    let mut notes = Vec::new();
    let moves = any(&draft.steps, &|action| {
        !matches!(
            action,
            Action::TakeOff { .. }
                | Action::Hold { .. }
                | Action::Land
                | Action::Photo
                | Action::Speed { .. }
                | Action::Turn { .. }
                | Action::Altitude { .. }
                | Action::ReturnToLaunch
                | Action::Release { .. }
                | Action::Nose { .. }
                | Action::Repeat { .. }
                | Action::When { .. }
        )
    });
    if moves && draft.speed_m_s.is_none() {
        if !any(&draft.steps, &|action| matches!(action, Action::Speed { .. })) {
            notes.push(format!(
                "no speed is said: legs are flown at the vehicle's cruise speed of {} m/s",
                vehicle.cruise_speed_m_s
            ));
        } else {
            notes.push("a speed holds from where it is said until another one is".into());
        }
    }
    if moves && !any(&draft.steps, &|action| matches!(action, Action::Nose { .. })) {
        notes.push("the nose keeps the heading that it has".into());
    }
    notes
}

/// `words` as a short name for a crate: letters and digits, joined by hyphens, at most about 40 characters.
fn kebab(words: &str) -> String {
    let mut name = String::new();
    for word in words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if name.len() + word.len() > 40 {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(&word.to_ascii_lowercase());
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name = format!("mission-{name}");
    }
    name.trim_end_matches('-').into()
}
