//! The dead man's switch at a hundred random instants of each kind: kills and stops, in both flavours, in lockstep and against the wall
//! clock. The flights themselves are `firmware-template/runner/tests/deadman.rs`.
use std::process::Command;

/// Against the wall clock a flight takes a minute, so there are fewer; many fly at once.
const REAL_TIME_EACH: &str = "25";
const EACH: &str = "100";

#[derive(Debug, thiserror::Error)]
pub enum DeadmanError {
    #[error("cargo could not be started")]
    Start(#[source] std::io::Error),
    #[error("not every vehicle was at rest or on its way home in time, see above")]
    Unsafe,
}

/// Runs the campaigns; `arguments` (`--each N`, `--seed S`, `--jobs J`) go to both.
pub fn run(arguments: &[String]) -> Result<(), DeadmanError> {
    for real_time in [false, true] {
        let mut given = vec!["--each".to_owned(), if real_time { REAL_TIME_EACH } else { EACH }.to_owned()];
        if arguments.iter().any(|argument| argument == "--each") {
            given.clear();
        }
        given.extend_from_slice(arguments);
        if real_time {
            given.push("--real-time".to_owned());
        }
        let status = Command::new("cargo")
            .args(["test", "--quiet", "--package", "flightsmith-runner", "--test", "deadman", "--"])
            .args(given)
            .status()
            .map_err(DeadmanError::Start)?;
        if !status.success() {
            return Err(DeadmanError::Unsafe);
        }
    }
    Ok(())
}
