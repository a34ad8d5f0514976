//! Fixes learned from repairs that ended well: what answered an error's signature, ranked by how often it worked.
//!
//! A [`Memory`] is what the ladder asks and tells; it lives in this process, begins with what a knowledge base has published, and is saved
//! into its store. Templates of one signature contradict each other and compete on their record: the mean of the Beta posterior over
//! (worked, failed), a person's word counted as several trials. It leaves to others: whether an edit helps (the compiler), and whether it
//! deletes behaviour (the guard).
pub mod stage;
mod steps;
mod template;
mod tokens;

pub use steps::{Count, KnownStep, LADDER, Standing, StepKind, Trial};
pub use template::{Anchor, Hunk, Piece, Template, apply, forbidden, kind_of, learn, own_names, signature};

use super::rungs::{Proposal, Rung};
use super::sources::{Sources, line_edits};
use flightsmith_kb::{KbError, Outcome, Published, Record, State, Store, Tallied};
use flightsmith_toolchain::diagnostics::Diagnostic;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use steps::Steps;

/// A step that was kept: what was wrong, and what it became.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// The sources before.
    pub before: Sources,
    /// What was wrong with them.
    pub errors: Vec<Diagnostic>,
    /// The sources after.
    pub after: Sources,
    /// Who mended.
    pub rung: Rung,
    /// The steps that were made; none where a model or a person wrote it.
    pub by: Vec<Trial>,
}

impl Lesson {
    /// Whether what it put in stands in `sources` still.
    #[must_use]
    pub fn stands_in(&self, sources: &Sources) -> bool {
        line_edits(&self.before, &self.after)
            .iter()
            .all(|edit| sources.get(&edit.file).is_some_and(|text| text.contains(&edit.new)))
    }
}

/// Trials that a person's acceptance counts for.
const WORD: f64 = 5.0;
/// Trials that tests or flights count for which refuse what the compiler took: worse than an edit that does not compile is one that does.
const REFUTED: u64 = 5;
/// Templates below this mean are not tried: one that worked once and was refuted, or failed five times.
const LOWEST: f64 = 0.26;
/// Templates from this mean on have proven themselves: three of three times, or a person's word. Two of two may be chance.
const PROVEN: f64 = 0.79;

/// One fix and its record.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    template: Template,
    accepted: bool,
    worked: u64,
    failed: u64,
}

impl Known {
    fn mean(&self) -> f64 {
        let word = if self.accepted { WORD } else { 0.0 };
        posterior_mean(self.worked as f64 + word, self.failed as f64)
    }
}

/// The mean of the Beta posterior, from an even start.
fn posterior_mean(worked: f64, failed: f64) -> f64 {
    (worked + 1.0) / (worked + failed + 2.0)
}

fn best_first<'m>(found: impl Iterator<Item = (&'m String, &'m Known)>) -> Vec<(&'m String, &'m Known)> {
    let mut found: Vec<_> = found.collect();
    found.sort_by(|(_, one), (_, other)| other.mean().total_cmp(&one.mean()));
    found
}

/// What is to be written into a store.
#[derive(Debug, Clone, PartialEq)]
enum News {
    Learned { signature: String, template: Template, evidence: Value },
    Tried { id: String, outcome: Outcome, times: u64 },
    Step { trial: Trial, count: Count },
}

/// Fixes learned before, and what was learned since. See the [module](self).
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// By signature and then record.
    known: BTreeMap<String, BTreeMap<String, Known>>,
    rejected: Vec<String>,
    steps: Steps,
    news: Vec<News>,
}

impl Memory {
    /// What a knowledge base has published; records that are no templates, or carry what no template may, are left out.
    #[must_use]
    pub fn of(published: &Published) -> Self {
        let mut memory = Self::default();
        for record in published.records() {
            memory.take(record);
        }
        memory
    }

    fn take(&mut self, record: &Record) {
        if let Ok(KnownStep { step, ladder }) = record.template_as::<KnownStep>() {
            if record.state() != State::Rejected {
                // Other rules may mend what these could not; what helped, helped.
                let failed = if ladder == LADDER { record.failed() } else { 0 };
                let trial = Trial { signature: record.signature.clone(), kind: step };
                self.steps.add(&trial, Count { worked: record.worked(), failed });
            }
            return;
        }
        let Ok(template) = record.template_as::<Template>() else { return };
        if record.state() == State::Rejected {
            self.rejected.push(record.id());
            return;
        }
        if template.is_allowed() {
            let known = Known {
                template,
                accepted: record.state() == State::Accepted,
                worked: record.worked(),
                failed: record.failed(),
            };
            self.known.entry(record.signature.clone()).or_default().insert(record.id(), known);
        }
    }

    /// How many fixes it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.values().map(BTreeMap::len).sum()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// What mended the like of `error`, the best record first: what has proven itself on this signature, or else what has not, and behind it
    /// what mended errors of the same kind that were about something else.
    #[must_use]
    pub(super) fn proposals(&self, sources: &Sources, error: &Diagnostic, proven: bool) -> Vec<Proposal> {
        if self.known.is_empty() {
            return Vec::new();
        }
        let Some(own) = signature(sources, error, &own_names(sources)) else { return Vec::new() };
        let of = |signature: &String| {
            self.known.get(signature).into_iter().flatten().filter(|(_, known)| known.mean() >= LOWEST)
        };
        let mut ranked = best_first(of(&own).filter(|(_, known)| (known.mean() >= PROVEN) == proven));
        if !proven {
            let kind = kind_of(&own);
            let alike = self.known.keys().filter(|other| **other != own && kind_of(other) == kind);
            ranked.extend(best_first(alike.flat_map(of)));
        }
        let proposal = |(id, known): (&String, &Known)| {
            let parts = apply(&known.template, sources, error)?;
            let rule = format!("as it was mended before ({} of {} times)", known.worked, known.worked + known.failed);
            Some(Proposal { rung: Rung::Learned, rule, record: Some(id.clone()), parts })
        };
        ranked.into_iter().filter_map(proposal).collect()
    }

    /// A learned fix was tried so often.
    fn tried(&mut self, id: &str, outcome: Outcome, times: u64) {
        for known in self.known.values_mut() {
            if let Some(known) = known.get_mut(id) {
                match outcome {
                    Outcome::Worked => known.worked += times,
                    Outcome::Failed => known.failed += times,
                }
                self.news.push(News::Tried { id: id.to_owned(), outcome, times });
            }
        }
    }

    /// What is to be done with a step.
    #[must_use]
    pub fn standing(&self, trial: &Trial) -> Standing {
        self.steps.standing(trial)
    }

    /// Whether some step goes first for errors of this signature.
    pub(super) fn knows_a_first(&self, signature: &str) -> bool {
        self.steps.knows_a_first(signature)
    }

    /// How many pairs of error and step it knows.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// Counts what was tried in one repair and made nothing better, whatever became of it.
    pub fn count_in_vain(&mut self, trials: &[Trial]) {
        for trial in trials.iter().collect::<BTreeSet<_>>() {
            // Elsewhere than where it was learned, it is that place that it does not suit.
            if let Some(id) = trial.fix().filter(|id| self.is_of(id, &trial.signature)) {
                self.tried(id, Outcome::Failed, 1);
            }
            self.step(trial, Count { worked: 0, failed: 1 });
        }
    }

    fn is_of(&self, id: &str, signature: &str) -> bool {
        self.known.get(signature).is_some_and(|known| known.contains_key(id))
    }

    fn step(&mut self, trial: &Trial, count: Count) {
        self.steps.add(trial, count);
        self.news.push(News::Step { trial: trial.clone(), count });
    }

    /// Counts steps that compile, and that tests, flights or a judge have refused: nothing is learned from them, and a learned fix among
    /// them loses more than by an edit that does not compile.
    pub fn refute(&mut self, lessons: &[Lesson]) {
        for trial in lessons.iter().flat_map(|lesson| &lesson.by) {
            if let Some(id) = trial.fix() {
                self.tried(id, Outcome::Failed, REFUTED);
            }
            // It does compile, so that it is not in vain; it only goes first no longer.
            if self.steps.of(trial).worked > 0 {
                self.step(trial, Count { worked: 0, failed: REFUTED });
            }
        }
    }

    /// Learns from a repair that ended well (compiles; a mission: flies); `evidence` says where. Returns how many fixes are new.
    pub fn learn(&mut self, lessons: &[Lesson], evidence: &Value) -> usize {
        for trial in lessons.iter().flat_map(|lesson| &lesson.by).collect::<BTreeSet<_>>() {
            if let Some(id) = trial.fix() {
                self.tried(id, Outcome::Worked, 1);
            }
            self.step(trial, Count { worked: 1, failed: 0 });
        }
        let mut new = 0;
        for lesson in lessons.iter().filter(|lesson| lesson.rung != Rung::Learned && lesson.rung != Rung::Compiler) {
            let own = own_names(&lesson.before);
            for error in &lesson.errors {
                let (Some(signature), Some(template)) =
                    (signature(&lesson.before, error, &own), learn(&lesson.before, &lesson.after, error))
                else {
                    continue;
                };
                new += usize::from(self.put(signature, template, evidence.clone()));
            }
        }
        new
    }

    fn put(&mut self, signature: String, template: Template, evidence: Value) -> bool {
        let Ok(value) = serde_json::to_value(&template) else { return false };
        let id = Record::id_of(&signature, &value);
        if self.rejected.contains(&id) {
            return false;
        }
        let known = self.known.entry(signature.clone()).or_default();
        let is_new = !known.contains_key(&id);
        let entry =
            known.entry(id).or_insert(Known { template: template.clone(), accepted: false, worked: 0, failed: 0 });
        entry.worked += 1;
        self.news.push(News::Learned { signature, template, evidence });
        is_new
    }

    /// Writes what was learned and tried since into a store. Returns the ids of the records that were written, in order.
    ///
    /// # Errors
    /// As the store's; what was written before the error stays written.
    pub fn save(&mut self, store: &Store) -> Result<Vec<String>, KbError> {
        let learned = store.learned()?;
        let (mut written, mut steps) = (Vec::new(), Vec::new());
        for news in std::mem::take(&mut self.news) {
            match news {
                News::Learned { signature, template, evidence } => {
                    let id = learned.put(&signature, &template, &[evidence])?.id();
                    learned.count(&id, Outcome::Worked, 1)?;
                    written.push(id);
                }
                News::Step { trial, count } => {
                    let known = KnownStep { step: trial.kind, ladder: LADDER.to_owned() };
                    let Ok(template) = serde_json::to_value(known) else { continue };
                    let Count { worked, failed } = count;
                    steps.push(Tallied { signature: trial.signature, template, worked, failed });
                }
                News::Tried { id, outcome, times } => drop(learned.count(&id, outcome, times)?),
            }
        }
        learned.tally(&steps)?;
        Ok(written)
    }
}

#[cfg(test)]
mod tests;
