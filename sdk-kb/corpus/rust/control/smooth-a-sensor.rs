//! # Smooth noisy measurements
//!
//! - low-pass filter, exponential smoothing
//! - complementary filter for gyro and accelerometer
//! - hysteresis so that a threshold does not flutter
//!
//! Exponential smoothing goes part of the way to each new value; with the time constant instead of a fixed share it behaves the same at
//! any rate. A complementary filter trusts the gyro for the moment and the accelerometer in the long run. Hysteresis uses one limit
//! for on and another for off.
//!
//! Pitfalls:
//! - Smoothing delays: a controller behind it may begin to oscillate.

struct LowPass {
    time_constant_s: f64,
    value: Option<f64>,
}

impl LowPass {
    fn add(&mut self, input: f64, dt_s: f64) -> f64 {
        let share = 1.0 - (-dt_s / self.time_constant_s).exp();
        let value = self.value.map_or(input, |value| value + share * (input - value));
        self.value = Some(value);
        value
    }
}

/// Tilt in degrees.
fn complementary(tilt: f64, gyro_deg_s: f64, accelerometer_deg: f64, dt_s: f64) -> f64 {
    const TRUST_IN_GYRO: f64 = 0.98;
    TRUST_IN_GYRO * (tilt + gyro_deg_s * dt_s) + (1.0 - TRUST_IN_GYRO) * accelerometer_deg
}

struct Hysteresis {
    on_above: f64,
    off_below: f64,
    is_on: bool,
}

impl Hysteresis {
    fn update(&mut self, value: f64) -> bool {
        self.is_on = if self.is_on { value >= self.off_below } else { value > self.on_above };
        self.is_on
    }
}

fn main() {
    let settled = |rate_hz: u32| {
        let mut filter = LowPass { time_constant_s: 0.5, value: None };
        filter.add(0.0, 0.0);
        (0..rate_hz).map(|_| filter.add(1.0, 1.0 / f64::from(rate_hz))).last().expect("some values")
    };
    assert!((settled(10) - settled(200)).abs() < 1e-9, "the same after a second at any rate");
    assert!((settled(50) - (1.0 - (-2.0_f64).exp())).abs() < 1e-9);

    // A gyro that is off by one degree a second does not run away.
    let tilt = (0..2000).fold(0.0, |tilt, _| complementary(tilt, 1.0, 0.0, 0.01));
    assert!(tilt < 0.6, "{tilt}");

    let mut alarm = Hysteresis { on_above: 12.0, off_below: 10.0, is_on: false };
    let states: Vec<bool> = [11.0, 12.5, 11.0, 9.5, 11.5].into_iter().map(|wind| alarm.update(wind)).collect();
    assert_eq!(states, [false, true, true, false, false]);
}
