//! Set-point messages, decoded: local and global position targets with their masks.
use crate::truth::Sender;
use crate::vector::V3;
use crate::wire::{Frame, messages};
use flightsmith_mission::frame::{Altitude, GlobalPosition, Latitude, Longitude};

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

const FRAME_LOCAL_NED: u8 = 1;
const FRAME_LOCAL_OFFSET_NED: u8 = 7;
const FRAME_BODY_NED: u8 = 8;
const FRAME_BODY_OFFSET_NED: u8 = 9;
const FRAME_BODY_FRD: u8 = 12;

impl Craft {
    /// The set-point in `frame`, if it is for us and its coordinate frame is known.
    pub fn read_setpoint(&self, frame: &Frame) -> Option<SetPoint> {
        if frame.u8(50) > 1 {
            return None;
        }
        let mask = frame.u16(48);
        let used = |bit: u16| mask & (1 << bit) == 0;
        let finite = |value: f64| value.is_finite().then_some(value);
        let vector = |at: usize| V3([frame.f32(at), frame.f32(at + 4), frame.f32(at + 8)]);
        let coordinates = frame.u8(52);
        let yaw_now = self.estimator.attitude.yaw();
        let turn = |v: V3| {
            let (sin, cos) = (libm::sin(yaw_now), libm::cos(yaw_now));
            V3([v[0] * cos - v[1] * sin, v[0] * sin + v[1] * cos, v[2]])
        };
        let body = matches!(coordinates, FRAME_BODY_NED | FRAME_BODY_OFFSET_NED | FRAME_BODY_FRD);
        let mut position = [None; 3];
        let position_used = [used(0), used(1), used(2)];
        if frame.id == messages::SET_POSITION_TARGET_LOCAL_NED {
            let given = vector(4);
            let absolute = match coordinates {
                FRAME_LOCAL_NED => given,
                FRAME_LOCAL_OFFSET_NED => self.estimator.position + given,
                FRAME_BODY_NED | FRAME_BODY_OFFSET_NED | FRAME_BODY_FRD => self.estimator.position + turn(given),
                _ => return None,
            };
            for axis in 0..3 {
                position[axis] = position_used[axis].then(|| finite(absolute[axis])).flatten();
            }
        } else {
            let altitude_m = frame.f32(12);
            let home_down = self.home.map_or(0.0, |home| home[2]);
            let global = GlobalPosition::at(
                Latitude(f64::from(frame.i32(4)) * 1e-7),
                Longitude(f64::from(frame.i32(8)) * 1e-7),
                Altitude::Amsl(altitude_m),
            );
            let mut local = self.to_local(&global);
            match coordinates {
                0 | 5 => {}
                // Relative to home; terrain frames are taken as such too, the ground being flat.
                3 | 6 | 10 | 11 => local[2] = home_down - altitude_m,
                _ => return None,
            }
            if (position_used[0] || position_used[1]) && (global.lat_deg.abs() > 90.0 || global.lon_deg.abs() > 180.0) {
                return None;
            }
            for axis in 0..3 {
                position[axis] = position_used[axis].then(|| finite(local[axis])).flatten();
            }
        }
        let raw_velocity = vector(16);
        let velocity = (used(3) || used(4) || used(5)).then(|| {
            let mut v = V3::ZERO;
            for axis in 0..3 {
                let used_here = used(3 + axis as u16) && raw_velocity[axis].is_finite();
                v[axis] = if used_here { raw_velocity[axis] } else { 0.0 };
            }
            if body { turn(v) } else { v }
        });
        let raw_acceleration = vector(28);
        let acceleration = (used(6) && used(7) && used(8) && raw_acceleration.norm().is_finite())
            .then(|| if body { turn(raw_acceleration) } else { raw_acceleration });
        let yaw_rad =
            used(10).then(|| finite(frame.f32(40))).flatten().map(|yaw| if body { yaw + yaw_now } else { yaw });
        let yaw_rate = used(11).then(|| finite(frame.f32(44))).flatten();
        Some(SetPoint {
            by: Sender { system: frame.system, component: frame.component },
            position,
            velocity,
            acceleration,
            yaw_rad,
            yaw_rate,
        })
    }
}
