//! Drivers: what joins a [`Connection`] with a real link, and polls a mission while bytes and time go in and out.
//!
//! One thread, no runtime: [`block_on`] alternates between the link and the mission. Links are named by URLs, see [`open`].
mod lockstep;
mod pipe;
mod serial;
mod socket;

use crate::Connection;
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};
use std::time::{Duration, Instant};

pub use lockstep::Lockstep;
pub use pipe::Pipe;
pub use serial::Serial;
pub use socket::{Tcp, Udp};

/// Longest wait for bytes before the mission is polled again: one tick.
pub const POLL_EVERY: Duration = Duration::from_millis(20);

/// Why a link cannot be used or ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The URL is none of those that [`open`] knows.
    #[error(
        "link `{url}` is none of stdio, pipe, tcp://HOST:PORT, udpin://HOST:PORT, udpout://HOST:PORT, serial://DEVICE:BAUD"
    )]
    UnknownUrl {
        /// The URL as given.
        url: String,
    },
    /// The link could not be opened.
    #[error("cannot open link `{url}`")]
    Open {
        /// The URL as given.
        url: String,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// Reading or writing failed.
    #[error("the link failed")]
    Io(#[from] std::io::Error),
    /// The other side closed the link.
    #[error("the other side closed the link")]
    Closed,
}

/// A link that moves bytes and time in and out of a connection.
pub trait Driver {
    /// Waits for bytes, at most [`POLL_EVERY`] (in lockstep: for the next tick), and hands them and the time to `connection`.
    ///
    /// # Errors
    /// [`LinkError`] where the link is gone for good; silence is none.
    fn receive(&mut self, connection: &Connection) -> Result<(), LinkError>;
    /// Sends what `connection` has to send; in lockstep this answers the tick.
    ///
    /// # Errors
    /// As [`Driver::receive`].
    fn send(&mut self, connection: &Connection) -> Result<(), LinkError>;
}

/// Opens `stdio` (lockstep), `pipe` (stdin and stdout in real time), `tcp://HOST:PORT`, `udpin://HOST:PORT` (binds, learns the peer from what it sends),
/// `udpout://HOST:PORT`, or `serial://DEVICE:BAUD`.
///
/// # Errors
/// [`LinkError::UnknownUrl`] or [`LinkError::Open`].
pub fn open(url: &str) -> Result<Box<dyn Driver>, LinkError> {
    let opened = |source| LinkError::Open { url: url.to_owned(), source };
    if url == "stdio" {
        return Ok(Box::new(Lockstep::stdio().map_err(opened)?));
    }
    let unknown = || LinkError::UnknownUrl { url: url.to_owned() };
    if url == "pipe" {
        return Ok(Box::new(Pipe::stdio().map_err(opened)?));
    }
    let (scheme, rest) = url.split_once("://").ok_or_else(unknown)?;
    Ok(match scheme {
        "tcp" => Box::new(Tcp::connect(rest).map_err(opened)?),
        "udpin" => Box::new(Udp::listen(rest).map_err(opened)?),
        "udpout" => Box::new(Udp::connect(rest).map_err(opened)?),
        "serial" => {
            let (device, baud) = rest.rsplit_once(':').ok_or_else(unknown)?;
            Box::new(Serial::open(device, baud.parse().map_err(|_| unknown())?).map_err(opened)?)
        }
        _ => return Err(unknown()),
    })
}

/// Runs `future` on this thread until it ends, with `driver` moving bytes and time.
///
/// # Errors
/// [`LinkError`] where the link is gone for good.
pub fn block_on<T>(
    driver: &mut dyn Driver,
    connection: &Connection,
    future: impl Future<Output = T>,
) -> Result<T, LinkError> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        let poll = future.as_mut().poll(&mut context);
        driver.send(connection)?;
        if let Poll::Ready(output) = poll {
            return Ok(output);
        }
        driver.receive(connection)?;
    }
}

/// A clock that starts with its driver.
#[derive(Debug)]
struct WallClock(Instant);

impl WallClock {
    fn start() -> Self {
        Self(Instant::now())
    }
    fn now_us(&self) -> u64 {
        self.0.elapsed().as_micros() as u64
    }
}
