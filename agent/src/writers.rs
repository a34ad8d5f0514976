//! Who writes and mends a mission's source: the offline generator, or the model where one is set.
use crate::events::Event;
use crate::evidence::Wrong;
use crate::exit::{RunError, chain};
use crate::models::{self, Model, model_error};
use crate::repair::mission::mend_mission;
use crate::repair::model::{self as mending, ModelMender};
use crate::repair::{self, Attempt, Bounds, Fixer, Lesson, Memory, Mender, Step, Trial, Workbench};
use crate::request::Request;
use crate::retrieve::{self, Budget};
use crate::run_dir::{RunDir, names};
use crate::workshop::Workshop;
use crate::{budget, check, generate};
use flightsmith_kb::Searchable;
use flightsmith_llm::Provider;
use flightsmith_mission::plan::MissionPlan;
use flightsmith_sim::judge::explain;
use std::cell::RefCell;
use std::path::PathBuf;

/// Writes the first source of a run and, where a model is set, mends it.
pub struct Writer<'a> {
    shop: &'a Workshop,
    run: &'a RunDir,
    request: &'a Request,
    plan: &'a MissionPlan,
    model: Option<(Model, Box<dyn Searchable + 'a>)>,
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
            Some(model) => Some((model, retrieve::shared::open(shop)?)),
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
        let context =
            retrieve::for_plan(kb.as_ref(), self.plan, self.request.autopilot, Budget::of(budget::CONTEXT_TOKENS));
        if let Some(reason) = &context.by_words_alone {
            self.shop.events.note(format!("the knowledge base was searched by words alone: {reason}"));
        }
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
            Fixer::CompilerMaybe => "compiler suggestions, tried",
            Fixer::Structural => "repair rules",
            Fixer::Learned => "learned fixes",
            Fixer::Model => "model, mending",
        }
    }
}

/// Who mends a run's source: the mechanical rungs, then the model, which remembers what it tried; no model where none is set.
pub struct Menders<'w> {
    writer: &'w Writer<'w>,
    mender: Option<(ModelMender<'w>, &'w dyn Searchable)>,
    workshop: check::Workshop<'w>,
    /// The crate of the latest attempt.
    folder: &'w RefCell<PathBuf>,
    /// Steps of the mechanical rungs since they were last taken.
    steps: &'w RefCell<Vec<Step>>,
    /// What was learned before.
    memory: &'w Memory,
    /// What the mechanical rungs have done so far.
    done: Mechanical,
}

/// What the mechanical rungs did in a run, for who learns from it.
#[derive(Debug, Default)]
pub struct Mechanical {
    /// What was kept, step by step.
    pub lessons: Vec<Lesson>,
    /// What was tried and made nothing better.
    pub in_vain: Vec<Trial>,
    /// Compiles that it took.
    pub compiles: usize,
}

impl<'w> Menders<'w> {
    /// For what `writer` wrote; the judge leaves each attempt's crate in `folder`, and takes the steps that led to the next.
    pub fn of(
        writer: &'w Writer<'w>,
        workshop: check::Workshop<'w>,
        folder: &'w RefCell<PathBuf>,
        steps: &'w RefCell<Vec<Step>>,
        memory: &'w Memory,
    ) -> Self {
        let mender = writer.model.as_ref().map(|(model, kb)| (ModelMender::new(model), kb.as_ref() as &dyn Searchable));
        Self { writer, mender, workshop, folder, steps, memory, done: Mechanical::default() }
    }

    /// What the mechanical rungs did.
    pub fn done(self) -> Mechanical {
        self.done
    }
}

impl Mender<Wrong> for Menders<'_> {
    type Error = RunError;

    fn mechanical(&mut self, latest: &Attempt<Wrong>) -> Result<Option<(String, Fixer)>, RunError> {
        let Wrong::Source(_) = &latest.evidence else { return Ok(None) };
        let bounds = Bounds { judged: budget::MENDING_COMPILES, mender_calls: 0, wall: budget::MENDING };
        let folder = self.folder.borrow();
        let mut bench = Workbench { memory: Some(self.memory), model: None };
        let source = latest.source.clone();
        let climbed = mend_mission(&folder, source, self.workshop, &repair::Rung::WITHOUT_MODEL, &mut bench, bounds)
            .map_err(|error| RunError::files(&*folder, chain(&error)))?;
        self.done.compiles += climbed.compiles;
        self.done.in_vain.extend(climbed.in_vain);
        let Some(rung) = climbed.steps.iter().map(|step| step.rung).max() else { return Ok(None) };
        self.steps.borrow_mut().extend(climbed.steps);
        self.done.lessons.extend(climbed.lessons);
        let text = climbed.sources.into_values().next();
        Ok(text.map(|text| (text, rung.into())))
    }

    fn mend(&mut self, best: &Attempt<Wrong>, _tried: &[Attempt<Wrong>]) -> Result<Option<String>, RunError> {
        let Some((mender, kb)) = &mut self.mender else { return Ok(None) };
        let Writer { request, run, .. } = self.writer;
        let context =
            |text: &str| retrieve::for_text(*kb, text, request.autopilot, Budget::of(budget::CONTEXT_TOKENS / 2));
        let mended = match &best.evidence {
            Wrong::Source(feedback) => {
                let (lines, diagnostics) = (feedback.lines(), feedback.to_string());
                let wrong = mending::Wrong::Source { diagnostics: &diagnostics, lines: &lines };
                mender.mend(&best.source, wrong, &context(&diagnostics), &[])
            }
            Wrong::Flights(flown) => {
                let violations = flown.iter().flat_map(|flight| &flight.verdict.violations);
                let violations: Vec<String> = violations.take(budget::VIOLATIONS_TOLD).map(explain).collect();
                let readback = run.read_text(names::READBACK)?;
                let wrong = mending::Wrong::Flights { readback: &readback, violations: &violations };
                mender.mend(&best.source, wrong, &context(&violations.join("\n")), &[])
            }
        };
        mended.map_err(model_error)
    }
}
