//! `kb correct`, `kb review` and `kb stats`: what people teach, what they think of what was learned, and how it fares.
use super::args::{CorrectArgs, ReviewVerb};
use super::runs::{print, print_json, workshop};
use super::steps;
use crate::exit::{RunError, VERIFIED, chain};
use crate::repair::Sources;
use crate::repair::correct::{CorrectionError, Place, correct, single_file};
use crate::repair::learned::stage;
use crate::repair::learned::{KnownStep, Memory, Piece, Template};
use crate::repair::project::{FixTools, patch};
use crate::settings;
use crate::workshop::Workshop;
use crate::{budget, given};
use flightsmith_kb::{Change, KbError, Learned, Published, Record, State, learned_path};
use flightsmith_toolchain::targets::Target;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// `kb correct`.
pub fn learn_from(args: &CorrectArgs) -> Result<u8, RunError> {
    let shop = workshop(false, true, false)?;
    let refused = |error: CorrectionError| match error {
        CorrectionError::Store(error) => failed(&shop.data, &error),
        CorrectionError::Files { .. } | CorrectionError::Project(_) | CorrectionError::Mission(_) => {
            RunError::files(&args.root, chain(&error))
        }
        other => RunError::Refused { reason: other.to_string(), hints: Vec::new() },
    };
    let ids = match (&args.wrong, &args.right, &args.diff) {
        (Some(wrong), Some(right), None) => {
            let (before, after) = (text(wrong)?, text(right)?);
            let is_mission = before.contains("flightsmith_sdk");
            let (folder, name) = single_file(&before, is_mission, &shop.source_root).map_err(refused)?;
            let (before, after) = (Sources::from([(name.clone(), before)]), Sources::from([(name, after)]));
            let evidence = json!({ "corrected_by": "a person", "file": wrong.display().to_string() });
            if is_mission {
                in_mission(&shop, args, folder.path(), &before, &after, &evidence).map_err(refused)?
            } else {
                in_project(&shop, args, folder.path(), &before, &after, &evidence)?.map_err(refused)?
            }
        }
        (None, None, Some(diff)) => {
            let (before, after) = sides(&args.root, diff)?;
            let evidence = json!({ "corrected_by": "a person", "diff": diff.display().to_string() });
            in_project(&shop, args, &args.root, &before, &after, &evidence)?.map_err(refused)?
        }
        _ => {
            let reason = "give WRONG and RIGHT, or --diff FILE".to_owned();
            return Err(RunError::Refused { reason, hints: Vec::new() });
        }
    };
    let published = published(&shop.data)?;
    let mut told = String::new();
    for id in &ids {
        if let Some(record) = published.records().find(|record| record.id() == *id) {
            let _ = writeln!(told, "learned {}", in_words(record));
            let _ = writeln!(told, "`flightsmith kb review reject {id}` forgets it");
        }
    }
    print(&told);
    Ok(VERIFIED)
}

fn in_mission(
    shop: &Workshop,
    args: &CorrectArgs,
    folder: &Path,
    before: &Sources,
    after: &Sources,
    evidence: &Value,
) -> Result<Vec<String>, CorrectionError> {
    let files = |error: RunError| CorrectionError::Files {
        path: folder.to_owned(),
        source: std::io::Error::other(error.to_string()),
    };
    let (sandbox, prebuilt) =
        (shop.sandbox(!args.no_sandbox).map_err(files)?, shop.prebuilt(Target::Host).map_err(files)?);
    let workshop = crate::check::Workshop { sandbox: &sandbox, prebuilt: &prebuilt };
    correct(before, after, Place::Mission { folder, workshop }, evidence, || stage::store(&shop.data))
}

fn in_project(
    shop: &Workshop,
    args: &CorrectArgs,
    folder: &Path,
    before: &Sources,
    after: &Sources,
    evidence: &Value,
) -> Result<Result<Vec<String>, CorrectionError>, RunError> {
    let (sandbox, toolchain) = (shop.sandbox(!args.no_sandbox)?, shop.toolchain(Target::Host)?);
    let tools = FixTools { host: &shop.host, sandbox: &sandbox, toolchain: &toolchain };
    Ok(correct(before, after, Place::Project { folder, tools }, evidence, || stage::store(&shop.data)))
}

/// Before and after of every file that a diff changes; the files on disk are either.
fn sides(root: &Path, diff: &Path) -> Result<(Sources, Sources), RunError> {
    let unusable = |reason: String| RunError::files(diff, reason);
    let root = &root.canonicalize().map_err(|error| RunError::files(root, error))?;
    let patches = patch::read(&text(diff)?).map_err(|error| unusable(error.to_string()))?;
    let (mut before, mut after) = (Sources::new(), Sources::new());
    for patch in patches.iter().filter(|patch| patch.path.extension().is_some_and(|extension| extension == "rs")) {
        let file = root.join(&patch.path);
        // A link would bring in a file that is not the project's.
        if file.canonicalize().map_err(|error| RunError::files(&file, error))? != file {
            return Err(RunError::files(&file, "leads out of the project or through a link, which no repair follows"));
        }
        let (old, new) = patch.sides(&text(&file)?).ok_or_else(|| {
            unusable(format!("does not apply: {} holds neither its old lines nor its new ones", file.display()))
        })?;
        before.insert(patch.path.clone(), old);
        after.insert(patch.path.clone(), new);
    }
    if before.is_empty() { Err(unusable("it changes no Rust source".into())) } else { Ok((before, after)) }
}

fn text(path: &Path) -> Result<String, RunError> {
    given::text(path, budget::GIVEN_SOURCE_BYTES)
}

/// What was learned, as readers see it.
fn published(data: &Path) -> Result<Published, RunError> {
    Published::open(&learned_path(&stage::folder(data))).map_err(|error| failed(data, &error))
}

fn failed(data: &Path, error: &KbError) -> RunError {
    RunError::files(stage::folder(data), chain(error))
}

/// `kb review`.
pub fn review(verb: Option<&ReviewVerb>, as_json: bool) -> Result<u8, RunError> {
    let data = settings::data_home();
    let Some(verb) = verb else { return list(&data, as_json) };
    let store = stage::store(&data).map_err(|error| failed(&data, &error))?;
    let learned = store.learned().map_err(|error| failed(&data, &error))?;
    let journal = |learned: &Learned<'_>| learned.journal(1).map_err(|error| failed(&data, &error));
    let before = journal(&learned)?.len();
    let reviewed = match verb {
        ReviewVerb::Accept { id } => learned.accept(id),
        ReviewVerb::Reject { id } => learned.reject(id),
        ReviewVerb::Undo { change } => learned.undo(*change),
        ReviewVerb::Changes { last } => {
            let changes = journal(&learned)?;
            let lines = changes[before.saturating_sub(*last)..].iter().map(change_in_words);
            print(&lines.collect::<String>());
            return Ok(VERIFIED);
        }
    };
    let record = reviewed.map_err(|error| match error {
        KbError::NoRecord { .. } => RunError::Usage(format!("{error}; `flightsmith kb review` lists them")),
        KbError::NoChange { .. } => RunError::Usage(format!("{error}; `flightsmith kb review changes` lists them")),
        KbError::ChangedSince { .. } => RunError::Refused { reason: error.to_string(), hints: Vec::new() },
        other => failed(&data, &other),
    })?;
    print(&format!("{}\n", in_words(&record)));
    let changes = journal(&learned)?;
    match changes.last() {
        Some(change) if changes.len() > before => {
            let number = change.number;
            print(&format!("change {number}; `flightsmith kb review undo {number}` takes it back\n"));
        }
        _ => print("it was so before: nothing changed\n"),
    }
    Ok(VERIFIED)
}

/// An entry of the journal in one line.
fn change_in_words(change: &Change) -> String {
    let undone = change.undoes.map_or(String::new(), |number| format!(" of {number}"));
    let deed = serde_json::to_value(change.deed).ok();
    let deed = deed.as_ref().and_then(Value::as_str).unwrap_or_default();
    format!("{:>5}  {:<12} {}  {}\n", change.number, format!("{deed}{undone}"), change.record, change.signature)
}

fn list(data: &Path, as_json: bool) -> Result<u8, RunError> {
    let published = published(data)?;
    let memory = Memory::of(&published);
    if as_json {
        let fixes = published.records().filter(|record| is_fix(record));
        let mut records: Vec<_> = fixes
            .map(|record| json!({ "id": record.id(), "state": record.state(), "worked": record.worked(), "failed": record.failed(),
                "signature": record.signature, "template": record.template, "evidence": record.evidence().collect::<Vec<_>>() }))
            .collect();
        records.extend(published.records().filter_map(|record| steps::to_json(record, &memory)));
        print_json(&records);
        return Ok(VERIFIED);
    }
    let mut told = String::new();
    for record in published.records() {
        let _ = writeln!(told, "{}", in_words(record));
    }
    if told.is_empty() {
        told.push_str("nothing learned yet\n");
    }
    print(&told);
    Ok(VERIFIED)
}

/// Pieces of evidence that are shown of a record.
const EVIDENCE_SHOWN: usize = 3;

/// Whether it is an edit, and not what was counted of a step.
fn is_fix(record: &Record) -> bool {
    record.template_as::<KnownStep>().is_err()
}

/// A record in three lines, and a line for each of its first pieces of evidence; of a step in two.
fn in_words(record: &Record) -> String {
    if let Some(told) = steps::in_words(record) {
        return told;
    }
    let state = match record.state() {
        State::Candidate => "candidate",
        State::Accepted => "accepted",
        State::Rejected => "rejected",
        State::Removed => "removed",
    };
    let template = record.template_as::<Template>().map_or_else(|_| record.template.to_string(), |it| shown(&it));
    let count = record.evidence().count();
    let mut told = format!(
        "{}  {state}, worked {} of {} times, {count} {}\n    for {}\n    {template}",
        record.id(),
        record.worked(),
        record.worked() + record.failed(),
        if count == 1 { "piece of evidence" } else { "pieces of evidence" },
        record.signature
    );
    for value in record.evidence().take(EVIDENCE_SHOWN) {
        let _ = write!(told, "\n    seen: {}", evidence_in_words(value));
    }
    if count > EVIDENCE_SHOWN {
        let _ = write!(told, "\n    and {} more (--json shows all)", count - EVIDENCE_SHOWN);
    }
    told
}

/// `flights 21, mission square, run 2026-11-26-1`.
fn evidence_in_words(value: &Value) -> String {
    let Value::Object(parts) = value else { return value.to_string() };
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    parts
        .iter()
        .map(|(name, value)| format!("{} {}", name.replace('_', " "), word(value)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `hover ( <0> )` -> `hold(Seconds(<0>))`.
fn shown(template: &Template) -> String {
    let one = |piece: &Piece| match piece {
        Piece::Token(text) => text.clone(),
        Piece::Hole(number) | Piece::Inside(number) => format!("<{number}>"),
    };
    let hunks = template.hunks.iter().map(|hunk| {
        let old: Vec<String> = hunk.old.iter().map(one).collect();
        let new: String = hunk.new.iter().map(|(space, piece)| format!("{space}{}", one(piece))).collect();
        format!("`{}` -> `{}`", old.join(" "), new.trim())
    });
    hunks.collect::<Vec<_>>().join(", ")
}

/// `kb stats`.
pub fn stats(as_json: bool) -> Result<u8, RunError> {
    let data = settings::data_home();
    let published = published(&data)?;
    let fixes = || published.records().filter(|record| is_fix(record));
    let count = |state: State| fixes().filter(|record| record.state() == state).count();
    let steps = steps::Tally::of(&published);
    let (worked, tried) = fixes()
        .fold((0, 0), |(worked, tried), record| (worked + record.worked(), tried + record.worked() + record.failed()));
    let fixes_json = json!({ "candidates": count(State::Candidate), "accepted": count(State::Accepted),
        "rejected": count(State::Rejected), "worked": worked, "tried": tried });
    let counters: serde_json::Map<String, Value> =
        published.counters().map(|(name, value)| (name.to_owned(), value.into())).collect();
    if as_json {
        let stats = json!({ "learned_fixes": fixes_json, "steps": steps, "counters": counters });
        print_json(&stats);
        return Ok(VERIFIED);
    }
    let mut told = format!(
        "learned fixes: {} candidates, {} accepted, {} rejected; they worked {worked} of {tried} times\n",
        count(State::Candidate),
        count(State::Accepted),
        count(State::Rejected)
    );
    let _ = writeln!(told, "{}", steps.in_words());
    for (name, value) in published.counters() {
        let _ = writeln!(told, "{name}: {value}");
    }
    print(&told);
    Ok(VERIFIED)
}
