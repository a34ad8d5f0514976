//! A vehicle's words as bytes, and reading what is said to it.
#![allow(dead_code, reason = "each test speaks only some of it")]
use flightsmith_sdk::wire::decoder::Decoder;
use flightsmith_sdk::wire::outgoing::Outgoing;
use mavlink::dialects::ardupilotmega as mav;

/// A heartbeat of an ArduPilot copter with this system id.
pub fn heartbeat() -> mav::HEARTBEAT_DATA {
    mav::HEARTBEAT_DATA {
        custom_mode: 4,
        mavtype: mav::MavType::MAV_TYPE_QUADROTOR,
        autopilot: mav::MavAutopilot::MAV_AUTOPILOT_ARDUPILOTMEGA,
        base_mode: mav::MavModeFlag::MAV_MODE_FLAG_CUSTOM_MODE_ENABLED,
        system_status: mav::MavState::MAV_STATE_STANDBY,
        mavlink_version: 3,
    }
}

/// Numbers and packs what a vehicle says.
pub struct Voice {
    pub system: u8,
    out: Outgoing,
}

impl Voice {
    pub fn of(system: u8) -> Self {
        Self { system, out: Outgoing::default() }
    }
    /// One frame.
    pub fn say<D: mavlink::MessageData>(&mut self, message: &D) -> Vec<u8> {
        self.say_as(1, message)
    }
    /// One frame of another component.
    pub fn say_as<D: mavlink::MessageData>(&mut self, component: u8, message: &D) -> Vec<u8> {
        self.out.push(self.system, component, message);
        let frame = self.out.bytes().to_vec();
        self.out.clear();
        frame
    }
}

/// A frame as it was heard: message id, sender, target where it has one at the offset of a COMMAND_LONG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub id: u32,
    pub system: u8,
    pub component: u8,
    pub sequence: u8,
    pub v1: bool,
    pub signed: bool,
    pub payload: Vec<u8>,
}

/// All frames in `bytes`.
pub fn words(bytes: &[u8]) -> Vec<Word> {
    let (mut decoder, mut words, mut rest) = (Decoder::default(), Vec::new(), bytes);
    loop {
        rest = &rest[decoder.push(rest)..];
        while let Some(frame) = decoder.next_frame() {
            words.push(Word {
                id: frame.id,
                system: frame.system,
                component: frame.component,
                sequence: frame.sequence,
                v1: frame.is_v1(),
                signed: frame.is_signed(),
                payload: frame.payload.to_vec(),
            });
        }
        if rest.is_empty() {
            return words;
        }
    }
}
