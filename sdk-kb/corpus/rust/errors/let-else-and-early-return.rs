//! # Leave early when something is missing
//!
//! - let else syntax
//! - turn an Option into a Result with an error
//! - guard clauses in Rust
//!
//! `let PATTERN = value else { .. };` binds or leaves: its block must return, break, continue or panic. `ok_or` and `ok_or_else` make a
//! `Result` of an `Option`, so that `?` can be used. Checks at the top keep the main path unindented.
//!
//! Pitfalls:
//! - `ok_or(format!(..))` builds the text even if it is not needed.

#[derive(Debug, PartialEq)]
struct Waypoint {
    name: String,
    altitude_m: f64,
}

fn parse(line: &str) -> Result<Waypoint, String> {
    let Some((name, altitude)) = line.split_once('@') else {
        return Err(format!("no @ in {line:?}"));
    };
    let altitude = altitude.strip_suffix('m').ok_or_else(|| format!("no unit in {line:?}"))?;
    let Ok(altitude_m) = altitude.trim().parse::<f64>() else {
        return Err(format!("{altitude:?} is no number"));
    };
    if altitude_m < 0.0 {
        return Err(format!("{altitude_m} m is below the ground"));
    }
    Ok(Waypoint { name: name.trim().to_owned(), altitude_m })
}

fn parse_good(text: &str) -> Vec<Waypoint> {
    let mut found = Vec::new();
    for line in text.lines() {
        let Ok(waypoint) = parse(line) else { continue };
        found.push(waypoint);
    }
    found
}

fn main() {
    assert_eq!(parse("mast @ 30 m"), Ok(Waypoint { name: "mast".into(), altitude_m: 30.0 }));
    assert_eq!(parse("mast"), Err("no @ in \"mast\"".into()));
    assert_eq!(parse("mast@30"), Err("no unit in \"mast@30\"".into()));
    assert_eq!(parse("mast@-3m"), Err("-3 m is below the ground".into()));
    assert_eq!(parse_good("a@1m\nrubbish\nb@2m").len(), 2);
}
