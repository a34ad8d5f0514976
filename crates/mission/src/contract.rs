//! The contract: what a flight must have done, derived from plan and envelope, never from the generated code.
//!
//! Goals must be met in order; invariants must hold throughout. Each clause has a margin in metres, metres a second, degrees,
//! seconds or percent: positive by how much it held, negative by how much it was broken (robustness as in Fainekos and Pappas
//! 2009). The judge in `sim` computes the margins on the simulator's true state.
use crate::check::{Against, itinerary};
use crate::envelope::Envelope;
use crate::estimate::Estimator;
use crate::frame::PositionNed;
use crate::geodesy::Home;
use crate::itinerary::{Itinerary, ItineraryError};
use crate::plan::{MissionPlan, Rule};
use crate::vehicle::{Autopilot, Vehicle};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// All clauses of one flight from one home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contract {
    /// What must happen, in order.
    pub itinerary: Itinerary,
    /// What may end the flight early, at any moment.
    pub rules: Vec<Rule>,
    /// What must hold throughout.
    pub invariants: Vec<Invariant>,
    /// How exactly.
    pub tolerances: Tolerances,
}

impl Contract {
    /// What a flight of `plan` from `home` must do. `envelope` holds the limits in force, the same that the plan was checked against.
    pub fn derive(
        plan: &MissionPlan,
        vehicle: &Vehicle,
        autopilot: Autopilot,
        envelope: &Envelope,
        home: &Home,
        tolerances: &Tolerances,
    ) -> Result<Contract, ItineraryError> {
        let itinerary = itinerary(plan.draft(), &Against { envelope, vehicle, autopilot, home, slack_m: 0.0 })?;
        let flight = Estimator::new(vehicle, autopilot, envelope).flight(&itinerary.items);
        let mut invariants = Vec::from([
            Invariant::Fence { max_distance_m: envelope.max_distance_m },
            Invariant::Ceiling { max_altitude_m: envelope.max_altitude_m },
            Invariant::GroundSpeed { max_speed_m_s: envelope.max_speed_m_s },
            Invariant::VerticalSpeed {
                max_climb_m_s: envelope.max_climb_m_s,
                max_descent_m_s: envelope.max_descent_m_s,
            },
        ]);
        for keep_out in &plan.keep_outs {
            let outline = keep_out.area.resolve(home)?;
            invariants.push(Invariant::KeepOut { outline, words: keep_out.words.clone() });
        }
        invariants.extend([
            Invariant::BatteryReserve { percent: envelope.battery_reserve_percent },
            Invariant::PilotAuthority,
            Invariant::Responsive,
            Invariant::EndsOnGround { within_s: libm::ceil(flight.duration_s * DURATION_FACTOR + DURATION_SPARE_S) },
        ]);
        Ok(Contract { itinerary, rules: plan.rules.clone(), invariants, tolerances: tolerances.clone() })
    }
}

/// A flight may take this many times its estimate ..
const DURATION_FACTOR: f64 = 1.5;
/// .. and this many seconds more, so that a short hop in wind is not refused.
const DURATION_SPARE_S: f64 = 60.0;

/// How exactly a goal must be met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Tolerances {
    /// Distance from a waypoint, m.
    pub waypoint_m: f64,
    /// Distance from the line of a leg, m.
    pub leg_m: f64,
    /// Height, m.
    pub altitude_m: f64,
    /// Heading, degrees.
    pub heading_deg: f64,
    /// Share of an orbit's radius.
    pub orbit_radius_share: f64,
    /// Radius of an orbit, m; the larger of the two counts.
    pub orbit_radius_m: f64,
    /// Over the speed limit, m/s.
    pub speed_m_s: f64,
    /// Distance of the touchdown from its place, m.
    pub landing_m: f64,
    /// A hold may be this much shorter, s.
    pub hold_s: f64,
}

impl Default for Tolerances {
    fn default() -> Self {
        Self {
            waypoint_m: 2.0,
            leg_m: 3.0,
            altitude_m: 1.0,
            heading_deg: 10.0,
            orbit_radius_share: 0.1,
            orbit_radius_m: 1.5,
            speed_m_s: 0.5,
            landing_m: 1.5,
            hold_s: 0.2,
        }
    }
}

/// What must hold from arming until disarmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Invariant {
    /// Stays within this horizontal distance from home.
    Fence {
        /// Metres.
        max_distance_m: f64,
    },
    /// Stays below this height above home.
    Ceiling {
        /// Metres.
        max_altitude_m: f64,
    },
    /// Ground speed of the envelope (the items' own limits come on top).
    GroundSpeed {
        /// Metres a second.
        max_speed_m_s: f64,
    },
    /// Vertical speeds.
    VerticalSpeed {
        /// Up, m/s.
        max_climb_m_s: f64,
        /// Down, m/s.
        max_descent_m_s: f64,
    },
    /// Never inside this area.
    KeepOut {
        /// The outline with places resolved.
        outline: Outline,
        /// The clause that asked for it.
        words: String,
    },
    /// Battery left at the end of the flight.
    BatteryReserve {
        /// Percent.
        percent: f64,
    },
    /// Nothing is sent after a pilot took over.
    PilotAuthority,
    /// The mission answers every tick within its share of CPU time.
    Responsive,
    /// Ends landed and disarmed, within this time after arming.
    EndsOnGround {
        /// Seconds.
        within_s: f64,
    },
}

/// An area with its places resolved to metres from home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outline {
    /// A circle.
    Circle {
        /// Centre (height counts for nothing).
        centre: PositionNed,
        /// Metres.
        radius_m: f64,
    },
    /// A polygon.
    Polygon {
        /// Corners in order.
        corners: Vec<PositionNed>,
    },
}
