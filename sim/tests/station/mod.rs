//! A ground station for tests: sends commands and set-points to a [`Simulation`] tick by tick and remembers what came back.
#![allow(dead_code, reason = "each test binary uses a part of it")]
use flightsmith_mission::vehicle::{Autopilot, Vehicle};
use flightsmith_sim::wire::{Decoder, Frame, Payload, messages, write_frame};
use flightsmith_sim::{Scenario, SimConfig, Simulation};

/// A vehicle file of this repository.
pub fn vehicle(name: &str) -> Vehicle {
    let path = format!("{}/../agent/vehicles/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the vehicle file is there");
    toml::from_str(&text).expect("the vehicle file parses")
}

/// The default vehicle with nothing required: the autopilot's own defaults, as in the recordings.
pub fn bare(autopilot: Autopilot) -> SimConfig {
    let mut vehicle = vehicle("quad");
    vehicle.required_params = Default::default();
    config(vehicle, autopilot)
}

/// Nominal conditions without any noise.
pub fn config(vehicle: Vehicle, autopilot: Autopilot) -> SimConfig {
    SimConfig {
        vehicle,
        autopilot,
        home: Default::default(),
        seed: 1,
        scenario: Scenario { gps_noise_m: 0.0, ..Scenario::nominal() },
        warm_start: true,
    }
}

/// A set-point to be streamed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Goal {
    pub position: Option<[f64; 3]>,
    pub velocity: Option<[f64; 3]>,
    pub yaw: Option<f64>,
    pub yaw_rate: Option<f64>,
}

pub struct Station {
    pub sim: Simulation,
    pub outbox: Vec<u8>,
    pub acks: Vec<(u16, u8)>,
    pub texts: Vec<(f64, String)>,
    pub beats: Vec<(f64, u32, u8, u8)>,
    pub heard: Vec<Frame>,
    pub beating: bool,
    pub goal: Option<Goal>,
    pub system: u8,
    decoder: Decoder,
    sequence: u8,
    ticks: u64,
}

impl Station {
    pub fn new(config: SimConfig) -> Self {
        Self {
            sim: Simulation::new(config),
            outbox: Vec::new(),
            acks: Vec::new(),
            texts: Vec::new(),
            beats: Vec::new(),
            heard: Vec::new(),
            beating: true,
            goal: None,
            system: 255,
            decoder: Decoder::default(),
            sequence: 0,
            ticks: 0,
        }
    }
    pub fn send(&mut self, id: u32, payload: &Payload) {
        self.sequence = self.sequence.wrapping_add(1);
        write_frame(&mut self.outbox, self.sequence, self.system, 190, id, payload);
    }
    pub fn time_s(&self) -> f64 {
        self.sim.truth().time_s
    }
    pub fn height_m(&self) -> f64 {
        self.sim.truth().position.altitude_m()
    }
    pub fn tick(&mut self) {
        if self.beating && self.ticks.is_multiple_of(50) {
            self.send(messages::HEARTBEAT, &Payload::new().u32(0).u8(6).u8(8).u8(0).u8(4).u8(3));
        }
        if self.ticks.is_multiple_of(5)
            && let Some(goal) = self.goal
        {
            self.send_goal(&goal);
        }
        self.ticks += 1;
        let inbox = std::mem::take(&mut self.outbox);
        let out = self.sim.tick(&inbox).to_vec();
        self.decoder.push(&out);
        let now_s = self.time_s();
        while let Some((frame, _)) = self.decoder.next_frame() {
            match frame.id {
                messages::COMMAND_ACK => self.acks.push((frame.u16(0), frame.u8(2))),
                messages::STATUSTEXT => {
                    let text = frame.text(1, 50).trim_end().to_owned();
                    if frame.u8(53) > 0
                        && let Some((_, last)) = self.texts.last_mut()
                    {
                        last.push_str(&text);
                    } else {
                        self.texts.push((now_s, text));
                    }
                }
                messages::HEARTBEAT if frame.component == 1 => {
                    self.beats.push((now_s, frame.u32(0), frame.u8(6), frame.u8(7)));
                }
                _ => {}
            }
            self.heard.push(frame);
        }
    }
    pub fn run_s(&mut self, seconds: f64) {
        let until_s = self.time_s() + seconds;
        while self.time_s() < until_s - 1e-9 {
            self.tick();
        }
    }
    /// Runs until `done`, at most `limit_s`; the seconds it took.
    pub fn until(&mut self, limit_s: f64, what: &str, mut done: impl FnMut(&Station) -> bool) -> f64 {
        let start_s = self.time_s();
        while !done(self) {
            assert!(
                self.time_s() - start_s < limit_s,
                "{what}: not within {limit_s} s; {:?}; texts {:?}",
                self.sim.truth(),
                self.texts
            );
            self.tick();
        }
        self.time_s() - start_s
    }
    pub fn send_goal(&mut self, goal: &Goal) {
        let (p, v) = (goal.position.unwrap_or_default(), goal.velocity.unwrap_or_default());
        let mut mask = 0x1C0u16;
        mask |= if goal.position.is_none() { 7 } else { 0 };
        mask |= if goal.velocity.is_none() { 0x38 } else { 0 };
        mask |= if goal.yaw.is_none() { 0x400 } else { 0 };
        mask |= if goal.yaw_rate.is_none() { 0x800 } else { 0 };
        let payload = Payload::new()
            .u32(0)
            .f32s(&p)
            .f32s(&v)
            .f32s(&[0.0; 3])
            .f32(goal.yaw.unwrap_or(0.0))
            .f32(goal.yaw_rate.unwrap_or(0.0))
            .u16(mask)
            .u8(1)
            .u8(1)
            .u8(1);
        self.send(messages::SET_POSITION_TARGET_LOCAL_NED, &payload);
    }
    /// Sends COMMAND_LONG; the result, or `None` where no ACK comes within two seconds.
    pub fn command(&mut self, id: u16, p: [f64; 7]) -> Option<u8> {
        self.command_to(1, id, p)
    }
    pub fn command_to(&mut self, component: u8, id: u16, p: [f64; 7]) -> Option<u8> {
        self.acks.clear();
        let payload = Payload::new().f32s(&p).u16(id).u8(1).u8(component).u8(0);
        self.send(messages::COMMAND_LONG, &payload);
        self.await_ack(id)
    }
    /// Sends COMMAND_INT.
    pub fn command_int(&mut self, id: u16, p: [f64; 4], x: i32, y: i32, z: f64, frame: u8) -> Option<u8> {
        self.acks.clear();
        let payload = Payload::new().f32s(&p).i32(x).i32(y).f32(z).u16(id).u8(1).u8(1).u8(frame).u8(0).u8(0);
        self.send(messages::COMMAND_INT, &payload);
        self.await_ack(id)
    }
    fn await_ack(&mut self, id: u16) -> Option<u8> {
        for _ in 0..100 {
            self.tick();
            let last = self.acks.iter().rev().find(|(command, result)| *command == id && *result != 5);
            if let Some((_, result)) = last {
                return Some(*result);
            }
        }
        None
    }
    pub fn set_param(&mut self, name: &str, value: f64) {
        let payload = Payload::new().f32(value).u8(1).u8(1).text(name, 16).u8(9);
        self.send(messages::PARAM_SET, &payload);
        self.tick();
    }
    /// PX4 integers travel byte by byte.
    pub fn set_param_int(&mut self, name: &str, value: i32) {
        let payload = Payload::new().i32(value).u8(1).u8(1).text(name, 16).u8(6);
        self.send(messages::PARAM_SET, &payload);
        self.tick();
    }
    pub fn says(&self, text: &str) -> bool {
        self.texts.iter().any(|(_, said)| said.contains(text))
    }
}

/// Figures of a step from 0 to `size`, sampled at 50 Hz.
#[derive(Debug)]
pub struct Step {
    pub t10: f64,
    pub t50: f64,
    pub t90: f64,
    pub overshoot: f64,
    pub fastest: f64,
    pub tilt_deg: f64,
}

/// Flies `seconds` and measures the step that `value` makes from now, along with speed and tilt.
pub fn measure(station: &mut Station, size: f64, seconds: f64, value: impl Fn(&Station) -> f64) -> Step {
    let start = value(station);
    let mut step =
        Step { t10: f64::NAN, t50: f64::NAN, t90: f64::NAN, overshoot: f64::MIN, fastest: 0.0, tilt_deg: 0.0 };
    let start_s = station.time_s();
    let until_s = start_s + seconds;
    while station.time_s() < until_s {
        station.tick();
        let share = (value(station) - start) / size;
        let at_s = station.time_s() - start_s;
        for (limit, slot) in [(0.1, &mut step.t10), (0.5, &mut step.t50), (0.9, &mut step.t90)] {
            if slot.is_nan() && share >= limit {
                *slot = at_s;
            }
        }
        step.overshoot = step.overshoot.max((share - 1.0) * size.abs());
        step.fastest = step.fastest.max(station.sim.truth().velocity.ground_speed_m_s());
        step.tilt_deg = step.tilt_deg.max(station.sim.truth().tilt_deg());
    }
    step
}

/// Figures recorded from the real autopilot.
#[derive(serde::Deserialize)]
pub struct Recorded {
    pub rtl_profile: Vec<Vec<f64>>,
    pub land_profile: Vec<Vec<f64>>,
    #[serde(flatten)]
    steps: std::collections::BTreeMap<String, RecordedStep>,
}

#[derive(serde::Deserialize)]
struct RecordedStep {
    t10: f64,
    t50: f64,
    t90: f64,
    overshoot: f64,
}

impl Recorded {
    /// Those of `stack`, `ap` or `px4`.
    pub fn load(stack: &str) -> Self {
        let mut all: std::collections::BTreeMap<String, Recorded> =
            serde_json::from_str(include_str!("../data/motion.json")).expect("the recorded figures parse");
        all.remove(stack).expect("a known stack")
    }
    /// The times within `share` of the recorded ones (and 0.15 s), the overshoot within `overshoot` of the recorded one.
    pub fn check(&self, name: &str, step: &Step, share: f64, overshoot: f64) {
        let recorded = &self.steps[name];
        for (what, got, wanted) in
            [("t10", step.t10, recorded.t10), ("t50", step.t50, recorded.t50), ("t90", step.t90, recorded.t90)]
        {
            assert!((got - wanted).abs() <= share * wanted + 0.15, "{name} {what}: {got:.2}, recorded {wanted}");
        }
        assert!(
            (step.overshoot - recorded.overshoot).abs() <= overshoot,
            "{name} overshoot: {:.2}, recorded {}",
            step.overshoot,
            recorded.overshoot
        );
    }
}
