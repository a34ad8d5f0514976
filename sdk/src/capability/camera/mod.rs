//! Cameras by the camera protocol (v2): photos, video, modes, zoom and focus, storage, streams; and the older DO_DIGICAM_CONTROL.
//!
//! The camera may be a component of its own or the autopilot itself; the first one heard is used unless another is named.
mod answers;
pub(crate) mod photo;

use crate::command::{self, Kind, Request};
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::request;
use crate::system::System;
use crate::telemetry::Micros;
use crate::wire::incoming::id;
use flightsmith_mission::units::{Percent, Seconds};
use mavlink::dialects::ardupilotmega::MavCmd;

pub use answers::{
    CameraInformation, CameraMode, CameraSettings, CaptureStatus, CapturedImage, StorageInformation, StorageStatus,
    VideoStream,
};

const CAMERA_INFORMATION: u32 = 259;
const CAMERA_SETTINGS: u32 = 260;
const STORAGE_INFORMATION: u32 = 261;
const VIDEO_STREAM_INFORMATION: u32 = 269;

const IMAGE_START_CAPTURE: Kind = command::IMAGE_START_CAPTURE;
const IMAGE_STOP_CAPTURE: Kind = Kind { command: MavCmd::MAV_CMD_IMAGE_STOP_CAPTURE, name: "IMAGE_STOP_CAPTURE" };
const VIDEO_START_CAPTURE: Kind = Kind { command: MavCmd::MAV_CMD_VIDEO_START_CAPTURE, name: "VIDEO_START_CAPTURE" };
const VIDEO_STOP_CAPTURE: Kind = Kind { command: MavCmd::MAV_CMD_VIDEO_STOP_CAPTURE, name: "VIDEO_STOP_CAPTURE" };
const VIDEO_START_STREAMING: Kind =
    Kind { command: MavCmd::MAV_CMD_VIDEO_START_STREAMING, name: "VIDEO_START_STREAMING" };
const VIDEO_STOP_STREAMING: Kind = Kind { command: MavCmd::MAV_CMD_VIDEO_STOP_STREAMING, name: "VIDEO_STOP_STREAMING" };
const SET_CAMERA_MODE: Kind = Kind { command: MavCmd::MAV_CMD_SET_CAMERA_MODE, name: "SET_CAMERA_MODE" };
const SET_CAMERA_ZOOM: Kind = Kind { command: MavCmd::MAV_CMD_SET_CAMERA_ZOOM, name: "SET_CAMERA_ZOOM" };
const SET_CAMERA_FOCUS: Kind = Kind { command: MavCmd::MAV_CMD_SET_CAMERA_FOCUS, name: "SET_CAMERA_FOCUS" };
const RESET_CAMERA_SETTINGS: Kind =
    Kind { command: MavCmd::MAV_CMD_RESET_CAMERA_SETTINGS, name: "RESET_CAMERA_SETTINGS" };
const STORAGE_FORMAT: Kind = Kind { command: MavCmd::MAV_CMD_STORAGE_FORMAT, name: "STORAGE_FORMAT" };
/// Shortest interval between photos that is asked for, in seconds.
const SHORTEST_INTERVAL_S: f64 = 0.1;
const LONGEST_INTERVAL_S: f64 = 86_400.0;
/// CAMERA_ZOOM_TYPE and SET_FOCUS_TYPE: continuous, and by range in percent.
const CONTINUOUS: f32 = 1.0;
const RANGE: f32 = 2.0;

/// How a lens is moved.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::{capability::camera::Lens, units::{Percent, Seconds}};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let camera = system.camera();
/// camera.zoom(Lens::To(Percent(50.0))).await?;
/// camera.zoom(Lens::In).await?;
/// system.sleep(Seconds(1.0)).await?;
/// camera.zoom(Lens::Stop).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lens {
    /// To a place in its range: 0 % is wide (or near), 100 % is tele (or far).
    To(Percent),
    /// Goes on towards tele (or far) until stopped.
    In,
    /// Goes on towards wide (or near) until stopped.
    Out,
    /// Stops.
    Stop,
}

impl Lens {
    fn params(self) -> Result<[f32; 7], RequestError> {
        let (kind, value) = match self {
            Lens::To(place) => {
                RequestError::check_range("place of a lens in percent", place.0, 0.0, 100.0)?;
                (RANGE, place.0 as f32)
            }
            Lens::In => (CONTINUOUS, 1.0),
            Lens::Out => (CONTINUOUS, -1.0),
            Lens::Stop => (CONTINUOUS, 0.0),
        };
        Ok([kind, value, 0.0, 0.0, 0.0, 0.0, 0.0])
    }
}

/// A camera of a [`System`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let camera = system.camera();
/// println!("{}", camera.information().await?.model);
/// camera.take_photo().await?;
/// println!("{} images", camera.capture_status().await?.image_count);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Camera {
    system: System,
    component: Option<u8>,
}

impl System {
    /// The first camera of this system, or the autopilot where it speaks for the camera.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.camera().take_photo().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn camera(&self) -> Camera {
        Camera { system: self.clone(), component: None }
    }
    /// The camera with this component id (MAV_COMP_ID_CAMERA is 100).
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// // MAV_COMP_ID_CAMERA2.
    /// system.camera_with_id(101).take_photo().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn camera_with_id(&self, component: u8) -> Camera {
        Camera { system: self.clone(), component: Some(component) }
    }
}

impl Camera {
    fn component(&self) -> Option<u8> {
        self.component.or_else(|| self.system.link().with(|core| core.camera_component))
    }
    async fn command(&self, kind: Kind, params: [f32; 7]) -> Result<(), RequestError> {
        let mut request = Request::new(kind, params);
        request.component = self.component();
        self.system.command(request).await
    }
    async fn message(&self, id: u32, name: &'static str) -> Result<crate::Received, RequestError> {
        request::request_message(&mut self.system.waiter(), id, name, self.component(), |_| true).await
    }

    /// Maker, model, resolution and what it can do (CAMERA_INFORMATION).
    ///
    /// # Errors
    /// [`RequestError::Unsupported`] or [`RequestError::NoAnswer`] where there is no camera.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let camera = system.camera().information().await?;
    /// println!("{} {}", camera.vendor, camera.model);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn information(&self) -> Result<CameraInformation, RequestError> {
        Ok(CameraInformation::read(&self.message(CAMERA_INFORMATION, "CAMERA_INFORMATION").await?))
    }
    /// Mode, zoom and focus (CAMERA_SETTINGS).
    ///
    /// # Errors
    /// As [`Camera::information`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// println!("{:?}", system.camera().settings().await?.mode);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settings(&self) -> Result<CameraSettings, RequestError> {
        Ok(CameraSettings::read(&self.message(CAMERA_SETTINGS, "CAMERA_SETTINGS").await?))
    }
    /// What it does now and how many images it has taken (CAMERA_CAPTURE_STATUS).
    ///
    /// # Errors
    /// As [`Camera::information`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// println!("{} images", system.camera().capture_status().await?.image_count);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn capture_status(&self) -> Result<CaptureStatus, RequestError> {
        Ok(CaptureStatus::read(&self.message(id::CAMERA_CAPTURE_STATUS, "CAMERA_CAPTURE_STATUS").await?))
    }
    /// Its storage (STORAGE_INFORMATION).
    ///
    /// # Errors
    /// As [`Camera::information`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// if system.camera().storage().await?.available_mib < 100.0 {
    ///     println!("the storage is nearly full");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn storage(&self) -> Result<StorageInformation, RequestError> {
        Ok(StorageInformation::read(&self.message(STORAGE_INFORMATION, "STORAGE_INFORMATION").await?))
    }
    /// Its first video stream, with the address to open (VIDEO_STREAM_INFORMATION).
    ///
    /// # Errors
    /// As [`Camera::information`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// println!("{}", system.camera().video_stream().await?.uri);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn video_stream(&self) -> Result<VideoStream, RequestError> {
        Ok(VideoStream::read(&self.message(VIDEO_STREAM_INFORMATION, "VIDEO_STREAM_INFORMATION").await?))
    }
    /// Takes one photo, exactly one: asked for again only where the camera's count shows that there was none.
    ///
    /// MAV_CMD_IMAGE_START_CAPTURE, else MAV_CMD_DO_DIGICAM_CONTROL.
    ///
    /// # Errors
    /// [`RequestError::OutcomeUnknown`] where nothing shows whether there is an image.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// match system.camera().take_photo().await {
    ///     // Whether there is an image is for the user to look at: it is not taken a second time.
    ///     Err(RequestError::OutcomeUnknown { evidence, .. }) => println!("perhaps a photo: {evidence}"),
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn take_photo(&self) -> Result<(), RequestError> {
        photo::take(&mut self.system.waiter(), self.component()).await
    }
    /// Takes a photo every `interval` (at least 0.1 s), `count` of them, or until stopped where it is `None`.
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`]; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let camera = system.camera();
    /// camera.start_photo_interval(Seconds(2.0), None).await?;
    /// system.sleep(Seconds(60.0)).await?;
    /// camera.stop_photo_interval().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start_photo_interval(&self, interval: Seconds, count: Option<u16>) -> Result<(), RequestError> {
        let what = "interval between photos in seconds";
        RequestError::check_range(what, interval.0, SHORTEST_INTERVAL_S, LONGEST_INTERVAL_S)?;
        let count = f32::from(count.unwrap_or(0));
        self.command(IMAGE_START_CAPTURE, [0.0, interval.0 as f32, count, 0.0, f32::NAN, f32::NAN, f32::NAN]).await
    }
    /// Ends a series of photos (MAV_CMD_IMAGE_STOP_CAPTURE).
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.camera().stop_photo_interval().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stop_photo_interval(&self) -> Result<(), RequestError> {
        self.command(IMAGE_STOP_CAPTURE, [0.0; 7]).await
    }
    /// Records video (MAV_CMD_VIDEO_START_CAPTURE).
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let camera = system.camera();
    /// camera.start_video().await?;
    /// system.sleep(Seconds(20.0)).await?;
    /// camera.stop_video().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start_video(&self) -> Result<(), RequestError> {
        self.command(VIDEO_START_CAPTURE, [0.0; 7]).await
    }
    /// Ends a recording (MAV_CMD_VIDEO_STOP_CAPTURE).
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.camera().stop_video().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stop_video(&self) -> Result<(), RequestError> {
        self.command(VIDEO_STOP_CAPTURE, [0.0; 7]).await
    }
    /// Starts video stream number `stream`, from 1; 0 for all (MAV_CMD_VIDEO_START_STREAMING).
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let camera = system.camera();
    /// camera.start_video_streaming(0).await?;
    /// println!("open {}", camera.video_stream().await?.uri);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start_video_streaming(&self, stream: u8) -> Result<(), RequestError> {
        self.command(VIDEO_START_STREAMING, [f32::from(stream), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]).await
    }
    /// Stops video stream number `stream`, from 1; 0 for all (MAV_CMD_VIDEO_STOP_STREAMING).
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.camera().stop_video_streaming(0).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stop_video_streaming(&self, stream: u8) -> Result<(), RequestError> {
        self.command(VIDEO_STOP_STREAMING, [f32::from(stream), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]).await
    }
    /// Photo, video or survey (MAV_CMD_SET_CAMERA_MODE).
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::camera::CameraMode;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.camera().set_mode(CameraMode::Photo).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_mode(&self, mode: CameraMode) -> Result<(), RequestError> {
        self.command(SET_CAMERA_MODE, [0.0, f32::from(mode.number()), 0.0, 0.0, 0.0, 0.0, 0.0]).await
    }
    /// Zooms (MAV_CMD_SET_CAMERA_ZOOM).
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`]; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::camera::Lens, units::Percent};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.camera().zoom(Lens::To(Percent(100.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn zoom(&self, lens: Lens) -> Result<(), RequestError> {
        self.command(SET_CAMERA_ZOOM, lens.params()?).await
    }
    /// Focuses (MAV_CMD_SET_CAMERA_FOCUS).
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`]; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::camera::Lens, units::Percent};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// // To infinity.
    /// system.camera().focus(Lens::To(Percent(100.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn focus(&self, lens: Lens) -> Result<(), RequestError> {
        self.command(SET_CAMERA_FOCUS, lens.params()?).await
    }
    /// Back to its factory settings (MAV_CMD_RESET_CAMERA_SETTINGS).
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.camera().reset_settings().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reset_settings(&self) -> Result<(), RequestError> {
        self.command(RESET_CAMERA_SETTINGS, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]).await
    }
    /// Formats storage `id`, from 1: all images are lost (MAV_CMD_STORAGE_FORMAT).
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::camera::StorageStatus;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let storage = system.camera().storage().await?;
    /// if storage.status == StorageStatus::Unformatted {
    ///     system.camera().format_storage(storage.id).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn format_storage(&self, id: u8) -> Result<(), RequestError> {
        self.command(STORAGE_FORMAT, [f32::from(id), 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).await
    }
    /// Images as they are taken from now on, with where (CAMERA_IMAGE_CAPTURED, ArduPilot's CAMERA_FEEDBACK).
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut images = system.camera().images();
    /// system.camera().take_photo().await?;
    /// if let Some(image) = images.next_within(Seconds(5.0)).await {
    ///     println!("image {} at {:?}", image.index, image.place_deg);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn images(&self) -> Images {
        Images {
            inbox: self.system.listen(&[id::CAMERA_IMAGE_CAPTURED, id::CAMERA_FEEDBACK], 16),
            system: self.system.clone(),
        }
    }
}

/// Images as they are taken.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::units::Seconds;
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// // Made before the photos are taken: what came earlier is not heard.
/// let mut images = system.camera().images();
/// system.camera().start_photo_interval(Seconds(2.0), Some(10)).await?;
/// let mut count = 0;
/// while images.next_within(Seconds(6.0)).await.is_some() {
///     count += 1;
/// }
/// println!("{count} of 10 images");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Images {
    inbox: Inbox,
    system: System,
}

impl Images {
    /// The next image, or `None` when none was taken within `limit` of vehicle time.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut images = system.camera().images();
    /// match images.next_within(Seconds(30.0)).await {
    ///     Some(image) if image.taken => println!("{}", image.file_url),
    ///     Some(_) => println!("the camera failed to take it"),
    ///     None => println!("no image in 30 s"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next_within(&mut self, limit: Seconds) -> Option<CapturedImage> {
        let deadline: Micros = self.system.deadline_us(limit);
        self.inbox.next_before(deadline).await.map(|received| CapturedImage::read(&received))
    }
}
