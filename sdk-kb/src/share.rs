//! What a machine knows beyond the sources, as a file that people review and share: learned records, counters, added items.
//!
//! One JSON value a line, sorted, so that two exports of the same knowledge are the same bytes and a difference reads line by line. An
//! import takes everything or nothing of a file, and merges: the same file twice changes nothing.
use crate::error::KbError;
use crate::record::{Counter, Record};
use crate::store::{AddedItem, RECORD_BYTES, STORE_FORMAT, Store};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;
use std::path::Path;

/// More than any line of ours has.
const LINE_BYTES: usize = 2 * RECORD_BYTES + 4096;

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Learned records that are new or know more now.
    pub records: usize,
    /// Counters that grew.
    pub counters: usize,
    /// Items that are new, other or gone.
    pub items: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    FlightsmithKb { format: u32 },
    Counter { name: String, machines: Counter },
    Item { id: String, added: Box<AddedItem> },
    Record(Box<Record>),
}

impl Store {
    /// The text of an export.
    ///
    /// # Errors
    /// [`KbError::Damaged`] or [`KbError::File`].
    pub fn export(&self) -> Result<String, KbError> {
        let mut lines = vec![Line::FlightsmithKb { format: STORE_FORMAT }];
        let counters = self.statistics()?.all()?;
        lines.extend(counters.into_iter().map(|(name, machines)| Line::Counter { name, machines }));
        let items = self.added_items()?;
        lines.extend(items.into_iter().map(|(id, added)| Line::Item { id, added: Box::new(added) }));
        lines.extend(self.learned()?.all()?.into_iter().map(|record| Line::Record(Box::new(record))));
        let mut text = String::new();
        for line in &lines {
            let _ = writeln!(text, "{}", line.text());
        }
        Ok(text)
    }

    /// Merges an export; `path` is what messages call it.
    ///
    /// # Errors
    /// [`KbError::NotAnExport`] with the line, [`KbError::OtherVersion`], [`KbError::TooLarge`]: then nothing was taken.
    /// [`KbError::NoSpace`], [`KbError::Damaged`] or [`KbError::File`]: importing again goes on where it ended.
    pub fn import(&self, text: &[u8], path: &Path) -> Result<Imported, KbError> {
        let read = read(text, path)?;
        let known = self.statistics()?.all()?;
        self.statistics()?.merge(&read.counters)?;
        let counters = self.statistics()?.all()?.iter().filter(|(name, now)| known.get(*name) != Some(now)).count();
        let items = self.merge_added(&read.items)?;
        let records = self.learned()?.merge(&read.records)?;
        Ok(Imported { records, counters, items })
    }
}

#[derive(Default)]
struct Read {
    counters: BTreeMap<String, Counter>,
    items: BTreeMap<String, AddedItem>,
    records: Vec<Record>,
}

fn read(text: &[u8], path: &Path) -> Result<Read, KbError> {
    let mut read = Read::default();
    for line in parse(text, path)? {
        match line {
            Line::FlightsmithKb { .. } => {}
            Line::Counter { name, machines } => {
                crate::record::merge_counter(read.counters.entry(name).or_default(), &machines);
            }
            Line::Item { id, added } => {
                if read.items.get(&id).is_none_or(|known| added.stamp > known.stamp) {
                    read.items.insert(id, *added);
                }
            }
            Line::Record(record) => read.records.push(*record),
        }
    }
    Ok(read)
}

fn parse(text: &[u8], path: &Path) -> Result<Vec<Line>, KbError> {
    let refuse = |line: usize, reason: String| KbError::NotAnExport { path: path.to_owned(), line, reason };
    let mut lines = Vec::new();
    for (place, line) in text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        let number = place + 1;
        if line.len() > LINE_BYTES {
            return Err(refuse(number, format!("{} bytes (limit {LINE_BYTES})", line.len())));
        }
        let line = std::str::from_utf8(line).map_err(|_| refuse(number, "not UTF-8".into()))?;
        let line: Line = serde_json::from_str(line).map_err(|error| refuse(number, error.to_string()))?;
        match &line {
            Line::FlightsmithKb { format: STORE_FORMAT } => {}
            Line::FlightsmithKb { format } => {
                return Err(KbError::OtherVersion { path: path.to_owned(), found: *format, expected: STORE_FORMAT });
            }
            _ if lines.is_empty() => return Err(refuse(number, "it does not begin as an export".into())),
            Line::Item { id, added } if added.value.as_ref().is_some_and(|item| item.id != *id) => {
                return Err(refuse(number, format!("the item is not {id}")));
            }
            Line::Item { .. } | Line::Counter { .. } | Line::Record(_) => {}
        }
        lines.push(line);
    }
    if lines.is_empty() { Err(refuse(1, "it is empty".into())) } else { Ok(lines) }
}

impl Line {
    fn text(&self) -> String {
        // These types have no keys but text, so that each has a JSON value.
        crate::record::canonical(&serde_json::to_value(self).unwrap_or_default())
    }

    /// What it tells about.
    fn key(&self) -> String {
        match self {
            Line::FlightsmithKb { .. } => String::new(),
            Line::Counter { name, .. } => format!("counter:{name}"),
            Line::Item { id, .. } => format!("item:{id}"),
            Line::Record(record) => format!("record:{}", record.id()),
        }
    }

    /// Takes in what another line of the same key tells.
    fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Line::Counter { machines, .. }, Line::Counter { machines: others, .. }) => {
                crate::record::merge_counter(machines, others);
            }
            (Line::Item { added, .. }, Line::Item { added: other, .. }) if other.stamp > added.stamp => {
                *added = other.clone();
            }
            (Line::Record(record), Line::Record(other)) => record.merge(other),
            _ => {}
        }
    }
}

/// The lines of an export, one for each thing that it tells about: for servers, which keep them one by one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines(BTreeMap<String, Line>);

impl Lines {
    /// Reads an export; several lines about one thing become one. `from` is what messages call it.
    ///
    /// # Errors
    /// As [`Store::import`].
    pub fn of_export(text: &[u8], from: &Path) -> Result<Self, KbError> {
        let mut lines = Self::default();
        for line in parse(text, from)? {
            if !matches!(line, Line::FlightsmithKb { .. }) {
                lines.add(line);
            }
        }
        Ok(lines)
    }

    /// Reads lines as [`Self::news_to`] gives them.
    ///
    /// # Errors
    /// As [`Store::import`]; the header counts as line 1.
    pub fn of_lines<'l>(lines: impl IntoIterator<Item = &'l str>, from: &Path) -> Result<Self, KbError> {
        let mut text = Self::default().export();
        for line in lines {
            let _ = writeln!(text, "{line}");
        }
        Self::of_export(text.as_bytes(), from)
    }

    fn add(&mut self, line: Line) {
        match self.0.entry(line.key()) {
            Entry::Vacant(free) => {
                free.insert(line);
            }
            Entry::Occupied(mut known) => known.get_mut().merge(&line),
        }
    }

    /// Those lines that tell more than `known` does, each with the key of what it tells about.
    pub fn news_to(&self, known: &Self) -> Vec<(String, String)> {
        let is_news = |key: &String, line: &Line| {
            known.0.get(key).is_none_or(|known| {
                let mut merged = known.clone();
                merged.merge(line);
                merged != *known
            })
        };
        self.0.iter().filter(|(key, line)| is_news(key, line)).map(|(key, line)| (key.clone(), line.text())).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As an export, which [`Store::import`] takes.
    pub fn export(&self) -> String {
        let mut text = Line::FlightsmithKb { format: STORE_FORMAT }.text();
        text.push('\n');
        for line in self.0.values() {
            let _ = writeln!(text, "{}", line.text());
        }
        text
    }
}
