//! Counters by name: how many repairs a rung has made, how many compiles it took. Each machine counts for itself; the sum is what counts.
use super::{STATISTICS, Store};
use crate::error::KbError;
use crate::record::{Counter, hex, merge_counter};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The counters of a [`Store`].
pub struct Statistics<'store> {
    store: &'store Store,
    tree: sled::Tree,
}

impl<'store> Statistics<'store> {
    pub(super) fn new(store: &'store Store) -> Result<Self, KbError> {
        Ok(Self { store, tree: store.tree(STATISTICS)? })
    }

    /// Raises the counters, all in one step.
    ///
    /// # Errors
    /// [`KbError::Damaged`], [`KbError::NoSpace`] or [`KbError::File`].
    pub fn add(&self, raises: &[(&str, u64)]) -> Result<(), KbError> {
        let _alone = self.store.change_alone();
        let mut batch = sled::Batch::default();
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for (name, by) in raises {
            *sums.entry(name).or_default() += by;
        }
        for (name, by) in sums {
            let mut counter = self.counter(name)?;
            let own = counter.entry(self.store.machine.clone()).or_default();
            *own = own.saturating_add(by);
            batch.insert(name, encode(&counter));
        }
        self.tree.apply_batch(batch).map_err(|error| self.store.failed(error))?;
        self.store.commit()
    }

    /// Every counter by machine.
    ///
    /// # Errors
    /// [`KbError::Damaged`] or [`KbError::File`].
    pub fn all(&self) -> Result<BTreeMap<String, Counter>, KbError> {
        let mut all = BTreeMap::new();
        for entry in self.tree.iter() {
            let (name, value) = entry.map_err(|error| self.store.failed(error))?;
            all.insert(String::from_utf8_lossy(&name).into_owned(), self.decode(&value)?);
        }
        Ok(all)
    }

    /// Takes in another machine's counters; twice changes nothing.
    ///
    /// # Errors
    /// [`KbError::Damaged`], [`KbError::NoSpace`] or [`KbError::File`].
    pub fn merge(&self, others: &BTreeMap<String, Counter>) -> Result<(), KbError> {
        let _alone = self.store.change_alone();
        let mut batch = sled::Batch::default();
        for (name, other) in others {
            let mut counter = self.counter(name)?;
            merge_counter(&mut counter, other);
            batch.insert(name.as_str(), encode(&counter));
        }
        self.tree.apply_batch(batch).map_err(|error| self.store.failed(error))?;
        self.store.commit()
    }

    /// Changes with every change.
    pub(super) fn digest(&self) -> Result<String, KbError> {
        let text = serde_json::to_vec(&self.all()?).unwrap_or_default();
        Ok(hex(&Sha256::digest(text)[..4]))
    }

    fn counter(&self, name: &str) -> Result<Counter, KbError> {
        let known = self.tree.get(name).map_err(|error| self.store.failed(error))?;
        known.map(|value| self.decode(&value)).transpose().map(Option::unwrap_or_default)
    }

    fn decode(&self, value: &[u8]) -> Result<Counter, KbError> {
        serde_json::from_slice(value).map_err(|error| self.store.damaged(format!("a counter is no counter: {error}")))
    }
}

fn encode(counter: &Counter) -> Vec<u8> {
    serde_json::to_vec(counter).unwrap_or_default()
}
