//! Flights: the mission's program flown in the embedded simulator, nominal first, then varied, each judged by the contract on the
//! simulator's true state. The only place that makes a [`VerifiedCrate`].
//!
//! What it leaves to others: writing and mending the program, and building and flying it as the vehicle's computer gets it (`cross`).
pub mod campaign;
pub mod flight;
pub mod link;
pub mod meeting;
pub mod outside;
pub mod parameters;
pub mod telemetry;

use crate::budget;
use crate::check::CheckedCrate;
use crate::exit::{RunError, chain};
use crate::request::Request;
use crate::run_dir::{RunDir, names};
use crate::workshop::Workshop;
use flight::{Aircraft, Flown};
use flightsmith_mission::contract::{Contract, Invariant};
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::MissionPlan;
use flightsmith_mission::vehicle::{Autopilot, Vehicle};
use flightsmith_toolchain::process::ProcessError;
use flightsmith_toolchain::sandbox::Sandbox;

/// What every flight of a run has in common.
pub struct Bench {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// Its autopilot.
    pub autopilot: Autopilot,
    /// Where it stands.
    pub home: Home,
    /// The plan that is flown.
    pub plan: MissionPlan,
    /// The limits in force.
    pub envelope: Envelope,
    /// What is judged.
    pub contract: Contract,
    /// Where the program runs.
    pub sandbox: Sandbox,
}

/// A crate whose program held the contract in every host flight.
#[derive(Debug)]
pub struct VerifiedCrate {
    checked: CheckedCrate,
    flights: usize,
}

impl VerifiedCrate {
    /// The crate.
    pub fn checked(&self) -> &CheckedCrate {
        &self.checked
    }
    /// How many flights it held the contract in.
    pub fn flights(&self) -> usize {
        self.flights
    }
}

/// Flies the campaign with the program of `checked`; gives the flights back where one of them broke the contract.
pub fn verify(
    shop: &Workshop,
    run: &RunDir,
    request: &Request,
    bench: &Bench,
    checked: CheckedCrate,
) -> Result<(Result<VerifiedCrate, Vec<Flown>>, String), RunError> {
    let aircraft = Aircraft {
        program: checked.program().to_path_buf(),
        run_with: Vec::new(),
        backend: "embedded".into(),
        cpu_factor: bench.vehicle.companion.cpu_factor,
        is_firmware: false,
    };
    flight::forget_others(run, &aircraft)?;
    let jobs = campaign::jobs(request.flights, request.seed);
    let mut flown = campaign::fly_all(&jobs, &shop.events, |job| flight::flown_or_fly(bench, run, &aircraft, job))?;
    if request.sim != "embedded" && flown.iter().all(|flight| flight.verdict.passed) {
        let mut link = link::Link::open(&request.sim, &shop.host)?;
        meeting::meet(&mut link, bench.autopilot)?;
        flown.push(outside::fly(run, bench, &aircraft, link, jobs.len() + 1)?);
    }
    let failed = flown.iter().filter(|flight| !flight.verdict.passed).count();
    let outcome = if failed == 0 {
        format!("{} flights held every clause", flown.len())
    } else {
        format!("{failed} of {} flights broke the contract", flown.len())
    };
    let result = if failed == 0 { Ok(VerifiedCrate { checked, flights: flown.len() }) } else { Err(flown) };
    Ok((result, outcome))
}

/// The first violation of the first failed flight, in one line, with its flight.
pub fn worst(flown: &[Flown]) -> String {
    let Some(flight) = flown.iter().find(|flight| !flight.verdict.passed) else { return "no flight failed".into() };
    let says = flight.verdict.violations.first().map_or("it failed without a violation", |violation| &violation.says);
    let verdict = &flight.verdict;
    format!("flight {} (seed {}, {}): {says}", flight.number, verdict.seed, verdict.backend)
}

impl Bench {
    /// For the flights of `request`, with the contract of its run.
    pub fn set_up(shop: &Workshop, run: &RunDir, request: &Request, plan: &MissionPlan) -> Result<Self, RunError> {
        Ok(Self {
            plan: plan.clone(),
            envelope: request.envelope.clone(),
            vehicle: request.vehicle.clone(),
            autopilot: request.autopilot,
            home: request.home,
            contract: run.read_json(names::CONTRACT)?,
            sandbox: shop.sandbox(request.sandbox)?,
        })
    }

    /// Longest flight in seconds of vehicle time: what the contract allows, and a minute to be caught in.
    pub fn flight_limit_s(&self) -> f64 {
        let within_s = self.contract.invariants.iter().find_map(|invariant| match invariant {
            Invariant::EndsOnGround { within_s } => Some(*within_s + 60.0),
            _ => None,
        });
        within_s.unwrap_or(budget::FLIGHT_S).min(budget::FLIGHT_S)
    }

    /// The same contract from another home: an outside vehicle stands where it stands.
    pub fn contract_at(&self, home: &Home) -> Contract {
        let tolerances = self.contract.tolerances.clone();
        let derived = Contract::derive(&self.plan, &self.vehicle, self.autopilot, &self.envelope, home, &tolerances);
        derived.unwrap_or_else(|_| self.contract.clone())
    }

    fn process_error(&self, run: &RunDir, error: ProcessError) -> RunError {
        match error {
            ProcessError::Interrupted => RunError::Interrupted { run: Some(run.root().to_path_buf()) },
            other => RunError::files("the mission's program", chain(&other)),
        }
    }
}
