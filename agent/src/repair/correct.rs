//! A person's correction: what was wrong, compiled for its errors; what it became, compiled to see that it is right; and what can be used
//! elsewhere, learned with the person's word for it.
//!
//! Missions are judged by policy and the SDK, everything else as a cargo project, all of it in the sandbox. It leaves to others: reading
//! files and diffs, and where it is kept.
use super::climb::Compiler;
use super::guard::{Refusal, refusal};
use super::learned::{self, Lesson, Memory};
use super::mission::{MISSION, MissionCompiler, MissionError};
use super::project::{FixError, FixTools, errors_of};
use super::rungs::Rung;
use super::sources::{Sources, replaced};
use crate::assembly;
use crate::check;
use flightsmith_kb::{KbError, Store};
use flightsmith_toolchain::diagnostics::Diagnostic;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Why a correction teaches nothing.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionError {
    /// The wrong side compiles.
    #[error("what is to be corrected compiles as it is: there is no error to learn from")]
    NothingWrong,
    /// The right side does not compile.
    #[error("the correction does not compile: {first}")]
    NotRight {
        /// Its first error.
        first: String,
    },
    /// It mends by what no repair may do.
    #[error("no repair may do this, so that it would never be used: {0}")]
    Deletes(Refusal),
    /// It brings in what nothing learned may carry.
    #[error(
        "it brings in `{word}`, and nothing learned may: unchecked code, processes, files, network, silence and stubs stay out"
    )]
    Forbidden {
        /// The first such word.
        word: String,
    },
    /// Nothing of it can be used elsewhere.
    #[error(
        "nothing of it can be used elsewhere: it puts in names, numbers or code of this program alone, or it is far from every error"
    )]
    NotGeneral,
    /// The project could not be built.
    #[error(transparent)]
    Project(#[from] FixError),
    /// The mission could not be judged.
    #[error(transparent)]
    Mission(#[from] MissionError),
    /// A file failed.
    #[error("could not use {path}")]
    Files {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] KbError),
}

/// What is corrected.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// A mission's one file, in the crate of this folder.
    Mission {
        /// The crate.
        folder: &'a Path,
        /// What judges it.
        workshop: check::Workshop<'a>,
    },
    /// Files of a cargo project.
    Project {
        /// Its folder.
        folder: &'a Path,
        /// What builds it.
        tools: FixTools<'a>,
    },
}

/// Learns that `before` is to become `after`. The records' ids. The store is opened once it is known that there is something to learn:
/// nobody else has to wait for the compiler.
///
/// # Errors
/// See [`CorrectionError`]; nothing is kept then.
pub fn correct(
    before: &Sources,
    after: &Sources,
    place: Place<'_>,
    evidence: &Value,
    store: impl FnOnce() -> Result<Store, KbError>,
) -> Result<Vec<String>, CorrectionError> {
    let errors = judged(before, place)?;
    if errors.is_empty() {
        return Err(CorrectionError::NothingWrong);
    }
    if let Some(first) = judged(after, place)?.first() {
        return Err(CorrectionError::NotRight { first: first.message.clone() });
    }
    let mut memory = Memory::default();
    // A person's correction is worth what a model's is: everything in it may be new.
    let errors = teachable(before, after, &errors)?;
    let lesson = Lesson { before: before.clone(), errors, after: after.clone(), rung: Rung::Model, by: Vec::new() };
    if memory.learn(&[lesson], evidence) == 0 {
        return Err(CorrectionError::NotGeneral);
    }
    let store = store()?;
    let ids = memory.save(&store)?;
    let learned = store.learned()?;
    for id in &ids {
        learned.accept(id)?;
    }
    Ok(ids)
}

/// The errors whose correction can be used elsewhere, and would be let through there.
fn teachable(before: &Sources, after: &Sources, errors: &[Diagnostic]) -> Result<Vec<Diagnostic>, CorrectionError> {
    let (mut kept, mut refused) = (Vec::new(), None);
    for error in errors {
        let template = learned::learn(before, after, error);
        let parts = template.and_then(|template| learned::apply(&template, before, error));
        let Some(edited) = parts.and_then(|parts| replaced(before, &parts)) else { continue };
        match refusal(before, &edited, errors) {
            None => kept.push(error.clone()),
            Some(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    match (kept.is_empty(), refused, learned::forbidden(before, after)) {
        (false, ..) => Ok(kept),
        (true, Some(refusal), _) => Err(CorrectionError::Deletes(refusal)),
        (true, None, Some(word)) => Err(CorrectionError::Forbidden { word }),
        (true, None, None) => Err(CorrectionError::NotGeneral),
    }
}

fn judged(sources: &Sources, place: Place<'_>) -> Result<Vec<Diagnostic>, CorrectionError> {
    Ok(match place {
        Place::Mission { folder, workshop } => MissionCompiler::of(folder, workshop)?.compile(sources)?,
        Place::Project { folder, tools } => errors_of(folder, sources, tools)?,
    })
}

/// A folder in which a single file stands for a mission or a project: a copy of the mission template, or a crate of that file.
///
/// # Errors
/// [`CorrectionError::Files`].
pub fn single_file(
    text: &str,
    is_mission: bool,
    source_root: &Path,
) -> Result<(tempfile::TempDir, PathBuf), CorrectionError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| CorrectionError::Files { path, source }
    };
    let folder = tempfile::tempdir().map_err(at(&std::env::temp_dir()))?;
    if is_mission {
        assembly::bare(source_root, folder.path())
            .map_err(|error| CorrectionError::Files { path: error.path, source: error.source })?;
        return Ok((folder, PathBuf::from(MISSION)));
    }
    fs::create_dir(folder.path().join("src")).map_err(at(folder.path()))?;
    let manifest = "[package]\nname = \"corrected\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).map_err(at(folder.path()))?;
    let name = if text.contains("fn main(") { "src/main.rs" } else { "src/lib.rs" };
    fs::write(folder.path().join(name), text).map_err(at(folder.path()))?;
    Ok((folder, PathBuf::from(name)))
}
