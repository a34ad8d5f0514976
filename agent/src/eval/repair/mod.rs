//! The repair benchmark: broken crates, what the repair ladder makes of them, and whether that is right.
//!
//! [`index`] takes the failing examples of the compiler's own error index, [`drawn`] breaks example missions and larger programs
//! ([`material`]) with [`operators`] and takes the SDK's mistakes. [`rows`] climbs with each selection of rungs, [`judge`] decides what
//! compiles, [`report`] counts. One half of every set, by a hash of the name, is only ever counted. `docs/repair.md` has the figures.
//!
//! It leaves to others: mending (`repair`).
mod asked;
mod case;
mod compiler;
mod drawn;
mod index;
mod judge;
mod lessons;
mod material;
mod operators;
mod parallel;
mod report;
mod rows;
mod stream;

pub use asked::Asked;
pub use case::{Answer, Case, Half, Set};
pub use compiler::{Bench, CaseCompiler, EvalError, Scratch};
pub use judge::{Judgement, judge};
pub use lessons::Withheld;
pub use material::{Material, Origin};
pub use parallel::THREADS;
pub use report::Report;
pub use rows::{Outcome, Row};
pub use stream::{Part, to_text as stream_text};

use crate::models::Model;
use crate::repair::Rung;
use asked::Tutor;
use flightsmith_kb::Searchable;
use flightsmith_llm::Provider;
use std::path::PathBuf;
use std::sync::Arc;

/// What is measured.
#[derive(Clone)]
pub struct Options {
    /// Sets.
    pub sets: Vec<Set>,
    /// Halves.
    pub halves: Vec<Half>,
    /// Selections of rungs.
    pub rows: Vec<Row>,
    /// At most so many cases of each set and half, drawn by hash.
    pub limit: Option<usize>,
    /// Seed of that draw.
    pub seed: u64,
    /// The model of rows that have one, and the knowledge base that it is told from.
    pub model: Option<(Arc<Model>, Arc<dyn Searchable>)>,
    /// Cases begun at a time: more than there are cores where a model is what one waits for.
    pub in_flight: usize,
}

/// All cases, and what is known of the index that some were taken from.
#[derive(Debug, Default)]
pub struct Cases {
    /// The cases, in the order of sets.
    pub all: Vec<Case>,
    /// Codes that the compiler explains.
    pub explained: usize,
    /// Codes whose example needs a nightly compiler and is left out.
    pub nightly: usize,
}

/// The cases of `sets`.
///
/// # Errors
/// Files that are missing, or a compiler that cannot be asked.
pub fn cases(bench: &Bench, sets: &[Set]) -> Result<Cases, EvalError> {
    let mut cases = Cases::default();
    if sets.contains(&Set::Index) {
        let index = index::open(bench)?;
        (cases.explained, cases.nightly) = (index.explained, index.nightly);
        cases.all.extend(index::cases(bench, &index)?);
    }
    if sets.iter().any(|set| *set != Set::Index) {
        let material = Material::read(&bench.source_root)?;
        let drawn = drawn::cases(&material, &drawn::read(&bench.source_root)?)?;
        cases.all.extend(drawn.into_iter().filter(|case| sets.contains(&case.set)));
    }
    Ok(cases)
}

/// Draws the slips anew, searches the compiler's index, and writes both lists; which files.
///
/// # Errors
/// As [`cases`].
pub fn draw(bench: &Bench) -> Result<[PathBuf; 2], EvalError> {
    let drawn = drawn::draw(bench, &Material::read(&bench.source_root)?)?;
    let index = index::search(bench)?;
    Ok([drawn::write(&bench.source_root, &drawn)?, index::write(&bench.source_root, &index)?])
}

/// Runs the benchmark. `tell` hears of every case that is done.
///
/// # Errors
/// As [`cases`], or a model that is out of reach.
pub fn run(bench: &Bench, options: &Options, tell: &(dyn Fn(&str) + Sync)) -> Result<Report, EvalError> {
    let mut cases = cases(bench, &options.sets)?;
    let learns = options.rows.iter().any(|row| row.rungs.contains(&Rung::Learned));
    // What is learned does not depend on which cases are judged.
    let known = if learns { self::cases(bench, &[Set::Missions, Set::Programs])?.all } else { Vec::new() };
    cases.all.retain(|case| options.halves.contains(&case.half()));
    if let Some(limit) = options.limit {
        cases.all = sampled(cases.all, limit, options.seed);
    }
    let corrections = lessons::Corrections::of(bench, &known)?;
    let tutor = options.model.as_ref().map(|(model, kb)| Tutor { model: model.as_ref(), kb: kb.as_ref() });
    let outcomes = rows::run(bench, &cases.all, &options.rows, &corrections, (tutor, options.in_flight), tell)?;
    // One case's question may fail; where all do, nothing was measured.
    let mut asked = outcomes.iter().filter_map(|outcome| outcome.asked.as_ref());
    if let Some(reason) = asked.clone().find_map(|asked| asked.failed.clone())
        && asked.all(|asked| asked.questions == 0)
    {
        return Err(EvalError::Model(reason));
    }
    let mut report = Report::of(&bench.prebuilt.toolchain().version, &cases, outcomes);
    report.model = options.model.as_ref().map(|(model, _)| model.describe());
    report.sample = options.limit.map(|limit| report::Sample { limit, seed: options.seed });
    Ok(report)
}

/// The learning curve over all missions and programs, in an order that depends on `seed`, with `rungs` (without a model).
///
/// # Errors
/// As [`cases`].
pub fn learn(bench: &Bench, rungs: &[Rung], seed: u64, tell: &(dyn Fn(&str) + Sync)) -> Result<Vec<Part>, EvalError> {
    stream::run(bench, &cases(bench, &[Set::Missions, Set::Programs])?.all, rungs, seed, tell)
}

/// `limit` cases of each set and half, by hash of their names and `seed`.
fn sampled(cases: Vec<Case>, limit: usize, seed: u64) -> Vec<Case> {
    let mut taken = std::collections::BTreeMap::new();
    let mixed = case::shuffled(cases, &format!("sample {seed}"), |case| case.name.clone());
    let mut kept: Vec<Case> = mixed
        .into_iter()
        .filter(|case| {
            let count = taken.entry((case.set, case.half())).or_insert(0);
            *count += 1;
            *count <= limit
        })
        .collect();
    kept.sort_by(|one, other| (one.set, &one.name).cmp(&(other.set, &other.name)));
    kept
}
