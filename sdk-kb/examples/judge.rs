//! `judge pool SNAPSHOT FOLDER`: what searches find first for the judged queries and nobody has judged, as batches for judges: a query,
//! and items in an order that says nothing, without their rank or the search that they are from. `judge merge FOLDER..`: what the judges said
//! (`batch-NN.grades.jsonl` beside each `batch-NN.jsonl`) into `sdk-kb/eval/queries.jsonl`.
//!
//! Nothing of what was found is printed: who tunes the search must not read the reported half.
#![expect(clippy::print_stdout, reason = "a command says what it has done")]
use flightsmith_kb::quality::{ANSWERS, Judged};
use flightsmith_kb::{Filter, Item, KnowledgeBase, Tuning, Understanding, builtin};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Characters of an item's text, and of its code, that a judge sees.
const SHOWN: (usize, usize) = (400, 200);
/// Pairs in a batch, about.
const BATCH: usize = 150;

type Failure = Box<dyn std::error::Error>;

/// What a judge reads: one line.
#[derive(Serialize, Deserialize)]
struct Asked {
    query: String,
    items: Vec<Shown>,
}

#[derive(Serialize, Deserialize)]
struct Shown {
    id: String,
    title: String,
    text: String,
}

/// What a judge writes: one line.
#[derive(Deserialize)]
struct Said {
    query: String,
    grades: BTreeMap<String, u8>,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["pool", snapshot, folder] => pool(Path::new(snapshot), Path::new(folder)),
        ["merge", folders @ ..] if !folders.is_empty() => merge(folders),
        _ => Err("usage: judge pool SNAPSHOT FOLDER | judge merge FOLDER..".into()),
    }
}

fn file_of_queries() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("eval/queries.jsonl")
}

fn queries() -> Result<Vec<Judged>, Failure> {
    Ok(Judged::read(&std::fs::read_to_string(file_of_queries())?)?)
}

/// The searches that are pooled, and how deep.
fn searches() -> [(Tuning, usize); 4] {
    let plain = Understanding { glossary: 0.0, slips: 0.0, names: 0.0, ..Understanding::default() };
    [
        (Tuning::default(), 10),
        (Tuning { vectors: 0.0, ..Tuning::default() }, 7),
        (Tuning { words: 0.0, names: 0.0, ..Tuning::default() }, 5),
        (Tuning { vectors: 0.0, names: 0.0, understanding: plain, ..Tuning::default() }, 5),
    ]
}

fn pool(snapshot: &Path, folder: &Path) -> Result<(), Failure> {
    let kb = KnowledgeBase::open_snapshot_with(snapshot, builtin())?;
    let mut lines = Vec::new();
    for judged in queries()? {
        let mut new: BTreeMap<String, Shown> = BTreeMap::new();
        for (tuning, depth) in searches() {
            for hit in kb.find(&judged.query, depth, &Filter::default(), &tuning).hits {
                let id = &hit.item.id;
                if !judged.relevant.contains_key(id) && !judged.irrelevant.contains(id) {
                    new.insert(order(&judged.query, id), shown(&hit.item));
                }
            }
        }
        if !new.is_empty() {
            lines.push((order(&judged.query, ""), Asked { query: judged.query, items: new.into_values().collect() }));
        }
    }
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    std::fs::create_dir_all(folder)?;
    let (mut batches, mut text, mut inside, mut pairs) = (0, String::new(), 0, 0);
    let last = lines.len().saturating_sub(1);
    for (place, (_, asked)) in lines.into_iter().enumerate() {
        inside += asked.items.len();
        pairs += asked.items.len();
        writeln!(text, "{}", serde_json::to_string(&asked)?)?;
        if inside >= BATCH || place == last {
            batches += 1;
            std::fs::write(folder.join(format!("batch-{batches:02}.jsonl")), std::mem::take(&mut text))?;
            inside = 0;
        }
    }
    println!("{pairs} pairs in {batches} batches");
    Ok(())
}

/// A key by which queries and items fall into an order that has nothing to do with how good they are.
fn order(query: &str, id: &str) -> String {
    let digest = Sha256::digest(format!("round\n{query}\n{id}"));
    digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn shown(item: &Item) -> Shown {
    let first = |text: &str, count: usize| text.chars().take(count).collect::<String>();
    let text = format!("{}\n{}", first(&item.text, SHOWN.0), first(&item.code, SHOWN.1));
    Shown { id: item.id.clone(), title: item.title.clone(), text }
}

/// A pair that was not asked about, a grade that there is not or an answer that is missing ends it, and nothing is written.
fn merge(folders: &[&str]) -> Result<(), Failure> {
    let mut all = queries()?;
    let places: BTreeMap<String, usize> =
        all.iter().enumerate().map(|(place, judged)| (judged.query.clone(), place)).collect();
    let mut counts = [0_usize; ANSWERS as usize + 1];
    for batch in folders.iter().map(|folder| batches(Path::new(folder))).collect::<Result<Vec<_>, _>>()?.concat() {
        let asked: Vec<Asked> = lines(&batch)?;
        let answers = batch.with_extension("grades.jsonl");
        let said: Vec<Said> = lines(&answers)?;
        let failed = |reason: &str, query: &str| format!("{}: {reason}: {query}", answers.display());
        if asked.len() != said.len() {
            return Err(failed("has not as many lines as were asked", "").into());
        }
        for (asked, said) in asked.into_iter().zip(said) {
            let wanted: BTreeSet<&String> = asked.items.iter().map(|item| &item.id).collect();
            if asked.query != said.query || wanted != said.grades.keys().collect() {
                return Err(failed("does not answer what was asked", &asked.query).into());
            }
            let place = *places.get(&said.query).ok_or_else(|| failed("is no query", &said.query))?;
            for (id, grade) in said.grades {
                *counts.get_mut(usize::from(grade)).ok_or_else(|| failed("has an unknown grade", &said.query))? += 1;
                let judged = &mut all[place];
                // Who was asked twice is not overruled.
                if judged.relevant.contains_key(&id) || judged.irrelevant.contains(&id) {
                    continue;
                }
                match grade {
                    0 => drop(judged.irrelevant.insert(id)),
                    _ => drop(judged.relevant.insert(id, grade)),
                }
            }
        }
    }
    let text = all.iter().map(|judged| Ok(line(judged)? + "\n")).collect::<Result<String, serde_json::Error>>()?;
    Judged::read(&text)?;
    std::fs::write(file_of_queries(), text)?;
    println!("0: {}, 1: {}, 2: {}, 3: {}", counts[0], counts[1], counts[2], counts[3]);
    Ok(())
}

fn batches(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("batch-") && name.ends_with(".jsonl") && !name.ends_with(".grades.jsonl") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn lines<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// As the file has it: the best grades first.
fn line(judged: &Judged) -> Result<String, serde_json::Error> {
    let json = |text: &str| serde_json::to_string(text);
    let mut graded: Vec<(&String, &u8)> = judged.relevant.iter().collect();
    graded.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let graded: Vec<String> =
        graded.into_iter().map(|(id, grade)| Ok(format!("{}: {grade}", json(id)?))).collect::<Result<_, _>>()?;
    let refused: Vec<String> = judged.irrelevant.iter().map(|id| json(id)).collect::<Result<_, _>>()?;
    let mut text = format!(
        "{{\"query\": {}, \"kind\": {}, \"relevant\": {{{}}}",
        json(&judged.query)?,
        json(&judged.kind)?,
        graded.join(", ")
    );
    if !refused.is_empty() {
        text += &format!(", \"irrelevant\": [{}]", refused.join(", "));
    }
    Ok(text + "}")
}
