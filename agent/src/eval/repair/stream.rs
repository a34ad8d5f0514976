//! The learning curve: broken crates in random order, each mended without a model and then learned from; against the same crates with a
//! memory that stays empty.
//!
//! What the ladder mends rightly it learns from its own steps, as after a flight that held; what it mends wrongly counts against what it
//! used, as after tests that fail; where it is not right, a person corrects, and the correction is learned. Both happen after the crate was judged, so its own answer is never known before. Pairs of mistakes are left
//! out: their halves are in the stream as cases of their own.
use super::case::{Case, Set, shuffled};
use super::compiler::{Bench, CaseCompiler, EvalError, Scratch};
use super::judge::{Judgement, judge};
use super::lessons::lesson;
use crate::budget;
use crate::repair::learned::Memory;
use crate::repair::{Bounds, ClimbError, Climbed, Rung, Workbench, climb};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The stream is counted in so many parts.
const PARTS: usize = 4;

/// One part of the stream.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Part {
    /// Crates.
    pub cases: usize,
    /// Fixes in the memory when it began.
    pub known: usize,
    /// With an empty memory.
    pub before: Counts,
    /// With what was learned from the crates before.
    pub after: Counts,
    /// Crates that were right with an empty memory and are not with a grown one.
    pub worse: Vec<String>,
    /// Crates that are right with either memory: what is mended by learning alone would count on one side only.
    pub right_both_ways: usize,
    /// Compiles of these with an empty memory.
    pub compiles_both_before: usize,
    /// Compiles of these with what was learned.
    pub compiles_both_after: usize,
}

/// What became of the crates of a part.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Counts {
    /// Mended and right, without a model.
    pub right: usize,
    /// Mended and wrong.
    pub wrong: usize,
    /// Compiles of all of them.
    pub compiles: usize,
    /// Compiles of those that were mended rightly.
    pub compiles_of_right: usize,
    /// How many errors each rung mended, in steps that were kept in crates that are right.
    pub by_rung: BTreeMap<Rung, usize>,
}

impl Counts {
    fn add(&mut self, climbed: &Climbed, judgement: Judgement) {
        self.compiles += climbed.compiles;
        self.wrong += usize::from(judgement == Judgement::Wrong);
        if judgement == Judgement::Right {
            self.right += 1;
            self.compiles_of_right += climbed.compiles;
            for step in &climbed.steps {
                *self.by_rung.entry(step.rung).or_insert(0) += step.codes.len().max(1);
            }
        }
    }
}

/// Sends the missions and programs among `cases` through, in an order that depends on `seed` alone.
pub fn run(
    bench: &Bench,
    cases: &[Case],
    rungs: &[Rung],
    seed: u64,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Part>, EvalError> {
    let scratch = Scratch::new(bench)?;
    let in_stream = |case: &&Case| case.set != Set::Index && case.kin.len() == 1;
    let order = shuffled(cases.iter().filter(in_stream).collect(), &format!("stream {seed}"), |case| case.name.clone());
    let mut memory = Memory::default();
    let mut parts = Vec::new();
    for crates in order.chunks(order.len().div_ceil(PARTS).max(1)) {
        let mut part = Part { cases: crates.len(), known: memory.len(), ..Part::default() };
        for case in crates {
            let (plain, judgement_before) = mended(&scratch, case, rungs, &Memory::default())?;
            part.before.add(&plain, judgement_before);
            let (climbed, judgement) = mended(&scratch, case, rungs, &memory)?;
            part.after.add(&climbed, judgement);
            if judgement == Judgement::Right && judgement_before == Judgement::Right {
                part.right_both_ways += 1;
                part.compiles_both_before += plain.compiles;
                part.compiles_both_after += climbed.compiles;
            }
            if judgement_before == Judgement::Right && judgement != Judgement::Right {
                part.worse.push(case.name.clone());
            }
            let evidence = json!({ "case": case.name });
            memory.count_in_vain(&climbed.in_vain);
            if judgement == Judgement::Wrong {
                memory.refute(&climbed.lessons);
            }
            if judgement == Judgement::Right {
                memory.learn(&climbed.lessons, &evidence);
            } else {
                memory.learn(&lesson(&scratch, case)?.into_iter().collect::<Vec<_>>(), &evidence);
            }
            tell(&case.name);
        }
        parts.push(part);
    }
    Ok(parts)
}

fn mended(
    scratch: &Scratch<'_>,
    case: &Case,
    rungs: &[Rung],
    memory: &Memory,
) -> Result<(Climbed, Judgement), EvalError> {
    let bounds = Bounds { judged: budget::EVAL_COMPILES, mender_calls: 0, wall: budget::EVAL_CASE };
    let mut workbench = Workbench { memory: Some(memory), ..Workbench::default() };
    let mut compiler = CaseCompiler { scratch, case };
    let climbed =
        climb(case.sources.clone(), &mut compiler, rungs, &mut workbench, bounds).map_err(|error| match error {
            ClimbError::Compiler(error) => error,
            ClimbError::Model(reason) => EvalError::Model(reason),
        })?;
    let judgement = if climbed.is_mended() { judge(scratch, case, &climbed.sources)?.0 } else { Judgement::NotMended };
    Ok((climbed, judgement))
}

/// The parts as tables.
pub fn to_text(parts: &[Part]) -> String {
    let mut text = String::from(
        "| part | crates | fixes known | right before | right after | wrong before | wrong after | compiles before | compiles after |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let share = |right: usize, cases: usize| format!("{right} ({:.1} %)", 100.0 * right as f64 / cases.max(1) as f64);
    let each = |compiles: usize, of: usize| format!("{:.2}", compiles as f64 / of.max(1) as f64);
    for (number, part) in parts.iter().enumerate() {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            number + 1,
            part.cases,
            part.known,
            share(part.before.right, part.cases),
            share(part.after.right, part.cases),
            part.before.wrong,
            part.after.wrong,
            each(part.before.compiles_of_right, part.before.right),
            each(part.after.compiles_of_right, part.after.right),
        );
    }
    text.push_str(
        "\nCompiles are those of one crate that was mended rightly. The same crates on both sides:\n\n| part | right before and after | compiles before | compiles after | compiles before, all crates | compiles after, all crates |\n|---|---|---|---|---|---|\n",
    );
    for (number, part) in parts.iter().enumerate() {
        let both = part.right_both_ways;
        let _ = writeln!(
            text,
            "| {} | {both} | {} | {} | {} | {} |",
            number + 1,
            each(part.compiles_both_before, both),
            each(part.compiles_both_after, both),
            each(part.before.compiles, part.cases),
            each(part.after.compiles, part.cases),
        );
    }
    text.push_str("\n| part | memory | errors mended by each rung |\n|---|---|---|\n");
    for (number, part) in parts.iter().enumerate() {
        for (name, counts) in [("empty", &part.before), ("learned", &part.after)] {
            let rungs: Vec<String> =
                counts.by_rung.iter().map(|(rung, count)| format!("{} {count}", rung.name())).collect();
            let _ = writeln!(text, "| {} | {name} | {} |", number + 1, rungs.join(", "));
        }
    }
    text
}
