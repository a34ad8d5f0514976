//! What varies from flight to flight: wind, sensors, mass, battery, link. Plain data, so that a verdict can name it.
use crate::random::Random;
use serde::{Deserialize, Serialize};

/// The conditions of one flight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Mean wind speed in m/s.
    pub wind_m_s: f64,
    /// True bearing in degrees that the wind blows *from*, `0 <= b < 360`.
    pub wind_from_deg: f64,
    /// Highest wind speed that gusts reach, m/s; never below `wind_m_s`.
    pub gust_m_s: f64,
    /// GPS noise in metres: one standard deviation of the horizontal fix. The estimator's slow error is 0.4 of it on each axis.
    pub gps_noise_m: f64,
    /// Factor on the airframe's mass and moments of inertia.
    pub mass_factor: f64,
    /// Battery charge at the start in percent.
    pub battery_start_percent: f64,
    /// Share of MAVLink messages lost in either direction, in percent.
    pub link_loss_percent: f64,
}

impl Default for Scenario {
    fn default() -> Self {
        Self::nominal()
    }
}

impl Scenario {
    /// Calm air, good sensors, full battery, perfect link.
    pub fn nominal() -> Self {
        Self {
            wind_m_s: 0.0,
            wind_from_deg: 0.0,
            gust_m_s: 0.0,
            gps_noise_m: 0.1,
            mass_factor: 1.0,
            battery_start_percent: 100.0,
            link_loss_percent: 0.0,
        }
    }
    /// Conditions drawn with `seed`: mean wind 0 to 5 m/s with gusts to 8, GPS noise 0.5 m, mass +-10 %, battery 80 to 100 %,
    /// link loss 0 to 5 %.
    pub fn draw(seed: u64) -> Self {
        let mut random = Random::new(seed).fork("scenario");
        let wind_m_s = random.between(0.0, 5.0);
        Self {
            wind_m_s,
            wind_from_deg: random.between(0.0, 360.0),
            gust_m_s: wind_m_s + random.between(0.0, 1.0) * (8.0 - wind_m_s).min(1.0 + wind_m_s),
            gps_noise_m: 0.5,
            mass_factor: random.between(0.9, 1.1),
            battery_start_percent: random.between(80.0, 100.0),
            link_loss_percent: random.between(0.0, 5.0),
        }
    }
}

/// Something that goes wrong (or is made to) at a moment of vehicle time; see [`crate::Simulation::schedule`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// GPS gives no fix from now on (`false`) or again (`true`).
    GpsFix(bool),
    /// The link to the mission carries nothing for this many seconds.
    LinkLoss {
        /// Seconds.
        for_s: f64,
    },
    /// Sets the battery's true charge, percent.
    BatteryPercent(f64),
    /// The pilot (or another ground station) changes the mode, by the autopilot's name for it, for example `LOITER`.
    PilotMode(String),
    /// Replaces the mean wind (speed in m/s, bearing it blows from in degrees, gusts up to m/s).
    Wind {
        /// Mean speed, m/s.
        wind_m_s: f64,
        /// Bearing that it blows from, degrees.
        from_deg: f64,
        /// Highest speed in gusts, m/s.
        gust_m_s: f64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_the_promised_ranges_and_repeat() {
        for seed in 0..500 {
            let s = Scenario::draw(seed);
            assert_eq!(s, Scenario::draw(seed));
            assert!((0.0..=5.0).contains(&s.wind_m_s) && s.gust_m_s >= s.wind_m_s && s.gust_m_s <= 8.0, "{s:?}");
            assert!((0.9..=1.1).contains(&s.mass_factor), "{s:?}");
            assert!((80.0..=100.0).contains(&s.battery_start_percent), "{s:?}");
            assert!((0.0..=5.0).contains(&s.link_loss_percent) && s.gps_noise_m == 0.5, "{s:?}");
        }
    }
}
