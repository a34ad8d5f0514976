//! Servers for tests, as children that end when their standard input does, so that none outlives the tests.
#![allow(dead_code, reason = "each test binary uses its part")]
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "qdrant")]
pub mod qdrant;

/// A running peer, and what it said behind `ready`.
pub struct Peer {
    child: Child,
    pub said: String,
}

impl Peer {
    /// Runs `tests/peers/<script>` in the Python environment that `tests/setup` makes.
    pub fn start(script: &str, arguments: &[&Path]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers").join(script);
        let mut command = Command::new(python());
        command.arg(&script).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("Python starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let said = lines
            .by_ref()
            .map(|line| line.expect("text"))
            .find_map(|line| line.strip_prefix("ready ").map(str::to_owned));
        let said = said.unwrap_or_else(|| panic!("{} did not start", script.display()));
        Self { child, said }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn python() -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").expect("a home"));
    let cache = || std::env::var_os("XDG_CACHE_HOME").map_or_else(|| home().join(".cache"), PathBuf::from);
    let venv =
        std::env::var_os("FLIGHTSMITH_TEST_VENV").map_or_else(|| cache().join("flightsmith/test-venv"), PathBuf::from);
    let python = venv.join("bin/python");
    assert!(python.exists(), "{} is missing; run tests/setup", python.display());
    python
}
