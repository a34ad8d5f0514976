//! The two system calls that the standard library does not offer: waiting for a file descriptor with a limit, and the CPU time
//! of another process. The only unsafe code of this crate.
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::Duration;

/// Waits until `fd` has bytes (or its end) to read; `false` when `limit` passed first.
#[expect(unsafe_code, reason = "poll(2) is not in std")]
pub(crate) fn readable(fd: BorrowedFd<'_>, limit: Duration) -> io::Result<bool> {
    let mut slot = libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    let milliseconds = i32::try_from(limit.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
    loop {
        // SAFETY: `slot` is one valid pollfd for the length of the call, and the count says one.
        let ready = unsafe { libc::poll(&mut slot, 1, milliseconds) };
        if ready >= 0 {
            return Ok(ready > 0);
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// CPU time that the process `pid` has used so far; `None` once it is gone.
#[expect(unsafe_code, reason = "clock_getcpuclockid(3) is not in std")]
pub(crate) fn cpu_time(pid: u32) -> Option<Duration> {
    let pid = libc::pid_t::try_from(pid).ok()?;
    let mut clock: libc::clockid_t = 0;
    // SAFETY: `clock` is a valid place for the result.
    if unsafe { libc::clock_getcpuclockid(pid, &mut clock) } != 0 {
        return None;
    }
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid place for the result.
    if unsafe { libc::clock_gettime(clock, &mut time) } != 0 {
        return None;
    }
    Some(Duration::new(u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::fd::AsFd;

    #[test]
    fn says_whether_bytes_are_there() {
        let (reader, mut writer) = io::pipe().expect("a pipe");
        assert!(!readable(reader.as_fd(), Duration::ZERO).expect("polls"));
        writer.write_all(b"x").expect("writes");
        assert!(readable(reader.as_fd(), Duration::ZERO).expect("polls"));
    }

    #[test]
    fn knows_the_cpu_time_of_this_process_and_not_of_a_missing_one() {
        assert!(cpu_time(std::process::id()).is_some());
        assert_eq!(cpu_time(u32::MAX), None);
    }
}
