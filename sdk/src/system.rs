//! A system on the network, for hand-written programs and scripts: the handle that all capabilities are reached from.
//!
//! Missions get a [`Vehicle`](crate::Vehicle) instead, which cannot reach what is dangerous in flight.
use crate::command::{self, Outcome, Repeat, Request};
use crate::connection::Connection;
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::pace::{self, Waiter};
use crate::readiness;
use crate::session::{Core, Link};
use crate::telemetry::Micros;
use flightsmith_mission::{units::Seconds, vehicle::Autopilot};

/// One remote system: cheap to clone, and with `std` free to move between threads and tasks.
///
/// ```no_run
/// use flightsmith_sdk::{Connection, driver, prelude::*};
/// let connection = Connection::ground_station();
/// let mut link = driver::open("tcp://127.0.0.1:5760").unwrap();
/// let system = driver::block_on(link.as_mut(), &connection, connection.system(Seconds(10.0))).unwrap().unwrap();
/// println!("{:?} with system id {}", system.autopilot(), system.system_id());
/// ```
#[derive(Debug, Clone)]
pub struct System {
    link: Link,
    autopilot: Autopilot,
    system_id: u8,
}

impl Connection {
    /// Waits for an autopilot's heartbeat and asks for the messages that telemetry is made of.
    ///
    /// # Errors
    /// [`RequestError::NoHeartbeat`] where nobody is heard within `limit`.
    ///
    /// ```no_run
    /// use flightsmith_sdk::{Connection, RequestError, units::Seconds};
    /// # async fn example(connection: &Connection) -> Result<(), RequestError> {
    /// match connection.system(Seconds(10.0)).await {
    ///     // The numbers tell a wrong port (no bytes) from a wrong baud rate (bytes, and no messages).
    ///     Err(RequestError::NoHeartbeat { bytes_received, messages_received, .. }) => {
    ///         println!("{bytes_received} bytes, {messages_received} messages");
    ///     }
    ///     system => println!("{:?}", system?.autopilot()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn system(&self, limit: Seconds) -> Result<System, RequestError> {
        let autopilot = readiness::hear(self.link(), limit).await?;
        let system_id = self.link().with(|core| core.peer.map_or(0, |peer| peer.system));
        readiness::request_rates(&mut Waiter(self.link().clone()), autopilot).await?;
        Ok(System { link: self.link().clone(), autopilot, system_id })
    }
}

impl System {
    /// Which autopilot flies it.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::Autopilot;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let name = match system.autopilot() {
    ///     Autopilot::ArduPilot => "RTL_ALT",
    ///     Autopilot::Px4 => "RTL_RETURN_ALT",
    /// };
    /// println!("{}", system.param().get(name).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn autopilot(&self) -> Autopilot {
        self.autopilot
    }
    /// Its MAVLink system id.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// println!("vehicle {}", system.system_id());
    /// # Ok(())
    /// # }
    /// ```
    pub fn system_id(&self) -> u8 {
        self.system_id
    }
    /// Waits for `duration` of vehicle time.
    ///
    /// # Errors
    /// [`RequestError::LinkLost`] where the vehicle falls silent meanwhile.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.camera().start_video().await?;
    /// system.sleep(Seconds(10.0)).await?;
    /// system.camera().stop_video().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn sleep(&self, duration: Seconds) -> Result<(), RequestError> {
        let until = self.deadline_us(duration);
        while self.link.now_us() < until {
            pace::Pace::step(&mut self.waiter()).await?;
        }
        Ok(())
    }

    pub(crate) fn link(&self) -> &Link {
        &self.link
    }
    pub(crate) fn waiter(&self) -> Waiter {
        Waiter(self.link.clone())
    }
    /// Listens for messages; at most `capacity` unread ones are kept.
    pub(crate) fn listen(&self, ids: &[u32], capacity: usize) -> Inbox {
        Inbox::open(&self.link, ids, capacity)
    }
    pub(crate) fn deadline_us(&self, within: Seconds) -> Micros {
        self.link.now_us() + (within.0.max(0.0) * 1e6) as Micros
    }
    /// Waits until `until` says so, through silence too; says whether it did within `limit`.
    pub(crate) async fn wait_for(&self, limit: Seconds, mut until: impl FnMut(&Core) -> bool) -> bool {
        let (start_us, start_wall_us) = self.link.with(|core| (core.clock.now_us(), core.clock.wall_us()));
        let limit_us = (limit.0.max(0.0) * 1e6) as u64;
        loop {
            let (done, now_us, wall_us) =
                self.link.with(|core| (until(core), core.clock.now_us(), core.clock.wall_us()));
            // A vehicle that is silent has no time; the wall clock goes on.
            if done || now_us.saturating_sub(start_us).max(wall_us.saturating_sub(start_wall_us)) >= limit_us {
                return done;
            }
            pace::time_passed(&self.link).await;
        }
    }
    /// Asks again for the messages that telemetry is made of.
    pub(crate) async fn ask_for_rates(&self) -> Result<(), RequestError> {
        readiness::request_rates(&mut self.waiter(), self.autopilot).await
    }
    /// Sends a command and waits for its end, repeating it freely.
    pub(crate) async fn command(&self, request: Request) -> Result<(), RequestError> {
        command::command(&mut self.waiter(), request).await
    }
    /// Sends a command; `repeat` says whether it may be sent again without looking.
    pub(crate) async fn command_outcome(&self, request: Request, repeat: Repeat) -> Result<Outcome, RequestError> {
        command::command_outcome(&mut self.waiter(), request, repeat).await
    }
}
