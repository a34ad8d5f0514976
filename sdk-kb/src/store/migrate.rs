//! Stores of older formats, brought up to date.
//!
//! Format 1 had no tree `meta` and one tree an embedding, named by it, with the vectors of the items. Format 2 keeps those under
//! `vectors/`, so that records, journal and counters have names of their own.
use super::{ADDED, ITEMS, JOURNAL, LEARNED, META, STATISTICS, STORE_FORMAT, flush, store_error, vectors_tree};
use crate::error::KbError;
use std::path::Path;

/// Brings the store up to date. Killed on the way, it begins anew: the version is written last, and nothing is dropped before it.
pub(super) fn to_current(db: &sled::Db, dir: &Path) -> Result<(), KbError> {
    let store_dir = dir.join("store");
    let failed = |error| store_error(&store_dir, error);
    let meta = db.open_tree(META).map_err(failed)?;
    match meta.get("format").map_err(failed)? {
        Some(found) => match <[u8; 4]>::try_from(found.as_ref()).map(u32::from_le_bytes) {
            Ok(STORE_FORMAT) => return Ok(()),
            Ok(found) => return Err(KbError::OtherVersion { path: store_dir, found, expected: STORE_FORMAT }),
            Err(_) => return Err(KbError::Damaged { path: store_dir, reason: "its format is no number".into() }),
        },
        None => {
            let old = of_format_1(db);
            for name in &old {
                let from = db.open_tree(name).map_err(failed)?;
                let to = db.open_tree(vectors_tree(&String::from_utf8_lossy(name))).map_err(failed)?;
                for entry in from.iter() {
                    let (key, value) = entry.map_err(failed)?;
                    to.insert(key, value).map_err(failed)?;
                }
            }
            flush(db, &store_dir)?;
            meta.insert("format", &STORE_FORMAT.to_le_bytes()).map_err(failed)?;
            flush(db, &store_dir)?;
            for name in &old {
                db.drop_tree(name).map_err(failed)?;
            }
        }
    }
    flush(db, &store_dir)
}

fn of_format_1(db: &sled::Db) -> Vec<sled::IVec> {
    let ours = [META, ADDED, ITEMS, LEARNED, JOURNAL, STATISTICS, "__sled__default"];
    let is_old = |name: &sled::IVec| !ours.iter().any(|ours| name == ours.as_bytes()) && !name.starts_with(b"vectors/");
    db.tree_names().into_iter().filter(is_old).collect()
}
