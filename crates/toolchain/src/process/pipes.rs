//! Writing to and reading from a child without waiting for it.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::process::Child;
use std::time::Instant;

use super::sys;

/// The parent's ends of a child's three pipes, all non-blocking.
pub(super) struct Pipes<'a> {
    stdin: Option<std::process::ChildStdin>,
    to_write: &'a [u8],
    stdout: Option<std::process::ChildStdout>,
    pub(super) stdout_bytes: Vec<u8>,
    stderr: Option<std::process::ChildStderr>,
    pub(super) stderr_bytes: Vec<u8>,
}

impl<'a> Pipes<'a> {
    pub(super) fn of(child: &mut Child, to_write: &'a [u8]) -> io::Result<Self> {
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        for fd in [stdin.as_ref().map(AsFd::as_fd), stdout.as_ref().map(AsFd::as_fd), stderr.as_ref().map(AsFd::as_fd)]
        {
            fd.map_or(Ok(()), sys::set_nonblocking)?;
        }
        Ok(Self { stdin, to_write, stdout, stdout_bytes: Vec::new(), stderr, stderr_bytes: Vec::new() })
    }

    /// Waits until the child ends (then `true`), a pipe is ready, or `until`.
    pub(super) fn wait(&self, exit: std::os::fd::BorrowedFd<'_>, until: Instant) -> io::Result<bool> {
        let outputs = [self.stdout.as_ref().map(AsFd::as_fd), self.stderr.as_ref().map(AsFd::as_fd)];
        let readable: Vec<_> = std::iter::once(exit).chain(outputs.into_iter().flatten()).collect();
        let ready = sys::poll(&readable, self.stdin.as_ref().map(AsFd::as_fd), until)?;
        Ok(ready[0])
    }

    pub(super) fn wait_for_output(&self, until: Instant) -> io::Result<()> {
        let outputs = [self.stdout.as_ref().map(AsFd::as_fd), self.stderr.as_ref().map(AsFd::as_fd)];
        sys::poll(&outputs.into_iter().flatten().collect::<Vec<_>>(), None, until).map(drop)
    }

    /// Moves what can be moved without waiting, at most 1 MB a pipe; a closed pipe is dropped.
    pub(super) fn transfer(&mut self) -> io::Result<()> {
        if let Some(stdin) = &mut self.stdin {
            let done = match stdin.write(self.to_write) {
                Ok(count) => {
                    self.to_write = &self.to_write[count..];
                    self.to_write.is_empty()
                }
                Err(error) if again(&error) => false,
                // The child does not read its input (any more): that is its affair.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => true,
                Err(error) => return Err(error),
            };
            if done {
                self.stdin = None;
            }
        }
        read_some(&mut self.stdout, &mut self.stdout_bytes)?;
        read_some(&mut self.stderr, &mut self.stderr_bytes)
    }

    pub(super) fn written(&self) -> usize {
        self.stdout_bytes.len() + self.stderr_bytes.len()
    }

    pub(super) fn closed(&self) -> bool {
        self.stdout.is_none() && self.stderr.is_none()
    }
}

pub(super) fn again(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

fn read_some<R: Read>(pipe: &mut Option<R>, into: &mut Vec<u8>) -> io::Result<()> {
    let Some(reader) = pipe else { return Ok(()) };
    let mut chunk = [0; 16 << 10];
    for _ in 0..64 {
        match reader.read(&mut chunk) {
            Ok(0) => {
                *pipe = None;
                return Ok(());
            }
            Ok(count) => into.extend_from_slice(&chunk[..count]),
            Err(error) if again(&error) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
