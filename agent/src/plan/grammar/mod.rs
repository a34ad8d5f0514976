//! The grammar of missions: rules that read one clause each, and the choice between them.
//!
//! Recursive descent over tokens with backtracking. At each place every rule is tried and the one that reads most wins; what no rule
//! reads is never skipped but reported. Only separators and a short list of empty words (`then`, `please`, ..) stand between clauses.
mod areas;
mod attributes;
mod build;
mod conditions;
mod direction;
mod figures;
mod flight;
mod legs;
mod manner;
mod payload;
mod place;
pub(super) mod refused;
mod sizes;
mod small;
mod visits;

pub(super) use conditions::as_safe_end;
pub(super) use legs::reversed;

use super::cursor::Cursor;
use super::quantity::{Dimension, amount, number};
use super::refusal::FaultKind;
use attributes::whole;
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::plan::{Action, Area, Condition, Nose, Place, SafeEnd};

/// One clause as it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clause {
    pub form: Form,
    /// The clause, quoted.
    pub words: String,
    pub span: (usize, usize),
    /// Which sentence it stands in.
    pub sentence: usize,
    pub in_branch: bool,
}

/// What a clause asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    /// Take off, perhaps with the height.
    TakeOff(Option<Altitude>),
    /// Fly or do something.
    Motion(Motion),
    /// Climb or descend; `up` is 1 or -1 where the words say which.
    Altitude { motion: Motion, up: i32 },
    /// Fly home; lands there when nothing follows.
    Return(Motion),
    /// The last leg in reverse.
    SameWayBack(Motion),
    /// An end of the flight.
    End(Action),
    /// A speed by itself.
    Speed(f64),
    /// A height by itself.
    Height(Altitude),
    /// A policy for the nose by itself.
    Nose(Nose),
    /// Done at each corner of the figure before.
    AtEach(Vec<Action>),
    /// What was said before, `times` in all.
    Repeat { times: u32, whole_sentence: bool },
    /// These clauses, so many times.
    Block { times: u32, clauses: Vec<Clause> },
    /// A keep-out.
    KeepOut(Area),
    /// Highest height for the whole flight.
    Ceiling(f64),
    /// Farthest distance for the whole flight.
    Fence(f64),
    /// A standing rule; when not `standing`, a question asked once if it stands between the steps.
    Rule { condition: Condition, then: SafeEnd, standing: bool },
    /// A branch.
    When { condition: Condition, then: Vec<Clause>, otherwise: Vec<Clause> },
    /// Recognised and refused, or without effect.
    Nothing,
}

/// Actions with what was said about them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Motion {
    pub speed: Option<f64>,
    pub nose: Option<Nose>,
    pub height: Option<Altitude>,
    /// A place to begin at.
    pub start: Option<Place>,
    /// Height at the end of a climbing circle or spiral.
    pub climb_to: Option<Altitude>,
    pub times: Option<u32>,
    pub what: Vec<Action>,
    /// Done after each of `what`.
    pub pauses: Vec<Action>,
}

type Rule = fn(&mut Cursor<'_>) -> Option<Form>;

const PLAIN_RULES: &[Rule] = &[
    refused::protection_off,
    refused::motors_off,
    refused::harm,
    flight::take_off,
    flight::rtl,
    flight::land,
    flight::go_home,
    flight::same_way_back,
    flight::altitude,
    visits::visit,
    figures::figure,
    legs::go_to,
    legs::leg,
    payload::photos,
    payload::panorama,
    payload::photo_every,
    payload::release,
    areas::keep_out,
    areas::limit,
    waiting,
    turning,
    at_each,
    speed_alone,
    height_alone,
    nose_alone,
    repeat,
];

const CONDITIONS: &[Rule] = &[conditions::rule, conditions::branch, repeat_block];

/// Words between clauses, skipped by name.
const BETWEEN: &str = "then|and then|and|please|now|next|after that|after this|afterwards|afterward|finally|lastly|last|first|firstly|second|secondly|third|thirdly|also|so|ok|okay|once there|when there|when you get there|once you are there|once (up|airborne)|on arrival|from there|drone|hi|hello|hey|i want you to|i'd like you to|i would like you to|can you|could you|would you|you should|you must|let's|let us|let it|have it|have the drone|make it|make the drone|i want it to|i want the drone to|i'd like it to|we want to|it should|drone should|drone must|drone will|it will|it must|it shall|begin by|start by|start off by|start with|begin with|finish by|end by|end with|to begin|to start|to finish|at the end|at last|in the end|with that done|when done|that done|after which|whereupon|subsequently|thereafter|followed by|followed immediately by|at that point|at the top|at that place|there|once at the top|while there|thanks|thank you|cheers|mission :|mission|but|it|immediately|again|as well|too|done|the end|that's it|that is all|when finished|at the far end";

/// Skips separators and empty words; counts sentences.
pub(super) fn between(c: &mut Cursor<'_>, sentence: &mut usize) {
    loop {
        let Some(token) = c.peek() else { return };
        if token.ends_sentence() {
            *sentence += 1;
            c.at += 1;
        } else if matches!(token.text.as_str(), "," | ":" | "(" | ")" | "\"" | "'" | "-" | ">" | "*" | "•" | "…" | "→")
        {
            c.at += 1;
        } else if !c.eat(BETWEEN) {
            return;
        }
    }
}

/// The clause that begins here: the rule that reads most.
pub(super) fn statement(c: &mut Cursor<'_>) -> Option<Clause> {
    choose(c, &[CONDITIONS, PLAIN_RULES])
}

pub(super) fn statement_without_conditions(c: &mut Cursor<'_>) -> Option<Clause> {
    choose(c, &[PLAIN_RULES])
}

fn choose(c: &mut Cursor<'_>, rules: &[&[Rule]]) -> Option<Clause> {
    let mark = c.mark();
    let from = c.at;
    let mut best: Option<(usize, usize, Rule)> = None;
    for rule in rules.iter().flat_map(|rules| rules.iter()) {
        let read = rule(c).is_some().then_some((c.at, c.faults.len()));
        c.reset(mark);
        let Some((end, faults)) = read.filter(|(end, _)| *end > from) else { continue };
        let better =
            best.is_none_or(|(best_end, best_faults, _)| end > best_end || end == best_end && faults < best_faults);
        if better {
            best = Some((end, faults, *rule));
        }
    }
    let (_, _, rule) = best?;
    let form = rule(c)?;
    Some(Clause {
        form,
        words: super::refusal::quote(c.text_since(from)),
        span: c.span_since(from),
        sentence: 0,
        in_branch: false,
    })
}

/// `hover at 5 m for 20 s`, `wait 10 s`.
fn waiting(c: &mut Cursor<'_>) -> Option<Form> {
    if let Some(motion) = c.attempt(|c| {
        let from = c.at;
        c.need("(hover|hold|wait|stay|loiter|pause|remain|hang) [there|in place]")?;
        let height = manner::height(c, false)?;
        c.need("for")?;
        let seconds = amount(c, Dimension::Duration)?;
        sane_duration(c, seconds, from);
        Some(Motion { height: Some(height), what: vec![Action::Hold { seconds }], ..Motion::default() })
    }) {
        return Some(Form::Motion(motion));
    }
    let hold = small::hold(c)?;
    let mut motion = Motion { what: vec![hold], ..Motion::default() };
    c.attempt(|c| {
        motion.height = Some(manner::height(c, false)?);
        Some(())
    });
    Some(Form::Motion(motion))
}

fn turning(c: &mut Cursor<'_>) -> Option<Form> {
    let what = vec![small::turn(c)?];
    Some(Form::Motion(Motion { what, ..Motion::default() }))
}

fn at_each(c: &mut Cursor<'_>) -> Option<Form> {
    c.eat("with|and");
    attributes::at_each(c).map(Form::AtEach)
}

fn speed_alone(c: &mut Cursor<'_>) -> Option<Form> {
    c.eat("(slow|slow down|speed up|accelerate|decelerate|reduce [the] speed|increase [the] speed|set [the] speed|limit [the] speed|change [the] speed|fly|go|use|keep|do it|do this|all this|all of it|everything) [down|up]");
    c.eat("to");
    manner::speed(c).map(Form::Speed)
}

fn height_alone(c: &mut Cursor<'_>) -> Option<Form> {
    if let Some(height) = c.attempt(|c| manner::height(c, true)) {
        return Some(Form::Height(height));
    }
    // `10 m` by itself behind `take off,` is not read here: it would be a guess.
    None
}

fn nose_alone(c: &mut Cursor<'_>) -> Option<Form> {
    c.eat("fly|always|keep");
    manner::nose(c, true).map(Form::Nose)
}

/// `repeat that twice`, `do that three times`, `and twice more`.
fn repeat(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    if c.eat("(repeat|repeat again|do|run|fly) [all] (that|this|it|everything|the whole (thing|sequence|pattern)|all of (that|this)|the (sequence|pattern|figure|square|circle|loop|circuit|triangle|rectangle|lap|leg))|repeat")
        && !c.sees("facing")
    {
        let repeats = c.tokens[from..c.at].iter().any(|token| token.is("repeat"));
        let all = c.tokens[from..c.at].iter().any(|token| token.is("all") || token.is("everything") || token.is("whole") || token.is("sequence"));
        let more = c.eat("another|again another|for another");
        let times = if c.eat("again|once more|one more time|once again") { Some(1.0) } else { None };
        let again = times.is_some();
        let times = match times {
            Some(times) => times,
            None => {
                let times = attributes::times(c)?;
                if c.eat("more") {
                    return Some(Form::Repeat { times: times as u32 + 1, whole_sentence: all });
                }
                times
            }
        };
        let in_all = c.tokens[from..c.at].iter().any(|token| token.is("total") || token.is("altogether"));
        let total = if again || more || repeats && !in_all { times + 1.0 } else { times };
        if repeats && !again && !more && !in_all {
            c.note(format!("repeated {times} times after the first is read as {total} times in all"));
        }
        return Some(Form::Repeat { times: total as u32, whole_sentence: all });
    }
    c.at = from;
    let times = attributes::times(c)?;
    if c.eat("more") {
        return Some(Form::Repeat { times: times as u32 + 1, whole_sentence: false });
    }
    Some(Form::Repeat { times: times as u32, whole_sentence: true })
}

/// `do this three times: ..`, `repeat twice: ..` up to the end of the sentence.
fn repeat_block(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    c.eat("(do|repeat|fly|run|perform) [this|the following|that|these steps|the following steps]");
    let times = attributes::times(c).or_else(|| {
        c.attempt(|c| {
            let times = number(c)?;
            c.need("times|x").map(|()| times)
        })
    })?;
    let times = whole(c, times, from) as u32;
    c.need(": | , | :")?;
    let mut clauses: Vec<Clause> = Vec::new();
    while let Some(clause) = c.attempt(|c| {
        if !clauses.is_empty() {
            c.need("[,] [and] [then]|and|,")?;
        }
        let mut clause = statement_without_conditions(c)?;
        // `fly back` at the end of a round means the legs of the round, home or not.
        let to_home = ["home", "launch", "start", "base", "takeoff", "here", "me"];
        let bare = !clause.words.split(|letter: char| !letter.is_alphabetic()).any(|word| to_home.contains(&word));
        if let Form::Return(motion) = &clause.form
            && bare
        {
            c.note(format!("\"{}\" in a repeat goes back along its legs", clause.words));
            clause.form = Form::SameWayBack(Motion { what: vec![], ..motion.clone() });
        }
        (!matches!(clause.form, Form::End(_))).then_some(clause)
    }) {
        clauses.push(clause);
    }
    (!clauses.is_empty()).then_some(Form::Block { times, clauses })
}

/// Longest and shortest length that can be meant, metres.
fn sane_length(c: &mut Cursor<'_>, metres: f64, from: usize) {
    let (message, hint) = if !metres.is_finite() {
        ("is not a finite number", "say a length with its unit, for example 40 m")
    } else if metres < 0.0 {
        ("is negative", "say the amount without a minus and the direction in words: 40 m south, descend 5 m")
    } else if metres == 0.0 {
        ("is zero", "say a length above zero, or leave the clause out")
    } else if metres > 20_000.0 {
        ("is absurdly far for this vehicle", "say a length within the envelope")
    } else {
        return;
    };
    c.fault(FaultKind::BadNumber, from, message, hint);
}

fn sane_duration(c: &mut Cursor<'_>, seconds: f64, from: usize) {
    if !(seconds > 0.0 && seconds <= 7200.0) {
        c.fault(
            FaultKind::BadNumber,
            from,
            format!("{seconds} s cannot be flown"),
            "say a time above zero and up to two hours",
        );
    }
}

fn sane_speed(c: &mut Cursor<'_>, metres_a_second: f64, from: usize) {
    if !(metres_a_second.is_finite() && metres_a_second > 0.0) {
        c.fault(
            FaultKind::BadNumber,
            from,
            format!("{metres_a_second} m/s is not a speed to fly at"),
            "say a speed above zero, for example 5 m/s",
        );
        return;
    }
    let limit = c.setting.map_or(f64::INFINITY, |setting| setting.envelope.max_speed_m_s);
    if metres_a_second > limit {
        c.fault(
            FaultKind::Unsafe,
            from,
            format!("{metres_a_second:.1} m/s is over the envelope's limit of {limit:.1} m/s"),
            format!("say at most {limit:.0} m/s"),
        );
    }
}
