//! What the rungs work with: names of the SDK, fixes learned before, a model.
//!
//! It leaves to others: in which order they are asked, and whether what they propose is kept.
use super::learned::{Memory, Standing, Trial};
use super::rungs::Proposal;
use super::sources::Sources;
use flightsmith_toolchain::diagnostics::Diagnostic;

/// Where the mechanical rungs are stuck, for a model.
#[derive(Debug, Clone, Copy)]
pub struct Stuck<'a> {
    /// The best sources so far.
    pub sources: &'a Sources,
    /// What is wrong with them.
    pub errors: &'a [Diagnostic],
    /// What was proposed and refused, or did not help, with the reasons.
    pub refused: &'a [String],
    /// What the project's tests said, where it compiles and they fail.
    pub tests: Option<&'a str>,
}

/// The last rung: whoever can write new texts for what is stuck.
pub trait Proposer {
    /// New texts for some of the files, or `None` if it has no idea.
    ///
    /// # Errors
    /// Why it cannot work at all, in words.
    fn propose(&mut self, stuck: &Stuck<'_>) -> Result<Option<Sources>, String>;
}

/// The tools of one repair.
#[derive(Default)]
pub struct Workbench<'a> {
    /// What was learned before, if anything was.
    pub memory: Option<&'a Memory>,
    /// The last rung, if there is one.
    pub model: Option<&'a mut dyn Proposer>,
}

impl Workbench<'_> {
    /// What mended the like before, as far as it has proven itself, or has not.
    pub(super) fn learned(&self, sources: &Sources, error: &Diagnostic, proven: bool) -> Vec<Proposal> {
        self.memory.as_ref().map_or_else(Vec::new, |memory| memory.proposals(sources, error, proven))
    }

    /// What earlier repairs say of a step.
    pub(super) fn standing(&self, trial: &Trial) -> Standing {
        self.memory.map_or(Standing::Plain, |memory| memory.standing(trial))
    }

    /// Whether some step is known to go first for errors of this signature.
    pub(super) fn knows_a_first(&self, signature: &str) -> bool {
        self.memory.is_some_and(|memory| memory.knows_a_first(signature))
    }
}
