//! The rungs below the model: who proposes which edits for an error.
//!
//! [`proposals`] is one rung's answer to one error, the likeliest first. It leaves to others: trying them ([`super::climb`]), and
//! refusing what deletes behaviour ([`super::guard`]).
mod misleading;
pub(super) mod structural;

use super::sources::Sources;
use flightsmith_toolchain::diagnostics::{Applicability, Diagnostic, Replacement, edits_of};
use misleading::is_misleading;
use serde::{Deserialize, Serialize};

/// A way to mend, cheapest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The compiler's machine-applicable suggestions.
    Compiler,
    /// The compiler's other suggestions, each tried.
    CompilerMaybe,
    /// Rules of ours about the language and the SDK.
    Structural,
    /// Edits that mended the like before.
    Learned,
    /// A language model.
    Model,
}

impl Rung {
    /// All of them; [`Turn::ORDER`] says what of them comes when.
    pub const ALL: [Rung; 5] = [Rung::Compiler, Rung::Learned, Rung::CompilerMaybe, Rung::Structural, Rung::Model];

    /// All but the model.
    pub const WITHOUT_MODEL: [Rung; 4] = [Rung::Compiler, Rung::Learned, Rung::CompilerMaybe, Rung::Structural];

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Rung::Compiler => "compiler",
            Rung::CompilerMaybe => "compiler, maybe",
            Rung::Structural => "structural",
            Rung::Learned => "learned",
            Rung::Model => "model",
        }
    }
}

/// What of a rung is tried together: the surer a source of edits is, the earlier it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The compiler's machine-applicable suggestions.
    Sure,
    /// What the error writes out itself.
    Said,
    /// The compiler's other suggestions.
    Maybe,
    /// What was learned and has proven itself.
    Proven,
    /// All rules of ours.
    Rules,
    /// What was learned and has not proven itself.
    Unproven,
    /// What failed often for errors like this one, of all rungs.
    Last,
}

impl Turn {
    /// One after the other, from the first again after each step. What is said of this very error comes before what mended another; what
    /// mended another once comes last, for it may have been about something else.
    pub(super) const ORDER: [Turn; 6] =
        [Turn::Sure, Turn::Said, Turn::Maybe, Turn::Proven, Turn::Rules, Turn::Unproven];

    /// Whether a ladder of these rungs has it.
    pub(super) fn is_of(self, rungs: &[Rung]) -> bool {
        self.rung().is_none_or(|rung| rungs.contains(&rung))
    }

    /// The rung that it belongs to, if it is of one.
    fn rung(self) -> Option<Rung> {
        match self {
            Turn::Sure => Some(Rung::Compiler),
            Turn::Said | Turn::Rules => Some(Rung::Structural),
            Turn::Proven | Turn::Unproven => Some(Rung::Learned),
            Turn::Maybe => Some(Rung::CompilerMaybe),
            Turn::Last => None,
        }
    }
}

/// An edit that may mend an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposes it.
    pub rung: Rung,
    /// What it does, in a few words.
    pub rule: String,
    /// The record that it comes from, where it was learned.
    pub record: Option<String>,
    /// The replacements, which belong together.
    pub parts: Vec<Replacement>,
}

/// What the compiler itself suggests for `error`.
pub(super) fn suggested(error: &Diagnostic, sources: &Sources, sure: bool) -> Vec<Proposal> {
    let rung = if sure { Rung::Compiler } else { Rung::CompilerMaybe };
    edits_of(error)
        .into_iter()
        .filter(|edit| !edit.parts.iter().any(|part| names_a_parameter(&part.text)))
        .filter(|edit| match edit.applicability {
            Applicability::MachineApplicable => sure,
            Applicability::MaybeIncorrect | Applicability::Unspecified => !sure,
            // A hole is for a person to fill; what has none after all may be tried.
            Applicability::HasPlaceholders => !sure && !edit.parts.iter().any(|part| has_hole(&part.text)),
        })
        .filter(|edit| edit.parts.iter().all(|part| sources.contains_key(&part.file)))
        .filter(|edit| !edit.parts.iter().any(|part| is_misleading(error, part, sources)))
        .map(|edit| Proposal { rung, rule: edit.message, record: None, parts: edit.parts })
        .collect()
}

fn has_hole(text: &str) -> bool {
    text.contains("/*")
        || text.contains("todo!")
        || text.contains("...")
        || text.contains("REASON")
        || names_a_parameter(text)
}

/// `::<S>`: the name of somebody else's parameter stands for a type to be filled in.
fn names_a_parameter(text: &str) -> bool {
    text.split_once("::<")
        .and_then(|(_, rest)| rest.split_once('>'))
        .is_some_and(|(inner, _)| inner.split(", ").all(|name| name.len() == 1 && name.chars().all(char::is_uppercase)))
}
