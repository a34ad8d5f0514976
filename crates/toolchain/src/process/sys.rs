//! The few calls that need libc: limits between fork and exec, poll, signals, and what /proc tells of descendants.
//!
//! It leaves to others: every decision. All `unsafe` of this crate that concerns processes is here.
#![expect(unsafe_code, reason = "setrlimit, prctl, poll, pidfd_open and kill have no safe counterpart in std")]

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::Limits;

/// Arranges what happens between fork and exec: limits, death with this program, inherited files.
pub(super) fn prepare_child(command: &mut Command, limits: &Limits, inherit: &[(Arc<File>, i32)]) {
    let limits: Vec<(u32, u64)> = [
        (libc::RLIMIT_CPU, limits.cpu_s),
        (libc::RLIMIT_AS, limits.address_space_bytes),
        (libc::RLIMIT_FSIZE, limits.file_bytes),
        (libc::RLIMIT_NOFILE, limits.open_files),
        (libc::RLIMIT_CORE, Some(0)),
    ]
    .into_iter()
    .filter_map(|(kind, limit)| Some((kind, limit?)))
    .collect();
    let inherit: Vec<(Arc<File>, CString, i32)> = inherit
        .iter()
        .map(|(file, number)| {
            let path = format!("/proc/self/fd/{}", file.as_raw_fd());
            (Arc::clone(file), CString::new(path).expect("no zero byte"), *number)
        })
        .collect();
    let before_exec = move || {
        // Descriptors that this program was itself given open end here; std opens its own so that they do. Kernels before 5.11 do not
        // know this, and then nothing is worse than it was.
        let _ = unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
        for (_, path, number) in &inherit {
            // Opened anew, for an offset of its own: another child may be reading the same file.
            let file = unsafe { libc::open(path.as_ptr(), libc::O_RDONLY) };
            check(file)?;
            check(unsafe { libc::dup2(file, *number) })?;
            check(unsafe { libc::close(file) })?;
        }
        for &(kind, limit) in &limits {
            let mut ours = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            check(unsafe { libc::getrlimit(kind, &raw mut ours) })?;
            // Who has set tighter limits for us has set them for our children.
            let limit = limit.min(ours.rlim_max);
            let limit = libc::rlimit { rlim_cur: limit, rlim_max: limit };
            check(unsafe { libc::setrlimit(kind, &raw const limit) })?;
        }
        check(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) })?;
        Ok(())
    };
    // SAFETY: only async-signal-safe calls, and no allocation: everything was allocated before the fork.
    unsafe { command.pre_exec(before_exec) };
}

type Start = (Command, Sender<io::Result<Child>>);

/// Starts the child from a thread that lives as long as this program: the death signal of a child (ours, and bubblewrap's
/// `--die-with-parent`) follows the *thread* that started it.
pub(super) fn spawn_on_lasting_thread(command: Command) -> io::Result<Child> {
    static STARTER: OnceLock<Mutex<Sender<Start>>> = OnceLock::new();
    let starter = STARTER.get_or_init(|| {
        let (sender, receiver) = channel::<Start>();
        std::thread::spawn(move || {
            for (mut command, answer) in receiver {
                // A caller that is gone drops the child's handle; its group is then ended by the death signal at the latest.
                let _ = answer.send(command.spawn());
            }
        });
        Mutex::new(sender)
    });
    let (answer, child) = channel();
    let gone = || io::Error::other("the thread that starts processes has ended");
    starter.lock().unwrap_or_else(PoisonError::into_inner).send((command, answer)).map_err(|_| gone())?;
    child.recv().map_err(|_| gone())?
}

fn check(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// A descriptor that becomes readable when the process has ended.
pub(super) fn pidfd(process: u32) -> io::Result<OwnedFd> {
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, process, 0) };
    let fd = i32::try_from(fd).expect("descriptors fit into an int");
    check(fd)?;
    // SAFETY: the kernel has just given us this descriptor.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

pub(super) fn set_nonblocking(fd: BorrowedFd<'_>) -> io::Result<()> {
    let flags = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) };
    check(flags)?;
    check(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags | libc::O_NONBLOCK) })
}

/// Waits until one of `readable` can be read (or was closed), `writable` can be written, or `until`; tells which of `readable`.
pub(super) fn poll(
    readable: &[BorrowedFd<'_>],
    writable: Option<BorrowedFd<'_>>,
    until: Instant,
) -> io::Result<Vec<bool>> {
    let entry = |fd: &BorrowedFd<'_>, events| libc::pollfd { fd: fd.as_raw_fd(), events, revents: 0 };
    let mut fds: Vec<libc::pollfd> = readable.iter().map(|fd| entry(fd, libc::POLLIN)).collect();
    fds.extend(writable.iter().map(|fd| entry(fd, libc::POLLOUT)));
    let left = until.saturating_duration_since(Instant::now());
    // Rounded up, so that the deadline has passed when poll says so.
    let left_ms = i32::try_from(left.as_millis() + 1).unwrap_or(i32::MAX);
    let count = libc::nfds_t::try_from(fds.len()).expect("a handful");
    let result = unsafe { libc::poll(fds.as_mut_ptr(), count, left_ms) };
    if let Err(error) = check(result)
        && error.kind() != io::ErrorKind::Interrupted
    {
        return Err(error);
    }
    Ok(fds[..readable.len()].iter().map(|fd| fd.revents != 0).collect())
}

pub(super) fn signal_group(group: i32, signal: i32) {
    // The group may have gone already; that is what was wanted.
    let _ = unsafe { libc::kill(-group, signal) };
}

/// Whether the child has ended; it is not reaped.
pub(super) fn has_ended(process: i32) -> io::Result<bool> {
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let id = libc::id_t::try_from(process).expect("process ids are positive");
    check(unsafe { libc::waitid(libc::P_PID, id, &raw mut info, libc::WEXITED | libc::WNOHANG | libc::WNOWAIT) })?;
    Ok(unsafe { info.si_pid() } == process)
}

/// Everything that descends from a process, nearest first.
pub(super) fn descendants(process: i32) -> Vec<i32> {
    let mut found = children(process);
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(children(parent));
        next += 1;
    }
    found
}

fn children(process: i32) -> Vec<i32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
        return Vec::new();
    };
    let lists = threads.flatten().filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

/// CPU time of all threads of a process; zero when it is gone or the kernel keeps no such figures.
pub(super) fn cpu_time(process: i32) -> Duration {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
        return Duration::ZERO;
    };
    let spent_ns = |thread: std::fs::DirEntry| -> Option<u64> {
        std::fs::read_to_string(thread.path().join("schedstat")).ok()?.split_whitespace().next()?.parse().ok()
    };
    threads.flatten().filter_map(spent_ns).map(Duration::from_nanos).sum()
}

/// The effective user of this program.
pub(crate) fn effective_user() -> u32 {
    unsafe { libc::geteuid() }
}

/// Gives a file or folder to a user, as only root may.
pub(crate) fn give_to(path: &std::path::Path, user: u32) -> io::Result<()> {
    std::os::unix::fs::lchown(path, Some(user), Some(user))
}
