//! Parameters, missions, fences, rally points and files against vehicles that we did not write: pymavlink's codec with every seventh
//! message lost, and MAVSDK's server plugins. `tests/setup` installs both; one that is missing fails here.
use flightsmith_sdk::capability::ftp::{DirectoryEntry, EntryKind};
use flightsmith_sdk::capability::geofence::{FenceArea, GroundPoint, Keep};
use flightsmith_sdk::capability::mission_raw::MissionItem;
use flightsmith_sdk::capability::param::ParamValue;
use flightsmith_sdk::capability::rally::RallyPoint;
use flightsmith_sdk::{Autopilot, Connection, RequestError, System, driver, frame::Altitude, units::Seconds};
use flightsmith_tests::{Guarded, python, root};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Command, Stdio};

const HIGH: Altitude = Altitude::AboveHome(15.0);

fn free_udp_port() -> u16 {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn peer(script: &str, args: &[&str]) -> Guarded {
    let script = root().join("tests/peers").join(script);
    let child = Command::new(python()).arg("-Wignore").arg(script).args(args).stdout(Stdio::piped()).spawn();
    Guarded(child.expect("python starts"))
}

fn mission() -> Vec<MissionItem> {
    let mut items = vec![MissionItem::take_off(HIGH)];
    items.extend((0..9).map(|n| MissionItem::waypoint(47.39 + f64::from(n) * 1e-3, 8.545, HIGH)));
    items.push(MissionItem::jump_to(1, 2));
    items.push(MissionItem::return_to_launch());
    items
}

fn content(length: usize) -> Vec<u8> {
    (0..length as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

#[test]
fn pymavlink_keeps_lists_in_both_flavours() {
    for (flavour, autopilot) in [("ardupilot", Autopilot::ArduPilot), ("px4", Autopilot::Px4)] {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_udp_port());
        let mut link = driver::open(&format!("udpin://127.0.0.1:{port}")).unwrap();
        let _peer = peer("lists_vehicle.py", &[flavour, &port.to_string(), folder.path().to_str().unwrap()]);
        let connection = Connection::ground_station();
        let all = async {
            let system = connection.system(Seconds(20.0)).await?;
            assert_eq!(system.autopilot(), autopilot);
            parameters(&system, 151 + if autopilot == Autopilot::Px4 { 0 } else { 2 }).await?;
            items(&system).await?;
            files(&system, folder.path()).await
        };
        driver::block_on(link.as_mut(), &connection, all).unwrap().unwrap_or_else(|error| panic!("{flavour}: {error}"));
    }
}

async fn parameters(system: &System, count: usize) -> Result<(), RequestError> {
    let param = system.param();
    assert_eq!(param.get_int("PEER_INT").await?, -70_000);
    let all = param.list().await?;
    assert_eq!(all.len(), count);
    assert_eq!((all[10].name.as_str(), all[10].value), ("PEER_010", ParamValue::Float(5.0)));
    param.set_int("PEER_INT", 65_537).await?;
    param.set_float("PEER_003", -0.1).await?;
    assert_eq!((param.get_int("PEER_INT").await?, param.get_float("PEER_003").await?), (65_537, -0.1));
    if system.autopilot() == Autopilot::ArduPilot {
        param.set_int("PEER_INT8", -128).await?;
        assert_eq!(param.get("PEER_INT8").await?, ParamValue::Int8(-128));
        assert_eq!(param.get("PEER_INT16").await?, ParamValue::Int16(1500));
    }
    let missing = param.get("PEER_NONE").await.expect_err("there is none");
    assert!(matches!(missing, RequestError::Missing { .. }), "{missing}");
    Ok(())
}

async fn items(system: &System) -> Result<(), RequestError> {
    let raw = system.mission_raw();
    let sent = mission();
    raw.upload(&sent).await?;
    let read = raw.download().await?;
    let commands = |items: &[MissionItem]| items.iter().map(|item| item.command).collect::<Vec<_>>();
    assert_eq!(commands(&read), commands(&sent));
    assert_eq!(read[10].params, sent[10].params, "the jump goes to the user's item");
    raw.set_current(4).await?;
    let nowhere = MissionItem::command(50_000, [0.0; 4], sent[3].place);
    let refused = raw.upload(&[sent[0], sent[1], nowhere]).await.expect_err("no such command");
    assert!(matches!(refused, RequestError::ItemRefused { item: 2, result: "UNSUPPORTED", .. }), "{refused}");
    let at = |lat_deg, lon_deg| GroundPoint { lat_deg, lon_deg };
    let areas = [
        FenceArea::Polygon {
            keep: Keep::In,
            corners: vec![at(47.3, 8.5), at(47.4, 8.5), at(47.4, 8.6), at(47.3, 8.6)],
        },
        FenceArea::Circle { keep: Keep::Out, centre: at(47.35, 8.55), radius_m: 20.0 },
    ];
    system.geofence().upload(&areas).await?;
    assert_eq!(system.geofence().download().await?, areas);
    let points = [RallyPoint { lat_deg: 47.36, lon_deg: 8.56, altitude: Altitude::Amsl(520.0) }];
    system.rally().upload(&points).await?;
    assert_eq!(system.rally().download().await?, points);
    assert_eq!(raw.download().await?.len(), sent.len(), "the fence did not touch the mission");
    raw.clear().await?;
    assert_eq!(raw.download().await?, []);
    assert_eq!(system.geofence().download().await?.len(), 2);
    Ok(())
}

async fn files(system: &System, folder: &Path) -> Result<(), RequestError> {
    let ftp = system.ftp();
    let large = content(150_000);
    fs::write(folder.join("large.bin"), &large).unwrap();
    assert!(ftp.download("/large.bin").await? == large, "another content");
    assert_eq!(ftp.checksum("/large.bin").await?, flightsmith_sdk::capability::ftp::crc32(&large));
    ftp.create_directory("/scripts").await?;
    let script = content(3_000);
    ftp.upload("/scripts/a.lua", &script).await?;
    assert!(fs::read(folder.join("scripts/a.lua")).unwrap() == script, "another content");
    ftp.rename("/scripts/a.lua", "/scripts/b.lua").await?;
    let entry = DirectoryEntry { name: "b.lua".into(), kind: EntryKind::File { bytes: 3_000 } };
    assert_eq!(ftp.list_directory("/scripts").await?, [entry]);
    ftp.remove_file("/scripts/b.lua").await?;
    ftp.remove_directory("/scripts").await?;
    let missing = ftp.download("/scripts/b.lua").await.expect_err("it is removed");
    assert!(matches!(missing, RequestError::Missing { .. }), "{missing}");
    Ok(())
}

#[test]
fn mavsdk_servers_keep_parameters_missions_and_files() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_udp_port());
    let grpc = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut link = driver::open(&format!("udpin://127.0.0.1:{port}")).unwrap();
    let ports = [port, free_udp_port(), grpc].map(|port| port.to_string());
    let arguments = [&ports[0], &ports[1], &ports[2], folder.path().to_str().unwrap()];
    let mut server = peer("mavsdk_lists.py", &arguments);
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    let connection = Connection::ground_station();
    let lists = async {
        let system = connection.system(Seconds(20.0)).await?;
        parameters_of_mavsdk(&system).await?;
        system.mission_raw().upload(&mission()).await?;
        files(&system, folder.path()).await
    };
    driver::block_on(link.as_mut(), &connection, lists).unwrap().unwrap();
    let arrived = lines.next().unwrap().unwrap();
    assert!(arrived.starts_with("mission 12 [22, 16, 16, 16, 16, 16, 16, 16, 16, 16, 177, 20]"), "{arrived}");
    assert!(arrived.contains("473930000"), "{arrived}");
}

async fn parameters_of_mavsdk(system: &System) -> Result<(), RequestError> {
    let param = system.param();
    assert_eq!(param.get_int("PEER_INT").await?, -70_000);
    let all = param.list().await?;
    assert_eq!(all.len(), 61);
    param.set_int("PEER_INT", 65_537).await?;
    param.set_float("PEER_003", -0.1).await?;
    assert_eq!((param.get_int("PEER_INT").await?, param.get_float("PEER_003").await?), (65_537, -0.1));
    Ok(())
}
