//! # Stop at the first error in a chain, or keep going
//!
//! - collect an iterator of Result into Result<Vec, E>
//! - split successes from failures
//! - use ? inside map
//!
//! `collect::<Result<Vec<_>, _>>()` gives all values or the first error; the same works for `Option`. `sum` and `product` do so, too.
//! To see every error, partition. In a closure `?` leaves the closure only, so let the closure return the `Result`.
//!
//! Pitfalls:
//! - `filter_map(Result::ok)` throws errors away: say so where you do it.

use std::num::ParseIntError;

fn parse_all(texts: &[&str]) -> Result<Vec<i32>, ParseIntError> {
    texts.iter().map(|text| text.trim().parse()).collect()
}

fn total(texts: &[&str]) -> Result<i32, ParseIntError> {
    texts.iter().map(|text| text.parse::<i32>()).sum()
}

fn sorted_out<'a>(texts: &[&'a str]) -> (Vec<i32>, Vec<&'a str>) {
    let mut bad = Vec::new();
    let good = texts.iter().filter_map(|text| text.parse().map_err(|_| bad.push(*text)).ok()).collect();
    (good, bad)
}

fn main() {
    assert_eq!(parse_all(&["1", " 2 "]), Ok(vec![1, 2]));
    assert!(parse_all(&["1", "x", "y"]).is_err());
    assert_eq!(total(&["4", "5"]), Ok(9));
    assert_eq!(sorted_out(&["1", "x", "3"]), (vec![1, 3], vec!["x"]));

    let all_known: Option<Vec<u32>> = ['7', 'c'].iter().map(|c| c.to_digit(10)).collect();
    assert_eq!(all_known, None);

    let outcomes: Vec<Result<u32, String>> = vec![Ok(1), Err("late".into()), Ok(2)];
    let (good, failed): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), failed.len()), (2, 1));
}
