//! What must be right before arming: the vehicle's parameters (read, never written) and the plan at the actual home.
use crate::options::Options;
use flightsmith_mission::{
    check,
    envelope::Envelope,
    plan::PlanDraft,
    vehicle::{self, ParamRule, RequiredParams},
};
use flightsmith_sdk::{Autopilot, FlightError, Grounded, Home, Vehicle};

#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    #[error("cannot read `{path}`")]
    Unreadable { path: String, source: std::io::Error },
    #[error("`{what}` is not the JSON that it should be")]
    NotJson { what: String, source: serde_json::Error },
    #[error("the plan inside this binary is damaged")]
    PlanDamaged(#[source] serde_json::Error),
    #[error("the vehicle and envelope inside this binary are damaged")]
    LimitsDamaged(#[source] serde_json::Error),
    #[error("the plan cannot be flown from here: {}", faults.join("; "))]
    PlanUnfit { faults: Vec<String> },
    #[error("{} of the vehicle's parameters are not as the vehicle file demands: {}", faults.len(), faults.join("; "))]
    Parameters { faults: Vec<String> },
    #[error(transparent)]
    Flight(#[from] FlightError),
}

/// What is known about the vehicle and its limits before the link is used.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub vehicle: vehicle::Vehicle,
    pub envelope: Envelope,
}

impl Limits {
    /// Those inside the program; the tightest envelope of program, vehicle and arguments holds.
    pub(crate) fn read(options: &Options, limits_json: &str) -> Result<Self, CheckError> {
        let mut limits = Self::aboard(limits_json)?;
        limits.envelope = Envelope::default().tightest(&limits.envelope).tightest(&limits.vehicle.envelope);
        if let Some(given) = options.envelope.as_deref() {
            limits.envelope = limits.envelope.tightest(&read_json(given)?);
        }
        Ok(limits)
    }

    /// Those inside the program.
    pub(crate) fn aboard(limits_json: &str) -> Result<Self, CheckError> {
        serde_json::from_str(limits_json).map_err(CheckError::LimitsDamaged)
    }
}

/// Reads JSON from the argument itself where it is an object, else from the file that it names.
fn read_json<T: serde::de::DeserializeOwned>(argument: &str) -> Result<T, CheckError> {
    let not_json = |source| CheckError::NotJson { what: argument.to_owned(), source };
    if argument.trim_start().starts_with('{') {
        return serde_json::from_str(argument).map_err(not_json);
    }
    let text =
        std::fs::read(argument).map_err(|source| CheckError::Unreadable { path: argument.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(not_json)
}

/// Reads each required parameter from the vehicle and names every one that is missing or wrong.
pub(crate) async fn parameters(vehicle: &mut Vehicle<Grounded>, required: &RequiredParams) -> Result<(), CheckError> {
    let mut faults = Vec::new();
    for (name, rule) in required.of(vehicle.autopilot()) {
        match vehicle.parameter(name).await? {
            None => faults.push(format!("{name} is not known to the vehicle ({})", rule.why)),
            Some(value) => faults.extend(fault(name, value, rule)),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(CheckError::Parameters { faults }) }
}

fn fault(name: &str, value: f64, rule: &ParamRule) -> Option<String> {
    // Parameters travel as 32-bit floats.
    let slack = 1e-5 * (1.0 + rule.value.abs());
    let lowest = rule.at_least.unwrap_or(rule.value) - slack;
    let highest = rule.at_most.unwrap_or(rule.value) + slack;
    if (lowest..=highest).contains(&value) {
        return None;
    }
    let wanted = match (rule.at_least, rule.at_most) {
        (None, None) => rule.value.to_string(),
        (at_least, at_most) => {
            format!("{} to {}", at_least.unwrap_or(rule.value), at_most.unwrap_or(rule.value))
        }
    };
    Some(format!("{name} is {value}, must be {wanted} ({})", rule.why))
}

/// Checks the plan again, now that home is known.
pub(crate) fn plan_at_home(
    plan_json: &str,
    limits: &Limits,
    autopilot: Autopilot,
    home: &Home,
) -> Result<(), CheckError> {
    let plan: PlanDraft = serde_json::from_str(plan_json).map_err(CheckError::PlanDamaged)?;
    match check::recheck(&plan, &limits.envelope, &limits.vehicle, autopilot, home) {
        Ok(_) => Ok(()),
        Err(faults) => Err(CheckError::PlanUnfit { faults: faults.iter().map(ToString::to_string).collect() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(value: f64, at_least: Option<f64>, at_most: Option<f64>) -> ParamRule {
        ParamRule { value, at_least, at_most, why: "so".to_owned() }
    }

    #[test]
    fn faults_name_value_and_limits() {
        assert_eq!(fault("A", 1.0, &rule(1.0, None, None)), None);
        assert_eq!(fault("A", 3.0, &rule(2.0, Some(1.0), Some(4.0))), None);
        assert_eq!(fault("A", 0.0, &rule(1.0, None, None)).as_deref(), Some("A is 0, must be 1 (so)"));
        assert_eq!(fault("A", 9.0, &rule(2.0, Some(1.0), Some(4.0))).as_deref(), Some("A is 9, must be 1 to 4 (so)"));
        assert!(fault("A", f64::NAN, &rule(1.0, None, None)).is_some());
    }
}
