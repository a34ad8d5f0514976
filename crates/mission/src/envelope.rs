//! The safety envelope: limits that always win over the words of a mission.
use serde::{Deserialize, Serialize};

/// Limits around every flight. A vehicle file or `--envelope` can tighten them; loosening needs a named flag and is reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Envelope {
    /// Highest flight in metres above home.
    pub max_altitude_m: f64,
    /// Farthest flight in metres, horizontally from home.
    pub max_distance_m: f64,
    /// Highest ground speed in m/s.
    pub max_speed_m_s: f64,
    /// Fastest climb in m/s.
    pub max_climb_m_s: f64,
    /// Fastest descent in m/s.
    pub max_descent_m_s: f64,
    /// Battery that must be left at landing, in percent.
    pub battery_reserve_percent: f64,
}

impl Default for Envelope {
    fn default() -> Self {
        Self {
            max_altitude_m: 120.0,
            max_distance_m: 500.0,
            max_speed_m_s: 15.0,
            max_climb_m_s: 5.0,
            max_descent_m_s: 3.0,
            battery_reserve_percent: 25.0,
        }
    }
}

impl Envelope {
    /// The tighter of each limit of the two.
    pub fn tightest(&self, other: &Envelope) -> Envelope {
        Envelope {
            max_altitude_m: self.max_altitude_m.min(other.max_altitude_m),
            max_distance_m: self.max_distance_m.min(other.max_distance_m),
            max_speed_m_s: self.max_speed_m_s.min(other.max_speed_m_s),
            max_climb_m_s: self.max_climb_m_s.min(other.max_climb_m_s),
            max_descent_m_s: self.max_descent_m_s.min(other.max_descent_m_s),
            battery_reserve_percent: self.battery_reserve_percent.max(other.battery_reserve_percent),
        }
    }
}
