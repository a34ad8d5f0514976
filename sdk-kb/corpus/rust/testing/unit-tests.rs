//! # Unit tests in the same file
//!
//! - where do tests go in Rust?
//! - test private functions
//! - run one test by name
//!
//! A module `tests` with `#[cfg(test)]` sees the private items of its parent through `use super::*` and is left out of normal builds.
//! `cargo test NAME` runs tests whose path contains NAME; `-- --nocapture` shows what they print. Tests of the public interface go to
//! `tests/*.rs`, where each file is a program of its own.
//!
//! Pitfalls:
//! - Tests run in parallel threads of one process: no shared files or globals without care.

/// Height above ground for a pressure, in metres, by the barometric formula for the lower atmosphere.
fn height_m(pressure_pa: f64, ground_pa: f64) -> Option<f64> {
    let valid = |pascal: f64| (1_000.0..=120_000.0).contains(&pascal);
    (valid(pressure_pa) && valid(ground_pa)).then(|| 44_330.0 * (1.0 - (pressure_pa / ground_pa).powf(0.190_284)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_difference_is_no_height() {
        assert_eq!(height_m(101_325.0, 101_325.0), Some(0.0));
    }

    #[test]
    fn twelve_pascal_are_about_a_metre() {
        let height = height_m(101_313.0, 101_325.0).expect("valid pressures");
        assert!((height - 1.0).abs() < 0.01, "{height}");
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(height_m(f64::NAN, 101_325.0), None);
        assert_eq!(height_m(-5.0, 101_325.0), None);
    }
}

fn main() {
    assert!(height_m(95_000.0, 101_325.0).is_some_and(|height| (530.0..550.0).contains(&height)));
}
