//! The store that a build works on: sled, one writer. Items whose source has not changed keep their vectors.
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
    std::fs::create_dir_all(dir).map_err(|source| KbError::File { path: dir.to_owned(), source })?;
    let store_dir = dir.join("store");
    let failed = |error: sled::Error| store_error(&store_dir, error);
    let store = open(&store_dir)?;
    // One tree an embedding: a change of embedding embeds everything anew.
    let tree = store.open_tree(embedder.id()).map_err(failed)?;
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
    store.flush().map_err(failed)?;
    let path = snapshot_path(dir);
    let built = Built { items: items.len(), embedded, removed, snapshot: path.clone() };
    Snapshot { embedder: embedder.id().to_owned(), sources_digest, items, vectors }.publish(&path, embedder.dims())?;
    Ok(built)
}

/// Keeps every other process, and every build, out of the store in `dir` until it is dropped; readers of the snapshot are not disturbed.
///
/// # Errors
/// As [`build`] for the store.
pub fn hold(dir: &Path) -> Result<Held, KbError> {
    std::fs::create_dir_all(dir).map_err(|source| KbError::File { path: dir.to_owned(), source })?;
    Ok(Held { _store: open(&dir.join("store"))? })
}

/// See [`hold`].
pub struct Held {
    _store: sled::Db,
}

fn open(dir: &Path) -> Result<sled::Db, KbError> {
    // sled makes a new store of a folder whose configuration file is unreadable in some ways and panics in others; a store that
    // cannot be opened for whatever reason is damaged for our purposes.
    let opened = std::panic::catch_unwind(|| sled::Config::new().path(dir).flush_every_ms(None).open());
    match opened {
        Ok(opened) => opened.map_err(|error| store_error(dir, error)),
        Err(_) => Err(KbError::Damaged { path: dir.to_owned(), reason: "the store cannot be opened".into() }),
    }
}

fn store_error(dir: &Path, error: sled::Error) -> KbError {
    match error {
        // sled says so in words only: "could not acquire lock on ..".
        sled::Error::Io(io) if io.to_string().contains("acquire lock") => KbError::Busy { path: dir.to_owned() },
        sled::Error::Io(source) if source.kind() != std::io::ErrorKind::UnexpectedEof => {
            KbError::File { path: dir.to_owned(), source }
        }
        other => KbError::Damaged { path: dir.to_owned(), reason: other.to_string() },
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
