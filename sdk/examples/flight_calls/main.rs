//! Flies every action and every kind of set-point on a simulated vehicle, and says what came of each:
//! `cargo run --release -p flightsmith-sdk --example flight_calls -- tcp://127.0.0.1:5760`. `--reboot` ends
//! with a reboot. Not for a real vehicle.
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
#[path = "calls.rs"]
mod calls;
use flightsmith_sdk::units::Seconds;
use flightsmith_sdk::{Connection, driver};
use std::process::ExitCode;

fn main() -> ExitCode {
    let url = std::env::args().nth(1).unwrap_or_else(|| "tcp://127.0.0.1:5760".to_owned());
    match run(&url) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failed) => {
            println!("{failed} failed");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(url: &str) -> Result<usize, Box<dyn std::error::Error>> {
    let connection = Connection::ground_station();
    connection.set_envelope(calls::envelope());
    let mut link = driver::open(url)?;
    let calls = driver::block_on(link.as_mut(), &connection, async {
        let system = connection.system(Seconds(30.0)).await?;
        println!("{:?} with system id {}", system.autopilot(), system.system_id());
        let clock = connection.clone();
        let mut tell = move |call: &calls::Call| {
            let verdict = if call.passed { "pass" } else { "FAIL" };
            println!("{:7.1} s  {verdict}  {:<42} {}", clock.vehicle_time_s(), call.name, call.seen);
        };
        let mut calls = calls::fly_all(&system, &mut tell).await;
        if std::env::args().any(|argument| argument == "--reboot") {
            calls.push(calls::reboot(&system, &mut tell).await);
        }
        Ok::<_, flightsmith_sdk::RequestError>(calls)
    })??;
    Ok(calls.iter().filter(|call| !call.passed).count())
}
