//! Everything about a child that is to be started, and starting it.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::ending::{ProcessError, interruption};
use super::{Group, sys};

/// What a child may use. `None` means: no limit of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Wall time from start to end; the group is killed when it is over.
    pub wall: Duration,
    /// Bytes that the child may write to stdout and stderr together before it is killed (for [`super::spawn_piped`]: bytes of stderr kept).
    pub output_bytes: usize,
    /// CPU time of each process, in seconds (`RLIMIT_CPU`).
    pub cpu_s: Option<u64>,
    /// Address space of each process, in bytes (`RLIMIT_AS`).
    pub address_space_bytes: Option<u64>,
    /// Size of the largest file a process may write, in bytes (`RLIMIT_FSIZE`).
    pub file_bytes: Option<u64>,
    /// Open files of each process (`RLIMIT_NOFILE`).
    pub open_files: Option<u64>,
    /// Processes and threads at once (`RLIMIT_NPROC`). The kernel counts per user, so only the sandbox, which has a user of its own,
    /// applies it.
    pub processes: Option<u64>,
    /// Bytes and files that a folder may hold while the child runs; measured every 50 ms.
    pub quota: Option<Quota>,
}

/// A bound on a folder that the child may write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// The folder.
    pub folder: PathBuf,
    /// Bytes allocated on disk, all files together.
    pub bytes: u64,
    /// Files and folders.
    pub files: u64,
}

impl Limits {
    /// A wall limit and 8 MB of output, nothing else: for trusted tools such as `cargo --version`.
    #[must_use]
    pub fn wall(wall: Duration) -> Self {
        Self {
            wall,
            output_bytes: 8 << 20,
            cpu_s: None,
            address_space_bytes: None,
            file_bytes: None,
            open_files: None,
            processes: None,
            quota: None,
        }
    }
}

/// Everything about a child that is to be started.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The program's path; names without a slash are not searched for.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its whole environment.
    pub env: Vec<(OsString, OsString)>,
    /// The folder that it starts in; `/` if none is named.
    pub cwd: Option<PathBuf>,
    /// Bytes for its stdin, which is closed after them ([`super::spawn_piped`] ignores them).
    pub stdin: Vec<u8>,
    /// Its limits.
    pub limits: Limits,
    /// Open files that it inherits under these descriptor numbers.
    pub(crate) inherit: Vec<(Arc<File>, i32)>,
}

impl Invocation {
    /// `program` without arguments, environment or input.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, limits: Limits) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            cwd: None,
            stdin: Vec::new(),
            limits,
            inherit: Vec::new(),
        }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Adds one environment variable.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets the folder to start in.
    #[must_use]
    pub fn cwd(mut self, folder: impl AsRef<Path>) -> Self {
        self.cwd = Some(folder.as_ref().to_owned());
        self
    }

    /// Sets the bytes for stdin.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// The command as one would type it, for messages and logs.
    #[must_use]
    pub fn shown(&self) -> String {
        let quote = |word: &OsStr| {
            let word = word.to_string_lossy();
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
            if !word.is_empty() && word.chars().all(plain) {
                word.into_owned()
            } else {
                format!("'{}'", word.replace('\'', r"'\''"))
            }
        };
        let words = std::iter::once(self.program.as_os_str()).chain(self.args.iter().map(OsString::as_os_str));
        words.map(quote).collect::<Vec<_>>().join(" ")
    }

    /// The command with everything but its pipes.
    pub(super) fn command(&self) -> Result<Command, ProcessError> {
        if !self.program.is_file() {
            return Err(ProcessError::NotFound { program: self.program.clone() });
        }
        let mut command = Command::new(&self.program);
        command.args(&self.args).env_clear().envs(self.env.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.cwd.as_deref().unwrap_or(Path::new("/")));
        sys::prepare_child(&mut command, &self.limits, &self.inherit);
        Ok(command)
    }

    /// Starts the child as the leader of a new process group, with its limits in force.
    pub(super) fn start(&self, stdin: Stdio) -> Result<Group, ProcessError> {
        if interruption() {
            return Err(ProcessError::Interrupted);
        }
        let mut command = self.command()?;
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let child = sys::spawn_on_lasting_thread(command)
            .map_err(|source| ProcessError::Start { program: self.program.clone(), source })?;
        Ok(Group::new(child))
    }
}
