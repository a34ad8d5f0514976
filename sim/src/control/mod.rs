//! From set-points to motor thrusts: position and velocity ([`position`]), shaped motion ([`shaper`]), and here the inner
//! loops, attitude and rate with the motor mixer, at the physics rate. Decides no modes.
pub mod position;
pub mod shaper;

use crate::physics::{MOTORS, STEP_S};
use crate::vector::{Quat, V3, wrap_pi};
use flightsmith_mission::vehicle::Airframe;

/// Gains of the inner loops; each flavour has its own, tuned against its recorded steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttitudeGains {
    /// Tilt error to tilt rate, 1/s.
    pub tilt_p: f64,
    /// Rate error to angular acceleration about roll and pitch, 1/s.
    pub rate_p: f64,
    /// Yaw error to yaw rate, 1/s.
    pub yaw_p: f64,
    /// Rate error to angular acceleration about yaw, 1/s.
    pub yaw_rate_p: f64,
    /// Fastest yaw rate, rad/s.
    pub yaw_rate_max: f64,
    /// Fastest tilt rate, rad/s.
    pub tilt_rate_max: f64,
}

/// What the inner loops should hold until the next tick.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttitudeTarget {
    /// Unit vector of thrust (the body's up axis), world NED.
    pub up: V3,
    /// Collective thrust, N.
    pub thrust_n: f64,
    /// Heading, rad; with `yaw_rate` alone it follows the vehicle.
    pub yaw_rad: f64,
    /// Feed-forward yaw rate, rad/s.
    pub yaw_rate: f64,
}

impl AttitudeTarget {
    /// Level without thrust.
    pub const REST: AttitudeTarget =
        AttitudeTarget { up: V3::new(0.0, 0.0, -1.0), thrust_n: 0.0, yaw_rad: 0.0, yaw_rate: 0.0 };
}

/// The inner loops.
#[derive(Debug, Clone)]
pub struct AttitudeControl {
    gains: AttitudeGains,
    inertia: V3,
    lever_m: f64,
    torque_per_thrust_m: f64,
    max_thrust_n: f64,
    lead_s: f64,
    last_n: [f64; 4],
}

impl AttitudeControl {
    /// For an airframe as its file says (the scenario's mass factor is unknown to it).
    pub fn new(airframe: &Airframe, gains: AttitudeGains) -> Self {
        Self {
            gains,
            inertia: V3(airframe.inertia_kg_m2),
            lever_m: airframe.arm_m * std::f64::consts::FRAC_1_SQRT_2,
            torque_per_thrust_m: airframe.torque_per_thrust_m,
            max_thrust_n: airframe.max_thrust_n,
            lead_s: 0.6 * airframe.motor_time_constant_s,
            last_n: [0.0; 4],
        }
    }
    /// Forgets the past (motors were off).
    pub fn reset(&mut self) {
        self.last_n = [0.0; 4];
    }
    /// Motor thrusts in N for this step.
    pub fn step(&mut self, target: &AttitudeTarget, attitude: Quat, rates: V3) -> [f64; 4] {
        let gains = &self.gains;
        // Tilt error as a rotation vector in the body frame: from the present up axis to the wanted one.
        let wanted_up = attitude.inverse().rotate(target.up);
        let up = V3::new(0.0, 0.0, -1.0);
        let axis = up.cross(wanted_up);
        let sine = axis.norm();
        let angle = libm::atan2(sine, up.dot(wanted_up));
        let tilt_error = if sine > 1e-9 { axis * (angle / sine) } else { V3::ZERO };
        let yaw_error = wrap_pi(target.yaw_rad - attitude.yaw());

        let yaw_rate = (gains.yaw_p * yaw_error + target.yaw_rate).clamp(-gains.yaw_rate_max, gains.yaw_rate_max);
        let down = attitude.down_axis()[2];
        let limit = gains.tilt_rate_max;
        let rate_wanted = V3([
            (gains.tilt_p * tilt_error[0]).clamp(-limit, limit),
            (gains.tilt_p * tilt_error[1]).clamp(-limit, limit),
            yaw_rate * down.max(0.2),
        ]);
        let error = rate_wanted - rates;
        let torque = V3([
            self.inertia[0] * gains.rate_p * error[0],
            self.inertia[1] * gains.rate_p * error[1],
            self.inertia[2] * gains.yaw_rate_p * error[2],
        ]);
        self.mix(target.thrust_n, torque)
    }
    fn mix(&mut self, thrust_n: f64, torque: V3) -> [f64; 4] {
        let (least_n, most_n) = (0.02 * self.max_thrust_n, self.max_thrust_n);
        let each = (thrust_n / 4.0).clamp(least_n, most_n);
        let mut motors = [0.0; 4];
        let tilt_scale = 1.0 / (4.0 * self.lever_m);
        // Tilt first: keep the attitude even where the collective has to give way.
        let (mut low, mut high) = (0.0f64, 0.0f64);
        for (motor, (forward, right, _)) in motors.iter_mut().zip(MOTORS) {
            *motor = (-right * torque[0] + forward * torque[1]) * tilt_scale;
            low = low.min(*motor);
            high = high.max(*motor);
        }
        let span = high - low;
        let scale = if span > most_n - least_n { (most_n - least_n) / span } else { 1.0 };
        let each = each.clamp(least_n - low * scale, most_n - high * scale);
        // Yaw takes what room is left.
        let mut room = f64::MAX;
        let wanted_yaw_n = torque[2] / (4.0 * self.torque_per_thrust_m);
        for (motor, (_, _, spin)) in motors.iter_mut().zip(MOTORS) {
            *motor = each + *motor * scale;
            let up = if spin * wanted_yaw_n > 0.0 { most_n - *motor } else { *motor - least_n };
            room = room.min(up);
        }
        let yaw_n = wanted_yaw_n.clamp(-room.max(0.0), room.max(0.0));
        for ((motor, last), (_, _, spin)) in motors.iter_mut().zip(&mut self.last_n).zip(MOTORS) {
            let wanted = *motor + spin * yaw_n;
            // Lead that takes back most of the motor's lag.
            *motor = (wanted + (wanted - *last) * (self.lead_s / STEP_S)).clamp(0.0, most_n);
            *last = wanted;
        }
        motors
    }
}
