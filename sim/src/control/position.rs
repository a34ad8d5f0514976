//! Position and velocity to a thrust vector: P on position, PID on velocity, with limits of speed and tilt (the cascade that
//! both autopilots use; PX4 `mc_pos_control`, ArduPilot `AC_PosControl`).
use crate::control::AttitudeTarget;
use crate::control::shaper::square_root;
use crate::physics::GRAVITY_M_S2;
use crate::vector::V3;

/// Gains and limits of the outer loops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PositionGains {
    /// Horizontal position error to velocity, 1/s.
    pub position_p: f64,
    /// Deceleration that the approach to a position counts on, m/s^2: far errors ask for less speed than P alone would.
    pub braking: f64,
    /// Vertical position error to velocity, 1/s.
    pub height_p: f64,
    /// Horizontal velocity error to acceleration, 1/s.
    pub velocity_p: f64,
    /// Its integral, 1/s^2.
    pub velocity_i: f64,
    /// On the measured acceleration, without unit.
    pub velocity_d: f64,
    /// Vertical velocity error to acceleration, 1/s.
    pub climb_p: f64,
    /// Its integral, 1/s^2.
    pub climb_i: f64,
    /// Largest tilt, rad.
    pub tilt_max: f64,
    /// Largest horizontal acceleration asked of the error terms, m/s^2 (infinite: only the tilt limits).
    pub acceleration_max: f64,
}

/// What to fly now. An axis without a position is flown on velocity alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MotionTarget {
    /// Position from the estimator's origin, m NED.
    pub position: [Option<f64>; 3],
    /// Velocity (feed-forward where there is a position), m/s NED.
    pub velocity: V3,
    /// Feed-forward acceleration, m/s^2 NED.
    pub acceleration: V3,
    /// Largest horizontal speed, m/s.
    pub speed_max: f64,
    /// Largest climb rate, m/s.
    pub climb_max: f64,
    /// Largest rate of descent, m/s.
    pub descent_max: f64,
}

/// The outer loops with their integrals.
#[derive(Debug, Clone)]
pub struct PositionControl {
    gains: PositionGains,
    integral: V3,
    last_velocity: V3,
    slope: V3,
}

impl PositionControl {
    /// At rest.
    pub fn new(gains: PositionGains) -> Self {
        Self { gains, integral: V3::ZERO, last_velocity: V3::ZERO, slope: V3::ZERO }
    }
    /// Forgets the integrals (before takeoff).
    pub fn reset(&mut self, velocity: V3) {
        self.integral = V3::ZERO;
        self.slope = V3::ZERO;
        self.last_velocity = velocity;
    }
    /// Thrust direction and size for this tick.
    pub fn tick(
        &mut self,
        target: &MotionTarget,
        position: V3,
        velocity: V3,
        mass_kg: f64,
        max_thrust_n: f64,
        dt_s: f64,
    ) -> AttitudeTarget {
        let gains = &self.gains;
        let mut wanted = target.velocity;
        let mut correction = V3::ZERO;
        for axis in 0..3 {
            if let Some(goal) = target.position[axis] {
                let p = if axis == 2 { gains.height_p } else { gains.position_p };
                correction[axis] = p * (goal - position[axis]);
            }
        }
        let distance_speed = correction.norm_xy();
        if distance_speed > 1e-9 {
            let error_m = distance_speed / gains.position_p;
            let speed = square_root(error_m, gains.position_p, gains.braking);
            correction = correction.limit_xy(speed);
        }
        wanted += correction;
        wanted = wanted.limit_xy(target.speed_max);
        wanted[2] = wanted[2].clamp(-target.climb_max, target.descent_max);

        // Derivative on the measurement, low-passed at 5 Hz.
        let raw_slope = (velocity - self.last_velocity) * (1.0 / dt_s);
        self.last_velocity = velocity;
        self.slope += (raw_slope - self.slope) * (dt_s / (dt_s + 0.032));

        let error = wanted - velocity;
        let mut acceleration = V3([
            gains.velocity_p * error[0] - gains.velocity_d * self.slope[0],
            gains.velocity_p * error[1] - gains.velocity_d * self.slope[1],
            gains.climb_p * error[2],
        ]);
        acceleration += self.integral;
        acceleration = acceleration.limit_xy(gains.acceleration_max) + target.acceleration;

        // Vertical first, then what tilt and thrust are left for the horizontal.
        let lift = (GRAVITY_M_S2 - acceleration[2]).clamp(0.15 * GRAVITY_M_S2, 0.95 * max_thrust_n / mass_kg);
        let by_tilt = lift * libm::tan(gains.tilt_max);
        let by_thrust =
            libm::sqrt(((0.98 * max_thrust_n / mass_kg) * (0.98 * max_thrust_n / mass_kg) - lift * lift).max(0.0));
        let limited = acceleration.limit_xy(by_tilt.min(by_thrust));
        let saturated = limited != acceleration;
        for axis in 0..2 {
            let pushing_out = limited[axis] * error[axis] > 0.0;
            // Steps are none of the integral's business: it is for what does not go away (wind, a wrong mass).
            if !(saturated && pushing_out) && error.norm_xy() < 1.2 {
                self.integral[axis] = (self.integral[axis] + gains.velocity_i * error[axis] * dt_s).clamp(-5.0, 5.0);
            }
        }
        self.integral[2] = (self.integral[2] + gains.climb_i * error[2] * dt_s).clamp(-4.0, 4.0);

        let force = V3([limited[0], limited[1], -lift]);
        let size = force.norm();
        AttitudeTarget { up: force * (1.0 / size), thrust_n: size * mass_kg, yaw_rad: 0.0, yaw_rate: 0.0 }
    }
}
