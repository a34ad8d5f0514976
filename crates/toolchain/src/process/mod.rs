//! The one place that starts processes.
//!
//! An [`Invocation`] says everything about a child: argument vector, the whole environment (nothing is inherited), folder, input and
//! limits. [`run`] waits for its end and collects what it wrote; [`spawn_piped`] hands out the pipes of a child that lives on.
//! Either way the child leads a process group that is killed as a whole at its limit, when the handle is dropped, when this program
//! ends, and by [`interrupt`] (Ctrl-C).
//!
//! It leaves to others: what to run (`targets`, `prebuilt`), and where foreign code may run at all (`sandbox`).

mod capture;
mod ending;
mod piped;
mod sys;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use capture::Captured;
pub use ending::{Ending, ProcessError};
pub use piped::PipedChild;

pub(crate) use sys::{effective_user, give_to};

use ending::interruption;

/// What a child may use. `None` means: no limit of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Wall time from start to end; the group is killed when it is over.
    pub wall: Duration,
    /// Bytes that the child may write to stdout and stderr together before it is killed (for [`spawn_piped`]: bytes of stderr kept).
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
    /// Bytes for its stdin, which is closed after them ([`spawn_piped`] ignores them).
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
    fn command(&self) -> Result<Command, ProcessError> {
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
    fn start(&self, stdin: Stdio) -> Result<Group, ProcessError> {
        if interruption() {
            return Err(ProcessError::Interrupted);
        }
        if !self.program.is_file() {
            return Err(ProcessError::NotFound { program: self.program.clone() });
        }
        let mut command = Command::new(&self.program);
        command.args(&self.args).env_clear().envs(self.env.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.cwd.as_deref().unwrap_or(Path::new("/")));
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        sys::prepare_child(&mut command, &self.limits, &self.inherit);
        let child = sys::spawn_on_lasting_thread(command)
            .map_err(|source| ProcessError::Start { program: self.program.clone(), source })?;
        Ok(Group::new(child))
    }
}

/// What a child that has ended left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// How it ended.
    pub ending: Ending,
    /// Everything that it wrote to stdout, up to the output limit.
    pub stdout: Vec<u8>,
    /// Everything that it wrote to stderr, up to the output limit.
    pub stderr: Vec<u8>,
    /// Wall time from start to end.
    pub wall: Duration,
}

impl Output {
    /// Whether it exited with code 0.
    #[must_use]
    pub fn success(&self) -> bool {
        self.ending == Ending::Exited(0)
    }

    /// stdout as text, with replacement characters where it is not UTF-8.
    #[must_use]
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// stderr as text, with replacement characters where it is not UTF-8.
    #[must_use]
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

/// Runs a child to its end, whichever limit or event brings it.
///
/// # Errors
/// The program is not there, could not be started or waited for, or [`interrupt`] was called. A child that fails or meets a limit is
/// no error: see [`Output::ending`].
pub fn run(invocation: &Invocation) -> Result<Output, ProcessError> {
    let started = Instant::now();
    let stdin = if invocation.stdin.is_empty() { Stdio::null() } else { Stdio::piped() };
    let mut group = invocation.start(stdin)?;
    let mut pipes = Pipes::of(&mut group.child, &invocation.stdin)?;
    let exit = sys::pidfd(group.child.id())?;
    let deadline = started + invocation.limits.wall;
    let mut quota = QuotaWatch::new(invocation.limits.quota.as_ref(), started);

    let cut = loop {
        let wake =
            quota.next_wake().map_or(deadline, |at| at.min(deadline)).min(Instant::now() + Duration::from_millis(100));
        let ready = pipes.wait(exit.as_fd(), wake)?;
        pipes.transfer()?;
        if pipes.written() > invocation.limits.output_bytes {
            break Some(Ending::OutputLimit);
        }
        if ready {
            break None;
        }
        if interruption() {
            return Err(ProcessError::Interrupted);
        }
        if Instant::now() >= deadline {
            break Some(Ending::WallLimit);
        }
        if quota.exceeded() {
            break Some(Ending::DiskLimit);
        }
    };
    group.kill();
    // What is left behind the pipes' ends was killed with the group: the rest of the output is there or never comes.
    let drained_by = Instant::now() + Duration::from_millis(500);
    while !pipes.closed() && pipes.written() <= invocation.limits.output_bytes && Instant::now() < drained_by {
        pipes.wait_for_output(drained_by)?;
        pipes.transfer()?;
    }
    let status = group.reap()?;
    if interruption() {
        return Err(ProcessError::Interrupted);
    }
    let mut ending = cut.unwrap_or_else(|| Ending::of(status));
    if cut.is_none() && (pipes.written() > invocation.limits.output_bytes) {
        ending = Ending::OutputLimit;
    }
    let (mut stdout, mut stderr) = (pipes.stdout_bytes, pipes.stderr_bytes);
    stdout.truncate(invocation.limits.output_bytes);
    stderr.truncate(invocation.limits.output_bytes);
    Ok(Output { ending, stdout, stderr, wall: started.elapsed() })
}

/// Starts a child whose stdin and stdout the caller speaks to; its stderr is collected (head and tail, within the output limit).
///
/// # Errors
/// The program is not there, could not be started, or [`interrupt`] was called.
pub fn spawn_piped(invocation: &Invocation) -> Result<PipedChild, ProcessError> {
    PipedChild::watch(invocation.start(Stdio::piped())?, &invocation.limits)
}

/// Runs a trusted child that speaks with the user: it has this program's terminal (its stdout goes to stderr) and process group, so that
/// it can ask for a password and Ctrl-C reaches it. Its input, if any is given, comes from the invocation.
///
/// # Errors
/// As [`run`].
pub fn run_attached(invocation: &Invocation) -> Result<Ending, ProcessError> {
    if interruption() {
        return Err(ProcessError::Interrupted);
    }
    let mut command = invocation.command()?;
    command.stdin(if invocation.stdin.is_empty() { Stdio::inherit() } else { Stdio::piped() });
    command.stdout(io::stderr().as_fd().try_clone_to_owned()?).stderr(Stdio::inherit());
    let start = |source| ProcessError::Start { program: invocation.program.clone(), source };
    let mut child = sys::spawn_on_lasting_thread(command).map_err(start)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(&invocation.stdin)?;
    }
    let exit = sys::pidfd(child.id())?;
    let deadline = Instant::now() + invocation.limits.wall;
    while !sys::poll(&[exit.as_fd()], None, deadline)?[0] {
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(Ending::WallLimit);
        }
    }
    Ok(Ending::of(child.wait()?))
}

/// Kills every child of this module and refuses new ones: what Ctrl-C does. [`run`] then returns [`ProcessError::Interrupted`].
pub fn interrupt() {
    ending::interrupt_all();
}

/// Whether [`interrupt`] was called.
#[must_use]
pub fn interrupted() -> bool {
    ending::interruption()
}

/// A child and its process group; the group is killed and the child reaped when this is dropped.
#[derive(Debug)]
struct Group {
    child: Child,
    reaped: bool,
}

impl Group {
    fn new(child: Child) -> Self {
        let group = Self { child, reaped: false };
        ending::register(group.id());
        group
    }

    fn id(&self) -> i32 {
        i32::try_from(self.child.id()).expect("process ids fit into pid_t")
    }

    /// Kills the group; the leader stays a zombie until it is reaped, so its number cannot have been given to another.
    fn kill(&self) {
        if !self.reaped {
            sys::signal_group(self.id(), libc::SIGKILL);
        }
    }

    fn reap(&mut self) -> io::Result<std::process::ExitStatus> {
        if !self.reaped {
            ending::unregister(self.id());
            self.reaped = true;
        }
        self.child.wait()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
        // Nothing can be done about a child that cannot be waited for; it is dead in any case.
        let _ = self.reap();
    }
}

/// The parent's ends of a child's three pipes, all non-blocking.
struct Pipes<'a> {
    stdin: Option<std::process::ChildStdin>,
    to_write: &'a [u8],
    stdout: Option<std::process::ChildStdout>,
    stdout_bytes: Vec<u8>,
    stderr: Option<std::process::ChildStderr>,
    stderr_bytes: Vec<u8>,
}

impl<'a> Pipes<'a> {
    fn of(child: &mut Child, to_write: &'a [u8]) -> io::Result<Self> {
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        for fd in [stdin.as_ref().map(AsFd::as_fd), stdout.as_ref().map(AsFd::as_fd), stderr.as_ref().map(AsFd::as_fd)]
        {
            fd.map_or(Ok(()), sys::set_nonblocking)?;
        }
        Ok(Self { stdin, to_write, stdout, stdout_bytes: Vec::new(), stderr, stderr_bytes: Vec::new() })
    }

    /// Waits until the child ends (then `true`), a pipe is ready, or `until`.
    fn wait(&self, exit: std::os::fd::BorrowedFd<'_>, until: Instant) -> io::Result<bool> {
        let outputs = [self.stdout.as_ref().map(AsFd::as_fd), self.stderr.as_ref().map(AsFd::as_fd)];
        let readable: Vec<_> = std::iter::once(exit).chain(outputs.into_iter().flatten()).collect();
        let ready = sys::poll(&readable, self.stdin.as_ref().map(AsFd::as_fd), until)?;
        Ok(ready[0])
    }

    fn wait_for_output(&self, until: Instant) -> io::Result<()> {
        let outputs = [self.stdout.as_ref().map(AsFd::as_fd), self.stderr.as_ref().map(AsFd::as_fd)];
        sys::poll(&outputs.into_iter().flatten().collect::<Vec<_>>(), None, until).map(drop)
    }

    /// Moves what can be moved without waiting, at most 1 MB a pipe; a closed pipe is dropped.
    fn transfer(&mut self) -> io::Result<()> {
        if let Some(stdin) = &mut self.stdin {
            let done = match stdin.write(self.to_write) {
                Ok(count) => {
                    self.to_write = &self.to_write[count..];
                    self.to_write.is_empty()
                }
                Err(error) if again(&error) => false,
                // The child does not read its input (any more): that is its affair.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => true,
                Err(error) => return Err(error),
            };
            if done {
                self.stdin = None;
            }
        }
        read_some(&mut self.stdout, &mut self.stdout_bytes)?;
        read_some(&mut self.stderr, &mut self.stderr_bytes)
    }

    fn written(&self) -> usize {
        self.stdout_bytes.len() + self.stderr_bytes.len()
    }

    fn closed(&self) -> bool {
        self.stdout.is_none() && self.stderr.is_none()
    }
}

fn again(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

fn read_some<R: Read>(pipe: &mut Option<R>, into: &mut Vec<u8>) -> io::Result<()> {
    let Some(reader) = pipe else { return Ok(()) };
    let mut chunk = [0; 16 << 10];
    for _ in 0..64 {
        match reader.read(&mut chunk) {
            Ok(0) => {
                *pipe = None;
                return Ok(());
            }
            Ok(count) => into.extend_from_slice(&chunk[..count]),
            Err(error) if again(&error) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Measures a folder every 50 ms (less often when measuring itself is slow).
struct QuotaWatch<'a> {
    quota: Option<&'a Quota>,
    next: Instant,
}

impl<'a> QuotaWatch<'a> {
    fn new(quota: Option<&'a Quota>, now: Instant) -> Self {
        Self { quota, next: now + Duration::from_millis(50) }
    }

    fn next_wake(&self) -> Option<Instant> {
        self.quota.map(|_| self.next)
    }

    fn exceeded(&mut self) -> bool {
        let Some(quota) = self.quota else {
            return false;
        };
        let now = Instant::now();
        if now < self.next {
            return false;
        }
        let exceeded = exceeds(quota);
        self.next = Instant::now() + Duration::from_millis(50).max(now.elapsed() * 10);
        exceeded
    }
}

/// Walks the folder without following links; a file that vanishes meanwhile counts nothing.
fn exceeds(quota: &Quota) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (mut bytes, mut files) = (0, 0);
    let mut folders = vec![quota.folder.clone()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(metadata) = entry.path().symlink_metadata() else {
                continue;
            };
            bytes += metadata.blocks() * 512;
            files += 1;
            if bytes > quota.bytes || files > quota.files {
                return true;
            }
            if metadata.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    false
}
