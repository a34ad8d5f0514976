//! A real-time link over stdin and stdout: plain MAVLink, with no ticks. Whoever started this process carries the bytes.
#![expect(unsafe_code, reason = "poll exists only as a C function")]
use super::{Driver, LinkError, POLL_EVERY, WallClock};
use crate::Connection;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd};

/// Reads MAVLink from one file and writes it to another; the end of the first is the end of the link.
#[derive(Debug)]
pub struct Pipe {
    input: File,
    output: File,
    clock: WallClock,
    buffer: Vec<u8>,
}

impl Pipe {
    /// Over this process's stdin and stdout.
    ///
    /// # Errors
    /// Where they are closed.
    pub fn stdio() -> io::Result<Self> {
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(Self::over(input, output))
    }
    /// Over any two files.
    pub fn over(input: File, output: File) -> Self {
        Self { input, output, clock: WallClock::start(), buffer: vec![0; 64 * 1024] }
    }

    /// Whether there is something to read (or the end), now or within one poll interval.
    fn wait(&self) -> bool {
        let mut poll = libc::pollfd { fd: self.input.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one valid pollfd; the descriptor lives as long as `input`.
        unsafe { libc::poll(&raw mut poll, 1, POLL_EVERY.as_millis() as libc::c_int) > 0 }
    }
}

impl Driver for Pipe {
    fn receive(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let readable = self.wait();
        connection.set_wall_us(self.clock.now_us());
        if !readable {
            return Ok(());
        }
        match self.input.read(&mut self.buffer) {
            Ok(0) => Err(LinkError::Closed),
            Ok(length) => {
                connection.feed(&self.buffer[..length]);
                Ok(())
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
    fn send(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let mut result = Ok(());
        connection.take_outgoing(|bytes| result = self.output.write_all(bytes));
        Ok(result?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::OwnedFd;

    #[test]
    fn the_end_of_stdin_is_the_end_of_the_link() {
        let (input, writer) = io::pipe().unwrap();
        let (_reader, output) = io::pipe().unwrap();
        let mut pipe = Pipe::over(File::from(OwnedFd::from(input)), File::from(OwnedFd::from(output)));
        let connection = Connection::new();
        assert!(pipe.receive(&connection).is_ok(), "silence is no end");
        drop(writer);
        assert!(matches!(pipe.receive(&connection), Err(LinkError::Closed)));
    }
}
