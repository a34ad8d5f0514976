//! A scripted fake vehicle: just enough MAVLink and motion to try every answer that an autopilot may give.
#![allow(dead_code, reason = "each test uses only some of it")]
use flightsmith_sdk::wire::decoder::Decoder;
use flightsmith_sdk::{Autopilot, Connection, FlightError, Grounded, Landed, Vehicle, units::Seconds};
use mavlink::dialects::ardupilotmega as mav;
use mavlink::{MAVLinkV2MessageRaw, MavHeader, MessageData};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// One tick, s and microseconds.
pub const TICK_S: f64 = 0.02;
const TICK_US: u64 = 20_000;

/// What the fake does with a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Does it and says ACCEPTED.
    Accept,
    /// Does not do it, answers with this MAV_RESULT after this text (in chunks of 50).
    Refuse(u8, &'static str),
    /// Neither does it nor answers: the command was lost.
    Lost,
    /// Does it, but the answer is lost.
    Unheard,
    /// IN_PROGRESS at once, ACCEPTED after this many seconds.
    Later(f64),
    /// ACCEPTED, but addressed to somebody else.
    ForAnother,
}

/// A command as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub at_s: f64,
    pub command: u16,
    pub confirmation: u8,
    pub params: [f32; 7],
}

pub struct FakeVehicle {
    pub autopilot: Autopilot,
    pub time_s: f64,
    pub armed: bool,
    pub mode: u32,
    pub position: [f64; 3],
    velocity: [f64; 3],
    yaw_rad: f64,
    pub ready: bool,
    pub silent: bool,
    /// Sends no telemetry.
    pub heartbeats_only: bool,
    pub reports_outputs: bool,
    /// Parameters that it answers for.
    pub params: Vec<(&'static str, f32)>,
    pub camera_count: Option<i32>,
    pub confirms_images: bool,
    pub images: i32,
    pub output_us: u16,
    pub battery_percent: i8,
    pub system_status: u8,
    pub commands: Vec<Heard>,
    pub set_points: Vec<(f64, [f64; 3])>,
    pub heartbeats: Vec<f64>,
    take_off_to: Option<f64>,
    later: Vec<(f64, u16)>,
    answers: Box<dyn FnMut(&Heard) -> Answer>,
    decoder: Decoder,
    out: Vec<u8>,
    sequence: u8,
    ticks: u64,
}

pub const PX4_OFFBOARD: u32 = 6 << 16;
pub const PX4_LOITER: u32 = 4 << 16 | 3 << 24;
const PX4_TAKEOFF: u32 = 4 << 16 | 2 << 24;
const PX4_LAND: u32 = 4 << 16 | 6 << 24;
const PX4_RTL: u32 = 4 << 16 | 5 << 24;

impl FakeVehicle {
    pub fn new(autopilot: Autopilot) -> Self {
        Self {
            autopilot,
            time_s: 0.0,
            armed: false,
            mode: if autopilot == Autopilot::Px4 { PX4_LOITER } else { 0 },
            position: [0.0; 3],
            velocity: [0.0; 3],
            yaw_rad: 0.0,
            ready: true,
            silent: false,
            heartbeats_only: false,
            reports_outputs: false,
            params: Vec::new(),
            camera_count: None,
            confirms_images: true,
            images: 0,
            output_us: 1100,
            battery_percent: 90,
            system_status: 3,
            commands: Vec::new(),
            set_points: Vec::new(),
            heartbeats: Vec::new(),
            take_off_to: None,
            later: Vec::new(),
            answers: Box::new(|_| Answer::Accept),
            decoder: Decoder::default(),
            out: Vec::new(),
            sequence: 0,
            ticks: 0,
        }
    }

    /// Answers each command as `answers` says.
    pub fn answering(mut self, answers: impl FnMut(&Heard) -> Answer + 'static) -> Self {
        self.answers = Box::new(answers);
        self
    }

    pub fn sent(&self, command: u16) -> Vec<&Heard> {
        self.commands.iter().filter(|heard| heard.command == command).collect()
    }

    pub fn say(&mut self, severity: u8, text: &str) {
        let id = if text.len() >= 50 { 7 } else { 0 };
        for (chunk, piece) in text.as_bytes().chunks(50).enumerate() {
            let mut payload = vec![0; 54];
            payload[0] = severity;
            payload[1..=piece.len()].copy_from_slice(piece);
            payload[51..53].copy_from_slice(&u16::to_le_bytes(id));
            payload[53] = chunk as u8;
            self.push_raw(253, mav::STATUSTEXT_DATA::EXTRA_CRC, &payload);
        }
    }

    /// The mode changes by somebody else's hand; as ArduPilot does, a heartbeat tells at once.
    pub fn change_mode(&mut self, mode: u32) {
        self.mode = mode;
        self.heartbeat();
    }

    fn tick(&mut self, incoming: &[u8]) -> Vec<u8> {
        self.ticks += 1;
        self.time_s = self.ticks as f64 * TICK_S;
        self.read(incoming);
        for (_, command) in self.later.extract_if(.., |(at_s, _)| *at_s <= self.time_s).collect::<Vec<_>>() {
            self.acknowledge(command, 0, 191);
        }
        self.fly();
        self.report();
        let out = std::mem::take(&mut self.out);
        if self.silent { Vec::new() } else { out }
    }

    fn read(&mut self, mut bytes: &[u8]) {
        let mut frames = Vec::new();
        while !bytes.is_empty() {
            let taken = self.decoder.push(bytes);
            bytes = &bytes[taken..];
            while let Some(frame) = self.decoder.next_frame() {
                let mut payload = frame.payload.to_vec();
                payload.resize(255, 0);
                frames.push((frame.id, payload));
            }
        }
        for (id, payload) in frames {
            let float = |at: usize| f32::from_le_bytes(payload[at..at + 4].try_into().expect("four bytes"));
            match id {
                0 => self.heartbeats.push(self.time_s),
                20 => self.answer_parameter(&payload),
                76 => {
                    let heard = Heard {
                        at_s: self.time_s,
                        command: u16::from_le_bytes([payload[28], payload[29]]),
                        confirmation: payload[32],
                        params: std::array::from_fn(|n| float(4 * n)),
                    };
                    self.commands.push(heard.clone());
                    self.handle(&heard);
                }
                84 => {
                    let position = [4, 8, 12].map(|at| f64::from(float(at)));
                    self.set_points.push((self.time_s, position));
                    if self.is_guided() && self.take_off_to.is_none() {
                        self.position = position;
                        self.velocity = [16, 20, 24].map(|at| f64::from(float(at)));
                        self.yaw_rad = f64::from(float(40));
                    }
                }
                _ => {}
            }
        }
    }

    /// PARAM_REQUEST_READ by name.
    fn answer_parameter(&mut self, payload: &[u8]) {
        let name = payload[4..20].split(|byte| *byte == 0).next().unwrap_or_default();
        let known = self.params.iter().find(|(known, _)| known.as_bytes() == name);
        let Some((name, value)) = known.copied() else { return };
        let mut answer = vec![0; 25];
        answer[..4].copy_from_slice(&value.to_le_bytes());
        answer[8..8 + name.len()].copy_from_slice(name.as_bytes());
        answer[24] = 9;
        self.push_raw(22, mav::PARAM_VALUE_DATA::EXTRA_CRC, &answer);
    }

    fn is_guided(&self) -> bool {
        self.mode == if self.autopilot == Autopilot::Px4 { PX4_OFFBOARD } else { 4 }
    }

    fn handle(&mut self, heard: &Heard) {
        match (self.answers)(heard) {
            Answer::Accept => {
                self.obey(heard);
                self.acknowledge(heard.command, 0, 191);
            }
            Answer::Refuse(result, text) => {
                if !text.is_empty() {
                    self.say(2, text);
                }
                self.acknowledge(heard.command, result, 191);
            }
            Answer::Lost => {}
            Answer::Unheard => self.obey(heard),
            Answer::Later(seconds) => {
                self.obey(heard);
                self.acknowledge(heard.command, 5, 191);
                self.later.push((self.time_s + seconds, heard.command));
            }
            Answer::ForAnother => self.acknowledge(heard.command, 0, 55),
        }
    }

    fn obey(&mut self, heard: &Heard) {
        let p = heard.params;
        match heard.command {
            176 => {
                let mode = if self.autopilot == Autopilot::Px4 {
                    (p[1] as u32) << 16 | (p[2] as u32) << 24
                } else {
                    p[1] as u32
                };
                self.change_mode(mode);
            }
            400 => self.armed = p[0] == 1.0,
            22 => {
                let above_home_m = if self.autopilot == Autopilot::Px4 { p[6] - 488.0 } else { p[6] };
                self.take_off_to = Some(f64::from(above_home_m));
                if self.autopilot == Autopilot::Px4 {
                    self.mode = PX4_TAKEOFF;
                }
            }
            2000 => {
                self.images += 1;
                if let Some(count) = &mut self.camera_count {
                    *count += 1;
                }
                if self.confirms_images {
                    let mut payload = vec![0; 50];
                    payload[44..48].copy_from_slice(&self.images.to_le_bytes());
                    payload[49] = 1;
                    self.push_raw(263, mav::CAMERA_IMAGE_CAPTURED_DATA::EXTRA_CRC, &payload);
                }
            }
            512 => {
                if let Some(count) = self.camera_count {
                    let mut payload = vec![0; 22];
                    payload[18..22].copy_from_slice(&count.to_le_bytes());
                    self.push_raw(262, mav::CAMERA_CAPTURE_STATUS_DATA::EXTRA_CRC, &payload);
                }
            }
            183 => self.output_us = p[1] as u16,
            _ => {}
        }
    }

    fn acknowledge(&mut self, command: u16, result: u8, target_component: u8) {
        let mut payload = vec![0; 10];
        payload[..2].copy_from_slice(&command.to_le_bytes());
        payload[2] = result;
        payload[8] = 1;
        payload[9] = target_component;
        self.push_raw(77, mav::COMMAND_ACK_DATA::EXTRA_CRC, &payload);
    }

    fn fly(&mut self) {
        if !self.armed {
            return;
        }
        if let Some(to_m) = self.take_off_to {
            self.velocity = [0.0, 0.0, -2.0];
            self.position[2] -= 2.0 * TICK_S;
            if self.position[2] <= -to_m {
                self.velocity = [0.0; 3];
                self.take_off_to = None;
                if self.autopilot == Autopilot::Px4 {
                    self.mode = PX4_LOITER;
                }
            }
        }
        let down = [6, 9, PX4_LAND, PX4_RTL].contains(&self.mode);
        if down {
            self.velocity = [0.0, 0.0, 1.0];
            self.position[2] += TICK_S;
            if self.position[2] >= 0.0 {
                self.position[2] = 0.0;
                self.velocity = [0.0; 3];
                self.armed = false;
            }
        }
    }

    fn heartbeat(&mut self) {
        let autopilot = if self.autopilot == Autopilot::Px4 { 12 } else { 3 };
        let mut payload = self.mode.to_le_bytes().to_vec();
        payload.extend([2, autopilot, if self.armed { 0xD9 } else { 0x59 }, self.system_status, 3]);
        self.push_raw(0, mav::HEARTBEAT_DATA::EXTRA_CRC, &payload);
    }

    fn report(&mut self) {
        let time_boot_ms = (self.time_s * 1000.0) as u32;
        if self.ticks % 50 == 1 {
            self.heartbeat();
        }
        if self.autopilot == Autopilot::Px4 && self.ticks.is_multiple_of(5) {
            let mut payload = self.mode.to_le_bytes().to_vec();
            payload.extend(self.mode.to_le_bytes());
            payload.push(0);
            self.push_raw(436, mav::CURRENT_MODE_DATA::EXTRA_CRC, &payload);
        }
        if self.heartbeats_only || !self.ticks.is_multiple_of(2) {
            return;
        }
        let [x, y, z] = self.position.map(|v| v as f32);
        let [vx, vy, vz] = self.velocity.map(|v| v as f32);
        self.push(&mav::LOCAL_POSITION_NED_DATA { time_boot_ms, x, y, z, vx, vy, vz });
        self.push(&mav::ATTITUDE_DATA { time_boot_ms, yaw: self.yaw_rad as f32, ..Default::default() });
        self.push(&mav::GLOBAL_POSITION_INT_DATA {
            time_boot_ms,
            lat: 473_977_420,
            lon: 85_455_940,
            alt: 488_000 - (self.position[2] * 1000.0) as i32,
            ..Default::default()
        });
        self.push(&mav::EXTENDED_SYS_STATE_DATA {
            landed_state: if self.position[2] > -0.05 {
                mav::MavLandedState::MAV_LANDED_STATE_ON_GROUND
            } else {
                mav::MavLandedState::MAV_LANDED_STATE_IN_AIR
            },
            ..Default::default()
        });
        let mut status = vec![0; 31];
        status[8..12].copy_from_slice(&(u32::from(self.ready) << 28).to_le_bytes());
        status[30] = self.battery_percent as u8;
        self.push_raw(1, mav::SYS_STATUS_DATA::EXTRA_CRC, &status);
        let mut estimator = vec![0; 22];
        estimator[20..22].copy_from_slice(&831_u16.to_le_bytes());
        self.push_raw(193, mav::EKF_STATUS_REPORT_DATA::EXTRA_CRC, &estimator);
        if self.reports_outputs {
            let mut outputs = vec![0; 37];
            // Output 9 is the first of the message's extension.
            outputs[21..23].copy_from_slice(&self.output_us.to_le_bytes());
            self.push_raw(36, mav::SERVO_OUTPUT_RAW_DATA::EXTRA_CRC, &outputs);
        }
    }

    fn push<D: MessageData>(&mut self, message: &D) {
        let mut raw = MAVLinkV2MessageRaw::new();
        raw.serialize_message_data(MavHeader { system_id: 1, component_id: 1, sequence: self.sequence }, message);
        self.sequence = self.sequence.wrapping_add(1);
        self.out.extend_from_slice(raw.raw_bytes());
    }

    /// A frame of any payload, so that extension fields can be sent as real autopilots do.
    fn push_raw(&mut self, id: u32, extra: u8, payload: &[u8]) {
        let [low, middle, high, _] = id.to_le_bytes();
        let mut frame = vec![0xFD, payload.len() as u8, 0, 0, self.sequence, 1, 1, low, middle, high];
        self.sequence = self.sequence.wrapping_add(1);
        frame.extend_from_slice(payload);
        let crc = mavlink::calculate_crc(&frame[1..], extra);
        frame.extend(crc.to_le_bytes());
        self.out.extend(frame);
    }
}

/// A mission on its way.
pub type Mission = Pin<Box<dyn Future<Output = Result<Vehicle<Landed>, FlightError>>>>;

/// Flies `mission` with `vehicle` until it ends or `limit_s` of vehicle time are over; `event` sees every tick.
pub fn fly_with(
    vehicle: &mut FakeVehicle,
    limit_s: f64,
    mission: impl FnOnce(Vehicle<Grounded>) -> Mission + 'static,
    mut event: impl FnMut(&mut FakeVehicle),
) -> Result<(), FlightError> {
    let connection = Connection::new();
    let for_mission = connection.clone();
    let mut flight: Mission = Box::pin(async move {
        let vehicle = for_mission.ready(Seconds(20.0)).await?;
        mission(vehicle).await
    });
    let mut to_vehicle = Vec::new();
    let mut end = None;
    let mut context = Context::from_waker(Waker::noop());
    // After its end a second more, to see that nothing is sent any more but heartbeats.
    let mut left_after = 60;
    while left_after > 0 && vehicle.time_s < limit_s {
        event(vehicle);
        let bytes = vehicle.tick(&to_vehicle);
        to_vehicle.clear();
        connection.feed_lockstep(&bytes);
        connection.expect_answer((vehicle.ticks * TICK_US * 1000) as i64);
        if end.is_none() {
            if let Poll::Ready(result) = flight.as_mut().poll(&mut context) {
                end = Some(result.map(drop));
            }
        } else {
            left_after -= 1;
        }
        connection.take_outgoing(|bytes| to_vehicle.extend_from_slice(bytes));
    }
    end.unwrap_or_else(|| panic!("no end within {limit_s} s"))
}

/// As [`fly_with`], undisturbed.
pub fn fly(
    vehicle: &mut FakeVehicle,
    mission: impl FnOnce(Vehicle<Grounded>) -> Mission + 'static,
) -> Result<(), FlightError> {
    fly_with(vehicle, 300.0, mission, |_| {})
}
