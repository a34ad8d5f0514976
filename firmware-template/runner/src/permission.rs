//! Waiting, disarmed, for the word to start: a file that `flightsmith start` writes, or the pilot's switch to the agreed mode.
//! Never starts in the air, and never by what was there before it began to wait: no restart or reboot resumes a flight.
//!
//! While it waits, a file `waiting` lies beside the start file. It is taken away before the mission goes on; whoever else takes it
//! away first (an upload that is about to stop this process) has the vehicle, and the mission ends without a flight.
use crate::ending::say;
use flightsmith_sdk::{Autopilot, Connection, Grounded, Vehicle};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The mode whose choice by the pilot means "start": the one in which missions fly.
fn agreed_mode(autopilot: Autopilot) -> &'static str {
    match autopilot {
        Autopilot::ArduPilot => "GUIDED",
        Autopilot::Px4 => "OFFBOARD",
    }
}

/// The sign that this process waits on the ground.
pub(crate) struct Waiting {
    sign: PathBuf,
}

impl Waiting {
    /// Puts the sign up. A folder that cannot be written is told of; then nobody can stop the mission by the sign.
    pub(crate) fn begin(start_file: &Path) -> Self {
        let sign = start_file.with_file_name("waiting");
        if let Err(error) = std::fs::write(&sign, format!("{}\n", std::process::id())) {
            say(&format!("cannot write {}: {error}", sign.display()));
            return Self { sign: PathBuf::new() };
        }
        Self { sign }
    }
    /// Takes the sign down to go on; false if somebody else has taken it.
    fn go_on(&self) -> bool {
        self.sign.as_os_str().is_empty() || std::fs::remove_file(&self.sign).is_ok()
    }
}

/// Ends when the start is permitted; false if the vehicle was taken from this mission meanwhile.
pub(crate) async fn wait(
    waiting: &Waiting,
    vehicle: &Vehicle<Grounded>,
    connection: &Connection,
    start_file: &Path,
) -> bool {
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
                    Ok(()) => return waiting.go_on(),
                    Err(error) => say(&format!("cannot use up {}: {error}", start_file.display())),
                }
            }
            let in_agreed_mode = vehicle.mode() == agreed;
            if in_agreed_mode && was_in_other_mode {
                return waiting.go_on();
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
    fn the_sign_can_be_taken_once() {
        let directory = tempfile::tempdir().unwrap();
        let waiting = Waiting::begin(&directory.path().join("start"));
        let sign = directory.path().join("waiting");
        assert!(sign.is_file());
        assert!(waiting.go_on());
        assert!(!sign.exists());
        assert!(!waiting.go_on(), "somebody else has taken it");
        assert!(Waiting::begin(Path::new("/nonexistent/start")).go_on());
    }

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
