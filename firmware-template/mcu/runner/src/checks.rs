//! What must be right before arming: the vehicle's parameters, read and never written.
use crate::limits::Limits;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use flightsmith_sdk::{FlightError, Grounded, Vehicle};

/// Reads each required parameter from the vehicle and names every one that is missing or wrong; empty where all is right.
pub(crate) async fn parameters(vehicle: &mut Vehicle<Grounded>, limits: &Limits) -> Result<Vec<String>, FlightError> {
    let mut faults = Vec::new();
    for rule in limits.of(vehicle.autopilot()) {
        match vehicle.parameter(rule.name).await? {
            None => faults.push(format!("{} is not known to the vehicle ({})", rule.name, rule.why)),
            Some(value) if rule.breaks(value) => faults.push(format!(
                "{} is {value:.3}, must be {:.3} to {:.3} ({})",
                rule.name, rule.at_least, rule.at_most, rule.why
            )),
            Some(_) => {}
        }
    }
    Ok(faults)
}
