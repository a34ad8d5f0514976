//! A scripted fake vehicle that keeps lists (parameters, items, files, logs) as ArduPilot's and PX4's sources do, and a link that
//! loses, delays, doubles and reorders what it carries; all in simulated time.
#![allow(dead_code, reason = "each test uses its part")]
pub mod channel;
pub mod files;
pub mod items;
pub mod logs;
pub mod params;

use channel::{Channel, Quality};
use flightsmith_sdk::wire::decoder::Decoder;
use flightsmith_sdk::{Autopilot, Connection, System, units::Seconds};
use mavlink::MessageData;
use mavlink::dialects::ardupilotmega as mav;
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub const TICK_S: f64 = 0.02;

/// A message as it came, its payload filled up with zeros.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: u32,
    pub from: (u8, u8),
    pub payload: Vec<u8>,
}

impl Message {
    pub fn u8(&self, at: usize) -> u8 {
        self.payload[at]
    }
    pub fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes([self.payload[at], self.payload[at + 1]])
    }
    pub fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.payload[at..at + 4].try_into().expect("four bytes"))
    }
    pub fn f32(&self, at: usize) -> f32 {
        f32::from_bits(self.u32(at))
    }
}

/// Frames to send, from the vehicle's autopilot.
#[derive(Debug, Default)]
pub struct Out {
    pub frames: Vec<Vec<u8>>,
    sequence: u8,
}

impl Out {
    /// Sends `payload` as the message `D`; trailing zeros are dropped as MAVLink 2 does.
    pub fn send<D: MessageData>(&mut self, payload: &[u8]) {
        let length = payload.iter().rposition(|byte| *byte != 0).map_or(1, |last| last + 1);
        let [low, middle, high, _] = D::ID.to_le_bytes();
        let mut frame = vec![0xFD, length as u8, 0, 0, self.sequence, 1, 1, low, middle, high];
        self.sequence = self.sequence.wrapping_add(1);
        frame.extend_from_slice(&payload[..length]);
        let crc = mavlink::calculate_crc(&frame[1..], D::EXTRA_CRC);
        frame.extend(crc.to_le_bytes());
        self.frames.push(frame);
    }
    pub fn say(&mut self, severity: u8, text: &str) {
        let mut payload = vec![0; 54];
        payload[0] = severity;
        payload[1..=text.len()].copy_from_slice(text.as_bytes());
        self.send::<mav::STATUSTEXT_DATA>(&payload);
    }
}

/// Whatever answers at the other end of the link.
pub trait Side {
    /// One tick: takes what came, gives what it sends.
    fn tick(&mut self, incoming: Vec<Vec<u8>>) -> Vec<Vec<u8>>;
    /// Its time, seconds.
    fn time_s(&self) -> f64;
}

/// The fake vehicle.
pub struct ListVehicle {
    pub autopilot: Autopilot,
    pub armed: bool,
    pub mode: u32,
    pub on_ground: bool,
    pub params: params::Params,
    pub items: items::Items,
    pub files: files::Files,
    pub logs: logs::Logs,
    /// What each command is answered with; ACCEPTED where it is not named.
    pub results: HashMap<u16, u8>,
    /// Commands and their first parameters as they came.
    pub commands: Vec<(u16, f32, f32, f32)>,
    pub heard: HashMap<u32, u32>,
    pub now_s: f64,
    ticks: u64,
    decoder: Decoder,
    out: Out,
}

impl ListVehicle {
    pub fn new(autopilot: Autopilot) -> Self {
        Self {
            autopilot,
            armed: false,
            mode: if autopilot == Autopilot::Px4 { 4 << 16 | 3 << 24 } else { 0 },
            on_ground: true,
            params: params::Params::new(autopilot),
            items: items::Items::new(autopilot),
            files: files::Files::new(autopilot),
            logs: logs::Logs::new(autopilot),
            results: HashMap::new(),
            commands: Vec::new(),
            heard: HashMap::new(),
            now_s: 0.0,
            ticks: 0,
            decoder: Decoder::default(),
            out: Out::default(),
        }
    }

    fn read(&mut self, mut bytes: &[u8]) -> Vec<Message> {
        let mut messages = Vec::new();
        while !bytes.is_empty() {
            let taken = self.decoder.push(bytes);
            bytes = &bytes[taken..];
            while let Some(frame) = self.decoder.next_frame() {
                let mut payload = frame.payload.to_vec();
                payload.resize(255, 0);
                messages.push(Message { id: frame.id, from: (frame.system, frame.component), payload });
            }
        }
        messages
    }

    fn take_command(&mut self, message: &Message) {
        let command = message.u16(28);
        let p = [0, 4, 8].map(|at| message.f32(at));
        self.commands.push((command, p[0], p[1], p[2]));
        let result = self.results.get(&command).copied().unwrap_or(0);
        if result == 0 {
            match command {
                176 if self.autopilot == Autopilot::Px4 => self.mode = (p[1] as u32) << 16 | (p[2] as u32) << 24,
                176 => self.mode = p[1] as u32,
                300 => self.mode = 3,
                400 => self.armed = p[0] == 1.0,
                224 => self.items.current = p[0] as u16,
                _ => {}
            }
        }
        let mut payload = command.to_le_bytes().to_vec();
        payload.extend([result, 0, 0, 0, 0, 0, message.from.0, message.from.1]);
        self.out.send::<mav::COMMAND_ACK_DATA>(&payload);
    }

    fn report(&mut self) {
        let boot_ms = (self.now_s * 1000.0) as u32;
        if self.ticks % 50 == 1 {
            let autopilot = if self.autopilot == Autopilot::Px4 { 12 } else { 3 };
            let mut payload = self.mode.to_le_bytes().to_vec();
            payload.extend([2, autopilot, if self.armed { 0xD9 } else { 0x59 }, 3, 3]);
            self.out.send::<mav::HEARTBEAT_DATA>(&payload);
            let (seq, total) = self.items.progress();
            let mut payload = seq.to_le_bytes().to_vec();
            payload.extend(total.to_le_bytes());
            payload.extend([if total == 0 { 1 } else { 3 }, 0]);
            self.out.send::<mav::MISSION_CURRENT_DATA>(&payload);
            self.out.send::<mav::EXTENDED_SYS_STATE_DATA>(&[0, if self.on_ground { 1 } else { 2 }]);
        }
        if self.ticks % 10 == 3 {
            let mut payload = boot_ms.to_le_bytes().to_vec();
            for value in [473_977_420_i32, 85_455_940, 488_000, 0] {
                payload.extend(value.to_le_bytes());
            }
            payload.resize(28, 0);
            self.out.send::<mav::GLOBAL_POSITION_INT_DATA>(&payload);
        }
    }
}

impl Side for ListVehicle {
    fn time_s(&self) -> f64 {
        self.now_s
    }
    fn tick(&mut self, incoming: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        self.ticks += 1;
        self.now_s = self.ticks as f64 * TICK_S;
        for message in self.read(&incoming.concat()) {
            *self.heard.entry(message.id).or_default() += 1;
            if matches!(message.id, 75 | 76) {
                self.take_command(&message);
            }
            self.params.take(&message, &mut self.out);
            self.items.take(&message, self.now_s, &mut self.out);
            self.files.take(&message, self.now_s, &mut self.out);
            self.logs.take(&message, &mut self.out);
        }
        self.params.tick(&mut self.out);
        self.items.tick(self.now_s, &mut self.out);
        self.files.tick(&mut self.out);
        self.logs.tick(&mut self.out);
        self.report();
        std::mem::take(&mut self.out.frames)
    }
}

/// A side, a link to it and the SDK, in one process and one time.
pub struct World<S> {
    pub side: S,
    pub to_side: Channel,
    pub from_side: Channel,
    pub connection: Connection,
}

impl<S: Side> World<S> {
    pub fn new(side: S, quality: Quality, seed: u64) -> Self {
        Self {
            side,
            to_side: Channel::new(quality, seed),
            from_side: Channel::new(quality, seed ^ 0x9E37_79B9_7F4A_7C15),
            connection: Connection::ground_station(),
        }
    }
    /// The system at the other end.
    pub fn system(&mut self) -> System {
        let connection = self.connection.clone();
        self.run(200.0, async move { connection.system(Seconds(60.0)).await }).expect("a heartbeat")
    }
    /// Lets time go on until `future` ends.
    pub fn run<T>(&mut self, limit_s: f64, future: impl Future<Output = T>) -> T {
        let (end, _) = self.run_while(limit_s, future, |_side| true);
        end.unwrap_or_else(|| panic!("no end within {limit_s} s"))
    }
    /// Lets time go on until `future` ends or `go_on` says no; seconds that it took.
    pub fn run_while<T>(
        &mut self,
        limit_s: f64,
        future: impl Future<Output = T>,
        mut go_on: impl FnMut(&mut S) -> bool,
    ) -> (Option<T>, f64) {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        let begun_s = self.side.time_s();
        while self.side.time_s() - begun_s < limit_s && go_on(&mut self.side) {
            let poll = future.as_mut().poll(&mut context);
            self.step();
            if let Poll::Ready(output) = poll {
                return (Some(output), self.side.time_s() - begun_s);
            }
        }
        (None, self.side.time_s() - begun_s)
    }
    /// One tick.
    pub fn step(&mut self) {
        let now_s = self.side.time_s();
        let mut bytes = Vec::new();
        self.connection.take_outgoing(|out| bytes.extend_from_slice(out));
        for frame in split(&bytes) {
            self.to_side.send(frame, now_s);
        }
        let arrived = self.to_side.arrived(now_s);
        let sent = self.side.tick(arrived);
        let now_s = self.side.time_s();
        for frame in sent {
            self.from_side.send(frame, now_s);
        }
        let arrived = self.from_side.arrived(now_s).concat();
        self.connection.feed(&arrived);
        self.connection.expect_answer((now_s * 1e9) as i64);
    }
}

/// The frames of a stream of whole MAVLink 2 frames.
pub fn split(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    while bytes.len() > 1 {
        assert_eq!(bytes[0], 0xFD, "a frame begins here");
        let (frame, rest) = bytes.split_at(12 + usize::from(bytes[1]));
        frames.push(frame.to_vec());
        bytes = rest;
    }
    frames
}
