//! A scripted system: says what a test tells it to, tick by tick, and keeps what it heard. No simulator, no link, no clock.
use flightsmith_sdk::wire::decoder::Decoder;
use flightsmith_sdk::{Autopilot, Connection, RequestError, System, units::Seconds};
use mavlink::dialects::ardupilotmega as mav;
use mavlink::{MAVLinkV2MessageRaw, MavHeader, MavlinkVersion, Message, MessageData};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const TICK_US: u64 = 20_000;

/// A message as the scripted system heard it.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub at_s: f64,
    pub id: u32,
    pub payload: Vec<u8>,
}

impl Heard {
    pub fn decode<D: MessageData>(&self) -> Option<D> {
        (self.id == D::ID).then(|| D::deser(MavlinkVersion::V2, &self.payload).unwrap())
    }
    /// Number and parameters of a COMMAND_LONG.
    pub fn command(&self) -> Option<(u16, [f32; 7])> {
        let c = self.decode::<mav::COMMAND_LONG_DATA>()?;
        Some((c.command as u32 as u16, [c.param1, c.param2, c.param3, c.param4, c.param5, c.param6, c.param7]))
    }
}

/// The scripted system's mouth.
#[derive(Debug, Default)]
pub struct Mouth {
    bytes: Vec<u8>,
    sequence: u8,
    pub component: u8,
}

impl Mouth {
    pub fn say<D: MessageData>(&mut self, message: &D) {
        let mut raw = MAVLinkV2MessageRaw::new();
        let header = MavHeader { system_id: 1_u8.into(), component_id: self.component.max(1), sequence: self.sequence };
        self.sequence = self.sequence.wrapping_add(1);
        raw.serialize_message_data(header, message);
        self.bytes.extend_from_slice(raw.raw_bytes());
    }
    /// A message by its bytes: the dialect's types leave out extension fields.
    pub fn say_bytes(&mut self, id: u32, payload: &[u8]) {
        let [id_0, id_1, id_2, _] = id.to_le_bytes();
        let (length, component) = (payload.len() as u8, self.component.max(1));
        let mut frame = vec![0xFD, length, 0, 0, self.sequence, 1, component, id_0, id_1, id_2];
        self.sequence = self.sequence.wrapping_add(1);
        frame.extend_from_slice(payload);
        let crc = mavlink::calculate_crc(&frame[1..], mav::MavMessage::extra_crc(id));
        frame.extend_from_slice(&crc.to_le_bytes());
        self.bytes.extend_from_slice(&frame);
    }
    pub fn acknowledge(&mut self, command: u16, result: u8) {
        let [low, high] = command.to_le_bytes();
        self.say_bytes(mav::COMMAND_ACK_DATA::ID, &[low, high, result]);
    }
}

/// What the scripted system is.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    pub autopilot: Autopilot,
    pub armed: bool,
    pub mode: u32,
    /// From this second on it is in another mode.
    pub mode_later: Option<(f64, u32)>,
}

impl Script {
    pub fn new(autopilot: Autopilot) -> Self {
        Self { autopilot, armed: false, mode: 0, mode_later: None }
    }
}

/// Runs `call` against a system that answers each message as `answer` says; returns the end and all that was heard.
pub fn run<T, Fut: Future<Output = Result<T, RequestError>>>(
    script: Script,
    mut answer: impl FnMut(&Heard, &mut Mouth),
    call: impl FnOnce(System) -> Fut,
) -> (Result<T, RequestError>, Vec<Heard>) {
    const LIMIT_S: f64 = 200.0;
    let connection = Connection::ground_station();
    let mut future = pin!(async {
        let system = connection.system(Seconds(10.0)).await?;
        call(system).await
    });
    let (mut mouth, mut ear, mut heard) = (Mouth::default(), Decoder::default(), Vec::new());
    let mut context = Context::from_waker(Waker::noop());
    for tick in 0_u64.. {
        let at_s = (tick * TICK_US) as f64 * 1e-6;
        assert!(at_s < LIMIT_S, "the call never ended");
        if tick.is_multiple_of(5) {
            heartbeat(&script, at_s, &mut mouth);
        }
        connection.feed(&std::mem::take(&mut mouth.bytes));
        connection.set_wall_us(tick * TICK_US);
        let poll = future.as_mut().poll(&mut context);
        let mut sent = Vec::new();
        connection.take_outgoing(|bytes| sent.extend_from_slice(bytes));
        let mut rest = sent.as_slice();
        while !rest.is_empty() {
            let taken = ear.push(rest);
            rest = &rest[taken..];
            while let Some(frame) = ear.next_frame() {
                let message = Heard { at_s, id: frame.id, payload: frame.payload.to_vec() };
                if let Some((511, _)) = message.command() {
                    mouth.acknowledge(511, 0);
                } else {
                    answer(&message, &mut mouth);
                }
                heard.push(message);
            }
        }
        if let Poll::Ready(end) = poll {
            return (end, heard);
        }
    }
    unreachable!("time has no end")
}

fn heartbeat(script: &Script, at_s: f64, mouth: &mut Mouth) {
    let mode = script.mode_later.filter(|(from_s, _)| at_s >= *from_s).map_or(script.mode, |(_, mode)| mode);
    let mut flags = mav::MavModeFlag::MAV_MODE_FLAG_CUSTOM_MODE_ENABLED;
    flags.set(mav::MavModeFlag::MAV_MODE_FLAG_SAFETY_ARMED, script.armed);
    mouth.say(&mav::HEARTBEAT_DATA {
        custom_mode: mode,
        mavtype: mav::MavType::MAV_TYPE_QUADROTOR,
        autopilot: match script.autopilot {
            Autopilot::ArduPilot => mav::MavAutopilot::MAV_AUTOPILOT_ARDUPILOTMEGA,
            Autopilot::Px4 => mav::MavAutopilot::MAV_AUTOPILOT_PX4,
        },
        base_mode: flags,
        system_status: mav::MavState::MAV_STATE_ACTIVE,
        mavlink_version: 3,
    });
}
