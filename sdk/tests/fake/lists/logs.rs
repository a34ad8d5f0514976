//! The vehicle's logs, sent as ArduPilot and PX4 send them.
use super::{Message, Out};
use flightsmith_sdk::Autopilot;
use mavlink::dialects::ardupilotmega as mav;

#[derive(Debug)]
pub struct Logs {
    autopilot: Autopilot,
    pub logs: Vec<Vec<u8>>,
    listing: Option<usize>,
    sending: Option<(usize, usize, usize)>,
    pub ended: u32,
}

impl Logs {
    pub fn new(autopilot: Autopilot) -> Self {
        Self { autopilot, logs: Vec::new(), listing: None, sending: None, ended: 0 }
    }
    /// ArduPilot counts from 1, PX4 from 0.
    pub fn first_id(&self) -> u16 {
        u16::from(self.autopilot == Autopilot::ArduPilot)
    }

    pub fn take(&mut self, message: &Message, out: &mut Out) {
        match message.id {
            117 if self.logs.is_empty() => self.say_entry(0, 0, out),
            117 => self.listing = Some(0),
            // ArduPilot drops a request while it sends.
            119 if self.sending.is_some() && self.autopilot == Autopilot::ArduPilot => {}
            119 => {
                let (offset, count) = (message.u32(0) as usize, message.u32(4) as usize);
                let index = usize::from(message.u16(8)).wrapping_sub(self.first_id().into());
                self.sending = self.logs.get(index).map(|log| (index, offset, log.len().min(offset + count)));
            }
            122 => {
                self.ended += 1;
                self.sending = None;
            }
            _ => {}
        }
    }

    fn say_entry(&self, index: usize, bytes: usize, out: &mut Out) {
        let mut payload = 1_700_000_000_u32.to_le_bytes().to_vec();
        payload.extend((bytes as u32).to_le_bytes());
        payload.extend((index as u16 + self.first_id()).to_le_bytes());
        payload.extend((self.logs.len() as u16).to_le_bytes());
        payload.extend((self.logs.len() as u16).to_le_bytes());
        out.send::<mav::LOG_ENTRY_DATA>(&payload);
    }

    pub fn tick(&mut self, out: &mut Out) {
        if let Some(index) = self.listing {
            self.say_entry(index, self.logs[index].len(), out);
            self.listing = (index + 1 < self.logs.len()).then_some(index + 1);
        }
        for _ in 0..10 {
            let Some((index, offset, end)) = self.sending else { return };
            let data = self.logs[index].get(offset..end.min(offset + 90)).unwrap_or_default();
            let mut payload = (offset as u32).to_le_bytes().to_vec();
            payload.extend((index as u16 + self.first_id()).to_le_bytes());
            payload.push(data.len() as u8);
            payload.extend(data);
            out.send::<mav::LOG_DATA_DATA>(&payload);
            self.sending = (data.len() == 90 && offset + 90 < end).then_some((index, offset + 90, end));
        }
    }
}
