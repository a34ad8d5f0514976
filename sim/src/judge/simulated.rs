//! From a simulator's tick to the judge's sample: the truth, its events, and what the vehicle told over MAVLink.
use super::Judge;
use super::sample::{Control, Event, Reported, Sample};
use crate::simulation::Simulation;
use crate::truth::{Sender, TruthEvent};
use crate::wire::messages;

/// Watches one simulated flight.
pub struct Watcher {
    judge: Judge,
    mission: Sender,
    reported: Reported,
    events: Vec<Event>,
}

impl Watcher {
    /// `mission` is who the judged program is on the link; a mode change by another system is the pilot's.
    pub fn new(judge: Judge, mission: Sender) -> Self {
        Self { judge, mission, reported: Reported::default(), events: Vec::with_capacity(64) }
    }

    /// Looks at the tick that `sim` has just flown.
    pub fn observe(&mut self, sim: &Simulation) {
        read_reported(sim.outgoing(0), &mut self.reported);
        self.events.clear();
        for event in sim.events() {
            let ours = |by: &Sender| by == &self.mission;
            match event {
                TruthEvent::Photo { .. } => self.events.push(Event::Photo),
                TruthEvent::Released { payload, .. } => self.events.push(Event::Released(*payload)),
                TruthEvent::Mode { by: Some(by), .. } if by.system != self.mission.system => {
                    self.events.push(Event::PilotTookOver);
                }
                TruthEvent::SetPoint { by } | TruthEvent::Command { by, .. } if ours(by) => {
                    self.events.push(Event::MissionCommanded);
                }
                TruthEvent::Armed
                | TruthEvent::Disarmed
                | TruthEvent::Mode { .. }
                | TruthEvent::SetPoint { .. }
                | TruthEvent::Command { .. }
                | TruthEvent::ParameterSet { .. }
                | TruthEvent::Touchdown { .. } => {}
            }
        }
        self.show(sim);
    }

    fn show(&mut self, sim: &Simulation) {
        let truth = sim.truth();
        self.judge.observe(&Sample {
            time_s: truth.time_s,
            position: truth.position,
            velocity: truth.velocity,
            heading_deg: truth.heading_deg,
            armed: truth.armed,
            on_ground: truth.on_ground,
            control: Control::of_mode(truth.mode),
            battery_percent: truth.battery_percent,
            reported: self.reported,
            events: &self.events,
        });
    }

    /// Shows, after the last tick, what only the outside of the mission's process tells: it stalled, or was gone too early.
    pub fn observe_end(&mut self, sim: &Simulation, events: Vec<Event>) {
        if !events.is_empty() {
            self.events = events;
            self.show(sim);
        }
    }

    /// The judge, to be asked and finished.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }
    /// The judge, at the end.
    pub fn into_judge(self) -> Judge {
        self.judge
    }
}

/// Takes battery and wind from the frames in `bytes`, as the vehicle wrote them (MAVLink 1 or 2, whole frames).
fn read_reported(bytes: &[u8], reported: &mut Reported) {
    let mut rest = bytes;
    while let Some((id, payload, after)) = next_frame(rest) {
        rest = after;
        // MAVLink 2 leaves out zeros at the end.
        let byte = |at: usize| payload.get(at).copied().unwrap_or(0);
        let float = |at: usize| f64::from(f32::from_le_bytes([byte(at), byte(at + 1), byte(at + 2), byte(at + 3)]));
        let percent = |at: usize| Some(f64::from(byte(at) as i8)).filter(|percent| *percent >= 0.0);
        match id {
            messages::SYS_STATUS => reported.battery_percent = percent(30).or(reported.battery_percent),
            messages::BATTERY_STATUS => reported.battery_percent = percent(35).or(reported.battery_percent),
            messages::WIND => reported.wind_m_s = Some(float(4)).filter(|speed| speed.is_finite()),
            messages::WIND_COV => {
                reported.wind_m_s = Some(float(8).hypot(float(12))).filter(|speed| speed.is_finite());
            }
            _ => {}
        }
    }
}

fn next_frame(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    const MAVLINK_1: u8 = 0xFE;
    const MAVLINK_2: u8 = 0xFD;
    const SIGNED: u8 = 1;
    let start = bytes.iter().position(|byte| matches!(*byte, MAVLINK_1 | MAVLINK_2))?;
    let frame = &bytes[start..];
    let length = usize::from(*frame.get(1)?);
    let (header, id, tail) = if frame[0] == MAVLINK_2 {
        let signature = if frame.get(2)? & SIGNED != 0 { 13 } else { 0 };
        let id = u32::from_le_bytes([*frame.get(7)?, *frame.get(8)?, *frame.get(9)?, 0]);
        (10, id, 2 + signature)
    } else {
        (6, u32::from(*frame.get(5)?), 2)
    };
    let payload = frame.get(header..header + length)?;
    Some((id, payload, frame.get(header + length + tail..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Payload, write_frame};

    #[test]
    fn battery_and_wind_are_read_as_sent() {
        let mut bytes = Vec::new();
        let battery = Payload::new().u32(0).u32(0).u32(0).u16(0).u16(15_800).i16(120).u16(0).u16(0).repeat(0, 8).i8(73);
        write_frame(&mut bytes, 0, 1, 1, messages::SYS_STATUS, &battery);
        write_frame(&mut bytes, 1, 1, 1, messages::HEARTBEAT, &Payload::new().u32(4).u8(2).u8(3).u8(0).u8(0).u8(3));
        write_frame(
            &mut bytes,
            2,
            1,
            1,
            messages::WIND_COV,
            &Payload::new().u64(1).f32s(&[3.0, -4.0, 0.0, 0.5, 0.5, 500.0, 1.0, 0.0]),
        );
        let mut reported = Reported::default();
        read_reported(&bytes, &mut reported);
        assert_eq!(reported, Reported { battery_percent: Some(73.0), wind_m_s: Some(5.0) });
        read_reported(&bytes[..20], &mut reported);
        assert_eq!(reported.battery_percent, Some(73.0));
    }
}
