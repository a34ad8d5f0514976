//! One run: from the link to the end.
use crate::black_box::{self, LastLife};
use crate::chip::{Place, log, time, uart, watchdog};
use crate::ending::Ending;
use crate::limits::Limits;
use crate::{checks, permission, way_home};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use core::cell::Cell;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use embassy_futures::select::{Either, select};
use embassy_time::Timer;
use flightsmith_sdk::{Connection, FlightError, Grounded, Landed, Vehicle, units::Seconds};

/// A mission, whatever its own types are.
pub(crate) type Mission =
    Box<dyn FnOnce(Vehicle<Grounded>) -> Pin<Box<dyn Future<Output = Result<Vehicle<Landed>, FlightError>>>>>;

/// Vehicle seconds for a vehicle to become ready: a real ArduPilot takes 42 s from power-on.
const READY_WITHIN: Seconds = Seconds(120.0);
/// On the vehicle it waits as long as it takes.
const WAIT_FOREVER: Seconds = Seconds(1e12);
/// Longest wait for bytes: the SDK wants to know the time at least every 20 ms.
const LOOK_EVERY_MS: u64 = 10;

/// The link over the UART, in the pace of its place.
pub(crate) struct Link {
    place: Place,
    buffer: [u8; 256],
}

impl Link {
    /// Waits for bytes or for time to pass, and tells the connection of both; in lockstep, until the tick is complete.
    pub(crate) async fn receive(&mut self, connection: &Connection) {
        watchdog::waits(true);
        match self.place {
            Place::Lockstep => {
                while connection.pending_tick().is_none() {
                    let length = uart::read(&mut self.buffer).await;
                    connection.feed_lockstep(&self.buffer[..length]);
                }
                black_box::set_unanswered_tick(connection.pending_tick().unwrap_or(0));
            }
            Place::RealTime => {
                let came = select(uart::read(&mut self.buffer), Timer::after_millis(LOOK_EVERY_MS)).await;
                if let Either::First(length) = came {
                    connection.feed(&self.buffer[..length]);
                }
                connection.set_wall_us(time::now_ms() * 1000);
            }
        }
        watchdog::waits(false);
    }

    /// Sends what the connection has to send; in lockstep this answers the tick.
    pub(crate) fn send(&mut self, connection: &Connection) {
        if self.place == Place::Lockstep {
            if connection.pending_tick().is_none() {
                return;
            }
            connection.answer_tick();
        }
        connection.take_outgoing(uart::write);
        black_box::set_unanswered_tick(0);
    }
}

/// Runs the mission, or brings home what the life before this one left in the air, and says how it ended.
pub(crate) async fn run(
    mission: Mission,
    limits: &'static Limits,
    place: Place,
    last_life: Option<LastLife>,
) -> Ending {
    let mut link = Link { place, buffer: [0; 256] };
    let connection = Connection::new();
    let ending = match last_life {
        Some(last) => take_over(&mut link, &connection, last).await,
        None => fly(&mut link, &connection, mission, limits).await,
    };
    log::line(format_args!("{}", ending.line(connection.vehicle_time_s())));
    ending
}

async fn take_over(link: &mut Link, connection: &Connection, last: LastLife) -> Ending {
    log::line(format_args!("taking over: {}", last.reason));
    if last.give_up {
        return Ending::TakenOver(format!("{}; too often: the autopilot's failsafe has the vehicle", last.reason));
    }
    if let Some(tick) = last.unanswered_tick {
        // The life before took this tick with it; the simulator still waits for its answer.
        connection.expect_answer(tick);
    }
    let end = way_home::take_over(link, connection, last.hands_off).await;
    Ending::TakenOver(format!("{}; {end}", last.reason))
}

async fn fly(link: &mut Link, connection: &Connection, mission: Mission, limits: &'static Limits) -> Ending {
    connection.set_envelope(limits.envelope.clone());
    connection.set_cruise_speed_m_s(limits.cruise_speed_m_s);
    // From the moment that the mission has the vehicle an error is more than a refusal.
    let handed_over = Cell::new(false);
    let place = link.place;
    let ended = {
        let flight = Box::pin(async {
            let vehicle = prepare(connection, place, limits).await?;
            handed_over.set(true);
            black_box::mission_begins();
            mission(vehicle).await.map(drop).map_err(Stop::Flight)
        });
        poll_to_end(link, connection, flight).await
    };
    let ending = match ended {
        Ok(()) => Ending::Landed,
        Err(Stop::Refused(reason)) => Ending::Refused(reason),
        Err(Stop::Flight(error)) => {
            let flew = handed_over.get() && (connection.armed() || !is_refusal(&error));
            Ending::from_error(error, flew)
        }
    };
    if handed_over.get() && connection.armed() {
        let end = way_home::fly(link, connection).await;
        log::line(format_args!("mission ended in the air: {end}"));
    }
    ending
}

/// Errors that come before anything was armed.
fn is_refusal(error: &FlightError) -> bool {
    matches!(
        error,
        FlightError::NotReady { .. }
            | FlightError::Refused { .. }
            | FlightError::NoAnswer { .. }
            | FlightError::OutsideEnvelope { .. }
    )
}

enum Stop {
    Refused(String),
    Flight(FlightError),
}

/// Everything before the mission: nothing here arms.
async fn prepare(connection: &Connection, place: Place, limits: &Limits) -> Result<Vehicle<Grounded>, Stop> {
    let refuse = |error: FlightError| Stop::Refused(error.to_string());
    let connect_within = if place == Place::Lockstep { READY_WITHIN } else { WAIT_FOREVER };
    let mut vehicle = connection.connect(connect_within).await.map_err(refuse)?;
    if vehicle.armed() {
        return Err(Stop::Refused("the vehicle is armed already: a mission starts disarmed, on the ground".into()));
    }
    if place == Place::RealTime {
        permission::wait(&vehicle, connection).await;
    }
    let faults = checks::parameters(&mut vehicle, limits).await.map_err(refuse)?;
    if !faults.is_empty() {
        let count = faults.len();
        let list = faults.join("; ");
        return Err(Stop::Refused(format!("{count} of the vehicle's parameters are not as they must be: {list}")));
    }
    let vehicle = vehicle.wait_until_ready(READY_WITHIN).await.map_err(refuse)?;
    if vehicle.home_here().is_none() {
        return Err(Stop::Refused("the vehicle has no position".into()));
    }
    log::line(format_args!("ready, {}", limits.vehicle));
    Ok(vehicle)
}

/// Polls until the end.
async fn poll_to_end(
    link: &mut Link,
    connection: &Connection,
    mut flight: Pin<Box<dyn Future<Output = Result<(), Stop>> + '_>>,
) -> Result<(), Stop> {
    let mut context = Context::from_waker(Waker::noop());
    loop {
        let poll = flight.as_mut().poll(&mut context);
        black_box::set_hands_off(!connection.has_authority());
        link.send(connection);
        if let Poll::Ready(end) = poll {
            return end;
        }
        link.receive(connection).await;
    }
}
