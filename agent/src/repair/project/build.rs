//! Building and testing the copy, in the sandbox.
//!
//! It leaves to others: what to do about what is found.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flightsmith_toolchain::diagnostics::{self, CargoMessage, Diagnostic};
use flightsmith_toolchain::process::{self, Ending, Limits, Output, Quota};
use flightsmith_toolchain::sandbox::{Bind, Confined};

use super::copy::ProjectCopy;
use super::{FixError, FixOptions, FixTools, Problem, at, in_project};

/// Where the code sees its project.
pub(super) const PROJECT: &str = "/project";
const TARGET: &str = "/target";
const CARGO_HOME: &str = "/cargo";

/// How a project is built.
pub(super) struct Build<'a> {
    tools: FixTools<'a>,
    output: PathBuf,
}

/// What a build found.
pub(super) struct Found {
    pub(super) problem: Problem,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Build<'a> {
    pub(super) fn new(copy: &ProjectCopy, tools: FixTools<'a>) -> Result<Self, FixError> {
        let output = copy.output_folder();
        fs::create_dir_all(&output).map_err(at(&output))?;
        tools.sandbox.hand_over(&output).map_err(at(&output))?;
        Ok(Self { tools, output })
    }

    /// Builds everything, and runs the tests if asked; `None` if all is well.
    pub(super) fn judge(&self, copy: &ProjectCopy, run_tests: bool) -> Result<Option<Found>, FixError> {
        let output = self.cargo(copy, &["check", "--workspace", "--all-targets", "--message-format=json"])?;
        let mut errors: Vec<Diagnostic> = Vec::new();
        for message in diagnostics::from_cargo(&output.stdout_text()) {
            if let CargoMessage::Diagnostic { diagnostic, .. } = message
                && diagnostic.is_error()
                && !errors.contains(&diagnostic)
            {
                // A crate is compiled once for itself and once for its tests, with the same words.
                errors.push(diagnostic);
            }
        }
        if !output.success() {
            if errors.is_empty() {
                return Err(FixError::Cargo { said: said(&output) });
            }
            return Ok(Some(compiler_problem(copy, errors)));
        }
        if run_tests {
            let output = self.cargo(copy, &["test", "--workspace", "--no-fail-fast"])?;
            if !output.success() {
                return Ok(Some(test_problem(copy, &output)));
            }
        }
        Ok(None)
    }

    fn cargo(&self, copy: &ProjectCopy, args: &[&str]) -> Result<Output, FixError> {
        let toolchain = self.tools.toolchain;
        let mut limits = Limits::wall(Duration::from_secs(600));
        limits.output_bytes = 64 << 20;
        limits.cpu_s = Some(600);
        limits.address_space_bytes = Some(8 << 30);
        limits.file_bytes = Some(1 << 30);
        limits.processes = Some(256);
        limits.quota = Some(Quota { folder: self.output.clone(), bytes: 4 << 30, files: 100_000 });
        let mut path = OsString::from(toolchain.sysroot.join("bin"));
        path.push(":/usr/bin:/bin");
        let mut confined = Confined::new(&toolchain.cargo, limits)
            .args(args.iter().copied().chain(["--offline", "--color=never"]))
            .env("PATH", path)
            .env("HOME", "/tmp")
            .env("TMPDIR", "/tmp")
            .env("LC_ALL", "C.UTF-8")
            .env("RUSTC", &toolchain.rustc)
            .env("CARGO_INCREMENTAL", "0")
            .write(Bind::at(&self.output, TARGET))
            .read(Bind::at(copy.folder(), PROJECT))
            .cwd(PROJECT);
        let confines = self.tools.sandbox.confines();
        let (home, target) = if confines {
            (CARGO_HOME.into(), PathBuf::from(TARGET))
        } else {
            (self.tools.host.cargo_home.clone(), self.output.clone())
        };
        confined = confined.env("CARGO_HOME", home).env("CARGO_TARGET_DIR", target);
        // Of the user's folder of cargo the code sees downloaded sources, and no credentials.
        for part in ["registry", "git"] {
            let outside = self.tools.host.cargo_home.join(part);
            if outside.is_dir() {
                confined = confined.read(Bind::at(outside, Path::new(CARGO_HOME).join(part)));
            }
        }
        if !toolchain.sysroot.starts_with("/usr") {
            confined = confined.read(Bind::same(&toolchain.sysroot));
        }
        confined.tmp_bytes = 512 << 20;
        let invocation = self.tools.sandbox.invocation(&confined).map_err(at(&std::env::temp_dir()))?;
        Ok(process::run(&invocation)?)
    }
}

fn compiler_problem(copy: &ProjectCopy, errors: Vec<Diagnostic>) -> Found {
    let named = errors.iter().flat_map(|error| &error.spans).filter_map(|span| in_project(&span.file_name));
    let files = named.filter_map(|path| Some((path.clone(), copy.texts().get(&path)?.clone()))).collect();
    let told =
        errors.iter().map(|error| error.rendered.as_deref().unwrap_or(&error.message)).collect::<Vec<_>>().join("\n");
    Found { problem: Problem { files, told, faults: errors.len() }, diagnostics: errors }
}

/// Tests name no spans: every source that the output names by path may be mended, tests themselves excepted.
fn test_problem(copy: &ProjectCopy, output: &Output) -> Found {
    let told = said(output);
    let is_test = |path: &Path| path.components().any(|component| component.as_os_str() == "tests");
    let files: std::collections::BTreeMap<_, _> = copy
        .texts()
        .iter()
        .filter(|(path, _)| !is_test(path) && path.file_name().is_some_and(|name| name != "build.rs"))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    Found { problem: Problem { files, told, faults: 1 }, diagnostics: Vec::new() }
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
