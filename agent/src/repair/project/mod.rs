//! `fix PATH`: compile a cargo project in the sandbox and mend what the compiler finds.
//!
//! A copy of the project is worked on: its build scripts, proc macros and tests run in the sandbox, which sees the copy read-only,
//! has no network and loses everything but diagnostics. Dependencies are fetched before, from the manifests alone. Only when all is
//! mended are the changed files written back, as `cargo fix` would: not over uncommitted changes, unless allowed. It leaves to others:
//! the rungs ([`super::climb`]; a model comes with the [`Workbench`] that the caller gives), and what to print.

mod build;
mod copy;
pub mod patch;
mod place;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flightsmith_toolchain::diagnostics::Diagnostic;
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::process::ProcessError;
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_toolchain::targets::Toolchain;
use serde::Serialize;

use super::climb::{ClimbError, Climbed, Step, climb};
use super::guard::refusal_in;
use super::ladder::{Bounds, Limit};
use super::learned::{Lesson, Trial};
use super::rungs::Rung;
use super::sources::{Sources, line_edits, named_by};
use super::workbench::{Stuck, Workbench};
use build::Build;
use copy::ProjectCopy;
use place::Place;

pub use super::diff::{Block, changed_lines, unified as unified_diff};

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
    pub steps: Vec<Step>,
    /// What is still wrong, if it is not mended.
    pub left: Option<Problem>,
    /// Which limit ended it, if it is not mended.
    pub limit: Option<Limit>,
    /// Builds and test runs.
    pub builds: usize,
    /// Edits that were refused or did not help, and why.
    pub refused: Vec<String>,
    /// The steps with the sources before and after, for who learns from them.
    #[serde(skip)]
    pub lessons: Vec<Lesson>,
    /// Those of the steps that compile and that the project's own tests refused.
    #[serde(skip)]
    pub refuted: Vec<Lesson>,
    /// What was tried and made nothing better.
    #[serde(skip)]
    pub in_vain: Vec<Trial>,
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
    /// A file that is no manifest.
    #[error("{path} is a file; what is mended is the folder of a project, or its Cargo.toml")]
    NoManifest {
        /// The file.
        path: PathBuf,
    },
    /// The manifest is a link; links are not followed.
    #[error("{path} is a link, which may lead to any file and is not followed")]
    LinkedManifest {
        /// The manifest.
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
    #[error("uncommitted changes in {} of its files, {} among them (--allow-dirty writes over them)", .files.len(), .files.first().map_or("", String::as_str))]
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
    /// A file that would be changed may not be written to.
    #[error("{path} is read-only; nothing was written")]
    ReadOnly {
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

/// Mends the cargo project in a folder (or of a manifest), by all rungs that `bench` has tools for. A member of a workspace is mended
/// within it; the report's paths are the workspace's.
///
/// # Errors
/// The project cannot be worked on; a project that could not be mended is no error but a report.
pub fn fix_project(
    path: &Path,
    options: &FixOptions,
    tools: FixTools<'_>,
    bench: &mut Workbench<'_>,
) -> Result<FixReport, FixError> {
    let Place { root, member } = Place::of(path)?;
    if !options.check_only {
        build::may_be_written(&root, options, tools)?;
    }
    let copy = ProjectCopy::of(&root, tools)?;
    let build = Build::new(&copy, &member, tools)?;
    let mut report = FixReport {
        mended: false,
        written: false,
        changes: Vec::new(),
        steps: Vec::new(),
        left: None,
        limit: None,
        builds: 0,
        refused: Vec::new(),
        lessons: Vec::new(),
        refuted: Vec::new(),
        in_vain: Vec::new(),
    };
    let mut site = Site { copy, build, options, started: Instant::now() };
    let sources = site.until_mended(&mut report, bench)?;
    report.changes = site.copy.changes(&sources);
    if report.mended && !options.check_only {
        site.copy.write_back(&report.changes)?;
        report.written = !report.changes.is_empty();
    }
    Ok(report)
}

/// The errors of the project in a folder, with these texts, by their path below it, in place of its own.
///
/// # Errors
/// The project cannot be worked on.
pub fn errors_of(folder: &Path, texts: &Sources, tools: FixTools<'_>) -> Result<Vec<Diagnostic>, FixError> {
    let Place { root, member } = Place::of(folder)?;
    let mut copy = ProjectCopy::of(&root, tools)?;
    let build = Build::new(&copy, &member, tools)?;
    let mut all = copy.texts().clone();
    all.extend(texts.iter().map(|(path, text)| (member.join(path), text.clone())));
    copy.write(all)?;
    let mut errors = build.errors(&copy)?;
    errors.iter_mut().for_each(|error| name_below(&member, error));
    Ok(errors)
}

/// Names the files of a workspace's member as the member does.
fn name_below(member: &Path, diagnostic: &mut Diagnostic) {
    for span in &mut diagnostic.spans {
        if let Ok(path) = span.file_name.strip_prefix(member) {
            span.file_name = path.to_owned();
        }
    }
    diagnostic.children.iter_mut().for_each(|child| name_below(member, child));
}

/// Where a project is mended.
struct Site<'a> {
    copy: ProjectCopy,
    build: Build<'a>,
    options: &'a FixOptions,
    started: Instant,
}

impl Site<'_> {
    /// Until it compiles and, where asked, its tests pass. The best sources that were reached.
    fn until_mended(&mut self, report: &mut FixReport, bench: &mut Workbench<'_>) -> Result<Sources, FixError> {
        let mut sources = self.copy.texts().clone();
        let mut mender_calls = self.options.bounds.mender_calls;
        let mut tests_failed = false;
        loop {
            let climbed = self.until_it_compiles(sources, report, bench)?;
            sources = climbed.sources;
            if !climbed.left.is_empty() {
                report.limit = climbed.limit;
                report.left = Some(compiler_problem(&sources, &climbed.left));
                return Ok(sources);
            }
            if !self.options.run_tests {
                report.mended = true;
                return Ok(sources);
            }
            let Some(failed) = self.failed_tests(&sources, report)? else {
                report.mended = true;
                if tests_failed {
                    // What still stands where they pass was not what they refused.
                    let (standing, gone) = report.lessons.drain(..).partition(|lesson| lesson.stands_in(&sources));
                    report.lessons = standing;
                    report.refuted.extend::<Vec<_>>(gone);
                }
                return Ok(sources);
            };
            tests_failed = true;
            match self.better_by_the_tests(&sources, &failed, report, bench, &mut mender_calls)? {
                Ok(better) => sources = better,
                Err(limit) => {
                    report.limit = Some(limit);
                    report.refuted.append(&mut report.lessons);
                    report.left =
                        Some(Problem { files: may_change(&sources), told: failed.told, faults: failed.count });
                    return Ok(sources);
                }
            }
        }
    }

    fn until_it_compiles(
        &mut self,
        sources: Sources,
        report: &mut FixReport,
        bench: &mut Workbench<'_>,
    ) -> Result<Climbed, FixError> {
        let bounds =
            Bounds { judged: self.options.bounds.judged.saturating_sub(report.builds).max(1), ..self.options.bounds };
        let (copy, build) = (&mut self.copy, &self.build);
        let mut compile = |sources: &Sources| {
            copy.write(sources.clone())?;
            build.errors(copy)
        };
        let climbed = climb(sources, &mut compile, &Rung::ALL, bench, bounds).map_err(|error| match error {
            ClimbError::Compiler(error) => error,
            ClimbError::Model(reason) => FixError::Mender(reason),
        })?;
        report.builds += climbed.compiles;
        report.steps.extend(climbed.steps.iter().cloned());
        report.refused.extend(climbed.refused.iter().cloned());
        report.lessons.extend(climbed.lessons.iter().cloned());
        report.in_vain.extend(climbed.in_vain.iter().cloned());
        Ok(climbed)
    }

    fn failed_tests(&mut self, sources: &Sources, report: &mut FixReport) -> Result<Option<build::Failed>, FixError> {
        report.builds += 1;
        self.copy.write(sources.clone())?;
        self.build.failed_tests(&self.copy)
    }

    /// The model's answer to failing tests, once it compiles and fewer fail.
    fn better_by_the_tests(
        &mut self,
        sources: &Sources,
        failed: &build::Failed,
        report: &mut FixReport,
        bench: &mut Workbench<'_>,
        mender_calls: &mut usize,
    ) -> Result<Result<Sources, Limit>, FixError> {
        loop {
            if self.started.elapsed() >= self.options.bounds.wall {
                return Ok(Err(Limit::Wall));
            }
            if report.builds >= self.options.bounds.judged {
                return Ok(Err(Limit::Judged));
            }
            let Some(model) = bench.model.as_deref_mut() else { return Ok(Err(Limit::NoIdeas)) };
            if *mender_calls == 0 {
                return Ok(Err(Limit::MenderCalls));
            }
            *mender_calls -= 1;
            let allowed = may_change(sources);
            let stuck = Stuck { sources: &allowed, errors: &[], refused: &report.refused, tests: Some(&failed.told) };
            let Some(changed) = model.propose(&stuck).map_err(FixError::Mender)? else {
                return Ok(Err(Limit::NoIdeas));
            };
            let mut after = sources.clone();
            after.extend(changed);
            let files: Vec<&Path> = allowed.keys().map(PathBuf::as_path).collect();
            if let Some(refusal) = refusal_in(sources, &after, &files) {
                report.refused.push(format!("{refusal}; {}", refusal.accepted()));
                continue;
            }
            let known = report.lessons.len();
            let climbed = self.until_it_compiles(after, report, bench)?;
            if !climbed.left.is_empty() {
                report.lessons.truncate(known);
                report.refused.push("an edit for the tests did not compile".to_owned());
                continue;
            }
            let left = self.failed_tests(&climbed.sources, report)?.map_or(0, |failed| failed.count);
            if left < failed.count {
                report.steps.push(Step {
                    rung: Rung::Model,
                    rules: vec!["for the tests".to_owned()],
                    codes: Vec::new(),
                    edits: line_edits(sources, &climbed.sources),
                    errors_before: failed.count,
                    errors_after: left,
                    compiles: climbed.compiles + 1,
                });
                return Ok(Ok(climbed.sources));
            }
            report.refuted.extend(report.lessons.drain(known..));
            report.refused.push("an edit for the tests made no more of them pass".to_owned());
        }
    }
}

/// What may be changed to make tests pass: sources, tests and build scripts excepted.
fn may_change(sources: &Sources) -> Sources {
    let is_test = |path: &Path| path.components().any(|component| component.as_os_str() == "tests");
    let mut files = sources.clone();
    files.retain(|path, _| !is_test(path) && path.file_name().is_some_and(|name| name != "build.rs"));
    files
}

fn compiler_problem(sources: &Sources, errors: &[Diagnostic]) -> Problem {
    let named = named_by(errors).into_iter();
    let files = named.filter_map(|path| Some((path.to_owned(), sources.get(path)?.clone()))).collect();
    let told: Vec<&str> = errors.iter().map(|error| error.rendered.as_deref().unwrap_or(&error.message)).collect();
    Problem { files, told: told.join("\n"), faults: errors.len() }
}

/// A diagnostic's file as a path in the project; `None` if it lies outside (generated, a dependency's).
fn in_project(file: &Path) -> Option<PathBuf> {
    let inside = file.strip_prefix(build::PROJECT).unwrap_or(file);
    let plain = inside.components().all(|component| matches!(component, std::path::Component::Normal(_)));
    (plain && inside.is_relative()).then(|| inside.to_owned())
}

/// A generous limit for cargo's own questions.
const FETCH: Duration = Duration::from_secs(300);
