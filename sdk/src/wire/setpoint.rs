//! Set-point messages: which fields carry a motion, and the masks that both autopilots take.
//!
//! ArduCopter flies position, position with velocity, velocity (with acceleration) or acceleration, and stops the vehicle at any other
//! mask; where neither heading nor rate is given it turns the nose as it likes, so one of them is always given. PX4 takes local frames 1
//! and 8 and global frame 5; its height above home (frame 6) is wrong where home is not the estimator's origin, so heights go as AMSL.
use super::place::degrees_e7;
use flightsmith_mission::trig;
use mav::PositionTargetTypemask as Mask;
use mavlink::dialects::ardupilotmega as mav;

/// Where the nose is told to point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Nose {
    HeadingRad(f32),
    RateRadS(f32),
}

/// What is asked for, in the estimator's local frame or the world's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Asked {
    /// A point passed with a velocity and an acceleration.
    Moving {
        position_m: [f64; 3],
        velocity_m_s: [f64; 3],
        acceleration_m_s2: [f64; 3],
    },
    Position {
        position_m: [f64; 3],
    },
    Global {
        lat_deg: f64,
        lon_deg: f64,
        amsl_m: f64,
    },
    Velocity {
        velocity_m_s: [f64; 3],
    },
    /// Along the nose, to the right, down.
    BodyVelocity {
        velocity_m_s: [f64; 3],
    },
    Acceleration {
        acceleration_m_s2: [f64; 3],
    },
}

/// Addressee and time of a set-point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Addressee {
    pub time_boot_ms: u32,
    pub system: u8,
    pub component: u8,
}

fn no_position() -> Mask {
    Mask::POSITION_TARGET_TYPEMASK_X_IGNORE
        | Mask::POSITION_TARGET_TYPEMASK_Y_IGNORE
        | Mask::POSITION_TARGET_TYPEMASK_Z_IGNORE
}
fn no_velocity() -> Mask {
    Mask::POSITION_TARGET_TYPEMASK_VX_IGNORE
        | Mask::POSITION_TARGET_TYPEMASK_VY_IGNORE
        | Mask::POSITION_TARGET_TYPEMASK_VZ_IGNORE
}
fn no_acceleration() -> Mask {
    Mask::POSITION_TARGET_TYPEMASK_AX_IGNORE
        | Mask::POSITION_TARGET_TYPEMASK_AY_IGNORE
        | Mask::POSITION_TARGET_TYPEMASK_AZ_IGNORE
}

fn nose_fields(nose: Nose) -> (f32, f32, Mask) {
    match nose {
        Nose::HeadingRad(yaw) => (yaw, 0.0, Mask::POSITION_TARGET_TYPEMASK_YAW_RATE_IGNORE),
        Nose::RateRadS(rate) => (0.0, rate, Mask::POSITION_TARGET_TYPEMASK_YAW_IGNORE),
    }
}

fn narrow(v: [f64; 3]) -> [f32; 3] {
    v.map(|v| v as f32)
}

/// SET_POSITION_TARGET_LOCAL_NED; `None` for a place in the world, which [`global`] carries.
pub(crate) fn local(
    asked: &Asked,
    nose: Nose,
    addressee: Addressee,
) -> Option<mav::SET_POSITION_TARGET_LOCAL_NED_DATA> {
    const NONE: [f32; 3] = [0.0; 3];
    let (position, velocity, acceleration, ignored) = match *asked {
        Asked::Moving { position_m, velocity_m_s, acceleration_m_s2 } => {
            (narrow(position_m), narrow(velocity_m_s), narrow(acceleration_m_s2), Mask::empty())
        }
        Asked::Position { position_m } => (narrow(position_m), NONE, NONE, no_velocity() | no_acceleration()),
        Asked::Velocity { velocity_m_s } | Asked::BodyVelocity { velocity_m_s } => {
            (NONE, narrow(velocity_m_s), NONE, no_position() | no_acceleration())
        }
        Asked::Acceleration { acceleration_m_s2 } => {
            (NONE, NONE, narrow(acceleration_m_s2), no_position() | no_velocity())
        }
        Asked::Global { .. } => return None,
    };
    #[expect(deprecated, reason = "neither autopilot takes the newer MAV_FRAME_BODY_FRD here")]
    let coordinate_frame = match asked {
        Asked::BodyVelocity { .. } => mav::MavFrame::MAV_FRAME_BODY_NED,
        _ => mav::MavFrame::MAV_FRAME_LOCAL_NED,
    };
    let (yaw, yaw_rate, nose_ignored) = nose_fields(nose);
    let ([x, y, z], [vx, vy, vz], [afx, afy, afz]) = (position, velocity, acceleration);
    Some(mav::SET_POSITION_TARGET_LOCAL_NED_DATA {
        time_boot_ms: addressee.time_boot_ms,
        x,
        y,
        z,
        vx,
        vy,
        vz,
        afx,
        afy,
        afz,
        yaw,
        yaw_rate,
        type_mask: ignored | nose_ignored,
        target_system: addressee.system,
        target_component: addressee.component,
        coordinate_frame,
    })
}

/// SET_POSITION_TARGET_GLOBAL_INT for a place in the world.
pub(crate) fn global(
    asked: &Asked,
    nose: Nose,
    addressee: Addressee,
) -> Option<mav::SET_POSITION_TARGET_GLOBAL_INT_DATA> {
    let Asked::Global { lat_deg, lon_deg, amsl_m } = *asked else { return None };
    #[expect(deprecated, reason = "PX4 takes no MAV_FRAME_GLOBAL here")]
    let coordinate_frame = mav::MavFrame::MAV_FRAME_GLOBAL_INT;
    let (yaw, yaw_rate, nose_ignored) = nose_fields(nose);
    let (lat_int, lon_int) = degrees_e7(lat_deg, lon_deg);
    Some(mav::SET_POSITION_TARGET_GLOBAL_INT_DATA {
        time_boot_ms: addressee.time_boot_ms,
        lat_int,
        lon_int,
        alt: amsl_m as f32,
        vx: 0.0,
        vy: 0.0,
        vz: 0.0,
        afx: 0.0,
        afy: 0.0,
        afz: 0.0,
        yaw,
        yaw_rate,
        type_mask: no_velocity() | no_acceleration() | nose_ignored,
        target_system: addressee.system,
        target_component: addressee.component,
        coordinate_frame,
    })
}

/// SET_ATTITUDE_TARGET. A steady turn of the nose goes as a body rate: ArduCopter takes all three or none, PX4 would fly rates instead
/// of the attitude where all three are given.
pub(crate) fn attitude(
    [roll_rad, pitch_rad, yaw_rad]: [f64; 3],
    yaw_rate_rad_s: Option<f32>,
    thrust: f32,
    all_rates: bool,
    addressee: Addressee,
) -> mav::SET_ATTITUDE_TARGET_DATA {
    use mav::AttitudeTargetTypemask as Rates;
    let level =
        Rates::ATTITUDE_TARGET_TYPEMASK_BODY_ROLL_RATE_IGNORE | Rates::ATTITUDE_TARGET_TYPEMASK_BODY_PITCH_RATE_IGNORE;
    let type_mask = match yaw_rate_rad_s {
        None => level | Rates::ATTITUDE_TARGET_TYPEMASK_BODY_YAW_RATE_IGNORE,
        Some(_) if all_rates => Rates::empty(),
        Some(_) => level,
    };
    mav::SET_ATTITUDE_TARGET_DATA {
        time_boot_ms: addressee.time_boot_ms,
        q: quaternion(roll_rad, pitch_rad, yaw_rad),
        body_roll_rate: 0.0,
        body_pitch_rate: 0.0,
        body_yaw_rate: yaw_rate_rad_s.unwrap_or(0.0),
        thrust,
        thrust_body: [0.0; 3],
        target_system: addressee.system,
        target_component: addressee.component,
        type_mask,
    }
}

/// Rotation by heading, then pitch, then roll, as `w, x, y, z`.
fn quaternion(roll_rad: f64, pitch_rad: f64, yaw_rad: f64) -> [f32; 4] {
    let half = |angle: f64| (trig::cos(angle / 2.0), trig::sin(angle / 2.0));
    let ((cr, sr), (cp, sp), (cy, sy)) = (half(roll_rad), half(pitch_rad), half(yaw_rad));
    [cr * cp * cy + sr * sp * sy, sr * cp * cy - cr * sp * sy, cr * sp * cy + sr * cp * sy, cr * cp * sy - sr * sp * cy]
        .map(|v| v as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The masks that the recordings show taken (3576 position, 3527 velocity) but for the nose, which is always told where to point.
    #[test]
    fn masks_are_those_that_both_autopilots_take() {
        let addressee = Addressee { time_boot_ms: 0, system: 1, component: 1 };
        let mask = |asked: Asked, nose: Nose| local(&asked, nose, addressee).map(|message| message.type_mask.bits());
        let zero = [0.0; 3];
        let heading = Nose::HeadingRad(0.0);
        let rate = Nose::RateRadS(0.1);
        let moving = Asked::Moving { position_m: zero, velocity_m_s: zero, acceleration_m_s2: zero };
        const YAW_RATE: u16 = 2048;
        const YAW: u16 = 1024;
        let cases = [
            (moving, heading, YAW_RATE),
            (Asked::Position { position_m: zero }, heading, 0b1_1111_1000 | YAW_RATE),
            (Asked::Velocity { velocity_m_s: zero }, heading, 0b1_1100_0111 | YAW_RATE),
            (Asked::BodyVelocity { velocity_m_s: zero }, rate, 0b1_1100_0111 | YAW),
            (Asked::Acceleration { acceleration_m_s2: zero }, rate, 0b0_0011_1111 | YAW),
        ];
        for (asked, nose, expected) in cases {
            assert_eq!(mask(asked, nose), Some(expected), "{asked:?}");
        }
        let place = Asked::Global { lat_deg: 47.0, lon_deg: 8.0, amsl_m: 500.0 };
        assert_eq!(mask(place, heading), None);
        assert_eq!(global(&place, heading, addressee).map(|message| message.lat_int), Some(470_000_000));
    }

    #[test]
    fn an_attitude_turns_first_then_pitches_then_rolls() {
        let [w, x, y, z] = quaternion(0.0, 0.0, core::f64::consts::PI);
        assert!(w.abs() < 1e-6 && x.abs() < 1e-6 && y.abs() < 1e-6 && (z - 1.0).abs() < 1e-6);
        let [w, x, ..] = quaternion(0.2, 0.0, 0.0);
        assert!((w - 0.1_f32.cos()).abs() < 1e-6 && (x - 0.1_f32.sin()).abs() < 1e-6);
    }
}
