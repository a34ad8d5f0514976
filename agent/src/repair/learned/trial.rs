//! What a repair tried, and how that is known again: the error's signature and the kind of step.
//!
//! It leaves to others: counting (the [`Memory`](super::Memory)), and whether a step helped (the ladder).
use super::template::without_names;
use super::tokens::declared;
use crate::repair::rungs::Rung;
use crate::repair::sources::Sources;
use serde::{Deserialize, Serialize};

/// A way to answer an error, without what it names: which rung, and what it does in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepKind {
    /// Who proposes it.
    pub rung: Rung,
    /// What it does; the program's own names and all numbers are taken out. Of a learned fix its record's id.
    pub rule: String,
}

/// A step that was tried on an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The error's [`signature`](super::signature).
    pub signature: String,
    /// What was tried.
    pub kind: StepKind,
}

impl StepKind {
    /// Of a rule of `rung` on `sources`, or of the learned fix `record`.
    pub(in crate::repair) fn of(rung: Rung, rule: &str, record: Option<&str>, sources: &Sources) -> Self {
        let rule = match record {
            Some(id) => id.to_owned(),
            None => without_names(rule, &declared(sources.values().map(String::as_str))),
        };
        Self { rung, rule }
    }
}

impl Trial {
    /// The record of the learned fix that was tried, if it was one.
    #[must_use]
    pub fn fix(&self) -> Option<&str> {
        (self.kind.rung == Rung::Learned).then_some(self.kind.rule.as_str())
    }
}
