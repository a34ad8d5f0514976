//! How sure a number of passed flights makes us: the exact lower bound of the pass rate (Clopper and Pearson 1934).

/// The level of the bound.
pub const LEVEL: f64 = 0.95;

/// Lower one-sided 95 % bound of the probability that a flight passes, when `passed` of `flown` independent flights did.
///
/// 0 where none passed or none was flown. 21 of 21 give 0.867: "at least 87 %, 19 times of 20".
pub fn lower_bound(passed: usize, flown: usize) -> f64 {
    if passed == 0 || passed > flown {
        return 0.0;
    }
    if passed == flown {
        return (1.0 - LEVEL).powf(1.0 / flown as f64);
    }
    // The bound is the rate at which `passed` or more have probability 5 %; that probability grows with the rate.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let rate = f64::midpoint(low, high);
        if at_least(passed, flown, rate) < 1.0 - LEVEL {
            low = rate;
        } else {
            high = rate;
        }
    }
    low
}

/// Probability of `passed` or more successes of `flown` at the rate `rate`, `0 < rate < 1`.
fn at_least(passed: usize, flown: usize, rate: f64) -> f64 {
    let mut ln_choose = 0.0;
    let mut sum = 0.0;
    for count in 0..=flown {
        if count > 0 {
            ln_choose += ((flown - count + 1) as f64 / count as f64).ln();
        }
        if count >= passed {
            sum += (ln_choose + count as f64 * rate.ln() + (flown - count) as f64 * (1.0 - rate).ln()).exp();
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::lower_bound;

    #[test]
    fn the_bounds_are_the_tabled_ones() {
        // Computed apart from this code, by bisection over exact binomial sums.
        let cases = [
            (0, 0, 0.0),
            (0, 5, 0.0),
            (1, 1, 0.05),
            (21, 21, 0.8671),
            (20, 22, 0.7405),
            (19, 20, 0.7839),
            (5, 10, 0.2224),
        ];
        for (passed, flown, expected) in cases {
            let bound = lower_bound(passed, flown);
            assert!((bound - expected).abs() < 6e-5, "{passed} of {flown}: {bound}, expected {expected}");
        }
    }
}
