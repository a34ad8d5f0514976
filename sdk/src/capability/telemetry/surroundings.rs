//! What is around the vehicle: wind, and what distance sensors see.
use super::quantity::known;
use super::quantity::read::{MessageName, Read, Report, messages};
use crate::wire::incoming::id;
use flightsmith_mission::trig;
use flightsmith_mission::{units::wrap_360, vehicle::Autopilot};

/// The wind as the autopilot estimates it (WIND from ArduPilot, WIND_COV from PX4).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn too_windy(instruments: &Instruments) -> bool {
///     instruments.wind().is_some_and(|wind| wind.speed_m_s > 8.0)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WindReport {
    /// Horizontal speed in m/s.
    pub speed_m_s: f64,
    /// True bearing that it blows from, in degrees.
    pub from_deg: f64,
    /// Vertical speed of the air in m/s, positive down.
    pub down_m_s: Option<f64>,
    /// Standard deviation of the horizontal speed in m/s (PX4).
    pub deviation_m_s: Option<f64>,
}

impl Read for WindReport {
    const NAME: &'static str = "wind";
    fn messages(autopilot: Autopilot) -> &'static [MessageName] {
        match autopilot {
            Autopilot::ArduPilot => messages![WIND],
            Autopilot::Px4 => messages![WIND_COV],
        }
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        if report.id == id::WIND {
            return Some(Self {
                speed_m_s: known(p.f32(4))?,
                from_deg: wrap_360(known(p.f32(0))?),
                down_m_s: known(p.f32(8)),
                deviation_m_s: None,
            });
        }
        // WIND_COV says where the air moves to; a wind's direction is where it comes from.
        let (north_m_s, east_m_s) = (known(p.f32(8))?, known(p.f32(12))?);
        Some(Self {
            speed_m_s: trig::hypot(north_m_s, east_m_s),
            from_deg: wrap_360(trig::atan2(-east_m_s, -north_m_s).to_degrees()),
            down_m_s: known(p.f32(16)),
            deviation_m_s: known(p.f32(20)).filter(|variance| *variance > 0.0).map(libm::sqrt),
        })
    }
}

/// Where a distance sensor looks, as seen from the vehicle.
///
/// ```
/// use flightsmith_sdk::capability::telemetry::{DistanceSensor, Facing};
/// fn height_m(sensor: &DistanceSensor) -> Option<f64> {
///     sensor.distance_m.filter(|_| sensor.facing == Facing::Down)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facing {
    /// Ahead.
    Forward,
    /// Ahead to the right.
    ForwardRight,
    /// To the right.
    Right,
    /// Behind to the right.
    BackRight,
    /// Behind.
    Back,
    /// Behind to the left.
    BackLeft,
    /// To the left.
    Left,
    /// Ahead to the left.
    ForwardLeft,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Another MAV_SENSOR_ORIENTATION.
    Other(u8),
}

impl Facing {
    fn from_wire(orientation: u8) -> Self {
        match orientation {
            0 => Self::Forward,
            1 => Self::ForwardRight,
            2 => Self::Right,
            3 => Self::BackRight,
            4 => Self::Back,
            5 => Self::BackLeft,
            6 => Self::Left,
            7 => Self::ForwardLeft,
            24 => Self::Up,
            25 => Self::Down,
            other => Self::Other(other),
        }
    }
}

/// A distance sensor (DISTANCE_SENSOR); there may be several, told apart by `id` and `component`.
///
/// ```
/// use flightsmith_sdk::capability::telemetry::{Facing, Instruments};
/// fn height_above_ground_m(instruments: &Instruments) -> Option<f64> {
///     instruments.distances().iter().find(|sensor| sensor.facing == Facing::Down)?.distance_m
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistanceSensor {
    /// Its number.
    pub id: u8,
    /// The MAVLink component that reports it: 1 is the autopilot.
    pub component: u8,
    /// Where it looks.
    pub facing: Facing,
    /// Metres to what it sees; `None` without a valid echo within its range.
    pub distance_m: Option<f64>,
    /// Shortest distance that it can measure, in metres.
    pub nearest_m: f64,
    /// Longest distance that it can measure, in metres.
    pub farthest_m: f64,
    /// Quality of the signal in percent, where it is known.
    pub quality_percent: Option<f64>,
}

impl Read for DistanceSensor {
    const NAME: &'static str = "distance";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![DISTANCE_SENSOR]
    }
    fn rank(&self) -> u16 {
        u16::from_be_bytes([self.component, self.id])
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let (nearest_cm, farthest_cm, cm, quality) = (p.u16(4), p.u16(6), p.u16(8), p.u8(38));
        // Quality 0: not known; 1: invalid signal (the message's own words); 100: perfect.
        let valid = quality != 1 && (nearest_cm..=farthest_cm).contains(&cm);
        Some(Self {
            id: p.u8(11),
            component: report.component,
            facing: Facing::from_wire(p.u8(12)),
            distance_m: valid.then(|| f64::from(cm) * 0.01),
            nearest_m: f64::from(nearest_cm) * 0.01,
            farthest_m: f64::from(farthest_cm) * 0.01,
            quality_percent: (2..=100).contains(&quality).then(|| f64::from(quality)),
        })
    }
}
