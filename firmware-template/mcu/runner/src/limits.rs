//! The vehicle and the envelope that a mission was verified for, read from `limits.json` while the firmware is compiled.
//!
//! It leaves to others: holding the vehicle's parameters against the rules (`checks`), and keeping to the envelope (the SDK does).
use crate::json;
use flightsmith_sdk::{Autopilot, Envelope};

/// Room for parameter rules; more of them are a compile error.
const MOST_RULES: usize = 24;

/// What is known about the vehicle and its limits before the link is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Name of the vehicle file.
    pub vehicle: &'static str,
    /// The tightest envelope of the default one, the vehicle's and the mission's.
    pub envelope: Envelope,
    /// Speed of legs in m/s until the mission sets one.
    pub cruise_speed_m_s: f64,
    /// Parameters that ArduPilot must have.
    pub ardupilot: Rules,
    /// Parameters that PX4 must have.
    pub px4: Rules,
}

/// Rules for parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    rules: [ParamRule; MOST_RULES],
    count: usize,
}

/// What a parameter must be, both ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParamRule {
    /// Its name.
    pub name: &'static str,
    /// Smallest value that is accepted.
    pub at_least: f64,
    /// Largest value that is accepted.
    pub at_most: f64,
    /// Why it must be set, in one clause.
    pub why: &'static str,
}

impl Limits {
    /// From the text of a `limits.json`, which the agent writes beside every mission: `{"vehicle": .., "envelope": ..}`.
    ///
    /// # Panics
    /// Where it is damaged or something is missing in it; evaluated as a constant, that is an error of the compiler.
    #[must_use]
    pub const fn read(json: &'static str) -> Self {
        let bytes = json.as_bytes();
        let root = json::root(bytes);
        let vehicle = json::find(bytes, root, "vehicle").expect("limits.json names a vehicle");
        let required = json::find(bytes, vehicle, "required_params").expect("the vehicle has required_params");
        let mut envelope = envelope(bytes, json::find(bytes, root, "envelope"));
        if let Some(own) = json::find(bytes, vehicle, "envelope") {
            envelope = tightest(envelope, self::envelope(bytes, Some(own)));
        }
        Self {
            vehicle: json::string(json, json::find(bytes, vehicle, "name").expect("the vehicle has a name")),
            envelope,
            cruise_speed_m_s: number(bytes, vehicle, "cruise_speed_m_s").expect("the vehicle has a cruise speed"),
            ardupilot: Rules::read(json, json::find(bytes, required, "ardupilot")),
            px4: Rules::read(json, json::find(bytes, required, "px4")),
        }
    }

    /// The parameter rules for `autopilot`.
    #[must_use]
    pub fn of(&self, autopilot: Autopilot) -> &[ParamRule] {
        let rules = match autopilot {
            Autopilot::ArduPilot => &self.ardupilot,
            Autopilot::Px4 => &self.px4,
        };
        &rules.rules[..rules.count]
    }
}

impl Rules {
    const fn read(json: &'static str, object: Option<usize>) -> Self {
        let bytes = json.as_bytes();
        let none = ParamRule { name: "", at_least: 0.0, at_most: 0.0, why: "" };
        let mut rules = Self { rules: [none; MOST_RULES], count: 0 };
        let mut next = match object {
            Some(object) => json::first_member(bytes, object),
            None => None,
        };
        while let Some(member) = next {
            assert!(rules.count < MOST_RULES, "more required parameters than the firmware has room for");
            let value = number(bytes, member.value, "value").expect("a parameter's rule has a value");
            rules.rules[rules.count] = ParamRule {
                name: json::string(json, member.name),
                at_least: or(number(bytes, member.value, "at_least"), value),
                at_most: or(number(bytes, member.value, "at_most"), value),
                why: json::string(json, json::find(bytes, member.value, "why").expect("a parameter's rule says why")),
            };
            rules.count += 1;
            next = json::next_member(bytes, member);
        }
        rules
    }
}

impl ParamRule {
    /// What is wrong with `value`, if something is.
    #[must_use]
    pub fn breaks(&self, value: f64) -> bool {
        // Parameters travel as 32-bit floats.
        let slack = |limit: f64| 1e-5 * (1.0 + if limit < 0.0 { -limit } else { limit });
        !(self.at_least - slack(self.at_least)..=self.at_most + slack(self.at_most)).contains(&value)
    }
}

/// The default envelope of the product; a test holds it against [`Envelope::default`], which is no constant.
const DEFAULT: Envelope = Envelope {
    max_altitude_m: 120.0,
    max_distance_m: 500.0,
    max_speed_m_s: 15.0,
    max_climb_m_s: 5.0,
    max_descent_m_s: 3.0,
    battery_reserve_percent: 25.0,
};

/// The envelope in the object at `object`, never wider than the default one, which stands in for what is not there.
const fn envelope(json: &[u8], object: Option<usize>) -> Envelope {
    let Some(object) = object else { return DEFAULT };
    let read = Envelope {
        max_altitude_m: or(number(json, object, "max_altitude_m"), DEFAULT.max_altitude_m),
        max_distance_m: or(number(json, object, "max_distance_m"), DEFAULT.max_distance_m),
        max_speed_m_s: or(number(json, object, "max_speed_m_s"), DEFAULT.max_speed_m_s),
        max_climb_m_s: or(number(json, object, "max_climb_m_s"), DEFAULT.max_climb_m_s),
        max_descent_m_s: or(number(json, object, "max_descent_m_s"), DEFAULT.max_descent_m_s),
        battery_reserve_percent: or(number(json, object, "battery_reserve_percent"), DEFAULT.battery_reserve_percent),
    };
    tightest(read, DEFAULT)
}

const fn tightest(one: Envelope, other: Envelope) -> Envelope {
    Envelope {
        max_altitude_m: one.max_altitude_m.min(other.max_altitude_m),
        max_distance_m: one.max_distance_m.min(other.max_distance_m),
        max_speed_m_s: one.max_speed_m_s.min(other.max_speed_m_s),
        max_climb_m_s: one.max_climb_m_s.min(other.max_climb_m_s),
        max_descent_m_s: one.max_descent_m_s.min(other.max_descent_m_s),
        battery_reserve_percent: one.battery_reserve_percent.max(other.battery_reserve_percent),
    }
}

const fn number(json: &[u8], object: usize, name: &str) -> Option<f64> {
    match json::find(json, object, name) {
        Some(at) => Some(json::number(json, at)),
        None => None,
    }
}

const fn or(value: Option<f64>, otherwise: f64) -> f64 {
    match value {
        Some(value) => value,
        None => otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = include_str!("../../../companion/limits.json");
    const LIMITS: Limits = Limits::read(JSON);

    #[test]
    fn the_compiler_reads_what_the_companion_reads() {
        let read: serde_json::Value = serde_json::from_str(JSON).unwrap();
        let vehicle = &read["vehicle"];
        assert_eq!(LIMITS.vehicle, vehicle["name"]);
        assert_eq!(LIMITS.cruise_speed_m_s, vehicle["cruise_speed_m_s"].as_f64().unwrap());
        assert_eq!(LIMITS.envelope.max_altitude_m, read["envelope"]["max_altitude_m"].as_f64().unwrap());
        for (autopilot, name) in [(Autopilot::ArduPilot, "ardupilot"), (Autopilot::Px4, "px4")] {
            let rules = vehicle["required_params"][name].as_object().unwrap();
            assert_eq!(LIMITS.of(autopilot).len(), rules.len());
            for rule in LIMITS.of(autopilot) {
                let expected = &rules[rule.name];
                let or_value = |name: &str| expected[name].as_f64().or(expected["value"].as_f64()).unwrap();
                assert_eq!((rule.at_least, rule.at_most), (or_value("at_least"), or_value("at_most")), "{}", rule.name);
                assert_eq!(rule.why, expected["why"]);
            }
        }
    }

    #[test]
    fn the_default_envelope_is_the_sdks_and_only_ever_tightened() {
        assert_eq!(DEFAULT, Envelope::default());
        const OWN: Limits = Limits::read(
            r#"{"vehicle": {"name": "v", "cruise_speed_m_s": 3, "envelope": {"max_altitude_m": 30, "battery_reserve_percent": 40},
            "required_params": {"ardupilot": {}, "px4": {}}}, "envelope": {"max_altitude_m": 400.0, "max_speed_m_s": 7.5}}"#,
        );
        let expected =
            Envelope { max_altitude_m: 30.0, max_speed_m_s: 7.5, battery_reserve_percent: 40.0, ..Envelope::default() };
        assert_eq!(OWN.envelope, expected);
        assert_eq!(OWN.of(Autopilot::Px4), []);
    }

    #[test]
    fn values_beyond_a_rule_break_it() {
        let rule = ParamRule { name: "A", at_least: 1.0, at_most: 4.0, why: "so" };
        for (value, breaks) in
            [(1.0, false), (4.0, false), (0.0, true), (4.5, true), (f64::NAN, true), (1.000001, false)]
        {
            assert_eq!(rule.breaks(value), breaks, "{value}");
        }
    }
}
