//! How a run ended, as the companion's runner says it: an exit code for the emulator, and a last line of JSON in the log.
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use flightsmith_sdk::FlightError;

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
    /// The life before this one panicked, hung or met a fault; this one took the vehicle over.
    TakenOver(String),
}

impl Ending {
    /// From what a mission returned with; `armed_once` tells a refusal from a failed flight.
    pub(crate) fn from_error(error: FlightError, armed_once: bool) -> Self {
        match error {
            FlightError::PilotTookOver { .. } => Self::Pilot(error),
            FlightError::RuleEnded { .. } => Self::ByRule(error),
            error if armed_once => Self::Failed(error),
            error => Self::Refused(error.to_string()),
        }
    }

    /// The companion's exit codes.
    pub(crate) fn code(&self) -> u32 {
        match self {
            Self::Landed | Self::ByRule(_) => 0,
            Self::Failed(_) => 10,
            Self::Refused(_) => 11,
            Self::Pilot(_) => 12,
            Self::TakenOver(_) => 101,
        }
    }

    /// The last line of the log.
    pub(crate) fn line(&self, vehicle_time_s: f64) -> String {
        let (name, reason) = match self {
            Self::Landed => ("landed", None),
            Self::ByRule(error) => ("rule", Some(error.to_string())),
            Self::Failed(error) => ("failed", Some(error.to_string())),
            Self::Refused(reason) => ("refused", Some(reason.clone())),
            Self::Pilot(error) => ("pilot", Some(error.to_string())),
            Self::TakenOver(reason) => ("taken_over", Some(reason.clone())),
        };
        // Milliseconds as an integer: printing a float would link kilobytes for it.
        let ms = (vehicle_time_s * 1e3) as u64;
        let (s, ms) = (ms / 1000, ms % 1000);
        match reason {
            None => format!("{{\"mission_end\":\"{name}\",\"reason\":null,\"vehicle_time_s\":{s}.{ms:03}}}"),
            Some(reason) => format!(
                "{{\"mission_end\":\"{name}\",\"reason\":\"{}\",\"vehicle_time_s\":{s}.{ms:03}}}",
                Escaped(&reason)
            ),
        }
    }
}

/// A text inside a JSON string.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                control if control < ' ' => f.write_str(" ")?,
                plain => write!(f, "{plain}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_json() {
        assert_eq!(Ending::Landed.line(83.42), r#"{"mission_end":"landed","reason":null,"vehicle_time_s":83.420}"#);
        let line = Ending::Refused("it said \"no\"\\\n".into()).line(0.0);
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["reason"], "it said \"no\"\\ ");
    }
}
