//! Drivers: what joins a [`Connection`] with a real link, and polls a mission while bytes and time go in and out.
//!
//! Two ways, neither with a runtime of its own. [`run`] and [`block_on`] alternate between one link and one program on one thread.
//! [`spawn`] and [`Network`](crate::network::Network) keep links alive on a thread of their own, and the calls are awaited wherever
//! you like: under tokio, smol, or on plain threads. Links are named by URLs, see [`open`].
pub(crate) mod key_file;
mod lockstep;
pub(crate) mod port;
pub(crate) mod realtime;
pub(crate) mod url;
pub(crate) mod waiting;

use crate::Connection;
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};
use std::time::{Duration, Instant};

pub use crate::network::{RunningLink, spawn};
pub use lockstep::Lockstep;
pub use port::memory::MemoryLink;
use realtime::RealTime;
use url::LinkUrl;

/// Longest wait for bytes before the mission is polled again: one tick.
pub const POLL_EVERY: Duration = Duration::from_millis(20);

/// Why a link cannot be used or ended.
///
/// ```
/// use flightsmith_sdk::driver::{self, LinkError};
/// match driver::open("tcp://127.0.0.1:1") {
///     Err(LinkError::Open { url, source }) => println!("{url}: {source}"),
///     Err(error) => println!("{error}"),
///     Ok(_link) => println!("somebody listens there"),
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The URL is none of those that [`open`] knows.
    #[error(
        "link `{url}` is none of udpin://HOST:PORT, udpout://HOST:PORT, udpbcast://HOST:PORT, tcp://HOST:PORT, tcpin://HOST:PORT, \
         serial://DEVICE:BAUD, pipe, stdio"
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
    /// Lockstep needs the program and the link on one thread: [`block_on`] or [`run`].
    #[error("a lockstep link cannot run on a thread of its own: use `driver::block_on`")]
    LockstepInBackground,
    /// Reading or writing failed.
    #[error("the link failed")]
    Io(#[from] std::io::Error),
    /// The other side closed the link.
    #[error("the other side closed the link")]
    Closed,
}

/// A link that moves bytes and time in and out of a connection.
///
/// ```
/// use flightsmith_sdk::{Connection, driver::{Driver, LinkError}};
/// use std::{io::{Read, Write}, time::Instant};
/// /// Any stream of bytes with a read timeout of at most [`POLL_EVERY`](flightsmith_sdk::driver::POLL_EVERY).
/// struct Stream<S> {
///     bytes: S,
///     started: Instant,
/// }
/// impl<S: Read + Write> Driver for Stream<S> {
///     fn receive(&mut self, connection: &Connection) -> Result<(), LinkError> {
///         let mut buffer = [0; 1024];
///         // A timeout is silence, and silence is no error.
///         let length = self.bytes.read(&mut buffer).unwrap_or(0);
///         connection.feed(&buffer[..length]);
///         connection.set_wall_us(self.started.elapsed().as_micros() as u64);
///         Ok(())
///     }
///     fn send(&mut self, connection: &Connection) -> Result<(), LinkError> {
///         let mut sent = Ok(());
///         connection.take_outgoing(|bytes| sent = self.bytes.write_all(bytes));
///         Ok(sent?)
///     }
/// }
/// ```
pub trait Driver {
    /// Waits for bytes, at most [`POLL_EVERY`] (in lockstep: for the next tick), and hands them and the time to `connection`.
    ///
    /// # Errors
    /// [`LinkError`] where the link is gone for good; silence is none.
    ///
    /// ```no_run
    /// use flightsmith_sdk::{Connection, driver};
    /// let connection = Connection::ground_station();
    /// let mut link = driver::open("udpin://0.0.0.0:14550")?;
    /// while connection.autopilot().is_none() {
    ///     link.receive(&connection)?;
    /// }
    /// # Ok::<(), driver::LinkError>(())
    /// ```
    fn receive(&mut self, connection: &Connection) -> Result<(), LinkError>;
    /// Sends what `connection` has to send; in lockstep this answers the tick.
    ///
    /// # Errors
    /// As [`Driver::receive`].
    ///
    /// ```no_run
    /// use flightsmith_sdk::{Connection, driver};
    /// let connection = Connection::ground_station();
    /// let mut link = driver::open("udpout://192.168.1.20:14550")?;
    /// loop {
    ///     link.receive(&connection)?;
    ///     // Heartbeats, four a second.
    ///     link.send(&connection)?;
    /// }
    /// # #[expect(unreachable_code)]
    /// # Ok::<(), driver::LinkError>(())
    /// ```
    fn send(&mut self, connection: &Connection) -> Result<(), LinkError>;
}

/// Opens a link by its URL:
///
/// | URL | link |
/// |---|---|
/// | `udpin://HOST:PORT` (`udp://:PORT`) | binds; answers whoever sent last, and follows it to another port |
/// | `udpout://HOST:PORT` | sends to this address; its answers may come from any port of that host |
/// | `udpbcast://HOST:PORT` | broadcasts until somebody answers, then sends to whoever answered |
/// | `tcp://HOST:PORT` (`tcpout://`) | connects |
/// | `tcpin://HOST:PORT` | listens for clients; a [`block_on`] talks with whoever spoke last, a [`Network`](crate::network::Network) with all |
/// | `serial://DEVICE:BAUD` | 8N1 without flow control, any rate that the port can do; 57600 without `:BAUD` |
/// | `pipe` | stdin and stdout in real time |
/// | `stdio` | stdin and stdout in lockstep with a simulator's ticks |
///
/// IPv6 addresses stand in brackets (`udpin://[::]:14550`); pymavlink's and MAVProxy's form without `//` is understood too
/// (`tcp:127.0.0.1:5760`). A host's name is looked up as the system does, in a program with glibc inside it in `/etc/hosts`. Links within a process are made by [`MemoryLink::pair`].
///
/// ```
/// use flightsmith_sdk::driver;
/// assert!(driver::open("udpin://127.0.0.1:0").is_ok());
/// let error = driver::open("/dev/ttyACM0").err().unwrap();
/// assert!(error.to_string().contains("serial://DEVICE:BAUD"), "says what it knows");
/// ```
///
/// # Errors
/// [`LinkError::UnknownUrl`] or [`LinkError::Open`].
pub fn open(url: &str) -> Result<Box<dyn Driver>, LinkError> {
    let opened = |source| LinkError::Open { url: url.to_owned(), source };
    match LinkUrl::parse(url)? {
        LinkUrl::Lockstep => Ok(Box::new(Lockstep::stdio().map_err(opened)?)),
        real_time => Ok(Box::new(RealTime::over(real_time.open().map_err(opened)?))),
    }
}

/// Opens the link `url`, runs what `program` makes of its connection on this thread until it ends, and closes the link: all that a
/// script needs. The link moves only while the program is waiting, so a program that hangs sends nothing any more.
///
/// ```no_run
/// use flightsmith_sdk::{driver, prelude::*};
/// let landed_at = driver::run("udpin://0.0.0.0:14540", |connection| async move {
///     let vehicle = connection.ready(Seconds(90.0)).await?;
///     let vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?.land().await?;
///     Ok::<_, FlightError>(vehicle.position())
/// })?;
/// # Ok::<(), driver::RunError<FlightError>>(())
/// ```
///
/// The connection is a companion computer's, see [`Connection::new`]; [`run_as`] takes any other.
///
/// # Errors
/// [`RunError::Link`] where the link cannot be opened or ends, else the program's own error.
pub fn run<T, E, F>(url: &str, program: impl FnOnce(Connection) -> F) -> Result<T, RunError<E>>
where
    F: Future<Output = Result<T, E>>,
{
    run_as(Connection::new(), url, program)
}

/// As [`run`], with a connection of your own: a ground station's, or one with limits set.
///
/// ```no_run
/// use flightsmith_sdk::{Connection, RequestError, driver, units::Seconds};
/// let autopilot = driver::run_as(Connection::ground_station(), "tcp://127.0.0.1:5760", |connection| async move {
///     Ok::<_, RequestError>(connection.system(Seconds(10.0)).await?.autopilot())
/// })?;
/// # Ok::<(), driver::RunError<RequestError>>(())
/// ```
///
/// # Errors
/// As [`run`].
pub fn run_as<T, E, F>(
    connection: Connection,
    url: &str,
    program: impl FnOnce(Connection) -> F,
) -> Result<T, RunError<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut link = open(url)?;
    let future = program(connection.clone());
    block_on(link.as_mut(), &connection, future)?.map_err(RunError::Program)
}

/// Why a program did not end well.
///
/// ```
/// use flightsmith_sdk::{FlightError, driver::{self, RunError}};
/// let ended = driver::run("no-link", |_connection| async { Ok::<(), FlightError>(()) });
/// assert!(matches!(ended, Err(RunError::Link(_))));
/// ```
#[derive(Debug, thiserror::Error)]
pub enum RunError<E> {
    /// The link could not be opened, or ended.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The program's own error.
    #[error(transparent)]
    Program(E),
}

/// Runs `future` on this thread until it ends, with `driver` moving bytes and time.
///
/// # Errors
/// [`LinkError`] where the link is gone for good.
///
/// ```no_run
/// use flightsmith_sdk::{Connection, driver, units::Seconds};
/// let connection = Connection::ground_station();
/// let mut link = driver::open("tcp://127.0.0.1:5760")?;
/// let system = driver::block_on(link.as_mut(), &connection, connection.system(Seconds(10.0)))?.expect("a vehicle");
/// println!("{:?}", system.autopilot());
/// # Ok::<(), driver::LinkError>(())
/// ```
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
pub(crate) struct WallClock(Instant);

impl WallClock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
    pub(crate) fn now_us(&self) -> u64 {
        self.0.elapsed().as_micros() as u64
    }
}
