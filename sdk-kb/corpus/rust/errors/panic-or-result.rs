//! # When to panic and when to return a Result
//!
//! - unwrap or expect: when is it acceptable?
//! - catch a panic
//! - difference between panic and error
//!
//! A `Result` is for what may happen to a correct program: bad input, a lost link. A panic is for a bug: a broken promise between parts
//! of the program. `expect` says why it cannot fail. `catch_unwind` contains a panic at a boundary (a plugin, a thread) and is no
//! replacement for errors.
//!
//! Pitfalls:
//! - Indexing, integer overflow in debug builds, `unwrap`, `RefCell` borrows and division by zero all panic.
//! - With `panic = "abort"` nothing can be caught.

use std::panic;

/// Input from outside: an error.
fn percent(text: &str) -> Result<u8, String> {
    match text.parse() {
        Ok(percent @ 0..=100) => Ok(percent),
        _ => Err(format!("{text:?} is no percentage")),
    }
}

/// A promise of the caller: a panic that says which.
///
/// # Panics
/// If `values` is empty.
fn mean(values: &[f64]) -> f64 {
    assert!(!values.is_empty(), "the mean of nothing was asked for");
    values.iter().sum::<f64>() / values.len() as f64
}

fn main() {
    assert_eq!(percent("40"), Ok(40));
    assert_eq!(percent("140"), Err("\"140\" is no percentage".into()));
    assert_eq!(mean(&[1.0, 3.0]), 2.0);

    let half = "50".parse::<u8>().expect("a literal number");
    assert_eq!(half, 50);

    // The message on stderr is silenced for this demonstration only.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let caught = panic::catch_unwind(|| mean(&[]));
    panic::set_hook(hook);
    let payload = caught.expect_err("it panicked");
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"the mean of nothing was asked for"));
}
