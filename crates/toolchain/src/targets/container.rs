//! `cross`: whole crates built inside a container, where an engine (docker or podman) runs.
//!
//! It leaves to others: the choice between this and an installed toolchain.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{AARCH64, Target};
use crate::diagnostics::{self, CargoMessage};
use crate::host::Host;
use crate::process::{self, Limits, ProcessError};

/// cross-rs with an engine that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cross {
    program: PathBuf,
    engine: PathBuf,
}

/// Why `cross` cannot build, or has not.
#[derive(Debug, thiserror::Error)]
pub enum CrossError {
    /// `cross` itself is not there.
    #[error("`cross` is not installed (install with: cargo install cross@0.2.5 --locked)")]
    NotInstalled,
    /// Nothing runs containers here.
    #[error(
        "`cross` is installed, and no container engine runs: {tried}; start docker or podman, or use an installed toolchain"
    )]
    NoEngine {
        /// What was tried, and what each said.
        tried: String,
    },
    /// The target is built without it.
    #[error("`cross` is not used for {0}")]
    NotForTarget(Target),
    /// The build failed.
    #[error("`cross build` failed ({ending}): {said}")]
    Failed {
        /// How it ended.
        ending: process::Ending,
        /// The end of what it said.
        said: String,
    },
    /// The build succeeded, and no program came of it.
    #[error("`cross build` named no program")]
    NoProgram,
    /// It could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

impl Cross {
    /// Looks for `cross` and asks the engines, for at most 5 seconds each, whether they run.
    ///
    /// # Errors
    /// `cross` is missing, or no engine answers.
    pub fn find(host: &Host) -> Result<Self, CrossError> {
        let program = host.find("cross").ok_or(CrossError::NotInstalled)?;
        let mut tried = Vec::new();
        for name in ["docker", "podman"] {
            let Some(engine) = host.find(name) else {
                tried.push(format!("{name} is not installed"));
                continue;
            };
            // `info` speaks to the engine; `version` would be content with the client.
            let output = host.ask(&engine, &["info"], Duration::from_secs(5))?;
            if output.success() {
                return Ok(Self { program, engine });
            }
            let said = output.stderr_text();
            tried.push(format!("{name}: {}", said.trim().lines().next_back().unwrap_or("no answer")));
        }
        Err(CrossError::NoEngine { tried: tried.join(", ") })
    }

    /// Builds a crate's program for `target` and tells where it is. The container gets no network: sources were fetched before.
    ///
    /// # Errors
    /// As [`CrossError`] says.
    pub fn build(
        &self,
        host: &Host,
        target: Target,
        manifest: &Path,
        target_folder: &Path,
        wall: Duration,
    ) -> Result<PathBuf, CrossError> {
        let triple = match target {
            Target::Aarch64 => AARCH64,
            Target::Host | Target::Thumbv7em => return Err(CrossError::NotForTarget(target)),
        };
        let mut limits = Limits::wall(wall);
        limits.output_bytes = 64 << 20;
        let invocation = host
            .invocation(&self.program, limits)
            .args(["build", "--release", "--offline", "--message-format=json", "--target", triple, "--manifest-path"])
            .arg(manifest)
            .arg("--target-dir")
            .arg(target_folder)
            // Small, as `prebuilt` has it; by arguments, because not every variable reaches the container.
            .args(["--config", "profile.release.opt-level=\"s\"", "--config", "profile.release.lto=\"fat\""])
            .args(["--config", "profile.release.codegen-units=1", "--config", "profile.release.strip=\"symbols\""])
            .env("CROSS_CONTAINER_ENGINE", &self.engine)
            .env("CROSS_CONTAINER_OPTS", "--network=none")
            .env("CARGO_NET_OFFLINE", "true")
            .env(
                format!("CARGO_TARGET_{}_RUSTFLAGS", triple.to_uppercase().replace('-', "_")),
                "-Ctarget-feature=+crt-static -Crelocation-model=static",
            )
            .cwd(manifest.parent().unwrap_or(Path::new("/")));
        let output = process::run(&invocation)?;
        if !output.success() {
            let said = output.stderr_text();
            let lines: Vec<&str> = said.trim().lines().collect();
            return Err(CrossError::Failed {
                ending: output.ending,
                said: lines[lines.len().saturating_sub(20)..].join("\n"),
            });
        }
        let mut built =
            diagnostics::from_cargo(&output.stdout_text()).into_iter().filter_map(|message| match message {
                CargoMessage::Artifact(artifact) => artifact.executable,
                _ => None,
            });
        let program = built.next_back().ok_or(CrossError::NoProgram)?;
        // The container sees the target folder as /target, and cargo's messages come from in there.
        Ok(program.strip_prefix("/target").map_or(program.clone(), |rest| target_folder.join(rest)))
    }
}
