//! Ports: ways in and out of the operating system that never block. Who waits for them, and what the bytes mean, is decided above.
pub(crate) mod address;
pub(crate) mod memory;
pub(crate) mod pipe;
pub(crate) mod serial;
pub(crate) mod tcp;
pub(crate) mod tcp_server;
pub(crate) mod udp;

use super::LinkError;
use core::fmt::Debug;
use std::io::{self, Write};
use std::os::fd::RawFd;

/// Somebody at the other end of a port: a UDP address, a TCP client; always 0 where there can be only one.
pub(crate) type Peer = u32;

/// Reads from one port at a time, at most: others wait.
pub(crate) const READS_AT_ONCE: usize = 128;

/// What a port has to say.
#[derive(Debug)]
pub(crate) enum Heard<'a> {
    Bytes(&'a [u8]),
    /// This peer is gone; the port itself goes on.
    Gone,
}

/// A way in and out of the operating system.
pub(crate) trait Port: Debug + Send {
    /// Appends the descriptors to wait for.
    fn poll_set(&self, set: &mut Vec<libc::pollfd>);
    /// Takes what has come, at most [`READS_AT_ONCE`] pieces, without waiting.
    ///
    /// # Errors
    /// Where the port is gone for good and would have to be opened again.
    fn receive(&mut self, buffer: &mut [u8], take: &mut dyn FnMut(Peer, Heard<'_>)) -> Result<(), LinkError>;
    /// Sends one frame without waiting; says whether it left or will (a full line drops whole frames).
    ///
    /// # Errors
    /// As [`Port::receive`].
    fn send(&mut self, to: Peer, frame: &[u8]) -> Result<bool, LinkError>;
    /// Whom to send to before anybody was heard.
    fn first_peer(&self) -> Option<Peer>;
}

/// Where a URL names a free port (`:0`), the one that the system chose; nothing for what has none.
pub(crate) fn pollfd(descriptor: RawFd, wants_to_write: bool) -> libc::pollfd {
    let events = if wants_to_write { libc::POLLIN | libc::POLLOUT } else { libc::POLLIN };
    libc::pollfd { fd: descriptor, events, revents: 0 }
}

/// What goes away by itself.
pub(crate) fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

/// Bytes that a stream did not take yet. Bounded: an old set-point is worth less than none.
#[derive(Debug)]
pub(crate) struct Backlog {
    waiting: Vec<u8>,
    limit: usize,
}

impl Backlog {
    pub(crate) fn new(limit: usize) -> Self {
        Self { waiting: Vec::new(), limit }
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
    /// Writes what waits, as far as the stream takes it.
    pub(crate) fn flush(&mut self, stream: &mut impl Write) -> io::Result<()> {
        while !self.waiting.is_empty() {
            match stream.write(&self.waiting) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => drop(self.waiting.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
    /// Writes `frame` behind what waits; says whether there was room for it. A frame is taken whole or not at all.
    pub(crate) fn send(&mut self, stream: &mut impl Write, frame: &[u8]) -> io::Result<bool> {
        self.flush(stream)?;
        if self.waiting.len() + frame.len() > self.limit {
            return Ok(false);
        }
        self.waiting.extend_from_slice(frame);
        self.flush(stream)?;
        Ok(true)
    }
}

/// Reads a stream until it has no more: what TCP, serial lines, pipes and memory links have in common.
pub(crate) fn read_stream(
    stream: &mut impl io::Read,
    peer: Peer,
    buffer: &mut [u8],
    take: &mut dyn FnMut(Peer, Heard<'_>),
) -> Result<(), LinkError> {
    for _ in 0..READS_AT_ONCE {
        match stream.read(buffer) {
            Ok(0) => return Err(LinkError::Closed),
            Ok(length) => {
                take(peer, Heard::Bytes(&buffer[..length]));
                if length < buffer.len() {
                    break;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if is_passing(&error) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes at most `room` bytes in all.
    struct Line {
        taken: Vec<u8>,
        room: usize,
    }
    impl Write for Line {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let length = bytes.len().min(self.room);
            if length == 0 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            self.room -= length;
            self.taken.extend_from_slice(&bytes[..length]);
            Ok(length)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_line_drops_whole_frames_and_never_half_ones() {
        let (mut backlog, mut line) = (Backlog::new(10), Line { taken: Vec::new(), room: 3 });
        assert!(backlog.send(&mut line, b"first").unwrap());
        assert!(backlog.send(&mut line, b"second").unwrap());
        assert!(!backlog.send(&mut line, b"third").unwrap(), "no room");
        line.room = 100;
        assert!(backlog.send(&mut line, b"fourth").unwrap());
        assert_eq!(line.taken, b"firstsecondfourth");
    }
}
