//! What is wrong with a mission's source, as a value that repair can work with.
//!
//! It leaves to others: what to do about it.

use std::fmt;

use flightsmith_toolchain::diagnostics::Diagnostic;
use flightsmith_toolchain::prebuilt::Compilation;
use flightsmith_toolchain::process::Ending;
use serde::Serialize;

use super::policy::Breach;

/// Why a mission's source was not accepted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Feedback {
    /// It breaks the policy: every breach, in the order of the text.
    Policy(Vec<Breach>),
    /// The compiler has errors.
    Compiler(Vec<Diagnostic>),
    /// The compiler ended without a verdict: it met a limit, crashed, or the linker failed.
    NoVerdict {
        /// How it ended.
        ending: String,
        /// The end of what it said.
        said: String,
    },
}

impl From<Compilation> for Feedback {
    fn from(compilation: Compilation) -> Self {
        if matches!(compilation.ending, Ending::Exited(_)) && compilation.diagnostics.iter().any(Diagnostic::is_error) {
            return Self::Compiler(compilation.diagnostics);
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
            Self::Compiler(diagnostics) => diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count(),
            Self::NoVerdict { .. } => 20_000,
        }
    }

    /// The lines of `mission.rs` that it speaks of, without repeats, ascending.
    #[must_use]
    pub fn lines(&self) -> Vec<usize> {
        let mut lines: Vec<usize> = match self {
            Self::Policy(breaches) => breaches.iter().map(|breach| breach.line).collect(),
            Self::Compiler(diagnostics) => {
                let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
                errors.filter_map(|error| error.primary().map(|place| place.line_start)).collect()
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
            Self::Compiler(diagnostics) => {
                diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).try_for_each(|error| {
                    let text = error.rendered.as_deref().unwrap_or(&error.message);
                    writeln!(f, "{}", text.trim_end())
                })
            }
            Self::NoVerdict { ending, said } => writeln!(f, "{ending}: {said}"),
        }
    }
}
