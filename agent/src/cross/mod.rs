//! VerifiedCrate -> Artifact: the mission's program for the machine on the vehicle.
//!
//! The same source, judged and flown on this machine, is linked for the target against SDK and runner that were built for it once; where
//! `cross` and a container engine run, cargo does it in a container. The result carries its digest: what flies, is signed and is
//! uploaded later is this file and no other.
//!
//! For a microcontroller the same `mission.rs` goes into the firmware template, and the artifact is what is flashed: the emulated machine
//! flies that very image.
//!
//! It leaves to others: how a flight is flown and judged, and making sure that only verified crates come here (`simulate`, both).

mod firmware;
pub mod flight;
mod footprint;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::budget;
use crate::check::CheckedCrate;
use crate::exit::{RunError, chain};
use crate::request::Request;
use crate::run_dir::{RunDir, names};
use crate::simulate::VerifiedCrate;
use crate::workshop::Workshop;
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::prebuilt::{CompileError, CrateError, MissionCrate, Prebuilt};
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_toolchain::targets::{self, Cross, CrossError, Target};
use flightsmith_upload::digest::Digest;
pub use footprint::{Footprint, NotFirmware};
use serde::Serialize;

/// A program for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Artifact {
    target: String,
    triple: String,
    path: PathBuf,
    sha256: Digest,
    bytes: u64,
    /// What firmware takes of its chip.
    #[serde(skip_serializing_if = "Option::is_none")]
    footprint: Option<Footprint>,
    compiler: String,
    #[serde(skip)]
    run_with: Vec<String>,
    build_wall: Duration,
}

impl Artifact {
    /// The target's name.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// rustc's name of the target.
    #[must_use]
    pub fn triple(&self) -> &str {
        &self.triple
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// SHA-256 of the file.
    #[must_use]
    pub fn sha256(&self) -> Digest {
        self.sha256
    }

    /// The file's size.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether it is a chip's whole memory instead of a program.
    #[must_use]
    pub fn is_firmware(&self) -> bool {
        self.footprint.is_some()
    }

    /// What firmware takes of its chip; `None` for a program.
    #[must_use]
    pub fn footprint(&self) -> Option<Footprint> {
        self.footprint
    }

    /// The first line of `rustc -vV`.
    #[must_use]
    pub fn compiler(&self) -> &str {
        &self.compiler
    }

    /// What runs it on this machine (an emulator with its options), or nothing.
    #[must_use]
    pub fn run_with(&self) -> &[String] {
        &self.run_with
    }

    /// Wall time of building it.
    #[must_use]
    pub fn build_wall(&self) -> Duration {
        self.build_wall
    }
}

/// How the artifact is built.
#[derive(Debug, Clone, Copy)]
pub enum Builder<'a> {
    /// rustc against the target's prebuilt libraries, in the sandbox.
    Prebuilt {
        /// Where the compiler runs.
        sandbox: &'a Sandbox,
        /// SDK and runner for the target.
        prebuilt: &'a Prebuilt,
    },
    /// As [`Builder::Prebuilt`], with the firmware template around the mission.
    Firmware {
        /// Where the compiler runs.
        sandbox: &'a Sandbox,
        /// SDK and what is around a mission on a chip.
        prebuilt: &'a Prebuilt,
        /// Where the template is.
        sources: &'a Path,
    },
    /// `cross`, in a container without network.
    Container {
        /// The machine.
        host: &'a Host,
        /// cross-rs and its engine.
        cross: &'a Cross,
        /// The target.
        target: Target,
        /// What runs the target's programs here.
        run_with: &'a [String],
        /// Most wall time for the build.
        wall: Duration,
    },
}

/// Why there is no artifact.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// The source is not the one that was flown.
    #[error("{path} has changed since it was flown (sha256 {now}, flown {flown})")]
    Changed {
        /// The file.
        path: PathBuf,
        /// Its digest now.
        now: Digest,
        /// The digest that was flown.
        flown: Digest,
    },
    /// What compiled for this machine does not for the target.
    #[error("the mission does not compile for {triple}: {said}")]
    Compiler {
        /// rustc's name of the target.
        triple: String,
        /// The compiler's errors.
        said: String,
    },
    /// A file failed.
    #[error("could not use {path}")]
    Files {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The firmware's file is none.
    #[error("{path} is no firmware: {why}")]
    Footprint {
        /// The file.
        path: PathBuf,
        /// Why.
        why: NotFirmware,
    },
    /// The crate's folder is not as it must be.
    #[error(transparent)]
    Crate(#[from] CrateError),
    /// The compiler could not be run.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// `cross` failed.
    #[error(transparent)]
    Cross(#[from] CrossError),
}

/// Builds the artifact of a run: in cross's container where an engine runs and the target is not this machine, else with the installed
/// toolchain (rustup's target, Debian's packages or zig).
pub fn of_run(
    shop: &Workshop,
    run: &RunDir,
    request: &Request,
    sandbox: &Sandbox,
    verified: &VerifiedCrate,
) -> Result<Artifact, RunError> {
    let target = request.target()?;
    let out = run.path("artifact");
    fs::create_dir_all(&out).map_err(|error| RunError::files(&out, error))?;
    let container = if target == Target::Aarch64 { Cross::find(&shop.host).ok() } else { None };
    let built = match &container {
        Some(cross) => {
            // The container stands in for the compiler, which may be missing here; the emulator does not come with it.
            let emulator = targets::emulator(target, &shop.host);
            let run_with: Vec<String> = emulator.iter().map(|path| path.to_string_lossy().into_owned()).collect();
            let builder =
                Builder::Container { host: &shop.host, cross, target, run_with: &run_with, wall: budget::CONTAINER };
            build(verified, &out, builder)
        }
        None => {
            let prebuilt = shop.prebuilt(target)?;
            let builder = match target {
                Target::Thumbv7em => Builder::Firmware { sandbox, prebuilt: &prebuilt, sources: &shop.source_root },
                Target::Host | Target::Aarch64 => Builder::Prebuilt { sandbox, prebuilt: &prebuilt },
            };
            build(verified, &out, builder)
        }
    };
    let artifact = built.map_err(|error| RunError::files(&out, chain(&error)))?;
    run.write_json(names::ARTIFACT, &artifact)?;
    Ok(artifact)
}

/// Builds a verified crate's program for a target into the folder `out`.
///
/// # Errors
/// As [`ArtifactError`] says.
pub fn build(verified: &VerifiedCrate, out: &Path, builder: Builder<'_>) -> Result<Artifact, ArtifactError> {
    build_checked(verified.checked(), out, builder)
}

/// As [`build`], for tests of the build alone: outside this crate an artifact comes from a verified crate only.
pub(crate) fn build_checked(
    checked: &CheckedCrate,
    out: &Path,
    builder: Builder<'_>,
) -> Result<Artifact, ArtifactError> {
    let crate_folder = checked.folder();
    let source = crate_folder.join("src/mission.rs");
    let (now, flown) = (Digest::of_file(&source).map_err(at(&source))?.0, checked.source_sha256());
    if now != flown {
        return Err(ArtifactError::Changed { path: source, now, flown });
    }
    match builder {
        Builder::Prebuilt { sandbox, prebuilt } => link(sandbox, prebuilt, crate_folder, out),
        Builder::Firmware { sandbox, prebuilt, sources } => {
            let folder = out.join("firmware");
            firmware::assemble(crate_folder, sources, &folder)?;
            let mut artifact = link(sandbox, prebuilt, &folder, out)?;
            let bytes = fs::read(&artifact.path).map_err(at(&artifact.path))?;
            let why = |why| ArtifactError::Footprint { path: artifact.path.clone(), why };
            artifact.footprint = Some(Footprint::of(&bytes).map_err(why)?);
            Ok(artifact)
        }
        Builder::Container { host, cross, target, run_with, wall } => {
            let started = std::time::Instant::now();
            let built = cross.build(host, target, &crate_folder.join("Cargo.toml"), &out.join("cross"), wall)?;
            let path = out.join(built.file_name().unwrap_or_default());
            fs::copy(&built, &path).map_err(at(&built))?;
            artifact(target, target.triple(), path, "cross".to_owned(), run_with.to_vec(), started.elapsed())
        }
    }
}

fn link(sandbox: &Sandbox, prebuilt: &Prebuilt, crate_folder: &Path, out: &Path) -> Result<Artifact, ArtifactError> {
    let mission = MissionCrate::open(crate_folder)?;
    let toolchain = prebuilt.toolchain();
    let program = prebuilt.link(sandbox, &mission, out)?.map_err(|compilation| ArtifactError::Compiler {
        triple: toolchain.triple.clone(),
        said: crate::check::Feedback::from(compilation).to_string(),
    })?;
    let compiler = toolchain.version.lines().next().unwrap_or_default().to_owned();
    artifact(toolchain.target, &toolchain.triple, program.path, compiler, toolchain.run_with(), program.wall)
}

fn artifact(
    target: Target,
    triple: &str,
    path: PathBuf,
    compiler: String,
    run_with: Vec<String>,
    build_wall: Duration,
) -> Result<Artifact, ArtifactError> {
    let (sha256, bytes) = Digest::of_file(&path).map_err(at(&path))?;
    Ok(Artifact {
        target: target.name().to_owned(),
        triple: triple.to_owned(),
        path,
        sha256,
        bytes,
        footprint: None,
        compiler,
        run_with,
        build_wall,
    })
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ArtifactError + use<> {
    let path = path.to_owned();
    move |source| ArtifactError::Files { path, source }
}
