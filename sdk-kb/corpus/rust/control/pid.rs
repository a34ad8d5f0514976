//! # A PID controller
//!
//! - PID loop in Rust
//! - integral windup
//! - derivative kick on set-point changes
//!
//! The output is the sum of a part that follows the error, one that follows its sum over time and one that follows the speed of
//! change. Limit the output and stop summing while it is at its limit (windup); take the derivative of the measurement, not of the
//! error, so that a jump of the set-point does not kick.
//!
//! Pitfalls:
//! - The gains belong to a time step: pass the real one, and refuse zero.

struct Pid {
    proportional: f64,
    integral: f64,
    derivative: f64,
    limit: f64,
    sum: f64,
    last: Option<f64>,
}

impl Pid {
    fn new(proportional: f64, integral: f64, derivative: f64, limit: f64) -> Self {
        Self { proportional, integral, derivative, limit, sum: 0.0, last: None }
    }

    fn step(&mut self, wanted: f64, measured: f64, dt_s: f64) -> f64 {
        assert!(dt_s > 0.0, "time goes forward");
        let error = wanted - measured;
        let rate = self.last.map_or(0.0, |last| (measured - last) / dt_s);
        self.last = Some(measured);
        let sum = self.sum + error * dt_s;
        let output = self.proportional * error + self.integral * sum - self.derivative * rate;
        let limited = output.clamp(-self.limit, self.limit);
        // At the limit the sum grows only if that leads back.
        if limited == output || (output > limited) != (error > 0.0) {
            self.sum = sum;
        }
        limited
    }
}

fn main() {
    let mut pid = Pid::new(2.0, 0.8, 1.0, 10.0);
    let (mut height_m, mut speed_m_s) = (0.0, 0.0);
    let (dt_s, mut highest_m) = (0.02, 0.0_f64);
    for _ in 0..2000 {
        let thrust = pid.step(5.0, height_m, dt_s);
        // A steady pull downwards, and some drag.
        speed_m_s += (thrust - 1.5 - 0.8 * speed_m_s) * dt_s;
        height_m += speed_m_s * dt_s;
        highest_m = highest_m.max(height_m);
    }
    assert!((height_m - 5.0).abs() < 0.05, "{height_m}");
    assert!(highest_m < 7.0, "overshoot to {highest_m}");
    assert_eq!(Pid::new(100.0, 0.0, 0.0, 10.0).step(5.0, 0.0, 0.02), 10.0);
}
