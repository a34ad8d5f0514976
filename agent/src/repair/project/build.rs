//! Building and testing the copy, in the sandbox.
//!
//! It leaves to others: what to do about what is found.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flightsmith_toolchain::diagnostics::{self, CargoMessage, Diagnostic};
use flightsmith_toolchain::process::{self, Ending, Limits, Output, Quota};
use flightsmith_toolchain::sandbox::{Bind, Confined};

use super::copy::ProjectCopy;
use super::{FixError, FixOptions, FixTools, at, in_project};

/// Where the code sees its project.
pub(super) const PROJECT: &str = "/project";
const TARGET: &str = "/target";
const CARGO_HOME: &str = "/cargo";

/// How a project is built.
pub(super) struct Build<'a> {
    tools: FixTools<'a>,
    output: PathBuf,
    /// The member that is built, below the project; empty for all of them.
    member: PathBuf,
}

/// Tests that failed.
pub(super) struct Failed {
    pub(super) told: String,
    pub(super) count: usize,
}

impl<'a> Build<'a> {
    pub(super) fn new(copy: &ProjectCopy, member: &Path, tools: FixTools<'a>) -> Result<Self, FixError> {
        let output = copy.output_folder();
        fs::create_dir_all(&output).map_err(at(&output))?;
        tools.sandbox.hand_over(&output).map_err(at(&output))?;
        Ok(Self { tools, output, member: member.to_owned() })
    }

    /// The errors of everything in the project, with the files as its texts are named; none if all of it compiles. What its features
    /// switch on is compiled once the rest does; features that exclude each other (`compile_error!`) are left alone.
    pub(super) fn errors(&self, copy: &ProjectCopy) -> Result<Vec<Diagnostic>, FixError> {
        let errors = self.errors_with(copy, &[])?;
        if !errors.is_empty() || !copy.has_features() {
            return Ok(errors);
        }
        let errors = self.errors_with(copy, &["--all-features"]);
        let exclude_each_other = |error: &Diagnostic| {
            error.code.is_none()
                && error.primary().is_some_and(|place| {
                    let text = copy.texts().get(&place.file_name);
                    text.and_then(|text| text.get(place.byte_start..place.byte_end))
                        .is_some_and(|text| text.contains("compile_error!"))
                })
        };
        match errors {
            Ok(errors) if errors.iter().any(exclude_each_other) => Ok(Vec::new()),
            // A dependency that only a feature needs may not be on this machine.
            Err(FixError::Cargo { .. }) => Ok(Vec::new()),
            errors => errors,
        }
    }

    /// Which packages: the member that was asked for, or all.
    fn extent(&self) -> Option<&'static str> {
        self.member.as_os_str().is_empty().then_some("--workspace")
    }

    fn errors_with(&self, copy: &ProjectCopy, features: &[&str]) -> Result<Vec<Diagnostic>, FixError> {
        let mut args = vec!["check", "--all-targets", "--keep-going", "--message-format=json"];
        args.extend(self.extent());
        args.extend(features);
        let output = self.cargo(copy, &args)?;
        let mut errors: Vec<Diagnostic> = Vec::new();
        for message in diagnostics::from_cargo(&output.stdout_text()) {
            if let CargoMessage::Diagnostic { mut diagnostic, .. } = message
                && diagnostic.is_error()
            {
                name_files(&mut diagnostic);
                // A crate is compiled once for itself and once for its tests, with the same words.
                if !errors.contains(&diagnostic) {
                    errors.push(diagnostic);
                }
            }
        }
        if !output.success() && errors.is_empty() {
            let said = explained(&said(&output));
            return Err(FixError::Cargo { said });
        }
        Ok(errors)
    }

    /// What the tests said and how many failed; `None` if all passed.
    pub(super) fn failed_tests(&self, copy: &ProjectCopy) -> Result<Option<Failed>, FixError> {
        let mut args = vec!["test", "--no-fail-fast"];
        args.extend(self.extent());
        let output = self.cargo(copy, &args)?;
        if output.success() {
            return Ok(None);
        }
        let failed = |line: &str| -> Option<usize> {
            let (before, _) = line.strip_prefix("test result: FAILED")?.split_once(" failed")?;
            before.rsplit(' ').next()?.parse().ok()
        };
        let count: usize = output.stdout_text().lines().filter_map(failed).sum();
        Ok(Some(Failed { told: said(&output), count: count.max(1) }))
    }

    fn cargo(&self, copy: &ProjectCopy, args: &[&str]) -> Result<Output, FixError> {
        let mut limits = Limits::compiler(Duration::from_secs(600));
        limits.output_bytes = 64 << 20;
        limits.address_space_bytes = Some(8 << 30);
        limits.file_bytes = Some(1 << 30);
        limits.processes = Some(256);
        limits.quota = Some(Quota { folder: self.output.clone(), bytes: 4 << 30, files: 100_000 });
        let sandbox = self.tools.sandbox;
        let (target, downloads) = (sandbox.shown(&self.output, TARGET), &self.tools.host.cargo_home);
        let mut confined = Confined::cargo(self.tools.toolchain, limits)
            .args(args.iter().copied())
            .env("CARGO_TARGET_DIR", &target.inside)
            .env("CARGO_HOME", sandbox.shown(downloads, CARGO_HOME).inside)
            .write(target)
            .read(Bind::at(copy.folder(), PROJECT))
            .cwd(Path::new(PROJECT).join(&self.member));
        // Of the user's folder of cargo the code sees downloaded sources, and no credentials.
        for part in ["registry", "git"] {
            let outside = downloads.join(part);
            if outside.is_dir() {
                confined = confined.read(Bind::at(outside, Path::new(CARGO_HOME).join(part)));
            }
        }
        let invocation = sandbox.invocation(&confined).map_err(at(&std::env::temp_dir()))?;
        Ok(process::run(&invocation)?)
    }
}

/// Names files as the project does; those outside keep the names that nothing in the project has.
fn name_files(diagnostic: &mut Diagnostic) {
    for span in &mut diagnostic.spans {
        if let Some(path) = in_project(&span.file_name) {
            span.file_name = path;
        }
    }
    diagnostic.children.iter_mut().for_each(name_files);
}

/// The end of what a build said, and how it ended if not by itself.
fn said(output: &Output) -> String {
    let mut text = output.stderr_text();
    let stdout = output.stdout_text();
    let plain: Vec<&str> = stdout.lines().filter(|line| !line.starts_with('{')).collect();
    text.push_str(&plain.join("\n"));
    let lines: Vec<&str> = text.trim().lines().collect();
    let mut end = lines[lines.len().saturating_sub(60)..].join("\n");
    if !matches!(output.ending, Ending::Exited(_)) {
        end = format!("{end}\n(it {})", output.ending);
    }
    end
}

/// What cargo said, with the project's own paths, and a word about what comes of being built in the sandbox.
fn explained(said: &str) -> String {
    let own = said.replace(&format!("`{PROJECT}/"), "`").replace(&format!(" ({PROJECT})"), "");
    let beyond = said.contains("failed to load source for dependency")
        && (said.contains("nable to update /") || said.contains("failed to read `/"));
    let word = if beyond {
        "only what is in the project's folder is seen: what its manifest names beyond that cannot be built"
    } else if said.contains("offline mode") {
        "what it depends on is not on this machine and could not be downloaded: `cargo fetch` in the project tells why"
    } else if said.contains("failed to run custom build command") {
        "build scripts run in the sandbox: no network, no files but the project's and the system's programs"
    } else {
        return own;
    };
    format!("{own}\n{word}")
}

/// Asks git, in the sandbox (a repository's configuration can name programs to run), whether the project may be written to.
pub(super) fn may_be_written(folder: &Path, options: &FixOptions, tools: FixTools<'_>) -> Result<(), FixError> {
    let repository = folder.ancestors().find(|ancestor| ancestor.join(".git").exists());
    let Some(repository) = repository else {
        return if options.allow_no_vcs { Ok(()) } else { Err(FixError::NoVcs { path: folder.to_owned() }) };
    };
    if options.allow_dirty {
        return Ok(());
    }
    let Some(git) = tools.host.find("git") else { return Err(FixError::NoVcs { path: folder.to_owned() }) };
    let mut limits = Limits::wall(Duration::from_secs(60));
    limits.processes = Some(64);
    let confined = Confined::new(git, limits)
        .args([
            "--no-optional-locks",
            "-c",
            "safe.directory=*",
            "-c",
            "core.fsmonitor=false",
            "status",
            "--porcelain",
            "--",
            ".",
        ])
        .env("HOME", "/nonexistent")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("LC_ALL", "C.UTF-8")
        .read(Bind::same(repository))
        .cwd(folder);
    let invocation = tools.sandbox.invocation(&confined).map_err(at(folder))?;
    let output = process::run(&invocation)?;
    if !output.success() {
        return Err(FixError::Cargo { said: format!("git: {}", said(&output)) });
    }
    let files: Vec<String> = output.stdout_text().lines().filter_map(|line| line.get(3..).map(str::to_owned)).collect();
    if files.is_empty() { Ok(()) } else { Err(FixError::Dirty { files }) }
}
