//! Gimbals by the gimbal protocol (v2), and the older mount commands where a vehicle knows no other.
use crate::command::{self, Kind, Request};
use crate::error::RequestError;
use crate::inbox::Received;
use crate::pace::Pace;
use crate::request;
use crate::shared::Boxed;
use crate::system::System;
use crate::telemetry::Attitude;
use crate::wire::payload::Payload;
use crate::wire::place::degrees_e7;
use alloc::boxed::Box;
use flightsmith_mission::frame::{Altitude, GlobalPosition};
use flightsmith_mission::trig;
use flightsmith_mission::units::{Degrees, wrap_180, wrap_360};
use mavlink::dialects::ardupilotmega::{MavCmd, MavFrame};

const GIMBAL_MANAGER_INFORMATION: u32 = 280;
const GIMBAL_DEVICE_ATTITUDE_STATUS: u32 = 285;
const MOUNT_STATUS: u32 = 158;

const MANAGER_CONFIGURE: Kind =
    Kind { command: MavCmd::MAV_CMD_DO_GIMBAL_MANAGER_CONFIGURE, name: "DO_GIMBAL_MANAGER_CONFIGURE" };
const MANAGER_PITCHYAW: Kind =
    Kind { command: MavCmd::MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, name: "DO_GIMBAL_MANAGER_PITCHYAW" };
#[expect(deprecated, reason = "what vehicles without gimbal managers still listen to")]
const MOUNT_CONTROL: Kind = Kind { command: MavCmd::MAV_CMD_DO_MOUNT_CONTROL, name: "DO_MOUNT_CONTROL" };
const ROI_LOCATION: Kind = Kind { command: MavCmd::MAV_CMD_DO_SET_ROI_LOCATION, name: "DO_SET_ROI_LOCATION" };
const ROI_NONE: Kind = Kind { command: MavCmd::MAV_CMD_DO_SET_ROI_NONE, name: "DO_SET_ROI_NONE" };

/// GIMBAL_MANAGER_FLAGS.
const ROLL_LOCK: u32 = 4;
const PITCH_LOCK: u32 = 8;
const YAW_LOCK: u32 = 16;
/// GIMBAL_DEVICE_FLAGS: what a yaw is measured from.
const DEVICE_YAW_LOCK: u16 = 16;
const DEVICE_YAW_IN_VEHICLE_FRAME: u16 = 32;
const DEVICE_YAW_IN_EARTH_FRAME: u16 = 64;
/// MAV_MOUNT_MODE_MAVLINK_TARGETING.
const MAVLINK_TARGETING: f32 = 2.0;

/// Where a gimbal's yaw is measured from, and what it follows.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::{capability::gimbal::GimbalYaw, units::Degrees};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let gimbal = system.gimbal();
/// // Where the nose points, and with it.
/// gimbal.point(Degrees(-30.0), GimbalYaw::FromNose(Degrees(0.0))).await?;
/// // East, wherever the nose points.
/// gimbal.point(Degrees(-30.0), GimbalYaw::Heading(Degrees(90.0))).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GimbalYaw {
    /// Degrees to the right of the nose; it turns with the vehicle.
    FromNose(Degrees),
    /// True heading; it stays while the vehicle turns.
    Heading(Degrees),
}

/// GIMBAL_MANAGER_INFORMATION: which gimbal it is and how far it goes.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let [lowest_deg, highest_deg] = system.gimbal().information().await?.pitch_deg;
/// if lowest_deg > -90.0 {
///     println!("it cannot look straight down: {lowest_deg:.0} to {highest_deg:.0} degrees");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GimbalInformation {
    /// Device id of the gimbal, 0 for the first that answers.
    pub device: u8,
    /// Component that manages it.
    pub manager: u8,
    /// Lowest and highest pitch in degrees, up is positive.
    pub pitch_deg: [f64; 2],
    /// Leftmost and rightmost yaw from the nose in degrees.
    pub yaw_deg: [f64; 2],
}

/// A gimbal of a [`System`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System, capability::gimbal::GimbalYaw, units::Degrees};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let gimbal = system.gimbal();
/// gimbal.take_control().await?;
/// // Straight down, turning with the nose.
/// gimbal.point(Degrees(-90.0), GimbalYaw::FromNose(Degrees(0.0))).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Gimbal {
    system: System,
    device: u8,
}

impl System {
    /// The vehicle's gimbals, all together.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::gimbal::GimbalYaw, units::Degrees};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.gimbal().point(Degrees(-45.0), GimbalYaw::FromNose(Degrees(0.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn gimbal(&self) -> Gimbal {
        self.gimbal_with_id(0)
    }
    /// The gimbal with this device id (its component id, or 1 to 6 for those that the autopilot drives itself).
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::gimbal::GimbalYaw, units::Degrees};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.gimbal_with_id(2).point(Degrees(0.0), GimbalYaw::FromNose(Degrees(180.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn gimbal_with_id(&self, device: u8) -> Gimbal {
        Gimbal { system: self.clone(), device }
    }
}

impl Gimbal {
    /// Which gimbal it is and how far it goes (GIMBAL_MANAGER_INFORMATION).
    ///
    /// # Errors
    /// [`RequestError::Unsupported`] or [`RequestError::NoAnswer`] where there is no gimbal manager.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// println!("{:?}", system.gimbal().information().await?.yaw_deg);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn information(&self) -> Result<GimbalInformation, RequestError> {
        let device = self.device;
        let fits = move |received: &Received| device == 0 || received.fields().u8(32) == device;
        let name = "GIMBAL_MANAGER_INFORMATION";
        let answer =
            request::request_message(&mut self.system.waiter(), GIMBAL_MANAGER_INFORMATION, name, None, fits).await?;
        let p = answer.fields();
        let degrees = |at: usize| f64::from(p.f32(at)).to_degrees();
        Ok(GimbalInformation {
            device: p.u8(32),
            manager: answer.component,
            pitch_deg: [degrees(16), degrees(20)],
            yaw_deg: [degrees(24), degrees(28)],
        })
    }
    /// Takes the primary control: where somebody else has it, what is asked of the gimbal has no effect.
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::gimbal::GimbalYaw, units::Degrees};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let gimbal = system.gimbal();
    /// gimbal.take_control().await?;
    /// gimbal.point(Degrees(-90.0), GimbalYaw::FromNose(Degrees(0.0))).await?;
    /// gimbal.release_control().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn take_control(&self) -> Result<(), RequestError> {
        let (system, component) = self.system.link().with(|core| (core.system(), core.identity.component));
        self.configure(f32::from(system), f32::from(component)).await
    }
    /// Gives the control back.
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.gimbal().release_control().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn release_control(&self) -> Result<(), RequestError> {
        // -3: "remove control if currently in control".
        self.configure(-3.0, -3.0).await
    }
    async fn configure(&self, system: f32, component: f32) -> Result<(), RequestError> {
        let params = [system, component, -1.0, -1.0, 0.0, 0.0, f32::from(self.device)];
        self.system.command(Request::new(MANAGER_CONFIGURE, params)).await
    }
    /// Points it: `pitch` above the horizon (-90 is straight down), and a yaw.
    ///
    /// MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, else MAV_CMD_DO_MOUNT_CONTROL (which knows yaws from the nose only).
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`] outside -90 to 90 degrees of pitch or -180 to 360 of yaw; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::gimbal::GimbalYaw, units::Degrees};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.gimbal().point(Degrees(-20.0), GimbalYaw::Heading(Degrees(270.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn point(&self, pitch: Degrees, yaw: GimbalYaw) -> Result<(), RequestError> {
        point(&mut self.system.waiter(), self.device, pitch, yaw).await
    }
    /// Turns it at a rate, in degrees a second: up and to the right are positive. It goes on until the next call.
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`] beyond 360 degrees a second; refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::units::Seconds;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let gimbal = system.gimbal();
    /// gimbal.turn(0.0, 10.0).await?;
    /// system.sleep(Seconds(3.0)).await?;
    /// gimbal.turn(0.0, 0.0).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn turn(&self, pitch_deg_s: f64, yaw_deg_s: f64) -> Result<(), RequestError> {
        RequestError::check_range("gimbal pitch rate in degrees a second", pitch_deg_s, -360.0, 360.0)?;
        RequestError::check_range("gimbal yaw rate in degrees a second", yaw_deg_s, -360.0, 360.0)?;
        let flags = (ROLL_LOCK | PITCH_LOCK) as f32;
        let params = [f32::NAN, f32::NAN, pitch_deg_s as f32, yaw_deg_s as f32, flags, 0.0, f32::from(self.device)];
        self.system.command(Request::new(MANAGER_PITCHYAW, params)).await
    }
    /// Keeps it on a place on the ground or in the air (MAV_CMD_DO_SET_ROI_LOCATION); vehicles may turn their nose too.
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::frame::{Altitude, GlobalPosition, Latitude, Longitude};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let tower = GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0));
    /// system.gimbal().look_at(tower).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn look_at(&self, place: GlobalPosition) -> Result<(), RequestError> {
        let (frame, z) = match place.altitude {
            Altitude::Amsl(z) => (MavFrame::MAV_FRAME_GLOBAL, z),
            Altitude::AboveHome(z) => (MavFrame::MAV_FRAME_GLOBAL_RELATIVE_ALT, z),
        };
        let (x, y) = degrees_e7(place.lat_deg, place.lon_deg);
        let device = f32::from(self.device);
        self.system.command(Request::at(ROI_LOCATION, [device, 0.0, 0.0, 0.0], frame, x, y, z as f32)).await
    }
    /// Ends [`Gimbal::look_at`] (MAV_CMD_DO_SET_ROI_NONE).
    ///
    /// # Errors
    /// Refusals.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.gimbal().look_ahead().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn look_ahead(&self) -> Result<(), RequestError> {
        let device = f32::from(self.device);
        self.system.command(Request::new(ROI_NONE, [device, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])).await
    }
    /// Where it points now, its yaw as true heading (GIMBAL_DEVICE_ATTITUDE_STATUS, else MOUNT_STATUS).
    ///
    /// # Errors
    /// [`RequestError::Unsupported`] or [`RequestError::NoAnswer`] where the vehicle says neither.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let attitude = system.gimbal().attitude().await?;
    /// println!("{:.0} degrees below the horizon, towards {:.0}", -attitude.pitch_deg, attitude.heading_deg);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn attitude(&self) -> Result<Attitude, RequestError> {
        let waiter = &mut self.system.waiter();
        let name = "GIMBAL_DEVICE_ATTITUDE_STATUS";
        let said = match request::request_message(waiter, GIMBAL_DEVICE_ATTITUDE_STATUS, name, None, |_| true).await {
            Err(RequestError::Unsupported { .. } | RequestError::NoAnswer { .. }) => {
                request::request_message(waiter, MOUNT_STATUS, "MOUNT_STATUS", None, |_| true).await?
            }
            other => other?,
        };
        let vehicle = self.system.link().with(|core| core.telemetry.attitude);
        Ok(attitude_of(&said, vehicle.map_or(0.0, |attitude| attitude.value.heading_deg)))
    }
}

/// As [`Gimbal::point`], while a flight goes on or beside one.
pub(crate) fn point<'a, P: Pace>(
    pace: &'a mut P,
    device: u8,
    pitch: Degrees,
    yaw: GimbalYaw,
) -> Boxed<'a, Result<(), P::Error>> {
    Box::pin(async move {
        let (yaw_deg, yaw_flag) = match yaw {
            GimbalYaw::FromNose(yaw) => (yaw.0, 0),
            GimbalYaw::Heading(yaw) => (yaw.0, YAW_LOCK),
        };
        RequestError::check_range("gimbal pitch in degrees", pitch.0, -90.0, 90.0)?;
        RequestError::check_range("gimbal yaw in degrees", yaw_deg, -180.0, 360.0)?;
        let (pitch_deg, yaw_deg) = (pitch.0 as f32, wrap_180(yaw_deg) as f32);
        let flags = (ROLL_LOCK | PITCH_LOCK | yaw_flag) as f32;
        let params = [pitch_deg, yaw_deg, f32::NAN, f32::NAN, flags, 0.0, f32::from(device)];
        let refusal = match command::command(pace, Request::new(MANAGER_PITCHYAW, params)).await {
            Err(refusal) if P::refused_as(&refusal) == Some("UNSUPPORTED") => refusal,
            other => return other,
        };
        if yaw_flag != 0 {
            return Err(refusal);
        }
        let older = [pitch_deg, 0.0, yaw_deg, 0.0, 0.0, 0.0, MAVLINK_TARGETING];
        match command::command(pace, Request::new(MOUNT_CONTROL, older)).await {
            // The first refusal says more about what is missing.
            Err(error) if P::is_refusal(&error) => Err(refusal),
            other => other,
        }
    })
}

fn attitude_of(received: &Received, vehicle_heading_deg: f64) -> Attitude {
    let p = received.fields();
    if received.id == MOUNT_STATUS {
        let degrees = |at: usize| f64::from(p.i32(at)) * 0.01;
        let heading_deg = wrap_360(degrees(8) + vehicle_heading_deg);
        return Attitude { roll_deg: degrees(4), pitch_deg: degrees(0), heading_deg };
    }
    let flags = p.u16(36);
    // Older devices say by the lock alone what the yaw is measured from.
    let from_north = flags & DEVICE_YAW_IN_EARTH_FRAME != 0
        || (flags & DEVICE_YAW_IN_VEHICLE_FRAME == 0 && flags & DEVICE_YAW_LOCK != 0);
    let [roll, pitch, yaw] = euler_deg(&p);
    let heading_deg = wrap_360(if from_north { yaw } else { yaw + vehicle_heading_deg });
    Attitude { roll_deg: roll, pitch_deg: pitch, heading_deg }
}

/// Roll, pitch and yaw of the quaternion (w, x, y, z) at offset 4.
fn euler_deg(p: &Payload<'_>) -> [f64; 3] {
    let [w, x, y, z] = [4, 8, 12, 16].map(|at| f64::from(p.f32(at)));
    let roll = trig::atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y));
    let pitch = libm::asin((2.0 * (w * y - z * x)).max(-1.0).min(1.0));
    let yaw = trig::atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z));
    [roll, pitch, yaw].map(f64::to_degrees)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::decoder::Frame;

    #[test]
    fn where_a_gimbal_points_is_read_from_either_frame() {
        // 30 degrees down, 90 to the right: q = yaw(90) * pitch(-30).
        let (half_pitch, half_yaw) = (-15.0_f32.to_radians(), 45.0_f32.to_radians());
        let (cp, sp, cy, sy) = (half_pitch.cos(), half_pitch.sin(), half_yaw.cos(), half_yaw.sin());
        let q = [cy * cp, -sy * sp, cy * sp, sy * cp];
        let mut payload = [0_u8; 49];
        for (n, value) in q.iter().enumerate() {
            payload[4 + 4 * n..8 + 4 * n].copy_from_slice(&value.to_le_bytes());
        }
        for (flags, heading_deg) in [(0_u16, 100.0), (16, 90.0), (32, 100.0), (64, 90.0), (16 | 32, 100.0)] {
            payload[36..38].copy_from_slice(&flags.to_le_bytes());
            let id = GIMBAL_DEVICE_ATTITUDE_STATUS;
            let frame = Frame { id, system: 1, component: 154, sequence: 0, payload: &payload, raw: &[] };
            let attitude = attitude_of(&Received::new(&frame, 0), 10.0);
            assert!((attitude.pitch_deg + 30.0).abs() < 1e-3 && attitude.roll_deg.abs() < 1e-3, "{attitude:?}");
            assert!((attitude.heading_deg - heading_deg).abs() < 1e-3, "flags {flags}: {attitude:?}");
        }
    }
}
