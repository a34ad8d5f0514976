//! How this crate runs programs: through a trait, since only one place in the whole product starts processes.
use std::time::Duration;

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command<'a> {
    /// Its name, searched for on the path: `ssh`.
    pub program: &'static str,
    /// Its arguments.
    pub args: Vec<String>,
    /// What it reads from stdin.
    pub stdin: &'a [u8],
    /// Wall time after which it is killed.
    pub limit: Duration,
}

/// What a program left behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: Vec<u8>,
    /// What it wrote to stderr.
    pub stderr: Vec<u8>,
}

/// Why a program did not run to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShellError {
    /// It is not installed.
    #[error("`{0}` is not installed (Debian: apt-get install openssh-client)")]
    Missing(&'static str),
    /// It took longer than its limit and was killed.
    #[error("`{program}` took longer than {limit_s} s")]
    TimeLimit {
        /// Which.
        program: &'static str,
        /// The limit.
        limit_s: u64,
    },
    /// The user interrupted it.
    #[error("interrupted")]
    Interrupted,
    /// The system could not start or wait for it.
    #[error("`{program}` did not run: {says}")]
    System {
        /// Which.
        program: &'static str,
        /// What the system said.
        says: String,
    },
}

/// Something that runs programs on this machine.
pub trait Shell {
    /// Runs `command` to its end.
    ///
    /// # Errors
    /// See [`ShellError`]; an exit code other than 0 is no error here.
    fn run(&self, command: &Command<'_>) -> Result<Output, ShellError>;
}
