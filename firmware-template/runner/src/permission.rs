//! Waiting, disarmed, for the word to start: a file that `flightsmith start` writes, or the pilot's switch to the agreed mode.
//! Never starts in the air, and never by what was there before it began to wait: no restart or reboot resumes a flight.
use crate::ending::say;
use flightsmith_sdk::{Autopilot, Connection, Grounded, Vehicle};
use std::path::Path;
use std::time::SystemTime;

/// The mode whose choice by the pilot means "start": the one in which missions fly.
fn agreed_mode(autopilot: Autopilot) -> &'static str {
    match autopilot {
        Autopilot::ArduPilot => "GUIDED",
        Autopilot::Px4 => "OFFBOARD",
    }
}

/// Ends when the start is permitted.
pub(crate) async fn wait(vehicle: &Vehicle<Grounded>, connection: &Connection, start_file: &Path) {
    let waiting_since = SystemTime::now();
    let agreed = agreed_mode(vehicle.autopilot());
    // A mode that stands already was not chosen now.
    let mut was_in_other_mode = false;
    say(&format!("waiting for {} or the pilot's switch to {agreed}", start_file.display()));
    loop {
        let armed = vehicle.armed();
        if !armed && connection.silent_s() < 2.0 {
            if file_is_new(start_file, waiting_since) {
                // Used up: a restart must not find it again.
                match std::fs::remove_file(start_file) {
                    Ok(()) => return,
                    Err(error) => say(&format!("cannot use up {}: {error}", start_file.display())),
                }
            }
            let in_agreed_mode = vehicle.mode() == agreed;
            if in_agreed_mode && was_in_other_mode {
                return;
            }
            was_in_other_mode |= !in_agreed_mode;
        } else {
            was_in_other_mode = false;
        }
        connection.next_step().await;
    }
}

fn file_is_new(path: &Path, since: SystemTime) -> bool {
    std::fs::metadata(path).and_then(|metadata| metadata.modified()).is_ok_and(|modified| modified > since)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn only_a_new_file_counts() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("start");
        let now = SystemTime::now();
        assert!(!file_is_new(&file, now));
        std::fs::write(&file, "").unwrap();
        assert!(file_is_new(&file, now - Duration::from_secs(10)));
        assert!(!file_is_new(&file, now + Duration::from_secs(10)));
    }
}
