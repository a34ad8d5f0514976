//! CrateSource -> CheckedCrate | Feedback: policy, then the compiler, in the sandbox.
//!
//! A mission's one generated file must keep to the [`policy`]; then rustc compiles it against the prebuilt SDK and links its program.
//! [`verdict`] stops at the compiler's opinion (a quarter of a second or less), [`check`] goes on to the program. A [`CheckedCrate`]
//! comes from [`check`] alone.
//!
//! It leaves to others: writing the crate's folder (`generate`), mending (`repair`), flying (`simulate`).

mod feedback;
pub mod policy;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flightsmith_toolchain::prebuilt::{CompileError, CrateError, MissionCrate, Prebuilt};
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_upload::digest::Digest;

pub use feedback::Feedback;
pub use policy::Breach;

/// A mission crate whose source keeps to the policy and whose program for this machine is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedCrate {
    mission: MissionCrate,
    source: String,
    program: PathBuf,
    compile_wall: Duration,
}

impl CheckedCrate {
    /// The crate's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.mission.folder()
    }

    /// The crate as the compiler is told of it.
    #[must_use]
    pub fn mission(&self) -> &MissionCrate {
        &self.mission
    }

    /// The text of `src/mission.rs` that was checked.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The program for this machine.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Wall time of compiling and linking.
    #[must_use]
    pub fn compile_wall(&self) -> Duration {
        self.compile_wall
    }

    /// SHA-256 of the text that was checked.
    #[must_use]
    pub fn source_sha256(&self) -> Digest {
        Digest::of(self.source.as_bytes())
    }
}

/// What checking needs of the machine.
#[derive(Debug, Clone, Copy)]
pub struct Workshop<'a> {
    /// Where the compiler runs.
    pub sandbox: &'a Sandbox,
    /// SDK and runner for this machine.
    pub prebuilt: &'a Prebuilt,
}

/// Why a crate could not be judged at all; what is wrong with its source is [`Feedback`].
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The generated file cannot be read.
    #[error("could not read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The crate around it is not as it must be.
    #[error(transparent)]
    Crate(#[from] CrateError),
    /// The compiler could not be run.
    #[error(transparent)]
    Compile(#[from] CompileError),
}

/// Judges a crate's source by policy and compiler, and links nothing. `scratch` is a folder for the compiler's output.
///
/// # Errors
/// The crate cannot be read or the compiler cannot be run.
pub fn verdict(folder: &Path, scratch: &Path, workshop: Workshop<'_>) -> Result<Result<(), Feedback>, CheckError> {
    let kept = match keeps_to_policy(folder)? {
        Ok(kept) => kept,
        Err(feedback) => return Ok(Err(feedback)),
    };
    let compilation = workshop.prebuilt.check(workshop.sandbox, &kept.mission, scratch)?;
    Ok(if compilation.success() { kept.is_judged() } else { Err(compilation.into()) })
}

/// Judges a crate's source by policy and compiler, and links its program into the folder `out`.
///
/// # Errors
/// The crate cannot be read or the compiler cannot be run.
pub fn check(folder: &Path, out: &Path, workshop: Workshop<'_>) -> Result<Result<CheckedCrate, Feedback>, CheckError> {
    let kept = match keeps_to_policy(folder)? {
        Ok(kept) => kept,
        Err(feedback) => return Ok(Err(feedback)),
    };
    let program = match workshop.prebuilt.link(workshop.sandbox, &kept.mission, out)? {
        Ok(program) => program,
        Err(compilation) => return Ok(Err(compilation.into())),
    };
    Ok(kept.is_judged().map(|()| CheckedCrate {
        mission: kept.mission,
        source: kept.source,
        program: program.path,
        compile_wall: program.wall,
    }))
}

/// A crate whose text does not break the policy.
struct Kept {
    mission: MissionCrate,
    source: String,
    judged: bool,
}

impl Kept {
    fn is_judged(&self) -> Result<(), Feedback> {
        let message =
            "this compiles, and is not Rust that flightsmith can judge: write it in plainer syntax".to_owned();
        if self.judged { Ok(()) } else { Err(Feedback::Policy(vec![Breach { line: 1, column: 1, message }])) }
    }
}

fn keeps_to_policy(folder: &Path) -> Result<Result<Kept, Feedback>, CheckError> {
    let path = folder.join("src/mission.rs");
    let source = fs::read_to_string(&path).map_err(|source| CheckError::Read { path, source })?;
    let judgement = policy::judge(&source);
    if !judgement.breaches.is_empty() {
        return Ok(Err(Feedback::Policy(judgement.breaches)));
    }
    Ok(Ok(Kept { mission: MissionCrate::open(folder)?, source, judged: judgement.is_judged }))
}

#[cfg(test)]
mod tests;
