//! Who writes and mends a mission's source: the offline generator, or the model where one is set.
use crate::attempts::Wrong;
use crate::events::Event;
use crate::exit::RunError;
use crate::models::{self, Model, model_error};
use crate::repair::model::{self as mending, ModelMender};
use crate::repair::{Attempt, Fixer, Mender};
use crate::request::Request;
use crate::retrieve::{self, Budget};
use crate::run_dir::{RunDir, names};
use crate::workshop::Workshop;
use crate::{budget, generate};
use flightsmith_kb::KnowledgeBase;
use flightsmith_llm::Provider;
use flightsmith_mission::plan::MissionPlan;
use flightsmith_sim::judge::explain;

/// Writes the first source of a run and, where a model is set, mends it.
pub struct Writer<'a> {
    shop: &'a Workshop,
    run: &'a RunDir,
    request: &'a Request,
    plan: &'a MissionPlan,
    model: Option<(Model, KnowledgeBase)>,
}

impl<'a> Writer<'a> {
    /// For `plan`; opens the knowledge base where a model is going to read it.
    pub fn new(
        shop: &'a Workshop,
        run: &'a RunDir,
        request: &'a Request,
        plan: &'a MissionPlan,
    ) -> Result<Self, RunError> {
        let model = match models::of_run(shop, run, request)? {
            Some(model) => Some((model, retrieve::stage::open(&shop.source_root, &shop.cache)?)),
            None => None,
        };
        Ok(Self { shop, run, request, plan, model })
    }

    /// The first source.
    pub fn first(&self) -> Result<String, RunError> {
        let Some((model, kb)) = &self.model else {
            let source = generate::offline(self.plan, &self.request.vehicle, &self.request.home);
            return source.map_err(|error| RunError::Refused { reason: error.to_string(), hints: Vec::new() });
        };
        let context = retrieve::for_plan(kb, self.plan, self.request.autopilot, Budget::of(budget::CONTEXT_TOKENS));
        self.run.write(names::CONTEXT, context.to_markdown())?;
        let readback = self.run.read_text(names::READBACK)?;
        let written = generate::model::by_model(self.plan, &readback, &context, model, budget::MODEL_SOURCES);
        let written = written.map_err(model_error)?;
        self.shop.events.tell(&Event::Model { model: format!("{} ({})", written.model, model.describe()) });
        Ok(written.source)
    }

    /// How often the model may be asked to mend.
    pub fn mender_calls(&self) -> usize {
        if self.model.is_some() { budget::ATTEMPTS } else { 0 }
    }

    /// Tokens of the model since this was last asked.
    pub fn take_tokens(&self) -> u64 {
        self.model.as_ref().map_or(0, |(model, _)| model.take_tokens())
    }

    /// What reports call a fixer.
    pub fn name(&self, fixer: Fixer) -> &'static str {
        match fixer {
            Fixer::Generator if self.model.is_some() => "model",
            Fixer::Generator => "offline generator",
            Fixer::Compiler => "compiler suggestions",
            Fixer::Model => "model, mending",
        }
    }
}

/// The last rung of a run's ladder: the model, which remembers what it tried; nobody where none is set.
pub struct Rung<'w> {
    writer: &'w Writer<'w>,
    mender: Option<(ModelMender<'w>, &'w KnowledgeBase)>,
}

impl<'w> Rung<'w> {
    /// For what `writer` wrote.
    pub fn of(writer: &'w Writer<'w>) -> Self {
        Self { writer, mender: writer.model.as_ref().map(|(model, kb)| (ModelMender::new(model), kb)) }
    }
}

impl Mender<Wrong> for Rung<'_> {
    type Error = RunError;

    fn mend(&mut self, best: &Attempt<Wrong>, _tried: &[Attempt<Wrong>]) -> Result<Option<String>, RunError> {
        let Some((mender, kb)) = &mut self.mender else { return Ok(None) };
        let Writer { request, run, .. } = self.writer;
        let context =
            |text: &str| retrieve::for_text(kb, text, request.autopilot, Budget::of(budget::CONTEXT_TOKENS / 2));
        let mended = match &best.evidence {
            Wrong::Source(feedback) => {
                let (lines, diagnostics) = (feedback.lines(), feedback.to_string());
                let wrong = mending::Wrong::Source { diagnostics: &diagnostics, lines: &lines };
                mender.mend(&best.source, wrong, &context(&diagnostics))
            }
            Wrong::Flights(flown) => {
                let violations = flown.iter().flat_map(|flight| &flight.verdict.violations);
                let violations: Vec<String> = violations.take(budget::VIOLATIONS_TOLD).map(explain).collect();
                let readback = run.read_text(names::READBACK)?;
                let wrong = mending::Wrong::Flights { readback: &readback, violations: &violations };
                mender.mend(&best.source, wrong, &context(&violations.join("\n")))
            }
        };
        mended.map_err(model_error)
    }
}
