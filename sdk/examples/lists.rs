//! What a vehicle keeps: parameters, mission, geofence, rally points, files, logs. Reads all, writes a little and puts it back.
//!
//! `cargo run --example lists -- tcp://127.0.0.1:5760` against `flightsmith sim` or any SITL (PX4: `udpin://127.0.0.1:14540`).
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
use flightsmith_sdk::capability::ftp::EntryKind;
use flightsmith_sdk::capability::geofence::{FenceArea, GroundPoint, Keep};
use flightsmith_sdk::capability::mission_raw::MissionItem;
use flightsmith_sdk::capability::rally::RallyPoint;
use flightsmith_sdk::{Autopilot, Connection, RequestError, System, driver, frame::Altitude, units::Seconds};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(url) = std::env::args().nth(1) else {
        eprintln!("usage: lists URL");
        return ExitCode::from(2);
    };
    let toured = driver::run_as(Connection::ground_station(), &url, |connection| async move {
        let system = connection.system(Seconds(30.0)).await?;
        println!("{:?}, system {}", system.autopilot(), system.system_id());
        parameters(&system).await?;
        mission(&system).await?;
        fence_and_rally(&system).await?;
        files(&system).await?;
        logs(&system).await
    });
    match toured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn parameters(system: &System) -> Result<(), RequestError> {
    let param = system.param();
    let all = param.list().await?;
    println!("{} parameters, the first {} = {}", all.len(), all[0].name, all[0].value);
    let (name, other) = match system.autopilot() {
        Autopilot::ArduPilot => ("RTL_CLIMB_MIN", "FENCE_MARGIN"),
        Autopilot::Px4 => ("COM_DISARM_LAND", "MPC_XY_CRUISE"),
    };
    for name in [name, other] {
        let before = param.get_float(name).await?;
        param.set_float(name, before + 1.0).await?;
        println!("{name}: {before}, set to {}, put back", param.get_float(name).await?);
        param.set_float(name, before).await?;
    }
    let integer = if system.autopilot() == Autopilot::Px4 { "MIS_TKO_LAND_REQ" } else { "LOG_DISARMED" };
    let before = param.get_int(integer).await?;
    param.set_int(integer, before + 1).await?;
    println!("{integer}: {before}, set to {}, put back", param.get(integer).await?);
    param.set_int(integer, before).await?;
    match param.get("NO_SUCH_NAME").await {
        Err(error @ RequestError::Missing { .. }) => println!("{error}"),
        other => println!("unexpected: {other:?}"),
    }
    Ok(())
}

async fn mission(system: &System) -> Result<(), RequestError> {
    let mission = system.mission_raw();
    let before = mission.download().await?;
    let high = Altitude::AboveHome(12.0);
    let items = [
        MissionItem::take_off(high),
        MissionItem::waypoint(47.398_101, 8.545_594, high).hold(Seconds(1.0)),
        MissionItem::change_speed(flightsmith_sdk::units::MetresPerSecond(4.0)),
        MissionItem::waypoint(47.398_101, 8.546_124, high),
        MissionItem::jump_to(1, 1),
        MissionItem::return_to_launch(),
    ];
    mission.upload(&items).await?;
    let read = mission.download().await?;
    println!("mission: {} items before, {} uploaded, {} read", before.len(), items.len(), read.len());
    for (index, item) in read.iter().enumerate() {
        println!("  {index} {item:?}");
    }
    mission.set_current(3).await?;
    println!("current: {:?}", mission.progress());
    match mission.set_current(20).await {
        Err(error) => println!("{error}"),
        Ok(()) => println!("unexpected: item 20 is current"),
    }
    let bad = [items[0], MissionItem::command(9999, [0.0; 4], items[1].place)];
    match mission.upload(&bad).await {
        Err(error) => println!("{error}"),
        Ok(()) => println!("unexpected: command 9999 was taken"),
    }
    mission.upload(&before).await
}

async fn fence_and_rally(system: &System) -> Result<(), RequestError> {
    let fence = system.geofence();
    let before = fence.download().await?;
    let at = |lat_deg, lon_deg| GroundPoint { lat_deg, lon_deg };
    let areas = [
        FenceArea::Polygon {
            keep: Keep::In,
            corners: vec![at(47.39, 8.53), at(47.41, 8.53), at(47.41, 8.56), at(47.39, 8.56)],
        },
        FenceArea::Circle { keep: Keep::Out, centre: at(47.405, 8.55), radius_m: 25.0 },
    ];
    fence.upload(&areas).await?;
    println!("fence: {} areas before, now {:?}", before.len(), fence.download().await?);
    fence.upload(&before).await?;
    let rally = system.rally();
    let before = rally.download().await?;
    rally.upload(&[RallyPoint { lat_deg: 47.398, lon_deg: 8.546, altitude: Altitude::AboveHome(20.0) }]).await?;
    println!("rally points: {} before, now {:?}", before.len(), rally.download().await?);
    rally.upload(&before).await
}

async fn files(system: &System) -> Result<(), RequestError> {
    let ftp = system.ftp();
    let (root, generated) = match system.autopilot() {
        Autopilot::ArduPilot => ("/", Some("@SYS/uarts.txt")),
        Autopilot::Px4 => ("/", None),
    };
    let entries = ftp.list_directory(root).await?;
    println!("{root}: {} entries, {:?}", entries.len(), entries.first());
    let content: Vec<u8> = (0..5000_u32).map(|n| (n * n / 7) as u8).collect();
    let path = "/flightsmith_example.bin";
    ftp.upload(path, &content).await?;
    let read = ftp.download(path).await?;
    println!("{path}: {} bytes written, read back the same: {}", content.len(), read == content);
    ftp.rename(path, "/flightsmith_renamed.bin").await?;
    ftp.remove_file("/flightsmith_renamed.bin").await?;
    match ftp.download(path).await {
        Err(error) => println!("{error}"),
        Ok(_) => println!("unexpected: it is still there"),
    }
    ftp.create_directory("/flightsmith_example").await?;
    println!("made again: {:?}", ftp.create_directory("/flightsmith_example").await.map_err(|error| error.to_string()));
    ftp.remove_directory("/flightsmith_example").await?;
    if let Some(generated) = generated {
        println!("{generated}: {} bytes", ftp.download(generated).await?.len());
        println!("@PARAM/param.pck: {} bytes", ftp.download("@PARAM/param.pck").await?.len());
    }
    let largest = entries.iter().filter_map(|entry| match entry.kind {
        EntryKind::File { bytes } => Some((bytes, &entry.name)),
        EntryKind::Directory => None,
    });
    if let Some((bytes, name)) = largest.filter(|(bytes, _)| *bytes < 5_000_000).max() {
        let read = ftp.download(&format!("/{name}")).await?;
        println!("/{name}: {bytes} bytes listed, {} read", read.len());
    }
    Ok(())
}

async fn logs(system: &System) -> Result<(), RequestError> {
    let logs = system.log_files();
    let list = logs.list().await?;
    println!("{} logs: {list:?}", list.len());
    if let Some(log) = list.iter().min_by_key(|log| log.bytes) {
        let mut last = 0;
        let content = logs.download_reporting(log, |progress| last = progress.done).await?;
        println!("log {}: {} bytes listed, {} read, progress ended at {last}", log.id, log.bytes, content.len());
    }
    Ok(())
}
