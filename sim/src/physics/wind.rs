//! Moving air: a mean that grows with height near the ground, and gusts as a Gauss-Markov process (a Dryden-like spectrum).
use crate::random::Random;
use crate::vector::V3;

/// Correlation time of a gust, seconds.
const GUST_TIME_S: f64 = 2.5;

/// The wind at the vehicle.
#[derive(Debug, Clone)]
pub struct Wind {
    mean: V3,
    mean_m_s: f64,
    gust_limit_m_s: f64,
    gust_sigma_m_s: f64,
    gust: V3,
    since_gust_s: f64,
    random: Random,
    /// Present wind, m/s NED, towards where it blows.
    pub now: V3,
}

impl Wind {
    /// Wind of `mean_m_s` from `from_deg`, gusts up to `gust_m_s`.
    pub fn new(mean_m_s: f64, from_deg: f64, gust_m_s: f64, random: Random) -> Self {
        let mut wind = Self {
            mean: V3::ZERO,
            mean_m_s: 0.0,
            gust_limit_m_s: 0.0,
            gust_sigma_m_s: 0.0,
            gust: V3::ZERO,
            since_gust_s: 0.0,
            random,
            now: V3::ZERO,
        };
        wind.set(mean_m_s, from_deg, gust_m_s);
        wind
    }
    /// Replaces mean and gusts.
    pub fn set(&mut self, mean_m_s: f64, from_deg: f64, gust_m_s: f64) {
        let to_rad = (from_deg + 180.0).to_radians();
        self.mean = V3::new(mean_m_s * libm::cos(to_rad), mean_m_s * libm::sin(to_rad), 0.0);
        self.mean_m_s = mean_m_s;
        self.gust_limit_m_s = gust_m_s.max(mean_m_s);
        self.gust_sigma_m_s = (gust_m_s - mean_m_s).max(0.0) / 2.5;
    }
    /// The wind `height_m` above ground, advanced by `dt_s`.
    pub fn at_step(&mut self, height_m: f64, dt_s: f64) -> V3 {
        if self.mean_m_s == 0.0 && self.gust_sigma_m_s == 0.0 {
            self.now = V3::ZERO;
            return V3::ZERO;
        }
        // Gusts are updated at 50 Hz; faster changes do not move a vehicle of this size.
        self.since_gust_s += dt_s;
        if self.since_gust_s >= 0.02 {
            let dt_s = self.since_gust_s;
            self.since_gust_s = 0.0;
            let keep = 1.0 - dt_s / GUST_TIME_S;
            let drive = self.gust_sigma_m_s * libm::sqrt(2.0 * dt_s / GUST_TIME_S);
            for (axis, share) in [(0, 1.0), (1, 1.0), (2, 0.4)] {
                self.gust[axis] = self.gust[axis] * keep + drive * share * self.random.normal();
            }
        }
        // The boundary layer: half of the mean at the ground, all of it from 10 m up.
        let layer = (0.5 + 0.05 * height_m).clamp(0.5, 1.0);
        let total = (self.mean + self.gust) * layer;
        self.now = total.limit_xy(self.gust_limit_m_s);
        self.now
    }
}
