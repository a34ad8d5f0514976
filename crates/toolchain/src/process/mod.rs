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
mod invocation;
mod piped;
mod pipes;
mod quota;
mod sys;

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

pub use capture::Captured;
pub use ending::{Ending, ProcessError};
pub use invocation::{Invocation, Limits, Quota};
pub use piped::PipedChild;

pub(crate) use sys::{effective_user, give_to};

use ending::interruption;
use pipes::Pipes;
use quota::QuotaWatch;

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
