//! One link and one vehicle on a thread of their own.
use super::{LinkReport, Network};
use crate::Connection;
use crate::driver::LinkError;

/// A link that runs on a thread of its own until this is dropped, and the connection over it.
///
/// ```no_run
/// use flightsmith_sdk::{driver, prelude::*};
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// // Under tokio, smol, or anything that polls futures:
/// let link = driver::spawn("udpin://0.0.0.0:14540")?;
/// let vehicle = link.connection().ready(Seconds(90.0)).await?;
/// let vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
/// vehicle.land().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct RunningLink {
    connection: Connection,
    network: Network,
}

/// Opens `url` and keeps the link alive on a thread of its own, reconnecting where it ends; the connection is a companion
/// computer's, see [`RunningLink::with`] for any other.
///
/// An autopilot that restarted has forgotten which messages it was asked for (seen with a real ArduCopter: after the link was back it
/// sent its heartbeat and little else). They are asked for again by themselves, 2 s after it was heard without them.
///
/// # Errors
/// A URL that is none, a port that is taken, a link in lockstep ([`LinkError::LockstepInBackground`]).
///
/// ```no_run
/// use flightsmith_sdk::{driver, units::Seconds};
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let link = driver::spawn("serial:///dev/ttyAMA0:921600")?;
/// let system = link.connection().system(Seconds(10.0)).await?;
/// println!("{:?}", system.telemetry().battery());
/// # Ok(())
/// # }
/// ```
pub fn spawn(url: &str) -> Result<RunningLink, LinkError> {
    RunningLink::with(Connection::new(), url)
}

impl RunningLink {
    /// As [`spawn`], with a connection of your own.
    ///
    /// ```
    /// use flightsmith_sdk::{Connection, network::RunningLink};
    /// let link = RunningLink::with(Connection::ground_station(), "udpin://127.0.0.1:0").unwrap();
    /// assert!(link.report().is_up);
    /// ```
    ///
    /// # Errors
    /// As [`spawn`].
    pub fn with(connection: Connection, url: &str) -> Result<Self, LinkError> {
        let network = Network::builder().single(connection.clone()).link(url).spawn()?;
        Ok(Self { connection, network })
    }
    /// The connection, from which vehicles and systems come; clone it freely.
    ///
    /// ```
    /// use flightsmith_sdk::driver;
    /// let link = driver::spawn("udpin://127.0.0.1:0")?;
    /// let connection = link.connection().clone();
    /// assert!(connection.autopilot().is_none(), "nobody was heard yet");
    /// # Ok::<(), driver::LinkError>(())
    /// ```
    pub fn connection(&self) -> &Connection {
        &self.connection
    }
    /// What the link has carried so far.
    ///
    /// ```
    /// use flightsmith_sdk::driver;
    /// let link = driver::spawn("udpin://127.0.0.1:0")?;
    /// let report = link.report();
    /// assert_eq!((report.reconnects, report.received.messages_received), (0, 0));
    /// # Ok::<(), driver::LinkError>(())
    /// ```
    pub fn report(&self) -> LinkReport {
        self.network.links().remove(0)
    }
}
