//! How the vehicle is turned, and how fast it turns.
use super::quantity::known;
use super::quantity::read::{MessageName, Read, Report, messages};
use crate::telemetry::Attitude;
use flightsmith_mission::{units::wrap_360, vehicle::Autopilot};

impl Read for Attitude {
    const NAME: &'static str = "attitude";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![ATTITUDE]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let angle_deg = |at| known(report.fields.f32(at)).map(f64::to_degrees);
        Some(Self { roll_deg: angle_deg(4)?, pitch_deg: angle_deg(8)?, heading_deg: wrap_360(angle_deg(12)?) })
    }
}

/// Attitude as a unit quaternion from the world (north, east, down) to the body (forward, right, down) (ATTITUDE_QUATERNION).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn tilt_cosine(instruments: &Instruments) -> Option<f64> {
///     let q = instruments.attitude_quaternion()?;
///     Some(1.0 - 2.0 * (q.x * q.x + q.y * q.y))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttitudeQuaternion {
    /// The real part; 1 for level, nose north.
    pub w: f64,
    /// About the forward axis.
    pub x: f64,
    /// About the right axis.
    pub y: f64,
    /// About the down axis.
    pub z: f64,
}

impl Read for AttitudeQuaternion {
    const NAME: &'static str = "attitude quaternion";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![ATTITUDE_QUATERNION]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        Some(Self { w: known(p.f32(4))?, x: known(p.f32(8))?, y: known(p.f32(12))?, z: known(p.f32(16))? })
    }
}

/// Angular rates about the body's axes (ATTITUDE).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn spins(instruments: &Instruments) -> bool {
///     instruments.angular_rate().is_some_and(|rate| rate.yaw_deg_s.abs() > 90.0)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AngularRate {
    /// Degrees a second about the forward axis; the right wing going down is positive.
    pub roll_deg_s: f64,
    /// Degrees a second about the right axis; the nose going up is positive.
    pub pitch_deg_s: f64,
    /// Degrees a second about the down axis; turning right is positive.
    pub yaw_deg_s: f64,
}

impl Read for AngularRate {
    const NAME: &'static str = "angular rate";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![ATTITUDE]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let rate_deg_s = |at| known(report.fields.f32(at)).map(f64::to_degrees);
        Some(Self { roll_deg_s: rate_deg_s(16)?, pitch_deg_s: rate_deg_s(20)?, yaw_deg_s: rate_deg_s(24)? })
    }
}
