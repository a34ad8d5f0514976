//! The stage: a request's brief becomes a checked plan with its readback and contract, all of it in the run directory.
use super::{PlanRefusal, Planned, readback};
use crate::clock::Stopwatch;
use crate::events::Event;
use crate::exit::RunError;
use crate::pipeline::{Stage, timed};
use crate::request::{Brief, Request};
use crate::run_dir::{RunDir, names};
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
        let text = readback(&plan, &request.against(), &assumptions);
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
        Brief::Words(words) => match crate::models::of_run(shop, run, request)? {
            Some(_) => Err(RunError::Model { reason: "planning with a model is not wired yet".into() }),
            None => super::from_words(words, &request.vehicle, &request.envelope, &request.home)
                .map_err(|refusal| refused(&refusal)),
        },
    }
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
