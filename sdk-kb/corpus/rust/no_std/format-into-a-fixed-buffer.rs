//! # Format text without allocation
//!
//! - write! in no_std
//! - format a number into a byte buffer
//! - implement core::fmt::Write
//!
//! `core::fmt::Write` needs only `write_str`; then `write!` works with your type. A buffer that is full returns `fmt::Error`, so that
//! nothing is lost in silence. One `write!` calls `write_str` for each piece (text, padding, digits): what came before the piece that
//! did not fit has been written already, so remember the length and go back to it.
//!
//! Pitfalls:
//! - Formatting of floats brings much code into a small chip: print whole millimetres there.

use core::fmt::{self, Write};

struct Line<const N: usize> {
    bytes: [u8; N],
    used: usize,
}

impl<const N: usize> Line<N> {
    const fn new() -> Self {
        Self { bytes: [0; N], used: 0 }
    }
    /// All of it, or nothing and an error.
    fn add(&mut self, text: fmt::Arguments<'_>) -> fmt::Result {
        let before = self.used;
        self.write_fmt(text).inspect_err(|_| self.used = before)
    }
    fn as_str(&self) -> &str {
        // Only whole strings were ever copied in.
        core::str::from_utf8(&self.bytes[..self.used]).unwrap_or_default()
    }
}

impl<const N: usize> Write for Line<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.used + text.len();
        let place = self.bytes.get_mut(self.used..end).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.used = end;
        Ok(())
    }
}

/// 12345 mm as "12.3 m", with whole numbers only.
fn write_metres(into: &mut impl Write, mm: i32) -> fmt::Result {
    let sign = if mm < 0 { "-" } else { "" };
    let mm = mm.unsigned_abs();
    write!(into, "{sign}{}.{} m", mm / 1000, mm % 1000 / 100)
}

fn main() {
    let mut line = Line::<16>::new();
    write_metres(&mut line, -12_345).expect("it fits");
    line.add(format_args!("{:>3}", '!')).expect("it fits");
    assert_eq!(line.as_str(), "-12.3 m  !");
    assert!(line.add(format_args!("{:>9}", "too long")).is_err());
    assert_eq!(line.as_str(), "-12.3 m  !", "what does not fit leaves nothing behind");
}
