//! Photos and releases: things that must not happen twice, so they are repeated only where telemetry shows that they did not.
use crate::autopilot;
use crate::command::{self, Outcome, Repeat, Request};
use crate::error::FlightError;
use crate::flight::Flight;
use crate::telemetry::Micros;
use crate::wire::incoming::id;
use flightsmith_mission::vehicle::Payload;

/// A camera confirms within this.
const IMAGE_WITHIN_S: f64 = 3.0;
const PHOTO_ATTEMPTS: u8 = 4;
const COUNT_ATTEMPTS: u8 = 3;
const COUNT_WITHIN_S: f64 = 0.5;
/// How long outputs take to show a release, and how old their report may be to show that there was none.
const RELEASE_SEEN_WITHIN_S: f64 = 1.0;
const OUTPUTS_FRESH_S: f64 = 0.5;
/// Outputs from the ninth on carry no motors.
const AUXILIARY: usize = 8;
/// MAV_COMP_ID_ALL.
const EVERY_COMPONENT: u8 = 0;

impl Flight {
    pub(crate) async fn take_photo(&mut self) -> Result<(), FlightError> {
        self.during = "taking a photo";
        let images_before = self.link.with(|core| core.telemetry.images);
        let count_before = self.image_count().await?;
        for _ in 0..PHOTO_ATTEMPTS {
            self.request_photo().await?;
            let confirmed = self
                .step_until(IMAGE_WITHIN_S, |flight| flight.link.with(|core| core.telemetry.images) > images_before)
                .await?;
            if confirmed {
                return Ok(());
            }
            // The confirmation may be lost; the camera's own count tells whether there is an image.
            match (count_before, self.image_count().await?) {
                (Some(before), Some(now)) if now > before => return Ok(()),
                (Some(before), Some(now)) if now == before => {}
                _ => break,
            }
        }
        Err(FlightError::OutcomeUnknown {
            command: command::IMAGE_START_CAPTURE.name,
            evidence: "no CAMERA_IMAGE_CAPTURED, CAMERA_FEEDBACK or higher image count",
        })
    }

    /// Commands one image, once; an unanswered command is no error here, the image itself is looked for.
    async fn request_photo(&mut self) -> Result<(), FlightError> {
        let mut request =
            Request::new(command::IMAGE_START_CAPTURE, [0.0, 0.0, 1.0, 0.0, f32::NAN, f32::NAN, f32::NAN]);
        request.component = self.link.with(|core| core.camera_component);
        let refusal = match self.command_outcome(request, Repeat::Never).await {
            Ok(_) => return Ok(()),
            Err(refusal @ FlightError::Refused { result: "UNSUPPORTED", .. }) => refusal,
            Err(error) => return Err(error),
        };
        // An autopilot without the camera protocol may still have the older command.
        let older = Request::new(command::DO_DIGICAM_CONTROL, [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        match self.command_outcome(older, Repeat::Never).await {
            Ok(_) => Ok(()),
            // The first refusal says more about what is missing.
            Err(FlightError::Refused { .. }) => Err(refusal),
            Err(error) => Err(error),
        }
    }

    /// The camera's count of images, where it has one (CAMERA_CAPTURE_STATUS).
    async fn image_count(&mut self) -> Result<Option<i32>, FlightError> {
        let asked = self.link.now_us();
        let mut request =
            Request::new(command::REQUEST_MESSAGE, [id::CAMERA_CAPTURE_STATUS as f32, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        request.component = Some(self.link.with(|core| core.camera_component).unwrap_or(EVERY_COMPONENT));
        for _ in 0..COUNT_ATTEMPTS {
            match self.command_outcome(request, Repeat::Freely).await {
                Ok(_) => {}
                Err(FlightError::Refused { .. }) => return Ok(None),
                Err(error) => return Err(error),
            }
            let fresh = |flight: &Flight| {
                flight.link.with(|core| core.telemetry.image_count.filter(|count| count.at_us >= asked))
            };
            if self.step_until(COUNT_WITHIN_S, |flight| fresh(flight).is_some()).await? {
                return Ok(fresh(self).map(|count| count.value));
            }
        }
        Ok(None)
    }

    pub(crate) async fn release(&mut self, payload: Payload) -> Result<(), FlightError> {
        self.during = "releasing";
        let Some(request) = autopilot::release_request(self.autopilot, payload) else {
            return Err(FlightError::NotReported { what: "an output that releases this payload" });
        };
        let started = self.link.now_us();
        let outputs_before = self.outputs();
        for _ in 0..command::ATTEMPTS {
            if self.command_outcome(request, Repeat::Never).await? == Outcome::Accepted {
                return Ok(());
            }
            let shown = |flight: &mut Flight| flight.shows_release(payload, started, outputs_before);
            if self.step_until(RELEASE_SEEN_WITHIN_S, shown).await? {
                return Ok(());
            }
            // Outputs that are reported and did not move show that nothing was released: then it may be sent again.
            if outputs_before.is_none() || !self.outputs_are_fresh() {
                break;
            }
        }
        Err(FlightError::OutcomeUnknown {
            command: request.kind.name,
            evidence: "no acknowledgement, no text, no output to look at",
        })
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
                moved
                    || self
                        .link
                        .with(|core| core.texts.since(started).any(|text| text.text.to_lowercase().contains("gripper")))
            }
            Payload::Camera => false,
        }
    }
}
