//! # Random numbers without a crate
//!
//! - generate random numbers with std only
//! - seeded, reproducible random number generator
//! - shuffle a Vec, roll a die, normal distribution
//!
//! For tests and simulations a small generator such as SplitMix64 is enough: the same seed gives the same numbers on every machine.
//! It is not for secrets: keys and passwords need the operating system's randomness.
//!
//! Pitfalls:
//! - `random % n` favours small results a little; multiplying and taking the high half does not need a division either.

struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `bound`, without it.
    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// 0 to 1, without 1: the upper 53 bits.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Mean 0, deviation 1 (Box and Muller).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

fn main() {
    let (mut a, mut b) = (SplitMix64(7), SplitMix64(7));
    assert!((0..100).all(|_| a.next() == b.next()), "the same seed, the same numbers");

    let mut random = SplitMix64(1);
    let mut counts = [0_u32; 6];
    for _ in 0..6_000 {
        counts[random.below(6) as usize] += 1;
    }
    assert!(counts.iter().all(|&count| (850..1150).contains(&count)), "{counts:?}");

    let mean = (0..10_000).map(|_| random.normal()).sum::<f64>() / 10_000.0;
    assert!(mean.abs() < 0.05, "{mean}");

    let mut cards: Vec<u32> = (0..52).collect();
    random.shuffle(&mut cards);
    assert!(!cards.is_sorted());
    cards.sort_unstable();
    assert_eq!(cards, (0..52).collect::<Vec<_>>());
}
