//! The tasks with flightsmith-sdk.
use flightsmith_sdk::capability::mission_raw::MissionItem;
use flightsmith_sdk::capability::telemetry::Position;
use flightsmith_sdk::prelude::*;
use flightsmith_sdk::{Attitude, System, driver};
use serde_json::{Value, json};
use side_by_side::{COMMANDS, LISTEN_S, MISSION_ITEMS, median, ms, place, report, task};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (task, address) = task();
    let started = Instant::now();
    let connection = Connection::ground_station();
    let mut link = driver::open(&format!("udpin://{address}"))?;
    let answer = driver::block_on(link.as_mut(), &connection, async {
        let system = connection.system(Seconds(30.0)).await?;
        let connected_ms = ms(started);
        do_task(&task, &system, connected_ms).await
    })??;
    report(&answer);
    Ok(())
}

async fn do_task(task: &str, system: &System, connected_ms: f64) -> Result<Value, FlightError> {
    Ok(match task {
        "arm" => {
            system.action().wait_until_ready(Seconds(90.0)).await?;
            system.action().arm().await?;
            system.action().take_off(AboveHome(3.0)).await?;
            let mut offboard = system.offboard().await?;
            offboard.fly(VelocityNed::STILL, Seconds(0.3)).await?;
            json!({ "connected_ms": connected_ms })
        }
        "commands" => {
            let (mut times, mut failed) = (Vec::new(), 0);
            for n in 0..COMMANDS {
                let asked = Instant::now();
                // Another rate each time, of whole milliseconds: ArduPilot has no others, and ours asks again for a rate that it did not get.
                let hz = if n % 2 == 0 { 50.0 } else { 40.0 };
                match system.telemetry().set_rate_hz::<Attitude>(hz).await {
                    Ok(_) => times.push(ms(asked)),
                    Err(_) => failed += 1,
                }
            }
            json!({ "median_ms": median(&mut times), "worst_ms": times.last(), "failed": failed })
        }
        "params" => {
            let asked = Instant::now();
            let all = system.param().list().await?;
            json!({ "ms": ms(asked), "count": all.len() })
        }
        "mission" => {
            let items: Vec<MissionItem> = (0..MISSION_ITEMS)
                .map(|n| {
                    let [lat_deg, lon_deg] = place(n);
                    MissionItem::waypoint(lat_deg, lon_deg, Altitude::AboveHome(20.0))
                })
                .collect();
            let asked = Instant::now();
            system.mission_raw().upload(&items).await?;
            let upload_ms = ms(asked);
            let asked = Instant::now();
            let back = system.mission_raw().download().await?;
            // A degree times 1e7 on the wire: the same place is one that is written the same.
            let same = back.len() == items.len()
                && back.iter().zip(&items).all(|(a, b)| format!("{:.6?}", a.place) == format!("{:.6?}", b.place));
            json!({ "upload_ms": upload_ms, "download_ms": ms(asked), "same": same })
        }
        "listen" => {
            system.telemetry().set_rate_hz::<Attitude>(50.0).await?;
            system.telemetry().set_rate_hz::<Position>(50.0).await?;
            let mut attitudes = system.telemetry().stream::<Attitude>();
            let (mut count, started) = (0_u64, Instant::now());
            while started.elapsed().as_secs() < LISTEN_S {
                attitudes.next().await?;
                count += 1;
            }
            json!({ "updates": count })
        }
        other => panic!("no task {other}"),
    })
}
