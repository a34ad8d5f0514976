//! The report of a run, made from its directory alone: `report.json` for programs, `report.html` for people.
//!
//! What is missing or corrupt is said in the report and never stops it: a failed run needs its report most. Knows no other stage:
//! only the files that a run leaves behind. Leaves to others: running anything, the clock, printing.
//!
//! Reading order: [`record`] reads the directory, [`summary`] says what it means, [`map`] and [`plots`] draw, [`page`] lays out.

pub mod confidence;
pub mod history;
pub mod map;
pub mod page;
pub mod plots;
pub mod record;
pub mod summary;
mod svg;

use record::RunRecord;
use std::path::{Path, PathBuf};
use std::{fs, io};
use summary::Report;

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written", path.display())]
pub struct ReportError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// Writes `report.json` and `report.html` into the run directory `run` and returns what the former says.
///
/// # Errors
/// Only when the files cannot be written; gaps in the run directory are part of the report.
pub fn write(run: &Path) -> Result<Report, ReportError> {
    let record = RunRecord::read(run);
    let report = Report::of(&record);
    replace(&run.join("report.json"), &report.to_json())?;
    replace(&run.join("report.html"), &page::render(&record, &report))?;
    Ok(report)
}

/// The picture of the flown tracks over the planned path as a stand-alone SVG, for a README.
pub fn track_picture(run: &Path) -> String {
    map::stand_alone(&RunRecord::read(run))
}

/// Writes beside the file and renames, so that a reader never sees half of it.
fn replace(path: &Path, text: &str) -> Result<(), ReportError> {
    let failed = |source| ReportError { path: path.to_owned(), source };
    let half = path.with_extension("half");
    fs::write(&half, text).map_err(failed)?;
    fs::rename(&half, path).map_err(failed)
}

#[cfg(test)]
pub(crate) mod tests;
