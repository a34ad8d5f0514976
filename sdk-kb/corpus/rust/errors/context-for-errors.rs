//! # Say what was being done when an error happened
//!
//! - add context to an error message
//! - print the whole chain of error sources
//! - wrap an io::Error with the file name
//!
//! An error should name the thing it is about (the file, the line, the value) and keep the cause as its `source`. The program's edge
//! prints the chain; a message does not repeat its source's text.
//!
//! Pitfalls:
//! - `map_err(|e| e.to_string())` loses the cause: keep it as a field.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug)]
struct CannotRead {
    path: PathBuf,
    source: io::Error,
}

impl fmt::Display for CannotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {}", self.path.display())
    }
}
impl Error for CannotRead {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

fn read(path: &Path) -> Result<String, CannotRead> {
    std::fs::read_to_string(path).map_err(|source| CannotRead { path: path.to_owned(), source })
}

/// The message and those of all causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn main() {
    let error = read(Path::new("/no/such/file")).expect_err("it is not there");
    assert_eq!(error.source.kind(), io::ErrorKind::NotFound);
    assert!(chain(&error).starts_with("cannot read /no/such/file: "), "{}", chain(&error));
    assert_eq!(error.to_string(), "cannot read /no/such/file");
}
