//! Motion with limited speed, acceleration and jerk towards a target that may jump: the square-root controller that ArduPilot
//! shapes its inputs with (`AP_Math/control.cpp`), and that PX4's automatic modes are close to.
use crate::vector::V3;

/// Limits of a shaped motion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Horizontal speed, m/s.
    pub speed: f64,
    /// Climb rate, m/s.
    pub climb: f64,
    /// Rate of descent, m/s.
    pub descent: f64,
    /// Horizontal acceleration, m/s^2.
    pub acceleration: f64,
    /// Vertical acceleration, m/s^2.
    pub climb_acceleration: f64,
    /// Jerk, m/s^3.
    pub jerk: f64,
}

/// A desired motion that moves towards its target.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shaper {
    /// Desired position, m.
    pub position: V3,
    /// Desired velocity, m/s.
    pub velocity: V3,
    /// Desired acceleration, m/s^2.
    pub acceleration: V3,
}

/// The largest rate that can still be braked to zero over `error` with the second-order limit `limit`, linear with slope `p`
/// near zero.
pub(super) fn square_root(error: f64, p: f64, limit: f64) -> f64 {
    let linear = limit / (p * p);
    if error.abs() <= linear {
        error * p
    } else {
        libm::copysign(libm::sqrt(2.0 * limit * (error.abs() - linear / 2.0)), error)
    }
}

impl Shaper {
    /// Starts at a measured motion.
    pub fn start(position: V3, velocity: V3) -> Self {
        Self { position, velocity, acceleration: V3::ZERO }
    }
    /// One tick towards `target` (position), passing it with `velocity`; an absent position is flown on velocity alone.
    pub fn tick(&mut self, target: [Option<f64>; 3], velocity: V3, limits: &Limits, dt_s: f64) {
        let mut wanted = velocity;
        // Horizontal, as a vector.
        if let (Some(north), Some(east)) = (target[0], target[1]) {
            // Braking builds up over acceleration / jerk seconds: look ahead by half of that.
            let ahead = self.velocity * (0.5 * limits.acceleration / limits.jerk);
            let error = V3([north - self.position[0] - ahead[0], east - self.position[1] - ahead[1], 0.0]);
            let distance = error.norm_xy();
            if distance > 1e-9 {
                let speed = square_root(distance, 0.5 * limits.jerk / limits.acceleration, limits.acceleration);
                wanted += error * (speed / distance);
            }
        }
        wanted = wanted.limit_xy(limits.speed);
        if let Some(down) = target[2] {
            let p = 0.5 * limits.jerk / limits.climb_acceleration;
            wanted[2] += square_root(down - self.position[2], p.min(1.0), limits.climb_acceleration);
        }
        wanted[2] = wanted[2].clamp(-limits.climb, limits.descent);

        let mut acceleration = V3::ZERO;
        let error = wanted - self.velocity;
        let size = error.norm_xy();
        if size > 1e-9 {
            let by = square_root(size, limits.jerk / limits.acceleration, limits.jerk).min(limits.acceleration);
            acceleration = V3([error[0] * by / size, error[1] * by / size, 0.0]);
        }
        let by = square_root(error[2], limits.jerk / limits.climb_acceleration, limits.jerk);
        acceleration[2] = by.clamp(-limits.climb_acceleration, limits.climb_acceleration);

        let step = limits.jerk * dt_s;
        let change = acceleration - self.acceleration;
        let limited = change.limit_xy(step);
        self.acceleration += V3([limited[0], limited[1], change[2].clamp(-step, step)]);
        self.velocity += self.acceleration * dt_s;
        self.position += self.velocity * dt_s;
        // An axis without a position keeps the desired position with the vehicle's desired motion; nothing to do.
    }
    /// One tick of an acceleration that was asked for, within the limits of acceleration and jerk.
    pub fn push(&mut self, acceleration: V3, limits: &Limits, dt_s: f64) {
        let wanted = acceleration.limit_xy(limits.acceleration);
        let up = wanted[2].clamp(-limits.climb_acceleration, limits.climb_acceleration);
        let step = limits.jerk * dt_s;
        let change = V3([wanted[0], wanted[1], up]) - self.acceleration;
        let limited = change.limit_xy(step);
        self.acceleration += V3([limited[0], limited[1], change[2].clamp(-step, step)]);
        self.velocity += self.acceleration * dt_s;
        self.position += self.velocity * dt_s;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaches_a_far_target_within_its_limits_without_overshoot() {
        let limits =
            Limits { speed: 10.0, climb: 2.5, descent: 1.5, acceleration: 2.5, climb_acceleration: 1.0, jerk: 5.0 };
        let mut shaper = Shaper::default();
        let (mut fastest, mut farthest) = (0.0f64, 0.0f64);
        for _ in 0..2_000 {
            shaper.tick([Some(100.0), Some(0.0), Some(-10.0)], V3::ZERO, &limits, 0.02);
            fastest = fastest.max(shaper.velocity.norm_xy());
            farthest = farthest.max(shaper.position[0]);
        }
        assert!((9.9..=10.05).contains(&fastest), "{fastest}");
        assert!(farthest < 100.5, "{farthest}");
        assert!((shaper.position - V3([100.0, 0.0, -10.0])).norm() < 0.05, "{:?}", shaper.position);
    }
}
