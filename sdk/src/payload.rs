//! Photos and releases: things that must not happen twice, so they are repeated only where telemetry shows that they did not.
use crate::autopilot;
use crate::command::{self, Outcome, Repeat, Request};
use crate::error::FlightError;
use crate::flight::Flight;
use flightsmith_mission::vehicle::Payload;

/// A camera confirms within this.
const IMAGE_WITHIN_S: f64 = 4.0;
/// How long outputs take to show a release.
const RELEASE_SEEN_WITHIN_S: f64 = 1.5;

impl Flight {
    pub(crate) async fn take_photo(&mut self) -> Result<(), FlightError> {
        self.during = "taking a photo";
        let (component, before) = self.link.with(|core| (core.camera_component, core.telemetry.images));
        let mut request =
            Request::new(command::IMAGE_START_CAPTURE, [0.0, 0.0, 1.0, 0.0, f32::NAN, f32::NAN, f32::NAN]);
        request.component = component;
        let mut outcome = self.command_outcome(request, Repeat::Never).await;
        if matches!(outcome, Err(FlightError::Refused { result: "UNSUPPORTED", .. })) {
            // An autopilot without the camera protocol may still have the older command.
            let older = Request::new(command::DO_DIGICAM_CONTROL, [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
            match self.command_outcome(older, Repeat::Never).await {
                // The first refusal says more about what is missing.
                Err(FlightError::Refused { .. }) => {}
                other => outcome = other,
            }
        }
        outcome?;
        let confirmed =
            self.step_until(IMAGE_WITHIN_S, |flight| flight.link.with(|core| core.telemetry.images) > before).await?;
        if confirmed {
            return Ok(());
        }
        Err(FlightError::OutcomeUnknown {
            command: command::IMAGE_START_CAPTURE.name,
            evidence: "no CAMERA_IMAGE_CAPTURED or CAMERA_FEEDBACK",
        })
    }

    pub(crate) async fn release(&mut self, payload: Payload) -> Result<(), FlightError> {
        self.during = "releasing";
        let Some(request) = autopilot::release_request(self.autopilot, payload) else {
            return Err(FlightError::NotReported { what: "an output that releases this payload" });
        };
        match self.command_outcome(request, Repeat::Never).await? {
            Outcome::Accepted => Ok(()),
            Outcome::Unanswered { .. } => {
                let seen = self.step_until(RELEASE_SEEN_WITHIN_S, |flight| flight.shows_release(payload)).await?;
                if seen {
                    return Ok(());
                }
                Err(FlightError::OutcomeUnknown {
                    command: request.kind.name,
                    evidence: "no acknowledgement, no output change, no text",
                })
            }
        }
    }

    fn shows_release(&self, payload: Payload) -> bool {
        self.link.with(|core| match payload {
            Payload::Servo { channel, release_us } => core.telemetry.servo_us.is_some_and(|servo| {
                servo.value.get(usize::from(channel).wrapping_sub(1)).is_some_and(|pulse| *pulse == release_us)
            }),
            Payload::Gripper => {
                let from = core.clock.now_us().saturating_sub(3_000_000);
                core.texts.since(from).any(|text| text.text.to_lowercase().contains("gripper"))
            }
            Payload::Camera => false,
        })
    }
}
