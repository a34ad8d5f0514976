//! Hand-written programs and the embedded simulator joined in one process, tick by tick, with what was true at each.
#![allow(dead_code, reason = "not every test looks at everything")]
use flightsmith_mission::{geodesy::Home, vehicle::Vehicle as VehicleFile};
use flightsmith_sdk::wire::decoder::Decoder;
use flightsmith_sdk::{Autopilot, Connection};
use flightsmith_sim::{Fault, Scenario, SimConfig, Simulation, TruthEvent, TruthSample};
use std::task::{Context, Poll, Waker};

/// Longest flight, seconds of vehicle time.
const LIMIT_S: f64 = 1_200.0;

const HEARTBEAT: u32 = 0;
const CURRENT_MODE: u32 = 436;

/// What a program did and what was true meanwhile.
pub struct Ran<T> {
    pub output: T,
    pub ended_s: f64,
    pub truth: Vec<TruthSample>,
    pub events: Vec<(f64, TruthEvent)>,
    /// Ids of the messages that the program sent.
    pub sent: Vec<(f64, u32)>,
    /// Custom modes that HEARTBEAT and CURRENT_MODE showed.
    pub shown: Vec<(f64, u32)>,
}

/// Hands each frame in `bytes` to `see`.
pub fn frames(decoder: &mut Decoder, mut bytes: &[u8], mut see: impl FnMut(u32, &[u8])) {
    while !bytes.is_empty() {
        let taken = decoder.push(bytes);
        bytes = &bytes[taken..];
        while let Some(frame) = decoder.next_frame() {
            see(frame.id, frame.payload);
        }
    }
}

/// A simulated vehicle about to be ready.
pub fn vehicle(autopilot: Autopilot, seed: u64, scenario: Scenario) -> Simulation {
    let vehicle: VehicleFile =
        toml::from_str(include_str!("../../../agent/vehicles/quad-payload.toml")).expect("the vehicle file");
    Simulation::new(SimConfig { vehicle, autopilot, home: Home::default(), seed, scenario, warm_start: true })
}

/// Runs `program` until it ends, and a second more; `watch` sees every tick and may change what is to come.
pub fn run<Fut>(
    mut sim: Simulation,
    connection: Connection,
    program: impl FnOnce(Connection) -> Fut,
    mut watch: impl FnMut(&mut Simulation) -> Option<Fault>,
) -> Ran<Fut::Output>
where
    Fut: Future,
{
    let mut future = Box::pin(program(connection.clone()));
    let mut context = Context::from_waker(Waker::noop());
    let (mut to_vehicle, mut truth, mut events) = (Vec::new(), Vec::new(), Vec::new());
    let (mut sent, mut shown) = (Vec::new(), Vec::new());
    let (mut up, mut down) = (Decoder::default(), Decoder::default());
    let mut output = None;
    let mut ended_s = f64::NAN;
    let begun_s = sim.truth().time_s;
    let mut ticks_after_end = 0;
    while ticks_after_end < 50 {
        sim.tick(&to_vehicle);
        to_vehicle.clear();
        if let Some(fault) = watch(&mut sim) {
            let now_s = sim.truth().time_s;
            sim.schedule(now_s, fault);
        }
        let sample = sim.truth().clone();
        let now_s = sample.time_s;
        assert!(now_s - begun_s < LIMIT_S, "no end within {LIMIT_S} s");
        events.extend(sim.events().iter().map(|event| (now_s, event.clone())));
        truth.push(sample);
        frames(&mut down, sim.outgoing(0), |id, payload| {
            if matches!(id, HEARTBEAT | CURRENT_MODE) {
                let mut mode = [0; 4];
                let length = payload.len().min(4);
                mode[..length].copy_from_slice(&payload[..length]);
                shown.push((now_s, u32::from_le_bytes(mode)));
            }
        });
        connection.feed_lockstep(sim.outgoing(0));
        connection.expect_answer((sim.time_us() * 1000) as i64);
        if output.is_some() {
            ticks_after_end += 1;
        } else if let Poll::Ready(ended) = future.as_mut().poll(&mut context) {
            output = Some(ended);
            ended_s = now_s;
        }
        connection.take_outgoing(|bytes| to_vehicle.extend_from_slice(bytes));
        frames(&mut up, &to_vehicle, |id, _| sent.push((now_s, id)));
    }
    Ran { output: output.expect("ended"), ended_s, truth, events, sent, shown }
}
