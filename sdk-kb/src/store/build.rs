//! From sources to a published snapshot. Items whose source has not changed keep their vectors.
use super::{Store, vectors_tree};
use crate::corpus::Sources;
use crate::embed::Embedder;
use crate::error::KbError;
use crate::item::Item;
use crate::snapshot::Snapshot;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

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
/// [`KbError::Busy`] while another process builds there, [`KbError::Damaged`] when the store is, [`KbError::File`] and
/// [`KbError::NotRust`] for the sources.
pub fn build(sources: &Sources, dir: &Path, embedder: &dyn Embedder) -> Result<Built, KbError> {
    let sources_digest = sources.digest(embedder.id())?;
    let items = sources.read()?;
    Store::open(dir)?.build(items, sources_digest, embedder)
}

impl Store {
    /// As [`build`], with items that the caller has read, sorted by id.
    ///
    /// # Errors
    /// As there.
    pub fn build(&self, items: Vec<Item>, sources_digest: String, embedder: &dyn Embedder) -> Result<Built, KbError> {
        let failed = |error| self.failed(error);
        let tree = self.tree(&vectors_tree(embedder.id()))?;
        let (mut embedded, mut removed) = (0, 0);
        let mut vectors = Vec::with_capacity(items.len());
        for item in &items {
            let digest = digest_of(item);
            let known = tree.get(&item.id).map_err(failed)?;
            let vector = match known.as_deref().and_then(|value| read_vector(value, &digest, embedder.dims())) {
                Some(vector) => vector,
                None => {
                    embedded += 1;
                    let vector = embedder.embed(&item.searchable());
                    let mut value = digest.to_vec();
                    value.extend(vector.iter().flat_map(|x| x.to_le_bytes()));
                    tree.insert(&item.id, value).map_err(failed)?;
                    vector
                }
            };
            vectors.push(vector);
        }
        for key in tree.iter().keys() {
            let key = key.map_err(failed)?;
            let gone = items.binary_search_by(|item| item.id.as_bytes().cmp(key.as_ref())).is_err();
            if gone {
                tree.remove(&key).map_err(failed)?;
                removed += 1;
            }
        }
        super::flush(&self.db, &self.store_dir())?;
        let path = snapshot_path(&self.dir);
        let built = Built { items: items.len(), embedded, removed, snapshot: path.clone() };
        let embedder_id = embedder.id().to_owned();
        Snapshot { embedder: embedder_id, sources_digest, items, vectors }.publish(&path, embedder.dims())?;
        Ok(built)
    }
}

fn digest_of(item: &Item) -> [u8; 32] {
    Sha256::digest(item.searchable()).into()
}

fn read_vector(value: &[u8], digest: &[u8], dims: usize) -> Option<Vec<f32>> {
    let (known, numbers) = value.split_at_checked(32)?;
    (known == digest && numbers.len() == 4 * dims).then(|| {
        numbers.chunks_exact(4).map(|chunk| f32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]])).collect()
    })
}
