//! Which kind of step works for which error, and which is in vain: counted for every error's signature.
//!
//! What has always helped goes first, and together. What failed often and never helped is tried last, and left out for an error that nothing
//! has ever mended: such a repair ends sooner. Neither is for ever: failures count for the rules that were tried only, so that a program with other rules ([`LADDER`])
//! begins anew. It leaves to others: which step helped (the ladder), and learned edits' own records ([`Memory`](super::Memory)).
use super::template::without_names;
use crate::repair::rungs::Rung;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Which rules this program has: a digest of their sources, made when it is built.
pub const LADDER: &str = env!("FLIGHTSMITH_LADDER");

/// Repairs in which a step must have failed, and never helped, to be in vain for an error of that signature.
const IN_VAIN: u64 = 3;
/// Repairs in which a step must have helped to go first.
const OFTEN: u64 = 3;

/// A way to answer an error, without what it names: which rung, and what it does in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepKind {
    /// Who proposes it.
    pub rung: Rung,
    /// What it does; the program's own names and all numbers are taken out. Of a learned fix its record's id.
    pub rule: String,
}

impl StepKind {
    /// Of a rule of `rung` in a program with names of its `own`, or of the learned fix `record`.
    pub(in crate::repair) fn of(rung: Rung, rule: &str, record: Option<&str>, own: &BTreeSet<String>) -> Self {
        Self { rung, rule: record.map_or_else(|| without_names(rule, own), str::to_owned) }
    }
}

/// A step that was tried on an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trial {
    /// The error's [`signature`](super::signature).
    pub signature: String,
    /// What was tried.
    pub kind: StepKind,
}

impl Trial {
    /// The record of the learned fix that was tried, if it was one.
    #[must_use]
    pub fn fix(&self) -> Option<&str> {
        (self.kind.rung == Rung::Learned).then_some(self.kind.rule.as_str())
    }
}

/// What a store keeps of a step, as the template of a record: its signature is the error's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownStep {
    /// The step.
    pub step: StepKind,
    /// The rules that it was counted under.
    pub ladder: String,
}

/// In how many repairs a step helped, and in how many it did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// It was kept, and the repair ended well.
    pub worked: u64,
    /// It was tried and made nothing better.
    pub failed: u64,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.worked += other.worked;
        self.failed += other.failed;
    }

    /// What is to be done with a step of this record, for an error that `others` may have mended.
    #[must_use]
    pub fn standing(self, others_worked: bool) -> Standing {
        if self.worked == 0 && self.failed >= IN_VAIN {
            if others_worked { Standing::Last } else { Standing::LeftOut }
        } else if self.worked >= OFTEN && super::posterior_mean(self.worked as f64, self.failed as f64) >= super::PROVEN
        {
            Standing::First
        } else {
            Standing::Plain
        }
    }
}

/// What is done with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has always helped, or nearly so: it goes first, together with others of which this is known.
    First,
    /// It has its place among the rungs.
    Plain,
    /// It never helped, and others did: it is tried behind all others.
    Last,
    /// Neither it nor anything else ever helped: it is left out.
    LeftOut,
}

/// All that is known of steps.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Steps {
    by_signature: BTreeMap<String, BTreeMap<StepKind, Count>>,
}

impl Steps {
    pub(super) fn add(&mut self, trial: &Trial, count: Count) {
        let kinds = self.by_signature.entry(trial.signature.clone()).or_default();
        kinds.entry(trial.kind.clone()).or_default().add(count);
    }

    /// The record of a step for exactly this signature.
    pub(super) fn of(&self, trial: &Trial) -> Count {
        let kinds = self.by_signature.get(&trial.signature);
        kinds.and_then(|kinds| kinds.get(&trial.kind)).copied().unwrap_or_default()
    }

    pub(super) fn standing(&self, trial: &Trial) -> Standing {
        let kinds = self.by_signature.get(&trial.signature);
        let anything_worked = kinds.is_some_and(|kinds| kinds.values().any(|count| count.worked > 0));
        self.of(trial).standing(anything_worked)
    }

    /// Whether some step goes first for errors of this signature.
    pub(super) fn knows_a_first(&self, signature: &str) -> bool {
        let mut counts = self.by_signature.get(signature).into_iter().flat_map(BTreeMap::values);
        counts.any(|count| count.standing(true) == Standing::First)
    }

    /// How many pairs of error and step are known.
    pub(super) fn len(&self) -> usize {
        self.by_signature.values().map(BTreeMap::len).sum()
    }
}
