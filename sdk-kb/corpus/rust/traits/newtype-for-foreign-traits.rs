//! # Implement a foreign trait for a foreign type
//!
//! - only traits defined in the current crate can be implemented for arbitrary types (E0117)
//! - orphan rule workaround
//! - implement Display for Vec<T>
//!
//! Either the trait or the type must be yours. Wrap the foreign type in a tuple struct (a newtype) and implement the trait for that.
//! A wrapper around a reference (`struct Listed<'a>(&'a [T])`) costs nothing.
//!
//! Pitfalls:
//! - `Deref` from a newtype to its content is convenient, and gives away every method that the wrapper was to hide.

use std::fmt;

struct Listed<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().enumerate() {
            let separator = match index {
                0 => "",
                _ if index + 1 == self.0.len() => " and ",
                _ => ", ",
            };
            write!(f, "{separator}{value}")?;
        }
        Ok(())
    }
}

fn main() {
    let places = vec!["north", "east", "home"];
    assert_eq!(Listed(&places).to_string(), "north, east and home");
    assert_eq!(Listed(&[1, 2]).to_string(), "1 and 2");
    assert_eq!(Listed::<i32>(&[]).to_string(), "");
}
