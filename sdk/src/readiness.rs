//! Before take-off: hearing the autopilot, asking for its messages, waiting until it can be armed, with a diagnosis when not.
use crate::autopilot::{self, Mode};
use crate::connection::Connection;
use crate::error::{FlightError, RequestError};
use crate::flight::Flight;
use crate::pace::Pace;
use crate::rates;
use crate::session::Link;
use crate::shared::Boxed;
use crate::telemetry::Micros;
use crate::vehicle::{Grounded, Vehicle};
use crate::wire::incoming::id;
use alloc::boxed::Box;
use alloc::{format, string::String};
use core::{future::poll_fn, task::Poll};
use flightsmith_mission::{units::Seconds, vehicle::Autopilot};

/// MAV_SEVERITY_WARNING.
const WARNING: u8 = 4;

impl Connection {
    /// Waits for an autopilot's heartbeat, asks for the messages that a flight needs, and waits until the vehicle says that it
    /// can be armed; `limit` is vehicle time for all of it (a real ArduPilot needs 42 s from power-on).
    ///
    /// # Errors
    /// [`FlightError::NoHeartbeat`] where nobody is heard, [`FlightError::NotReady`] with the reason.
    ///
    /// ```no_run
    /// use flightsmith_sdk::{driver, prelude::*};
    /// let connection = Connection::new();
    /// let mut link = driver::open("udpin://0.0.0.0:14540").unwrap();
    /// let vehicle = driver::block_on(link.as_mut(), &connection, connection.ready(Seconds(90.0))).unwrap();
    /// ```
    pub async fn ready(&self, limit: Seconds) -> Result<Vehicle<Grounded>, FlightError> {
        let vehicle = self.connect(limit).await?;
        vehicle.wait_until_ready(limit).await
    }

    /// Waits for an autopilot's heartbeat and asks for the messages that a flight needs; it need not be ready yet.
    ///
    /// # Errors
    /// [`FlightError::NoHeartbeat`] where nobody is heard within `limit`.
    ///
    /// ```no_run
    /// use flightsmith_sdk::prelude::*;
    /// # async fn example(connection: &Connection) -> Result<(), FlightError> {
    /// // Not ready yet, but what stands there can be looked at.
    /// let vehicle = connection.connect(Seconds(10.0)).await?;
    /// println!("{:?}, {} satellites", vehicle.mode(), vehicle.telemetry().gps().map_or(0, |gps| gps.satellites.unwrap_or(0)));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect(&self, limit: Seconds) -> Result<Vehicle<Grounded>, FlightError> {
        let autopilot = hear(self.link(), limit).await?;
        // A pilot who took the last flight over has landed it by now; one who flies keeps the vehicle.
        self.link().with(|core| {
            if !core.telemetry.armed() {
                core.authority.begin();
            }
        });
        let mut flight = Flight::new(self.link().clone(), autopilot);
        request_rates(&mut flight, autopilot).await?;
        Ok(Vehicle::new(flight))
    }
}

/// Waits for an autopilot's heartbeat.
pub(crate) async fn hear(link: &Link, limit: Seconds) -> Result<Autopilot, RequestError> {
    let started = link.now_us();
    let deadline = started + (limit.0 * 1e6) as Micros;
    let autopilot = poll_fn(|context| {
        link.keep_waker(context.waker());
        match link.with(|core| core.peer) {
            Some(peer) => Poll::Ready(Some(peer.autopilot)),
            None if link.now_us() >= deadline || link.is_closed() => Poll::Ready(None),
            None => Poll::Pending,
        }
    })
    .await;
    autopilot.ok_or_else(|| {
        let statistics = link.with(|core| core.decoder.statistics);
        RequestError::NoHeartbeat {
            waited_s: (link.now_us() - started) as f64 * 1e-6,
            bytes_received: statistics.bytes_received,
            messages_received: statistics.messages_received,
        }
    })
}

/// Asks for the messages that a flight needs; a refusal (an autopilot that does not know one) is no error, what is missing shows later.
pub(crate) fn request_rates<'a, P: Pace>(pace: &'a mut P, autopilot: Autopilot) -> Boxed<'a, Result<(), P::Error>> {
    Box::pin(async move { rates::ask_all(pace, autopilot::rates(autopilot)).await })
}

impl Vehicle<Grounded> {
    /// Waits until the vehicle says that it can be armed.
    ///
    /// # Errors
    /// [`FlightError::NotReady`] with what was missing and the autopilot's own words.
    ///
    /// ```no_run
    /// use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: Vehicle<Grounded>) -> Result<(), FlightError> {
    /// match vehicle.wait_until_ready(Seconds(60.0)).await {
    ///     Err(FlightError::NotReady { reason, .. }) => println!("{reason}"),
    ///     ready => drop(ready?.arm_and_take_off(AboveHome(10.0)).await?.land().await?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait_until_ready(mut self, limit: Seconds) -> Result<Vehicle<Grounded>, FlightError> {
        self.flight.wait_ready(limit.0).await?;
        Ok(self)
    }
}

impl Flight {
    pub(crate) fn wait_ready(&mut self, limit_s: f64) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let autopilot = self.autopilot;
            // PX4 goes back to OFFBOARD after a flight in it, and is not ready there without a stream of set-points (seen). Any other mode
            // is somebody's choice, and only arming changes it.
            let left_over = autopilot == Autopilot::Px4 && self.in_mode(Mode::Guided);
            if left_over && !self.link.with(|core| core.telemetry.armed()) {
                self.set_mode(Mode::Ready).await?;
            }
            let is_ready = |flight: &mut Flight| {
                flight.link.with(|core| autopilot::missing(autopilot, &core.telemetry, core.clock.now_us())).is_none()
            };
            if self.step_until(limit_s, is_ready).await? {
                return Ok(());
            }
            Err(self.not_ready(limit_s))
        })
    }

    /// The error that says what is missing for arming.
    pub(crate) fn not_ready(&self, waited_s: f64) -> FlightError {
        self.link.with(|core| {
            let now = core.clock.now_us();
            let missing = autopilot::missing(self.autopilot, &core.telemetry, now).unwrap_or("arming refused");
            let telemetry = &core.telemetry;
            let nothing_but_heartbeats =
                telemetry.local.is_none() && telemetry.global.is_none() && telemetry.health.is_none();
            let missing: String = if nothing_but_heartbeats {
                let silence = core.rates.silence(id::LOCAL_POSITION_NED);
                format!("nothing but heartbeats comes; LOCAL_POSITION_NED: {silence}")
            } else {
                missing.into()
            };
            let text = core.texts.joined_since(now.saturating_sub(60_000_000), WARNING);
            let reason: String =
                if text.is_empty() { missing } else { format!("{missing}; the autopilot says: {text}") };
            FlightError::NotReady { waited_s, reason }
        })
    }
}
