//! Several links and vehicles in one network: who gets what, and what must not go in circles.
#[path = "aloft/wait.rs"]
mod wait;
mod spoken;

use flightsmith_sdk::driver::MemoryLink;
use flightsmith_sdk::network::{Network, NetworkBuilder};
use flightsmith_sdk::{Connection, Version, units::Seconds};
use mavlink::dialects::ardupilotmega as mav;
use spoken::{Voice, Word, heartbeat, words};
use std::io::{Read, Write};
use std::task::{Context, Waker};
use std::time::Duration;
use wait::wait_for;

const HEARTBEAT: u32 = 0;
const COMMAND_LONG: u32 = 76;
const GROUND: u8 = 254;

/// The far end of a link, with all that came there.
struct Far {
    end: MemoryLink,
    came: Vec<u8>,
}

impl Far {
    fn say(&mut self, bytes: &[u8]) {
        self.end.write_all(bytes).unwrap();
    }
    fn heard(&mut self) -> Vec<Word> {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = self.end.read(&mut buffer) {
            self.came.extend_from_slice(&buffer[..length]);
        }
        words(&self.came)
    }
    fn heard_from(&mut self, system: u8, id: u32) -> usize {
        self.heard().iter().filter(|word| (word.system, word.id) == (system, id)).count()
    }
}

fn network<const N: usize>(mut builder: NetworkBuilder) -> (Network, [Far; N]) {
    let ends = std::array::from_fn(|_| {
        let (ours, theirs) = MemoryLink::pair().unwrap();
        builder = std::mem::take(&mut builder).memory_link(ours);
        Far { end: theirs, came: Vec::new() }
    });
    (builder.spawn().unwrap(), ends)
}

fn poll_once<F: Future>(future: F) {
    let mut future = std::pin::pin!(future);
    let _pending = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
}

fn command(target: u8) -> mav::COMMAND_LONG_DATA {
    mav::COMMAND_LONG_DATA { target_system: target, target_component: 1, ..Default::default() }
}

/// Long enough for anything that was on its way.
fn settle() {
    std::thread::sleep(Duration::from_millis(120));
}

#[test]
fn each_vehicle_is_spoken_to_where_it_is() {
    let (network, [mut one, mut other]) = network(Network::builder());
    // Three vehicles, two of them on one link.
    one.say(&[Voice::of(1).say(&heartbeat()), Voice::of(2).say(&heartbeat())].concat());
    other.say(&Voice::of(3).say(&heartbeat()));
    wait_for("three vehicles", || network.systems().len() == 3);
    for connection in network.systems() {
        poll_once(connection.system(Seconds(5.0)));
    }
    let targets = |far: &mut Far| {
        let commands = far.heard().into_iter().filter(|word| word.id == COMMAND_LONG);
        let mut targets: Vec<u8> = commands.map(|word| word.payload[30]).collect();
        targets.sort_unstable();
        // Connecting asks for all rates at once.
        targets.dedup();
        targets
    };
    wait_for("commands", || targets(&mut one).len() == 2 && targets(&mut other).len() == 1);
    settle();
    assert_eq!((targets(&mut one), targets(&mut other)), (vec![1, 2], vec![3]));
    // Two connections share the first link, yet number their frames as one sender, without a gap.
    let sequences: Vec<u8> = one.heard().iter().map(|word| word.sequence).collect();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)), "{sequences:?}");
}

#[test]
fn a_vehicle_is_announced_once_and_one_may_wait_for_it_in_advance() {
    let (network, [mut one]) = network(Network::builder());
    let seven = network.connection(7);
    let mut voice = Voice::of(7);
    // A camera, a ground station and an unknown autopilot are no vehicles.
    one.say(&voice.say_as(100, &mav::HEARTBEAT_DATA { mavtype: mav::MavType::MAV_TYPE_CAMERA, ..heartbeat() }));
    one.say(&Voice::of(GROUND).say_as(190, &mav::HEARTBEAT_DATA::default()));
    settle();
    assert!(network.systems().is_empty());
    (0..3).for_each(|_| one.say(&voice.say(&heartbeat())));
    wait_for("it is heard", || seven.system_id() == Some(7));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let met = runtime.block_on(network.next_system(Seconds(5.0)));
    assert_eq!(met.unwrap().system_id(), Some(7));
    let started = std::time::Instant::now();
    assert!(runtime.block_on(network.next_system(Seconds(0.2))).is_none(), "only once");
    assert!((0.2..2.0).contains(&started.elapsed().as_secs_f64()));
}

#[test]
fn a_vehicle_that_moves_to_another_link_is_followed() {
    let (network, [mut radio, mut cable]) = network(Network::builder());
    let mut voice = Voice::of(1);
    radio.say(&voice.say(&heartbeat()));
    wait_for("it is met", || network.systems().len() == 1);
    wait_for("it is spoken to", || radio.heard_from(255, HEARTBEAT) > 2);
    // The radio falls silent, the cable does not.
    wait_for("it is spoken to there", || {
        cable.say(&voice.say(&heartbeat()));
        std::thread::sleep(Duration::from_millis(50));
        cable.heard_from(255, HEARTBEAT) > 6
    });
    let before = radio.heard_from(255, HEARTBEAT);
    let at_cable = cable.heard_from(255, HEARTBEAT);
    wait_for("more heartbeats", || cable.heard_from(255, HEARTBEAT) > at_cable + 4);
    // One a second remains: the network's own, which keeps links alive.
    assert!(radio.heard_from(255, HEARTBEAT) <= before + 3);
}

#[test]
fn forwarding_brings_ground_stations_and_vehicles_together() {
    for forwards in [true, false] {
        let (network, [mut vehicle, mut ground, mut other]) =
            network(Network::builder().forwarding(forwards).ids(245, 190));
        let (mut voice, mut station, mut second) = (Voice::of(1), Voice::of(GROUND), Voice::of(2));
        vehicle.say(&voice.say(&heartbeat()));
        other.say(&second.say(&heartbeat()));
        ground.say(&station.say_as(190, &mav::HEARTBEAT_DATA::default()));
        wait_for("both vehicles", || network.systems().len() == 2 && network.heard().len() == 3);
        // Broadcasts to all others, a command only to where its vehicle is, an answer only to who asked; what is meant for us stays.
        vehicle.say(&voice.say(&heartbeat()));
        ground.say(&station.say_as(190, &command(1)));
        let answer = mav::COMMAND_ACK_DATA { target_system: GROUND, target_component: 190, ..Default::default() };
        vehicle.say(&voice.say(&answer));
        vehicle.say(&voice.say(&mav::COMMAND_ACK_DATA {
            target_system: 245,
            target_component: 190,
            ..Default::default()
        }));
        ground.say(&station.say_as(190, &command(99)));
        let n = usize::from(forwards);
        wait_for("what is to pass", || ground.heard_from(1, 77) >= n && vehicle.heard_from(GROUND, COMMAND_LONG) >= n);
        settle();
        assert_eq!(ground.heard_from(1, 77), n, "the answer, forwarding {forwards}");
        assert_eq!(vehicle.heard_from(GROUND, COMMAND_LONG), n, "the command for it, and no other");
        assert_eq!((other.heard_from(GROUND, COMMAND_LONG), other.heard_from(1, 77)), (0, 0));
        assert!(ground.heard_from(1, HEARTBEAT) >= n && ground.heard_from(1, HEARTBEAT) <= 2 * n);
        assert!(other.heard_from(1, HEARTBEAT) >= n);
        assert_eq!(vehicle.heard_from(1, HEARTBEAT), 0, "nothing comes back to its sender");
    }
}

/// Two routers that are joined by two links: without care every broadcast would run in circles for ever.
#[test]
fn a_loop_between_routers_carries_each_frame_once() {
    let joints = [MemoryLink::pair().unwrap(), MemoryLink::pair().unwrap()];
    let (vehicle_end, vehicle) = MemoryLink::pair().unwrap();
    let (ground_end, ground) = MemoryLink::pair().unwrap();
    let mut left = Network::builder().forwarding(true).ids(241, 190).memory_link(vehicle_end);
    let mut right = Network::builder().forwarding(true).ids(242, 190).memory_link(ground_end);
    for (one, other) in joints {
        left = left.memory_link(one);
        right = right.memory_link(other);
    }
    let (left, right) = (left.spawn().unwrap(), right.spawn().unwrap());
    let (mut vehicle, mut ground) = (Far { end: vehicle, came: Vec::new() }, Far { end: ground, came: Vec::new() });
    let mut voice = Voice::of(1);
    for _ in 0..40 {
        vehicle.say(&voice.say(&heartbeat()));
        std::thread::sleep(Duration::from_millis(5));
    }
    wait_for("all of it has come", || ground.heard_from(1, HEARTBEAT) >= 40);
    settle();
    assert_eq!(ground.heard_from(1, HEARTBEAT), 40, "each once");
    assert_eq!(vehicle.heard_from(1, HEARTBEAT), 0);
    assert!(right.links().iter().map(|link| link.messages_repeated).sum::<u64>() > 0);
    let sent = |network: &Network| network.links().iter().map(|link| link.messages_sent).sum::<u64>();
    assert!(sent(&left) + sent(&right) < 300, "{} and {}", sent(&left), sent(&right));
}

#[test]
fn statistics_by_link_and_by_sender() {
    let (network, [mut one]) = network(Network::builder());
    let mut voice = Voice::of(1);
    one.say(&voice.say(&heartbeat()));
    let _lost = [voice.say(&heartbeat()), voice.say(&heartbeat()), voice.say(&heartbeat())];
    one.say(&voice.say(&heartbeat()));
    one.say(b"noise");
    one.say(&voice.say(&heartbeat()));
    wait_for("three of six", || network.heard().iter().any(|sender| sender.messages_received == 3));
    let (report, sender) = (network.links().remove(0), network.heard()[0]);
    assert_eq!((sender.system, sender.component, sender.messages_lost, sender.link), (1, 1, 3, report.id));
    let received = report.received;
    assert_eq!((received.messages_received, received.messages_lost, received.bytes_skipped), (3, 3, 5));
    assert_eq!((report.peers, report.reconnects, report.is_up, report.url.as_str()), (1, 0, true, "memory"));
    wait_for("heartbeats of ours", || network.links()[0].messages_sent >= 2);
    assert!(network.links()[0].silent_s.unwrap() < 20.0);
}

/// A vehicle that only speaks MAVLink 1 is spoken to in MAVLink 1, except for a probe now and then.
#[test]
fn the_version_is_what_the_other_side_understands() {
    let speak = |vehicle_version: Version| {
        let (ours, theirs) = (Connection::ground_station(), Connection::with_ids(1, 1).with_version(vehicle_version));
        let mut heard = Vec::new();
        for tick in 1..1000_u64 {
            let wall_us = tick * 20_000;
            ours.set_wall_us(wall_us);
            theirs.set_wall_us(wall_us);
            let mut vehicle = Voice::of(1);
            let frame = vehicle.say(&heartbeat());
            if tick % 50 == 0 {
                ours.feed(&if vehicle_version == Version::Only1 { as_v1(&frame) } else { frame });
            }
            ours.take_outgoing(|bytes| heard.extend(words(bytes).into_iter().map(|word| (wall_us, word.v1))));
        }
        heard
    };
    let to_new = speak(Version::Only2);
    assert!(to_new.iter().all(|(_, v1)| !v1));
    let to_old = speak(Version::Only1);
    let early = to_old.iter().filter(|(at_us, _)| *at_us < 2_000_000);
    assert!(early.clone().count() > 4 && early.clone().all(|(_, v1)| !v1), "MAVLink 2 first");
    let late: Vec<bool> = to_old.iter().filter(|(at_us, _)| *at_us > 4_000_000).map(|(_, v1)| *v1).collect();
    let probes = late.iter().filter(|v1| !**v1).count();
    assert!(probes * 10 < late.len() && probes > 0, "{probes} of {}", late.len());
}

/// A MAVLink 2 heartbeat as MAVLink 1.
fn as_v1(frame: &[u8]) -> Vec<u8> {
    let payload = &frame[10..frame.len() - 2];
    let mut v1 = vec![0xFE, 9, frame[4], frame[5], frame[6], 0];
    v1.extend_from_slice(payload);
    v1.resize(6 + 9, 0);
    let extra = <mav::HEARTBEAT_DATA as mavlink::MessageData>::EXTRA_CRC;
    let checksum = mavlink::calculate_crc(&v1[1..], extra);
    v1.extend_from_slice(&checksum.to_le_bytes());
    v1
}
