//! What must be right before arming: the vehicle's parameters (read, never written) and the plan at the actual home.
use flightsmith_mission::{
    envelope::Envelope,
    itinerary,
    plan::PlanDraft,
    vehicle::{ParamRule, RequiredParams},
};
use flightsmith_sdk::{FlightError, Grounded, Home, Vehicle};
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    #[error("cannot read {}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} is not what it should be", path.display())]
    NotJson { path: PathBuf, source: serde_json::Error },
    #[error("the plan inside this binary is damaged")]
    PlanDamaged(#[source] serde_json::Error),
    #[error("the plan cannot be flown from here: {0}")]
    PlanUnfit(String),
    #[error("{} of the vehicle's parameters are not as the vehicle file demands: {}", faults.len(), faults.join("; "))]
    Parameters { faults: Vec<String> },
    #[error(transparent)]
    Flight(#[from] FlightError),
}

/// Reads a JSON file.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, CheckError> {
    let text = std::fs::read(path).map_err(|source| CheckError::Unreadable { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| CheckError::NotJson { path: path.to_owned(), source })
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
pub(crate) fn plan_at_home(plan_json: &str, home: &Home, cruise_speed_m_s: f64) -> Result<(), CheckError> {
    let plan: PlanDraft = serde_json::from_str(plan_json).map_err(CheckError::PlanDamaged)?;
    itinerary::resolve(&plan, home, cruise_speed_m_s).map_err(|error| CheckError::PlanUnfit(error.to_string()))?;
    Ok(())
}

/// The envelope that flights keep: the default, or the tighter one of `path`.
pub(crate) fn envelope(path: Option<&Path>) -> Result<Envelope, CheckError> {
    path.map_or(Ok(Envelope::default()), read_json)
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
        assert_eq!(
            fault("A", 9.0, &rule(2.0, Some(1.0), Some(4.0))).as_deref(),
            Some("A is 9, must be 1 to 4 (so)")
        );
        assert!(fault("A", f64::NAN, &rule(1.0, None, None)).is_some());
    }
}
