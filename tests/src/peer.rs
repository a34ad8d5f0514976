//! Independent clients and servers in Python, which `tests/setup` installs. Test binaries of other packages include this file as it is.
#![allow(dead_code, reason = "each test binary uses its part")]
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Python with the independent clients that `tests/setup` installs.
pub fn python() -> PathBuf {
    let venv = std::env::var_os("FLIGHTSMITH_TEST_VENV").map(PathBuf::from).unwrap_or_else(|| {
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let home = || PathBuf::from(std::env::var_os("HOME").expect("HOME is set"));
        cache.unwrap_or_else(|| home().join(".cache")).join("flightsmith/test-venv")
    });
    let python = venv.join("bin/python");
    assert!(python.is_file(), "{} is missing: install the independent clients with tests/setup", python.display());
    python
}

/// A server that ends when its standard input does, so that it does not outlive the test.
pub struct Peer {
    child: Child,
    /// What it said behind `ready`.
    pub said: String,
}

impl Peer {
    /// Runs `tests/peers/<script>` and waits until it says that it is ready.
    pub fn start(script: &str, arguments: &[&Path]) -> Self {
        let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        let script =
            above.find_map(|folder| Some(folder.join("tests/peers").join(script)).filter(|path| path.is_file()));
        let script = script.expect("a script of tests/peers");
        let mut command = Command::new(python());
        command.arg(&script).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("Python starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let said = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("ready ").map(str::to_owned));
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
