//! Set-point messages, decoded: local and global position targets with their masks, and attitude targets.
//!
//! Both autopilots take only some frames and some combinations of mask bits, and do different things with the others.
use crate::truth::Sender;
use crate::vector::{Quat, V3};
use crate::wire::{Frame, messages};
use flightsmith_mission::frame::{Altitude, GlobalPosition, Latitude, Longitude};
use flightsmith_mission::vehicle::Autopilot;

use super::Craft;

/// A SET_POSITION_TARGET_LOCAL_NED or _GLOBAL_INT in the estimator's frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SetPoint {
    /// Who sent it.
    pub by: Sender,
    /// Position, m NED; `None` where the mask ignores it.
    pub position: [Option<f64>; 3],
    /// Velocity, m/s NED; `None` where the mask ignores it.
    pub velocity: Option<V3>,
    /// Acceleration, m/s^2 NED; `None` where the mask ignores it.
    pub acceleration: Option<V3>,
    /// Heading, rad.
    pub yaw_rad: Option<f64>,
    /// Yaw rate, rad/s.
    pub yaw_rate: Option<f64>,
}

impl SetPoint {
    /// Stand still: what ArduCopter makes of a set-point that it cannot use.
    pub fn stop(by: Sender) -> Self {
        Self {
            by,
            position: [None; 3],
            velocity: Some(V3::ZERO),
            acceleration: None,
            yaw_rad: None,
            yaw_rate: Some(0.0),
        }
    }
}

/// A SET_ATTITUDE_TARGET.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttitudePoint {
    /// Who sent it.
    pub by: Sender,
    /// Attitude, body FRD to world NED.
    pub attitude: Quat,
    /// Yaw rate, rad/s, where it is not ignored.
    pub yaw_rate: f64,
    /// The thrust field, 0 to 1.
    pub thrust: f64,
}

/// What a set-point message means to this autopilot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// For another component.
    NotForUs,
    /// To be flown.
    Usable(SetPoint),
    /// A frame that this autopilot does not take.
    UnknownFrame(u8),
    /// Nothing in it that this autopilot flies, or bits that it does not take together.
    Unusable,
}

const FRAME_LOCAL_NED: u8 = 1;
const FRAME_LOCAL_OFFSET_NED: u8 = 7;
const FRAME_BODY_NED: u8 = 8;
const FRAME_BODY_OFFSET_NED: u8 = 9;
const FRAME_GLOBAL: u8 = 0;
const FRAME_GLOBAL_RELATIVE_ALT: u8 = 3;
const FRAME_GLOBAL_INT: u8 = 5;
const FRAME_GLOBAL_RELATIVE_ALT_INT: u8 = 6;
const FRAME_GLOBAL_TERRAIN_ALT: u8 = 10;
const FRAME_GLOBAL_TERRAIN_ALT_INT: u8 = 11;

/// The place that a SET_POSITION_TARGET_GLOBAL_INT names.
enum Place {
    Ignored,
    At(V3),
    UnknownFrame(u8),
    Unusable,
}

/// Bits of a set-point's mask: what is ignored.
#[derive(Debug, Clone, Copy)]
struct Mask {
    bits: u16,
    /// ArduCopter ignores a whole vector where one of its axes is ignored.
    whole: bool,
}

impl Mask {
    fn used(self, bit: u16) -> bool {
        let vector = if bit < 9 && self.whole { 7 << (bit / 3 * 3) } else { 1 << bit };
        self.bits & vector == 0
    }
}

impl Craft {
    /// What the set-point in `frame` means to this autopilot.
    pub fn read_setpoint(&self, frame: &Frame) -> Reading {
        if !frame.is_for_us(50) {
            return Reading::NotForUs;
        }
        let ardupilot = self.kind == Autopilot::ArduPilot;
        let mask = Mask { bits: frame.u16(48), whole: ardupilot };
        let coordinates = frame.u8(52);
        let body = matches!(coordinates, FRAME_BODY_NED | FRAME_BODY_OFFSET_NED);
        let finite = |value: f64| value.is_finite().then_some(value);
        let vector = |at: usize| V3([frame.f32(at), frame.f32(at + 4), frame.f32(at + 8)]);
        let yaw_now = self.estimator.attitude.yaw();
        let turn = |v: V3| {
            let (sin, cos) = (libm::sin(yaw_now), libm::cos(yaw_now));
            V3([v[0] * cos - v[1] * sin, v[0] * sin + v[1] * cos, v[2]])
        };
        let absolute = if frame.id == messages::SET_POSITION_TARGET_LOCAL_NED {
            let given = vector(4);
            match coordinates {
                FRAME_LOCAL_NED => Some(given),
                FRAME_LOCAL_OFFSET_NED if ardupilot => Some(self.estimator.position + given),
                FRAME_BODY_NED if !ardupilot => None,
                FRAME_BODY_NED | FRAME_BODY_OFFSET_NED if ardupilot => Some(self.estimator.position + turn(given)),
                other => return Reading::UnknownFrame(other),
            }
        } else {
            match self.global_setpoint(frame) {
                Place::Ignored => None,
                Place::At(position) => Some(position),
                Place::UnknownFrame(number) => return Reading::UnknownFrame(number),
                Place::Unusable => return Reading::Unusable,
            }
        };
        let mut position = [None; 3];
        if let Some(absolute) = absolute {
            for axis in 0..3 {
                position[axis] = mask.used(axis as u16).then(|| finite(absolute[axis])).flatten();
            }
        }
        let raw_velocity = vector(16);
        let velocity_used = [mask.used(3), mask.used(4), mask.used(5)];
        // PX4 takes a body velocity only whole.
        let whole = !body || ardupilot || velocity_used == [true; 3];
        let velocity = (whole && velocity_used.contains(&true)).then(|| {
            let mut v = V3::ZERO;
            for axis in 0..3 {
                let used_here = velocity_used[axis] && raw_velocity[axis].is_finite();
                v[axis] = if used_here { raw_velocity[axis] } else { 0.0 };
            }
            if body { turn(v) } else { v }
        });
        let raw_acceleration = vector(28);
        let acceleration_used = mask.used(6) && mask.used(7) && mask.used(8);
        let acceleration = (acceleration_used && raw_acceleration.norm().is_finite())
            .then(|| if body { turn(raw_acceleration) } else { raw_acceleration });
        let relative_yaw = body && ardupilot;
        let yaw_rad = mask.used(10).then(|| finite(frame.f32(40))).flatten();
        let yaw_rate = mask.used(11).then(|| finite(frame.f32(44))).flatten();
        let somewhere = position.iter().any(Option::is_some);
        let flown = somewhere || velocity.is_some() || acceleration.is_some();
        // ArduCopter flies position, position with velocity, velocity and acceleration, or acceleration.
        let taken = !(ardupilot && somewhere && velocity.is_none() && acceleration.is_some());
        if !(flown && taken) {
            return Reading::Unusable;
        }
        Reading::Usable(SetPoint {
            by: Sender { system: frame.system, component: frame.component },
            position,
            velocity,
            acceleration,
            yaw_rad: yaw_rad.map(|yaw| if relative_yaw { yaw + yaw_now } else { yaw }),
            yaw_rate,
        })
    }
    /// The place of a SET_POSITION_TARGET_GLOBAL_INT.
    fn global_setpoint(&self, frame: &Frame) -> Place {
        let ardupilot = self.kind == Autopilot::ArduPilot;
        const POSITION_IGNORED: u16 = 7;
        if frame.u16(48) & POSITION_IGNORED != 0 {
            return Place::Ignored;
        }
        let altitude_m = frame.f32(12);
        let global = GlobalPosition::at(
            Latitude(f64::from(frame.i32(4)) * 1e-7),
            Longitude(f64::from(frame.i32(8)) * 1e-7),
            Altitude::Amsl(altitude_m),
        );
        if global.lat_deg.abs() > 90.0 || global.lon_deg.abs() > 180.0 {
            return Place::Unusable;
        }
        let mut local = self.to_local(&global);
        match frame.u8(52) {
            FRAME_GLOBAL_INT => {}
            FRAME_GLOBAL if ardupilot => {}
            FRAME_GLOBAL_RELATIVE_ALT_INT => local[2] = self.home.map_or(0.0, |home| home[2]) - altitude_m,
            FRAME_GLOBAL_RELATIVE_ALT if ardupilot => local[2] = self.home.map_or(0.0, |home| home[2]) - altitude_m,
            // No terrain data aboard, as in the recordings: such a place is not flown to.
            FRAME_GLOBAL_TERRAIN_ALT | FRAME_GLOBAL_TERRAIN_ALT_INT if ardupilot => return Place::Unusable,
            FRAME_GLOBAL_TERRAIN_ALT_INT => return Place::Unusable,
            other => return Place::UnknownFrame(other),
        }
        Place::At(local)
    }
    /// The attitude target in `frame`; `None` where it is not for us or not usable: no attitude, no thrust, or (ArduCopter) some body
    /// rates without the others.
    pub fn read_attitude(&self, frame: &Frame) -> Option<AttitudePoint> {
        const THROTTLE_IGNORED: u8 = 1 << 6;
        const ATTITUDE_IGNORED: u8 = 1 << 7;
        const RATES: u8 = 7;
        if !frame.is_for_us(37) {
            return None;
        }
        let mask = frame.u8(38);
        let rates_ignored = mask & RATES;
        let partial = rates_ignored != 0 && rates_ignored != RATES;
        if mask & (THROTTLE_IGNORED | ATTITUDE_IGNORED) != 0 || (partial && self.kind == Autopilot::ArduPilot) {
            return None;
        }
        let q = [frame.f32(4), frame.f32(8), frame.f32(12), frame.f32(16)];
        let length = libm::sqrt(q.iter().map(|v| v * v).sum::<f64>());
        // Not a number is near nothing.
        if !(0.999..=1.001).contains(&length) {
            return None;
        }
        Some(AttitudePoint {
            by: Sender { system: frame.system, component: frame.component },
            attitude: Quat(q).normalised(),
            yaw_rate: if mask & 4 == 0 { frame.f32(28) } else { 0.0 },
            thrust: frame.f32(32).clamp(0.0, 1.0),
        })
    }
}
