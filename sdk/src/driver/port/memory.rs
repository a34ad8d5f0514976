//! Links within one process: what goes in at one end comes out at the other, for simulators, tests and bridges.
use super::{Backlog, Heard, Peer, Port, pollfd, read_stream, tcp::BACKLOG_BYTES};
use crate::driver::LinkError;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

/// One end of a link within this process. It reads and writes bytes without blocking, and is also a link of a
/// [`Network`](crate::network::Network) or of [`block_on`](crate::driver::block_on) by [`MemoryLink::into_driver`].
///
/// ```
/// use std::io::{Read, Write};
/// let (mut ours, mut theirs) = flightsmith_sdk::driver::MemoryLink::pair().unwrap();
/// ours.write_all(b"bytes").unwrap();
/// let mut heard = [0; 16];
/// assert_eq!(theirs.read(&mut heard).unwrap(), 5);
/// assert!(theirs.read(&mut heard).is_err(), "nothing more: it would block");
/// drop(ours);
/// assert_eq!(theirs.read(&mut heard).unwrap(), 0, "the other end is gone");
/// ```
#[derive(Debug)]
pub struct MemoryLink {
    stream: UnixStream,
    backlog: Backlog,
}

impl MemoryLink {
    /// Both ends of a new link.
    ///
    /// # Errors
    /// Where the system has no descriptors left.
    ///
    /// ```
    /// use flightsmith_sdk::driver::MemoryLink;
    /// let (ours, theirs) = MemoryLink::pair()?;
    /// # let _ = (ours, theirs);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn pair() -> io::Result<(Self, Self)> {
        let (one, other) = UnixStream::pair()?;
        one.set_nonblocking(true)?;
        other.set_nonblocking(true)?;
        let end = |stream| Self { stream, backlog: Backlog::new(BACKLOG_BYTES) };
        Ok((end(one), end(other)))
    }
    /// This end as a driver for [`block_on`](crate::driver::block_on).
    ///
    /// ```
    /// use flightsmith_sdk::{Connection, driver::{self, MemoryLink}};
    /// let (ours, _theirs) = MemoryLink::pair()?;
    /// let mut link = ours.into_driver();
    /// let three = driver::block_on(link.as_mut(), &Connection::new(), async { 3 }).unwrap();
    /// assert_eq!(three, 3);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn into_driver(self) -> Box<dyn crate::driver::Driver> {
        Box::new(crate::driver::realtime::RealTime::over(Box::new(self)))
    }
}

impl Read for MemoryLink {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer)
    }
}

impl Write for MemoryLink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Port for MemoryLink {
    fn poll_set(&self, set: &mut Vec<libc::pollfd>) {
        set.push(pollfd(self.stream.as_raw_fd(), !self.backlog.is_empty()));
    }
    fn receive(&mut self, buffer: &mut [u8], take: &mut dyn FnMut(Peer, Heard<'_>)) -> Result<(), LinkError> {
        self.backlog.flush(&mut self.stream)?;
        read_stream(&mut self.stream, 0, buffer, take)
    }
    fn send(&mut self, _to: Peer, frame: &[u8]) -> Result<bool, LinkError> {
        Ok(self.backlog.send(&mut self.stream, frame)?)
    }
    fn first_peer(&self) -> Option<Peer> {
        Some(0)
    }
}
