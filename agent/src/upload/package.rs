//! A bundle as a person names it: a folder, the run directory around it, or a tar; opened and checked.
use crate::run_dir::names;
use flightsmith_upload::archive::{read_tar, write_tar};
use flightsmith_upload::bundle::{Bundle, BundleError};
use flightsmith_upload::key::PublicKey;
use flightsmith_upload::manifest::MANIFEST;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Why there is no bundle to upload.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// No bundle, run directory or tar.
    #[error("{} is no bundle, no run directory with a bundle, and no .tar of one", .0.display())]
    NoBundle(PathBuf),
    /// The tar cannot be read or holds something else.
    #[error("{} cannot be read as a bundle", path.display())]
    Tar {
        /// The tar.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// It is not as it was signed.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A paper that every bundle of ours has is not in it.
    #[error("the bundle has no readable {name}")]
    Paper {
        /// Which.
        name: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The contract cannot be read, so that nobody can say how far and high it goes.
    #[error("the bundle's contract.json is not readable: {0}")]
    Contract(String),
}

/// An opened bundle and where it came from.
pub struct Package {
    /// The bundle, checked.
    pub bundle: Bundle,
    /// The run directory that it lies in, if it lies in one.
    pub run: Option<PathBuf>,
    /// Keeps the unpacked tar as long as it is needed.
    _unpacked: Option<tempfile::TempDir>,
}

impl Package {
    /// Opens what `path` names; `trusted` are the keys that may have signed it (empty: any).
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn open(path: &Path, trusted: &[PublicKey]) -> Result<Self, PackageError> {
        let in_run = path.join(names::BUNDLE);
        if in_run.join(MANIFEST).is_file() {
            let bundle = Bundle::open(&in_run, trusted)?;
            return Ok(Self { bundle, run: Some(path.to_owned()), _unpacked: None });
        }
        if path.join(MANIFEST).is_file() {
            let bundle = Bundle::open(path, trusted)?;
            let is_in_run = path.file_name().is_some_and(|name| name == names::BUNDLE);
            let run = path.parent().filter(|_| is_in_run).map(Path::to_owned);
            return Ok(Self { bundle, run, _unpacked: None });
        }
        if path.is_file() {
            let failed = |source| PackageError::Tar { path: path.to_owned(), source };
            let folder = tempfile::tempdir().map_err(failed)?;
            read_tar(File::open(path).map_err(failed)?, folder.path()).map_err(failed)?;
            let bundle = Bundle::open(folder.path(), trusted)?;
            return Ok(Self { bundle, run: None, _unpacked: Some(folder) });
        }
        Err(PackageError::NoBundle(path.to_owned()))
    }

    /// Writes it as a tar whose bytes depend on the bundle alone.
    ///
    /// # Errors
    /// [`PackageError::Tar`].
    pub fn write_tar(&self, path: &Path) -> Result<(), PackageError> {
        let written = File::create(path).and_then(|file| write_tar(&self.bundle, io::BufWriter::new(file)));
        written.map_err(|source| PackageError::Tar { path: path.to_owned(), source })
    }

    /// A paper of the bundle.
    pub(super) fn text(&self, name: &'static str) -> Result<String, PackageError> {
        let text = fs::read_to_string(self.bundle.folder().join(name));
        text.map_err(|source| PackageError::Paper { name, source })
    }
}
