//! # Any error: Box<dyn Error>
//!
//! - a function whose steps fail with different error types
//! - turn a string into an error
//! - find out which error is inside a Box<dyn Error>
//!
//! `Box<dyn Error>` takes every error by `?`, and text by `.into()`. That suits programs and tests; a library should name its errors,
//! for callers can only guess at a box (`downcast_ref`). Add `+ Send + Sync` if it crosses threads.
//!
//! Pitfalls:
//! - `Box<dyn Error>` does not itself implement `Error`, so it does not go into another `?` with an enum by itself.

use std::error::Error;
use std::num::ParseIntError;

fn sum_of_lines(bytes: &[u8]) -> Result<i32, Box<dyn Error>> {
    let text = str::from_utf8(bytes)?;
    if text.is_empty() {
        return Err("there is nothing to add".into());
    }
    let mut sum = 0;
    for (index, line) in text.lines().enumerate() {
        let number: i32 = line.trim().parse().map_err(|error: ParseIntError| format!("line {}: {error}", index + 1))?;
        sum += number;
    }
    Ok(sum)
}

fn first_number(text: &str) -> Result<i32, Box<dyn Error>> {
    Ok(text.split(' ').next().ok_or("no text")?.parse::<i32>()?)
}

fn main() {
    assert_eq!(sum_of_lines(b"1\n2\n39").expect("numbers"), 42);
    let told = |bytes: &[u8]| sum_of_lines(bytes).expect_err("an error").to_string();
    assert_eq!(told(b""), "there is nothing to add");
    assert_eq!(told(b"1\nx"), "line 2: invalid digit found in string");
    assert!(told(&[0xFF]).contains("utf-8"));

    let error = first_number("x 1").expect_err("no number");
    assert!(error.downcast_ref::<ParseIntError>().is_some());
}
