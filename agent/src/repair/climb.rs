//! The ladder of fixers over a set of files: rung by rung, every step verified by the compiler, several errors mended in one compile.
//!
//! A round compiles once with the first proposal for every error that does not touch another's; where that does not make it better,
//! each proposal is tried alone. What makes nothing better is not kept. A step that trades its error for others, as an earlier phase of
//! the compiler does for a later one, may be a way on, so that a few are followed; if they lead nowhere, the best state before is what
//! remains. It leaves to others: how sources are compiled ([`Compiler`]), and writing them anywhere.
use super::errors::{Badness, identity, is_gone};
use super::guard::{refusal, refusal_of_named};
use super::ladder::{Bounds, Limit};
use super::learned::{Lesson, Standing, StepKind, Trial, own_names, signature};
use super::model::attempt_in_words;
use super::rungs::{Proposal, Rung, Turn, structural, suggested};
use super::sources::{LineEdit, Sources, collide, line_edits, replaced};
use super::workbench::{Stuck, Workbench};
use flightsmith_toolchain::diagnostics::{Diagnostic, Replacement};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::{Duration, Instant};

/// Whatever can say what is wrong with sources.
pub trait Compiler {
    /// Why it could not be asked at all.
    type Error;

    /// The errors (no warnings) of these sources, none if they compile. Spans name files as the sources do.
    ///
    /// # Errors
    /// Where no verdict could be had.
    fn compile(&mut self, sources: &Sources) -> Result<Vec<Diagnostic>, Self::Error>;
}

impl<F, E> Compiler for F
where
    F: FnMut(&Sources) -> Result<Vec<Diagnostic>, E>,
{
    type Error = E;

    fn compile(&mut self, sources: &Sources) -> Result<Vec<Diagnostic>, E> {
        self(sources)
    }
}

/// One step that was kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Who proposed it.
    pub rung: Rung,
    /// What was done, one line an edit.
    pub rules: Vec<String>,
    /// The codes of the errors that were mended, `none` where the compiler gives none.
    pub codes: Vec<String>,
    /// The lines that it replaced.
    pub edits: Vec<LineEdit>,
    /// Errors before it.
    pub errors_before: usize,
    /// Errors after it.
    pub errors_after: usize,
    /// Compiles that it took to find it, those that led nowhere included.
    pub compiles: usize,
}

/// What came of a repair.
#[derive(Debug, Clone, PartialEq)]
pub struct Climbed {
    /// The best sources that were reached.
    pub sources: Sources,
    /// What is still wrong with them.
    pub left: Vec<Diagnostic>,
    /// What was done to get there.
    pub steps: Vec<Step>,
    /// The same steps with the sources before and after, for who learns from them.
    pub lessons: Vec<Lesson>,
    /// What was tried and made nothing better.
    pub in_vain: Vec<Trial>,
    /// Compiles altogether, the first included.
    pub compiles: usize,
    /// What ended it, if something is left.
    pub limit: Option<Limit>,
    /// Edits that were refused, and why, without repeats.
    pub refused: Vec<String>,
}

impl Climbed {
    /// Where nothing came of it.
    #[must_use]
    pub fn nothing(sources: Sources) -> Self {
        Self {
            sources,
            left: Vec::new(),
            steps: Vec::new(),
            lessons: Vec::new(),
            in_vain: Vec::new(),
            compiles: 0,
            limit: Some(Limit::NoIdeas),
            refused: Vec::new(),
        }
    }

    /// Whether it compiles now.
    #[must_use]
    pub fn is_mended(&self) -> bool {
        self.left.is_empty()
    }
}

/// Why a repair could not be carried on.
#[derive(Debug)]
pub enum ClimbError<E> {
    /// The compiler could not be asked.
    Compiler(E),
    /// The model could not be asked, in words.
    Model(String),
}

/// Steps of one repair that may trade an error for others.
const SIDEWAYS: usize = 12;
/// Such steps behind each other.
const DEPTH: usize = 3;
/// Errors looked at in one round, the first in the compiler's order.
const ERRORS: usize = 24;
/// Errors of one signature on which a step must have failed in a repair to be left out for the others.
const IN_VAIN_HERE: usize = 2;
/// Proposals for one error.
const PROPOSALS: usize = 10;

/// Mends `sources` until they compile, the rungs' ideas are used up, or a limit is met. `bounds.judged` counts compiles, the first
/// included; `bounds.wall` is the time without the model's, which is bounded by how often it may be asked.
///
/// # Errors
/// Compiler or model could not be asked.
pub fn climb<C: Compiler>(
    sources: Sources,
    compiler: &mut C,
    rungs: &[Rung],
    bench: &mut Workbench<'_>,
    bounds: Bounds,
) -> Result<Climbed, ClimbError<C::Error>> {
    let mut climb = Climb::begin(sources, compiler, bounds)?;
    let (mut sideways, mut model_calls) = (0, 0);
    'rounds: while !climb.now.errors.is_empty() {
        if climb.limit().is_some() {
            break;
        }
        let compiles = climb.compiles;
        for turn in Turn::ORDER.into_iter().chain([Turn::Last]).filter(|turn| turn.is_of(rungs)) {
            if climb.round(turn, rungs, bench)? {
                climb.note_step(compiles);
                continue 'rounds;
            }
        }
        if sideways < SIDEWAYS && climb.step_aside() {
            sideways += 1;
            climb.note_step(compiles);
            continue;
        }
        climb.back_to_best();
        if !rungs.contains(&Rung::Model) || bench.model.is_none() {
            climb.ended = Some(Limit::NoIdeas);
            break;
        }
        if model_calls >= bounds.mender_calls {
            climb.ended = Some(if model_calls == 0 { Limit::NoIdeas } else { Limit::MenderCalls });
            break;
        }
        model_calls += 1;
        match climb.model_round(bench)? {
            None => {
                climb.ended = Some(Limit::NoIdeas);
                break;
            }
            Some(false) => {}
            Some(true) => {
                climb.note_step(compiles);
                sideways = 0;
            }
        }
    }
    Ok(climb.end())
}

/// Sources and what is wrong with them.
#[derive(Clone)]
struct State {
    sources: Sources,
    errors: Vec<Diagnostic>,
    /// How many steps led here.
    steps: usize,
    /// How many of the last ones traded an error for others.
    depth: usize,
}

/// A state that is no better than the one before, and in which the error is gone.
struct Aside {
    before: State,
    state: State,
    tries: Vec<Try>,
}

/// Whether the parser or the policy, which had nothing to say before, now has.
fn falls_back(before: &State, after: &State) -> bool {
    Badness::of(&after.errors).earliest() == 0 && Badness::of(&before.errors).earliest() > 0
}

/// A proposal for the error of that number.
#[derive(Clone)]
struct Try {
    error: usize,
    proposal: Proposal,
    /// How it is known again.
    trial: Trial,
}

/// A step that was made, and may be taken back.
struct Made {
    step: Step,
    lesson: Lesson,
    /// Whether it traded its error for others.
    aside: bool,
}

struct Climb<'c, C: Compiler> {
    compiler: &'c mut C,
    bounds: Bounds,
    started: Instant,
    now: State,
    best: State,
    /// What was applied to come to `now` from the state before, for the step's record.
    applied: Vec<Try>,
    before: State,
    asides: Vec<Aside>,
    seen: HashSet<Sources>,
    made: Vec<Made>,
    in_vain: Vec<Trial>,
    /// On which errors a step was tried alone and did not help at once.
    in_vain_on: BTreeMap<Trial, BTreeSet<(String, String)>>,
    compiles: usize,
    ended: Option<Limit>,
    refused: Vec<String>,
    /// What the model tried without success, and what came of it.
    attempts: Vec<String>,
    /// How long the model was waited for.
    waited: Duration,
}

impl<'c, C: Compiler> Climb<'c, C> {
    fn begin(sources: Sources, compiler: &'c mut C, bounds: Bounds) -> Result<Self, ClimbError<C::Error>> {
        let started = Instant::now();
        let errors = compiler.compile(&sources).map_err(ClimbError::Compiler)?;
        let seen = HashSet::from([sources.clone()]);
        let now = State { sources, errors, steps: 0, depth: 0 };
        Ok(Self {
            compiler,
            bounds,
            started,
            best: now.clone(),
            before: now.clone(),
            now,
            applied: Vec::new(),
            asides: Vec::new(),
            seen,
            made: Vec::new(),
            in_vain: Vec::new(),
            in_vain_on: BTreeMap::new(),
            compiles: 1,
            ended: None,
            refused: Vec::new(),
            attempts: Vec::new(),
            waited: Duration::ZERO,
        })
    }

    fn limit(&mut self) -> Option<Limit> {
        let met = if self.compiles >= self.bounds.judged {
            Some(Limit::Judged)
        } else if self.started.elapsed().saturating_sub(self.waited) >= self.bounds.wall {
            Some(Limit::Wall)
        } else {
            None
        };
        self.ended = met.or(self.ended);
        met
    }

    /// One turn with all errors: whether it made it better.
    fn round(&mut self, turn: Turn, rungs: &[Rung], bench: &mut Workbench<'_>) -> Result<bool, ClimbError<C::Error>> {
        let tries = self.proposals(turn, rungs, bench);
        if turn == Turn::Sure && self.known_to_go_first(&tries, rungs, bench)? {
            return Ok(true);
        }
        if tries.is_empty() {
            return Ok(false);
        }
        let together = compatible(&tries);
        if together.len() > 1
            && let Some(state) = self.attempt(&together)?
        {
            // The compiler's own sure suggestions are not doubted one by one while they help.
            let all_helped = gained(&self.now, &state) >= together.len() || state.errors.is_empty();
            if all_helped || turn == Turn::Sure && is_better(&state, &self.now) {
                self.go_to(state, together);
                return Ok(true);
            }
        }
        self.one_by_one(&tries)
    }

    /// Proposals tried alone, each on top of those that were kept.
    fn one_by_one(&mut self, tries: &[Try]) -> Result<bool, ClimbError<C::Error>> {
        let mut kept: Vec<Try> = Vec::new();
        let mut reached = self.now.clone();
        for one in tries {
            let error = self.now.errors[one.error].clone();
            let is_gone_in = |climb: &Self, state: &State| {
                is_gone(&error, (&climb.now.sources, &climb.now.errors), (&state.sources, &state.errors))
            };
            let is_answered = kept.iter().any(|other| other.error == one.error || touches(other, one))
                || !kept.is_empty() && is_gone_in(self, &reached);
            if is_answered || self.is_in_vain_here(&one.trial) {
                continue;
            }
            if self.limit().is_some() {
                break;
            }
            let with_this: Vec<Try> = kept.iter().chain([one]).cloned().collect();
            let Some(state) = self.attempt(&with_this)? else { continue };
            let gone = is_gone_in(self, &state);
            if is_better(&state, &reached) && (gone || state.errors.is_empty()) {
                (reached, kept) = (state, with_this);
                if reached.errors.is_empty() {
                    break;
                }
                continue;
            }
            self.note_in_vain_on(one);
            if gone && kept.is_empty() && self.now.depth < DEPTH && !falls_back(&self.now, &state) {
                // Whether it was in vain is known when the way has been followed.
                self.asides.push(Aside { before: self.now.clone(), state, tries: with_this });
            } else {
                self.in_vain.push(one.trial.clone());
            }
        }
        let better = !kept.is_empty();
        if better {
            self.go_to(reached, kept);
        }
        Ok(better)
    }

    /// Goes on from a state in which an error was traded for others: the first of those that the latest round found, else of an earlier.
    fn step_aside(&mut self) -> bool {
        let Some(latest) = self.asides.last() else { return false };
        let same_round = |aside: &Aside| aside.before.sources == latest.before.sources;
        let Some(first) = self.asides.iter().position(same_round) else { return false };
        let Aside { before, mut state, tries } = self.asides.remove(first);
        state.depth = before.depth + 1;
        self.forget_after(before.steps);
        self.now = before;
        self.go_to(state, tries);
        true
    }

    /// The sure steps in one compile with those of later turns that have always mended errors of their signature: whether each of
    /// them helped.
    fn known_to_go_first(
        &mut self,
        sure: &[Try],
        rungs: &[Rung],
        bench: &Workbench<'_>,
    ) -> Result<bool, ClimbError<C::Error>> {
        let own = own_names(&self.now.sources);
        let errors = self.now.errors.iter().take(ERRORS);
        if !errors.filter_map(|error| signature(&self.now.sources, error, &own)).any(|it| bench.knows_a_first(&it)) {
            return Ok(false);
        }
        let mut tries = sure.to_vec();
        // What was learned elsewhere stays behind what is said of this error, however often it worked.
        for turn in [Turn::Said, Turn::Maybe, Turn::Rules].into_iter().filter(|turn| turn.is_of(rungs)) {
            let known = self.proposals(turn, rungs, bench).into_iter();
            tries.extend(known.filter(|one| bench.standing(&one.trial) == Standing::First));
        }
        // Of one error the surest stands first still.
        tries.sort_by_key(|one| one.error);
        let together = compatible(&tries);
        if together.iter().all(|one| one.proposal.rung == Rung::Compiler) {
            return Ok(false);
        }
        if let [_] = together.as_slice() {
            return self.one_by_one(&together);
        }
        let Some(state) = self.attempt(&together)? else { return Ok(false) };
        let each_helped = gained(&self.now, &state) >= together.len() || state.errors.is_empty();
        if each_helped {
            self.go_to(state, together);
        }
        Ok(each_helped)
    }

    /// What is proposed in a turn for each error, as far as the guard lets it through. What was in vain before is of the last turn, or
    /// of none.
    fn proposals(&mut self, turn: Turn, rungs: &[Rung], bench: &Workbench<'_>) -> Vec<Try> {
        if turn == Turn::Last {
            let turns = Turn::ORDER.into_iter().filter(|turn| turn.is_of(rungs));
            return turns.flat_map(|turn| self.proposals_of(turn, true, bench)).collect();
        }
        self.proposals_of(turn, false, bench)
    }

    fn proposals_of(&mut self, turn: Turn, in_vain_before: bool, bench: &Workbench<'_>) -> Vec<Try> {
        let mut tries: Vec<Try> = Vec::new();
        let own = own_names(&self.now.sources);
        for (number, error) in self.now.errors.iter().enumerate().take(ERRORS) {
            let signature = signature(&self.now.sources, error, &own).unwrap_or_default();
            let proposed = match turn {
                Turn::Sure => suggested(error, &self.now.sources, true),
                Turn::Said => structural::said(&self.now.sources, error),
                Turn::Proven => bench.learned(&self.now.sources, error, true),
                Turn::Maybe => suggested(error, &self.now.sources, false),
                Turn::Rules => structural::proposals(&self.now.sources, error),
                Turn::Unproven => bench.learned(&self.now.sources, error, false),
                Turn::Last => Vec::new(),
            };
            for proposal in proposed.into_iter().take(PROPOSALS) {
                let Some(after) = replaced(&self.now.sources, &proposal.parts) else { continue };
                if self.seen.contains(&after) || tries.iter().any(|known| known.proposal.parts == proposal.parts) {
                    continue;
                }
                let kind = StepKind::of(proposal.rung, &proposal.rule, proposal.record.as_deref(), &own);
                let trial = Trial { signature: signature.clone(), kind };
                let standing = if self.is_in_vain_here(&trial) { Standing::LeftOut } else { bench.standing(&trial) };
                if standing == Standing::LeftOut {
                    note(&mut self.refused, format!("{}: left out, it has not helped with the like", proposal.rule));
                }
                if standing == Standing::LeftOut || (standing == Standing::Last) != in_vain_before {
                    continue;
                }
                match refusal(&self.now.sources, &after, &self.now.errors) {
                    None => tries.push(Try { error: number, proposal, trial }),
                    Some(refusal) => note(&mut self.refused, format!("{}: {refusal}", proposal.rule)),
                }
            }
        }
        tries
    }

    /// Whether a step has been tried in this repair on several other errors of the same signature, and never helped.
    fn is_in_vain_here(&self, trial: &Trial) -> bool {
        self.in_vain_on.get(trial).is_some_and(|errors| errors.len() >= IN_VAIN_HERE)
            && !self.made.iter().any(|made| made.lesson.by.contains(trial))
    }

    fn note_in_vain_on(&mut self, one: &Try) {
        let error = identity(&self.now.errors[one.error], &self.now.sources);
        let (message, line) = (error.1.to_owned(), error.2.to_owned());
        self.in_vain_on.entry(one.trial.clone()).or_default().insert((message, line));
    }

    /// The state that these edits lead to; `None` where they do not fit or are known.
    fn attempt(&mut self, tries: &[Try]) -> Result<Option<State>, ClimbError<C::Error>> {
        let parts: Vec<Replacement> = tries.iter().flat_map(|one| one.proposal.parts.clone()).collect();
        let Some(sources) = replaced(&self.now.sources, &parts) else { return Ok(None) };
        self.judge(sources)
    }

    fn judge(&mut self, sources: Sources) -> Result<Option<State>, ClimbError<C::Error>> {
        if !self.seen.insert(sources.clone()) {
            return Ok(None);
        }
        self.compiles += 1;
        let errors = self.compiler.compile(&sources).map_err(ClimbError::Compiler)?;
        Ok(Some(State { sources, errors, steps: self.now.steps + 1, depth: 0 }))
    }

    fn go_to(&mut self, state: State, applied: Vec<Try>) {
        self.before = std::mem::replace(&mut self.now, state);
        self.applied = applied;
        if is_better(&self.now, &self.best) {
            self.best = self.now.clone();
        }
    }

    /// Records the step from `before` to `now`.
    fn note_step(&mut self, compiles_before: usize) {
        let mut codes: Vec<String> = self.applied.iter().map(|one| code_of(&self.before.errors[one.error])).collect();
        codes.sort();
        let rung = self.applied.first().map_or(Rung::Model, |one| one.proposal.rung);
        self.forget_after(self.before.steps);
        let lesson = Lesson {
            before: self.before.sources.clone(),
            errors: self.before.errors.clone(),
            after: self.now.sources.clone(),
            rung,
            by: self.applied.iter().map(|one| one.trial.clone()).collect(),
        };
        let step = Step {
            rung,
            rules: self.applied.iter().map(|one| one.proposal.rule.clone()).collect(),
            codes,
            edits: line_edits(&self.before.sources, &self.now.sources),
            errors_before: self.before.errors.len(),
            errors_after: self.now.errors.len(),
            compiles: self.compiles - compiles_before,
        };
        self.made.push(Made { step, lesson, aside: self.now.depth > 0 });
        self.now.steps = self.made.len();
        if self.best.sources == self.now.sources {
            self.best.steps = self.now.steps;
        }
    }

    fn back_to_best(&mut self) {
        self.now = self.best.clone();
        self.forget_after(self.best.steps);
    }

    fn forget_after(&mut self, steps: usize) {
        // What was made on the way is not doubted; where it led away from is.
        let taken_back = self.made.drain(steps.min(self.made.len())..);
        self.in_vain.extend(taken_back.filter(|made| made.aside).flat_map(|made| made.lesson.by));
    }

    /// The model's turn: `None` where it has no idea, else whether its answer made it better.
    fn model_round(&mut self, bench: &mut Workbench<'_>) -> Result<Option<bool>, ClimbError<C::Error>> {
        let Some(model) = bench.model.as_deref_mut() else { return Ok(None) };
        let stuck =
            Stuck { sources: &self.now.sources, errors: &self.now.errors, refused: &self.attempts, tests: None };
        let asked = Instant::now();
        let answer = model.propose(&stuck);
        self.waited += asked.elapsed();
        let Some(changed) = answer.map_err(ClimbError::Model)? else { return Ok(None) };
        let mut after = self.now.sources.clone();
        after.extend(changed);
        if let Some(refusal) = refusal_of_named(&self.now.sources, &after, &self.now.errors) {
            let why = format!("refused: {refusal}; {}", refusal.accepted());
            let said = attempt_in_words(&self.now.sources, &after, &why);
            note(&mut self.attempts, said);
            return Ok(Some(false));
        }
        let Some(state) = self.judge(after.clone())? else {
            let said = attempt_in_words(&self.now.sources, &after, "this was tried before and did not help");
            note(&mut self.attempts, said);
            return Ok(Some(false));
        };
        if !is_better(&state, &self.now) {
            let why = format!("it did not become better: {}", led_to(&self.now.errors, &state.errors));
            note(&mut self.attempts, attempt_in_words(&self.now.sources, &after, &why));
            return Ok(Some(false));
        }
        self.before = std::mem::replace(&mut self.now, state);
        self.applied.clear();
        self.best = self.now.clone();
        Ok(Some(true))
    }

    fn end(mut self) -> Climbed {
        if !self.now.errors.is_empty() {
            self.back_to_best();
        }
        let State { sources, errors: left, .. } = self.now;
        self.refused.append(&mut self.attempts);
        let limit = if left.is_empty() { None } else { self.ended.or(Some(Limit::NoIdeas)) };
        if left.is_empty() {
            // Ways aside that nobody had to take.
            self.in_vain.extend(self.asides.drain(..).flat_map(|aside| aside.tries).map(|one| one.trial));
        }
        let (steps, lessons): (_, Vec<Lesson>) = self.made.into_iter().map(|made| (made.step, made.lesson)).unzip();
        // A rule that made several proposals was right with one of them.
        let kept: BTreeSet<&Trial> = lessons.iter().flat_map(|lesson| &lesson.by).collect();
        self.in_vain.retain(|trial| !kept.contains(trial));
        Climbed {
            sources,
            left,
            steps,
            lessons,
            in_vain: self.in_vain,
            compiles: self.compiles,
            limit,
            refused: self.refused,
        }
    }
}

fn code_of(error: &Diagnostic) -> String {
    error.code.clone().unwrap_or_else(|| "none".to_owned())
}

/// The errors that an edit led to, those that were not there before first.
fn led_to(before: &[Diagnostic], after: &[Diagnostic]) -> String {
    const TOLD: usize = 3;
    let is_new = |error: &&Diagnostic| !before.iter().any(|other| other.message == error.message);
    let new = after.iter().filter(is_new);
    let old = after.iter().filter(|error| !is_new(error));
    let told: Vec<String> = new.chain(old).take(TOLD).map(in_words).collect();
    let more = after.len().saturating_sub(told.len());
    if more > 0 { format!("{}; and {more} more", told.join("; ")) } else { told.join("; ") }
}

/// An error in one line: code, message, what its place is marked with, advice.
fn in_words(error: &Diagnostic) -> String {
    let code = error.code.as_deref().map_or_else(|| "error".to_owned(), |code| format!("error[{code}]"));
    let label = error.primary().and_then(|place| place.label.as_deref()).filter(|label| !label.is_empty());
    let label = label.map_or_else(String::new, |label| format!(" ({label})"));
    let advice = error.children.first().map_or_else(String::new, |child| format!(", {}", child.message));
    let text = format!("{code}: {}{label}{advice}", error.message);
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

fn is_better(one: &State, other: &State) -> bool {
    Badness::of(&one.errors) < Badness::of(&other.errors)
}

/// How many errors fewer there are, where no later phase has begun.
fn gained(before: &State, after: &State) -> usize {
    if is_better(after, before) { before.errors.len().saturating_sub(after.errors.len()) } else { 0 }
}

/// The first proposal for each error that touches none taken before.
fn compatible(tries: &[Try]) -> Vec<Try> {
    let mut taken: Vec<Try> = Vec::new();
    for one in tries {
        if !taken.iter().any(|other| other.error == one.error || touches(other, one)) {
            taken.push(one.clone());
        }
    }
    taken
}

fn touches(one: &Try, other: &Try) -> bool {
    one.proposal
        .parts
        .iter()
        .any(|part| other.proposal.parts.iter().any(|others| part != others && collide(part, others)))
}

fn note(notes: &mut Vec<String>, text: String) {
    const NOTES: usize = 40;
    if notes.len() < NOTES && !notes.contains(&text) {
        notes.push(text);
    }
}
