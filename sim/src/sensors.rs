//! What the autopilot believes: truth plus errors that drift like those of a GPS-aided estimator, and the raw GPS.
//!
//! Not a Kalman filter: the error processes are chosen (GPS 0.5 m class, barometer and compass modest) so that what counts,
//! the difference between belief and truth over seconds and minutes, is realistic and reproducible.
use crate::physics::World;
use crate::random::{Random, SmoothNoise};
use crate::vector::{Quat, V3};

/// Seconds over which the position error decorrelates.
const POSITION_TIME_S: f64 = 25.0;

/// Belief and raw readings at this tick.
#[derive(Debug, Clone)]
pub struct Estimator {
    random: Random,
    horizontal: [SmoothNoise; 2],
    vertical: SmoothNoise,
    yaw: SmoothNoise,
    raw_noise_m: f64,
    origin_error: V3,
    dead_reckoning: V3,
    /// The GPS has a fix.
    pub gps_fix: bool,
    /// Seconds since the GPS was lost; 0 with a fix.
    pub without_gps_s: f64,
    /// Position from the estimator's origin (set near home), m NED.
    pub position: V3,
    /// Velocity, m/s NED.
    pub velocity: V3,
    /// Attitude, body to NED.
    pub attitude: Quat,
    /// Body rates, rad/s.
    pub rates: V3,
    /// Error of the raw GPS fix, m NED, on top of the truth.
    pub gps_error: V3,
    /// Estimated wind, m/s NED, towards where it blows: the truth averaged over some seconds.
    pub wind: V3,
}

impl Estimator {
    /// For GPS noise of `gps_noise_m` (one standard deviation, horizontal).
    pub fn new(gps_noise_m: f64, mut random: Random) -> Self {
        let slow_m = 0.4 * gps_noise_m;
        let horizontal = [
            SmoothNoise::new(slow_m, POSITION_TIME_S, &mut random),
            SmoothNoise::new(slow_m, POSITION_TIME_S, &mut random),
        ];
        let vertical = SmoothNoise::new(0.05 + 0.2 * gps_noise_m, 40.0, &mut random);
        let yaw = SmoothNoise::new((0.4 + 1.2 * gps_noise_m).to_radians(), 60.0, &mut random);
        let origin_error = V3([horizontal[0].value, horizontal[1].value, vertical.value]);
        Self {
            horizontal,
            vertical,
            yaw,
            raw_noise_m: 0.5 * gps_noise_m,
            random,
            origin_error,
            dead_reckoning: V3::ZERO,
            gps_fix: true,
            without_gps_s: 0.0,
            position: V3::ZERO,
            velocity: V3::ZERO,
            attitude: Quat::LEVEL,
            rates: V3::ZERO,
            gps_error: V3::ZERO,
            wind: V3::ZERO,
        }
    }
    /// Takes the error of this moment as the origin's, as an estimator does that sets its origin at the first good fix.
    pub fn set_origin_here(&mut self) {
        self.origin_error = V3([self.horizontal[0].value, self.horizontal[1].value, self.vertical.value]);
    }
    /// Error that the position had when the origin was set: what the reported global position is off by there.
    pub fn origin_error(&self) -> V3 {
        self.origin_error
    }
    /// Advances the errors by `dt_s` (once a tick) and takes the readings.
    pub fn tick(&mut self, world: &World, dt_s: f64) {
        for noise in &mut self.horizontal {
            noise.step(dt_s, &mut self.random);
        }
        self.vertical.step(dt_s, &mut self.random);
        self.yaw.step(dt_s, &mut self.random);
        if self.gps_fix {
            self.without_gps_s = 0.0;
            self.dead_reckoning = self.dead_reckoning * (1.0 - dt_s / 0.8);
        } else {
            // Without GPS the accelerometers' errors are integrated twice: 0.02 m/s^2 after the first second.
            self.without_gps_s += dt_s;
            let drift = 0.02 * self.without_gps_s * dt_s;
            self.dead_reckoning += V3::new(drift, -0.6 * drift, 0.0);
        }
        // A wind estimate comes from drag, so it needs flight to converge.
        let towards = if world.on_ground { V3::ZERO } else { world.wind.now };
        self.wind += (towards - self.wind) * (dt_s / 4.0);
        let white = self.raw_noise_m;
        self.gps_error = V3([
            self.horizontal[0].value + white * self.random.normal(),
            self.horizontal[1].value + white * self.random.normal(),
            2.0 * self.vertical.value + 1.5 * white * self.random.normal(),
        ]);
        self.fast(world);
    }
    /// Takes attitude, rates, position and velocity anew between ticks (at the physics rate).
    pub fn fast(&mut self, world: &World) {
        let error = V3([self.horizontal[0].value, self.horizontal[1].value, self.vertical.value]);
        self.position = world.position + error - self.origin_error + self.dead_reckoning;
        self.velocity = world.velocity + V3([self.horizontal[0].rate, self.horizontal[1].rate, self.vertical.rate]);
        self.attitude = Quat::from_yaw(self.yaw.value).compose(world.attitude);
        self.rates = world.rates;
    }
}
