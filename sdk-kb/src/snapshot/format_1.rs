//! Snapshots of format 1, read so that who cannot build still has the knowledge base that was there: magic, version, SHA-256 of the
//! rest, length of a JSON head (u64 LE), the head with all items, then the vectors (f32 LE) in the order of the items.
use crate::error::KbError;
use crate::item::Item;
use crate::numbers;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub(super) const VERSION: u32 = 1;

#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) embedder: String,
    pub(super) dims: usize,
    pub(super) sources_digest: String,
    pub(super) items: Vec<Item>,
}

/// Reads on from behind the version.
pub(super) fn read(mut file: File, path: &Path) -> Result<(Head, Vec<f32>), KbError> {
    let damaged = |reason: &str| KbError::Damaged { path: path.to_owned(), reason: reason.to_owned() };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|source| KbError::of_file(path, source))?;
    let (digest, body) = bytes.split_at_checked(32).ok_or_else(|| damaged("shorter than its header"))?;
    if digest != Sha256::digest(body).as_slice() {
        return Err(damaged("its content does not have the digest that it states"));
    }
    let (length, rest) = body.split_at_checked(8).ok_or_else(|| damaged("no content"))?;
    let length = length.iter().rev().fold(0, |v, b| v << 8 | usize::from(*b));
    let (head, vectors) = rest.split_at_checked(length).ok_or_else(|| damaged("content shorter than stated"))?;
    let head: Head = serde_json::from_slice(head).map_err(|error| damaged(&error.to_string()))?;
    let vectors = numbers::f32_of_bytes(vectors);
    if head.dims == 0 || vectors.len() != head.items.len() * head.dims {
        return Err(damaged("the vectors do not match the items"));
    }
    Ok((head, vectors))
}
