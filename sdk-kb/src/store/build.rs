//! From sources to a published snapshot. Items whose source has not changed keep their vectors.
use super::{ADDED, ITEMS, Store, vectors_tree};
use crate::corpus::Sources;
use crate::embed::Embedder;
use crate::error::KbError;
use crate::item::Item;
use crate::numbers;
use crate::record::{Stamp, Stamped};
use crate::snapshot::{Assembly, Snapshot};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// An item, text and code together, takes at most this many bytes.
const ITEM_BYTES: usize = 1 << 20;
/// How many texts are embedded at a time.
const BATCH: usize = 64;
/// An index of which this part was removed is built anew.
const REMOVED_MOST: f32 = 0.1;

/// What a build did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Items in the knowledge base now.
    pub items: usize,
    /// New or changed since the last build.
    pub embedded: usize,
    /// Gone since the last build.
    pub removed: usize,
    /// Where the snapshot is.
    pub snapshot: PathBuf,
}

/// Where the snapshot of the knowledge base in `dir` is.
pub fn snapshot_path(dir: &Path) -> PathBuf {
    dir.join("snapshot.kb")
}

/// Reads the sources, brings the store in `dir` up to date and publishes a new snapshot. Readers are not disturbed.
///
/// # Errors
/// [`KbError::Busy`] while another process builds there, [`KbError::Damaged`] when the store is, [`KbError::Embedding`],
/// [`KbError::TooLarge`], [`KbError::NoSpace`]; [`KbError::File`] and [`KbError::NotRust`] for the sources.
pub fn build(sources: &Sources, dir: &Path, embedder: &dyn Embedder) -> Result<Built, KbError> {
    let sources_digest = sources.digest(embedder.id())?;
    let items = sources.read()?;
    Store::open(dir)?.build(items, sources_digest, embedder)
}

/// What a person added beside the sources, or has removed (then absent).
pub(crate) type AddedItem = Stamped<Option<Item>>;

impl Store {
    /// As [`build`], with what the caller has read from the sources.
    ///
    /// # Errors
    /// As there.
    pub fn build(&self, items: Vec<Item>, sources_digest: String, embedder: &dyn Embedder) -> Result<Built, KbError> {
        let _alone = self.change_alone();
        self.keep_items(&items)?;
        let mut all: BTreeMap<String, Item> = items.into_iter().map(|item| (item.id.clone(), item)).collect();
        for (id, added) in self.added_items()? {
            match added.value {
                Some(item) => all.entry(id).or_insert(item),
                None => {
                    all.remove(&id);
                    continue;
                }
            };
        }
        let (vectors, embedded, removed) = self.vectors(&all, embedder)?;
        super::flush(&self.db, &self.store_dir())?;
        let mut assembly = Assembly::new(embedder.id().to_owned(), embedder.dims(), sources_digest);
        for (item, vector) in all.values().zip(&vectors) {
            assembly.add(item, vector);
        }
        let path = snapshot_path(&self.dir);
        assembly.finish().publish(&path)?;
        Ok(Built { items: all.len(), embedded, removed, snapshot: path })
    }

    /// Writes which items the sources gave, where that has changed.
    fn keep_items(&self, items: &[Item]) -> Result<(), KbError> {
        let tree = self.tree(ITEMS)?;
        let failed = |error| self.failed(error);
        let mut batch = sled::Batch::default();
        let mut ids = std::collections::HashSet::new();
        for item in items {
            let value = self.encode_item(item)?;
            if tree.get(&item.id).map_err(failed)?.as_deref() != Some(value.as_slice()) {
                batch.insert(item.id.as_bytes(), value);
            }
            ids.insert(item.id.as_bytes());
        }
        for key in tree.iter().keys() {
            let key = key.map_err(failed)?;
            if !ids.contains(key.as_ref()) {
                batch.remove(key);
            }
        }
        tree.apply_batch(batch).map_err(failed)
    }

    fn encode_item(&self, item: &Item) -> Result<Vec<u8>, KbError> {
        let value = serde_json::to_vec(item).map_err(|error| self.damaged(error.to_string()))?;
        if value.len() > ITEM_BYTES {
            return Err(KbError::TooLarge { what: format!("item {}", item.id), bytes: value.len(), limit: ITEM_BYTES });
        }
        Ok(value)
    }

    /// The vectors of `items` in their order; how many are new, and how many were dropped.
    fn vectors(
        &self,
        items: &BTreeMap<String, Item>,
        embedder: &dyn Embedder,
    ) -> Result<(Vec<Vec<f32>>, usize, usize), KbError> {
        let failed = |error| self.failed(error);
        let tree = self.tree(&vectors_tree(embedder.id()))?;
        let mut vectors: Vec<Option<Vec<f32>>> = Vec::with_capacity(items.len());
        let mut missing = Vec::new();
        for (place, item) in items.values().enumerate() {
            let text = item.gist();
            let digest: [u8; 32] = Sha256::digest(&text).into();
            let known = tree.get(&item.id).map_err(failed)?;
            let known = known.as_deref().and_then(|value| read_vector(value, &digest, embedder.dims()));
            if known.is_none() {
                missing.push((place, item.id.as_str(), digest, text));
            }
            vectors.push(known);
        }
        let embedded = missing.len();
        for part in missing.chunks(BATCH) {
            let texts: Vec<String> = part.iter().map(|(.., text)| text.clone()).collect();
            for ((place, id, digest, _), vector) in part.iter().zip(embedder.embed_all(&texts)?) {
                let mut value = digest.to_vec();
                value.extend(numbers::bytes_of_f32(&vector));
                tree.insert(id, value).map_err(failed)?;
                vectors[*place] = Some(vector);
            }
        }
        let mut removed = 0;
        for key in tree.iter().keys() {
            let key = key.map_err(failed)?;
            if !items.contains_key(String::from_utf8_lossy(&key).as_ref()) {
                tree.remove(&key).map_err(failed)?;
                removed += 1;
            }
        }
        let vectors: Vec<Vec<f32>> = vectors.into_iter().flatten().collect();
        if vectors.len() != items.len() {
            return Err(self.damaged("the embedding gave fewer vectors than texts"));
        }
        Ok((vectors, embedded, removed))
    }

    /// Adds an item that no source has; the next build publishes it. The sources win where they have one of its id.
    ///
    /// # Errors
    /// [`KbError::TooLarge`], [`KbError::NoSpace`], [`KbError::Damaged`] or [`KbError::File`].
    pub fn add_item(&self, item: &Item) -> Result<(), KbError> {
        self.encode_item(item)?;
        self.set_added(&item.id, Some(item.clone()))
    }

    /// Takes an item out, whoever brought it, and out of the published snapshot at once: searches pass it over. The index is built
    /// anew by the next build, which this does itself where a tenth of the index has gone.
    ///
    /// # Errors
    /// [`KbError::NoRecord`] where there is none, and as [`Self::build`].
    pub fn remove_item(&self, id: &str, embedder: &dyn Embedder) -> Result<(), KbError> {
        let path = snapshot_path(&self.dir);
        let mut snapshot = Snapshot::read(&path)?;
        let number = snapshot.bodies.number_of(id).filter(|number| !snapshot.is_removed(*number));
        let number = number.ok_or_else(|| KbError::NoRecord { id: id.to_owned() })?;
        self.set_added(id, None)?;
        let removed = snapshot.remove(number);
        if removed as f32 > REMOVED_MOST * snapshot.bodies.len() as f32 && snapshot.embedder == embedder.id() {
            let items = self.source_items()?;
            return self.build(items, snapshot.sources_digest, embedder).map(|_| ());
        }
        snapshot.publish(&path)
    }

    fn set_added(&self, id: &str, value: Option<Item>) -> Result<(), KbError> {
        let _alone = self.change_alone();
        let clock = self.next_stamp_count()?;
        let added: AddedItem = Stamped { stamp: Stamp { count: clock, machine: self.machine.clone() }, value };
        self.insert_added(id, &added)?;
        self.commit()
    }

    fn insert_added(&self, id: &str, added: &AddedItem) -> Result<(), KbError> {
        let value = serde_json::to_vec(added).map_err(|error| self.damaged(error.to_string()))?;
        self.tree(ADDED)?.insert(id, value).map_err(|error| self.failed(error))?;
        self.raise_clock(added.stamp.count)
    }

    /// What was added or removed beside the sources.
    pub(crate) fn added_items(&self) -> Result<BTreeMap<String, AddedItem>, KbError> {
        let entries = self.tree(ADDED)?.iter();
        let decoded = entries.map(|entry| {
            let (id, value) = entry.map_err(|error| self.failed(error))?;
            let added = serde_json::from_slice(&value).map_err(|error| self.damaged(error.to_string()))?;
            Ok((String::from_utf8_lossy(&id).into_owned(), added))
        });
        decoded.collect()
    }

    /// Takes in what another machine has added; returns how many that changed.
    pub(crate) fn merge_added(&self, others: &BTreeMap<String, AddedItem>) -> Result<usize, KbError> {
        let _alone = self.change_alone();
        let known = self.added_items()?;
        let mut changed = 0;
        for (id, other) in others {
            if known.get(id).is_none_or(|known| other.stamp > known.stamp) {
                self.insert_added(id, other)?;
                changed += 1;
            }
        }
        if changed > 0 {
            self.commit()?;
        }
        Ok(changed)
    }

    /// What the sources gave at the last build.
    fn source_items(&self) -> Result<Vec<Item>, KbError> {
        let values = self.tree(ITEMS)?.iter().values();
        let decoded = values.map(|value| {
            let value = value.map_err(|error| self.failed(error))?;
            serde_json::from_slice(&value).map_err(|error| self.damaged(error.to_string()))
        });
        decoded.collect()
    }
}

fn read_vector(value: &[u8], digest: &[u8], dims: usize) -> Option<Vec<f32>> {
    let (known, vector) = value.split_at_checked(32)?;
    (known == digest && vector.len() == 4 * dims).then(|| numbers::f32_of_bytes(vector))
}
