//! Conditions on battery and wind: standing rules and branches.
use super::super::cursor::Cursor;
use super::super::quantity::{Dimension, Quantity, quantity};
use super::super::refusal::FaultKind;
use super::{Clause, Form};
use flightsmith_mission::plan::{Action, Condition, SafeEnd};

struct Question {
    condition: Condition,
    /// Said of any moment (`drops below`, `at any time`), not of one (`is below`).
    standing: bool,
    /// Said so that it may be either (`exceeds`): of any moment, unless an `otherwise` follows.
    leaning: bool,
}

/// `battery drops below 40 %`, `the wind is above 6 m/s`, `there is more than half the battery left`.
fn question(c: &mut Cursor<'_>) -> Option<Question> {
    let from = c.at;
    let mut standing = c.eat("at any (time|point|moment)|ever") && !c.sees("point");
    c.eat("at that point|at this point|then|there|by then|at that moment|,");
    if c.eat("there is|there's|we have|it has|you have|still") {
        let above = c.eat("still more than|more than|over|at least");
        if !above {
            c.need("less than|under|below")?;
        }
        let share = share(c)?;
        c.need("[of] [the] (battery|charge|power) [left|remaining]|left (in|on) [the] battery|battery left")?;
        return Some(Question {
            leaning: false,
            condition: if above { Condition::BatteryAbove(share) } else { Condition::BatteryBelow(share) },
            standing,
        });
    }
    c.need("battery|charge|power|wind|battery's|wind's|it's|it is|batteries")?;
    let subject = c.tokens[c.at - 1].text.clone();
    let subject = if subject == "it's" || subject == "is" { "wind".to_owned() } else { subject };
    let wind = subject.starts_with("wind");
    c.eat("level|charge|speed|strength|state|percentage");
    standing |= c.eat("ever|at any time");
    let moves = c.eat("(drop|fall|go|get|sink|run|dip|goes|gets|drops|falls|rise|rises|pick|picks) [down|up]|reach|reaches|exceed|exceeds|top|tops|hits|hit|gusts|gets|becomes|blows|picks up");
    let leaning = c.tokens[from..c.at].iter().any(|token| token.is("exceeds"));
    standing |= moves && !leaning;
    let verb = c.tokens[c.at - 1].text.clone();
    c.eat("is|are|has|gets|has (dropped|fallen|risen)|is (at|still)");
    let rises = ["rise", "rises", "pick", "picks", "up"];
    let rises = c.tokens[from..c.at].iter().any(|token| rises.contains(&token.text.as_str()));
    // `drops to 30 %`, `rises to 8 m/s`
    let above = if c.eat("to") {
        rises || wind
    } else if c.eat(
        "(above|over|more than|greater than|higher than|stronger than|at least|faster than|beyond|past|>|in excess of)",
    ) {
        true
    } else if c.eat("(below|under|less than|lower than|weaker than|beneath|at most|<|slower than)") {
        false
    } else {
        match verb.as_str() {
            "exceeds" | "exceed" | "top" | "tops" => true,
            "reaches" | "reach" | "hits" | "hit" => wind,
            _ => return None,
        }
    };
    let condition = if wind {
        let found = quantity(c)?;
        let speed = match found {
            Quantity { value, dimension: Dimension::Speed } => value,
            Quantity { value, .. } => {
                c.fault(
                    FaultKind::Unclear,
                    from,
                    format!("{value} is no wind speed"),
                    "say it with a unit, for example 8 m/s",
                );
                1.0
            }
        };
        if !(speed > 0.0 && speed <= 60.0) {
            c.fault(
                FaultKind::BadNumber,
                from,
                format!("a wind of {speed:.1} m/s is not a condition"),
                "say a wind above 0 and up to 60 m/s",
            );
        }
        if above { Condition::WindAbove(speed) } else { Condition::WindBelow(speed) }
    } else {
        let share = share(c)?;
        if above { Condition::BatteryAbove(share) } else { Condition::BatteryBelow(share) }
    };
    c.eat("left|remaining|charge");
    standing |= c.eat("at any (time|point|moment|stage)|during the flight|at some point|in flight|on the way|while flying|,  at any time|anywhere");
    c.eat("at (that|this) (point|moment)|by then|there|then");
    Some(Question { condition, standing, leaning })
}

fn share(c: &mut Cursor<'_>) -> Option<f64> {
    let from = c.at;
    let share = match quantity(c) {
        Some(Quantity { value, dimension: Dimension::Share }) => value,
        Some(Quantity { value: 0.5, dimension: Dimension::Count }) => 50.0,
        Some(Quantity { value, .. }) => {
            c.fault(
                FaultKind::Unclear,
                from,
                format!("{value} is no share of a battery"),
                format!("say it in percent, for example {value} %"),
            );
            50.0
        }
        None => return None,
    };
    if !(share > 0.0 && share < 100.0) {
        c.fault(
            FaultKind::BadNumber,
            from,
            format!("a battery at {share} % is not a condition"),
            "say a share between 0 and 100 %",
        );
    }
    Some(share)
}

/// What ends the flight: `return [home] [and land]`, `come back`, `RTL`, `land`.
fn safe_end(c: &mut Cursor<'_>) -> Option<SafeEnd> {
    c.eat("then|,|just|simply|you must|must|immediately|it must|abort and|stop and|abort,|,  abort and|please|abort the mission and|break off and");
    if c.eat("(return|come|go|fly|head|get|bring it|bail out|turn|bail) [straight|directly|right|immediately|out] [back|home] [back|home] [to (launch|home|base|the start|the launch point|the takeoff point|me|where you started)] [immediately|at once|straight away] [[,] and [then] land [at home|there|at the launch point|immediately|at once]]|(rtl|return to launch|rth) [immediately|at once]|home [and land]|land (at|back at) (home|the launch point|the takeoff point|the start)|abort|return and land")
    {
        return Some(SafeEnd::ReturnToLaunch);
    }
    if c.eat("(land|touch down|descend and land|set down) [immediately|right there|there|at once|here|on the spot|where (it|you) (is|are)|straight away|right away|in place]") {
        return Some(SafeEnd::Land);
    }
    None
}

/// A rule that applies at any moment.
pub(super) fn rule(c: &mut Cursor<'_>) -> Option<Form> {
    let from = c.at;
    c.eat("but|and|also|at any time");
    // `return if the battery drops below 40 %`
    if let Some((question, then, whenever)) = c.attempt(|c| {
        let then = safe_end(c)?;
        c.eat(",|immediately|at once|straight away");
        let whenever = c.eat("whenever|when|any time|anytime|as soon as|at any time if|at any point if|once");
        if !whenever {
            c.need("if|when|should|in case")?;
        }
        Some((question(c)?, then, whenever))
    }) {
        if c.sees("[,] (otherwise|else|if not)") && !question.standing {
            return None;
        }
        let at_end = question.standing || question.leaning || whenever;
        return Some(Form::Rule { condition: question.condition, then, standing: at_end });
    }
    let whenever = c.eat("whenever|when|as soon as|any time|anytime|at any time if|at any point if|the moment|if at any time|if at any point|if ever|if at any moment|should");
    if !whenever {
        c.need("if|when|in case|once")?;
    }
    let question = question(c)?;
    c.eat(",|then|:|;");
    let then = safe_end(c)?;
    // `if the wind is above 6 m/s land, otherwise ..` is a branch.
    if c.sees("[,|;|.] (otherwise|else|if not|or else)") && !question.standing && !whenever {
        return None;
    }
    c.eat("at any time|whenever that is|whatever happens|no matter what|at any point");
    if question.standing && c.eat("[,|;|.] otherwise [,]") {
        c.note("\"otherwise\" behind a rule for any moment is read as: meanwhile");
    }
    let named_time = c.tokens[from..c.at].iter().any(|token| token.is("any"));
    Some(Form::Rule {
        condition: question.condition,
        then,
        standing: question.standing || question.leaning || whenever || named_time,
    })
}

/// `if X .., otherwise ..`; the parts are clauses themselves.
pub(super) fn branch(c: &mut Cursor<'_>) -> Option<Form> {
    // `check the wind: if ..`
    c.attempt(|c| c.need("and|check [the] (wind|battery) [:|,|;|.]").and_then(|()| c.sees("if").then_some(())));
    c.eat("check [the] (wind|battery) [:|,|;|.]");
    c.eat("but");
    // `RTL if the wind is under 10 m/s, otherwise land there`
    if let Some(form) = c.attempt(|c| {
        let first = super::statement_without_conditions(c)?;
        c.need("[,] (if|in case)")?;
        let question = question(c)?;
        c.need("[,|;|.] [and|but] (otherwise|else|if not|or else) [,]")?;
        let otherwise = block(c, false);
        (!otherwise.is_empty()).then_some(Form::When { condition: question.condition, then: vec![first], otherwise })
    }) {
        return Some(form);
    }
    let from = c.at;
    c.need("if|when|in case")?;
    let question = match question(c) {
        Some(question) => question,
        None => {
            c.at = from + 1;
            while !c.done() && !c.sees(",|.|;|then") {
                c.at += 1;
            }
            c.fault(FaultKind::Unclear, from, "this condition is not measured", "conditions are on the battery in percent and on the wind in m/s, for example: if the battery is below 40 %, return and land");
            c.eat(",|then");
            let _ = safe_end(c);
            return Some(Form::Nothing);
        }
    };
    if question.standing
        && c.attempt(|c| {
            c.eat(",|then|:|;");
            safe_end(c)
        })
        .is_some()
    {
        return None; // a standing rule
    }
    c.eat(",|then|:|;|, then");
    let mut then = block(c, true);
    if then.is_empty() {
        return None;
    }
    let otherwise_said =
        c.attempt(|c| c.need("[,|;|.] [and|but] (otherwise|else|if not|or else|if it is not|if it isn't) [,|then|:]"));
    let otherwise = match otherwise_said {
        Some(()) => {
            let ends = then.last().is_some_and(|clause| {
                matches!(clause.form, Form::End(_)) || matches!(clause.form, Form::Return(_)) && then.len() > 1
            });
            let returns = then.iter().any(|clause| matches!(clause.form, Form::Return(_) | Form::End(_)));
            block(c, !(ends || returns))
        }
        None => {
            // Without an "otherwise" only what is joined by "and" depends on the condition.
            let quoted = then.iter().map(|clause| clause.words.as_str()).collect::<Vec<_>>().join("; ");
            c.note(format!("only \"{quoted}\" depends on the condition, what follows does not"));
            Vec::new()
        }
    };
    if otherwise_said.is_some() && otherwise.is_empty() {
        return None;
    }
    for clause in &mut then {
        clause.in_branch = true;
    }
    Some(Form::When { condition: question.condition, then, otherwise })
}

/// Clauses up to the end of the sentence, or (`short`) as far as they are joined by `and` alone.
fn block(c: &mut Cursor<'_>, short: bool) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    loop {
        let next = c.attempt(|c| {
            if !clauses.is_empty() {
                if short {
                    if !c.eat("and") || c.sees("otherwise|else|if not") {
                        return None;
                    }
                } else {
                    c.need("[,] [and] [then]|and|,")?;
                }
            }
            if c.sees("otherwise|else|if not") {
                return None;
            }
            super::statement_without_conditions(c)
        });
        match next {
            Some(clause) => clauses.push(clause),
            None => return clauses,
        }
    }
}

/// Words that make a rule of a question asked once, when it can only be meant so.
pub(in super::super) fn as_safe_end(clauses: &[Clause]) -> Option<SafeEnd> {
    match clauses {
        [one] => match &one.form {
            Form::End(Action::Land) => Some(SafeEnd::Land),
            Form::End(Action::ReturnToLaunch) | Form::Return(_) => Some(SafeEnd::ReturnToLaunch),
            _ => None,
        },
        [first, second] => (matches!(first.form, Form::Return(_)) && matches!(second.form, Form::End(Action::Land)))
            .then_some(SafeEnd::ReturnToLaunch),
        _ => None,
    }
}
