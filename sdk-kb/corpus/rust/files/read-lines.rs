//! # Read a file line by line
//!
//! - read a text file in Rust
//! - process a large file without loading it all
//! - BufRead lines with error handling
//!
//! `fs::read_to_string` is right for small files. Large ones go through a `BufReader`, whose `lines()` gives a `Result` a line. Take
//! `impl BufRead` in your functions: files, standard input and byte slices in tests all fit.
//!
//! Pitfalls:
//! - `File::open` alone reads with a system call a byte or so: always buffer.
//! - `lines` allocates a `String` each; `read_line` into one buffer does not.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};

/// The sum of all numbers, with the line that is none.
fn sum_lines(input: impl BufRead) -> Result<i64, io::Error> {
    let mut sum = 0;
    for (index, line) in input.lines().enumerate() {
        let line = line?;
        let text = line.trim();
        if text.is_empty() {
            continue;
        }
        let number: i64 = text
            .parse()
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("line {}: {error}", index + 1)))?;
        sum += number;
    }
    Ok(sum)
}

fn main() -> io::Result<()> {
    assert_eq!(sum_lines(&b"1\n\n 41\r\n"[..])?, 42);
    let error = sum_lines(&b"1\nx\n"[..]).expect_err("no number");
    assert_eq!(error.to_string(), "line 2: invalid digit found in string");

    let path = std::env::temp_dir().join(format!("numbers-{}.txt", std::process::id()));
    fs::write(&path, "10\n20\n")?;
    assert_eq!(sum_lines(BufReader::new(File::open(&path)?))?, 30);
    assert_eq!(fs::read_to_string(&path)?.lines().count(), 2);
    fs::remove_file(&path)
}
