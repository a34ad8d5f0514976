//! What is wrong with a mission's source, as a value that repair can work with.
//!
//! It leaves to others: what to do about it.

use std::fmt;

use flightsmith_toolchain::diagnostics::Diagnostic;
use flightsmith_toolchain::prebuilt::Compilation;
use serde::Serialize;

use super::policy::Breach;

/// Why a mission's source was not accepted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Feedback {
    /// It breaks the policy: every breach, in the order of the text.
    Policy(Vec<Breach>),
    /// The compiler has errors: these, or the first hundred.
    Compiler(Vec<Diagnostic>),
    /// The compiler ended without a verdict: it met a limit, crashed, or the linker failed.
    NoVerdict {
        /// How it ended.
        ending: String,
        /// The end of what it said.
        said: String,
    },
}

/// Most errors that are kept: whoever mends starts with the first, and nobody reads thousands.
const MAX_ERRORS: usize = 100;

impl From<Compilation> for Feedback {
    fn from(compilation: Compilation) -> Self {
        let mut errors = compilation.diagnostics;
        errors.retain(Diagnostic::is_error);
        // Also where it met a limit while it wrote more of them.
        if !errors.is_empty() {
            errors.truncate(MAX_ERRORS);
            return Self::Compiler(errors);
        }
        let lines: Vec<&str> = compilation.other_output.lines().collect();
        let said = lines[lines.len().saturating_sub(20)..].join("\n");
        Self::NoVerdict { ending: format!("the compiler {}", compilation.ending), said }
    }
}

impl Feedback {
    /// How many faults it names; what does not fall does not count as progress.
    #[must_use]
    pub fn faults(&self) -> usize {
        match self {
            // The compiler was not even asked: anything that it says is further on.
            Self::Policy(breaches) => 10_000 + breaches.len(),
            Self::Compiler(errors) => errors.len(),
            Self::NoVerdict { .. } => 20_000,
        }
    }

    /// The lines of `mission.rs` that it speaks of, without repeats, ascending.
    #[must_use]
    pub fn lines(&self) -> Vec<usize> {
        let mut lines: Vec<usize> = match self {
            Self::Policy(breaches) => breaches.iter().map(|breach| breach.line).collect(),
            Self::Compiler(errors) => {
                errors.iter().filter_map(|error| error.primary().map(|place| place.line_start)).collect()
            }
            Self::NoVerdict { .. } => Vec::new(),
        };
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

/// The whole text, as a person or a model reads it.
impl fmt::Display for Feedback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(breaches) => breaches.iter().try_for_each(|breach| writeln!(f, "{breach}")),
            Self::Compiler(errors) => errors.iter().try_for_each(|error| {
                let text = error.rendered.as_deref().unwrap_or(&error.message);
                writeln!(f, "{}", text.trim_end())
            }),
            Self::NoVerdict { ending, said } => writeln!(f, "{ending}: {said}"),
        }
    }
}
