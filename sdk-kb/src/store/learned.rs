//! The records of what was learned: each change and its entry in the journal are one transaction, on disk before the call returns.
use super::change::{Change, Deed};
use super::{JOURNAL, LEARNED, META, Store};
use crate::error::KbError;
use crate::published::{self, Published};
use crate::record::{Outcome, Record, Stamp, Stamped, State};
use serde::Serialize;
use serde_json::Value;
use sled::transaction::{TransactionError, Transactional};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// A record, its template and evidence together, takes at most this many bytes.
pub(crate) const RECORD_BYTES: usize = 1 << 20;
/// Pieces of evidence that one machine adds to a record; from then on only the tallies tell more.
const EVIDENCE: usize = 64;

/// Where readers find what was learned in the knowledge base in `dir`.
pub fn learned_path(dir: &Path) -> PathBuf {
    dir.join("learned.kb")
}

/// Trials of what answers a signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Tallied {
    /// What is answered.
    pub signature: String,
    /// The answer.
    pub template: Value,
    /// Trials that worked.
    pub worked: u64,
    /// Trials that failed.
    pub failed: u64,
}

/// The records of a [`Store`]. Signature and template make a record's id; templates that contradict each other are records of one
/// signature that compete by their tallies.
pub struct Learned<'store> {
    pub(super) store: &'store Store,
    records: sled::Tree,
    pub(super) journal: sled::Tree,
    meta: sled::Tree,
}

impl<'store> Learned<'store> {
    pub(super) fn new(store: &'store Store) -> Result<Self, KbError> {
        Ok(Self { store, records: store.tree(LEARNED)?, journal: store.tree(JOURNAL)?, meta: store.tree(META)? })
    }

    /// Learns that `template` answers `signature`: a new candidate, or more evidence for a record that is known. One that was rejected
    /// stays rejected; one that was removed comes back as a candidate.
    ///
    /// # Errors
    /// [`KbError::TooLarge`], [`KbError::NoSpace`], [`KbError::Damaged`] or [`KbError::File`].
    pub fn put(&self, signature: &str, template: &impl Serialize, evidence: &[Value]) -> Result<Record, KbError> {
        let template = serde_json::to_value(template).map_err(|error| self.store.damaged(error.to_string()))?;
        let id = Record::id_of(signature, &template);
        self.change(&id, Deed::Put, None, |known, stamp| {
            let mut record = known.unwrap_or_else(|| Record::candidate(signature, template.clone(), stamp));
            if record.state() == State::Removed {
                record.state = Stamped { stamp: stamp.clone(), value: State::Candidate };
            }
            for value in evidence {
                if record.evidence().count() < EVIDENCE {
                    record.show(value, Stamped { stamp: stamp.clone(), value: true });
                }
            }
            Ok(record)
        })
    }

    /// The record of that id, removed ones left out.
    ///
    /// # Errors
    /// [`KbError::Damaged`] or [`KbError::File`].
    pub fn get(&self, id: &str) -> Result<Option<Record>, KbError> {
        let value = self.records.get(id).map_err(|error| self.store.failed(error))?;
        let record = value.map(|value| self.decode(&value)).transpose()?;
        Ok(record.filter(|record| record.state() != State::Removed))
    }

    /// All records but removed ones, by signature and then id.
    ///
    /// # Errors
    /// [`KbError::Damaged`] or [`KbError::File`].
    pub fn list(&self) -> Result<Vec<Record>, KbError> {
        let mut records = self.all()?;
        records.retain(|record| record.state() != State::Removed);
        Ok(records)
    }

    /// All records of `signature` but removed ones, by id. Readers that look often use [`Published`], which has an index.
    ///
    /// # Errors
    /// [`KbError::Damaged`] or [`KbError::File`].
    pub fn of(&self, signature: &str) -> Result<Vec<Record>, KbError> {
        let mut records = self.list()?;
        records.retain(|record| record.signature == signature);
        Ok(records)
    }

    /// A person has accepted it.
    ///
    /// # Errors
    /// [`KbError::NoRecord`], and as [`Self::put`].
    pub fn accept(&self, id: &str) -> Result<Record, KbError> {
        self.set_state(id, State::Accepted, Deed::Accept)
    }

    /// A person has rejected it.
    ///
    /// # Errors
    /// [`KbError::NoRecord`], and as [`Self::put`].
    pub fn reject(&self, id: &str) -> Result<Record, KbError> {
        self.set_state(id, State::Rejected, Deed::Reject)
    }

    /// Takes it out, here and wherever the knowledge is merged to.
    ///
    /// # Errors
    /// [`KbError::NoRecord`], and as [`Self::put`].
    pub fn remove(&self, id: &str) -> Result<Record, KbError> {
        self.set_state(id, State::Removed, Deed::Remove)
    }

    /// Counts `times` trials under this machine's name.
    ///
    /// # Errors
    /// [`KbError::NoRecord`], and as [`Self::put`].
    pub fn count(&self, id: &str, outcome: Outcome, times: u64) -> Result<Record, KbError> {
        let machine = self.store.machine.clone();
        self.change(id, Deed::Count, None, |known, _| {
            let mut record = self.known(id, known)?;
            let times = i64::try_from(times).unwrap_or(i64::MAX);
            match outcome {
                Outcome::Worked => record.count(&machine, times, 0),
                Outcome::Failed => record.count(&machine, 0, times),
            }
            Ok(record)
        })
    }

    /// Counts trials of what answers a signature, and makes a record of it where there is none. Such counts are many and nobody undoes one,
    /// so that the journal has none of them. A record that was removed stays so.
    ///
    /// # Errors
    /// As [`Self::put`]; what was counted before the error may be counted.
    pub fn tally(&self, trials: &[Tallied]) -> Result<(), KbError> {
        let times = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let machine = self.store.machine.clone();
        for Tallied { signature, template, worked, failed } in trials {
            self.change_unflushed(&Record::id_of(signature, template), Deed::Tally, None, |known, stamp| {
                let mut record = known.unwrap_or_else(|| Record::candidate(signature, template.clone(), stamp));
                record.count(&machine, times(*worked), times(*failed));
                Ok(record)
            })?;
        }
        if trials.is_empty() { Ok(()) } else { self.store.commit() }
    }

    /// Merges what another machine has exported; returns how many records that changed. Twice changes nothing.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn merge(&self, others: &[Record]) -> Result<usize, KbError> {
        let mut changed = 0;
        for other in others {
            let mut differs = false;
            self.change_unflushed(&other.id(), Deed::Import, None, |known, _| {
                let mut record = known.clone().unwrap_or_else(|| other.clone());
                record.merge(other);
                differs = known.as_ref() != Some(&record);
                Ok(record)
            })?;
            changed += usize::from(differs);
        }
        if changed > 0 {
            self.store.commit()?;
        }
        Ok(changed)
    }

    fn set_state(&self, id: &str, state: State, deed: Deed) -> Result<Record, KbError> {
        self.change(id, deed, None, |known, stamp| {
            let mut record = self.known(id, known)?;
            if record.state() != state {
                record.state = Stamped { stamp: stamp.clone(), value: state };
            }
            Ok(record)
        })
    }

    fn known(&self, id: &str, known: Option<Record>) -> Result<Record, KbError> {
        known.filter(|record| record.state() != State::Removed).ok_or_else(|| KbError::NoRecord { id: id.to_owned() })
    }

    pub(super) fn change(
        &self,
        id: &str,
        deed: Deed,
        undoes: Option<u64>,
        work: impl FnOnce(Option<Record>, &Stamp) -> Result<Record, KbError>,
    ) -> Result<Record, KbError> {
        let record = self.change_unflushed(id, deed, undoes, work)?;
        self.store.commit()?;
        Ok(record)
    }

    /// One change: the record, its entry in the journal and both counts, in one transaction.
    fn change_unflushed(
        &self,
        id: &str,
        deed: Deed,
        undoes: Option<u64>,
        work: impl FnOnce(Option<Record>, &Stamp) -> Result<Record, KbError>,
    ) -> Result<Record, KbError> {
        let _alone = self.store.change_alone();
        let failed = |error| self.store.failed(error);
        let before = self.records.get(id).map_err(failed)?.map(|value| self.decode(&value)).transpose()?;
        let clock = self.number("clock")?;
        let stamp = Stamp { count: clock + 1, machine: self.store.machine.clone() };
        let after = work(before.clone(), &stamp)?;
        if before.as_ref() == Some(&after) {
            return Ok(after);
        }
        let value = serde_json::to_vec(&after).map_err(|error| self.store.damaged(error.to_string()))?;
        if value.len() > RECORD_BYTES {
            return Err(KbError::TooLarge {
                what: format!("learned record {id}"),
                bytes: value.len(),
                limit: RECORD_BYTES,
            });
        }
        let number = self.number("changes")? + 1;
        let entry = Change::between(before.as_ref(), &after, deed, undoes).map(|change| Change { number, ..change });
        let entry = entry
            .map(|entry| serde_json::to_vec(&entry))
            .transpose()
            .map_err(|error| self.store.damaged(error.to_string()))?;
        let clock = clock.max(after.latest());
        // Readers look whether what is published has this count.
        let generation = self.number("generation")? + 1;
        (&self.records, &self.journal, &self.meta)
            .transaction(|(records, journal, meta)| {
                records.insert(id, value.as_slice())?;
                if let Some(entry) = &entry {
                    journal.insert(&number.to_be_bytes(), entry.as_slice())?;
                    meta.insert("changes", &number.to_le_bytes())?;
                }
                meta.insert("clock", &clock.to_le_bytes())?;
                meta.insert("generation", &generation.to_le_bytes())?;
                Ok(())
            })
            .map_err(|error: TransactionError<()>| match error {
                TransactionError::Storage(error) => failed(error),
                TransactionError::Abort(()) => self.store.damaged("a transaction that nobody aborts was aborted"),
            })?;
        Ok(after)
    }

    fn number(&self, name: &str) -> Result<u64, KbError> {
        super::number(&self.meta, name, self.store)
    }

    /// All records, removed ones too: for export.
    pub(crate) fn all(&self) -> Result<Vec<Record>, KbError> {
        let values = self.records.iter().values();
        let mut records = values
            .map(|value| self.decode(&value.map_err(|error| self.store.failed(error))?))
            .collect::<Result<Vec<_>, _>>()?;
        records.sort_by_cached_key(|record| (record.signature.clone(), record.id()));
        Ok(records)
    }

    fn decode(&self, value: &[u8]) -> Result<Record, KbError> {
        serde_json::from_slice(value).map_err(|error| self.store.damaged(format!("a record is no record: {error}")))
    }

    pub(super) fn is_published(&self) -> Result<bool, KbError> {
        let published = published::generation(&learned_path(&self.store.dir));
        let nothing_to_publish = self.number("generation")? == 0 && self.store.statistics()?.all()?.is_empty();
        Ok(published == Some(self.generation()?) || (published.is_none() && nothing_to_publish))
    }

    fn generation(&self) -> Result<String, KbError> {
        Ok(format!("{}-{}-{}", self.store.machine.0, self.number("generation")?, self.store.statistics()?.digest()?))
    }
}

impl Store {
    /// Replaces what readers see of the records and counters with what is in the store now. A store that is dropped does it too.
    ///
    /// # Errors
    /// [`KbError::NoSpace`] or [`KbError::File`]; readers then still see what was published before.
    pub fn publish_learned(&self) -> Result<(), KbError> {
        let learned = self.learned()?;
        let published = Published::new(learned.generation()?, learned.all()?, self.statistics()?.all()?);
        published.write(&learned_path(&self.dir))?;
        self.unpublished.store(false, Ordering::Relaxed);
        Ok(())
    }
}
