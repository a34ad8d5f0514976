//! A serial line to the autopilot: raw 8N1, no flow control, never our controlling terminal, any baud rate that the hardware can do.
//!
//! Through Linux's `termios2`, whose speed is a number: no table of rates, and no C library call that a static program lacks.
#![expect(unsafe_code, reason = "ioctl exists only as a C function")]
use super::{Backlog, Heard, Peer, Port, pollfd, read_stream};
use crate::driver::LinkError;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

/// What may wait here beyond the driver's own 4 kB: a third of a second at 57600 baud.
const BACKLOG_BYTES: usize = 2048;

/// A serial port.
#[derive(Debug)]
pub(crate) struct Serial {
    port: File,
    backlog: Backlog,
}

impl Serial {
    /// Opens `device` at `baud`.
    pub(crate) fn open(device: &str, baud: u32) -> io::Result<Self> {
        let port =
            OpenOptions::new().read(true).write(true).custom_flags(libc::O_NOCTTY | libc::O_NONBLOCK).open(device)?;
        set_up(&port, baud)?;
        Ok(Self { port, backlog: Backlog::new(BACKLOG_BYTES) })
    }
}

/// Raw, 8N1, at `baud` in both directions.
fn set_up(port: &File, baud: u32) -> io::Result<()> {
    let mut settings = settings(port)?;
    // What cfmakeraw(3) lists, and no software flow control from either side.
    settings.c_iflag &= !(libc::IGNBRK
        | libc::BRKINT
        | libc::PARMRK
        | libc::ISTRIP
        | libc::INLCR
        | libc::IGNCR
        | libc::ICRNL
        | libc::IXON
        | libc::IXOFF
        | libc::IXANY);
    settings.c_oflag &= !libc::OPOST;
    settings.c_lflag &= !(libc::ECHO | libc::ECHONL | libc::ICANON | libc::ISIG | libc::IEXTEN);
    settings.c_cflag &= !(libc::CSIZE | libc::PARENB | libc::CSTOPB | libc::CRTSCTS | libc::CBAUD);
    settings.c_cflag |= libc::CS8 | libc::CLOCAL | libc::CREAD | libc::BOTHER;
    // The same rate in both directions: an input rate of its own stands in the bits of CIBAUD.
    settings.c_cflag &= !(libc::CBAUD << libc::IBSHIFT);
    settings.c_cflag |= libc::BOTHER << libc::IBSHIFT;
    settings.c_ispeed = baud;
    settings.c_ospeed = baud;
    settings.c_cc[libc::VMIN] = 1;
    settings.c_cc[libc::VTIME] = 0;
    // SAFETY: TCSETS2 reads one `termios2`; the descriptor lives as long as `port`.
    if unsafe { libc::ioctl(port.as_raw_fd(), libc::TCSETS2, &raw const settings) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // A driver that cannot do a rate keeps another one and says nothing.
    let set = self::settings(port)?.c_ospeed;
    if set.abs_diff(baud) > baud / 50 {
        let message = format!("the port cannot do {baud} baud (it would do {set})");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok(())
}

fn settings(port: &File) -> io::Result<libc::termios2> {
    // SAFETY: plain data, for which zeros are valid; TCGETS2 writes one `termios2`.
    unsafe {
        let mut settings: libc::termios2 = core::mem::zeroed();
        if libc::ioctl(port.as_raw_fd(), libc::TCGETS2, &raw mut settings) != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(settings)
    }
}

impl Port for Serial {
    fn poll_set(&self, set: &mut Vec<libc::pollfd>) {
        set.push(pollfd(self.port.as_raw_fd(), !self.backlog.is_empty()));
    }
    fn receive(&mut self, buffer: &mut [u8], take: &mut dyn FnMut(Peer, Heard<'_>)) -> Result<(), LinkError> {
        self.backlog.flush(&mut self.port)?;
        read_stream(&mut self.port, 0, buffer, take)
    }
    fn send(&mut self, _to: Peer, frame: &[u8]) -> Result<bool, LinkError> {
        Ok(self.backlog.send(&mut self.port, frame)?)
    }
    fn first_peer(&self) -> Option<Peer> {
        Some(0)
    }
}
