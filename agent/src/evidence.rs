//! What is wrong with a source, as the attempts find it, the writers mend it and the repair ladder compares it.
use crate::check::Feedback;
use crate::repair::Evidence;
use crate::simulate::{self, flight::Flown};
use flightsmith_toolchain::diagnostics::Edit;

/// What is wrong with a source.
#[derive(Debug, Clone, PartialEq)]
pub enum Wrong {
    /// It does not compile, or breaks the policy.
    Source(Feedback),
    /// It compiles, and these flights broke the contract.
    Flights(Vec<Flown>),
}

impl Wrong {
    /// In one line.
    pub fn says(&self) -> String {
        match self {
            Wrong::Source(feedback) => feedback.to_string().lines().next().unwrap_or_default().to_string(),
            Wrong::Flights(flown) => simulate::worst(flown),
        }
    }
}

impl Evidence for Wrong {
    /// A source that flies is better than any that does not compile.
    fn faults(&self) -> usize {
        match self {
            Wrong::Source(feedback) => 1_000_000 + feedback.faults(),
            Wrong::Flights(flown) => flown.iter().map(|flight| flight.verdict.violations.len()).sum(),
        }
    }
    fn edits(&self) -> Vec<Edit> {
        match self {
            Wrong::Source(feedback) => feedback.edits(),
            Wrong::Flights(_) => Vec::new(),
        }
    }
}
