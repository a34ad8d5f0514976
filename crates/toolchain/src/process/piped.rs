//! A child that lives on while its caller speaks to it over stdin and stdout: a mission in flight.
//!
//! It leaves to others: what is spoken. Its time limit and its stderr are looked after here.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::process::{ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::capture::Captured;
use super::ending::{Ending, ProcessError, interruption};
use super::pipes::again;
use super::quota::QuotaWatch;
use super::{Group, Limits, sys};

const RUNNING: u8 = 0;
const WALL_LIMIT: u8 = 1;
const DISK_LIMIT: u8 = 2;

/// A running child. Dropping it kills its whole process group.
#[derive(Debug)]
pub struct PipedChild {
    group: Group,
    stdin: Option<ChildStdin>,
    stdout: Option<ChildStdout>,
    log: Arc<Mutex<Captured>>,
    cut: Arc<AtomicU8>,
    watcher: Option<JoinHandle<()>>,
}

impl PipedChild {
    pub(super) fn watch(mut group: Group, limits: &Limits) -> Result<Self, ProcessError> {
        let (stdin, stdout) = (group.child.stdin.take(), group.child.stdout.take());
        let stderr = group.child.stderr.take().expect("stderr is always piped");
        sys::set_nonblocking(stderr.as_fd())?;
        let exit = sys::pidfd(group.child.id())?;
        let log = Arc::new(Mutex::new(Captured::new(limits.output_bytes)));
        let cut = Arc::new(AtomicU8::new(RUNNING));
        let (their_log, their_cut, id, limits) = (Arc::clone(&log), Arc::clone(&cut), group.id(), limits.clone());
        // The watcher ends when the child's stderr is closed or the child has ended, both of which dropping the child brings about.
        let watcher = std::thread::spawn(move || watch(stderr, &exit, id, &limits, &their_log, &their_cut));
        Ok(Self { group, stdin, stdout, log, cut, watcher: Some(watcher) })
    }

    /// The child's process id (that of the sandbox's outer process, if it runs in one).
    #[must_use]
    pub fn id(&self) -> u32 {
        self.group.child.id()
    }

    /// Its stdin, once. It is blocking; closing it (dropping) tells the child that nothing more comes.
    pub fn take_stdin(&mut self) -> Option<ChildStdin> {
        self.stdin.take()
    }

    /// Its stdout, once. It is blocking; [`set_nonblocking`](Self::set_nonblocking) before taking it changes that.
    pub fn take_stdout(&mut self) -> Option<ChildStdout> {
        self.stdout.take()
    }

    /// Makes stdin and stdout, where not yet taken, non-blocking.
    ///
    /// # Errors
    /// The system's.
    pub fn set_nonblocking(&mut self) -> io::Result<()> {
        self.stdin.as_ref().map_or(Ok(()), |pipe| sys::set_nonblocking(pipe.as_fd()))?;
        self.stdout.as_ref().map_or(Ok(()), |pipe| sys::set_nonblocking(pipe.as_fd()))
    }

    /// What it has written to stderr so far (head and tail within the limit).
    #[must_use]
    pub fn log(&self) -> Captured {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Kills the whole group at once.
    pub fn kill(&self) {
        self.group.kill();
    }

    /// The processes that descend from the child and live now.
    #[must_use]
    pub fn descendants(&self) -> Vec<u32> {
        sys::descendants(self.group.id()).into_iter().filter_map(|id| u32::try_from(id).ok()).collect()
    }

    /// CPU time of the child and all its living descendants, to the nanosecond where the kernel keeps it.
    #[must_use]
    pub fn cpu_time(&self) -> Duration {
        let leader = self.group.id();
        std::iter::once(leader).chain(sys::descendants(leader)).map(sys::cpu_time).sum()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system's.
    pub fn try_wait(&mut self) -> Result<Option<Ending>, ProcessError> {
        if !self.group.reaped && !sys::has_ended(self.group.id())? {
            return Ok(None);
        }
        self.wait_ended().map(Some)
    }

    /// Waits for the end, at most `limit`; then kills the group. Close stdin first if the child waits for that.
    ///
    /// # Errors
    /// The system's, or [`ProcessError::Interrupted`].
    pub fn wait(&mut self, limit: Duration) -> Result<Ending, ProcessError> {
        let until = Instant::now() + limit;
        let exit = sys::pidfd(self.group.child.id()).ok();
        while !self.group.reaped && !sys::has_ended(self.group.id())? {
            if interruption() {
                return Err(ProcessError::Interrupted);
            }
            if Instant::now() >= until {
                self.kill();
                self.wait_ended()?;
                return Ok(Ending::WallLimit);
            }
            if let Some(exit) = &exit {
                sys::poll(&[exit.as_fd()], None, until.min(Instant::now() + Duration::from_millis(100)))?;
            }
        }
        self.wait_ended()
    }

    fn wait_ended(&mut self) -> Result<Ending, ProcessError> {
        self.group.kill();
        let status = self.group.reap()?;
        if let Some(watcher) = self.watcher.take() {
            // A watcher that panicked has lost its log, no more.
            let _ = watcher.join();
        }
        Ok(match self.cut.load(Ordering::SeqCst) {
            WALL_LIMIT => Ending::WallLimit,
            DISK_LIMIT => Ending::DiskLimit,
            _ => Ending::of(status),
        })
    }
}

fn watch(
    mut stderr: impl Read + AsFd,
    exit: &impl AsFd,
    id: i32,
    limits: &Limits,
    log: &Mutex<Captured>,
    cut: &AtomicU8,
) {
    let started = Instant::now();
    let deadline = started + limits.wall;
    let mut quota = QuotaWatch::new(limits.quota.as_ref(), started);
    let mut chunk = [0; 16 << 10];
    loop {
        let wake = quota.next_wake().map_or(deadline, |at| at.min(deadline));
        let Ok(ready) = sys::poll(&[exit.as_fd(), stderr.as_fd()], None, wake) else {
            return;
        };
        let open = loop {
            match stderr.read(&mut chunk) {
                Ok(0) => break false,
                Ok(count) => log.lock().unwrap_or_else(PoisonError::into_inner).push(&chunk[..count]),
                Err(error) => break again(&error),
            }
            if Instant::now() >= deadline {
                break true;
            }
        };
        if ready[0] {
            return;
        }
        let met = if Instant::now() >= deadline {
            WALL_LIMIT
        } else if quota.exceeded() {
            DISK_LIMIT
        } else {
            RUNNING
        };
        if met != RUNNING {
            cut.store(met, Ordering::SeqCst);
            // The child cannot have been reaped under this number: reaping joins this thread, and `exit` was not ready.
            sys::signal_group(id, libc::SIGKILL);
            return;
        }
        if !open {
            // stderr was closed early: only the limits are left to watch, without spinning on a closed pipe.
            while Instant::now() < deadline {
                match sys::poll(&[exit.as_fd()], None, deadline) {
                    Ok(ready) if ready[0] => return,
                    Ok(_) => {}
                    Err(_) => return,
                }
            }
        }
    }
}
