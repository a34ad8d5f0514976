//! Photos and releases: things that must not happen twice, so they are repeated only where telemetry shows that they did not.
use crate::autopilot;
use crate::capability::{camera::photo, param};
use crate::command::{self, Outcome, Repeat};
use crate::error::FlightError;
use crate::flight::Flight;
use crate::shared::Boxed;
use crate::statustext::says;
use crate::telemetry::Micros;
use alloc::boxed::Box;
use flightsmith_mission::vehicle::Payload;

/// How long outputs take to show a release, and how old their report may be to show that there was none.
const RELEASE_SEEN_WITHIN_S: f64 = 1.0;
const OUTPUTS_FRESH_S: f64 = 0.5;
/// Outputs that a gripper may be on, the likeliest first: the first four carry motors.
const GRIPPER_OUTPUTS: [u8; 10] = [9, 10, 11, 12, 13, 14, 5, 6, 7, 8];
/// Outputs from the ninth on carry no motors.
const AUXILIARY: usize = 8;

/// Where a payload's movement would show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    NotSought,
    /// Index into the reported outputs.
    On(usize),
    Unknown,
}

impl Flight {
    pub(crate) fn take_photo(&mut self) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            self.during = "taking a photo";
            let camera = self.link.with(|core| core.camera_component);
            photo::take(self, camera).await
        })
    }

    pub(crate) fn release(&mut self, payload: Payload) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            self.during = "releasing";
            let Some(request) = autopilot::release_request(self.autopilot, payload) else {
                return Err(FlightError::NotReported { what: "an output that releases this payload" });
            };
            let started = self.link.now_us();
            let outputs_before = self.outputs();
            let mut looked_at = Output::NotSought;
            for _ in 0..command::ATTEMPTS {
                if self.command_outcome(request, Repeat::Never).await? == Outcome::Accepted {
                    return Ok(());
                }
                let shown = |flight: &mut Flight| flight.shows_release(payload, started, outputs_before);
                if self.step_until(RELEASE_SEEN_WITHIN_S, shown).await? {
                    return Ok(());
                }
                if looked_at == Output::NotSought {
                    looked_at = self.output_of(payload).await?;
                }
                // The payload's own output, reported and not moved, shows that nothing was released: then it may be sent again.
                if !self.shows_that_nothing_moved(looked_at, outputs_before) {
                    break;
                }
            }
            Err(FlightError::OutcomeUnknown {
                command: request.kind.name,
                evidence: "no acknowledgement, no text, no output to look at",
            })
        })
    }

    /// The output that a payload is on. A gripper's is found by the vehicle's parameters: outputs that do not move say nothing about one
    /// that hangs elsewhere.
    async fn output_of(&mut self, payload: Payload) -> Result<Output, FlightError> {
        if let Payload::Servo { channel, .. } = payload {
            return Ok(Output::On(usize::from(channel).wrapping_sub(1)));
        }
        for number in GRIPPER_OUTPUTS {
            let (name, function) = autopilot::gripper_output_parameter(self.autopilot, number);
            match param::get(self, self.autopilot, &name).await {
                Ok(value) if value == function => return Ok(Output::On(usize::from(number) - 1)),
                Ok(_) => {}
                // A vehicle that does not answer now is not asked for the others.
                Err(FlightError::NoAnswer { .. }) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(Output::Unknown)
    }

    fn shows_that_nothing_moved(&self, output: Output, before: Option<[u16; 16]>) -> bool {
        let (Output::On(index), Some(before), Some(now)) = (output, before, self.outputs()) else { return false };
        // An output that carries nothing is reported as 0.
        let pulses = before.get(index).zip(now.get(index));
        self.outputs_are_fresh() && pulses.is_some_and(|(before, now)| before == now && *now != 0)
    }

    fn outputs(&self) -> Option<[u16; 16]> {
        self.link.with(|core| core.telemetry.servo_us).map(|outputs| outputs.value)
    }

    fn outputs_are_fresh(&self) -> bool {
        self.link.with(|core| {
            let now = core.clock.now_us();
            core.telemetry.servo_us.is_some_and(|outputs| outputs.age_s(now) < OUTPUTS_FRESH_S)
        })
    }

    fn shows_release(&self, payload: Payload, started: Micros, before: Option<[u16; 16]>) -> bool {
        let outputs = self.outputs();
        match payload {
            Payload::Servo { channel, release_us } => outputs.is_some_and(|outputs| {
                outputs.get(usize::from(channel).wrapping_sub(1)).is_some_and(|pulse| *pulse == release_us)
            }),
            Payload::Gripper => {
                let moved = outputs.zip(before).is_some_and(|(now, before)| now[AUXILIARY..] != before[AUXILIARY..]);
                moved || self.link.with(|core| core.texts.since(started).any(|text| says(&text.text, "gripper")))
            }
            Payload::Camera => false,
        }
    }
}
