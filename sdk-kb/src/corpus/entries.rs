//! Short entries, many in one TOML file: flight modes, parameters, our lints and clauses, what calls can end with.
//!
//! The texts are ours; where a thing comes from the autopilots, its entry says where the product uses it. Tests hold each file
//! against the sources, so that nothing the product names is without an entry.
use super::read_text;
use super::tasks::LICENCE;
use crate::error::KbError;
use crate::item::{Autopilot, Item, Kind};
use serde::Deserialize;
use std::path::Path;

/// The files and the kind of their entries.
const FILES: [(&str, Kind); 5] = [
    ("modes.toml", Kind::Mode),
    ("parameters.toml", Kind::Parameter),
    ("lints.toml", Kind::Lint),
    ("clauses.toml", Kind::Lint),
    ("failures.toml", Kind::Failure),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    entry: Vec<Entry>,
}

/// One entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    title: String,
    /// In other words, as people ask for it.
    #[serde(default)]
    asked: Vec<String>,
    text: String,
    #[serde(default)]
    code: String,
    /// Where the product uses it.
    source: String,
    autopilot: Option<Autopilot>,
}

/// All entries below `corpus`.
pub(super) fn read(corpus: &Path) -> Result<Vec<Item>, KbError> {
    let mut items = Vec::new();
    for (name, kind) in FILES {
        let path = corpus.join(name);
        if !path.is_file() {
            continue;
        }
        let malformed = |reason| KbError::Malformed { path: path.clone(), reason };
        let file: File = toml::from_str(&read_text(&path)?).map_err(|error| malformed(error.to_string()))?;
        for entry in file.entry {
            if entry.text.trim().is_empty() || entry.source.is_empty() {
                return Err(malformed(format!("{} has no text or no source", entry.id)));
            }
            let asked = if entry.asked.is_empty() { String::new() } else { format!("{}\n\n", entry.asked.join("\n")) };
            items.push(Item {
                id: entry.id,
                kind,
                title: entry.title,
                text: format!("{asked}{}", entry.text.trim()),
                code: entry.code.trim().to_owned(),
                source: entry.source,
                licence: LICENCE.into(),
                autopilot: entry.autopilot,
                asked: String::new(),
                dialect: None,
                sdk_version: None,
            });
        }
    }
    Ok(items)
}
