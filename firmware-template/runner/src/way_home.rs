//! When the mission cannot go on: the autopilot's return to launch, heartbeats until it is down, hands off where a pilot flies.
use flightsmith_sdk::{Connection, driver::Driver};

/// Vehicle seconds until heartbeats end too, and wall-clock-like silence after which nobody is there.
const LIMIT_S: f64 = 600.0;
const SILENT_LIMIT_S: f64 = 60.0;
/// How long to listen for the vehicle's state after taking over.
const LISTEN_S: f64 = 5.0;
const COMMAND_EVERY_S: f64 = 1.0;

/// What became of the vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Down,
    NeverHeard,
    StillFlying,
    LinkGone,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            End::Down => "the vehicle is down and disarmed",
            End::NeverHeard => "the vehicle was not heard",
            End::StillFlying => "the vehicle still flies",
            End::LinkGone => "the link is gone",
        })
    }
}

/// Goes on from a mission that failed, with its own connection.
pub(crate) fn fly(link: &mut dyn Driver, connection: &Connection) -> End {
    let mut next_command_s = 0.0;
    fly_until_down(link, connection, |connection, now_s| {
        if now_s >= next_command_s {
            // Refuses by itself where a pilot or a failsafe has the vehicle.
            connection.command_return();
            next_command_s = now_s + COMMAND_EVERY_S;
        }
    })
}

/// Takes a link over from a dead mission process: listens first, commands only a vehicle that flies in a mode of ours.
pub(crate) fn take_over(link: &mut dyn Driver, connection: &Connection, hands_off: bool) -> End {
    let mut next_command_s = 0.0;
    let mut commanded = false;
    fly_until_down(link, connection, |connection, now_s| {
        let ours = commanded || (!hands_off && connection.in_commanded_mode());
        if ours && now_s >= next_command_s {
            commanded |= connection.command_return();
            next_command_s = now_s + COMMAND_EVERY_S;
        }
    })
}

fn fly_until_down(link: &mut dyn Driver, connection: &Connection, mut act: impl FnMut(&Connection, f64)) -> End {
    let started_s = connection.vehicle_time_s();
    let mut listening_since_s = None;
    loop {
        let now_s = connection.vehicle_time_s();
        act(connection, now_s);
        if link.send(connection).is_err() || link.receive(connection).is_err() {
            return End::LinkGone;
        }
        if connection.autopilot().is_none() {
            // A lockstep clock starts anywhere: measure from the first time that was seen.
            let since_s = *listening_since_s.get_or_insert(now_s.max(connection.vehicle_time_s()));
            if now_s - since_s > LISTEN_S {
                return End::NeverHeard;
            }
            continue;
        }
        if !connection.armed() {
            // What was decided in this step still goes out.
            let _ = link.send(connection);
            return End::Down;
        }
        if now_s - started_s > LIMIT_S || connection.silent_s() > SILENT_LIMIT_S {
            return End::StillFlying;
        }
    }
}
