//! What the learned rung may know while a case is judged: corrections of the development half, never one that shares the case's answer.
//!
//! A correction is the step from a broken crate to the right one, as a person's would be. The examples of the compiler's index teach
//! nothing here: their explanations hold right code, and not the wrong example made right.
use super::case::{Answer, Case, Half};
use super::compiler::{Bench, CaseCompiler, EvalError, Scratch};
use super::judge::same_sources;
use super::parallel;
use crate::repair::learned::{Lesson, Memory};
use crate::repair::mission::MISSION;
use crate::repair::{Compiler, Rung, Sources};
use serde::Serialize;
use serde_json::json;

/// The right sources of a case, where they are known.
pub fn right(case: &Case) -> Option<Sources> {
    match &case.answer {
        Answer::Corrections(_) => None,
        Answer::Mission { right, .. } => Some(Sources::from([(MISSION.into(), right.clone())])),
        Answer::Program { origin, .. } => Some(origin.clone()),
    }
}

/// The correction of one case.
#[derive(Debug, Clone)]
struct Correction {
    case: String,
    kin: Vec<String>,
    lesson: Lesson,
}

/// Corrections of the development half.
#[derive(Debug, Default)]
pub struct Corrections(Vec<Correction>);

/// How much was kept from a case, and that nothing of its own was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Withheld {
    /// Corrections that the memory was made from.
    pub known: usize,
    /// Corrections that were left out: of the case itself, and of all that come from the same mission, mistake or program, or end as
    /// the same code.
    pub withheld: usize,
    /// Corrections in the memory that lead to the very sources that are right for the case: none, or the figures do not count.
    pub own_answers: usize,
}

impl Corrections {
    /// Of `cases`, as far as they are of the development half and their answer is known.
    pub fn of(bench: &Bench, cases: &[Case]) -> Result<Self, EvalError> {
        let teaching: Vec<&Case> =
            cases.iter().filter(|case| case.half() == Half::Development && right(case).is_some()).collect();
        let corrections = parallel::map(&teaching, || Scratch::new(bench), |scratch, case| correction(scratch, case))?;
        Ok(Self(corrections.into_iter().flatten().collect()))
    }

    /// The memory for judging `case`.
    pub fn without(&self, case: &Case) -> (Memory, Withheld) {
        let answer = right(case);
        let (mut memory, mut withheld) = (Memory::default(), Withheld::default());
        for correction in &self.0 {
            // Two mistakes can be the same mission once they are mended.
            let is_same_code = answer.as_ref().is_some_and(|answer| same_sources(answer, &correction.lesson.after));
            let is_kin = correction.kin.iter().any(|kin| case.kin.contains(kin));
            if correction.case == case.name || is_kin || is_same_code {
                withheld.withheld += 1;
                continue;
            }
            withheld.known += 1;
            withheld.own_answers += usize::from(answer.as_ref() == Some(&correction.lesson.after));
            memory.learn(std::slice::from_ref(&correction.lesson), &json!({ "case": correction.case }));
        }
        (memory, withheld)
    }
}

fn correction(scratch: &Scratch<'_>, case: &&Case) -> Result<Option<Correction>, EvalError> {
    Ok(lesson(scratch, case)?.map(|lesson| Correction { case: case.name.clone(), kin: case.kin.clone(), lesson }))
}

/// A person's correction of `case`.
pub fn lesson(scratch: &Scratch<'_>, case: &Case) -> Result<Option<Lesson>, EvalError> {
    let Some(after) = right(case) else { return Ok(None) };
    let errors = CaseCompiler { scratch, case }.compile(&case.sources)?;
    // Learned from as from any mender that is not the memory itself or the compiler's sure suggestions.
    Ok(Some(Lesson { before: case.sources.clone(), errors, after, rung: Rung::Model, by: Vec::new() }))
}
