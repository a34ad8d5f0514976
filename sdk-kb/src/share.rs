//! What a machine knows beyond the sources, as a file that people review and share: learned records, counters, added items.
//!
//! One JSON value a line, sorted, so that two exports of the same knowledge are the same bytes and a difference reads line by line. An
//! import takes everything or nothing of a file, and merges: the same file twice changes nothing.
use crate::error::KbError;
use crate::record::{Counter, Record};
use crate::store::{AddedItem, RECORD_BYTES, STORE_FORMAT, Store};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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

#[derive(Serialize, Deserialize)]
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
            let line = serde_json::to_value(line).map_err(|error| self.damaged(error.to_string()))?;
            let _ = writeln!(text, "{}", crate::record::canonical(&line));
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
    let refuse = |line: usize, reason: String| KbError::NotAnExport { path: path.to_owned(), line, reason };
    let mut read = Read::default();
    let mut is_export = false;
    for (place, line) in text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        let number = place + 1;
        if line.len() > LINE_BYTES {
            return Err(refuse(number, format!("{} bytes (limit {LINE_BYTES})", line.len())));
        }
        let line = std::str::from_utf8(line).map_err(|_| refuse(number, "not UTF-8".into()))?;
        let line: Line = serde_json::from_str(line).map_err(|error| refuse(number, error.to_string()))?;
        match line {
            Line::FlightsmithKb { format: STORE_FORMAT } => is_export = true,
            Line::FlightsmithKb { format } => {
                return Err(KbError::OtherVersion { path: path.to_owned(), found: format, expected: STORE_FORMAT });
            }
            _ if !is_export => return Err(refuse(number, "it does not begin as an export".into())),
            Line::Counter { name, machines } => {
                crate::record::merge_counter(read.counters.entry(name).or_default(), &machines);
            }
            Line::Item { id, added } => {
                if added.value.as_ref().is_some_and(|item| item.id != id) {
                    return Err(refuse(number, format!("the item is not {id}")));
                }
                read.items.insert(id, *added);
            }
            Line::Record(record) => read.records.push(*record),
        }
    }
    if is_export { Ok(read) } else { Err(refuse(1, "it is empty".into())) }
}
