//! Every case on the ladder, once for each selection of rungs.
use super::asked::{Asked, Cores, Metered, Tutor, own_answers, secrets};
use super::case::{Case, Half, Set};
use super::compiler::{Bench, EvalError, Scratch};
use super::judge::{Judgement, judge};
use super::lessons::{Corrections, Withheld, right};
use super::parallel;
use crate::budget;
use crate::clock::Stopwatch;
use crate::repair::foreign::ForeignMender;
use crate::repair::learned::Memory;
use crate::repair::sources::{LineEdit, line_edits};
use crate::repair::{Bounds, ClimbError, Climbed, Compiler, Rung, Sources, Workbench, climb};
use flightsmith_toolchain::diagnostics::Diagnostic;
use serde::Serialize;
use std::collections::HashMap;

/// A selection of rungs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its name in the report.
    pub name: String,
    /// The rungs, in the order in which they are tried.
    pub rungs: Vec<Rung>,
}

impl Row {
    /// The row that the command line calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        let names = ["sure", "unsure", "structural", "learned", "last", "alone"];
        let place = names.iter().position(|known| *known == name)?;
        Self::compared(true).into_iter().nth(place)
    }

    /// The selections that are compared: one rung more each time; with a model, that as the last rung and alone.
    pub fn compared(with_model: bool) -> Vec<Self> {
        let row = |name: &str, rungs: &[Rung]| Self { name: name.to_owned(), rungs: rungs.to_vec() };
        let mut rows = vec![
            row("compiler, sure", &[Rung::Compiler]),
            row("compiler, unsure too", &[Rung::Compiler, Rung::CompilerMaybe]),
            row("and structural", &[Rung::Compiler, Rung::CompilerMaybe, Rung::Structural]),
            row("and learned", &Rung::WITHOUT_MODEL),
        ];
        if with_model {
            rows.push(row("and model", &Rung::ALL));
            rows.push(row("model alone", &[Rung::Model]));
        }
        rows
    }
}

/// What became of one case with one selection of rungs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The case.
    pub case: String,
    /// Its set.
    pub set: Set,
    /// Its half.
    pub half: Half,
    /// Its first error's code; `none` where the compiler gives none.
    pub code: String,
    /// The first error's words.
    pub message: String,
    /// The selection.
    pub row: String,
    /// The verdict.
    pub judgement: Judgement,
    /// Why it is wrong, or what is left.
    pub reason: String,
    /// Rungs that took part, in the order of steps.
    pub rungs: Vec<Rung>,
    /// What they did.
    pub rules: Vec<String>,
    /// Compiles.
    pub compiles: usize,
    /// What the learned rung did not know, where it took part.
    pub withheld: Option<Withheld>,
    /// Wall time of compiling and mending in seconds, without the model's.
    pub seconds: f64,
    /// What the model was asked, where it was the last rung or alone.
    pub asked: Option<Asked>,
    /// What was done to it.
    pub made: Vec<LineEdit>,
    /// What would have been right, where it is known; of the development half alone.
    pub wanted: Vec<LineEdit>,
}

/// All rows of all cases, in the order of the cases. `in_flight` cases are begun at a time; as many as there are cores are worked on, and
/// the others wait for the model.
pub fn run(
    bench: &Bench,
    cases: &[Case],
    rows: &[Row],
    corrections: &Corrections,
    (tutor, in_flight): (Option<Tutor<'_>>, usize),
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Outcome>, EvalError> {
    let cores = Cores::new(parallel::THREADS);
    let of_cases = parallel::map_with(
        in_flight,
        cases,
        || Scratch::new(bench),
        |scratch, case| {
            let outcomes = cores.on_one(|| of_case(scratch, case, rows, corrections, (tutor, &cores)))?;
            tell(&case.name);
            Ok(outcomes)
        },
    )?;
    Ok(of_cases.into_iter().flatten().collect())
}

fn of_case(
    scratch: &Scratch<'_>,
    case: &Case,
    rows: &[Row],
    corrections: &Corrections,
    (tutor, cores): (Option<Tutor<'_>>, &Cores),
) -> Result<Vec<Outcome>, EvalError> {
    let mut compiler = Remembering { scratch, case, known: HashMap::new(), saved_s: 0.0 };
    let mut outcomes: Vec<Outcome> = Vec::new();
    let first = compiler.compile(&case.sources)?;
    if first.is_empty() {
        return Err(EvalError::Data {
            path: case.name.clone().into(),
            what: "compiles, so there is nothing to mend".into(),
        });
    }
    for row in rows {
        // A later rung is asked only where the earlier ones are stuck: what they mend they mend the same way with it behind them.
        let settled = outcomes.iter().find(|outcome| {
            let before = rows.iter().find(|other| other.name == outcome.row);
            let is_more = before.is_some_and(|before| row.rungs.starts_with(&before.rungs));
            is_more && matches!(outcome.judgement, Judgement::Right | Judgement::Wrong)
        });
        if let Some(settled) = settled {
            outcomes.push(Outcome { row: row.name.clone(), ..settled.clone() });
            continue;
        }
        let learned = row.rungs.contains(&Rung::Learned).then(|| corrections.without(case));
        let (memory, withheld) = learned.map_or((None, None), |(memory, withheld)| (Some(memory), Some(withheld)));
        compiler.saved_s = 0.0;
        let watch = Stopwatch::start();
        let tutor = tutor.filter(|_| row.rungs.contains(&Rung::Model));
        let (climbed, asked, waited_s) = climbed(&mut compiler, row, memory.as_ref(), tutor, cores)?;
        let seconds = (watch.seconds() - waited_s).max(0.0) + compiler.saved_s;
        let (judgement, reason) = match (asked.as_ref().and_then(|asked| asked.failed.clone()), climbed.left.first()) {
            (Some(reason), _) => (Judgement::NoAnswer, reason),
            (None, None) => judge(scratch, case, &climbed.sources)?,
            (None, Some(left)) => (Judgement::NotMended, left.message.clone()),
        };
        outcomes.push(Outcome {
            case: case.name.clone(),
            set: case.set,
            half: case.half(),
            code: code_of(case, &first),
            message: first.first().map_or_else(String::new, |error| error.message.clone()),
            row: row.name.clone(),
            judgement,
            reason,
            rungs: climbed.steps.iter().map(|step| step.rung).collect(),
            rules: climbed.steps.iter().flat_map(|step| step.rules.clone()).collect(),
            compiles: climbed.compiles,
            withheld,
            seconds,
            asked,
            made: line_edits(&case.sources, &climbed.sources),
            wanted: wanted(case),
        });
    }
    Ok(outcomes)
}

/// The edits that undo what was broken. Of the half that is only counted nobody is shown them.
fn wanted(case: &Case) -> Vec<LineEdit> {
    let right = right(case).filter(|_| case.half() == Half::Development);
    right.map_or_else(Vec::new, |right| line_edits(&case.sources, &right))
}

/// The code that a case counts for: an example of the index for the code that it stands under, others for their first error's.
fn code_of(case: &Case, first: &[Diagnostic]) -> String {
    if let Some(code) = case.name.strip_prefix("index/") {
        return code.split('-').next().unwrap_or(code).to_owned();
    }
    first.iter().find_map(|error| error.code.clone()).unwrap_or_else(|| "none".to_owned())
}

/// What the rungs make of it, what the model was asked, and how many seconds it was waited for. Where the model cannot be asked, that
/// is said of this case alone: the others are measured.
fn climbed(
    compiler: &mut Remembering<'_>,
    row: &Row,
    memory: Option<&Memory>,
    tutor: Option<Tutor<'_>>,
    cores: &Cores,
) -> Result<(Climbed, Option<Asked>, f64), EvalError> {
    let bounds =
        Bounds { judged: budget::EVAL_COMPILES, mender_calls: budget::EVAL_QUESTIONS, wall: budget::EVAL_CASE };
    let (case, sources) = (compiler.case, compiler.case.sources.clone());
    let mut workbench = Workbench { memory, ..Workbench::default() };
    let of_compiler = |error| match error {
        ClimbError::Compiler(error) => error,
        ClimbError::Model(reason) => EvalError::Model(reason),
    };
    let Some(tutor) = tutor else {
        let climbed = climb(sources, compiler, &row.rungs, &mut workbench, bounds).map_err(of_compiler)?;
        return Ok((climbed, None, 0.0));
    };
    let metered = Metered::new(tutor.model, cores);
    let mut mender = ForeignMender::new(&metered, Some(tutor.kb)).keeping_secret(secrets(case));
    workbench.model = Some(&mut mender);
    let climbed = climb(sources, compiler, &row.rungs, &mut workbench, bounds);
    let (told, withheld) = (std::mem::take(&mut mender.told), mender.withheld.len());
    let (mut asked, waited_s) = metered.count();
    (asked.told, asked.withheld, asked.own_answers) = (told.len(), withheld, own_answers(case, &told));
    match climbed {
        Ok(climbed) => Ok((climbed, Some(asked), waited_s)),
        Err(ClimbError::Compiler(error)) => Err(error),
        Err(ClimbError::Model(reason)) => {
            asked.failed = Some(reason);
            Ok((Climbed::nothing(case.sources.clone()), Some(asked), waited_s))
        }
    }
}

/// A compiler that is not asked the same twice by different rows. What an answer took is counted each time.
struct Remembering<'a> {
    scratch: &'a Scratch<'a>,
    case: &'a Case,
    known: HashMap<Sources, (Vec<Diagnostic>, f64)>,
    saved_s: f64,
}

impl Compiler for Remembering<'_> {
    type Error = EvalError;

    fn compile(&mut self, sources: &Sources) -> Result<Vec<Diagnostic>, EvalError> {
        if let Some((errors, seconds)) = self.known.get(sources) {
            self.saved_s += seconds;
            return Ok(errors.clone());
        }
        let watch = Stopwatch::start();
        let errors = super::compiler::CaseCompiler { scratch: self.scratch, case: self.case }.compile(sources)?;
        self.known.insert(sources.clone(), (errors.clone(), watch.seconds()));
        Ok(errors)
    }
}
