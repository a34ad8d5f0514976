//! Asking a vehicle for a few parameters: PARAM_REQUEST_READ, again every half second, until they are there.
use flightsmith_sim::wire::{Decoder, Payload, write_frame};
use std::collections::BTreeMap;

const PARAM_REQUEST_READ: u32 = 20;
const PARAM_VALUE: u32 = 22;
const HEARTBEAT: u32 = 0;
const AGAIN_AFTER_S: f64 = 0.5;
/// A number of its own, so that nobody takes it for the mission.
const ASKER: (u8, u8) = (254, 190);

/// Parameters that are being asked for.
pub struct Asking {
    wanted: Vec<&'static str>,
    values: BTreeMap<String, f64>,
    decoder: Decoder,
    autopilot: Option<u8>,
    asked_at_s: Option<f64>,
    sequence: u8,
}

impl Asking {
    /// For these names.
    pub fn new(wanted: &[&'static str]) -> Self {
        let (values, decoder) = (BTreeMap::new(), Decoder::default());
        Self { wanted: wanted.to_vec(), values, decoder, autopilot: None, asked_at_s: None, sequence: 0 }
    }

    /// Whether all are there. Names that the vehicle does not know stay unanswered.
    pub fn is_answered(&self) -> bool {
        self.wanted.iter().all(|name| self.values.contains_key(*name))
    }

    /// A value, if it is there.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.values.get(name).copied()
    }

    /// MAV_AUTOPILOT of the vehicle, once its heartbeat was heard.
    pub fn autopilot(&self) -> Option<u8> {
        self.autopilot
    }

    /// Takes bytes from the vehicle at `now_s`; frames to send.
    pub fn take(&mut self, bytes: &[u8], now_s: f64) -> Vec<Vec<u8>> {
        self.decoder.push(bytes);
        while let Some((frame, _)) = self.decoder.next_frame() {
            // HEARTBEAT.autopilot; cameras, gimbals and ground stations say 8 (none).
            if frame.id == HEARTBEAT && frame.u8(5) != 8 {
                self.autopilot = Some(frame.u8(5));
            }
            if frame.id == PARAM_VALUE {
                let name = frame.text(8, 16).to_string();
                // PX4 puts the bits of an integer (types 1 to 6) into the float; a bit pattern of a small integer is no plausible float.
                let (float, bits) = (frame.f32(0), frame.i32(0));
                let is_union = frame.u8(24) <= 6 && float != 0.0 && float.abs() < 1e-30;
                self.values.insert(name, if is_union { f64::from(bits) } else { float });
            }
        }
        if self.asked_at_s.is_some_and(|asked_at_s| now_s - asked_at_s < AGAIN_AFTER_S) {
            return Vec::new();
        }
        self.asked_at_s = Some(now_s);
        // HEARTBEAT: type 18 (onboard controller: PX4 would miss a ground station that goes away, and return), autopilot 8 (none).
        let heartbeat = Payload::new().u32(0).u8(18).u8(8).u8(0).u8(4).u8(3);
        let mut frames = vec![self.frame(HEARTBEAT, &heartbeat)];
        for name in self.wanted.clone() {
            if !self.values.contains_key(name) {
                let payload = Payload::new().i16(-1).u8(1).u8(1).text(name, 16);
                frames.push(self.frame(PARAM_REQUEST_READ, &payload));
            }
        }
        frames
    }

    fn frame(&mut self, id: u32, payload: &Payload) -> Vec<u8> {
        let mut frame = Vec::new();
        write_frame(&mut frame, self.sequence, ASKER.0, ASKER.1, id, payload);
        self.sequence = self.sequence.wrapping_add(1);
        frame
    }
}
