//! `kb correct`, `kb review` and `kb stats`: what people teach, what they think of what was learned, and how it fares.
use super::args::{CorrectArgs, ReviewVerb};
use super::runs::{print, print_json, workshop};
use crate::exit::{RunError, VERIFIED, chain};
use crate::repair::Sources;
use crate::repair::correct::{CorrectionError, Place, correct, single_file};
use crate::repair::learned::stage;
use crate::repair::learned::{Piece, Template};
use crate::repair::project::{FixTools, patch};
use crate::settings;
use crate::workshop::Workshop;
use flightsmith_kb::{KbError, Published, Record, State, learned_path};
use flightsmith_toolchain::targets::Target;
use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// `kb correct`.
pub fn learn_from(args: &CorrectArgs) -> Result<u8, RunError> {
    let shop = workshop(false, true, false)?;
    let refused = |error: CorrectionError| match error {
        CorrectionError::Files { .. }
        | CorrectionError::Store(_)
        | CorrectionError::Project(_)
        | CorrectionError::Mission(_) => RunError::files(&args.root, chain(&error)),
        other => RunError::Refused { reason: other.to_string(), hints: Vec::new() },
    };
    let store = stage::store(&shop.data).map_err(|error| failed(&shop.data, &error))?;
    let ids = match (&args.wrong, &args.right, &args.diff) {
        (Some(wrong), Some(right), None) => {
            let (before, after) = (text(wrong)?, text(right)?);
            let is_mission = before.contains("flightsmith_sdk");
            let (folder, name) = single_file(&before, is_mission, &shop.source_root).map_err(refused)?;
            let (before, after) = (Sources::from([(name.clone(), before)]), Sources::from([(name, after)]));
            let evidence = json!({ "corrected_by": "a person", "file": wrong.display().to_string() });
            if is_mission {
                in_mission(&shop, args, folder.path(), &before, &after, &evidence, &store).map_err(refused)?
            } else {
                in_project(&shop, args, folder.path(), &before, &after, &evidence, &store)?.map_err(refused)?
            }
        }
        (None, None, Some(diff)) => {
            let (before, after) = sides(&args.root, diff)?;
            let evidence = json!({ "corrected_by": "a person", "diff": diff.display().to_string() });
            in_project(&shop, args, &args.root, &before, &after, &evidence, &store)?.map_err(refused)?
        }
        _ => {
            let reason = "give WRONG and RIGHT, or --diff FILE".to_owned();
            return Err(RunError::Refused { reason, hints: Vec::new() });
        }
    };
    let learned = store.learned().map_err(|error| failed(&shop.data, &error))?;
    let mut told = String::new();
    for id in &ids {
        if let Some(record) = learned.get(id).map_err(|error| failed(&shop.data, &error))? {
            let _ = writeln!(told, "learned {}", in_words(&record));
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
    store: &flightsmith_kb::Store,
) -> Result<Vec<String>, CorrectionError> {
    let files = |error: RunError| CorrectionError::Files {
        path: folder.to_owned(),
        source: std::io::Error::other(error.to_string()),
    };
    let (sandbox, prebuilt) =
        (shop.sandbox(!args.no_sandbox).map_err(files)?, shop.prebuilt(Target::Host).map_err(files)?);
    let workshop = crate::check::Workshop { sandbox: &sandbox, prebuilt: &prebuilt };
    correct(before, after, Place::Mission { folder, workshop }, evidence, store)
}

fn in_project(
    shop: &Workshop,
    args: &CorrectArgs,
    folder: &Path,
    before: &Sources,
    after: &Sources,
    evidence: &Value,
    store: &flightsmith_kb::Store,
) -> Result<Result<Vec<String>, CorrectionError>, RunError> {
    let (sandbox, toolchain) = (shop.sandbox(!args.no_sandbox)?, shop.toolchain(Target::Host)?);
    let tools = FixTools { host: &shop.host, sandbox: &sandbox, toolchain: &toolchain };
    Ok(correct(before, after, Place::Project { folder, tools }, evidence, store))
}

/// Before and after of every file that a diff changes; the files on disk are either.
fn sides(root: &Path, diff: &Path) -> Result<(Sources, Sources), RunError> {
    let unusable = |reason: String| RunError::files(diff, reason);
    let patches = patch::read(&text(diff)?).map_err(|error| unusable(error.to_string()))?;
    let (mut before, mut after) = (Sources::new(), Sources::new());
    for patch in patches.iter().filter(|patch| patch.path.extension().is_some_and(|extension| extension == "rs")) {
        let (old, new) = patch
            .sides(&text(&root.join(&patch.path))?)
            .ok_or_else(|| unusable(format!("{} is neither side of it", patch.path.display())))?;
        before.insert(patch.path.clone(), old);
        after.insert(patch.path.clone(), new);
    }
    if before.is_empty() { Err(unusable("it changes no Rust source".into())) } else { Ok((before, after)) }
}

fn text(path: &Path) -> Result<String, RunError> {
    fs::read_to_string(path).map_err(|error| RunError::files(path, error))
}

fn failed(data: &Path, error: &KbError) -> RunError {
    RunError::files(stage::folder(data), chain(error))
}

/// `kb review`.
pub fn review(verb: Option<&ReviewVerb>, as_json: bool) -> Result<u8, RunError> {
    let data = settings::data_home();
    let failed = |error: KbError| failed(&data, &error);
    let Some(verb) = verb else { return list(&data, as_json) };
    let store = stage::store(&data).map_err(failed)?;
    let learned = store.learned().map_err(failed)?;
    let record = match verb {
        ReviewVerb::Accept { id } => learned.accept(id),
        ReviewVerb::Reject { id } => learned.reject(id),
        ReviewVerb::Undo { change } => learned.undo(*change),
    }
    .map_err(failed)?;
    print(&format!("{}\n", in_words(&record)));
    let latest = learned.journal(1).map_err(failed)?.last().map_or(0, |change| change.number);
    print(&format!("change {latest}; `flightsmith kb review undo {latest}` takes it back\n"));
    Ok(VERIFIED)
}

fn list(data: &Path, as_json: bool) -> Result<u8, RunError> {
    let published = Published::open(&learned_path(&stage::folder(data))).map_err(|error| failed(data, &error))?;
    if as_json {
        let records: Vec<_> = published
            .records()
            .map(|record| json!({ "id": record.id(), "state": record.state(), "worked": record.worked(), "failed": record.failed(),
                "signature": record.signature, "template": record.template, "evidence": record.evidence().collect::<Vec<_>>() }))
            .collect();
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

/// A record in three lines.
fn in_words(record: &Record) -> String {
    let state = match record.state() {
        State::Candidate => "candidate",
        State::Accepted => "accepted",
        State::Rejected => "rejected",
        State::Removed => "removed",
    };
    let template = record.template_as::<Template>().map_or_else(|_| record.template.to_string(), |it| shown(&it));
    format!(
        "{}  {state}, worked {} of {} times, {} pieces of evidence\n    for {}\n    {template}",
        record.id(),
        record.worked(),
        record.worked() + record.failed(),
        record.evidence().count(),
        record.signature
    )
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
    let published = Published::open(&learned_path(&stage::folder(&data))).map_err(|error| failed(&data, &error))?;
    let count = |state: State| published.records().filter(|record| record.state() == state).count();
    let (worked, tried) = published
        .records()
        .fold((0, 0), |(worked, tried), record| (worked + record.worked(), tried + record.worked() + record.failed()));
    let fixes = json!({ "candidates": count(State::Candidate), "accepted": count(State::Accepted),
        "rejected": count(State::Rejected), "worked": worked, "tried": tried });
    let counters: serde_json::Map<String, Value> =
        published.counters().map(|(name, value)| (name.to_owned(), value.into())).collect();
    if as_json {
        let stats = json!({ "learned_fixes": fixes, "counters": counters });
        print_json(&stats);
        return Ok(VERIFIED);
    }
    let mut told = format!(
        "learned fixes: {} candidates, {} accepted, {} rejected; they worked {worked} of {tried} times\n",
        count(State::Candidate),
        count(State::Accepted),
        count(State::Rejected)
    );
    for (name, value) in published.counters() {
        let _ = writeln!(told, "{name}: {value}");
    }
    print(&told);
    Ok(VERIFIED)
}
