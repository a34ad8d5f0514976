//! Fifty vehicles of both flavours in one process: all their streams over one link thread, each flown by a task of its own.
mod aloft;

use aloft::{End, Fleet, vehicle};
use flightsmith_sdk::driver::MemoryLink;
use flightsmith_sdk::network::Network;
use flightsmith_sdk::prelude::*;
use std::collections::BTreeSet;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

const VEHICLES: u8 = 50;
/// Longest that the whole test may take, wall time; a busy machine is slow.
const LIMIT: Duration = Duration::from_secs(150);

fn flavour(system_id: u8) -> Autopilot {
    if system_id.is_multiple_of(2) { Autopilot::Px4 } else { Autopilot::ArduPilot }
}

/// Processor seconds of this thread's whole process, and of the thread `mavlink` alone, as Linux counts them.
fn cpu_s(of_link_thread: bool) -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let mut ticks = 0.0;
    for task in tasks {
        let folder = task.unwrap().path();
        let Ok(stat) = std::fs::read_to_string(folder.join("stat")) else { continue };
        let name = std::fs::read_to_string(folder.join("comm")).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        if !of_link_thread || name.trim() == "mavlink" {
            ticks += fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
        }
    }
    ticks / 100.0
}

fn resident_mb() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 4096.0 / 1e6
}

async fn up_and_down(connection: Connection) -> Result<f64, FlightError> {
    let vehicle = connection.ready(Seconds(60.0)).await?;
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(5.0)).await?;
    vehicle.go_to(vehicle.position().towards(Degrees(0.0), Metres(5.0))).await?;
    let highest_m = vehicle.altitude().0;
    vehicle.land().await.map(|_landed| highest_m)
}

/// In memory and as fast as the machine allows: what counts is that every vehicle flies its own flight.
#[test]
fn fifty_flights_at_once() {
    let mut builder = Network::builder();
    let mut vehicles = Vec::new();
    for system_id in 1..=VEHICLES {
        let (ours, theirs) = MemoryLink::pair().unwrap();
        builder = builder.memory_link(ours);
        vehicles.push((vehicle(flavour(system_id), system_id), End::Memory(theirs)));
    }
    let (network, started) = (builder.spawn().unwrap(), Instant::now());
    let _fleet = Fleet::launch(vehicles, 2.0);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let landed = runtime.block_on(async {
        let mut flights = tokio::task::JoinSet::new();
        for _ in 0..VEHICLES {
            let connection = network.next_system(Seconds(30.0)).await.expect("another vehicle");
            let system_id = connection.system_id().expect("met");
            flights.spawn(async move { (system_id, up_and_down(connection).await) });
        }
        tokio::time::timeout(LIMIT, flights.join_all()).await.expect("all land in time")
    });
    let mut ids = BTreeSet::new();
    for (system_id, flight) in landed {
        let highest_m = flight.unwrap_or_else(|error| panic!("vehicle {system_id}: {error}"));
        assert!((highest_m - 5.0).abs() < 1.0, "vehicle {system_id} at {highest_m:.1} m");
        assert!(ids.insert(system_id));
    }
    assert_eq!(ids.len(), usize::from(VEHICLES));
    let received: u64 = network.links().iter().map(|link| link.received.messages_received).sum();
    let lost: u64 = network.links().iter().map(|link| link.received.messages_lost).sum();
    let (link_s, wall_s) = (cpu_s(true), started.elapsed().as_secs_f64());
    eprintln!(
        "{received} messages in {wall_s:.1} s ({:.0}/s), {lost} lost; link thread {link_s:.2} s of processor ({:.1} us a message), \
         {:.0} MB resident with the simulators",
        received as f64 / wall_s,
        link_s / received as f64 * 1e6,
        resident_mb(),
    );
}

/// Real sockets in real time: one UDP port for all, every stream heard at its rate.
#[test]
fn fifty_vehicles_on_one_udp_port() {
    let probe = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = probe.local_addr().unwrap();
    drop(probe);
    let network = Network::builder().link(&format!("udpin://{address}")).spawn().unwrap();
    let vehicles = (1..=VEHICLES).map(|id| (vehicle(flavour(id), id), End::udp(address))).collect();
    let _fleet = Fleet::launch(vehicles, 1.0);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut meetings = tokio::task::JoinSet::new();
        for _ in 0..VEHICLES {
            let connection = network.next_system(Seconds(30.0)).await.expect("another vehicle");
            meetings.spawn(async move { connection.system(Seconds(30.0)).await.map(drop) });
        }
        let met = tokio::time::timeout(LIMIT, meetings.join_all()).await.expect("all answer in time");
        assert_eq!(met.into_iter().collect::<Result<Vec<_>, _>>().map(|met| met.len()), Ok(usize::from(VEHICLES)));
    });
    let heard = || -> Vec<u64> {
        let autopilots = network.heard().into_iter().filter(|sender| sender.component == 1);
        autopilots.map(|sender| sender.messages_received).collect()
    };
    let (before, cpu_before, started) = (heard(), cpu_s(true), Instant::now());
    aloft::wait::wait_for("three seconds of all streams", || started.elapsed() > Duration::from_secs(3));
    let (after, link_s, wall_s) = (heard(), cpu_s(true) - cpu_before, started.elapsed().as_secs_f64());
    assert_eq!(after.len(), usize::from(VEHICLES));
    let total: u64 = after.iter().zip(&before).map(|(after, before)| after - before).sum();
    eprintln!(
        "{:.0} messages a second from {VEHICLES} vehicles; link thread {:.1} % of a core; {:.0} MB resident with the simulators",
        total as f64 / wall_s,
        100.0 * link_s / wall_s,
        resident_mb(),
    );
    // The simulators share the machine with other tests: slow is no failure, silence of any one vehicle is.
    for (after, before) in after.iter().zip(&before) {
        assert!(after - before > 30, "{} messages in {wall_s:.1} s", after - before);
    }
    assert!(network.heard().iter().all(|sender| sender.silent_s < 3.0));
}
