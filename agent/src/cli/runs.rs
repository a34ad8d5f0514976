//! `run`, `plan` and the verbs that go on with a run.
use super::args::{ReportArgs, RunArgs, StageArgs};
use crate::asking::Asking;
use crate::events::{Event, Events};
use crate::exit::{RunError, VERIFIED, chain};
use crate::pipeline;
use crate::request::{Brief, Request};
use crate::retrieve::embedding::Choice;
use crate::run_dir::{RunDir, names};
use crate::settings::{Layer, Settings};
use crate::stage::Stage;
use crate::workshop::Workshop;
use crate::{budget, clock, given, plan, report};
use serde::Serialize;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// `run`.
pub fn run(args: &RunArgs) -> Result<u8, RunError> {
    start(args, Stage::Bundle)
}

/// `plan`.
pub fn plan(args: &RunArgs) -> Result<u8, RunError> {
    start(args, Stage::Plan)
}

fn start(args: &RunArgs, until: Stage) -> Result<u8, RunError> {
    let common = &args.common;
    let settings = Settings::load(common.layer())?;
    let request = Request::new(brief(args)?, &settings, !common.no_sandbox)?;
    let embedding = Choice::of_settings(&settings);
    let shop = Workshop { kb: settings.kb, embedding, ..workshop(common.json, common.yes, common.setup)? };
    let run = new_run(args.out.as_deref(), &request.brief)?;
    run.write_json(names::REQUEST, &request)?;
    proceed(&shop, &run, &request, until).map(|()| VERIFIED)
}

/// `check`, `cross`, `bundle`.
pub fn advance(args: &StageArgs, until: Stage) -> Result<u8, RunError> {
    let (shop, run, request) = open(args)?;
    proceed(&shop, &run, &request, until).map(|()| VERIFIED)
}

/// `simulate`: the flights are flown again, all of them.
pub fn simulate(args: &StageArgs) -> Result<u8, RunError> {
    let (shop, run, request) = open(args)?;
    let flights = run.path(names::FLIGHTS);
    if flights.exists() {
        std::fs::remove_dir_all(&flights).map_err(|error| RunError::files(&flights, error))?;
    }
    proceed(&shop, &run, &request, Stage::Simulate).map(|()| VERIFIED)
}

/// `resume`.
pub fn resume(args: &StageArgs) -> Result<u8, RunError> {
    advance(args, Stage::Bundle)
}

/// `report`.
pub fn report(args: &ReportArgs) -> Result<u8, RunError> {
    let run = RunDir::open(&args.run)?;
    let report = report::write(run.root()).map_err(|error| RunError::files(error.path, error.source))?;
    if let Some(path) = &args.svg {
        std::fs::write(path, report::track_picture(run.root())).map_err(|error| RunError::files(path, error))?;
    }
    print(&report.to_json());
    Ok(VERIFIED)
}

fn open(args: &StageArgs) -> Result<(Workshop, RunDir, Request), RunError> {
    let run = RunDir::open(&args.run)?;
    let request: Request = run.read_json(names::REQUEST)?;
    Ok((workshop(args.json, args.yes, args.setup)?, run, request))
}

/// Takes a run on until `until`, with its events in its log.
pub fn proceed(shop: &Workshop, run: &RunDir, request: &Request, until: Stage) -> Result<(), RunError> {
    let log = run.path(names::EVENTS);
    let file = std::fs::OpenOptions::new().create(true).append(true).open(&log);
    shop.events.also_to(file.map_err(|error| RunError::files(&log, error))?);
    shop.events.tell(&Event::Run { folder: shown(run.root()) });
    pipeline::advance(shop, run, request, until)
}

/// The shorter of the absolute path and the one from here.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

pub(super) fn workshop(json: bool, yes: bool, setup: bool) -> Result<Workshop, RunError> {
    let asking = if yes { Asking::Never } else { Asking::Terminal };
    let settings = Settings::load(Layer::default())?;
    let embedding = Choice::of_settings(&settings);
    let shop = Workshop::open(Events::new(json), asking, setup, settings.llm_api_key);
    let llm_answer = settings.llm_timeout_s.map_or(budget::MODEL_ANSWER, Duration::from_secs);
    Ok(Workshop { kb: settings.kb, embedding, llm_answer, ..shop })
}

fn brief(args: &RunArgs) -> Result<Brief, RunError> {
    if let Some(path) = &args.plan {
        let planned = plan::from_file(path, &given::bytes(path, budget::PLAN_FILE_BYTES)?);
        let refused = |error| RunError::Refused {
            reason: chain(&error),
            hints: vec!["flightsmith schema prints the form of a plan file".into()],
        };
        return planned.map(|planned| Brief::Plan(planned.draft)).map_err(refused);
    }
    let words = match args.words.as_deref() {
        Some("-") => {
            let mut words = String::new();
            let mut stdin = std::io::stdin().lock().take(budget::WORDS_BYTES as u64 + 1);
            stdin.read_to_string(&mut words).map_err(|error| RunError::files("stdin", error))?;
            words
        }
        words => words.unwrap_or_default().to_string(),
    };
    Ok(Brief::Words(words))
}

/// The folder of a new run: as said, or `runs/<date>-<name>`, with a number behind it where that is taken.
pub fn new_run(out: Option<&Path>, brief: &Brief) -> Result<RunDir, RunError> {
    if let Some(out) = out {
        return RunDir::create(out);
    }
    let name = match brief {
        Brief::Plan(plan) => slug(&plan.name),
        Brief::Words(words) => slug(words),
    };
    let stem = format!("{}-{name}", clock::stamp(clock::unix_s()));
    let candidates = (1..100).map(|number| if number == 1 { stem.clone() } else { format!("{stem}-{number}") });
    let free = candidates.map(|name| PathBuf::from("runs").join(name)).find(|path| !path.exists());
    RunDir::create(&free.ok_or_else(|| RunError::files("runs", "has no free name left for this second"))?)
}

/// A few words as a folder name.
fn slug(words: &str) -> String {
    let plain: String =
        words.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let slug = plain.split_whitespace().take(5).collect::<Vec<_>>().join("-");
    let slug: String = slug.chars().take(40).collect();
    if slug.is_empty() { "run".into() } else { slug.trim_end_matches('-').into() }
}

/// A value to stdout, as JSON.
pub(super) fn print_json(value: &impl Serialize) {
    print(&format!("{}\n", serde_json::to_string_pretty(value).unwrap_or_default()));
}

/// Data to stdout. A closed pipe is the reader's wish to stop.
pub(super) fn print(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}
