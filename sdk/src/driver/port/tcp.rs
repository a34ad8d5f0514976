//! TCP to a vehicle that listens.
use super::{Backlog, Heard, Peer, Port, address, pollfd, read_stream};
use crate::driver::LinkError;
use std::io;
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::Duration;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// What may wait here beyond the system's own buffers.
pub(super) const BACKLOG_BYTES: usize = 16 * 1024;

/// A TCP connection.
#[derive(Debug)]
pub(crate) struct Tcp {
    stream: TcpStream,
    backlog: Backlog,
}

impl Tcp {
    /// Connects to `HOST:PORT`, trying each address of the host.
    pub(crate) fn connect(address: &str) -> io::Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in address::resolve(address)? {
            match TcpStream::connect_timeout(&address, CONNECT_WITHIN) {
                Ok(stream) => return Self::over(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
    pub(super) fn over(stream: TcpStream) -> io::Result<Self> {
        // Small messages at a high rate: waiting for more to send only adds delay.
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Self { stream, backlog: Backlog::new(BACKLOG_BYTES) })
    }
}

impl Port for Tcp {
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
