//! When the mission cannot go on: the autopilot's return to launch, heartbeats until it is down, hands off where a pilot flies.
use crate::mission_run::Link;
use core::fmt;
use flightsmith_sdk::Connection;

/// Vehicle seconds until heartbeats end too, and silence after which nobody is there.
const LIMIT_S: f64 = 600.0;
const SILENT_LIMIT_S: f64 = 60.0;
/// How long to listen for the vehicle's state after a reset.
const LISTEN_S: f64 = 5.0;
const COMMAND_EVERY_S: f64 = 1.0;

/// What became of the vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Down,
    NeverHeard,
    StillFlying,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            End::Down => "the vehicle is down and disarmed",
            End::NeverHeard => "the vehicle was not heard",
            End::StillFlying => "the vehicle still flies",
        })
    }
}

/// Goes on from a mission that failed, with its own connection.
pub(crate) async fn fly(link: &mut Link, connection: &Connection) -> End {
    // The command refuses by itself where a pilot or a failsafe has the vehicle.
    fly_until_down(link, connection, |connection| {
        connection.command_return();
    })
    .await
}

/// Takes the vehicle over from the life before: listens first, commands only a vehicle that flies in a mode of ours.
pub(crate) async fn take_over(link: &mut Link, connection: &Connection, hands_off: bool) -> End {
    let mut commanded = false;
    fly_until_down(link, connection, |connection| {
        if commanded || (!hands_off && connection.in_commanded_mode()) {
            commanded |= connection.command_return();
        }
    })
    .await
}

async fn fly_until_down(link: &mut Link, connection: &Connection, mut act: impl FnMut(&Connection)) -> End {
    let started_s = connection.vehicle_time_s();
    let mut next_command_s = 0.0;
    let mut listening_since_s = None;
    loop {
        let now_s = connection.vehicle_time_s();
        if now_s >= next_command_s {
            act(connection);
            next_command_s = now_s + COMMAND_EVERY_S;
        }
        link.send(connection);
        link.receive(connection).await;
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
            link.send(connection);
            return End::Down;
        }
        if now_s - started_s > LIMIT_S || connection.silent_s() > SILENT_LIMIT_S {
            return End::StillFlying;
        }
    }
}
