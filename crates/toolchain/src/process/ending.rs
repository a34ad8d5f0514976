//! How children end, and the register of those that live, so that Ctrl-C ends them all.
//!
//! It leaves to others: starting and waiting.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::sys;

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal (also the kernel's, when a CPU or file size limit was met).
    Signalled(i32),
    /// Killed: its wall time was over.
    WallLimit,
    /// Killed: it wrote more output than allowed.
    OutputLimit,
    /// Killed: its folder grew beyond its quota.
    DiskLimit,
}

impl Ending {
    pub(super) fn of(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Exited(code),
            (None, signal) => Self::Signalled(signal.unwrap_or(0)),
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(f, "exited with code {code}"),
            Self::Signalled(signal) => write!(f, "was ended by signal {signal}"),
            Self::WallLimit => f.write_str("was killed at its time limit"),
            Self::OutputLimit => f.write_str("was killed at its output limit"),
            Self::DiskLimit => f.write_str("was killed at its disk limit"),
        }
    }
}

/// Why a child could not be run.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// There is no such program.
    #[error("there is no program {program}")]
    NotFound {
        /// The path looked at.
        program: PathBuf,
    },
    /// The system refused to start it.
    #[error("could not start {program}")]
    Start {
        /// The program's path.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Its pipes or its end could not be followed.
    #[error("could not follow a child process")]
    Follow(#[from] io::Error),
    /// The user ended the program (Ctrl-C).
    #[error("interrupted")]
    Interrupted,
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static ALIVE: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

fn alive() -> MutexGuard<'static, BTreeSet<i32>> {
    ALIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn interruption() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Leaders stay registered until just before they are reaped, so a number in the register is never another's.
pub(super) fn register(group: i32) {
    alive().insert(group);
    if interruption() {
        sys::signal_group(group, libc::SIGKILL);
    }
}

pub(super) fn unregister(group: i32) {
    alive().remove(&group);
}

pub(super) fn interrupt_all() {
    INTERRUPTED.store(true, Ordering::SeqCst);
    for group in alive().iter() {
        sys::signal_group(*group, libc::SIGKILL);
    }
}
