//! What was learned, as readers see it: an immutable file that a writer replaces in one rename.
use crate::container::{Reader, Writer};
use crate::error::KbError;
use crate::record::{Counter, Record, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

const MAGIC: &[u8; 8] = b"flightln";
const VERSION: u32 = 2;

/// Records and counters of one moment. Opening it needs no lock, and later changes do not disturb it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Published {
    generation: String,
    /// By signature and then id; removed ones too.
    records: Vec<Record>,
    counters: BTreeMap<String, Counter>,
}

#[derive(Serialize, Deserialize)]
struct Content {
    records: Vec<Record>,
    counters: BTreeMap<String, Counter>,
}

impl Published {
    pub(crate) fn new(generation: String, records: Vec<Record>, counters: BTreeMap<String, Counter>) -> Self {
        Self { generation, records, counters }
    }

    /// Opens what a [`crate::Store`] has published at [`crate::learned_path`]; nothing learned yet is no error.
    ///
    /// # Errors
    /// [`KbError::Damaged`], [`KbError::OtherVersion`] or [`KbError::File`].
    pub fn open(path: &Path) -> Result<Self, KbError> {
        let mut reader = match Reader::open(path, MAGIC, VERSION) {
            Err(KbError::Missing { .. }) => return Ok(Self::default()),
            opened => opened?,
        };
        let damaged = |reason: String| KbError::Damaged { path: path.to_owned(), reason };
        let generation = String::from_utf8_lossy(&reader.bytes("generation")?).into_owned();
        let content: Content =
            serde_json::from_slice(&reader.bytes("content")?).map_err(|error| damaged(error.to_string()))?;
        Ok(Self { generation, records: content.records, counters: content.counters })
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), KbError> {
        let content = Content { records: self.records.clone(), counters: self.counters.clone() };
        let content = serde_json::to_vec(&content)
            .map_err(|error| KbError::Damaged { path: path.to_owned(), reason: error.to_string() })?;
        let mut writer = Writer::new(MAGIC, VERSION);
        writer.add("generation", self.generation.as_bytes().to_vec());
        writer.add("content", content);
        writer.write(path)
    }

    /// All records but removed ones, by signature and then id.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.state() != State::Removed)
    }

    /// The records of `signature`, removed ones left out.
    pub fn of(&self, signature: &str) -> impl Iterator<Item = &Record> {
        let from = self.records.partition_point(|record| record.signature.as_str() < signature);
        self.records[from..]
            .iter()
            .take_while(move |record| record.signature == signature)
            .filter(|record| record.state() != State::Removed)
    }

    /// A counter's sum over all machines.
    pub fn counter(&self, name: &str) -> u64 {
        self.counters.get(name).map_or(0, |counter| counter.values().sum())
    }

    /// Every counter's name and sum.
    pub fn counters(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counters.iter().map(|(name, counter)| (name.as_str(), counter.values().sum()))
    }

    pub(crate) fn into_parts(self) -> (Vec<Record>, BTreeMap<String, Counter>) {
        (self.records, self.counters)
    }
}

/// Which state of a store the file shows; nothing where there is no whole file.
pub(crate) fn generation(path: &Path) -> Option<String> {
    let mut reader = Reader::open(path, MAGIC, VERSION).ok()?;
    String::from_utf8(reader.bytes("generation").ok()?).ok()
}
