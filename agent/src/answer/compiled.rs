//! What the compiler has against a file that a learner asks about: within its cargo project where it is in one, else as it stands.
//!
//! It leaves to others: explaining it.
use super::proof::{Prover, is_mission};
use crate::exit::{RunError, chain};
use crate::repair::Sources;
use crate::repair::project::{FixError, errors_of};
use flightsmith_toolchain::diagnostics::Diagnostic;
use flightsmith_toolchain::process::ProcessError;
use std::path::{Path, PathBuf};

/// The errors whose place is in `file`, which holds `text`.
///
/// # Errors
/// Why there is no verdict, in words: the file can be explained without it.
pub fn errors_in(file: &Path, text: &str, prover: &mut Prover<'_>) -> Result<Vec<Diagnostic>, RunError> {
    let Some((project, inside)) = project_of(file).filter(|_| !is_mission(text)) else {
        return prover.errors_of(text);
    };
    let errors = errors_of(&project, &Sources::new(), prover.tools()).map_err(|error| match error {
        FixError::Process(ProcessError::Interrupted) => RunError::Interrupted { run: None },
        other => RunError::files(&project, chain(&other)),
    })?;
    let is_here = |error: &Diagnostic| error.primary().is_some_and(|place| place.file_name == inside);
    Ok(errors.into_iter().filter(is_here).collect())
}

/// The folder of the cargo project that a source is in, and its path below it.
fn project_of(file: &Path) -> Option<(PathBuf, PathBuf)> {
    let file = file.canonicalize().ok()?;
    let project = file.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file())?;
    Some((project.to_owned(), file.strip_prefix(project).ok()?.to_owned()))
}
