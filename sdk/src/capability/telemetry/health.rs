//! Whether the vehicle trusts itself: sensors, pre-arm checks, the estimator.
use super::quantity::known;
use super::quantity::read::{MessageName, Read, Report, messages};
use crate::wire::incoming::id;
use flightsmith_mission::vehicle::Autopilot;

/// MAV_SYS_STATUS_SENSOR, from bit 0.
const SENSORS: [&str; 32] = [
    "gyroscope",
    "accelerometer",
    "compass",
    "barometer",
    "air pressure",
    "GPS",
    "optical flow",
    "vision position",
    "distance sensor",
    "ground truth",
    "angular rate control",
    "attitude control",
    "yaw control",
    "altitude control",
    "position control",
    "motor outputs",
    "RC receiver",
    "second gyroscope",
    "second accelerometer",
    "second compass",
    "geofence",
    "AHRS",
    "terrain",
    "reversed motors",
    "logging",
    "battery",
    "proximity",
    "satellite link",
    "pre-arm checks",
    "obstacle avoidance",
    "propulsion",
    "extended",
];
const PREARM_CHECK: u32 = 1 << 28;

/// The state of the sensors and subsystems (SYS_STATUS).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn report(instruments: &Instruments) {
///     let Some(health) = instruments.health() else { return };
///     for sensor in health.unhealthy() {
///         println!("{sensor} is unhealthy");
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Health {
    /// MAV_SYS_STATUS_SENSOR bits of what is there.
    pub present: u32,
    /// Of what is used.
    pub enabled: u32,
    /// Of what is healthy.
    pub healthy: u32,
    /// Load of the autopilot's processor in percent.
    pub load_percent: f64,
    /// Volts of the first battery.
    pub voltage_v: Option<f64>,
    /// Amperes of the first battery.
    pub current_a: Option<f64>,
    /// Percent left in the first battery.
    pub battery_percent: Option<f64>,
}

impl Health {
    /// What is there and used and not healthy, in words.
    ///
    /// ```
    /// use flightsmith_sdk::capability::telemetry::Health;
    /// fn all_is_well(health: &Health) -> bool {
    ///     health.unhealthy().next().is_none()
    /// }
    /// # let _ = all_is_well;
    /// ```
    pub fn unhealthy(&self) -> impl Iterator<Item = &'static str> {
        let bits = self.present & self.enabled & !self.healthy;
        SENSORS.iter().enumerate().filter(move |(bit, _)| bits & (1 << bit) != 0).map(|(_, name)| *name)
    }
    /// Whether the pre-arm checks pass. PX4 names them healthy without ever naming them present (recorded).
    ///
    /// ```
    /// use flightsmith_sdk::capability::telemetry::Instruments;
    /// fn may_be_armed(instruments: &Instruments) -> bool {
    ///     instruments.health().is_some_and(|health| health.passes_prearm_checks())
    /// }
    /// # let _ = may_be_armed;
    /// ```
    pub fn passes_prearm_checks(&self) -> bool {
        self.healthy & PREARM_CHECK != 0
    }
}

impl Read for Health {
    const NAME: &'static str = "health";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![SYS_STATUS]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let (millivolts, centiamperes, percent) = (p.u16(14), p.i16(16), p.i8(30));
        Some(Self {
            present: p.u32(0),
            enabled: p.u32(4),
            healthy: p.u32(8),
            load_percent: f64::from(p.u16(12)) * 0.1,
            voltage_v: (millivolts != u16::MAX).then(|| f64::from(millivolts) * 1e-3),
            current_a: (centiamperes != -1).then(|| f64::from(centiamperes) * 0.01),
            battery_percent: (0..=100).contains(&percent).then(|| f64::from(percent)),
        })
    }
}

/// What the estimator knows (EKF_STATUS_REPORT, ESTIMATOR_STATUS). The ratios compare how far measurements and estimate are apart
/// with what is tolerated: below 0.5 good, above 1 rejected. ArduPilot's are square roots of variances, meant the same way.
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn knows_where_it_is(instruments: &Instruments) -> bool {
///     instruments.estimator().is_some_and(|estimator| estimator.position_absolute && !estimator.constant_position)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimator {
    /// Attitude is good.
    pub attitude: bool,
    /// Horizontal velocity is good.
    pub velocity_horizontal: bool,
    /// Vertical velocity is good.
    pub velocity_vertical: bool,
    /// Horizontal position relative to the start is good.
    pub position_relative: bool,
    /// Horizontal position on the earth is good.
    pub position_absolute: bool,
    /// Altitude is good.
    pub altitude_absolute: bool,
    /// Height above ground is good.
    pub altitude_above_ground: bool,
    /// It has no position and assumes to stand still.
    pub constant_position: bool,
    /// It would have a relative position in flight.
    pub predicted_relative: bool,
    /// It would have an absolute position in flight.
    pub predicted_absolute: bool,
    /// Test ratio of the velocity.
    pub velocity_ratio: Option<f64>,
    /// Test ratio of the horizontal position.
    pub position_ratio: Option<f64>,
    /// Test ratio of the altitude.
    pub altitude_ratio: Option<f64>,
    /// Test ratio of the compass.
    pub compass_ratio: Option<f64>,
    /// Standard deviation of the horizontal position in metres (PX4).
    pub horizontal_accuracy_m: Option<f64>,
    /// Standard deviation of the altitude in metres (PX4).
    pub vertical_accuracy_m: Option<f64>,
}

impl Read for Estimator {
    const NAME: &'static str = "estimator status";
    fn messages(autopilot: Autopilot) -> &'static [MessageName] {
        match autopilot {
            Autopilot::ArduPilot => messages![EKF_STATUS_REPORT],
            Autopilot::Px4 => messages![ESTIMATOR_STATUS],
        }
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let (ratios, flags) = match report.id {
            id::EKF_STATUS_REPORT => (0, p.u16(20)),
            _ => (8, p.u16(40)),
        };
        let is = |bit: u16| flags & (1 << bit) != 0;
        let ratio = |n: usize| known(p.f32(ratios + 4 * n));
        let accuracy = |at: usize| if report.id == id::ESTIMATOR_STATUS { known(p.f32(at)) } else { None };
        Some(Self {
            attitude: is(0),
            velocity_horizontal: is(1),
            velocity_vertical: is(2),
            position_relative: is(3),
            position_absolute: is(4),
            altitude_absolute: is(5),
            altitude_above_ground: is(6),
            constant_position: is(7),
            predicted_relative: is(8),
            predicted_absolute: is(9),
            velocity_ratio: ratio(0),
            position_ratio: ratio(1),
            altitude_ratio: ratio(2),
            compass_ratio: ratio(3),
            horizontal_accuracy_m: accuracy(32),
            vertical_accuracy_m: accuracy(36),
        })
    }
}
