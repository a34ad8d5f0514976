//! The lockstep link over stdin and stdout: the simulator ends each tick with TIMESYNC and waits for the answer.
use super::{Driver, LinkError};
use crate::Connection;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;

/// Reads ticks from one file and answers on another.
///
/// ```no_run
/// use flightsmith_sdk::{driver::{self, Lockstep}, prelude::*};
/// // Started by a simulator that counts the time.
/// let connection = Connection::new();
/// let mut simulator = Lockstep::stdio()?;
/// let vehicle = driver::block_on(&mut simulator, &connection, connection.ready(Seconds(90.0)));
/// # let _ = vehicle;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Lockstep {
    input: File,
    output: File,
    buffer: Vec<u8>,
}

impl Lockstep {
    /// Over this process's stdin and stdout.
    ///
    /// # Errors
    /// Where they are closed.
    ///
    /// ```no_run
    /// use flightsmith_sdk::driver::Lockstep;
    /// let simulator = Lockstep::stdio()?;
    /// # let _ = simulator;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn stdio() -> io::Result<Self> {
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(Self::over(input, output))
    }
    /// Over any two files, unbuffered.
    ///
    /// ```no_run
    /// use flightsmith_sdk::driver::Lockstep;
    /// use std::fs::File;
    /// let (ticks, answers) = (File::open("/run/sim/ticks")?, File::create("/run/sim/answers")?);
    /// let simulator = Lockstep::over(ticks, answers);
    /// # let _ = simulator;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn over(input: File, output: File) -> Self {
        Self { input, output, buffer: vec![0; 64 * 1024] }
    }
}

impl Driver for Lockstep {
    fn receive(&mut self, connection: &Connection) -> Result<(), LinkError> {
        while connection.pending_tick().is_none() {
            match self.input.read(&mut self.buffer) {
                Ok(0) => return Err(LinkError::Closed),
                Ok(length) => connection.feed_lockstep(&self.buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
    fn send(&mut self, connection: &Connection) -> Result<(), LinkError> {
        if connection.pending_tick().is_none() {
            return Ok(());
        }
        connection.answer_tick();
        let mut result = Ok(());
        connection.take_outgoing(|bytes| result = self.output.write_all(bytes));
        Ok(result?)
    }
}
