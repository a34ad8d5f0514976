//! What cameras say, in the SDK's units.
use crate::inbox::Received;
use crate::wire::incoming::id;
use crate::wire::payload::Payload;
use crate::wire::place::known_degrees;
use alloc::string::String;
use flightsmith_mission::units::{Metres, Percent, Seconds};

/// What a camera is set to do.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::capability::camera::CameraMode;
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let camera = system.camera();
/// if camera.settings().await?.mode != Some(CameraMode::Video) {
///     camera.set_mode(CameraMode::Video).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraMode {
    /// Photos.
    Photo,
    /// Video.
    Video,
    /// Photos for a survey.
    Survey,
}

impl CameraMode {
    pub(super) fn number(self) -> u8 {
        match self {
            CameraMode::Photo => 0,
            CameraMode::Video => 1,
            CameraMode::Survey => 2,
        }
    }
    fn from_number(number: u8) -> Option<Self> {
        [CameraMode::Photo, CameraMode::Video, CameraMode::Survey].into_iter().find(|mode| mode.number() == number)
    }
}

/// CAMERA_INFORMATION.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let camera = system.camera().information().await?;
/// println!("{} {}, {} pixels wide", camera.vendor, camera.model, camera.resolution_px[0]);
/// if !camera.takes_photos {
///     println!("it takes no photos");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CameraInformation {
    /// Maker.
    pub vendor: String,
    /// Model.
    pub model: String,
    /// Firmware, `[major, minor, patch, build]`.
    pub firmware: [u8; 4],
    /// Focal length in millimetres, where stated.
    pub focal_length_mm: Option<f64>,
    /// Image size in pixels, horizontal and vertical.
    pub resolution_px: [u16; 2],
    /// Takes photos.
    pub takes_photos: bool,
    /// Records video.
    pub records_video: bool,
    /// Has modes.
    pub has_modes: bool,
    /// Zooms.
    pub zooms: bool,
    /// Focuses.
    pub focuses: bool,
    /// Streams video.
    pub streams_video: bool,
    /// The component that answered.
    pub component: u8,
}

/// Bits of CAMERA_CAP_FLAGS.
const CAPTURE_VIDEO: u32 = 1;
const CAPTURE_IMAGE: u32 = 2;
const HAS_MODES: u32 = 4;
const HAS_BASIC_ZOOM: u32 = 64;
const HAS_BASIC_FOCUS: u32 = 128;
const HAS_VIDEO_STREAM: u32 = 256;

impl CameraInformation {
    pub(super) fn read(received: &Received) -> Self {
        let p = received.fields();
        let flags = p.u32(20);
        let has = |bit: u32| flags & bit != 0;
        Self {
            vendor: text(&p.bytes::<32>(30)),
            model: text(&p.bytes::<32>(62)),
            firmware: p.bytes(4),
            focal_length_mm: positive(p.f32(8)),
            resolution_px: [p.u16(24), p.u16(26)],
            takes_photos: has(CAPTURE_IMAGE),
            records_video: has(CAPTURE_VIDEO),
            has_modes: has(HAS_MODES),
            zooms: has(HAS_BASIC_ZOOM),
            focuses: has(HAS_BASIC_FOCUS),
            streams_video: has(HAS_VIDEO_STREAM),
            component: received.component,
        }
    }
}

/// CAMERA_SETTINGS.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// if let Some(zoom) = system.camera().settings().await?.zoom {
///     println!("zoomed in by {:.0} % of its range", zoom.0);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CameraSettings {
    /// What it is set to, where known.
    pub mode: Option<CameraMode>,
    /// Zoom within its range, where it has one.
    pub zoom: Option<Percent>,
    /// Focus within its range, where it has one.
    pub focus: Option<Percent>,
}

impl CameraSettings {
    pub(super) fn read(received: &Received) -> Self {
        let p = received.fields();
        let percent = |value: f32| (0.0..=100.0).contains(&value).then(|| Percent(f64::from(value)));
        Self { mode: CameraMode::from_number(p.u8(4)), zoom: percent(p.f32(5)), focus: percent(p.f32(9)) }
    }
}

/// CAMERA_CAPTURE_STATUS.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let status = system.camera().capture_status().await?;
/// if status.recording_video {
///     println!("{:.0} s recorded, {:?} MiB free", status.recorded.0, status.available_mib);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CaptureStatus {
    /// A photo or a series of photos is being taken.
    pub taking_photos: bool,
    /// Video is being recorded.
    pub recording_video: bool,
    /// Interval of the series being taken.
    pub interval: Option<Seconds>,
    /// How long video has been recorded.
    pub recorded: Seconds,
    /// Free storage in MiB, where stated.
    pub available_mib: Option<f64>,
    /// Images taken since it was switched on or formatted.
    pub image_count: i32,
}

impl CaptureStatus {
    pub(super) fn read(received: &Received) -> Self {
        let p = received.fields();
        Self {
            taking_photos: p.u8(16) != 0,
            recording_video: p.u8(17) != 0,
            interval: positive(p.f32(4)).map(Seconds),
            recorded: Seconds(f64::from(p.u32(8)) * 1e-3),
            available_mib: positive(p.f32(12)),
            image_count: p.i32(18),
        }
    }
}

/// State of a storage.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::capability::camera::StorageStatus;
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let storage = system.camera().storage().await?;
/// match storage.status {
///     StorageStatus::Ready => println!("{:.0} MiB free", storage.available_mib),
///     StorageStatus::Unformatted => system.camera().format_storage(storage.id).await?,
///     StorageStatus::Empty | StorageStatus::Unknown => println!("nowhere to store images"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageStatus {
    /// There is none.
    Empty,
    /// It must be formatted first.
    Unformatted,
    /// It can be used.
    Ready,
    /// It says nothing about itself.
    Unknown,
}

/// STORAGE_INFORMATION.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let storage = system.camera().storage().await?;
/// println!("storage {} of {}: {:.0} of {:.0} MiB used", storage.id, storage.count, storage.used_mib, storage.total_mib);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StorageInformation {
    /// Number, from 1.
    pub id: u8,
    /// How many there are.
    pub count: u8,
    /// Its state.
    pub status: StorageStatus,
    /// Size in MiB.
    pub total_mib: f64,
    /// Used, in MiB.
    pub used_mib: f64,
    /// Free, in MiB.
    pub available_mib: f64,
}

impl StorageInformation {
    pub(super) fn read(received: &Received) -> Self {
        let p = received.fields();
        let status = match p.u8(26) {
            0 => StorageStatus::Empty,
            1 => StorageStatus::Unformatted,
            2 => StorageStatus::Ready,
            _ => StorageStatus::Unknown,
        };
        Self {
            id: p.u8(24),
            count: p.u8(25),
            status,
            total_mib: f64::from(p.f32(4)),
            used_mib: f64::from(p.f32(8)),
            available_mib: f64::from(p.f32(12)),
        }
    }
}

/// VIDEO_STREAM_INFORMATION.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let stream = system.camera().video_stream().await?;
/// println!("open {} for {}x{} pixels", stream.uri, stream.resolution_px[0], stream.resolution_px[1]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct VideoStream {
    /// Number, from 1.
    pub id: u8,
    /// How many streams there are.
    pub count: u8,
    /// It is running.
    pub running: bool,
    /// Frames a second.
    pub frame_rate_hz: f64,
    /// Image size in pixels, horizontal and vertical.
    pub resolution_px: [u16; 2],
    /// Bits a second.
    pub bit_rate_bit_s: u32,
    /// Its name.
    pub name: String,
    /// Where it can be opened, or a port number.
    pub uri: String,
}

impl VideoStream {
    pub(super) fn read(received: &Received) -> Self {
        let p = received.fields();
        Self {
            id: p.u8(18),
            count: p.u8(19),
            running: p.u16(8) & 1 != 0,
            frame_rate_hz: f64::from(p.f32(0)),
            resolution_px: [p.u16(10), p.u16(12)],
            bit_rate_bit_s: p.u32(4),
            name: text(&p.bytes::<32>(21)),
            uri: text(&p.bytes::<160>(53)),
        }
    }
}

/// An image and where it was taken (CAMERA_IMAGE_CAPTURED).
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::units::Seconds;
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mut images = system.camera().images();
/// while let Some(image) = images.next_within(Seconds(10.0)).await {
///     let [lat_deg, lon_deg] = image.place_deg.unwrap_or_default();
///     println!("{} at {lat_deg:.7} {lon_deg:.7}, {:.1} m AMSL", image.index, image.altitude_amsl.0);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CapturedImage {
    /// Its number since the camera was switched on, from 0; -1 where the camera does not count.
    pub index: i32,
    /// It was taken; otherwise the attempt failed.
    pub taken: bool,
    /// Latitude and longitude in degrees, where known.
    pub place_deg: Option<[f64; 2]>,
    /// Altitude above sea level.
    pub altitude_amsl: Metres,
    /// Altitude above the ground or home, as the camera says.
    pub altitude_relative: Metres,
    /// Where the file can be had, or empty.
    pub file_url: String,
}

impl CapturedImage {
    pub(super) fn read(received: &Received) -> Self {
        if received.id == id::CAMERA_FEEDBACK {
            return Self::read_feedback(&received.fields());
        }
        let p: Payload<'_> = received.fields();
        Self {
            index: p.i32(44),
            taken: p.i8(49) == 1,
            place_deg: known_degrees(p.i32(12), p.i32(16)).map(Into::into),
            altitude_amsl: Metres(f64::from(p.i32(20)) * 1e-3),
            altitude_relative: Metres(f64::from(p.i32(24)) * 1e-3),
            file_url: text(&p.bytes::<205>(50)),
        }
    }
    /// CAMERA_FEEDBACK, which only tells of images that were taken.
    fn read_feedback(p: &Payload<'_>) -> Self {
        Self {
            index: i32::from(p.u16(40)),
            taken: true,
            place_deg: known_degrees(p.i32(8), p.i32(12)).map(Into::into),
            altitude_amsl: Metres(f64::from(p.f32(16))),
            altitude_relative: Metres(f64::from(p.f32(20))),
            file_url: String::new(),
        }
    }
}

fn positive(value: f32) -> Option<f64> {
    (value.is_finite() && value > 0.0).then(|| f64::from(value))
}

fn text(bytes: &[u8]) -> String {
    let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}
