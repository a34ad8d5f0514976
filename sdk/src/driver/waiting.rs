//! Waiting for descriptors, and waking whoever waits.
#![expect(unsafe_code, reason = "poll exists only as a C function")]
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;
use std::time::Duration;

/// Waits until a descriptor of `set` can be used, at most `limit`; the number of those that can.
pub(crate) fn ready_within(set: &mut [libc::pollfd], limit: Duration) -> usize {
    // Rounded up: a wait of less than a millisecond must not spin.
    let limit_ms = limit.as_micros().div_ceil(1000).min(60_000) as libc::c_int;
    // SAFETY: `set` is valid for its length. An interruption counts as nothing ready.
    let count = unsafe { libc::poll(set.as_mut_ptr(), set.len() as libc::nfds_t, limit_ms) };
    usize::try_from(count).unwrap_or(0)
}

/// Ends a wait of another thread; also a [`Waker`](std::task::Waker).
#[derive(Debug)]
pub(crate) struct Alarm {
    writer: PipeWriter,
    rung: AtomicBool,
}

/// The waiting side of an [`Alarm`].
#[derive(Debug)]
pub(crate) struct AlarmClock {
    reader: PipeReader,
    alarm: Arc<Alarm>,
}

impl AlarmClock {
    pub(crate) fn new() -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        set_nonblocking(&reader)?;
        set_nonblocking(&writer)?;
        Ok(Self { reader, alarm: Arc::new(Alarm { writer, rung: AtomicBool::new(false) }) })
    }
    pub(crate) fn alarm(&self) -> Arc<Alarm> {
        Arc::clone(&self.alarm)
    }
    pub(crate) fn pollfd(&self) -> libc::pollfd {
        super::port::pollfd(self.reader.as_raw_fd(), false)
    }
    /// Stops the ringing; what rings from now on ends the next wait.
    pub(crate) fn reset(&mut self) {
        self.alarm.rung.store(false, Ordering::Release);
        // Read always: a ring that is being written just now leaves its byte for the next time, and must not stay there.
        let _rung = self.reader.read(&mut [0; 16]);
    }
}

impl Alarm {
    pub(crate) fn ring(&self) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            // Full only where it rings already.
            let _full = (&self.writer).write(&[1]);
        }
    }
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.ring();
    }
    fn wake_by_ref(self: &Arc<Self>) {
        self.ring();
    }
}

fn set_nonblocking(descriptor: &impl AsFd) -> io::Result<()> {
    let descriptor = descriptor.as_fd().as_raw_fd();
    // SAFETY: flags of a descriptor that is borrowed for the call.
    let result = unsafe {
        let flags = libc::fcntl(descriptor, libc::F_GETFL);
        libc::fcntl(descriptor, libc::F_SETFL, flags | libc::O_NONBLOCK)
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_ends_a_wait_and_rings_again() {
        let mut clock = AlarmClock::new().unwrap();
        for _ in 0..3 {
            let alarm = clock.alarm();
            alarm.ring();
            alarm.ring();
            assert_eq!(ready_within(&mut [clock.pollfd()], Duration::from_secs(5)), 1);
            clock.reset();
            assert_eq!(ready_within(&mut [clock.pollfd()], Duration::ZERO), 0);
        }
    }
}
