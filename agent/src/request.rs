//! What a run was asked to do, as `00-request.json` keeps it: all that `resume` needs, and nothing secret.
use crate::exit::RunError;
use crate::plan::ReadFor;
use crate::settings::Settings;
use crate::{budget, vehicles};
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::PlanDraft;
use flightsmith_mission::vehicle::{Autopilot, Vehicle};
use flightsmith_toolchain::targets::{Target, UnknownTarget};
use serde::{Deserialize, Serialize};

/// One run's request, with every setting resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The brief.
    pub brief: Brief,
    /// The vehicle.
    pub vehicle: Vehicle,
    /// Its autopilot.
    pub autopilot: Autopilot,
    /// The limits in force.
    pub envelope: Envelope,
    /// Where the simulated vehicle stands.
    pub home: Home,
    /// `embedded` or the URL of a SITL that flies the nominal flight as well.
    pub sim: String,
    /// What the artifact is built for.
    pub target: String,
    /// Which model.
    pub llm: String,
    /// Its name, where one was said.
    pub llm_model: Option<String>,
    /// Host flights.
    pub flights: usize,
    /// Seed of the first varied flight.
    pub seed: u64,
    /// Whether generated code runs in the sandbox.
    pub sandbox: bool,
}

/// Words or a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brief {
    /// Plain words.
    Words(String),
    /// A plan that somebody wrote.
    Plan(PlanDraft),
}

impl Request {
    /// Resolves `settings` for `brief`.
    pub fn new(brief: Brief, settings: &Settings, sandbox: bool) -> Result<Self, RunError> {
        let vehicle = vehicles::load(&settings.vehicle)?;
        let envelope = vehicles::envelope(&vehicle, settings.envelope.as_deref())?;
        let target = settings.target.clone().unwrap_or_else(|| vehicle.companion.target.clone());
        target.parse::<Target>().map_err(|error| RunError::Usage(format!("--target {target}: {error}")))?;
        if settings.flights == 0 || settings.flights > budget::FLIGHTS {
            let reason = format!("--flights {}: 1 to {}", settings.flights, budget::FLIGHTS);
            return Err(RunError::Usage(reason));
        }
        Ok(Self {
            brief,
            autopilot: settings.autopilot,
            envelope,
            home: settings.home,
            sim: sim_url(&settings.sim)?,
            target,
            llm: settings.llm.clone(),
            llm_model: settings.llm_model.clone(),
            flights: settings.flights,
            seed: settings.seed,
            sandbox,
            vehicle,
        })
    }
}

impl Request {
    /// What the plan is read back for.
    pub fn read_for(&self) -> ReadFor<'_> {
        ReadFor { envelope: &self.envelope, vehicle: &self.vehicle, autopilot: self.autopilot, home: &self.home }
    }
    /// What the artifact is built for.
    pub fn target(&self) -> Result<Target, RunError> {
        self.target.parse().map_err(|error: UnknownTarget| RunError::Usage(error.to_string()))
    }
}

/// `embedded`, or the URL that `ardupilot` and `px4` stand for, or the URL itself.
fn sim_url(sim: &str) -> Result<String, RunError> {
    match sim {
        "embedded" => Ok("embedded".into()),
        "ardupilot" => Ok("tcp://127.0.0.1:5760".into()),
        "px4" => Ok("udpin://0.0.0.0:14540".into()),
        url if url.contains("://") => Ok(url.into()),
        other => Err(RunError::Usage(format!("--sim {other}: embedded, ardupilot, px4 or a MAVLink URL"))),
    }
}
