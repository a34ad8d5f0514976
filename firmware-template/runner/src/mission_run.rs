//! One mission process: from the link to the exit code.
use crate::Aboard;
use crate::checks::{self, Limits};
use crate::ending::{Ending, say};
use crate::options::Options;
use crate::permission;
use crate::process::Progress;
use crate::way_home;
use flightsmith_sdk::driver::{Driver, LinkError};
use flightsmith_sdk::{Connection, FlightError, Grounded, Landed, Vehicle, units::Seconds};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

/// A mission, whatever its own types are.
pub(crate) type Mission =
    Box<dyn FnOnce(Vehicle<Grounded>) -> Pin<Box<dyn Future<Output = Result<Vehicle<Landed>, FlightError>>>>>;

/// Vehicle seconds for a vehicle to become ready: a real ArduPilot takes 42 s from power-on.
const READY_WITHIN: Seconds = Seconds(120.0);
/// A waiting service waits as long as it takes.
const WAIT_FOREVER: Seconds = Seconds(1e12);

/// Runs `mission` and reports its end.
pub(crate) fn run(
    mission: Mission,
    aboard: Aboard,
    options: &Options,
    link: &mut dyn Driver,
    progress: Option<&Progress>,
) -> ExitCode {
    let connection = Connection::new();
    let limits = match Limits::read(options, aboard.limits_json) {
        Ok(limits) => limits,
        Err(error) => return Ending::refused(crate::ending::chain(&error)).report(0.0),
    };
    connection.set_envelope(limits.envelope.clone());
    connection.set_cruise_speed_m_s(limits.vehicle.cruise_speed_m_s);
    // From the moment that the mission has the vehicle an error is more than a refusal.
    let handed_over = Cell::new(false);
    // Until then a vehicle that flies is somebody else's: the supervisor must not bring it home when this process is stopped.
    let hands_off = |off: bool| {
        if let Some(progress) = progress {
            progress.hands_off.store(off, Ordering::Release);
        }
    };
    hands_off(true);
    let flight = async {
        let vehicle = prepare(&connection, aboard.plan_json, options, &limits).await?;
        handed_over.set(true);
        hands_off(false);
        mission(vehicle).await.map(drop).map_err(Stop::Flight)
    };
    let polled = poll_to_end(link, &connection, Box::pin(flight), progress);
    let ending = match polled {
        Polled::Ended(Ok(())) => Ending::Landed,
        Polled::Ended(Err(Stop::Refused(reason))) => Ending::Refused(reason),
        Polled::Ended(Err(Stop::Flight(error))) => {
            let flew = handed_over.get() && (connection.armed() || !is_refusal(&error));
            Ending::from_error(error, flew)
        }
        Polled::Panicked(reason) => Ending::Panicked(reason),
        Polled::LinkFailed(error) => Ending::LinkFailed(crate::ending::chain(&error)),
    };
    if !matches!(ending, Ending::LinkFailed(_)) && connection.armed() {
        let end = way_home::fly(&mut Counting { link, progress }, &connection);
        say(&format!("mission ended in the air: {end}"));
    }
    ending.report(connection.vehicle_time_s())
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

pub(crate) enum Stop {
    Refused(String),
    Flight(FlightError),
}

/// Everything before the mission: nothing here arms.
async fn prepare(
    connection: &Connection,
    plan_json: &str,
    options: &Options,
    limits: &Limits,
) -> Result<Vehicle<Grounded>, Stop> {
    let refuse = |error: FlightError| Stop::Refused(error.to_string());
    let connect_within = if options.wait { WAIT_FOREVER } else { READY_WITHIN };
    let waiting = options.wait.then(|| permission::Waiting::begin(&options.start_file));
    let mut vehicle = connection.connect(connect_within).await.map_err(refuse)?;
    if let Some(waiting) = &waiting
        && !permission::wait(waiting, &vehicle, connection, &options.start_file).await
    {
        return Err(Stop::Refused("an upload has taken the vehicle over".to_owned()));
    }
    if vehicle.armed() {
        return Err(Stop::Refused("the vehicle is armed already: a mission starts disarmed, on the ground".to_owned()));
    }
    let checked = checks::parameters(&mut vehicle, &limits.vehicle.required_params).await;
    checked.map_err(|error| Stop::Refused(crate::ending::chain(&error)))?;
    let vehicle = vehicle.wait_until_ready(READY_WITHIN).await.map_err(refuse)?;
    let home = vehicle
        .home_here()
        .ok_or_else(|| Stop::Refused("the vehicle has no position to check the plan at".to_owned()))?;
    checks::plan_at_home(plan_json, limits, vehicle.autopilot(), &home)
        .map_err(|error| Stop::Refused(crate::ending::chain(&error)))?;
    say(&format!("ready at {:.6}, {:.6}, {:.1} m", home.lat_deg, home.lon_deg, home.altitude_amsl_m));
    Ok(vehicle)
}

pub(crate) enum Polled {
    Ended(Result<(), Stop>),
    Panicked(String),
    LinkFailed(LinkError),
}

/// A link that counts as progress what moves over it.
struct Counting<'a> {
    link: &'a mut dyn Driver,
    progress: Option<&'a Progress>,
}

impl Driver for Counting<'_> {
    fn receive(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let Some(progress) = self.progress else { return self.link.receive(connection) };
        progress.waiting.store(true, Ordering::Release);
        let received = self.link.receive(connection);
        progress.unanswered_tick.store(connection.pending_tick().unwrap_or(0), Ordering::Release);
        progress.waiting.store(false, Ordering::Release);
        received
    }
    fn send(&mut self, connection: &Connection) -> Result<(), LinkError> {
        let sent = self.link.send(connection);
        if let Some(progress) = self.progress {
            let answered = progress.unanswered_tick.swap(0, Ordering::AcqRel);
            if answered != 0 {
                progress.answered_tick.store(answered, Ordering::Release);
            }
            progress.hands_off.store(!connection.has_authority(), Ordering::Release);
            progress.polls.fetch_add(1, Ordering::AcqRel);
        }
        sent
    }
}

/// Polls until the end, an unwinding panic, or the end of the link.
pub(crate) fn poll_to_end(
    link: &mut dyn Driver,
    connection: &Connection,
    mut flight: Pin<Box<dyn Future<Output = Result<(), Stop>> + '_>>,
    progress: Option<&Progress>,
) -> Polled {
    let mut link = Counting { link, progress };
    let mut context = Context::from_waker(Waker::noop());
    loop {
        let poll = catch_unwind(AssertUnwindSafe(|| flight.as_mut().poll(&mut context)));
        match poll {
            Err(payload) => {
                let reason = payload
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
                    .or_else(|| payload.downcast_ref::<String>().cloned())
                    .unwrap_or_else(|| "without a message".to_owned());
                return Polled::Panicked(reason);
            }
            Ok(Poll::Ready(end)) => {
                if let Err(error) = link.send(connection) {
                    return Polled::LinkFailed(error);
                }
                return Polled::Ended(end);
            }
            Ok(Poll::Pending) => {}
        }
        if let Err(error) = link.send(connection).and_then(|()| link.receive(connection)) {
            return Polled::LinkFailed(error);
        }
    }
}
