//! A source is checked and flown; what is wrong goes up the repair ladder, which gives the next source. Every attempt stays in
//! `40-attempts`, the one that passed in `50-mission`.
use crate::check::{self, CheckedCrate, Feedback};
use crate::clock::Stopwatch;
use crate::events::Event;
use crate::evidence::Wrong;
use crate::exit::{RunError, chain};
use crate::repair::learned::stage::{Ended, remember, remembered};
use crate::repair::mission::MISSION;
use crate::repair::{Attempt, Bounds, Fixer, Lesson, Limit, Mended, Rung, Sources, Step, ladder};
use crate::request::Request;
use crate::run_dir::{RunDir, names};
use crate::simulate::{self, Bench, VerifiedCrate};
use crate::stage::{Stage, timed};
use crate::workshop::Workshop;
use crate::writers::{Menders, Writer};
use crate::{assembly, budget};
use flightsmith_mission::plan::MissionPlan;
use flightsmith_toolchain::targets::Target;
use serde::{Deserialize, Serialize};
use serde_json::json;
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
    let (memory, lessons) = (RefCell::new(remembered(shop)), RefCell::new(Vec::new()));
    let mut menders = Menders::of(&writer, workshop, &latest_folder, &mechanical_steps, (&memory, &lessons));
    match ladder(first, Path::new("src/mission.rs"), bounds, &mut judge, &mut menders)? {
        Ok(mended) => {
            let mut lessons = lessons.take();
            lessons.extend(of_the_model(&mended));
            // What compiles may still fly badly: only a flown mission teaches.
            if let Accepted::Verified(verified) = &mended.accepted {
                let ended =
                    Ended { lessons: &lessons, well: true, compiles: mended.failed.len() + 1 + menders.compiles() };
                let id = run.root().file_name().unwrap_or_default().to_string_lossy();
                let evidence = json!({ "mission": plan.name, "run": id, "flights": verified.flights() });
                if let Err(error) = remember(&mut memory.borrow_mut(), ended, &evidence, &shop.data) {
                    shop.events.note(format!("nothing was learned from this run: {}", chain(&error)));
                }
            }
            Ok(match mended.accepted {
                Accepted::Checked => None,
                Accepted::Verified(verified) => Some(verified),
            })
        }
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

/// What the model made of each source that did not compile, once it did: an answer that did not help teaches nothing.
fn of_the_model<T>(mended: &Mended<T, Wrong>) -> Vec<Lesson> {
    let file = |text: &str| Sources::from([(MISSION.into(), text.to_owned())]);
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
        by_the_model.then_some(Lesson { before, errors, after, rung: Rung::Model })
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
