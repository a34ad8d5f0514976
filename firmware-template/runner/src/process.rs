//! Two processes with one link: fork, shared progress, the end of a child. All of the runner's unsafe code is here.
#![expect(unsafe_code, reason = "fork, mmap, poll and waitpid exist only as C functions")]
use std::cell::Cell;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64};

/// What the mission process tells its supervisor, in memory that both see.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Counts up with each poll of the mission.
    pub polls: AtomicU64,
    /// The mission process waits for bytes now.
    pub waiting: AtomicBool,
    /// The lockstep tick that is not answered yet, or 0.
    pub unanswered_tick: AtomicI64,
    /// The last lockstep tick that was answered, or 0.
    pub answered_tick: AtomicI64,
    /// A pilot or a failsafe has the vehicle: nobody may command it.
    pub hands_off: AtomicBool,
}

/// Which of the two processes this is.
pub(crate) enum Side {
    Mission(&'static Progress),
    Supervisor(Child),
}

/// The mission process as its supervisor sees it.
pub(crate) struct Child {
    pid: libc::pid_t,
    /// Hangs up when the mission process is gone, however it went.
    life_line: i32,
    /// Somebody has stopped it (SIGSTOP): it may look like one that waits.
    stopped: Cell<bool>,
    pub progress: &'static Progress,
}

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChildEnd {
    Exited(u8),
    Killed(i32),
}

/// Splits this process: the parent becomes the supervisor, the child flies. Must run before any thread starts.
pub(crate) fn fork_beside() -> io::Result<Side> {
    let progress = shared_progress()?;
    let mut ends = [0; 2];
    // SAFETY: `ends` has room for two descriptors; fork is called in a single-threaded process, so the child may go on freely.
    unsafe {
        if libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) != 0 {
            return Err(io::Error::last_os_error());
        }
        match libc::fork() {
            -1 => Err(io::Error::last_os_error()),
            0 => {
                libc::close(ends[0]);
                Ok(Side::Mission(progress))
            }
            pid => {
                libc::close(ends[1]);
                // An interrupt from the terminal or a stop by the service manager ends the mission; the supervisor stays and
                // brings the vehicle home.
                libc::signal(libc::SIGINT, libc::SIG_IGN);
                libc::signal(libc::SIGTERM, libc::SIG_IGN);
                Ok(Side::Supervisor(Child { pid, life_line: ends[0], stopped: Cell::new(false), progress }))
            }
        }
    }
}

fn shared_progress() -> io::Result<&'static Progress> {
    // SAFETY: a fresh anonymous mapping, zeroed, large and aligned enough for `Progress`, whose all-zero state is its default;
    // it is never unmapped and only atomics are in it.
    unsafe {
        let memory = libc::mmap(
            std::ptr::null_mut(),
            size_of::<Progress>(),
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_SHARED | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        if memory == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(&*memory.cast::<Progress>())
    }
}

impl Child {
    pub(crate) fn pid(&self) -> i32 {
        self.pid
    }
    /// Whether it has been stopped, as far as [`Child::wait`] has heard.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.get()
    }
    /// Waits until the child is gone or `milliseconds` are over; its end if it is gone.
    pub(crate) fn wait(&self, milliseconds: i32) -> Option<ChildEnd> {
        let mut poll = libc::pollfd { fd: self.life_line, events: 0, revents: 0 };
        let mut status = 0;
        // SAFETY: one valid pollfd; `status` is written by waitpid.
        let ended = unsafe {
            let hung_up = libc::poll(&raw mut poll, 1, milliseconds) > 0;
            // The line hangs up a moment before the child can be collected.
            let flags = if hung_up { 0 } else { libc::WNOHANG | libc::WUNTRACED | libc::WCONTINUED };
            libc::waitpid(self.pid, &raw mut status, flags)
        };
        if ended != self.pid {
            return None;
        }
        if libc::WIFSTOPPED(status) || libc::WIFCONTINUED(status) {
            self.stopped.set(libc::WIFSTOPPED(status));
            return None;
        }
        if libc::WIFSIGNALED(status) {
            return Some(ChildEnd::Killed(libc::WTERMSIG(status)));
        }
        Some(ChildEnd::Exited(libc::WEXITSTATUS(status) as u8))
    }
    /// Ends the child for good, also a stopped one.
    pub(crate) fn kill(&self) {
        // SAFETY: `pid` is our own child that has not been collected yet.
        unsafe {
            libc::kill(self.pid, libc::SIGKILL);
        }
        self.wait(5_000);
    }
}

/// Whether bytes wait on stdin, or come within `milliseconds`.
pub(crate) fn stdin_is_readable(milliseconds: i32) -> bool {
    let mut poll = libc::pollfd { fd: libc::STDIN_FILENO, events: libc::POLLIN, revents: 0 };
    // SAFETY: one valid pollfd.
    unsafe { libc::poll(&raw mut poll, 1, milliseconds) > 0 }
}
