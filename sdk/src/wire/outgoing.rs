//! Frames to send: MAVLink 2, numbered, into one buffer that the driver empties.
use alloc::vec::Vec;
use mavlink::dialects::ardupilotmega as mav;
use mavlink::{MAVLinkV2MessageRaw, MavHeader, MessageData};

/// Frames waiting to be sent.
#[derive(Debug, Default)]
pub struct Outgoing {
    buffer: Vec<u8>,
    sequence: u8,
}

impl Outgoing {
    /// Appends `message` from `system`/`component`.
    pub fn push<D: MessageData>(&mut self, system: u8, component: u8, message: &D) {
        self.push_if(system, component, message, |_payload| true);
    }
    /// As [`Outgoing::push`], where `allow` lets the payload pass; says whether it did.
    pub fn push_if<D: MessageData>(
        &mut self,
        system: u8,
        component: u8,
        message: &D,
        allow: impl FnOnce(&[u8]) -> bool,
    ) -> bool {
        let mut raw = MAVLinkV2MessageRaw::new();
        let header = MavHeader { system_id: system.into(), component_id: component, sequence: self.sequence };
        raw.serialize_message_data(header, message);
        let allowed = allow(raw.payload());
        if allowed {
            self.sequence = self.sequence.wrapping_add(1);
            self.buffer.extend_from_slice(raw.raw_bytes());
        }
        allowed
    }
    /// What is to be sent; [`Outgoing::clear`] after it was.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer
    }
    /// Forgets what was sent.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }
}

/// The heartbeat of a ground station.
pub fn ground_station_heartbeat() -> mav::HEARTBEAT_DATA {
    mav::HEARTBEAT_DATA { mavtype: mav::MavType::MAV_TYPE_GCS, ..heartbeat() }
}

/// The heartbeat of a companion computer.
pub fn heartbeat() -> mav::HEARTBEAT_DATA {
    mav::HEARTBEAT_DATA {
        custom_mode: 0,
        mavtype: mav::MavType::MAV_TYPE_ONBOARD_CONTROLLER,
        autopilot: mav::MavAutopilot::MAV_AUTOPILOT_INVALID,
        base_mode: mav::MavModeFlag::empty(),
        system_status: mav::MavState::MAV_STATE_ACTIVE,
        mavlink_version: 3,
    }
}
