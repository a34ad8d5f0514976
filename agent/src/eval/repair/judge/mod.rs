//! Whether what compiles again is right: tests decide for programs, the flight for missions, what is still there for index examples.
mod flight;
mod index;
mod tokens;

use super::case::{Answer, Case};
use super::compiler::{EvalError, Scratch};
use super::material::exchanged;
use crate::check::policy;
use crate::repair::Sources;
use crate::repair::mission::MISSION;
use serde::Serialize;
use std::path::Path;

/// What became of a broken crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// It compiles and does what it should.
    Right,
    /// It compiles, and does not do what it should.
    Wrong,
    /// It does not compile.
    NotMended,
    /// The model could not be asked, so that nobody knows.
    NoAnswer,
}

/// Judges sources that compile; with the reason where they are wrong.
pub fn judge(scratch: &Scratch<'_>, case: &Case, mended: &Sources) -> Result<(Judgement, String), EvalError> {
    let fault = match &case.answer {
        Answer::Corrections(corrections) => index::fault(&text(&case.sources), &text(mended), corrections),
        Answer::Program { origin, tests } => {
            // As written before, whatever way led there: nothing to run.
            if same_sources(origin, mended) { None } else { scratch.test(mended, tests, case.edition)? }
        }
        Answer::Mission(right) => mission_fault(scratch, right, &text(mended))?,
    };
    Ok(match fault {
        None => (Judgement::Right, String::new()),
        Some(fault) => (Judgement::Wrong, fault),
    })
}

/// The only text of a crate of one file.
fn text(sources: &Sources) -> String {
    sources.values().next().cloned().unwrap_or_default()
}

/// Whether two sets of sources are the same code.
pub(super) fn same_sources(one: &Sources, other: &Sources) -> bool {
    one.len() == other.len()
        && one.iter().all(|(path, text)| other.get(path).is_some_and(|other| tokens::same(text, other)))
}

fn mission_fault(scratch: &Scratch<'_>, right: &str, mended: &str) -> Result<Option<String>, EvalError> {
    if tokens::same(right, mended) {
        return Ok(None);
    }
    if let Some(breach) = policy::judge(mended).breaches.first() {
        return Ok(Some(format!("the policy refuses it: {}", breach.message)));
    }
    if let Some(fault) = flight::difference(scratch, right, mended)? {
        return Ok(Some(fault));
    }
    // Of two missions in one file each is flown.
    if right.contains("fn fly_again(") {
        return flight::difference(scratch, &exchanged(right), &exchanged(mended));
    }
    Ok(None)
}

/// The path of a mission's file.
fn mission(source: &str) -> Sources {
    Sources::from([(Path::new(MISSION).to_path_buf(), source.to_owned())])
}
