//! A small seeded generator, so that the same seed flies the same flight on every machine.
//!
//! Not for secrets. Each consumer forks its own stream by name, so that a new consumer does not shift the others.

/// SplitMix64 (Steele, Lea, Flood 2014): one word of state, passes BigCrush, good enough for noise.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
    spare_normal: Option<f64>,
}

impl Random {
    /// A generator for `seed`.
    pub fn new(seed: u64) -> Self {
        let mut random = Self { state: seed ^ 0x5DEE_CE66_D1CE_4E5B, spare_normal: None };
        random.word();
        random
    }
    /// An independent generator for the consumer called `name`.
    pub fn fork(&self, name: &str) -> Self {
        let mixed = name.bytes().fold(self.state, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        Self::new(mixed)
    }
    /// The next 64 bits.
    pub fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// Uniform in `0 <= u < 1`.
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }
    /// Uniform in `low <= u < high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
    /// Normal with mean 0 and standard deviation 1 (Marsaglia's polar method).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        loop {
            let (u, v) = (self.between(-1.0, 1.0), self.between(-1.0, 1.0));
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                let scale = libm::sqrt(-2.0 * libm::log(s) / s);
                self.spare_normal = Some(v * scale);
                return u * scale;
            }
        }
    }
}

/// First-order Gauss-Markov noise passed through one more low-pass, so that it has a finite rate of change.
#[derive(Debug, Clone)]
pub struct SmoothNoise {
    sigma: f64,
    time_constant_s: f64,
    raw: f64,
    /// Present value.
    pub value: f64,
    /// Rate of change of `value` per second.
    pub rate: f64,
}

impl SmoothNoise {
    /// Noise of standard deviation `sigma` and correlation time `time_constant_s`, started in its steady state.
    pub fn new(sigma: f64, time_constant_s: f64, random: &mut Random) -> Self {
        // The second low-pass (a quarter of the time constant) takes a tenth of the deviation: make up for it.
        let raw = sigma * 1.12 * random.normal().clamp(-2.5, 2.5);
        Self { sigma, time_constant_s, raw, value: raw * 0.9, rate: 0.0 }
    }
    /// Advances by `dt_s`; values stay within three standard deviations.
    pub fn step(&mut self, dt_s: f64, random: &mut Random) {
        if self.sigma <= 0.0 {
            return;
        }
        let keep = 1.0 - dt_s / self.time_constant_s;
        let drive = self.sigma * 1.12 * libm::sqrt(2.0 * dt_s / self.time_constant_s);
        self.raw = (self.raw * keep + drive * random.normal()).clamp(-3.0 * self.sigma, 3.0 * self.sigma);
        self.rate = (self.raw - self.value) / (0.25 * self.time_constant_s);
        self.value += self.rate * dt_s;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_numbers_and_forks_differ() {
        let (mut a, mut b) = (Random::new(7), Random::new(7));
        let first: Vec<u64> = (0..5).map(|_| a.word()).collect();
        assert_eq!(first, (0..5).map(|_| b.word()).collect::<Vec<_>>());
        assert_ne!(Random::new(7).fork("wind").word(), Random::new(7).fork("gps").word());
    }

    #[test]
    fn smooth_noise_keeps_its_deviation() {
        let mut random = Random::new(1);
        let mut noise = SmoothNoise::new(0.5, 5.0, &mut random);
        let mut sum_of_squares = 0.0;
        for _ in 0..200_000 {
            noise.step(0.05, &mut random);
            sum_of_squares += noise.value * noise.value;
        }
        let sigma = libm::sqrt(sum_of_squares / 200_000.0);
        assert!((0.38..0.6).contains(&sigma), "{sigma}");
    }
}
