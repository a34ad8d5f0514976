//! `fix PATH`: compile a cargo project in the sandbox and mend what the compiler finds.
//!
//! A copy of the project is worked on: its build scripts, proc macros and tests run in the sandbox, which sees the copy read-only,
//! has no network and loses everything but diagnostics. Dependencies are fetched before, from the manifests alone. Only when all is
//! mended are the changed files written back, as `cargo fix` would: not over uncommitted changes, unless allowed. It leaves to others:
//! the model (a [`ProjectMender`] that the caller gives), and what to print.

mod build;
mod copy;
mod diff;

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flightsmith_toolchain::diagnostics::{Applicability, Diagnostic, apply_edits, edits_of};
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::process::ProcessError;
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_toolchain::targets::Toolchain;
use serde::Serialize;

use super::ladder::{Bounds, Fixer, Limit};
use build::Build;
use copy::ProjectCopy;

pub use diff::unified as unified_diff;

/// How a project is to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixOptions {
    /// Write over uncommitted changes.
    pub allow_dirty: bool,
    /// Write although no version control is there to undo it.
    pub allow_no_vcs: bool,
    /// Write nothing: show what would be changed.
    pub check_only: bool,
    /// Go on until the project's own tests pass.
    pub run_tests: bool,
    /// Limits of the repair; `judged` counts builds.
    pub bounds: Bounds,
}

/// What fixing needs of the machine.
#[derive(Debug, Clone, Copy)]
pub struct FixTools<'a> {
    /// Where programs and downloaded sources are.
    pub host: &'a Host,
    /// Where the project's code runs.
    pub sandbox: &'a Sandbox,
    /// The compiler for this machine.
    pub toolchain: &'a Toolchain,
}

/// What is wrong with a project, for whoever can mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The sources that the errors name (no others may be changed), by their path in the project.
    pub files: BTreeMap<PathBuf, String>,
    /// The errors as a person sees them, or what the tests said.
    pub told: String,
    /// Errors, or 1 for failed tests.
    pub faults: usize,
}

/// The last rung of a project's repair.
pub trait ProjectMender {
    /// New texts for some of the problem's files, or `None` if there is no idea. `Err` holds the reason why it cannot work at all.
    ///
    /// # Errors
    /// What ends the repair, in words.
    fn mend(&mut self, problem: &Problem) -> Result<Option<BTreeMap<PathBuf, String>>, String>;
}

/// No last rung.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProjectMender;

impl ProjectMender for NoProjectMender {
    fn mend(&mut self, _: &Problem) -> Result<Option<BTreeMap<PathBuf, String>>, String> {
        Ok(None)
    }
}

/// One step of a project's repair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixStep {
    /// Who mended.
    pub fixer: Fixer,
    /// Errors before it.
    pub faults: usize,
    /// What was mended, one line a correction (of the compiler's; a model's are not told apart).
    pub corrections: Vec<String>,
}

/// A file before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// Its path in the project.
    pub path: PathBuf,
    /// Its text before.
    pub before: String,
    /// Its text after.
    pub after: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FixReport {
    /// Whether the project now compiles (and its tests pass, where asked).
    pub mended: bool,
    /// Whether the changes are in the project's files.
    pub written: bool,
    /// The changes: all of them if mended, else those of the best state reached, unwritten.
    pub changes: Vec<FileChange>,
    /// What was done, in order.
    pub steps: Vec<FixStep>,
    /// What is still wrong, if it is not mended.
    pub left: Option<Problem>,
    /// Which limit ended it, if it is not mended.
    pub limit: Option<Limit>,
    /// Builds and test runs.
    pub builds: usize,
}

impl FixReport {
    /// The exit code of the verb: 0 mended, 4 not.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if self.mended { 0 } else { 4 }
    }

    /// The changes as one unified diff.
    #[must_use]
    pub fn diff(&self) -> String {
        self.changes.iter().map(|change| unified_diff(&change.path, &change.before, &change.after)).collect()
    }
}

/// Why a project could not be worked on.
#[derive(Debug, thiserror::Error)]
pub enum FixError {
    /// There is no project.
    #[error("there is no Cargo.toml in {path}")]
    NoProject {
        /// The folder.
        path: PathBuf,
    },
    /// The project is not under version control.
    #[error(
        "{path} is not under version control, so changes could not be undone (--allow-no-vcs changes it all the same)"
    )]
    NoVcs {
        /// The folder.
        path: PathBuf,
    },
    /// There are uncommitted changes.
    #[error("{} files have uncommitted changes, {} among them (--allow-dirty writes over them)", .files.len(), .files.first().map_or("", String::as_str))]
    Dirty {
        /// Their paths.
        files: Vec<String>,
    },
    /// The project is larger than what this verb is for.
    #[error("{path} has more than {limit} {unit}: too large for `fix`")]
    TooLarge {
        /// The folder.
        path: PathBuf,
        /// The limit.
        limit: u64,
        /// What was counted.
        unit: &'static str,
    },
    /// A file changed while it was being mended.
    #[error("{path} was changed by someone else meanwhile; nothing was written")]
    ChangedMeanwhile {
        /// The file.
        path: PathBuf,
    },
    /// cargo cannot work with the project: manifest, missing dependencies, limits.
    #[error("cargo cannot build the project: {said}")]
    Cargo {
        /// What it said.
        said: String,
    },
    /// The last rung cannot work.
    #[error("{0}")]
    Mender(String),
    /// A file failed.
    #[error("could not use {path}")]
    Files {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A program could not be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> FixError + use<> {
    let path = path.to_owned();
    move |source| FixError::Files { path, source }
}

/// Mends the cargo project in a folder (or of a manifest).
///
/// # Errors
/// The project cannot be worked on; a project that could not be mended is no error but a report.
pub fn fix_project(
    path: &Path,
    options: &FixOptions,
    tools: FixTools<'_>,
    mender: &mut dyn ProjectMender,
) -> Result<FixReport, FixError> {
    let started = Instant::now();
    let folder = if path.is_file() { path.parent().unwrap_or(path).to_owned() } else { path.to_owned() };
    let folder = folder.canonicalize().map_err(at(path))?;
    if !folder.join("Cargo.toml").is_file() {
        return Err(FixError::NoProject { path: folder });
    }
    if !options.check_only {
        build::may_be_written(&folder, options, tools)?;
    }
    let mut copy = ProjectCopy::of(&folder, tools)?;
    let build = Build::new(&copy, tools)?;
    let mut report = FixReport {
        mended: false,
        written: false,
        changes: Vec::new(),
        steps: Vec::new(),
        left: None,
        limit: None,
        builds: 0,
    };
    let mut seen = HashSet::from([copy.texts().clone()]);
    let mut best: Option<(usize, BTreeMap<PathBuf, String>, Problem)> = None;
    let mut mender_calls = 0;

    loop {
        report.builds += 1;
        let Some(found) = build.judge(&copy, options.run_tests)? else {
            report.mended = true;
            break;
        };
        let problem = found.problem;
        if best.as_ref().is_none_or(|(faults, ..)| problem.faults <= *faults) {
            best = Some((problem.faults, copy.texts().clone(), problem.clone()));
        }
        if report.builds >= options.bounds.judged {
            report.limit = Some(Limit::Judged);
            break;
        }
        if started.elapsed() >= options.bounds.wall {
            report.limit = Some(Limit::Wall);
            break;
        }
        let (texts, corrections) = suggested(copy.texts(), &found.diagnostics);
        if !corrections.is_empty() && seen.insert(texts.clone()) {
            report.steps.push(FixStep { fixer: Fixer::Compiler, faults: problem.faults, corrections });
            copy.write(texts)?;
            continue;
        }
        // A mender works on the best state, and is asked again when it repeats itself.
        let (_, best_texts, best_problem) = best.as_ref().expect("set above");
        let (best_texts, best_problem) = (best_texts.clone(), best_problem.clone());
        let next = loop {
            if mender_calls >= options.bounds.mender_calls {
                break Err(if options.bounds.mender_calls == 0 { Limit::NoIdeas } else { Limit::MenderCalls });
            }
            mender_calls += 1;
            let Some(answer) = mender.mend(&best_problem).map_err(FixError::Mender)? else { break Err(Limit::NoIdeas) };
            let mut texts = best_texts.clone();
            texts.extend(answer.into_iter().filter(|(path, _)| best_problem.files.contains_key(path)));
            if seen.insert(texts.clone()) {
                break Ok(texts);
            }
        };
        match next {
            Ok(texts) => {
                report.steps.push(FixStep {
                    fixer: Fixer::Model,
                    faults: best_problem.faults,
                    corrections: Vec::new(),
                });
                copy.write(texts)?;
            }
            Err(limit) => {
                report.limit = Some(limit);
                break;
            }
        }
    }
    if let (false, Some((_, texts, problem))) = (report.mended, best) {
        report.left = Some(problem);
        report.changes = copy.changes(&texts);
        return Ok(report);
    }
    report.changes = copy.changes(copy.texts());
    if !options.check_only {
        copy.write_back(&report.changes)?;
        report.written = !report.changes.is_empty();
    }
    Ok(report)
}

/// Every file with the sure suggestions of the errors applied, and a line for each suggestion.
fn suggested(
    texts: &BTreeMap<PathBuf, String>,
    diagnostics: &[Diagnostic],
) -> (BTreeMap<PathBuf, String>, Vec<String>) {
    let mut edits: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).flat_map(edits_of).collect();
    edits.retain(|edit| edit.applicability == Applicability::MachineApplicable);
    for edit in &mut edits {
        for part in &mut edit.parts {
            part.file = in_project(&part.file).unwrap_or_default();
        }
    }
    let mut corrections = Vec::new();
    let mut new = texts.clone();
    for (path, text) in texts {
        let (mended, applied) = apply_edits(path, text, &edits);
        for index in applied {
            corrections.push(format!("{}: {}", path.display(), edits[index].message));
        }
        new.insert(path.clone(), mended);
    }
    (new, corrections)
}

/// A diagnostic's file as a path in the project; `None` if it lies outside (generated, a dependency's).
fn in_project(file: &Path) -> Option<PathBuf> {
    let inside = file.strip_prefix(build::PROJECT).unwrap_or(file);
    let plain = inside.components().all(|component| matches!(component, std::path::Component::Normal(_)));
    (plain && inside.is_relative()).then(|| inside.to_owned())
}

/// A generous limit for cargo's own questions.
const FETCH: Duration = Duration::from_secs(300);
