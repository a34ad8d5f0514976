//! Rates, parameters and mission items over the links, against the recorded sessions.
mod station;

use flightsmith_mission::vehicle::Autopilot::{self, ArduPilot, Px4};
use flightsmith_sim::wire::{Decoder, Payload, messages as m};
use flightsmith_sim::{LinkProfile, Simulation};
use station::{Station, bare};
use std::collections::BTreeMap;

#[test]
fn px4_streams_unasked_at_the_recorded_rates() {
    let mut sim = Simulation::new(bare(Px4));
    let ground = sim.add_link(LinkProfile::Px4Ground);
    let mut counts: [BTreeMap<u32, u32>; 2] = Default::default();
    let mut decoders = [Decoder::default(), Decoder::default()];
    for _ in 0..500 {
        sim.step();
        for (slot, link) in [(0, 0), (1, ground)] {
            decoders[slot].push(sim.outgoing(link));
            while let Some((frame, _)) = decoders[slot].next_frame() {
                *counts[slot].entry(frame.id).or_default() += 1;
            }
        }
    }
    // Ten seconds: (id, recorded Hz) on the companion's link, then on the ground station's. Above 50 Hz a tick is the limit.
    let expected: [&[(u32, f64)]; 2] = [
        &[
            (m::ATTITUDE, 50.0),
            (m::HIGHRES_IMU, 49.3),
            (m::LOCAL_POSITION_NED, 30.1),
            (m::HEARTBEAT, 1.0),
            (m::SYS_STATUS, 5.1),
            (m::GPS_RAW_INT, 8.0),
        ],
        &[
            (m::ATTITUDE, 50.0),
            (m::GLOBAL_POSITION_INT, 50.0),
            (m::LOCAL_POSITION_NED, 50.0),
            (m::HEARTBEAT, 1.0),
            (m::SYS_STATUS, 1.0),
            (m::VFR_HUD, 4.0),
        ],
    ];
    for (counted, rates) in counts.iter().zip(expected) {
        for (id, rate_hz) in rates {
            let got_hz = f64::from(counted.get(id).copied().unwrap_or(0)) / 10.0;
            assert!((got_hz - rate_hz).abs() <= 0.05 * rate_hz + 0.11, "message {id}: {got_hz} Hz, recorded {rate_hz}");
        }
    }
}

#[test]
fn ardupilot_sends_nothing_unasked_and_what_is_asked_at_its_rate() {
    let mut s = Station::new(bare(ArduPilot));
    s.run_s(5.0);
    assert!(s.heard.iter().all(|frame| matches!(frame.id, m::HEARTBEAT | m::STATUSTEXT)));
    assert_eq!(s.command(511, [32.0, 100_000.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0));
    s.send(66, &Payload::new().u16(4).u8(1).u8(1).u8(10).u8(1));
    s.heard.clear();
    s.run_s(10.0);
    let count = |id: u32| s.heard.iter().filter(|frame| frame.id == id).count();
    assert!((99..=101).contains(&count(m::LOCAL_POSITION_NED)), "{}", count(m::LOCAL_POSITION_NED));
    assert!((39..=41).contains(&count(m::ATTITUDE)), "{}", count(m::ATTITUDE));
}

#[test]
fn the_whole_parameter_list_arrives_within_seconds() {
    for (autopilot, count) in [(ArduPilot, 1368), (Px4, 950)] {
        let mut s = Station::new(bare(autopilot));
        s.run_s(0.5);
        s.heard.clear();
        s.send(m::PARAM_REQUEST_LIST, &Payload::new().u8(1).u8(1));
        s.run_s(3.0);
        let indices: std::collections::BTreeSet<u16> =
            s.heard.iter().filter(|frame| frame.id == m::PARAM_VALUE).map(|frame| frame.u16(6)).collect();
        assert_eq!(indices.len(), count);
    }
}

fn upload(s: &mut Station, items: &[(u16, u8, i32)]) -> Option<u8> {
    s.heard.clear();
    s.send(m::MISSION_COUNT, &Payload::new().u16(items.len() as u16).u8(1).u8(1).u8(0));
    for _ in 0..1000 {
        s.tick();
        let heard = std::mem::take(&mut s.heard);
        for frame in heard {
            match frame.id {
                m::MISSION_ACK => return Some(frame.u8(2)),
                m::MISSION_REQUEST | m::MISSION_REQUEST_INT => {
                    let sequence = frame.u16(0);
                    let (command, coordinates, latitude) = items[usize::from(sequence)];
                    let item = Payload::new()
                        .f32s(&[0.0; 4])
                        .i32(latitude)
                        .i32(85_455_940)
                        .f32(10.0)
                        .u16(sequence)
                        .u16(command)
                        .u8(1)
                        .u8(1)
                        .u8(coordinates)
                        .u8(0)
                        .u8(1)
                        .u8(0);
                    s.send(m::MISSION_ITEM_INT, &item);
                }
                _ => {}
            }
        }
    }
    None
}

#[test]
fn mission_items_are_taken_and_refused_as_recorded() {
    const HOME: i32 = 473_977_420;
    let ask = |autopilot: Autopilot, items: &[(u16, u8, i32)]| {
        let mut s = Station::new(bare(autopilot));
        s.run_s(0.5);
        let ack = upload(&mut s, items);
        s.heard.clear();
        s.send(m::MISSION_REQUEST_LIST, &Payload::new().u8(1).u8(1).u8(0));
        s.run_s(0.1);
        let count = s.heard.iter().find(|frame| frame.id == m::MISSION_COUNT).map(|frame| frame.u16(0));
        (ack, count)
    };
    let good = [(16, 0, HOME), (22, 3, HOME), (16, 3, HOME + 1000), (21, 3, HOME)];
    assert_eq!(ask(ArduPilot, &good), (Some(0), Some(4)), "home is item 0");
    assert_eq!(ask(Px4, &good), (Some(0), Some(4)));
    for autopilot in [ArduPilot, Px4] {
        assert_eq!(ask(autopilot, &[(16, 0, HOME), (9999, 3, HOME)]).0, Some(3), "unknown command");
        assert_eq!(ask(autopilot, &[(16, 0, HOME), (16, 8, HOME)]).0, Some(2), "frame 8");
        assert_eq!(ask(autopilot, &[(16, 3, HOME); 20_000]).0, Some(4), "too many");
    }
    assert_eq!(ask(ArduPilot, &[(16, 0, HOME), (16, 3, 1_000_000_000)]).0, Some(10), "latitude 100");
    assert_eq!(ask(Px4, &[(16, 0, HOME), (16, 3, 1_000_000_000)]).0, Some(0), "latitude 100");
}

#[test]
fn an_uploaded_mission_is_flown() {
    const HOME: i32 = 473_977_420;
    // Home, takeoff to 10 m, a point 40 m north, land there.
    let north = HOME + 3598;
    let item_mission = [(16, 0, HOME), (22, 3, HOME), (16, 3, north), (21, 3, north)];
    for autopilot in [ArduPilot, Px4] {
        let mut s = Station::new(bare(autopilot));
        s.run_s(1.0);
        let items = if autopilot == ArduPilot { &item_mission[..] } else { &item_mission[1..] };
        assert_eq!(upload(&mut s, items), Some(0));
        let (arming_mode, start): ([f64; 3], bool) =
            if autopilot == ArduPilot { ([1.0, 4.0, 0.0], true) } else { ([1.0, 4.0, 4.0], false) };
        let [base, main, sub] = arming_mode;
        assert_eq!(s.command(176, [base, main, sub, 0.0, 0.0, 0.0, 0.0]), Some(0));
        assert_eq!(s.command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]), Some(0), "{:?}", s.texts);
        if start {
            assert_eq!(s.command(300, [0.0; 7]), Some(0), "MISSION_START");
        }
        s.until(40.0, "the point", |s| s.sim.truth().position.north_m > 38.0);
        s.until(60.0, "landed", |s| !s.sim.truth().armed);
        let at = s.sim.truth().position;
        assert!((at.north_m - 40.0).abs() < 1.5 && at.east_m.abs() < 1.5, "{autopilot:?}: {at:?}");
        let reached = s.heard.iter().filter(|frame| frame.id == m::MISSION_ITEM_REACHED).count();
        assert_eq!(reached, 2, "{autopilot:?}: takeoff and waypoint, as recorded none for the land");
    }
}
