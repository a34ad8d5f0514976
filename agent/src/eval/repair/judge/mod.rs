//! Whether what compiles again is right: tests decide for programs, the flight for missions, what is still there for index examples.
mod flight;
mod index;
mod tokens;

use super::case::{Answer, Case};
use super::compiler::{EvalError, Scratch};
use super::material::exchanged;
use crate::check::policy;
use crate::repair::mission::MISSION;
use crate::repair::{Sources, forbidden};
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
        Answer::Corrections(corrections) => index_fault(scratch, case, &text(mended), corrections)?,
        Answer::Program { origin, tests } => {
            // As written before, whatever way led there: nothing to run.
            if same_sources(origin, mended) { None } else { scratch.test(mended, tests, case.edition)? }
        }
        Answer::Mission { right, also } => {
            let rights: Vec<String> = std::iter::once(right).chain(also).cloned().collect();
            mission_fault(scratch, &rights, &text(mended))?
        }
    };
    Ok(match fault {
        None => (Judgement::Right, String::new()),
        Some(fault) => (Judgement::Wrong, fault),
    })
}

/// What is wrong with a mended example. Where its explanation has no right one, and the compiler says of an `impl` that it is not
/// permitted, the example without that `impl` is the correction.
fn index_fault(
    scratch: &Scratch<'_>,
    case: &Case,
    mended: &str,
    corrections: &[String],
) -> Result<Option<String>, EvalError> {
    let wrong = text(&case.sources);
    let fault = index::fault(&wrong, mended, corrections);
    if fault.is_none() || !corrections.is_empty() {
        return Ok(fault);
    }
    let errors = scratch.errors(case, &case.sources)?;
    let Some(path) = case.sources.keys().next() else { return Ok(fault) };
    let forbidden = forbidden::impls(path, &wrong, &errors);
    Ok(index::fault(&wrong, mended, &[forbidden::without(&wrong, &forbidden)]))
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

/// What is wrong with a mission, each of `rights` being right.
fn mission_fault(scratch: &Scratch<'_>, rights: &[String], mended: &str) -> Result<Option<String>, EvalError> {
    if rights.iter().any(|right| tokens::same(right, mended)) {
        return Ok(None);
    }
    if let Some(breach) = policy::judge(mended).breaches.first() {
        return Ok(Some(format!("the policy refuses it: {}", breach.message)));
    }
    if let Some(fault) = flight::difference(scratch, rights, mended)? {
        return Ok(Some(fault));
    }
    // Of two missions in one file each is flown.
    if rights.iter().any(|right| right.contains("fn fly_again(")) {
        let rights: Vec<String> = rights.iter().map(|right| exchanged(right)).collect();
        return flight::difference(scratch, &rights, &exchanged(mended));
    }
    Ok(None)
}

/// The path of a mission's file.
fn mission(source: &str) -> Sources {
    Sources::from([(Path::new(MISSION).to_path_buf(), source.to_owned())])
}
