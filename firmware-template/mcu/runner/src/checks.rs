//! What must be right before arming: the vehicle's parameters, read and never written.
use crate::limits::Limits;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use flightsmith_sdk::{FlightError, Grounded, Vehicle};

/// A value with three digits behind the point, printed as integers: `core`'s way takes kilobytes.
struct Thousandths(f64);

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandths = (self.0.abs() * 1e3 + 0.5) as u64;
        let sign = if self.0 < 0.0 { "-" } else { "" };
        write!(f, "{sign}{}.{:03}", thousandths / 1000, thousandths % 1000)
    }
}

/// Reads each required parameter from the vehicle and names every one that is missing or wrong; empty where all is right.
pub(crate) async fn parameters(vehicle: &mut Vehicle<Grounded>, limits: &Limits) -> Result<Vec<String>, FlightError> {
    let mut faults = Vec::new();
    for rule in limits.of(vehicle.autopilot()) {
        match vehicle.parameter(rule.name).await? {
            None => faults.push(format!("{} is not known to the vehicle ({})", rule.name, rule.why)),
            Some(value) if rule.breaks(value) => {
                let [value, at_least, at_most] = [value, rule.at_least, rule.at_most].map(Thousandths);
                faults.push(format!("{} is {value}, must be {at_least} to {at_most} ({})", rule.name, rule.why));
            }
            Some(_) => {}
        }
    }
    Ok(faults)
}
