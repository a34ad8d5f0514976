//! A mission crate's folder: what its manifest says that the compiler must be told.
//!
//! It leaves to others: the sources.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A crate with `Cargo.toml`, `src/lib.rs`, `src/main.rs` (and `src/mission.rs`, which the library includes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissionCrate {
    folder: PathBuf,
    library: String,
    program: String,
    edition: String,
}

/// Why a folder is no mission crate.
#[derive(Debug, thiserror::Error)]
pub enum CrateError {
    /// A file cannot be read.
    #[error("could not read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The manifest is none.
    #[error("{path} is no manifest of a mission crate")]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        source: toml::de::Error,
    },
}

#[derive(Deserialize)]
struct Manifest {
    package: Package,
    lib: Option<Named>,
    #[serde(default)]
    bin: Vec<Named>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    edition: Option<toml::Value>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

impl MissionCrate {
    /// Reads the manifest in `folder`. An edition that is inherited from a workspace counts as 2024.
    ///
    /// # Errors
    /// A file is missing or the manifest is none.
    pub fn open(folder: &Path) -> Result<Self, CrateError> {
        let path = folder.join("Cargo.toml");
        let text = fs::read_to_string(&path).map_err(|source| CrateError::Read { path: path.clone(), source })?;
        let manifest: Manifest = toml::from_str(&text).map_err(|source| CrateError::Manifest { path, source })?;
        for source in ["src/lib.rs", "src/main.rs"] {
            let path = folder.join(source);
            path.metadata().map_err(|source| CrateError::Read { path, source })?;
        }
        let named = |named: Option<Named>| named.and_then(|named| named.name);
        let package = manifest.package.name;
        Ok(Self {
            folder: folder.to_owned(),
            library: named(manifest.lib).unwrap_or_else(|| package.clone()).replace('-', "_"),
            program: named(manifest.bin.into_iter().next()).unwrap_or(package).replace('-', "_"),
            edition: manifest
                .package
                .edition
                .and_then(|edition| edition.as_str().map(str::to_owned))
                .unwrap_or("2024".to_owned()),
        })
    }

    /// The crate's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The library's name in source.
    #[must_use]
    pub fn library_name(&self) -> &str {
        &self.library
    }

    /// The program's file name.
    #[must_use]
    pub fn program_name(&self) -> &str {
        &self.program
    }

    /// The edition, as rustc takes it.
    #[must_use]
    pub fn edition(&self) -> &str {
        &self.edition
    }
}
