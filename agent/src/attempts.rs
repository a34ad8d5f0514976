//! A source is checked and flown; what is wrong goes up the repair ladder, which gives the next source. Every attempt stays in
//! `40-attempts`, the one that passed in `50-mission`.
use crate::check::{self, CheckedCrate, Feedback};
use crate::clock::Stopwatch;
use crate::events::Event;
use crate::evidence::Wrong;
use crate::exit::{RunError, chain};
use crate::repair::learned::stage::{Ended, remember, remembered};
use crate::repair::mission::MISSION;
use crate::repair::{Attempt, Bounds, Fixer, GaveUp, Lesson, Limit, Memory, Mended, Rung, Sources, Step, ladder};
use crate::request::Request;
use crate::run_dir::{RunDir, names};
use crate::simulate::{self, Bench, VerifiedCrate};
use crate::stage::{Stage, timed};
use crate::workshop::Workshop;
use crate::writers::{Mechanical, Menders, Writer};
use crate::{assembly, budget};
use flightsmith_kb::KbError;
use flightsmith_mission::plan::MissionPlan;
use flightsmith_toolchain::targets::Target;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// `attempt.json`: who wrote a source and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// Who wrote it.
    pub fixer: String,
    /// What failed; absent when it passed.
    pub failed: Option<String>,
    /// Seconds of checking and flying it.
    pub seconds: f64,
    /// Tokens that the model used for it.
    pub tokens: u64,
    /// How the mechanical rungs came to it from the attempt before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// How far an accepted source has come.
enum Accepted {
    /// It compiles, and the run stops behind the check.
    Checked,
    /// It held the contract in every flight.
    Verified(VerifiedCrate),
}

/// Tries sources until one is verified; `None` where the run is to stop behind the check.
pub fn until_verified(
    shop: &Workshop,
    run: &RunDir,
    request: &Request,
    plan: &MissionPlan,
    bench: &Bench,
    until: Stage,
    stage: &mut Stage,
) -> Result<Option<VerifiedCrate>, RunError> {
    let prebuilt = shop.prebuilt(Target::Host)?;
    let workshop = check::Workshop { sandbox: &bench.sandbox, prebuilt: &prebuilt };
    let writer = Writer::new(shop, run, request, plan)?;
    let first = writer.first()?;
    let mut number = 0;
    let (latest_folder, mechanical_steps) = (RefCell::new(PathBuf::new()), RefCell::new(Vec::new()));
    let mut judge = |source: &str, fixer: Fixer| {
        number += 1;
        let watch = Stopwatch::start();
        let folder = attempt_folder(number);
        assembly::write(run, &folder, shop, request, plan, source)?;
        latest_folder.replace(run.path(&folder));
        let judged = judged(shop, run, request, bench, &folder, workshop, until, stage)?;
        let failed = judged.as_ref().err().map(Wrong::says);
        let fixer = writer.name(fixer).to_string();
        let (seconds, tokens) = (watch.seconds(), writer.take_tokens());
        let record = AttemptRecord {
            fixer: fixer.clone(),
            failed: failed.clone(),
            seconds,
            tokens,
            steps: mechanical_steps.take(),
        };
        run.write_json(folder.join("attempt.json"), &record)?;
        shop.events.tell(&Event::Attempt { number, fixer, failed });
        Ok::<_, RunError>(judged)
    };
    let bounds = Bounds { judged: budget::ATTEMPTS, mender_calls: writer.mender_calls(), wall: budget::REPAIR };
    let mut memory = remembered(shop);
    let mut menders = Menders::of(&writer, workshop, &latest_folder, &mechanical_steps, &memory);
    let climbed = ladder(first, Path::new("src/mission.rs"), bounds, &mut judge, &mut menders)?;
    let done = menders.done();
    let learned = teach(
        &mut memory,
        done,
        &climbed,
        |verified| {
            let id = run.root().file_name().unwrap_or_default().to_string_lossy();
            json!({ "mission": plan.name, "run": id, "flights": verified.map(VerifiedCrate::flights) })
        },
        &shop.data,
    );
    if let Err(error) = learned {
        shop.events.note(format!("nothing was learned from this run: {}", chain(&error)));
    }
    match climbed {
        Ok(mended) => Ok(match mended.accepted {
            Accepted::Checked => None,
            Accepted::Verified(verified) => Some(verified),
        }),
        Err(gave_up) => {
            let best = gave_up.best();
            let why = match gave_up.limit {
                Limit::NoIdeas => "",
                Limit::Judged => " (limit: attempts)",
                Limit::MenderCalls => " (limit: questions to the model)",
                Limit::Wall => " (limit: time)",
            };
            Err(match &best.evidence {
                Wrong::Flights(flown) => RunError::NotFlown { reason: format!("{}{why}", simulate::worst(flown)) },
                wrong => RunError::NotCompiled {
                    attempts: gave_up.failed.len(),
                    limit: budget::ATTEMPTS,
                    last: format!("{}{why}", wrong.says()),
                },
            })
        }
    }
}

/// What a run's repairs teach. What compiles may still fly badly: only a mission that held its contract teaches, and what was mended in one
/// that broke it, and is gone from the one that held it, counts as failed.
fn teach(
    memory: &mut Memory,
    done: Mechanical,
    climbed: &Result<Mended<Accepted, Wrong>, GaveUp<Wrong>>,
    evidence: impl Fn(Option<&VerifiedCrate>) -> Value,
    data: &Path,
) -> Result<usize, KbError> {
    let (failed, verified) = match climbed {
        Ok(mended) => match &mended.accepted {
            Accepted::Verified(verified) => (&mended.failed, Some((mended, verified))),
            // The run was to stop before anybody could tell.
            Accepted::Checked => return Ok(0),
        },
        Err(gave_up) => (&gave_up.failed, None),
    };
    let flew_badly = failed.iter().filter(|attempt| matches!(attempt.evidence, Wrong::Flights(_)));
    let flew_badly: Vec<Sources> = flew_badly.map(|attempt| file(&attempt.source)).collect();
    let held = verified.map(|(mended, _)| file(&mended.source));
    let is_refuted = |lesson: &Lesson| {
        flew_badly.iter().any(|sources| lesson.stands_in(sources))
            && !held.as_ref().is_some_and(|sources| lesson.stands_in(sources))
    };
    let (refuted, mut lessons): (Vec<_>, Vec<_>) = done.lessons.into_iter().partition(is_refuted);
    lessons.extend(verified.into_iter().flat_map(|(mended, _)| of_the_model(mended)));
    let ended = Ended {
        lessons: &lessons,
        refuted: &refuted,
        in_vain: &done.in_vain,
        well: verified.is_some(),
        compiles: failed.len() + usize::from(verified.is_some()) + done.compiles,
    };
    remember(memory, ended, &evidence(verified.map(|(_, verified)| verified)), data)
}

fn file(text: &str) -> Sources {
    Sources::from([(MISSION.into(), text.to_owned())])
}

/// What the model made of each source that did not compile, once it did: an answer that did not help teaches nothing.
fn of_the_model<T>(mended: &Mended<T, Wrong>) -> Vec<Lesson> {
    let lesson = |(number, attempt): (usize, &Attempt<Wrong>)| {
        let Wrong::Source(Feedback::Compiler(errors)) = &attempt.evidence else { return None };
        let later = &mended.failed[number + 1..];
        let until = later.iter().position(|attempt| matches!(attempt.evidence, Wrong::Flights(_)));
        let (between, (after, fixer)) = match until {
            Some(place) => (&later[..place], (&later[place].source, later[place].fixer)),
            None => (later, (&mended.source, mended.fixer)),
        };
        let by_the_model =
            between.iter().map(|attempt| attempt.fixer).chain([fixer]).all(|fixer| fixer == Fixer::Model);
        let (before, after, errors) = (file(&attempt.source), file(after), errors.clone());
        by_the_model.then_some(Lesson { before, errors, after, rung: Rung::Model, by: Vec::new() })
    };
    mended.failed.iter().enumerate().filter_map(lesson).collect()
}

#[expect(
    clippy::too_many_arguments,
    reason = "one attempt needs all that the loop has; a struct for one call hides it"
)]
fn judged(
    shop: &Workshop,
    run: &RunDir,
    request: &Request,
    bench: &Bench,
    folder: &Path,
    workshop: check::Workshop<'_>,
    until: Stage,
    stage: &mut Stage,
) -> Result<Result<Accepted, Wrong>, RunError> {
    *stage = Stage::Check;
    let checked = match checked(shop, run, folder, workshop)? {
        Ok(checked) => checked,
        Err(feedback) => return Ok(Err(Wrong::Source(feedback))),
    };
    assembly::keep(run, folder)?;
    if until == Stage::Check {
        return Ok(Ok(Accepted::Checked));
    }
    *stage = Stage::Simulate;
    let verified = timed(shop, Stage::Simulate, || simulate::verify(shop, run, request, bench, checked))?;
    Ok(verified.map(Accepted::Verified).map_err(Wrong::Flights))
}

fn checked(
    shop: &Workshop,
    run: &RunDir,
    folder: &Path,
    workshop: check::Workshop<'_>,
) -> Result<Result<CheckedCrate, Feedback>, RunError> {
    let out = run.path(folder.join("out"));
    std::fs::create_dir_all(&out).map_err(|error| RunError::files(&out, error))?;
    timed(shop, Stage::Check, || {
        let result = check::check(&run.path(folder), &out, workshop)
            .map_err(|error| RunError::files(run.path(folder), chain(&error)))?;
        let outcome = match &result {
            Ok(checked) => format!("compiled in {:.2} s", checked.compile_wall().as_secs_f64()),
            Err(feedback) => Wrong::Source(feedback.clone()).says(),
        };
        Ok((result, outcome))
    })
}

/// `40-attempts/NN`.
fn attempt_folder(number: usize) -> PathBuf {
    Path::new(names::ATTEMPTS).join(format!("{number:02}"))
}
