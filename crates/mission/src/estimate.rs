//! How long an itinerary takes and how much battery it needs, estimated on the safe side.
//!
//! The model is what the varied flights may draw: a steady head wind of [`WIND_M_S`], a vehicle [`MASS_FACTOR`] heavier, and a
//! battery that starts at [`START_PERCENT`]. Power is induced power scaled by thrust to 1.5 (momentum theory, Leishman 2006,
//! 2.3) from the airframe's power in hover, plus drag times air speed and weight times climb through the drive's efficiency.
use crate::envelope::Envelope;
use crate::itinerary::{Item, Motion};
use crate::vehicle::{Airframe, Autopilot, Vehicle};

/// Head wind that is assumed all the way, m/s: the largest mean wind of the varied flights.
pub const WIND_M_S: f64 = 5.0;
/// Mass over the vehicle file's: the largest of the varied flights.
pub const MASS_FACTOR: f64 = 1.1;
/// Battery at takeoff in percent: the least of the varied flights.
pub const START_PERCENT: f64 = 80.0;
/// Share of electrical power that becomes thrust times speed.
const DRIVE_EFFICIENCY: f64 = 0.6;
const GRAVITY_M_S2: f64 = 9.806_65;
/// Horizontal acceleration that the SDK's moving set-points use, m/s^2.
const ACCELERATION_M_S2: f64 = 2.0;
/// Coming to rest at the end of a leg and being recognised as there, s.
const SETTLING_S: f64 = 3.0;

/// Time and energy of a flight or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// Seconds of vehicle time.
    pub duration_s: f64,
    /// Battery used, percent of its capacity.
    pub battery_percent: f64,
}

impl Estimate {
    fn plus(self, other: Self) -> Self {
        Self {
            duration_s: self.duration_s + other.duration_s,
            battery_percent: self.battery_percent + other.battery_percent,
        }
    }
    fn worst(self, other: Self) -> Self {
        Self {
            duration_s: self.duration_s.max(other.duration_s),
            battery_percent: self.battery_percent.max(other.battery_percent),
        }
    }
}

/// What an estimate needs to know of vehicle and autopilot.
pub struct Estimator<'a> {
    airframe: &'a Airframe,
    autopilot: Autopilot,
    climb_m_s: f64,
    descent_m_s: f64,
    return_altitude_m: f64,
}

impl<'a> Estimator<'a> {
    /// For `vehicle` under `autopilot` within `envelope`.
    pub fn new(vehicle: &'a Vehicle, autopilot: Autopilot, envelope: &Envelope) -> Self {
        Self {
            airframe: &vehicle.airframe,
            autopilot,
            climb_m_s: envelope.max_climb_m_s.min(1.5),
            descent_m_s: envelope.max_descent_m_s.min(1.0),
            return_altitude_m: return_altitude_m(vehicle, autopilot),
        }
    }

    /// The worst way through `items`, branches included.
    pub fn flight(&self, items: &[Item]) -> Estimate {
        items.iter().fold(Estimate::default(), |sum, item| {
            sum.plus(match &item.motion {
                Motion::Branch { then, otherwise, .. } => self.flight(then).worst(self.flight(otherwise)),
                _ => self.item(item),
            })
        })
    }

    /// One item; a branch counts nothing.
    pub fn item(&self, item: &Item) -> Estimate {
        match &item.motion {
            Motion::TakeOff { to } => self.vertical(to.altitude_m()).plus(self.hover(10.0)),
            Motion::Leg { from, to } => {
                self.way(from.horizontal_distance_m(to), to.altitude_m() - from.altitude_m(), item.speed_m_s)
            }
            Motion::Arc(arc) => {
                // On a tight arc the speed is what a sideways acceleration allows.
                let radius_m = arc.start_radius_m.max(arc.end_radius_m);
                let speed_m_s = item.speed_m_s.min(libm::sqrt(ACCELERATION_M_S2 * radius_m));
                self.way(arc.length_m(), arc.climb_m, speed_m_s)
            }
            Motion::Hold { seconds, .. } => self.hover(seconds + 1.0),
            Motion::Turn { by_deg, .. } => self.hover(by_deg.abs() / 30.0 + SETTLING_S),
            Motion::Photo { .. } | Motion::Release { .. } => self.hover(SETTLING_S),
            Motion::Branch { .. } => Estimate::default(),
            Motion::ReturnToLaunch { from } => {
                let altitude_m = from.altitude_m().max(self.return_altitude_m);
                let home_m = libm::hypot(from.north_m, from.east_m);
                self.vertical(altitude_m - from.altitude_m())
                    .plus(self.way(home_m, 0.0, 5.0))
                    .plus(self.hover(5.0))
                    .plus(self.landing(altitude_m))
            }
            Motion::Land { from } => self.landing(from.altitude_m()),
        }
    }

    fn landing(&self, altitude_m: f64) -> Estimate {
        let slow_m_s = match self.autopilot {
            Autopilot::ArduPilot => 0.5,
            Autopilot::Px4 => 0.6,
        };
        let slow_m = altitude_m.clamp(0.0, 10.0);
        self.vertical(-(altitude_m - slow_m).max(0.0)).plus(self.hover(slow_m / slow_m_s + 6.0))
    }

    fn vertical(&self, climb_m: f64) -> Estimate {
        let speed_m_s = if climb_m > 0.0 { self.climb_m_s } else { -self.descent_m_s };
        let duration_s = climb_m / speed_m_s;
        self.spent(duration_s, 0.0, speed_m_s.max(0.0))
    }

    fn hover(&self, duration_s: f64) -> Estimate {
        self.spent(duration_s, 0.0, 0.0)
    }

    fn way(&self, level_m: f64, climb_m: f64, speed_m_s: f64) -> Estimate {
        let level_s = level_m / speed_m_s;
        let vertical_s = climb_m.max(0.0) / self.climb_m_s + (-climb_m).max(0.0) / self.descent_m_s;
        let duration_s = level_s.max(vertical_s);
        if duration_s <= 0.0 {
            return Estimate::default();
        }
        let moving = self.spent(duration_s, level_m / duration_s, climb_m.max(0.0) / duration_s);
        moving.plus(self.hover(speed_m_s / ACCELERATION_M_S2 + SETTLING_S))
    }

    fn spent(&self, duration_s: f64, speed_m_s: f64, climb_m_s: f64) -> Estimate {
        let airframe = self.airframe;
        let weight_n = airframe.mass_kg * MASS_FACTOR * GRAVITY_M_S2;
        let air_speed_m_s = speed_m_s + WIND_M_S;
        let drag_n = airframe.drag_n_per_m2_s2 * air_speed_m_s * air_speed_m_s;
        let thrust_ratio = libm::hypot(weight_n, drag_n) / (airframe.mass_kg * GRAVITY_M_S2);
        let induced_w = airframe.hover_power_w * thrust_ratio * libm::sqrt(thrust_ratio);
        let power_w = induced_w + (drag_n * air_speed_m_s + weight_n * climb_m_s) / DRIVE_EFFICIENCY;
        Estimate { duration_s, battery_percent: power_w * duration_s / 3600.0 / airframe.battery_wh * 100.0 }
    }
}

/// Height above home in metres that the autopilot's RTL climbs to: what the vehicle file demands of the parameter, else the
/// recorded defaults (15 m on ArduPilot, 30 m on PX4).
pub fn return_altitude_m(vehicle: &Vehicle, autopilot: Autopilot) -> f64 {
    let params = vehicle.required_params.of(autopilot);
    let highest = |name: &str, scale: f64| params.get(name).map(|rule| rule.at_most.unwrap_or(rule.value) * scale);
    match autopilot {
        Autopilot::ArduPilot => highest("RTL_ALT_M", 1.0).or_else(|| highest("RTL_ALT", 0.01)).unwrap_or(15.0),
        Autopilot::Px4 => highest("RTL_RETURN_ALT", 1.0).unwrap_or(30.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::quad;
    use crate::frame::{AboveHome, East, North, PositionNed};
    use crate::itinerary::NoseRule;
    use alloc::string::String;

    fn item(motion: Motion) -> Item {
        Item { step: String::new(), words: String::new(), speed_m_s: 5.0, nose: NoseRule::AlongPath, motion }
    }

    #[test]
    fn ten_minutes_of_hover_need_two_thirds_of_the_battery() {
        let vehicle = quad();
        let estimator = Estimator::new(&vehicle, Autopilot::ArduPilot, &Envelope::default());
        let at = PositionNed::at(North(0.0), East(0.0), AboveHome(10.0));
        let hold = estimator.item(&item(Motion::Hold { at, seconds: 599.0 }));
        assert_eq!(hold.duration_s, 600.0);
        // 260 W x 1.1^1.5 for 600 s of 77 Wh, and 9 W of drag.
        assert!((65.0..70.0).contains(&hold.battery_percent), "{hold:?}");
    }

    #[test]
    fn a_leg_takes_its_length_at_its_speed_and_a_little() {
        let vehicle = quad();
        let estimator = Estimator::new(&vehicle, Autopilot::Px4, &Envelope::default());
        let leg = Motion::Leg {
            from: PositionNed::at(North(0.0), East(0.0), AboveHome(10.0)),
            to: PositionNed::at(North(40.0), East(0.0), AboveHome(10.0)),
        };
        assert_eq!(estimator.item(&item(leg)).duration_s, 8.0 + 2.5 + 3.0);
    }
}
