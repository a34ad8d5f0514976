//! How a run ended: the exit code, and the last line on stderr.
use flightsmith_sdk::FlightError;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

/// An end of a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ending {
    /// The mission returned a landed vehicle.
    Landed,
    /// A standing rule ended it, as the mission asked.
    ByRule(FlightError),
    /// The flight failed.
    Failed(FlightError),
    /// Nothing was armed.
    Refused(String),
    /// A pilot has the vehicle.
    Pilot(FlightError),
    /// The mission panicked.
    Panicked(String),
    /// The mission process died or hung; the supervisor acted.
    Supervised(String),
    /// The link ended.
    LinkFailed(String),
}

impl Ending {
    pub(crate) fn refused(reason: impl Into<String>) -> Self {
        Self::Refused(reason.into())
    }

    /// From what a mission returned with; `armed_once` tells a refusal from a failed flight.
    pub(crate) fn from_error(error: FlightError, armed_once: bool) -> Self {
        match error {
            FlightError::PilotTookOver { .. } => Self::Pilot(error),
            FlightError::RuleEnded { .. } => Self::ByRule(error),
            error if armed_once => Self::Failed(error),
            error => Self::Refused(error.to_string()),
        }
    }

    /// Prints the last line and gives the exit code.
    pub(crate) fn report(&self, vehicle_time_s: f64) -> ExitCode {
        let (name, reason, code) = match self {
            Self::Landed => ("landed", None, 0),
            Self::ByRule(error) => ("rule", Some(error.to_string()), 0),
            Self::Failed(error) => ("failed", Some(error.to_string()), 10),
            Self::LinkFailed(reason) => ("link_failed", Some(reason.clone()), 10),
            Self::Refused(reason) => ("refused", Some(reason.clone()), 11),
            Self::Pilot(error) => ("pilot", Some(error.to_string()), 12),
            Self::Panicked(reason) => ("panic", Some(reason.clone()), 101),
            Self::Supervised(reason) => ("supervisor", Some(reason.clone()), 101),
        };
        let line = json!({ "mission_end": name, "reason": reason, "vehicle_time_s": vehicle_time_s });
        say(&line.to_string());
        ExitCode::from(code)
    }
}

/// Writes one line to stderr at once: two processes share it.
pub(crate) fn say(line: &str) {
    let mut text = line.to_owned();
    text.push('\n');
    // Nobody to tell where stderr is closed.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// An error with its sources, in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
