//! `report.json`: the run in a form that a script or another agent reads.
use super::confidence::lower_bound;
use super::record::{Attempt, Flight, RunRecord};
use crate::run_dir::names;
use flightsmith_mission::contract::{Invariant, Tolerances};
use flightsmith_mission::envelope::Envelope;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every flight held every clause.
    Verified,
    /// The words were unsafe or unclear; nothing was built.
    Refused,
    /// It did not compile, did not fly as promised, or was not uploaded.
    Failed,
    /// It was stopped behind a stage, or broke off without a word; `flightsmith resume` goes on.
    Unfinished,
}

/// `report.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How the run ended.
    pub verdict: Verdict,
    /// The stage in which it ended.
    pub stage: String,
    /// Why, in one sentence; empty for a verified run.
    pub reason: String,
    /// Attempts at the code, in order.
    pub attempts: Vec<Attempt>,
    /// The flights in numbers.
    pub flights: Flights,
    /// The program, once there is one.
    pub artifact: Option<Artifact>,
    /// The model that was asked; `None` where none was.
    pub model: Option<String>,
    /// Seconds of wall time by stage.
    pub timings_s: BTreeMap<String, f64>,
    /// Tolerances wider or draws narrower than the defaults, one sentence each.
    pub loosened: Vec<String>,
    /// `80-deployment.json`, where there was an upload.
    pub deployment: Option<Value>,
    /// Pieces of the run directory that are missing or cannot be read.
    pub gaps: Vec<String>,
}

/// The flights in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flights {
    /// How many were flown.
    pub flown: usize,
    /// How many held every clause.
    pub passed: usize,
    /// Lower one-sided 95 % bound of the pass rate, 0 to 1.
    pub confidence_lower: f64,
    /// Those that did not.
    pub failures: Vec<Failure>,
}

/// A failed flight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Its folder in `60-flights`.
    pub flight: String,
    /// Seed of its scenario.
    pub seed: Value,
    /// What was varied.
    pub scenario: Value,
    /// What it flew in.
    pub backend: Value,
    /// The broken clauses, in words.
    pub broke: Vec<String>,
}

/// The program that the run made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// Rust target.
    pub target: String,
    /// Where it lies, from the run directory.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Bytes of flash, for firmware.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flash_bytes: Option<u64>,
    /// Bytes of RAM (variables, heap and stack), for firmware.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ram_bytes: Option<u64>,
}

impl Report {
    /// What `record` amounts to.
    pub fn of(record: &RunRecord) -> Self {
        let flights = Flights::of(&record.flights);
        let artifact = record.manifest.as_ref().map(|manifest| Artifact {
            target: manifest.provenance.target.clone(),
            path: format!("{}/mission", names::BUNDLE),
            sha256: manifest.artifact_sha256.to_string(),
            flash_bytes: record.footprint.map(|footprint| footprint.flash_bytes),
            ram_bytes: record.footprint.map(|footprint| footprint.ram_bytes),
        });
        let (verdict, stage, reason) = ending(record, &flights, artifact.is_some());
        let history = &record.history;
        Self {
            verdict,
            stage,
            reason,
            attempts: record.attempts.clone(),
            flights,
            artifact,
            model: history.model.clone(),
            timings_s: history.timings_s.clone(),
            loosened: loosened(record),
            deployment: record.deployment.clone(),
            gaps: record.gaps.clone(),
        }
    }

    /// Its JSON text, indented, with a newline at the end.
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists only: there is nothing in it that could fail to serialise.
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

impl Flights {
    fn of(flights: &[Flight]) -> Self {
        let passed = flights.iter().filter(|flight| flight.passed()).count();
        let failures = flights.iter().filter(|flight| !flight.passed()).map(Failure::of).collect();
        Self { flown: flights.len(), passed, confidence_lower: lower_bound(passed, flights.len()), failures }
    }
}

impl Failure {
    fn of(flight: &Flight) -> Self {
        let Some(verdict) = &flight.verdict else {
            let broke = vec!["no readable verdict".into()];
            let (seed, scenario, backend) = (Value::Null, Value::Null, Value::Null);
            return Self { flight: flight.folder.clone(), seed, scenario, backend, broke };
        };
        let mut broke: Vec<String> = verdict.violations.iter().map(|violation| violation.says.clone()).collect();
        if broke.is_empty() {
            broke = verdict.clauses.iter().filter(|clause| !clause.held).map(|clause| clause.says.clone()).collect();
        }
        Self {
            flight: flight.folder.clone(),
            seed: verdict.seed.clone(),
            scenario: verdict.scenario.clone(),
            backend: verdict.backend.clone(),
            broke,
        }
    }
}

/// Verdict, stage and reason: as the events say, else as far as the files show. Failed flights outweigh what the events say.
fn ending(record: &RunRecord, flights: &Flights, has_artifact: bool) -> (Verdict, String, String) {
    let history = &record.history;
    let said = match history.verdict.as_deref() {
        Some("verified") => Some(Verdict::Verified),
        Some("refused") => Some(Verdict::Refused),
        Some(_) => Some(Verdict::Failed),
        None => None,
    };
    let failed = flights.flown - flights.passed;
    let mut reason = history.reason.clone().unwrap_or_default();
    let verdict = match said {
        Some(Verdict::Verified) if failed > 0 => {
            reason = format!("{failed} of {} flights did not hold the contract", flights.flown);
            Verdict::Failed
        }
        Some(Verdict::Verified) if flights.flown == 0 => {
            reason = "no flight is on record".into();
            Verdict::Failed
        }
        Some(verdict) => verdict,
        None => {
            reason = "the run has not come to its end".into();
            Verdict::Unfinished
        }
    };
    let reached = [
        (record.deployment.is_some(), "upload"),
        (has_artifact, "bundle"),
        (flights.flown > 0, "simulate"),
        (!record.attempts.is_empty(), "check"),
        (true, "plan"),
    ];
    let seen = reached.iter().find(|(there, _)| *there).map_or("plan", |(_, stage)| *stage);
    let overruled = said == Some(Verdict::Verified) && verdict == Verdict::Failed;
    let stage = if overruled { Some("simulate".into()) } else { history.stage.clone() };
    (verdict, stage.unwrap_or_else(|| seen.into()), reason)
}

/// Every tolerance and limit of the contract that is wider than the default, and what the events say.
fn loosened(record: &RunRecord) -> Vec<String> {
    let mut sentences = record.history.loosened.clone();
    let Some(contract) = &record.contract else { return sentences };
    let (is, was) = (&contract.tolerances, Tolerances::default());
    let tolerances = [
        ("waypoint", is.waypoint_m, was.waypoint_m, "m"),
        ("leg", is.leg_m, was.leg_m, "m"),
        ("altitude", is.altitude_m, was.altitude_m, "m"),
        ("heading", is.heading_deg, was.heading_deg, "degrees"),
        ("orbit radius", is.orbit_radius_share * 100.0, was.orbit_radius_share * 100.0, "%"),
        ("orbit radius", is.orbit_radius_m, was.orbit_radius_m, "m"),
        ("speed", is.speed_m_s, was.speed_m_s, "m/s"),
        ("landing", is.landing_m, was.landing_m, "m"),
        ("hold", is.hold_s, was.hold_s, "s"),
    ];
    for (name, is, was, unit) in tolerances {
        if is > was + 1e-9 {
            sentences.push(format!("{name} tolerance {is} {unit} instead of {was} {unit}"));
        }
    }
    let default = Envelope::default();
    for invariant in &contract.invariants {
        let limits: &[_] = match *invariant {
            Invariant::Fence { max_distance_m } => &[("fence", max_distance_m, default.max_distance_m, "m")],
            Invariant::Ceiling { max_altitude_m } => &[("ceiling", max_altitude_m, default.max_altitude_m, "m")],
            Invariant::GroundSpeed { max_speed_m_s } => &[("speed", max_speed_m_s, default.max_speed_m_s, "m/s")],
            Invariant::VerticalSpeed { max_climb_m_s, max_descent_m_s } => &[
                ("climb", max_climb_m_s, default.max_climb_m_s, "m/s"),
                ("descent", max_descent_m_s, default.max_descent_m_s, "m/s"),
            ],
            // The reserve is the one limit that is looser when smaller.
            Invariant::BatteryReserve { percent } if percent < default.battery_reserve_percent => {
                sentences.push(format!("battery reserve {percent} % instead of {} %", default.battery_reserve_percent));
                &[]
            }
            _ => &[],
        };
        for (name, is, was, unit) in limits {
            if *is > was + 1e-9 {
                sentences.push(format!("{name} {is} {unit} instead of {was} {unit}"));
            }
        }
    }
    sentences
}
