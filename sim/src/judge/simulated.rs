//! From a simulator's tick to the judge's sample: the truth, its events, and what the vehicle told over MAVLink.
use super::Judge;
use super::reported::Reported;
use super::sample::{Control, Event, Sample};
use crate::simulation::Simulation;
use crate::truth::{Sender, TruthEvent};
use crate::wire::Decoder;

/// Watches one simulated flight.
pub struct Watcher {
    judge: Judge,
    mission: Sender,
    decoder: Decoder,
    reported: Reported,
    events: Vec<Event>,
}

impl Watcher {
    /// `mission` is who the judged program is on the link; a mode change by another system is the pilot's.
    pub fn new(judge: Judge, mission: Sender) -> Self {
        let (decoder, reported) = (Decoder::default(), Reported::default());
        Self { judge, mission, decoder, reported, events: Vec::with_capacity(64) }
    }

    /// Looks at the tick that `sim` has just flown.
    pub fn observe(&mut self, sim: &Simulation) {
        self.decoder.push(sim.outgoing(0));
        while let Some((frame, _)) = self.decoder.next_frame() {
            self.reported.hear(&frame);
        }
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
