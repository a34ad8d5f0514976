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

use crate::run_dir::{names, write_whole};
use record::RunRecord;
use std::io;
use std::path::{Path, PathBuf};
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
    for (name, text) in [(names::REPORT, report.to_json()), (names::REPORT_HTML, page::render(&record, &report))] {
        let path = run.join(name);
        write_whole(&path, text.as_bytes()).map_err(|source| ReportError { path, source })?;
    }
    Ok(report)
}

/// The picture of the flown tracks over the planned path as a stand-alone SVG, for a README.
pub fn track_picture(run: &Path) -> String {
    map::stand_alone(&RunRecord::read(run))
}

#[cfg(test)]
pub(crate) mod tests;
