//! Words that the grammar does not read, put into words that it reads by a language model.
//!
//! The model is a translator, not a planner. It takes the words apart into clauses, copied exactly, and says each in one of the
//! sentence forms of the mission language; amounts, units and directions are copied. The grammar then reads that like any other words,
//! our code converts, and [`account`] holds every clause, number and direction of the person's words against what the model made of
//! it. What is not accounted for is named and asked for again, a few times, then refused. What the grammar refuses for another reason
//! than not understanding it (unsafe, contradictory, instructions ..) never reaches the model, and nothing that it answers can loosen a
//! check: the plan is checked like any other.
mod account;

use super::{Fault, FaultKind, PlanRefusal, Planned, from_words, kebab};
use crate::prompts::{PlanAgainPrompt, PlanPrompt, Prompt};
use flightsmith_llm::{ChatRequest, LlmError, Message, Provider, Usage, ask};
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::{Action, PlanDraft, Step};
use flightsmith_mission::vehicle::Vehicle;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest answer in tokens: a rewriting is about as long as the words twice.
const ANSWER_TOKENS: u32 = 1_500;

/// What the model answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelPlan {
    /// The words in order, taken apart.
    pub parts: Vec<Part>,
    /// Why the words are no mission; absent when they are one.
    #[serde(default)]
    pub refusal: Option<String>,
}

/// A piece of the words, and the same in the mission language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// As the person wrote it.
    pub clause: String,
    /// In a sentence form that the grammar reads.
    pub plain: String,
}

/// A plan, and what the model had to do with it.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelPlanned {
    /// The draft; how the model read each clause is among its assumptions.
    pub planned: Planned,
    /// What it cost; `None` when the grammar read the words alone.
    pub by: Option<Translator>,
}

/// Who translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translator {
    /// The model's name.
    pub model: String,
    /// Tokens of all questions.
    pub usage: Usage,
    /// How often it was asked.
    pub questions: usize,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum ModelPlanError {
    /// The words are refused.
    #[error(transparent)]
    Refused(#[from] PlanRefusal),
    /// The model could not be asked.
    #[error(transparent)]
    Model(#[from] LlmError),
}

/// Reads mission words by the grammar, and where that does not understand them by the grammar after the model has rephrased them.
/// The model is asked at most `questions` times.
///
/// # Errors
/// [`ModelPlanError::Refused`] names what is wrong with the words or not accounted for, [`ModelPlanError::Model`] why the model could not
/// be asked.
pub fn from_words_with(
    words: &str,
    vehicle: &Vehicle,
    envelope: &Envelope,
    home: &Home,
    provider: &dyn Provider,
    questions: usize,
) -> Result<ModelPlanned, ModelPlanError> {
    match from_words(words, vehicle, envelope, home) {
        Ok(planned) => Ok(ModelPlanned { planned, by: None }),
        Err(refusal) if !rephrasing_may_help(&refusal) => Err(refusal.into()),
        Err(refusal) => rephrased(words, vehicle, envelope, home, provider, questions).map_err(|error| match error {
            // Not asked at all: what the grammar said stands.
            ModelPlanError::Refused(none) if none.faults.is_empty() => refusal.into(),
            error => error,
        }),
    }
}

/// Reads mission words by the model alone, as [`from_words_with`] does where the grammar does not understand them; so that the model
/// can be measured against the grammar.
///
/// # Errors
/// As there.
pub fn rephrased(
    words: &str,
    vehicle: &Vehicle,
    envelope: &Envelope,
    home: &Home,
    provider: &dyn Provider,
    questions: usize,
) -> Result<ModelPlanned, ModelPlanError> {
    let mut request = ChatRequest::new(PlanPrompt { words }.render()).with_max_tokens(ANSWER_TOKENS);
    let mut by = Translator { model: String::new(), usage: Usage::default(), questions: 0 };
    let mut last = Vec::new();
    while by.questions < questions {
        by.questions += 1;
        let (said, faults) = match ask::<ModelPlan>(provider, request.clone(), 1) {
            Ok(answer) => {
                by.usage += answer.usage;
                by.model = answer.model;
                if let Some(reason) = answer.value.refusal.filter(|_| answer.value.parts.is_empty()) {
                    return Err(refused(FaultKind::NotAMission, words, reason).into());
                }
                match read(words, &answer.value.parts, &by.model, |plain| from_words(plain, vehicle, envelope, home)) {
                    Ok(planned) => return Ok(ModelPlanned { planned, by: Some(by) }),
                    Err(Unread::Refused(refusal)) => return Err(refusal.into()),
                    Err(Unread::Faults(faults)) => (answer.text, faults),
                }
            }
            // A small model may repeat itself without end, or break its JSON: that can be said, too.
            Err(LlmError::CutShort { .. }) => ("(too long)".into(), vec!["the answer did not end".into()]),
            // Where nothing usable was ever answered, the endpoint is at fault and not the words.
            Err(error @ LlmError::Garbage { .. }) if by.model.is_empty() && by.questions == questions => {
                return Err(error.into());
            }
            Err(LlmError::Garbage { what, excerpt }) => (excerpt, vec![what]),
            Err(error) => return Err(error.into()),
        };
        last = faults.iter().map(|fault| not_accounted(words, fault)).collect();
        // Earlier corrections are left out: the last answer and its faults say all, and a small model drowns in history.
        request.messages.truncate(PlanPrompt { words }.render().len());
        request.messages.push(Message::assistant(said));
        // At temperature 0 a small model gives the same answer again.
        request.temperature += 0.2;
        request.messages.extend(PlanAgainPrompt { faults: &faults }.render());
    }
    Err(PlanRefusal { faults: last }.into())
}

/// Whether other words for the same could be understood: nothing in the refusal is about what is asked for.
pub fn rephrasing_may_help(refusal: &PlanRefusal) -> bool {
    refusal.faults.iter().all(|fault| matches!(fault.kind, FaultKind::NotUnderstood | FaultKind::NotAMission))
}

enum Unread {
    /// What the model must mend, each a line.
    Faults(Vec<String>),
    /// What no rephrasing mends.
    Refused(PlanRefusal),
}

/// The plan that the rephrased words mean, with the person's words at each step.
fn read(
    words: &str,
    parts: &[Part],
    model: &str,
    grammar: impl Fn(&str) -> Result<Planned, PlanRefusal>,
) -> Result<Planned, Unread> {
    let mut faults = account::faults(words, parts);
    let plain = account::joined(words, parts);
    let mut planned = match grammar(&plain) {
        Ok(planned) if faults.is_empty() => planned,
        Ok(_) => return Err(Unread::Faults(faults)),
        Err(refusal) => {
            let about_the_form = |fault: &Fault| {
                matches!(
                    fault.kind,
                    FaultKind::NotUnderstood
                        | FaultKind::NotAMission
                        | FaultKind::Unclear
                        | FaultKind::Empty
                        | FaultKind::TooLong
                )
            };
            if faults.is_empty() && !refusal.faults.iter().all(about_the_form) {
                return Err(Unread::Refused(refusal));
            }
            faults.extend(refusal.faults.iter().map(|fault| match fault.kind {
                FaultKind::NotUnderstood => format!("\"{}\" is none of the sentence forms", fault.quoted),
                _ => fault.to_string(),
            }));
            return Err(Unread::Faults(faults));
        }
    };
    quote_the_person(&mut planned.draft, words, parts);
    let differing = parts.iter().filter(|part| !part.clause.eq_ignore_ascii_case(&part.plain));
    planned.assumptions.extend(
        differing
            .map(|part| format!("\"{}\" is read as \"{}\" (rephrased by {model})", part.clause.trim(), part.plain)),
    );
    Ok(planned)
}

/// Puts the person's clauses where the grammar quoted the model's sentences.
fn quote_the_person(draft: &mut PlanDraft, words: &str, parts: &[Part]) {
    draft.words = words.to_owned();
    draft.name = kebab(words);
    let mut from = 0;
    let mut clause = |quoted: &mut String| {
        if quoted.is_empty() {
            return;
        }
        let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let wanted = bare(quoted);
        // Steps come in the order of the sentences, several may share one.
        let found = (from..parts.len()).chain(0..from).find(|index| {
            let plain = bare(&parts[*index].plain);
            plain.contains(&wanted) || wanted.contains(&plain)
        });
        if let Some(index) = found {
            from = index;
            *quoted = parts[index].clause.trim().to_owned();
        }
    };
    for rule in &mut draft.rules {
        clause(&mut rule.words);
    }
    for keep_out in &mut draft.keep_outs {
        clause(&mut keep_out.words);
    }
    each_step(&mut draft.steps, &mut |step| clause(&mut step.words));
}

fn each_step(steps: &mut [Step], work: &mut impl FnMut(&mut Step)) {
    for step in steps {
        work(step);
        match &mut step.action {
            Action::Repeat { steps, .. } => each_step(steps, work),
            Action::When { then, otherwise, .. } => {
                each_step(then, work);
                each_step(otherwise, work);
            }
            Action::Pattern { at_each, .. } | Action::Visit { at_each, .. } => each_step(at_each, work),
            _ => {}
        }
    }
}

fn not_accounted(words: &str, fault: &str) -> Fault {
    Fault {
        kind: FaultKind::NotUnderstood,
        quoted: String::new(),
        span: (0, words.len()),
        message: format!("neither the grammar nor the model could read it; the last rewriting: {fault}"),
        hint: "say it in other words, or write a plan file and give it with --plan".into(),
    }
}

fn refused(kind: FaultKind, words: &str, reason: String) -> PlanRefusal {
    let hint = "say what to fly: take off to 10 m, fly a 40 m square at 5 m/s, then return and land".to_owned();
    PlanRefusal {
        faults: vec![Fault { kind, quoted: super::quote(words), span: (0, words.len()), message: reason, hint }],
    }
}

#[cfg(test)]
mod tests;
