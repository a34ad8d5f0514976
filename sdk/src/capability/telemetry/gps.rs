//! Satellite receivers.
use super::quantity::known_u16;
use super::quantity::read::{MessageName, Read, Report, messages};
use crate::wire::incoming::id;
use crate::wire::place::known_degrees;
use flightsmith_mission::vehicle::Autopilot;

/// How good a receiver's fix is (GPS_FIX_TYPE), in rising order.
///
/// ```
/// use flightsmith_sdk::capability::telemetry::GpsFix;
/// assert!(GpsFix::RtkFixed > GpsFix::Fix3d);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GpsFix {
    /// No receiver.
    NoGps,
    /// A receiver without a fix.
    NoFix,
    /// Two-dimensional.
    Fix2d,
    /// Three-dimensional.
    Fix3d,
    /// With differential corrections.
    Dgps,
    /// RTK with floating ambiguities.
    RtkFloat,
    /// RTK with fixed ambiguities.
    RtkFixed,
    /// Told by hand.
    Static,
    /// Precise point positioning.
    Ppp,
    /// A number that MAVLink did not know when this was written.
    Other(u8),
}

impl GpsFix {
    fn from_wire(fix: u8) -> Self {
        match fix {
            0 => Self::NoGps,
            1 => Self::NoFix,
            2 => Self::Fix2d,
            3 => Self::Fix3d,
            4 => Self::Dgps,
            5 => Self::RtkFloat,
            6 => Self::RtkFixed,
            7 => Self::Static,
            8 => Self::Ppp,
            other => Self::Other(other),
        }
    }
}

/// What a satellite receiver says (GPS_RAW_INT, GPS2_RAW): not what the vehicle flies by, which is
/// [`Position`](super::Position).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::{GpsFix, Instruments};
/// fn good_enough(instruments: &Instruments) -> bool {
///     instruments.gps().is_some_and(|gps| gps.fix >= GpsFix::Fix3d && gps.hdop.is_some_and(|hdop| hdop < 1.5))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gps {
    /// Which receiver, from 0.
    pub receiver: u8,
    /// The fix.
    pub fix: GpsFix,
    /// Satellites seen.
    pub satellites: Option<u8>,
    /// Dilution of precision, horizontal; smaller is better.
    pub hdop: Option<f64>,
    /// Dilution of precision, vertical.
    pub vdop: Option<f64>,
    /// WGS84 latitude and longitude in degrees, with a fix.
    pub lat_lon_deg: Option<(f64, f64)>,
    /// Metres above mean sea level, with a three-dimensional fix.
    pub altitude_amsl_m: Option<f64>,
    /// Speed over ground in m/s.
    pub ground_speed_m_s: Option<f64>,
    /// Direction of motion over ground in degrees, not that of the nose.
    pub course_deg: Option<f64>,
    /// Standard deviation of the horizontal position in metres.
    pub horizontal_accuracy_m: Option<f64>,
    /// Standard deviation of the altitude in metres.
    pub vertical_accuracy_m: Option<f64>,
    /// Standard deviation of the speed in m/s.
    pub speed_accuracy_m_s: Option<f64>,
    /// Heading of the nose from two antennas, in degrees.
    pub heading_deg: Option<f64>,
}

/// Where the two messages differ.
struct Layout {
    receiver: u8,
    eph: usize,
    fix: usize,
    accuracies: usize,
    yaw: usize,
}

impl Read for Gps {
    const NAME: &'static str = "GPS";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![GPS_RAW_INT, GPS2_RAW]
    }
    fn rank(&self) -> u16 {
        self.receiver.into()
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let at = match report.id {
            id::GPS2_RAW => Layout { receiver: 1, eph: 24, fix: 32, accuracies: 41, yaw: 35 },
            _ => Layout { receiver: 0, eph: 20, fix: 28, accuracies: 34, yaw: 50 },
        };
        let fix = GpsFix::from_wire(p.u8(at.fix));
        let has_fix = fix >= GpsFix::Fix2d;
        let lat_lon_deg = known_degrees(p.i32(8), p.i32(12)).filter(|_| has_fix);
        let satellites = p.u8(at.fix + 1);
        // The extension's fields read 0 where they were never filled in.
        let accuracy =
            |n: usize| Some(p.u32(at.accuracies + 4 * n)).filter(|mm| *mm != 0).map(|mm| f64::from(mm) * 1e-3);
        let yaw = p.u16(at.yaw);
        Some(Self {
            receiver: at.receiver,
            fix,
            satellites: (satellites != u8::MAX).then_some(satellites),
            // 9999 is what both autopilots say without a fix.
            hdop: known_u16(p.u16(at.eph)).filter(|hdop| *hdop < 9999.0).map(|hdop| hdop * 0.01),
            vdop: known_u16(p.u16(at.eph + 2)).filter(|vdop| *vdop < 9999.0).map(|vdop| vdop * 0.01),
            lat_lon_deg,
            altitude_amsl_m: (fix >= GpsFix::Fix3d && lat_lon_deg.is_some()).then(|| f64::from(p.i32(16)) * 1e-3),
            ground_speed_m_s: known_u16(p.u16(at.eph + 4)).filter(|_| has_fix).map(|cm_s| cm_s * 0.01),
            course_deg: known_u16(p.u16(at.eph + 6)).filter(|_| has_fix).map(|centidegrees| centidegrees * 0.01),
            horizontal_accuracy_m: accuracy(0),
            vertical_accuracy_m: accuracy(1),
            speed_accuracy_m_s: accuracy(2),
            // 0: no such receiver; 65535: it has no heading now; north is 36000.
            heading_deg: (yaw != 0 && yaw != u16::MAX).then(|| f64::from(yaw % 36_000) * 0.01),
        })
    }
}
