//! A scripted mission joined to the simulator by pipes: flown to the end, gone in mid-air, silent, and slow.
mod station;

use flightsmith_mission::vehicle::Autopilot;
use flightsmith_sim::lockstep::{LockstepEnd, LockstepLimits, MissionPart, fly_lockstep};
use flightsmith_sim::tlog::TlogWriter;
use flightsmith_sim::wire::{Decoder, Payload, messages as m, write_frame};
use flightsmith_sim::{SimConfig, Simulation, TruthEvent};
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::ops::ControlFlow;
use std::thread;
use std::time::Duration;

/// How the scripted mission behaves once it is above 5 m.
#[derive(Clone, Copy, PartialEq)]
enum Behaviour {
    FliesHome,
    Leaves,
    FallsSilent,
}

/// A mission in 80 lines: arms, takes off to 8 m, then behaves.
fn mission(mut from_sim: PipeReader, mut to_sim: PipeWriter, behaviour: Behaviour) {
    let mut decoder = Decoder::default();
    let mut chunk = [0u8; 4096];
    let (mut ticks, mut height, mut armed, mut was_up) = (0u64, 0.0, false, false);
    loop {
        let count = from_sim.read(&mut chunk).unwrap_or(0);
        if count == 0 {
            return;
        }
        decoder.push(&chunk[..count]);
        while let Some((frame, _)) = decoder.next_frame() {
            match frame.id {
                m::LOCAL_POSITION_NED => height = -frame.f32(12),
                m::HEARTBEAT => armed = frame.u8(6) & 128 != 0,
                m::TIMESYNC => {
                    ticks += 1;
                    let mut out = Vec::new();
                    let mut send = |id, payload: &Payload| write_frame(&mut out, ticks as u8, 1, 191, id, payload);
                    let command = |id: u16, p: [f64; 7]| Payload::new().f32s(&p).u16(id).u8(1).u8(1).u8(0);
                    if ticks % 50 == 1 {
                        send(m::HEARTBEAT, &Payload::new().u32(0).u8(18).u8(8).u8(0).u8(4).u8(3));
                    }
                    match ticks {
                        5 => send(m::COMMAND_LONG, &command(511, [32.0, 1e5, 0.0, 0.0, 0.0, 0.0, 0.0])),
                        60 => send(m::COMMAND_LONG, &command(176, [1.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
                        70 => send(m::COMMAND_LONG, &command(400, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
                        80 => send(m::COMMAND_LONG, &command(22, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 8.0])),
                        _ => {}
                    }
                    if height > 7.5 && !was_up {
                        was_up = true;
                        match behaviour {
                            Behaviour::FliesHome => {
                                send(m::COMMAND_LONG, &command(176, [1.0, 9.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
                            }
                            Behaviour::Leaves => return,
                            Behaviour::FallsSilent => {
                                // Reads on and says nothing more, as a hung mission would until its pipe is closed.
                                while from_sim.read(&mut chunk).is_ok_and(|count| count > 0) {}
                                return;
                            }
                        }
                    }
                    send(m::TIMESYNC, &m::timesync(frame.i64(8), frame.i64(8)));
                    if to_sim.write_all(&out).is_err() || (was_up && !armed && ticks > 200) {
                        return;
                    }
                }
                _ => {}
            }
        }
    }
}

fn config(warm_start: bool) -> SimConfig {
    let mut vehicle = station::vehicle("quad");
    let required = &mut vehicle.required_params.ardupilot;
    // The scripted mission is system 1: the ground station that the failsafe listens for must be that.
    let mut rule = required["FS_GCS_ENABLE"].clone();
    rule.value = 1.0;
    required.insert("MAV_GCS_SYSID".to_owned(), rule);
    SimConfig { warm_start, ..station::config(vehicle, Autopilot::ArduPilot) }
}

struct Flown {
    end: LockstepEnd,
    tlog: Vec<u8>,
    modes: Vec<(f64, &'static str)>,
    highest_m: f64,
}

fn fly(behaviour: Behaviour, limits: &LockstepLimits) -> Flown {
    let (sim_reads, mission_writes) = pipe().expect("a pipe");
    let (mission_reads, sim_writes) = pipe().expect("a pipe");
    let script = thread::spawn(move || mission(mission_reads, mission_writes, behaviour));
    let mut sim = Simulation::new(config(true));
    let mut tlog = TlogWriter::new(Vec::new());
    let (mut modes, mut highest_m) = (Vec::new(), 0.0f64);
    let end = fly_lockstep(&mut sim, sim_reads, sim_writes, Some(&mut tlog), limits, &mut || None, &mut |sim| {
        highest_m = highest_m.max(sim.truth().position.altitude_m());
        for event in sim.events() {
            if let TruthEvent::Mode { mode, .. } = event {
                modes.push((sim.truth().time_s, *mode));
            }
        }
        ControlFlow::Continue(())
    })
    .expect("the pipes work");
    script.join().expect("the script ends");
    Flown { end, tlog: tlog.finish().expect("a vector"), modes, highest_m }
}

#[test]
fn a_mission_flies_and_the_same_flight_gives_the_same_log() {
    let first = fly(Behaviour::FliesHome, &LockstepLimits::default());
    assert_eq!(first.end.mission, MissionPart::Left, "{:?}", first.end);
    assert!(first.end.landed && !first.end.armed_at_mission_end && !first.end.out_of_time, "{:?}", first.end);
    assert!((7.5..9.0).contains(&first.highest_m), "{}", first.highest_m);
    assert!(first.tlog.len() > 10_000);
    let second = fly(Behaviour::FliesHome, &LockstepLimits::default());
    assert_eq!((first.end, first.modes), (second.end, second.modes));
    assert!(first.tlog == second.tlog, "logs differ");
}

#[test]
fn a_mission_that_leaves_is_brought_home_by_the_failsafe() {
    let flown = fly(Behaviour::Leaves, &LockstepLimits::default());
    assert_eq!(flown.end.mission, MissionPart::Left);
    assert!(flown.end.armed_at_mission_end && flown.end.landed, "{:?}", flown.end);
    let (at_s, mode) = *flown.modes.last().expect("modes changed");
    assert_eq!(mode, "RTL");
    assert!(at_s - flown.end.mission_end_s < 5.0, "{at_s} after {}", flown.end.mission_end_s);
}

#[test]
fn a_silent_mission_is_left_behind() {
    let limits = LockstepLimits { answer: Duration::from_millis(30), ..LockstepLimits::default() };
    let flown = fly(Behaviour::FallsSilent, &limits);
    assert_eq!(flown.end.mission, MissionPart::Silent);
    assert!(flown.end.landed, "{:?}", flown.end);
}

#[test]
fn too_much_cpu_time_in_a_tick_is_a_stall() {
    let (sim_reads, mission_writes) = pipe().expect("a pipe");
    let (mission_reads, sim_writes) = pipe().expect("a pipe");
    let script = thread::spawn(move || mission(mission_reads, mission_writes, Behaviour::FliesHome));
    let mut sim = Simulation::new(config(true));
    let limits = LockstepLimits { tick_cpu: Duration::ZERO, flight_s: 10.0, ..LockstepLimits::default() };
    let mut asked = 0;
    let mut clock = || {
        asked += 1;
        Some(Duration::from_millis(7 * asked))
    };
    let end = fly_lockstep(
        &mut sim,
        sim_reads,
        sim_writes,
        None::<&mut TlogWriter<Vec<u8>>>,
        &limits,
        &mut clock,
        &mut |_| ControlFlow::Continue(()),
    )
    .expect("the pipes work");
    script.join().expect("the script ends");
    let stall = end.stalled.expect("a stall");
    assert_eq!(stall.cpu, Duration::from_millis(7));
    assert!(end.out_of_time);
    // Only the air counts: it was armed about 1.4 s after the warm start.
    assert!(stall.at_s > 42.0, "{stall:?}");
}
