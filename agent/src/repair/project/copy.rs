//! The copy of a project that is worked on.
//!
//! Links are not copied: the copy is read and written by this program, outside the sandbox, and a link in a hostile project could lead
//! to any file of the user. It leaves to others: building.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flightsmith_toolchain::process::{self, Limits};

use super::{FETCH, FileChange, FixError, FixTools, at};

/// Most bytes and files of a project.
const MAX_BYTES: u64 = 64 << 20;
const MAX_FILES: u64 = 10_000;

/// A copy of a project in a temporary folder, with the texts of its Rust sources at hand.
pub(super) struct ProjectCopy {
    original: PathBuf,
    workspace: tempfile::TempDir,
    original_texts: BTreeMap<PathBuf, String>,
    texts: BTreeMap<PathBuf, String>,
    has_features: bool,
}

impl ProjectCopy {
    /// Copies a project without version control, build output and links, and fetches what its manifests ask for.
    ///
    /// cargo's configuration in the project can name programs to run (wrappers, credential helpers), so fetching, which happens outside
    /// the sandbox, is done before that configuration is copied.
    pub(super) fn of(original: &Path, tools: FixTools<'_>) -> Result<Self, FixError> {
        let workspace =
            tempfile::Builder::new().prefix("flightsmith-fix-").tempdir().map_err(at(&std::env::temp_dir()))?;
        let mut copy = Self {
            original: original.to_owned(),
            workspace,
            original_texts: BTreeMap::new(),
            texts: BTreeMap::new(),
            has_features: false,
        };
        let mut counted = (0, 0);
        copy.copy_folder(Path::new(""), &mut counted)?;
        copy.fetch(tools)?;
        let configuration = Path::new(".cargo");
        if copy.original.join(configuration).symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
            copy.copy_folder(configuration, &mut counted)?;
        }
        copy.original_texts = copy.texts.clone();
        tools.sandbox.hand_over(&copy.folder()).map_err(at(&copy.folder()))?;
        Ok(copy)
    }

    /// The folder of the copy.
    pub(super) fn folder(&self) -> PathBuf {
        self.workspace.path().join("project")
    }

    /// A folder beside the copy, for the build's output.
    pub(super) fn output_folder(&self) -> PathBuf {
        self.workspace.path().join("target")
    }

    /// The project's Rust sources as they are in the copy.
    pub(super) fn texts(&self) -> &BTreeMap<PathBuf, String> {
        &self.texts
    }

    /// Whether a manifest of it declares features.
    pub(super) fn has_features(&self) -> bool {
        self.has_features
    }

    /// Writes the texts that differ into the copy.
    pub(super) fn write(&mut self, texts: BTreeMap<PathBuf, String>) -> Result<(), FixError> {
        for (path, text) in &texts {
            if self.texts.get(path) != Some(text) {
                let file = self.folder().join(path);
                fs::write(&file, text).map_err(at(&file))?;
            }
        }
        self.texts = texts;
        Ok(())
    }

    /// What is different in `texts` from the project as it was.
    pub(super) fn changes(&self, texts: &BTreeMap<PathBuf, String>) -> Vec<FileChange> {
        let changed = self.original_texts.iter().filter_map(|(path, before)| {
            let after = texts.get(path)?;
            (after != before).then(|| FileChange { path: path.clone(), before: before.clone(), after: after.clone() })
        });
        changed.collect()
    }

    /// Writes changes into the project: all of them or, as far as a file system lets that be, none; none if a file was changed meanwhile
    /// or is read-only.
    pub(super) fn write_back(&self, changes: &[FileChange]) -> Result<(), FixError> {
        let mut ready = Vec::new();
        for change in changes {
            let path = self.original.join(&change.path);
            let metadata = path.symlink_metadata().map_err(at(&path))?;
            if !metadata.is_file() || fs::read_to_string(&path).map_err(at(&path))? != change.before {
                return Err(FixError::ChangedMeanwhile { path });
            }
            // Renaming over it would get around what its owner has said.
            if metadata.permissions().readonly() {
                return Err(FixError::ReadOnly { path });
            }
            let folder = path.parent().unwrap_or(&self.original);
            let mut new = tempfile::NamedTempFile::new_in(folder).map_err(at(&path))?;
            new.write_all(change.after.as_bytes()).map_err(at(&path))?;
            new.as_file().set_permissions(metadata.permissions()).map_err(at(&path))?;
            ready.push((new, path));
        }
        for (new, path) in ready {
            new.persist(&path).map_err(|error| FixError::Files { path: path.clone(), source: error.error })?;
        }
        Ok(())
    }

    fn copy_folder(&mut self, inside: &Path, counted: &mut (u64, u64)) -> Result<(), FixError> {
        let (from, to) = (self.original.join(inside), self.folder().join(inside));
        fs::create_dir_all(&to).map_err(at(&to))?;
        for entry in fs::read_dir(&from).map_err(at(&from))? {
            let entry = entry.map_err(at(&from))?;
            let (path, name) = (inside.join(entry.file_name()), entry.file_name());
            let metadata = entry.path().symlink_metadata().map_err(at(&entry.path()))?;
            if metadata.is_dir() {
                let is_build_output = name == "target" && entry.path().join("CACHEDIR.TAG").exists();
                if !is_build_output
                    && ![".git", ".hg", ".jj", ".cargo", "node_modules"].iter().any(|skipped| name == *skipped)
                {
                    self.copy_folder(&path, counted)?;
                }
            } else if metadata.is_file() {
                *counted = (counted.0 + metadata.len(), counted.1 + 1);
                let too_large = |limit, unit| Err(FixError::TooLarge { path: self.original.clone(), limit, unit });
                if counted.0 > MAX_BYTES {
                    return too_large(MAX_BYTES, "bytes");
                }
                if counted.1 > MAX_FILES {
                    return too_large(MAX_FILES, "files");
                }
                let copied = self.folder().join(&path);
                fs::copy(entry.path(), &copied).map_err(at(&entry.path()))?;
                self.has_features |= path.ends_with("Cargo.toml")
                    && fs::read_to_string(&copied).is_ok_and(|text| text.contains("[features]"));
                if path.extension().is_some_and(|extension| extension == "rs")
                    && let Ok(text) = fs::read_to_string(&copied)
                {
                    self.texts.insert(path, text);
                }
            }
        }
        Ok(())
    }

    /// Lets cargo download what the manifests name, and write the lock file if there is none. Nothing of the project runs. Should it
    /// fail (no network), the build, which is offline, tells whether that matters.
    fn fetch(&self, tools: FixTools<'_>) -> Result<(), FixError> {
        let fetch = |offline: bool| {
            let mut invocation = tools.host.invocation(&tools.toolchain.cargo, Limits::wall(FETCH)).arg("fetch");
            if offline {
                invocation = invocation.arg("--offline");
            }
            process::run(&invocation.env("RUSTC", &tools.toolchain.rustc).cwd(self.folder()))
        };
        // Offline first: what is there needs no server, and no time.
        if !fetch(true)?.success() {
            fetch(false)?;
        }
        Ok(())
    }
}
