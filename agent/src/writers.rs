//! Who writes and mends a mission's source: the offline generator, or the model where one is set.
use crate::attempts::Wrong;
use crate::exit::RunError;
use crate::generate;
use crate::repair::{Attempt, Fixer, Mender};
use crate::request::Request;
use flightsmith_mission::plan::MissionPlan;

/// Writes the first source of a run and, where a model is set, the next ones.
pub struct Writer<'a> {
    request: &'a Request,
    plan: &'a MissionPlan,
}

impl<'a> Writer<'a> {
    /// For `plan`.
    pub fn new(request: &'a Request, plan: &'a MissionPlan) -> Self {
        Self { request, plan }
    }

    /// The first source.
    pub fn first(&mut self) -> Result<String, RunError> {
        let source = generate::offline(self.plan, &self.request.vehicle, &self.request.home);
        source.map_err(|error| RunError::Refused { reason: error.to_string(), hints: Vec::new() })
    }

    /// How often the model may be asked to mend.
    pub fn mender_calls(&self) -> usize {
        0
    }
}

impl Mender<Wrong> for Writer<'_> {
    type Error = RunError;

    fn mend(&mut self, _best: &Attempt<Wrong>, _tried: &[Attempt<Wrong>]) -> Result<Option<String>, RunError> {
        Ok(None)
    }
}

/// What reports call a fixer.
pub fn name(fixer: Fixer) -> &'static str {
    match fixer {
        Fixer::Generator => "offline generator",
        Fixer::Compiler => "compiler suggestions",
        Fixer::Model => "model",
    }
}
