//! SDK and runner compiled once per target, so that a mission costs one call of rustc.
//!
//! [`Prebuilt::open`] finds or makes the libraries in a cache folder under a digest of their sources, the compiler and its flags.
//! [`Prebuilt::check`] and [`Prebuilt::link`] then compile a mission crate against them, in the sandbox, which sees them read-only.
//! Flags, paths and order are fixed: the same sources give the same bytes, wherever they lie.
//!
//! It leaves to others: what a mission may contain, and finding the compiler (`targets`).

mod cache;
mod kit;
mod libraries;
mod mission_crate;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use libraries::PrebuiltError;
pub use mission_crate::{CrateError, MissionCrate};

use crate::diagnostics::{self, Diagnostic};
use crate::process::{self, Ending, Limits, ProcessError, Quota};
use crate::sandbox::{Bind, Confined, Sandbox};
use crate::targets::{Linker, Target, Toolchain};
use libraries::Library;

/// The libraries of one target, ready to be linked against.
#[derive(Debug, Clone)]
pub struct Prebuilt {
    toolchain: Toolchain,
    folder: PathBuf,
    libraries: Vec<Library>,
    /// While it is held, the folder is not removed from the cache.
    _in_use: Option<Arc<File>>,
}

/// What one step of the compiler said and did.
#[derive(Debug, Clone, PartialEq)]
pub struct Compilation {
    /// How the compiler ended; `Exited(0)` means that the crate compiles.
    pub ending: Ending,
    /// Its messages.
    pub diagnostics: Vec<Diagnostic>,
    /// What it wrote besides them: a crash, or the linker's words.
    pub other_output: String,
    /// Wall time of the step, sandbox included.
    pub wall: Duration,
}

impl Compilation {
    /// Whether the crate compiles.
    #[must_use]
    pub fn success(&self) -> bool {
        self.ending == Ending::Exited(0)
    }
}

/// A mission crate's program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The file.
    pub path: PathBuf,
    /// Wall time of compiling and linking it, sandbox included.
    pub wall: Duration,
}

/// Why a crate could not be compiled, apart from what the compiler says of its source.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The crate's folder is not as it must be.
    #[error(transparent)]
    Crate(#[from] CrateError),
    /// A file or folder of ours failed.
    #[error("could not use {path}")]
    Files {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What lies where the program should be is no plain file.
    #[error("{path} is no plain file")]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The compiler could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

/// What a mission crate may cost. What goes to a vehicle is optimised as a whole, once: seven seconds of a processor, and on a busy
/// machine many more of the clock.
fn limits(target: Target, out: &Path) -> Limits {
    let (wall_s, cpu_s) = if target == Target::Host { (30, 30) } else { (300, 120) };
    let mut limits = Limits::compiler(Duration::from_secs(wall_s));
    limits.cpu_s = Some(cpu_s);
    limits.quota = Some(Quota { folder: out.to_owned(), bytes: 512 << 20, files: 10_000 });
    limits
}

impl Prebuilt {
    /// The target and its compiler.
    #[must_use]
    pub fn toolchain(&self) -> &Toolchain {
        &self.toolchain
    }

    /// The folder of the libraries; nothing writes to it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Compiles the library part of a mission crate as far as the compiler's verdict, and no further.
    ///
    /// # Errors
    /// The crate's folder is not as it must be, or the compiler could not be run; what is wrong with the source is in the answer.
    pub fn check(&self, sandbox: &Sandbox, mission: &MissionCrate, out: &Path) -> Result<Compilation, CompileError> {
        self.compile_library(sandbox, mission, out, "metadata")
    }

    /// Compiles and links the program of a mission crate into the folder `out`.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn link(
        &self,
        sandbox: &Sandbox,
        mission: &MissionCrate,
        out: &Path,
    ) -> Result<Result<Program, Compilation>, CompileError> {
        let library = self.compile_library(sandbox, mission, out, "link")?;
        if !library.success() {
            return Ok(Err(library));
        }
        let places = Places::of(sandbox, self, mission, out);
        let mut args = self.common_args(&places);
        args.extend(["--crate-type=bin".into(), format!("--crate-name={}", mission.program_name()).into()]);
        args.extend(["--emit=link".into()]);
        // What goes to a vehicle is optimised as a whole. Of firmware the names stay: a debug probe finds the log by one.
        let last: &[&str] = match self.toolchain.target {
            Target::Host => &["-Cstrip=symbols"],
            Target::Aarch64 => &["-Cstrip=symbols", "-Clto=fat"],
            Target::Thumbv7em => &["-Cstrip=debuginfo", "-Clto=fat"],
        };
        args.extend(last.iter().map(OsString::from));
        if self.toolchain.target.is_firmware() {
            args.extend(["-L".into(), places.libraries.inside.clone().into()]);
        }
        args.extend(self.toolchain.link_args().into_iter().map(|arg| format!("-Clink-arg={arg}").into()));
        let rlib = places.out.inside.join(format!("lib{}.rlib", mission.library_name()));
        args.extend(["--extern".into(), equals(mission.library_name(), &rlib)]);
        args.extend(self.extern_args(&places, |_| true));
        args.push("src/main.rs".into());
        let mut program = self.rustc(sandbox, &places, mission, args)?;
        program.wall += library.wall;
        if !program.success() {
            return Ok(Err(program));
        }
        let path = out.join(mission.program_name());
        // The folder was writable from inside: what lies there now must be a file of its own, not a way to another.
        let metadata = path.symlink_metadata().map_err(|source| CompileError::Files { path: path.clone(), source })?;
        if !metadata.is_file() {
            return Err(CompileError::NotAFile { path });
        }
        Ok(Ok(Program { path, wall: program.wall }))
    }

    fn compile_library(
        &self,
        sandbox: &Sandbox,
        mission: &MissionCrate,
        out: &Path,
        emit: &str,
    ) -> Result<Compilation, CompileError> {
        make_out_folder(sandbox, out)?;
        let places = Places::of(sandbox, self, mission, out);
        let mut args = self.common_args(&places);
        args.extend(["--crate-type=lib".into(), format!("--crate-name={}", mission.library_name()).into()]);
        args.push(format!("--emit={emit}").into());
        // The mission sees the SDK and nothing else of ours.
        args.extend(self.extern_args(&places, |name| name == "flightsmith_sdk"));
        // A flight call without `.await`, or a failure that nobody looks at, compiles; in a mission it is a mistake.
        args.push("-Dunused_must_use".into());
        args.push("src/lib.rs".into());
        self.rustc(sandbox, &places, mission, args)
    }

    /// What both parts of a crate share. One unit of code generation and no incremental state: the same bytes each time.
    fn common_args(&self, places: &Places) -> Vec<OsString> {
        let mut args: Vec<OsString> = vec![format!("--target={}", self.toolchain.triple).into()];
        // Here a mission is compiled for every attempt at it and waits for its program; for the vehicle it is compiled once. The SDK
        // is optimised either way, and what an overflow does is the same in both.
        let level = match self.toolchain.target {
            Target::Host => Some(0),
            // What goes to a vehicle has its level among the flags of all its crates.
            Target::Aarch64 | Target::Thumbv7em => None,
        };
        args.extend(level.map(|level| format!("-Copt-level={level}").into()));
        args.extend(["-Coverflow-checks=on", "-Cdebug-assertions=off"].map(OsString::from));
        args.extend(["-Cdebuginfo=0", "-Ccodegen-units=1", "-Cmetadata=flightsmith"].map(OsString::from));
        args.extend(self.toolchain.rustflags().into_iter().map(OsString::from));
        args.extend(libraries::linker_args(&self.toolchain, &places.libraries.inside).into_iter().map(OsString::from));
        for (place, name) in [(&places.mission, "/mission"), (&places.libraries, "/libraries"), (&places.out, "/out")] {
            args.push(equals("--remap-path-prefix", &place.inside));
            args.last_mut().expect("just pushed").push(format!("={name}"));
        }
        args.push("-L".into());
        args.push(equals("dependency", &places.libraries.inside));
        if self.toolchain.core_sources.is_some() {
            args.extend(["--sysroot".into(), places.libraries.inside.join(kit::SYSROOT).into()]);
        }
        args.push("--out-dir".into());
        args.push(places.out.inside.clone().into());
        args
    }

    fn extern_args(&self, places: &Places, wanted: impl Fn(&str) -> bool) -> Vec<OsString> {
        let wanted = self.libraries.iter().filter(|library| wanted(&library.name));
        wanted
            .flat_map(|library| {
                ["--extern".into(), equals(&library.name, &places.libraries.inside.join(&library.file))]
            })
            .collect()
    }

    fn rustc(
        &self,
        sandbox: &Sandbox,
        places: &Places,
        mission: &MissionCrate,
        args: Vec<OsString>,
    ) -> Result<Compilation, CompileError> {
        let limits = limits(self.toolchain.target, &places.out.outside);
        let mut confined = Confined::rustc(&self.toolchain, mission.edition(), limits)
            .args(args)
            .read(places.mission.clone())
            .read(places.libraries.clone())
            .write(places.out.clone())
            .cwd(&places.mission.inside);
        if let Linker::Zig(zig) = &self.toolchain.linker {
            // zig builds its C library when it first links, into a cache; beside it lies what it builds that from.
            confined.limits.wall = Duration::from_secs(600);
            confined.limits.cpu_s = Some(600);
            confined.limits.address_space_bytes = None;
            let cache = places.out.inside.join("zig-cache");
            confined = confined.env("ZIG_GLOBAL_CACHE_DIR", &cache).env("ZIG_LOCAL_CACHE_DIR", &cache);
            if let Some(folder) = zig.parent().filter(|folder| !folder.starts_with("/usr")) {
                confined = confined.read(Bind::same(folder));
            }
        }
        let invocation = sandbox
            .invocation(&confined)
            .map_err(|source| CompileError::Files { path: std::env::temp_dir(), source })?;
        let output = process::run(&invocation)?;
        let stderr = output.stderr_text();
        let other: Vec<&str> = stderr.lines().filter(|line| !line.starts_with('{')).collect();
        Ok(Compilation {
            ending: output.ending,
            diagnostics: diagnostics::from_rustc(&stderr),
            other_output: other.join("\n"),
            wall: output.wall,
        })
    }
}

/// Where the compiler sees what it works on: fixed places in the sandbox, the real ones without it.
struct Places {
    mission: Bind,
    libraries: Bind,
    out: Bind,
}

impl Places {
    fn of(sandbox: &Sandbox, prebuilt: &Prebuilt, mission: &MissionCrate, out: &Path) -> Self {
        Self {
            mission: sandbox.shown(mission.folder(), "/mission"),
            libraries: sandbox.shown(&prebuilt.folder, "/libraries"),
            out: sandbox.shown(out, "/out"),
        }
    }
}

fn equals(name: &str, path: &Path) -> OsString {
    let mut text = OsString::from(name);
    text.push("=");
    text.push(path);
    text
}

fn make_out_folder(sandbox: &Sandbox, out: &Path) -> Result<(), CompileError> {
    let at_fault = |source| CompileError::Files { path: out.to_owned(), source };
    fs::create_dir_all(out).map_err(at_fault)?;
    sandbox.hand_over(out).map_err(at_fault)
}

impl Linker {
    /// The program, if it is not the compiler's default.
    #[must_use]
    pub fn program(&self) -> Option<&Path> {
        match self {
            Self::Default | Self::SelfContained => None,
            Self::Gcc(path) | Self::Lld(path) | Self::Zig(path) => Some(path),
        }
    }
}
