//! Frames to send: numbered, as MAVLink 2 (signed where that is set) or 1, into one buffer that the driver empties.
#[cfg(feature = "std")]
use super::decoder::{SIGNED, STX_V2};
use super::seal::Seal;
use alloc::vec::Vec;
use core::task::Waker;
#[cfg(feature = "std")]
use mavlink::calculate_crc;
use mavlink::dialects::ardupilotmega as mav;
use mavlink::{MAVLinkV1MessageRaw, MAVLinkV2MessageRaw, MavHeader, MessageData};

/// Frames waiting to be sent.
#[derive(Debug, Default)]
pub struct Outgoing {
    buffer: Vec<u8>,
    sequence: u8,
    /// Whether messages leave as MAVLink 1; those with larger ids than that has then do not leave.
    pub(crate) v1: bool,
    pub(crate) seal: Option<Seal>,
    /// Woken where there is something to send.
    pub(crate) ready: Option<Waker>,
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
        let header = MavHeader { system_id: system.into(), component_id: component, sequence: self.sequence };
        if self.v1 {
            let mut raw = MAVLinkV1MessageRaw::new();
            raw.serialize_message_data(header, message);
            let allowed = D::ID <= u8::MAX.into() && allow(raw.payload());
            if allowed {
                self.append(raw.raw_bytes());
            }
            return allowed;
        }
        let mut raw = MAVLinkV2MessageRaw::new();
        raw.serialize_message_data(header, message);
        let allowed = allow(raw.payload());
        if allowed {
            self.append(raw.raw_bytes());
        }
        allowed
    }
    fn append(&mut self, frame: &[u8]) {
        self.sequence = self.sequence.wrapping_add(1);
        let start = self.buffer.len();
        self.buffer.extend_from_slice(frame);
        if let Some(seal) = &self.seal {
            seal.close(&mut self.buffer, start);
        }
        if start == 0
            && let Some(ready) = &self.ready
        {
            ready.wake_by_ref();
        }
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

#[cfg(feature = "std")]
/// System and component that a frame is from.
pub(crate) fn sender(frame: &[u8]) -> Option<(u8, u8)> {
    let at = if *frame.first()? == STX_V2 { 5 } else { 3 };
    Some((*frame.get(at)?, *frame.get(at + 1)?))
}

#[cfg(feature = "std")]
/// Gives a whole frame this sequence number; `false` where it is signed, so that it must stay as it is.
pub(crate) fn renumber(frame: &mut [u8], sequence: u8) -> bool {
    let is_v2 = frame.first() == Some(&STX_V2);
    let (at, id) = match *frame {
        [_, _, flags, _, _, _, _, a, b, c, ..] if is_v2 && flags & SIGNED == 0 => (4, u32::from_le_bytes([a, b, c, 0])),
        [_, _, _, _, _, id, ..] if !is_v2 => (2, id.into()),
        _ => return false,
    };
    let Some(end) = frame.len().checked_sub(2).filter(|end| *end > at) else { return false };
    frame[at] = sequence;
    let checksum = calculate_crc(&frame[1..end], super::checksum::extra_crc(id));
    frame[end..].copy_from_slice(&checksum.to_le_bytes());
    true
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
