//! # Many cases in one test: tables
//!
//! - parameterized tests without a crate
//! - show which case failed
//! - test expected panics and errors
//!
//! Put input and expectation side by side in an array and loop; name the case in the assertion's message. A test may return a
//! `Result` and use `?`. `#[should_panic(expected = "..")]` is for panics; errors are compared as values.
//!
//! Pitfalls:
//! - A loop stops at its first failure: collect failures if all of them are to be seen.

fn heading_name(deg: f64) -> &'static str {
    const NAMES: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
    assert!(deg.is_finite(), "a heading must be a number");
    NAMES[(deg.rem_euclid(360.0) / 45.0).round() as usize % 8]
}

fn failures(cases: &[(f64, &str)]) -> Vec<String> {
    let failed = cases.iter().filter(|(deg, name)| heading_name(*deg) != *name);
    failed.map(|(deg, name)| format!("{deg} is {}, expected {name}", heading_name(*deg))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_names() {
        let cases = [(0.0, "N"), (22.4, "N"), (22.6, "NE"), (180.0, "S"), (337.6, "N"), (-90.0, "W"), (720.0, "N")];
        let failed = failures(&cases);
        assert!(failed.is_empty(), "{failed:#?}");
    }

    #[test]
    fn text_becomes_a_name() -> Result<(), std::num::ParseFloatError> {
        assert_eq!(heading_name("90".parse()?), "E");
        Ok(())
    }

    #[test]
    #[should_panic(expected = "must be a number")]
    fn no_number_has_no_name() {
        heading_name(f64::NAN);
    }
}

fn main() {
    assert_eq!(failures(&[(0.0, "N"), (359.0, "N"), (270.0, "W")]), Vec::<String>::new());
    assert_eq!(failures(&[(90.0, "N")]), ["90 is E, expected N"]);
}
