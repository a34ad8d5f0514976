//! What the mission program says about the vehicle when it is run with `--preflight`: one JSON object on its last line of stdout.
use serde::{Deserialize, Serialize};

/// The state of the vehicle before anything on it is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preflight {
    /// Whether it is disarmed.
    pub disarmed: bool,
    /// Whether the autopilot reports itself healthy and the required parameters are set.
    pub healthy: bool,
    /// What speaks against it, in the autopilot's or our words.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Whether the vehicle proved to be a simulator.
    #[serde(default)]
    pub simulator: bool,
}

impl Preflight {
    /// Reads it from what the program wrote to stdout.
    pub fn parse(stdout: &str) -> Option<Self> {
        let line = stdout.lines().rev().find(|line| !line.trim().is_empty())?;
        serde_json::from_str(line).ok()
    }

    /// Why the vehicle must not be touched now; `None` if it may.
    pub fn objection(&self) -> Option<String> {
        let reasons = if self.reasons.is_empty() { String::new() } else { format!(" ({})", self.reasons.join("; ")) };
        match (self.disarmed, self.healthy) {
            (true, true) => None,
            (false, _) => Some(format!("the vehicle is armed{reasons}")),
            (true, false) => Some(format!("the vehicle is not healthy{reasons}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_disarmed_and_healthy_vehicle_has_no_objection() {
        let read = |text: &str| Preflight::parse(text).map(|preflight| preflight.objection());
        assert_eq!(read("connecting\n{\"disarmed\":true,\"healthy\":true,\"simulator\":true}\n\n"), Some(None));
        assert_eq!(
            read("{\"disarmed\":false,\"healthy\":true,\"reasons\":[]}"),
            Some(Some("the vehicle is armed".into()))
        );
        assert_eq!(
            read("{\"disarmed\":true,\"healthy\":false,\"reasons\":[\"no GPS fix\",\"FENCE_ENABLE is 0\"]}"),
            Some(Some("the vehicle is not healthy (no GPS fix; FENCE_ENABLE is 0)".into()))
        );
        assert_eq!(read("{\"disarmed\":true}"), None);
        assert_eq!(read(""), None);
    }
}
