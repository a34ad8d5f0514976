//! A mission's one generated file on the ladder: judged by policy and compiler, in a copy of its crate.
//!
//! It leaves to others: flying it, and what is written into the run's folder.
use super::climb::{ClimbError, Climbed, Compiler, climb};
use super::errors::POLICY;
use super::ladder::Bounds;
use super::rungs::Rung;
pub use super::sources::MISSION;
use super::sources::Sources;
use super::workbench::Workbench;
use crate::check::{self, Breach, CheckError, Feedback};
use flightsmith_toolchain::diagnostics::{Diagnostic, Level, Span};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why a mission could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum MissionError {
    /// A file of the copy failed.
    #[error("could not use {path}")]
    Files {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Policy or compiler could not be asked.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The model could not be asked.
    #[error("{0}")]
    Model(String),
}

/// Policy and compiler, on a copy of a mission's crate.
pub struct MissionCompiler<'a> {
    workshop: check::Workshop<'a>,
    copy: tempfile::TempDir,
}

impl<'a> MissionCompiler<'a> {
    /// For the crate in `folder`.
    ///
    /// # Errors
    /// [`MissionError::Files`].
    pub fn of(folder: &Path, workshop: check::Workshop<'a>) -> Result<Self, MissionError> {
        let copy = tempfile::tempdir().map_err(at(&std::env::temp_dir()))?;
        fs::create_dir_all(copy.path().join("src")).map_err(at(copy.path()))?;
        fs::create_dir_all(copy.path().join("out")).map_err(at(copy.path()))?;
        for name in ["Cargo.toml", "plan.json", "limits.json", "src/main.rs", "src/lib.rs", MISSION] {
            let from = folder.join(name);
            if from.is_file() {
                fs::copy(&from, copy.path().join(name)).map_err(at(&from))?;
            }
        }
        Ok(Self { workshop, copy })
    }
}

impl Compiler for MissionCompiler<'_> {
    type Error = MissionError;

    fn compile(&mut self, sources: &Sources) -> Result<Vec<Diagnostic>, MissionError> {
        let path = self.copy.path().join(MISSION);
        let source = sources.get(Path::new(MISSION)).map_or("", String::as_str);
        fs::write(&path, source).map_err(at(&path))?;
        let verdict = check::verdict(self.copy.path(), &self.copy.path().join("out"), self.workshop)?;
        Ok(verdict.err().map_or_else(Vec::new, |feedback| errors(feedback, source)))
    }
}

/// Mends the mission of the crate in `folder` until policy and compiler are content.
///
/// # Errors
/// It could not be judged at all.
pub fn mend_mission(
    folder: &Path,
    source: String,
    workshop: check::Workshop<'_>,
    rungs: &[Rung],
    bench: &mut Workbench<'_>,
    bounds: Bounds,
) -> Result<Climbed, MissionError> {
    let mut compiler = MissionCompiler::of(folder, workshop)?;
    climb(Sources::from([(MISSION.into(), source)]), &mut compiler, rungs, bench, bounds).map_err(|error| match error {
        ClimbError::Compiler(error) => error,
        ClimbError::Model(reason) => MissionError::Model(reason),
    })
}

/// Feedback as the compiler would give it.
#[must_use]
pub fn errors(feedback: Feedback, source: &str) -> Vec<Diagnostic> {
    match feedback {
        Feedback::Compiler(errors) => errors,
        Feedback::Policy(breaches) => breaches.iter().map(|breach| of_breach(breach, source)).collect(),
        Feedback::NoVerdict { ending, said } => {
            vec![plain(format!("{ending}: {said}"), "no verdict", Vec::new())]
        }
    }
}

fn of_breach(breach: &Breach, source: &str) -> Diagnostic {
    let line_start: usize = source.split_inclusive('\n').take(breach.line.saturating_sub(1)).map(str::len).sum();
    let line = source.lines().nth(breach.line.saturating_sub(1)).unwrap_or_default();
    let column = line.char_indices().nth(breach.column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let span = Span {
        file_name: MISSION.into(),
        byte_start: line_start + column,
        byte_end: line_start + line.len(),
        line_start: breach.line,
        line_end: breach.line,
        column_start: breach.column,
        column_end: line.chars().count() + 1,
        is_primary: true,
        label: None,
        suggested_replacement: None,
        suggestion_applicability: None,
        in_expansion: false,
    };
    let rendered = format!("{breach}");
    Diagnostic { rendered: Some(rendered), ..plain(breach.message.clone(), POLICY, vec![span]) }
}

fn plain(message: String, code: &str, spans: Vec<Span>) -> Diagnostic {
    Diagnostic {
        message,
        code: Some(code.to_owned()),
        level: Level::Error,
        spans,
        children: Vec::new(),
        rendered: None,
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> MissionError + use<> {
    let path = path.to_owned();
    move |source| MissionError::Files { path, source }
}
