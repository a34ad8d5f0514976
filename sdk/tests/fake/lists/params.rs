//! The vehicle's parameters, with what each autopilot does to a question that it does not like.
use super::{Message, Out};
use flightsmith_sdk::Autopilot;
use mavlink::dialects::ardupilotmega as mav;
use std::collections::VecDeque;

#[derive(Debug, Clone)]
pub struct Param {
    pub name: String,
    /// MAV_PARAM_TYPE.
    pub kind: u8,
    pub value: f64,
    pub read_only: bool,
    /// Highest value that the vehicle keeps.
    pub at_most: f64,
}

#[derive(Debug)]
pub struct Params {
    autopilot: Autopilot,
    pub list: Vec<Param>,
    cursor: Option<usize>,
    /// ArduPilot queues 20 questions and drops what does not fit.
    questions: VecDeque<(i16, String)>,
    pub silent: bool,
}

impl Params {
    pub fn new(autopilot: Autopilot) -> Self {
        let mut list: Vec<Param> = (0..150)
            .map(|n| Param {
                name: format!("P{n}_{}", "X".repeat(n % 9)),
                kind: match (autopilot, n % 4) {
                    (Autopilot::ArduPilot, 0) => 2,
                    (Autopilot::ArduPilot, 1) => 4,
                    (_, 0 | 2) => 6,
                    _ => 9,
                },
                value: if n % 4 == 3 { f64::from(n as f32 / 7.0) } else { n as f64 - 60.0 },
                read_only: false,
                at_most: f64::INFINITY,
            })
            .collect();
        let mut named = |name: &str, kind, value| {
            list.push(Param { name: name.into(), kind, value, read_only: false, at_most: f64::INFINITY });
        };
        named("SIXTEEN_LETTERS_", 9, 1.5);
        named("FENCE_ENABLE", if autopilot == Autopilot::Px4 { 6 } else { 2 }, 0.0);
        named("BIG", 6, 16_777_216.0);
        named("NAN_BYTES", 6, f64::from(0x7FC0_0001_i32));
        named("SPEED", 9, 5.0);
        named("LOCKED", 6, 3.0);
        named("CLAMPED", 9, 1.0);
        for param in &mut list {
            param.read_only = param.name == "LOCKED";
            if param.name == "CLAMPED" {
                param.at_most = 10.0;
            }
        }
        Self { autopilot, list, cursor: None, questions: VecDeque::new(), silent: false }
    }
    pub fn value(&self, name: &str) -> f64 {
        self.list.iter().find(|param| param.name == name).map_or(f64::NAN, |param| param.value)
    }
    pub fn find(&mut self, name: &str) -> Option<&mut Param> {
        self.list.iter_mut().find(|param| param.name == name)
    }

    fn is_bytewise(&self, kind: u8) -> bool {
        self.autopilot == Autopilot::Px4 && kind < 9
    }
    fn tell(&self, index: usize, shown: u16, out: &mut Out) {
        let param = &self.list[index];
        let bits =
            if self.is_bytewise(param.kind) { param.value as i32 as u32 } else { (param.value as f32).to_bits() };
        let mut payload = bits.to_le_bytes().to_vec();
        payload.extend((self.list.len() as u16).to_le_bytes());
        payload.extend(shown.to_le_bytes());
        payload.extend(name_bytes(&param.name));
        payload.push(param.kind);
        out.send::<mav::PARAM_VALUE_DATA>(&payload);
    }
    /// Tells of a parameter unasked, as after a change by somebody else.
    pub fn tell_unasked(&self, name: &str, out: &mut Out) {
        if let Some(index) = self.list.iter().position(|param| param.name == name) {
            self.tell(index, u16::MAX, out);
        }
    }
    fn refuse(&self, name: &str, error: u8, to: (u8, u8), out: &mut Out) {
        // ArduPilot says nothing.
        if self.autopilot == Autopilot::Px4 {
            let mut payload = (-1_i16).to_le_bytes().to_vec();
            payload.extend([to.0, to.1]);
            payload.extend(name_bytes(name));
            payload.push(error);
            out.send::<mav::PARAM_ERROR_DATA>(&payload);
        }
    }

    pub fn take(&mut self, message: &Message, out: &mut Out) {
        if self.silent {
            return;
        }
        match message.id {
            21 => self.cursor = Some(0),
            20 => {
                let index = message.u16(0) as i16;
                let name = name_text(&message.payload[4..20]);
                if self.questions.len() < 20 {
                    self.questions.push_back((index, name.clone()));
                }
                if index < 0 && !self.list.iter().any(|param| param.name == name) {
                    self.refuse(&name, 1, message.from, out);
                }
            }
            23 => self.set(message, out),
            _ => {}
        }
    }

    fn set(&mut self, message: &Message, out: &mut Out) {
        let (name, kind) = (name_text(&message.payload[6..22]), message.u8(22));
        let Some(index) = self.list.iter().position(|param| param.name == name) else {
            self.refuse(&name, 1, message.from, out);
            return;
        };
        let value = if self.is_bytewise(kind) { f64::from(message.u32(0) as i32) } else { f64::from(message.f32(0)) };
        let px4 = self.autopilot == Autopilot::Px4;
        let param = &mut self.list[index];
        if px4 && kind != param.kind {
            self.refuse(&name, 7, message.from, out);
            return;
        }
        if param.read_only {
            if px4 {
                self.refuse(&name, 5, message.from, out);
            } else {
                out.say(4, "Param write denied (LOCKED)");
                self.tell(index, u16::MAX, out);
            }
            return;
        }
        let value = value.min(param.at_most);
        let changed = value != param.value;
        param.value = value;
        // ArduPilot tells of changes only.
        if px4 || changed {
            self.tell(index, if px4 { index as u16 } else { u16::MAX }, out);
        }
    }

    pub fn tick(&mut self, out: &mut Out) {
        for _ in 0..5 {
            let Some((index, name)) = self.questions.pop_front() else { break };
            let found = match usize::try_from(index) {
                Ok(index) => (index < self.list.len()).then_some(index),
                Err(_) => self.list.iter().position(|param| param.name == name),
            };
            if let Some(found) = found {
                self.tell(found, if index < 0 { u16::MAX } else { index as u16 }, out);
            }
        }
        for _ in 0..8 {
            let Some(at) = self.cursor else { break };
            if at >= self.list.len() {
                self.cursor = None;
                break;
            }
            self.tell(at, at as u16, out);
            self.cursor = Some(at + 1);
        }
    }
}

fn name_bytes(name: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    bytes
}
fn name_text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}
