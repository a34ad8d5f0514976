//! # Option of Result, Result of Option
//!
//! - optional value that may fail to parse
//! - Option<Result<T, E>> to Result<Option<T>, E>
//! - use ? on an optional setting
//!
//! `transpose` turns one nesting into the other: with `Option<Result<..>>` it lets `?` handle the error and leaves an `Option`. `ok()`
//! forgets the error, `ok_or` makes one.
//!
//! Pitfalls:
//! - "Missing" and "wrong" are different: a default is right for the first only.

use std::collections::BTreeMap;
use std::num::ParseIntError;

fn optional(settings: &BTreeMap<&str, &str>, key: &str) -> Result<Option<u32>, ParseIntError> {
    settings.get(key).map(|text| text.parse()).transpose()
}

fn timeout_s(settings: &BTreeMap<&str, &str>) -> Result<u32, ParseIntError> {
    Ok(optional(settings, "timeout")?.unwrap_or(30))
}

fn main() {
    let settings = BTreeMap::from([("timeout", "5"), ("retries", "many")]);
    assert_eq!(optional(&settings, "timeout"), Ok(Some(5)));
    assert_eq!(optional(&settings, "port"), Ok(None));
    assert!(optional(&settings, "retries").is_err());
    assert_eq!(timeout_s(&settings), Ok(5));
    assert_eq!(timeout_s(&BTreeMap::new()), Ok(30));
    assert!(timeout_s(&BTreeMap::from([("timeout", "soon")])).is_err(), "wrong is not missing");

    let first_even: Result<Option<i32>, ParseIntError> =
        ["3", "8"].iter().map(|text| text.parse::<i32>()).find(|n| n.as_ref().map_or(true, |n| n % 2 == 0)).transpose();
    assert_eq!(first_even, Ok(Some(8)));
}
