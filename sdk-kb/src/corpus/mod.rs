//! Where knowledge comes from. Each source is read by code into [`Item`]s, and every item says where it is from and under which licence.
//!
//! Read from the product itself: the SDK ([`rust_source`]), examples, the SDK's mistakes. Made from definitions: [`mavlink`]. Handed in
//! by the caller: the compiler's explanations ([`compiler`]). Written by people for this purpose, in `sdk-kb/corpus`: Rust tasks and
//! flights ([`tasks`]), short entries ([`entries`]), and what people call the SDK's items (`asked`).
mod asked;
pub mod compiler;
pub mod entries;
pub mod examples;
mod looks;
pub mod mavlink;
pub mod mistakes;
pub mod rust_source;
pub mod tasks;

use crate::error::KbError;
use crate::item::Item;
use compiler::CompilerTexts;
pub use looks::Looks;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Raised when the same sources make other items.
const READER_VERSION: u32 = 5;

/// The sources of a knowledge base.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Rust crates whose public items are taken.
    pub rust: Vec<RustSource>,
    /// A folder with one folder an example (`brief.md`, `mission.rs`).
    pub examples: Option<PathBuf>,
    /// The folder `corpus`: Rust tasks, flights, entries.
    pub corpus: Option<PathBuf>,
    /// The folder with the SDK's mistakes and their right versions.
    pub mistakes: Option<PathBuf>,
    /// The explanations of the compiler in use.
    pub compiler: Option<CompilerTexts>,
    /// The version of the SDK that what is about it is pinned to.
    pub sdk_version: Option<String>,
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

    /// Everything in a flightsmith source tree: the SDK, the vocabulary that it re-exports, examples, mistakes, corpus, MAVLink. The
    /// compiler's explanations are no part of the tree: add them by [`Self::with_compiler`].
    pub fn of_tree(root: &Path) -> Self {
        let rust = |name: &str, src: &str| RustSource {
            name: name.into(),
            src: root.join(src),
            licence: "Apache-2.0 OR MIT".into(),
        };
        let folder = |path: &str| Some(root.join(path)).filter(|path| path.is_dir());
        Self {
            rust: vec![rust("flightsmith_sdk", "sdk/src"), rust("flightsmith_mission", "crates/mission/src")],
            examples: folder("examples"),
            corpus: folder("sdk-kb/corpus"),
            mistakes: folder("sdk/tests/mistakes"),
            compiler: None,
            sdk_version: version_of_tree(root),
            mavlink: true,
        }
    }

    /// The same with the explanations of a compiler.
    #[must_use]
    pub fn with_compiler(self, compiler: Option<CompilerTexts>) -> Self {
        Self { compiler, ..self }
    }

    /// All items, sorted by id.
    ///
    /// # Errors
    /// [`KbError::File`], [`KbError::NotRust`] and [`KbError::Malformed`], which name the file.
    pub fn read(&self) -> Result<Vec<Item>, KbError> {
        let mut items = Vec::new();
        for source in &self.rust {
            items.extend(rust_source::read(source)?);
        }
        if let Some(examples) = &self.examples {
            items.extend(examples::read(examples)?);
        }
        if let Some(corpus) = &self.corpus {
            items.extend(tasks::read(corpus)?);
            items.extend(entries::read(corpus)?);
        }
        if let Some(mistakes) = &self.mistakes {
            items.extend(mistakes::read(mistakes)?);
        }
        if let Some(compiler) = &self.compiler {
            items.extend(compiler::items(compiler));
        }
        if self.mavlink {
            items.extend(mavlink::items());
        }
        if let Some(corpus) = &self.corpus {
            asked::add(corpus, &mut items)?;
        }
        for item in items.iter_mut().filter(|item| item.kind.is_about_the_sdk()) {
            item.sdk_version.clone_from(&self.sdk_version);
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
        add(self.sdk_version.as_deref().unwrap_or_default().as_bytes());
        for (name, folder, files) in self.folders()? {
            add(name.as_bytes());
            for file in files {
                let relative = file.strip_prefix(folder).unwrap_or(&file);
                add(relative.to_string_lossy().as_bytes());
                add(&std::fs::read(&file).map_err(|source| KbError::File { path: file, source })?);
            }
        }
        if let Some(compiler) = &self.compiler {
            add(compiler.version.as_bytes());
            for (code, text) in &compiler.texts {
                add(code.as_bytes());
                add(text.as_bytes());
            }
        }
        if self.mavlink {
            add(mavlink::DEFINITIONS.as_bytes());
        }
        Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Each source that is files: its name, its folder, and the files in it that are read.
    fn folders(&self) -> Result<Vec<Folder<'_>>, KbError> {
        let mut folders: Vec<Folder<'_>> = Vec::new();
        for source in &self.rust {
            folders.push((&source.name, &source.src, files(&source.src, &["rs"])?));
        }
        if let Some(examples) = &self.examples {
            folders.push(("examples", examples, files(examples, &["rs", "md"])?));
        }
        if let Some(corpus) = &self.corpus {
            folders.push(("corpus", corpus, files(corpus, &["rs", "toml"])?));
        }
        if let Some(mistakes) = &self.mistakes {
            folders.push(("mistakes", mistakes, files(mistakes, &["rs", "stderr"])?));
        }
        Ok(folders)
    }

    /// What [`Self::digest`] is made from, seen from outside: no file is read, only its length and the time of its last change. While
    /// that stays the same, so does the digest.
    ///
    /// # Errors
    /// [`KbError::File`].
    pub fn looks(&self) -> Result<Looks, KbError> {
        let mut looks = Looks::default();
        looks.add(&READER_VERSION.to_le_bytes());
        looks.add(self.sdk_version.as_deref().unwrap_or_default().as_bytes());
        for (name, _, files) in self.folders()? {
            looks.add(name.as_bytes());
            for file in files {
                looks.add_file(&file).map_err(|source| KbError::File { path: file, source })?;
            }
        }
        if let Some(compiler) = &self.compiler {
            looks.add(compiler.version.as_bytes());
            for (code, text) in &compiler.texts {
                looks.add(code.as_bytes());
                looks.add(&crc32fast::hash(text.as_bytes()).to_le_bytes());
            }
        }
        if self.mavlink {
            looks.add(&crc32fast::hash(mavlink::DEFINITIONS.as_bytes()).to_le_bytes());
        }
        Ok(looks)
    }
}

/// The name of a source, its folder, and its files.
type Folder<'s> = (&'s str, &'s Path, Vec<PathBuf>);

/// The version that all packages of the source tree at `root` share; none where its manifest does not say.
fn version_of_tree(root: &Path) -> Option<String> {
    let manifest: toml::Table = std::fs::read_to_string(root.join("Cargo.toml")).ok()?.parse().ok()?;
    Some(manifest.get("workspace")?.get("package")?.get("version")?.as_str()?.to_owned())
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

/// The files in `folder` itself with this extension, sorted.
fn files_in(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, KbError> {
    Ok(files(folder, &[extension])?.into_iter().filter(|path| path.parent() == Some(folder)).collect())
}

/// A text file.
fn read_text(path: &Path) -> Result<String, KbError> {
    std::fs::read_to_string(path).map_err(|source| KbError::File { path: path.to_owned(), source })
}
