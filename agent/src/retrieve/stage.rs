//! The knowledge base of this machine: opened, and built anew where it is missing or its sources have changed.
use crate::exit::RunError;
use crate::workshop::chain;
use flightsmith_kb::{Built, HashedNgrams, KbError, KnowledgeBase, Sources, snapshot_path};
use std::path::{Path, PathBuf};

fn folder(cache: &Path) -> PathBuf {
    cache.join("kb")
}

/// Builds it from the sources of SDK, template and examples below `source_root`, and the MAVLink definitions.
pub fn build(source_root: &Path, cache: &Path) -> Result<Built, RunError> {
    let folder = folder(cache);
    flightsmith_kb::build(&Sources::of_tree(source_root), &folder, &HashedNgrams)
        .map_err(|error| failed(&folder, &error))
}

/// Opens it; builds it first where it is missing, damaged or stale.
pub fn open(source_root: &Path, cache: &Path) -> Result<KnowledgeBase, RunError> {
    let folder = folder(cache);
    let snapshot = snapshot_path(&folder);
    let sources = Sources::of_tree(source_root);
    if let Ok(kb) = KnowledgeBase::open_snapshot(&snapshot)
        && kb.is_stale(&sources).is_ok_and(|stale| !stale)
    {
        return Ok(kb);
    }
    build(source_root, cache)?;
    KnowledgeBase::open_snapshot(&snapshot).map_err(|error| failed(&folder, &error))
}

fn failed(folder: &Path, error: &KbError) -> RunError {
    RunError::files(folder, chain(error))
}
