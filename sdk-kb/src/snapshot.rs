//! The published file: immutable, checked as a whole by a digest, replaced by a rename.
//!
//! Layout: magic, format version (u32 LE), SHA-256 of the rest, length of the JSON (u64 LE), the JSON of [`Head`], then the
//! vectors (f32 LE) in the order of the items.
use crate::error::KbError;
use crate::item::Item;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;

const MAGIC: &[u8; 8] = b"flightkb";
const VERSION: u32 = 1;
const HEADER: usize = 8 + 4 + 32;

pub(crate) struct Snapshot {
    pub(crate) embedder: String,
    pub(crate) sources_digest: String,
    pub(crate) items: Vec<Item>,
    pub(crate) vectors: Vec<Vec<f32>>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    embedder: String,
    dims: usize,
    sources_digest: String,
    items: Vec<Item>,
}

impl Snapshot {
    pub(crate) fn publish(self, path: &Path, dims: usize) -> Result<(), KbError> {
        let file_error = |source| KbError::File { path: path.to_owned(), source };
        let head = serde_json::to_vec(&Head {
            embedder: self.embedder,
            dims,
            sources_digest: self.sources_digest,
            items: self.items,
        })
        .map_err(|error| file_error(error.into()))?;
        let mut body = (head.len() as u64).to_le_bytes().to_vec();
        body.extend(head);
        for vector in &self.vectors {
            body.extend(vector.iter().flat_map(|x| x.to_le_bytes()));
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(file_error)?;
        file.write_all(MAGIC)
            .and_then(|()| file.write_all(&VERSION.to_le_bytes()))
            .and_then(|()| file.write_all(&Sha256::digest(&body)))
            .and_then(|()| file.write_all(&body))
            .and_then(|()| file.as_file().sync_all())
            .map_err(file_error)?;
        file.persist(path).map_err(|error| file_error(error.error))?;
        Ok(())
    }

    pub(crate) fn read(path: &Path) -> Result<Self, KbError> {
        let bytes = std::fs::read(path).map_err(|source| {
            if source.kind() == std::io::ErrorKind::NotFound {
                KbError::Missing { path: path.to_owned() }
            } else {
                KbError::File { path: path.to_owned(), source }
            }
        })?;
        let damaged = |reason: &str| KbError::Damaged { path: path.to_owned(), reason: reason.to_owned() };
        let header = bytes.get(..HEADER).ok_or_else(|| damaged("shorter than its header"))?;
        let (magic, rest) = header.split_at(8);
        let (version, digest) = rest.split_at(4);
        if magic != MAGIC {
            return Err(damaged("it does not begin as one"));
        }
        let found = version.iter().rev().fold(0, |v, b| v << 8 | u32::from(*b));
        if found != VERSION {
            return Err(KbError::OtherVersion { path: path.to_owned(), found, expected: VERSION });
        }
        let body = &bytes[HEADER..];
        if digest != Sha256::digest(body).as_slice() {
            return Err(damaged("its content does not have the digest that it states"));
        }
        // From here on the file is what a build wrote; what does not fit is a fault of the build.
        let (length, rest) = body.split_at_checked(8).ok_or_else(|| damaged("no content"))?;
        let length = length.iter().rev().fold(0, |v, b| v << 8 | usize::from(*b));
        let (head, vectors) = rest.split_at_checked(length).ok_or_else(|| damaged("content shorter than stated"))?;
        let head: Head = serde_json::from_slice(head).map_err(|error| damaged(&error.to_string()))?;
        let numbers: Vec<f32> =
            vectors.chunks_exact(4).map(|chunk| f32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]])).collect();
        if head.dims == 0 || numbers.len() != head.items.len() * head.dims {
            return Err(damaged("the vectors do not match the items"));
        }
        Ok(Self {
            embedder: head.embedder,
            sources_digest: head.sources_digest,
            items: head.items,
            vectors: numbers.chunks_exact(head.dims).map(<[f32]>::to_vec).collect(),
        })
    }
}
