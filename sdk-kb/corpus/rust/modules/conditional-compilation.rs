//! # Compile code only on some targets or with some features
//!
//! - cfg attribute for tests, features and operating systems
//! - platform specific implementation
//! - difference between #[cfg] and cfg!
//!
//! `#[cfg(..)]` removes code that does not fit; `cfg!(..)` is a `bool`, and both branches must compile. Features come from `[features]`
//! in the manifest. `all`, `any` and `not` combine conditions.
//!
//! Pitfalls:
//! - Two implementations of one function need conditions that exclude each other and together cover everything.
//! - A feature should add something, never take something away.

#[cfg(unix)]
fn serial_port() -> &'static str {
    "/dev/ttyACM0"
}
#[cfg(windows)]
fn serial_port() -> &'static str {
    "COM3"
}
#[cfg(not(any(unix, windows)))]
fn serial_port() -> &'static str {
    "serial0"
}

fn pointer_bits() -> u32 {
    if cfg!(target_pointer_width = "64") { 64 } else { usize::BITS }
}

/// A check for development that release builds leave out.
fn checked_index(values: &[u8], index: usize) -> u8 {
    debug_assert!(index < values.len(), "index {index} of {}", values.len());
    values.get(index).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_index_is_read() {
        assert_eq!(super::checked_index(&[5], 0), 5);
    }
}

fn main() {
    assert!(!serial_port().is_empty());
    assert_eq!(pointer_bits(), usize::BITS);
    assert_eq!(checked_index(&[1, 2], 1), 2);
    // Both branches of `cfg!` are compiled, one of them runs.
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    assert!(["debug", "release"].contains(&build));
}
