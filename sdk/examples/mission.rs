//! Uploads a mission, arms, flies it, pauses it on the way and goes on, and tells of every item until the vehicle has landed.
//!
//! `cargo run --example mission -- tcp://127.0.0.1:5760` against `flightsmith sim` or any SITL (PX4: `udpin://127.0.0.1:14540`).
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
use flightsmith_sdk::capability::mission_raw::MissionItem;
use flightsmith_sdk::{Connection, FlightError, System, driver, frame::Altitude, units::Seconds};
use std::process::ExitCode;

const HOME_DEG: (f64, f64) = (47.397_742, 8.545_594);
/// Longest flight, vehicle seconds.
const LIMIT_S: f64 = 300.0;

fn main() -> ExitCode {
    let Some(url) = std::env::args().nth(1) else {
        eprintln!("usage: mission URL");
        return ExitCode::from(2);
    };
    let flown = driver::run_as(Connection::ground_station(), &url, |connection| async move {
        let system = connection.system(Seconds(60.0)).await?;
        fly(&connection, &system).await
    });
    match flown {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn fly(connection: &Connection, system: &System) -> Result<(), FlightError> {
    let (lat_deg, lon_deg) = HOME_DEG;
    let high = Altitude::AboveHome(12.0);
    let mission = system.mission_raw();
    mission
        .upload(&[
            MissionItem::take_off(high),
            MissionItem::waypoint(lat_deg + 4e-4, lon_deg, high),
            MissionItem::waypoint(lat_deg + 4e-4, lon_deg + 4e-4, high).hold(Seconds(2.0)),
            MissionItem::waypoint(lat_deg, lon_deg + 4e-4, high),
            MissionItem::land(lat_deg, lon_deg + 2e-4),
        ])
        .await?;
    let action = system.action();
    action.wait_until_ready(Seconds(90.0)).await?;
    action.arm().await?;
    mission.start().await?;
    let began_s = connection.vehicle_time_s();
    println!("started in {}", connection.mode_name());
    let mut watch = mission.watch().await?;
    let mut paused = false;
    while connection.armed() && connection.vehicle_time_s() < began_s + LIMIT_S {
        let progress = watch.next().await?;
        println!("{:6.1} s {} {progress:?}", connection.vehicle_time_s() - began_s, connection.mode_name());
        if progress.current == Some(2) && !paused {
            paused = true;
            system.sleep(Seconds(2.0)).await?;
            mission.pause().await?;
            system.sleep(Seconds(3.0)).await?;
            let before = action.state().await?;
            system.sleep(Seconds(5.0)).await?;
            let after = action.state().await?;
            let moved_m = before.position.distance_m(&after.position);
            println!("paused in {}: moved {moved_m:.1} m in the 5 s after the first 3", connection.mode_name());
            mission.start().await?;
            println!("going on in {}", connection.mode_name());
        }
        if progress.current == Some(4) && paused {
            break;
        }
    }
    while connection.armed() && connection.vehicle_time_s() < began_s + LIMIT_S {
        system.sleep(Seconds(0.5)).await?;
    }
    println!("{:6.1} s, armed: {}", connection.vehicle_time_s() - began_s, connection.armed());
    println!("last: {:?}", mission.progress());
    for text in connection.status_texts() {
        println!("  {}", text.text);
    }
    Ok(())
}
