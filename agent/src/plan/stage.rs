//! The stage: a request's brief becomes a checked plan with its readback and contract, all of it in the run directory.
use super::model::{ModelPlanError, from_words_with};
use super::{PlanRefusal, Planned, readback};
use crate::budget;
use crate::clock::Stopwatch;
use crate::events::Event;
use crate::exit::RunError;
use crate::models::{self, Model};
use crate::request::{Brief, Request};
use crate::run_dir::{RunDir, names};
use crate::stage::{Stage, timed};
use crate::workshop::Workshop;
use flightsmith_mission::check::PlanFault;
use flightsmith_mission::contract::{Contract, Tolerances};
use flightsmith_mission::plan::{MissionPlan, PlanDraft};

/// The plan of a run: as it is in the run directory already (checked again), else made from the brief.
pub fn planned(shop: &Workshop, run: &RunDir, request: &Request) -> Result<MissionPlan, RunError> {
    if run.has(names::PLAN) && run.has(names::CONTRACT) && run.has(names::READBACK) {
        return check(run.read_json(names::PLAN)?, request);
    }
    let plan = timed(shop, Stage::Plan, || {
        let watch = Stopwatch::start();
        run.write(names::BRIEF, brief(&request.brief))?;
        let Planned { draft, assumptions } = draft(shop, run, request)?;
        let plan = check(draft, request)?;
        let contract = contract(&plan, request)?;
        let text = readback(&plan, &request.read_for(), &assumptions);
        run.write_json(names::PLAN, &plan)?;
        run.write_json(names::CONTRACT, &contract)?;
        run.write(names::READBACK, &text)?;
        shop.events.tell(&Event::Readback { text });
        let outcome = format!("{} steps, checked in {:.3} s", plan.steps.len(), watch.seconds());
        Ok((plan, outcome))
    })?;
    Ok(plan)
}

fn draft(shop: &Workshop, run: &RunDir, request: &Request) -> Result<Planned, RunError> {
    match &request.brief {
        Brief::Plan(draft) => Ok(Planned { draft: draft.clone(), assumptions: Vec::new() }),
        Brief::Words(words) => match models::of_run(shop, run, request)? {
            Some(model) => with_model(shop, words, request, &model),
            None => super::from_words(words, &request.vehicle, &request.envelope, &request.home)
                .map_err(|refusal| refused(&refusal)),
        },
    }
}

/// Words that the grammar does not read are rephrased by the model; what it made of each clause is among the assumptions.
fn with_model(shop: &Workshop, words: &str, request: &Request, model: &Model) -> Result<Planned, RunError> {
    let Request { vehicle, envelope, home, .. } = request;
    let planned = from_words_with(words, vehicle, envelope, home, model, budget::MODEL_PLANS);
    let planned = planned.map_err(|error| match error {
        ModelPlanError::Refused(refusal) => refused(&refusal),
        ModelPlanError::Model(error) => models::model_error(error),
    })?;
    if let Some(by) = &planned.by {
        shop.events.tell(&Event::Model { model: format!("{} planned ({} questions)", by.model, by.questions) });
    }
    Ok(planned.planned)
}

/// A draft checked against everything that the request says.
pub fn check(draft: PlanDraft, request: &Request) -> Result<MissionPlan, RunError> {
    draft
        .check(&request.envelope, &request.vehicle, request.autopilot, &request.home)
        .map_err(|faults| refused_plan(&faults))
}

/// Refused words as the end of a run: what is wrong as the reason, what to say instead as hints.
pub fn refused(refusal: &PlanRefusal) -> RunError {
    let reason = refusal.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let mut hints: Vec<String> = refusal.faults.iter().map(|fault| fault.hint.clone()).collect();
    hints.retain(|hint| !hint.is_empty());
    hints.dedup();
    RunError::Refused { reason, hints }
}

/// A plan's faults as the end of a run: what is wrong as the reason, what to change as hints.
pub fn refused_plan(faults: &[PlanFault]) -> RunError {
    let reason = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    RunError::Refused { reason, hints: Vec::new() }
}

fn contract(plan: &MissionPlan, request: &Request) -> Result<Contract, RunError> {
    let Request { vehicle, autopilot, envelope, home, .. } = request;
    Contract::derive(plan, vehicle, *autopilot, envelope, home, &Tolerances::default())
        .map_err(|error| RunError::Refused { reason: error.to_string(), hints: Vec::new() })
}

fn brief(brief: &Brief) -> String {
    match brief {
        Brief::Words(words) => format!("{}\n", words.trim_end()),
        Brief::Plan(plan) if plan.words.is_empty() => format!("(a plan file: {})\n", plan.name),
        Brief::Plan(plan) => format!("{}\n", plan.words.trim_end()),
    }
}
