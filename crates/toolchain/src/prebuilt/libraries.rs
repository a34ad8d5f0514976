//! Making the libraries: one build with cargo, offline and locked, copied into a folder that is never written again.
//!
//! It leaves to others: compiling missions against them.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Prebuilt;
use super::cache::{self, KEY_LENGTH};
use super::kit::{self, SYSROOT};
use crate::diagnostics::{self, CargoMessage};
use crate::host::Host;
use crate::process::{self, Ending, Limits, ProcessError};
use crate::targets::{Linker, Toolchain};

/// A library and its file in the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Library {
    pub(super) name: String,
    pub(super) file: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    libraries: Vec<Library>,
    /// SHA-256 of every file, by name.
    files: BTreeMap<String, String>,
}

/// Why the libraries could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PrebuiltError {
    /// The sources are not where they should be.
    #[error("the SDK's sources are not in {workspace}: {path} cannot be read")]
    Sources {
        /// The workspace.
        workspace: PathBuf,
        /// The part that is missing.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The cache folder failed.
    #[error("could not use the cache folder {path}")]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something that the SDK depends on was never downloaded.
    #[error("dependencies of the SDK are not downloaded: {said}; run `cargo fetch --locked` in {workspace}")]
    NotFetched {
        /// The workspace.
        workspace: PathBuf,
        /// What cargo said.
        said: String,
    },
    /// The build failed.
    #[error("building the SDK for {triple} failed ({ending}): {said}")]
    Build {
        /// rustc's name of the target.
        triple: String,
        /// How cargo ended.
        ending: Ending,
        /// The compiler's errors, or the end of what cargo said.
        said: String,
    },
    /// The build succeeded, and a library is not among what it made.
    #[error("the build of the SDK made no library {name}")]
    NoLibrary {
        /// The library.
        name: String,
    },
    /// cargo could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

impl Prebuilt {
    /// The libraries for `toolchain`, if they are in the cache folder. `workspace` is the folder with the sources of SDK and runner.
    ///
    /// # Errors
    /// The sources or the cache cannot be read.
    pub fn find(toolchain: &Toolchain, workspace: &Path, cache: &Path) -> Result<Option<Self>, PrebuiltError> {
        load(toolchain, &cache.join(folder_name(toolchain, workspace)?))
    }

    /// Finds the libraries as [`Prebuilt::find`] does, or builds them (a minute or two, once), and removes older ones that nobody uses
    /// any more. Several processes may do this at once: one builds, the others wait.
    ///
    /// # Errors
    /// As [`PrebuiltError`] says.
    pub fn open(host: &Host, toolchain: &Toolchain, workspace: &Path, cache: &Path) -> Result<Self, PrebuiltError> {
        let folder = cache.join(folder_name(toolchain, workspace)?);
        if let Some(prebuilt) = load(toolchain, &folder)? {
            return Ok(prebuilt);
        }
        fs::create_dir_all(cache).map_err(at(cache))?;
        let lock_path = cache.join(format!("sdk-{}.lock", toolchain.target));
        let lock = File::create(&lock_path).map_err(at(&lock_path))?;
        lock.lock().map_err(at(&lock_path))?;
        if let Some(prebuilt) = load(toolchain, &folder)? {
            return Ok(prebuilt);
        }
        let built = build(host, toolchain, workspace, cache)?;
        let staging = folder.with_extension("new");
        store(toolchain, &built, &staging)?;
        fs::rename(&staging, &folder).map_err(at(&folder))?;
        let prebuilt = load(toolchain, &folder)?;
        // What cannot be removed now is tried again beside the next build.
        let _ = cache::prune(cache, &prefix(toolchain), &lock);
        prebuilt.ok_or_else(|| PrebuiltError::NoLibrary { name: "flightsmith_sdk".to_owned() })
    }

    /// Whether every library still has the bytes that were built.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn is_intact(&self) -> Result<bool, PrebuiltError> {
        let Some(manifest) = read_manifest(&self.folder)? else { return Ok(false) };
        for (name, digest) in &manifest.files {
            let path = self.folder.join(name);
            if sha256(&fs::read(&path).map_err(at(&path))?) != *digest {
                return Ok(false);
            }
        }
        let outermost: BTreeSet<&str> = manifest.files.keys().filter_map(|name| name.split('/').next()).collect();
        Ok(fs::read_dir(&self.folder).map_err(at(&self.folder))?.count() == outermost.len() + 1)
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> PrebuiltError + use<> {
    let path = path.to_owned();
    move |source| PrebuiltError::Cache { path, source }
}

const MANIFEST: &str = "libraries.json";

fn read_manifest(folder: &Path) -> Result<Option<Manifest>, PrebuiltError> {
    let path = folder.join(MANIFEST);
    match fs::read(&path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(PrebuiltError::Cache { path, source }),
    }
}

fn load(toolchain: &Toolchain, folder: &Path) -> Result<Option<Prebuilt>, PrebuiltError> {
    if !folder.is_dir() {
        return Ok(None);
    }
    // Before the first look: what is in use is not removed.
    let in_use = cache::in_use(folder);
    let manifest = read_manifest(folder)?;
    Ok(manifest.map(|manifest| Prebuilt {
        toolchain: toolchain.clone(),
        folder: folder.to_owned(),
        libraries: manifest.libraries,
        _in_use: in_use,
    }))
}

fn folder_name(toolchain: &Toolchain, workspace: &Path) -> Result<String, PrebuiltError> {
    Ok(format!("{}{}", prefix(toolchain), key(toolchain, workspace)?))
}

/// How the names of a target's folders begin.
fn prefix(toolchain: &Toolchain) -> String {
    format!("sdk-{}-", toolchain.target)
}

/// Everything that decides about the libraries' bytes, digested.
fn key(toolchain: &Toolchain, workspace: &Path) -> Result<String, PrebuiltError> {
    let mut digest = Sha256::new();
    let mut add = |bytes: &[u8]| {
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    };
    for text in [&toolchain.version, &toolchain.triple, &toolchain.rustflags().join(" ")] {
        add(text.as_bytes());
    }
    let kit = kit::of(toolchain.target);
    for (name, value) in kit.profile {
        add(name.as_bytes());
        add(value.as_bytes());
    }
    add(toolchain.linker.program().unwrap_or(Path::new("")).as_os_str().as_encoded_bytes());
    for part in kit.sources {
        let mut files = Vec::new();
        let at_fault = |path: &Path, source| PrebuiltError::Sources {
            workspace: workspace.to_owned(),
            path: path.to_owned(),
            source,
        };
        let mut left = vec![workspace.join(part)];
        while let Some(path) = left.pop() {
            let metadata = path.metadata().map_err(|error| at_fault(&path, error))?;
            if !metadata.is_dir() {
                files.push(path);
                continue;
            }
            for entry in path.read_dir().map_err(|error| at_fault(&path, error))? {
                let entry = entry.map_err(|error| at_fault(&path, error))?.path();
                // What a library is not made of.
                let unrelated = ["target", "tests", "examples", "benches"].map(OsStr::new);
                if !entry.is_dir() || !unrelated.contains(&entry.file_name().unwrap_or_default()) {
                    left.push(entry);
                }
            }
        }
        files.sort();
        for file in files {
            add(file.strip_prefix(workspace).unwrap_or(&file).as_os_str().as_encoded_bytes());
            add(&fs::read(&file).map_err(|error| at_fault(&file, error))?);
        }
    }
    Ok(hex(&digest.finalize())[..KEY_LENGTH].to_owned())
}

/// What was built: the named libraries, and every file that they may need.
struct Built {
    named: Vec<(String, PathBuf)>,
    files: Vec<PathBuf>,
}

fn build(host: &Host, toolchain: &Toolchain, workspace: &Path, cache: &Path) -> Result<Built, PrebuiltError> {
    let kit = kit::of(toolchain.target);
    let target_folder = cache.join("build");
    let mut limits = Limits::wall(Duration::from_secs(1200));
    limits.output_bytes = 256 << 20;
    let mut invocation = host
        .invocation(&toolchain.cargo, limits)
        .args(["build", "--release", "--locked", "--offline", "--message-format=json", "--package", kit.package])
        .args(["--target", &toolchain.triple, "--target-dir"])
        .arg(&target_folder)
        .cwd(workspace.join(kit.workspace))
        .env("RUSTC", &toolchain.rustc)
        .env("CARGO_TERM_COLOR", "never");
    for (name, value) in kit.profile {
        invocation = invocation.env(name, value);
    }
    let variable = format!("CARGO_TARGET_{}", toolchain.triple.to_uppercase().replace('-', "_"));
    if toolchain.core_sources.is_some() {
        // The only way to build the core library; what is compiled afterwards against it uses stable Rust alone.
        invocation = invocation.arg("-Zbuild-std=core,alloc").env("RUSTC_BOOTSTRAP", "1");
    }
    // Libraries are not linked; a linker that cargo looks for all the same must be one.
    if let Linker::Gcc(linker) = &toolchain.linker {
        invocation = invocation.env(format!("{variable}_LINKER"), linker);
    }
    // One space-free list: paths may hold spaces, so the encoded form.
    let mut flags = toolchain.rustflags();
    flags.push(format!("--remap-path-prefix={}=/flightsmith", workspace.display()));
    // Panics name the file, in the program itself: short names, and the same ones wherever the folders lie.
    flags.push(format!("--remap-path-prefix={}=/built", target_folder.display()));
    flags.push(format!("--remap-path-prefix={}=/cargo", host.cargo_home.display()));
    let registries = host.cargo_home.join("registry/src").read_dir().into_iter().flatten().flatten();
    flags.extend(registries.map(|registry| format!("--remap-path-prefix={}=/crates", registry.path().display())));
    invocation = invocation.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));

    let output = process::run(&invocation)?;
    let messages = diagnostics::from_cargo(&output.stdout_text());
    if !output.success() {
        return Err(failure(toolchain, workspace, output.ending, &messages, &output.stderr_text()));
    }
    let linker_files = kit.linker_files.iter().map(|file| workspace.join(file)).collect();
    let mut built = Built { named: Vec::new(), files: linker_files };
    for message in messages {
        let artifact = match message {
            CargoMessage::Artifact(artifact) => artifact,
            CargoMessage::BuildScript { out_dir, .. } => {
                // The memory map that `cortex-m-rt` has made for its target.
                built.files.extend(Some(out_dir.join("link.x")).filter(|path| path.is_file()));
                continue;
            }
            _ => continue,
        };
        let is_library = artifact.target.kind.iter().any(|kind| matches!(kind.as_str(), "lib" | "rlib" | "proc-macro"));
        // The build's own tools are compiled for this machine; of those a mission's compiler needs the procedural macros alone.
        let is_for_target =
            |path: &Path| path.components().any(|component| component.as_os_str() == toolchain.triple.as_str());
        let files = artifact.filenames.into_iter().filter(|path| match path.extension().and_then(OsStr::to_str) {
            Some("rlib") => is_for_target(path),
            Some("so") => true,
            _ => false,
        });
        for file in files.filter(|_| is_library) {
            if kit.named.contains(&artifact.target.name.as_str()) {
                built.named.push((artifact.target.name.clone(), file.clone()));
            }
            built.files.push(file);
        }
    }
    for name in kit.named {
        if !built.named.iter().any(|(built, _)| built == name) {
            return Err(PrebuiltError::NoLibrary { name: (*name).to_owned() });
        }
    }
    Ok(built)
}

fn failure(
    toolchain: &Toolchain,
    workspace: &Path,
    ending: Ending,
    messages: &[CargoMessage],
    stderr: &str,
) -> PrebuiltError {
    let offline =
        ["--offline", "no matching package", "failed to download", "unable to update registry", "needs to be updated"];
    if offline.iter().any(|words| stderr.contains(words)) {
        return PrebuiltError::NotFetched { workspace: workspace.to_owned(), said: stderr.trim().to_owned() };
    }
    let errors: Vec<&str> = messages
        .iter()
        .filter_map(|message| match message {
            CargoMessage::Diagnostic { diagnostic, .. } if diagnostic.is_error() => diagnostic.rendered.as_deref(),
            _ => None,
        })
        .collect();
    let said = if errors.is_empty() { stderr.trim().to_owned() } else { errors.join("\n") };
    PrebuiltError::Build { triple: toolchain.triple.clone(), ending, said }
}

/// Copies the files into a new folder, its manifest last.
fn store(toolchain: &Toolchain, built: &Built, folder: &Path) -> Result<(), PrebuiltError> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(at(folder))?;
    }
    fs::create_dir_all(folder).map_err(at(folder))?;
    let mut manifest = Manifest { libraries: Vec::new(), files: BTreeMap::new() };
    let name_of = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_core = ["libcore-", "liballoc-", "libcompiler_builtins-"].iter().any(|core| name.starts_with(core));
        // The compiler looks for these where its own would be.
        let own = is_core && toolchain.core_sources.is_some() && name.ends_with(".rlib");
        if own { format!("{SYSROOT}/lib/rustlib/{}/lib/{name}", toolchain.triple) } else { name }
    };
    for path in &built.files {
        let bytes = fs::read(path).map_err(at(path))?;
        let copy = folder.join(name_of(path));
        manifest.files.insert(name_of(path), sha256(&bytes));
        let parent = copy.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(at(parent))?;
        fs::write(&copy, bytes).map_err(at(&copy))?;
    }
    if let Linker::Zig(zig) = &toolchain.linker {
        let (script, path) = (zig_linker(zig), folder.join(ZIG_LINKER));
        fs::write(&path, &script).map_err(at(&path))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(at(&path))?;
        manifest.files.insert(ZIG_LINKER.to_owned(), sha256(script.as_bytes()));
    }
    manifest.libraries =
        built.named.iter().map(|(name, path)| Library { name: name.clone(), file: name_of(path) }).collect();
    manifest.libraries.sort_by(|one, other| one.name.cmp(&other.name));
    let path = folder.join(MANIFEST);
    let text = serde_json::to_vec_pretty(&manifest).expect("names and digests are text");
    fs::write(&path, text).map_err(at(&path))
}

/// The name of the script that makes a linker of zig, which is one only with a word before the arguments.
const ZIG_LINKER: &str = "zig-cc";

/// How rustc is told of the linker, for a call that no cargo makes. `libraries` is where the compiler sees the libraries.
pub(super) fn linker_args(toolchain: &Toolchain, libraries: &Path) -> Vec<String> {
    match &toolchain.linker {
        Linker::Default => Vec::new(),
        Linker::Gcc(path) | Linker::Lld(path) => vec![format!("-Clinker={}", path.display())],
        Linker::SelfContained => vec!["-Clinker=rust-lld".to_owned(), "-Clink-self-contained=yes".to_owned()],
        Linker::Zig(_) => vec![format!("-Clinker={}", libraries.join(ZIG_LINKER).display())],
    }
}

/// glibc 2.28 is Debian 10's and Ubuntu 18.10's: older than any companion computer's that is still looked after.
fn zig_linker(zig: &Path) -> String {
    format!("#!/bin/sh\nexec '{}' cc -target aarch64-linux-gnu.2.28 \"$@\"\n", zig.display())
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write;
        write!(text, "{byte:02x}").expect("writing into a string");
        text
    })
}
