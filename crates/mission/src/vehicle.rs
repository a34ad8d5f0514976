//! What a vehicle file says: autopilot, airframe, payloads, what it reports, the parameters that must be set, the link.
use crate::envelope::Envelope;
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The two autopilots that the SDK and the simulator know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Autopilot {
    /// ArduCopter, flown in GUIDED.
    ArduPilot,
    /// PX4 multicopter, flown by actions and OFFBOARD.
    Px4,
}

/// A vehicle: one `.toml` in `agent/vehicles/`. Everything that depends on the machine and not on the mission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Vehicle {
    /// Its name, as `--vehicle` takes it.
    pub name: String,
    /// One sentence for `flightsmith vehicles`.
    pub description: String,
    /// The simulated airframe.
    pub airframe: Airframe,
    /// Speed in m/s of legs when the mission names none.
    pub cruise_speed_m_s: f64,
    /// Limits of this vehicle; the tighter of these and the default envelope hold.
    #[serde(default)]
    pub envelope: Envelope,
    /// What it carries; an undeclared payload is refused before takeoff.
    #[serde(default)]
    pub payloads: Vec<Payload>,
    /// What its autopilot measures beyond position, attitude and battery.
    #[serde(default)]
    pub reports: Vec<Report>,
    /// Its companion computer.
    pub companion: Companion,
    /// Parameters that a real vehicle must have before a mission may start (read, never written); the simulated one starts with them.
    pub required_params: RequiredParams,
}

/// What a rigid-body multirotor simulation needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Airframe {
    /// Take-off mass in kg.
    pub mass_kg: f64,
    /// Distance from the centre to each motor, m (X frame, four motors).
    pub arm_m: f64,
    /// Moments of inertia about forward, right and down, kg m^2.
    pub inertia_kg_m2: [f64; 3],
    /// Largest thrust of one motor, N.
    pub max_thrust_n: f64,
    /// Motor time constant, s.
    pub motor_time_constant_s: f64,
    /// Reaction torque of a motor per newton of thrust, m.
    pub torque_per_thrust_m: f64,
    /// Quadratic drag: force in N per (m/s)^2 of air speed.
    pub drag_n_per_m2_s2: f64,
    /// Battery capacity, Wh.
    pub battery_wh: f64,
    /// Cells in series (4.2 V full, 3.3 V empty each).
    pub battery_cells: u8,
    /// Electrical power in hover, W.
    pub hover_power_w: f64,
}

/// Something that the vehicle carries, and how it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Payload {
    /// A camera that confirms each photo (ArduPilot `CAM1_TYPE`, PX4 camera component; CAMERA_IMAGE_CAPTURED or CAMERA_FEEDBACK).
    Camera,
    /// A gripper (MAV_CMD_DO_GRIPPER).
    Gripper,
    /// A servo output released by MAV_CMD_DO_SET_SERVO, 1 to 16.
    Servo {
        /// Output channel, 1 to 16.
        channel: u8,
        /// Pulse width in microseconds that releases.
        release_us: u16,
    },
}

/// Measurements that not every vehicle has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// Battery remaining, in percent.
    Battery,
    /// Wind from the autopilot's estimator.
    Wind,
    /// A distance sensor that looks down.
    DistanceDown,
}

/// The companion computer that the mission runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// Default of `--target`: `aarch64` or `host`.
    pub target: String,
    /// The link URL on board, for example `serial:///dev/ttyAMA0:921600` or `udpin://0.0.0.0:14540`.
    pub link: String,
    /// How many times slower than the machine that verifies (at least 1): scales the CPU time allowed in a tick.
    pub cpu_factor: f64,
}

/// Parameter values that must be set, for each autopilot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RequiredParams {
    /// ArduPilot parameters.
    pub ardupilot: BTreeMap<String, ParamRule>,
    /// PX4 parameters.
    pub px4: BTreeMap<String, ParamRule>,
}

impl RequiredParams {
    /// Those of `autopilot`.
    pub fn of(&self, autopilot: Autopilot) -> &BTreeMap<String, ParamRule> {
        match autopilot {
            Autopilot::ArduPilot => &self.ardupilot,
            Autopilot::Px4 => &self.px4,
        }
    }
}

/// What a parameter may be. The simulated vehicle starts with `value`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ParamRule {
    /// The value that the simulated vehicle starts with.
    pub value: f64,
    /// Smallest value that readiness accepts; `value` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Largest value that readiness accepts; `value` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Why it must be set, in one clause.
    pub why: String,
}

impl Vehicle {
    /// Whether it reports `what`.
    pub fn reports(&self, what: Report) -> bool {
        self.reports.contains(&what)
    }
    /// The payload that `wanted` matches, if it is carried.
    pub fn has_payload(&self, wanted: &Payload) -> bool {
        self.payloads.contains(wanted)
    }
}
