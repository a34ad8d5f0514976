//! Where knowledge comes from. Each source is read by code into [`Item`]s; nothing is written by hand or by a model.
pub mod examples;
pub mod mavlink;
pub mod rust_source;

use crate::error::KbError;
use crate::item::Item;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Raised when the same sources make other items.
const READER_VERSION: u32 = 1;

/// The sources of a knowledge base.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Rust crates whose public items are taken.
    pub rust: Vec<RustSource>,
    /// A folder with one folder an example (`brief.md`, `mission.rs`).
    pub examples: Option<PathBuf>,
    /// The MAVLink definitions that are built in.
    pub mavlink: bool,
}

/// A crate to take public items from.
#[derive(Debug, Clone)]
pub struct RustSource {
    /// Its name in Rust, `flightsmith_sdk`.
    pub name: String,
    /// Its `src` folder.
    pub src: PathBuf,
    /// SPDX expression of its licence.
    pub licence: String,
}

impl Sources {
    /// Only what is built in.
    pub fn mavlink_only() -> Self {
        Self { mavlink: true, ..Self::default() }
    }

    /// Everything in a flightsmith source tree: the SDK, the vocabulary that it re-exports, the examples, MAVLink.
    pub fn of_tree(root: &Path) -> Self {
        let rust = |name: &str, src: &str| RustSource {
            name: name.into(),
            src: root.join(src),
            licence: "Apache-2.0 OR MIT".into(),
        };
        let examples = root.join("examples");
        Self {
            rust: vec![rust("flightsmith_sdk", "sdk/src"), rust("flightsmith_mission", "crates/mission/src")],
            examples: examples.is_dir().then_some(examples),
            mavlink: true,
        }
    }

    /// All items, sorted by id.
    ///
    /// # Errors
    /// [`KbError::File`] and [`KbError::NotRust`], which name the file.
    pub fn read(&self) -> Result<Vec<Item>, KbError> {
        let mut items = Vec::new();
        for source in &self.rust {
            items.extend(rust_source::read(source)?);
        }
        if let Some(examples) = &self.examples {
            items.extend(examples::read(examples)?);
        }
        if self.mavlink {
            items.extend(mavlink::items());
        }
        items.sort_by(|a, b| a.id.cmp(&b.id));
        // Two blocks `impl X` may each have what is one item by name (behind different features): the first stays.
        items.dedup_by(|a, b| a.id == b.id);
        Ok(items)
    }

    /// SHA-256 over everything that a build depends on.
    ///
    /// # Errors
    /// [`KbError::File`].
    pub fn digest(&self, embedder: &str) -> Result<String, KbError> {
        let mut hasher = Sha256::new();
        let mut add = |part: &[u8]| {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        };
        add(&READER_VERSION.to_le_bytes());
        add(embedder.as_bytes());
        let mut folders: Vec<(&str, &Path, Vec<PathBuf>)> = Vec::new();
        for source in &self.rust {
            folders.push((&source.name, &source.src, files(&source.src, &["rs"])?));
        }
        if let Some(examples) = &self.examples {
            folders.push(("examples", examples, files(examples, &["rs", "md"])?));
        }
        for (name, folder, files) in folders {
            add(name.as_bytes());
            for file in files {
                let relative = file.strip_prefix(folder).unwrap_or(&file);
                add(relative.to_string_lossy().as_bytes());
                add(&std::fs::read(&file).map_err(|source| KbError::File { path: file, source })?);
            }
        }
        if self.mavlink {
            add(mavlink::DEFINITIONS.as_bytes());
        }
        Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// The files under `folder` with one of these extensions, sorted.
fn files(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, KbError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let failed = |source| KbError::File { path: folder.clone(), source };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            if entry.file_type().map_err(failed)?.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A text file.
fn read_text(path: &Path) -> Result<String, KbError> {
    std::fs::read_to_string(path).map_err(|source| KbError::File { path: path.to_owned(), source })
}
