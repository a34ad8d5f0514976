//! A real-time link over stdin and stdout: plain MAVLink, with no ticks. Whoever started this process carries the bytes.
use super::{Heard, Peer, Port, pollfd};
use crate::driver::LinkError;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd};

/// Reads MAVLink from one file and writes it to another; the end of the first is the end of the link.
///
/// The files are left as they are (blocking): others may share them. So it reads only what poll(2) has announced.
#[derive(Debug)]
pub(crate) struct Pipe {
    input: File,
    output: File,
}

impl Pipe {
    /// Over this process's stdin and stdout.
    pub(crate) fn stdio() -> io::Result<Self> {
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(Self::over(input, output))
    }
    pub(crate) fn over(input: File, output: File) -> Self {
        Self { input, output }
    }
}

impl Port for Pipe {
    fn poll_set(&self, set: &mut Vec<libc::pollfd>) {
        set.push(pollfd(self.input.as_raw_fd(), false));
    }
    fn receive(&mut self, buffer: &mut [u8], take: &mut dyn FnMut(Peer, Heard<'_>)) -> Result<(), LinkError> {
        let mut ready = [pollfd(self.input.as_raw_fd(), false)];
        if super::super::waiting::ready_within(&mut ready, core::time::Duration::ZERO) == 0 {
            return Ok(());
        }
        match self.input.read(buffer) {
            Ok(0) => Err(LinkError::Closed),
            Ok(length) => {
                take(0, Heard::Bytes(&buffer[..length]));
                Ok(())
            }
            Err(error) if super::is_passing(&error) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
    fn send(&mut self, _to: Peer, frame: &[u8]) -> Result<bool, LinkError> {
        self.output.write_all(frame)?;
        Ok(true)
    }
    fn first_peer(&self) -> Option<Peer> {
        Some(0)
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
        let mut buffer = [0; 64];
        assert!(pipe.receive(&mut buffer, &mut |_, _| {}).is_ok(), "silence is no end");
        drop(writer);
        assert!(matches!(pipe.receive(&mut buffer, &mut |_, _| {}), Err(LinkError::Closed)));
    }
}
