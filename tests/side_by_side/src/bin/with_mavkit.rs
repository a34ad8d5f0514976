//! The tasks with mavkit.
use mavkit::{MissionFrame, MissionItem, MissionPlan, MissionType, Vehicle};
use serde_json::json;
use side_by_side::{COMMANDS, LISTEN_S, MISSION_ITEMS, median, ms, place, report, task};
use std::time::{Duration, Instant};

const SET_MESSAGE_INTERVAL: mavlink_of_mavkit::MavCmd = mavlink_of_mavkit::MavCmd::MAV_CMD_SET_MESSAGE_INTERVAL;
mod mavlink_of_mavkit {
    pub use mavkit_mavlink::common::MavCmd;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (task, address) = task();
    let started = Instant::now();
    let vehicle = Vehicle::connect_udp(&address).await?;
    let connected_ms = ms(started);
    match task.as_str() {
        "arm" => {
            vehicle.set_mode_by_name("GUIDED").await?;
            while let Err(error) = vehicle.arm(false).await {
                if started.elapsed() > Duration::from_secs(90) {
                    return Err(error.into());
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            vehicle.takeoff(3.0).await?;
            // ArduPilot streams nothing unasked, and mavkit asks for nothing.
            vehicle.command_long(SET_MESSAGE_INTERVAL, [33.0, 100_000.0, 0.0, 0.0, 0.0, 0.0, 0.0]).await?;
            let mut telemetry = vehicle.telemetry();
            while telemetry.borrow_and_update().altitude_m.is_none_or(|height_m| height_m < 2.6) {
                telemetry.changed().await?;
            }
            let [lat_deg, lon_deg] = place(0);
            vehicle.goto(lat_deg, lon_deg, 3.0).await?;
            tokio::time::sleep(Duration::from_millis(300)).await;
            report(&json!({ "connected_ms": connected_ms }));
        }
        "commands" => {
            let mut times = Vec::new();
            let mut failed = 0;
            for _ in 0..COMMANDS {
                let asked = Instant::now();
                let params = [30.0, 20_000.0, 0.0, 0.0, 0.0, 0.0, 0.0];
                match vehicle.command_long(SET_MESSAGE_INTERVAL, params).await {
                    Ok(()) => times.push(ms(asked)),
                    Err(_) => failed += 1,
                }
            }
            report(&json!({ "median_ms": median(&mut times), "worst_ms": times.last(), "failed": failed }));
        }
        "params" => {
            let asked = Instant::now();
            let store = vehicle.params().download_all().await?;
            report(&json!({ "ms": ms(asked), "count": store.params.len() }));
        }
        "mission" => {
            let items = (0..MISSION_ITEMS).map(item).collect();
            let plan = MissionPlan { mission_type: MissionType::Mission, home: None, items };
            let asked = Instant::now();
            vehicle.mission().upload(plan.clone()).await?;
            let uploaded_ms = ms(asked);
            let asked = Instant::now();
            let back = vehicle.mission().download(MissionType::Mission).await?;
            let same = back.items.len() == plan.items.len()
                && back.items.iter().zip(&plan.items).all(|(a, b)| (a.x - b.x).abs() <= 1 && (a.y - b.y).abs() <= 1);
            report(&json!({ "upload_ms": uploaded_ms, "download_ms": ms(asked), "same": same }));
        }
        "listen" => {
            vehicle.command_long(SET_MESSAGE_INTERVAL, [30.0, 20_000.0, 0.0, 0.0, 0.0, 0.0, 0.0]).await?;
            vehicle.command_long(SET_MESSAGE_INTERVAL, [33.0, 20_000.0, 0.0, 0.0, 0.0, 0.0, 0.0]).await?;
            let mut attitude = vehicle.attitude();
            let (mut count, until) = (0_u64, Instant::now() + Duration::from_secs(LISTEN_S));
            while Instant::now() < until {
                tokio::time::timeout(Duration::from_secs(2), attitude.changed()).await??;
                count += 1;
            }
            report(&json!({ "updates": count }));
        }
        other => return Err(format!("no task {other}").into()),
    }
    Ok(())
}

fn item(n: usize) -> MissionItem {
    let [lat_deg, lon_deg] = place(n);
    MissionItem {
        seq: n as u16,
        command: 16,
        frame: MissionFrame::GlobalRelativeAltInt,
        current: n == 0,
        autocontinue: true,
        param1: 0.0,
        param2: 0.0,
        param3: 0.0,
        param4: 0.0,
        x: (lat_deg * 1e7).round() as i32,
        y: (lon_deg * 1e7).round() as i32,
        z: 20.0,
    }
}
