//! Where the programs of this machine are.
//!
//! The caller reads the environment (one place in the whole program does) and hands over what it found; nothing here looks at
//! environment variables.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::process::{self, Invocation, Limits, Output, ProcessError};

/// The machine as its user's environment shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// The folders of `PATH`, in order.
    pub path: Vec<PathBuf>,
    /// The user's home.
    pub home: PathBuf,
    /// `CARGO_HOME`, by default `~/.cargo`: registry and downloaded sources.
    pub cargo_home: PathBuf,
    /// `RUSTUP_HOME`, by default `~/.rustup`.
    pub rustup_home: PathBuf,
    /// Further variables for trusted tools that use the network, as `https_proxy`; code in the sandbox never sees them.
    pub network_env: Vec<(OsString, OsString)>,
}

impl Host {
    /// A machine with these `PATH` folders and this home, cargo's and rustup's folders at their usual places.
    #[must_use]
    pub fn new(path: Vec<PathBuf>, home: impl Into<PathBuf>) -> Self {
        let home = home.into();
        Self { path, cargo_home: home.join(".cargo"), rustup_home: home.join(".rustup"), home, network_env: Vec::new() }
    }

    /// The first executable file of that name in the `PATH` folders.
    #[must_use]
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        self.path.iter().map(|folder| folder.join(program)).find(|path| is_executable(path))
    }

    /// An invocation with the environment that trusted tools (cargo, rustup, apt) get: `PATH`, `HOME`, `CARGO_HOME`, `RUSTUP_HOME`, a
    /// neutral locale, and nothing else.
    #[must_use]
    pub fn invocation(&self, program: &Path, limits: Limits) -> Invocation {
        let path = std::env::join_paths(&self.path).unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".into());
        let mut invocation = Invocation::new(program, limits);
        invocation.env.clone_from(&self.network_env);
        invocation
            .env("PATH", path)
            .env("HOME", &self.home)
            .env("CARGO_HOME", &self.cargo_home)
            .env("RUSTUP_HOME", &self.rustup_home)
            .env("LC_ALL", "C.UTF-8")
    }

    /// Runs a trusted tool for at most `wall` and hands back what it said.
    ///
    /// # Errors
    /// As [`process::run`].
    pub fn ask(&self, program: &Path, args: &[&str], wall: Duration) -> Result<Output, ProcessError> {
        process::run(&self.invocation(program, Limits::wall(wall)).args(args))
    }

    /// Whether this is Debian, Ubuntu or another system with apt.
    #[must_use]
    pub fn has_apt(&self) -> bool {
        self.find("apt-get").is_some() && self.find("dpkg").is_some()
    }

    /// Whether this program runs as root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        process::effective_user() == 0
    }
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}
