//! Waiting, disarmed, for the pilot's switch to the mode in which missions fly. It is the only permission that a chip knows: power alone
//! starts no flight, and neither does a mode that stood already.
use flightsmith_sdk::{Autopilot, Connection, Grounded, Vehicle};

/// The mode whose choice by the pilot means "start".
fn agreed_mode(autopilot: Autopilot) -> &'static str {
    match autopilot {
        Autopilot::ArduPilot => "GUIDED",
        Autopilot::Px4 => "OFFBOARD",
    }
}

/// Ends when the pilot has switched to the agreed mode, seen from another one, on a disarmed vehicle that is heard.
pub(crate) async fn wait(vehicle: &Vehicle<Grounded>, connection: &Connection) {
    let agreed = agreed_mode(vehicle.autopilot());
    let mut was_in_other_mode = false;
    crate::chip::log::line(format_args!("waiting for the pilot's switch to {agreed}"));
    loop {
        if vehicle.armed() || connection.silent_s() >= 2.0 {
            was_in_other_mode = false;
        } else if vehicle.mode() != agreed {
            was_in_other_mode = true;
        } else if was_in_other_mode {
            return;
        }
        connection.next_step().await;
    }
}
