//! The run directory: its layout, and how files get there (whole or not at all). Every stage's output is on disk before the next
//! stage starts, so that a crash loses one stage at most.
use crate::exit::RunError;
use serde::{Serialize, de::DeserializeOwned};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// An open run directory. Holds a lock: a second run into the same folder is refused.
pub struct RunDir {
    root: PathBuf,
    _lock: File,
}

/// Names inside a run directory.
pub mod names {
    #![expect(missing_docs, reason = "the names say it; the design lists them")]
    pub const REQUEST: &str = "00-request.json";
    pub const BRIEF: &str = "10-brief.md";
    pub const PLAN: &str = "20-plan.json";
    pub const CONTRACT: &str = "21-contract.json";
    pub const READBACK: &str = "22-readback.txt";
    pub const CONTEXT: &str = "30-context.md";
    pub const ATTEMPTS: &str = "40-attempts";
    pub const MISSION: &str = "50-mission";
    pub const FLIGHTS: &str = "60-flights";
    pub const BUNDLE: &str = "70-bundle";
    pub const DEPLOYMENT: &str = "80-deployment.json";
    pub const EVENTS: &str = "events.jsonl";
    pub const REPORT: &str = "report.json";
    pub const REPORT_HTML: &str = "report.html";
    pub const ARTIFACT: &str = "artifact.json";
}

/// Writes a file whole or not at all: to a temporary name beside it, synced, then renamed.
pub fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let partial = path.with_extension("partial");
    let written = File::create(&partial).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_data()
    });
    written.and_then(|()| fs::rename(&partial, path)).inspect_err(|_| {
        let _ = fs::remove_file(&partial);
    })
}

impl RunDir {
    /// A new run in `root`, which must not hold one already.
    pub fn create(root: &Path) -> Result<Self, RunError> {
        fs::create_dir_all(root).map_err(|error| RunError::files(root, error))?;
        let run = Self::lock(root)?;
        if run.has(names::REQUEST) {
            let reason = "holds a run already; choose another --out, or flightsmith resume";
            return Err(RunError::files(root, reason));
        }
        Ok(run)
    }

    /// The run that is in `root`.
    pub fn open(root: &Path) -> Result<Self, RunError> {
        if !root.join(names::REQUEST).is_file() {
            return Err(RunError::files(root, format!("is no run: has no {}", names::REQUEST)));
        }
        Self::lock(root)
    }

    fn lock(root: &Path) -> Result<Self, RunError> {
        let path = root.join(".lock");
        let lock = File::create(&path).map_err(|error| RunError::files(&path, error))?;
        match lock.try_lock() {
            Ok(()) => {
                let root = root.canonicalize().map_err(|error| RunError::files(root, error))?;
                Ok(Self { root, _lock: lock })
            }
            Err(fs::TryLockError::WouldBlock) => {
                Err(RunError::files(root, "another flightsmith is running in this folder"))
            }
            Err(fs::TryLockError::Error(error)) => Err(RunError::files(&path, error)),
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }
    /// A path inside it.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.join(name)
    }
    /// Whether that is there.
    pub fn has(&self, name: impl AsRef<Path>) -> bool {
        self.path(name).exists()
    }
    /// Writes a file whole, and the folders above it where they are missing.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Result<PathBuf, RunError> {
        let path = self.path(name);
        let failed = |error: std::io::Error| RunError::files(&path, error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        write_whole(&path, content.as_ref()).map_err(failed)?;
        Ok(path)
    }
    /// Writes a value as JSON for people.
    pub fn write_json(&self, name: impl AsRef<Path>, value: &impl Serialize) -> Result<PathBuf, RunError> {
        let mut text = serde_json::to_string_pretty(value).map_err(|error| RunError::files(self.path(&name), error))?;
        text.push('\n');
        self.write(name, text)
    }
    /// Reads a value.
    pub fn read_json<T: DeserializeOwned>(&self, name: impl AsRef<Path>) -> Result<T, RunError> {
        let path = self.path(name);
        let text = fs::read(&path).map_err(|error| RunError::files(&path, error))?;
        serde_json::from_slice(&text).map_err(|error| RunError::files(&path, error))
    }
    /// Reads a text.
    pub fn read_text(&self, name: impl AsRef<Path>) -> Result<String, RunError> {
        let path = self.path(name);
        fs::read_to_string(&path).map_err(|error| RunError::files(&path, error))
    }
}
