//! One photo, exactly once: it is asked for again only where the camera's own count shows that there was none.
use crate::command::{self, Repeat, Request};
use crate::error::RequestError;
use crate::pace::Pace;
use crate::request;
use crate::session::Link;
use crate::shared::Boxed;
use crate::wire::incoming::id;
use alloc::boxed::Box;

/// A camera confirms within this.
const IMAGE_WITHIN_S: f64 = 3.0;
const PHOTO_ATTEMPTS: u8 = 4;
const COUNT_ATTEMPTS: u8 = 3;
const COUNT_WITHIN_S: f64 = 0.5;
/// MAV_COMP_ID_ALL.
const EVERY_COMPONENT: u8 = 0;

/// Takes one photo; ends when CAMERA_IMAGE_CAPTURED, CAMERA_FEEDBACK or the camera's count shows it.
pub(crate) fn take<'a, P: Pace>(pace: &'a mut P, camera: Option<u8>) -> Boxed<'a, Result<(), P::Error>> {
    Box::pin(async move {
        let link = pace.link().clone();
        let images_before = images(&link);
        let count_before = image_count(pace, camera).await?;
        for _ in 0..PHOTO_ATTEMPTS {
            request_photo(pace, camera).await?;
            let confirmed = |core: &mut crate::session::Core| core.telemetry.images > images_before;
            if request::step_until(pace, IMAGE_WITHIN_S, confirmed).await? {
                return Ok(());
            }
            // The confirmation may be lost; the camera's own count tells whether there is an image.
            match (count_before, image_count(pace, camera).await?) {
                (Some(before), Some(now)) if now > before => return Ok(()),
                (Some(before), Some(now)) if now == before => {}
                _ => break,
            }
        }
        Err(RequestError::OutcomeUnknown {
            command: command::IMAGE_START_CAPTURE.name,
            evidence: "no CAMERA_IMAGE_CAPTURED, CAMERA_FEEDBACK or higher image count",
        }
        .into())
    })
}

fn images(link: &Link) -> u32 {
    link.with(|core| core.telemetry.images)
}

/// Commands one image, once; an unanswered command is no error here, the image itself is looked for.
fn request_photo<'a, P: Pace>(pace: &'a mut P, camera: Option<u8>) -> Boxed<'a, Result<(), P::Error>> {
    Box::pin(async move {
        let mut request =
            Request::new(command::IMAGE_START_CAPTURE, [0.0, 0.0, 1.0, 0.0, f32::NAN, f32::NAN, f32::NAN]);
        request.component = camera;
        let refusal = match command::command_outcome(pace, request, Repeat::Never).await {
            Ok(_) => return Ok(()),
            Err(refusal) if P::refused_as(&refusal) == Some("UNSUPPORTED") => refusal,
            Err(error) => return Err(error),
        };
        // An autopilot without the camera protocol may still have the older command.
        let older = Request::new(command::DO_DIGICAM_CONTROL, [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        match command::command_outcome(pace, older, Repeat::Never).await {
            Ok(_) => Ok(()),
            // The first refusal says more about what is missing.
            Err(error) if P::is_refusal(&error) => Err(refusal),
            Err(error) => Err(error),
        }
    })
}

/// The camera's count of images, where it has one (CAMERA_CAPTURE_STATUS).
fn image_count<'a, P: Pace>(pace: &'a mut P, camera: Option<u8>) -> Boxed<'a, Result<Option<i32>, P::Error>> {
    Box::pin(async move {
        let link = pace.link().clone();
        let asked = link.now_us();
        let mut request =
            Request::new(command::REQUEST_MESSAGE, [id::CAMERA_CAPTURE_STATUS as f32, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        request.component = Some(camera.unwrap_or(EVERY_COMPONENT));
        for _ in 0..COUNT_ATTEMPTS {
            match command::command_outcome(pace, request, Repeat::Freely).await {
                Ok(_) => {}
                Err(error) if P::is_refusal(&error) => return Ok(None),
                Err(error) => return Err(error),
            }
            let mut count = None;
            request::step_until(pace, COUNT_WITHIN_S, |core| {
                count = core.telemetry.image_count.filter(|count| count.at_us >= asked);
                count.is_some()
            })
            .await?;
            if let Some(count) = count {
                return Ok(Some(count.value));
            }
        }
        Ok(None)
    })
}
