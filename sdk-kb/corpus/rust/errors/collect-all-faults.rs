//! # Report every fault and not only the first
//!
//! - validate a form or config and return all errors at once
//! - collect errors while parsing
//! - Result<T, Vec<Error>>
//!
//! `?` stops at the first error. For input that a person has to mend, push each fault into a `Vec`, and decide at the end. Parse into a
//! new, checked type, so that later code has nothing left to verify.
//!
//! Pitfalls:
//! - Do not use half-parsed values after a fault: keep them as `Option` until the end.

#[derive(Debug, PartialEq)]
struct Limits {
    altitude_m: f64,
    speed_m_s: f64,
}

#[derive(Debug, PartialEq)]
enum Fault {
    Missing(&'static str),
    NotANumber(&'static str, String),
    OutOfRange(&'static str, f64),
}

fn number(settings: &[(&str, &str)], name: &'static str, highest: f64, faults: &mut Vec<Fault>) -> Option<f64> {
    let Some((_, text)) = settings.iter().find(|(key, _)| *key == name) else {
        faults.push(Fault::Missing(name));
        return None;
    };
    match text.parse::<f64>() {
        Err(_) => faults.push(Fault::NotANumber(name, (*text).to_owned())),
        Ok(value) if !(0.0..=highest).contains(&value) => faults.push(Fault::OutOfRange(name, value)),
        Ok(value) => return Some(value),
    }
    None
}

fn check(settings: &[(&str, &str)]) -> Result<Limits, Vec<Fault>> {
    let mut faults = Vec::new();
    let altitude_m = number(settings, "altitude_m", 120.0, &mut faults);
    let speed_m_s = number(settings, "speed_m_s", 15.0, &mut faults);
    match (altitude_m, speed_m_s) {
        (Some(altitude_m), Some(speed_m_s)) => Ok(Limits { altitude_m, speed_m_s }),
        _ => Err(faults),
    }
}

fn main() {
    assert_eq!(check(&[("altitude_m", "30"), ("speed_m_s", "5")]), Ok(Limits { altitude_m: 30.0, speed_m_s: 5.0 }));
    let faults = check(&[("altitude_m", "high")]).expect_err("two faults");
    assert_eq!(faults, [Fault::NotANumber("altitude_m", "high".into()), Fault::Missing("speed_m_s")]);
    let faults = check(&[("altitude_m", "999"), ("speed_m_s", "5")]).expect_err("one fault");
    assert_eq!(faults, [Fault::OutOfRange("altitude_m", 999.0)]);
}
