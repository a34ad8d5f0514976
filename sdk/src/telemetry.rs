//! What the vehicle said last, each value with the time it came, in the SDK's units and frames.
//!
//! Filled by [`crate::connection`]; positions here are still in the estimator's local frame, whose origin is not home.
use crate::wire::incoming::Incoming;
use crate::wire::place::degrees;
use flightsmith_mission::trig;
use flightsmith_mission::{frame::VelocityNed, raw::velocity_ned, units::wrap_360};

/// Vehicle time in microseconds since the connection began.
pub type Micros = u64;

/// A value and when it came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stamped<T> {
    /// The value.
    pub value: T,
    /// Vehicle time of its arrival, in microseconds.
    pub at_us: Micros,
}

impl<T> Stamped<T> {
    /// Seconds since it came.
    pub(crate) fn age_s(&self, now_us: Micros) -> f64 {
        now_us.saturating_sub(self.at_us) as f64 * 1e-6
    }
}

/// Attitude as Euler angles in degrees.
///
/// ```no_run
/// # use flightsmith_sdk::prelude::*;
/// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
/// let attitude: Attitude = vehicle.attitude();
/// println!("roll {:.1}, pitch {:.1}, nose at {:.0} degrees", attitude.roll_deg, attitude.pitch_deg, attitude.heading_deg);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Attitude {
    /// Right wing down is positive.
    pub roll_deg: f64,
    /// Nose up is positive.
    pub pitch_deg: f64,
    /// True heading of the nose, `0 <= h < 360`.
    pub heading_deg: f64,
}

/// Whether the vehicle stands or flies (EXTENDED_SYS_STATE).
///
/// ```
/// use flightsmith_sdk::{LandedState, capability::telemetry::Instruments};
/// fn stands(instruments: &Instruments) -> bool {
///     instruments.landed_state().is_some_and(|state| state.value == LandedState::OnGround)
/// }
/// # let _ = stands;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LandedState {
    /// Not known.
    Undefined,
    /// On the ground.
    OnGround,
    /// In the air.
    InAir,
    /// Taking off.
    TakingOff,
    /// Landing.
    Landing,
}

impl LandedState {
    pub(crate) fn from_wire(landed_state: u8) -> Self {
        match landed_state {
            1 => Self::OnGround,
            2 => Self::InAir,
            3 => Self::TakingOff,
            4 => Self::Landing,
            _ => Self::Undefined,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LocalState {
    pub position_m: [f64; 3],
    pub velocity: VelocityNed,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct GlobalState {
    pub lat_deg: f64,
    pub lon_deg: f64,
    pub altitude_amsl_m: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Beat {
    pub custom_mode: u32,
    pub armed: bool,
    pub system_status: u8,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ReportedWind {
    pub speed_m_s: f64,
    pub from_deg: f64,
    /// Standard deviation where the autopilot states one.
    pub deviation_m_s: Option<f64>,
}

/// Latest values.
#[derive(Debug, Default)]
pub(crate) struct Telemetry {
    pub heartbeat: Option<Stamped<Beat>>,
    pub current_mode: Option<Stamped<(u32, u32)>>,
    pub local: Option<Stamped<LocalState>>,
    pub global: Option<Stamped<GlobalState>>,
    pub attitude: Option<Stamped<Attitude>>,
    pub home: Option<Stamped<GlobalState>>,
    pub landed: Option<Stamped<LandedState>>,
    pub battery_percent: Option<Stamped<f64>>,
    pub health: Option<Stamped<u32>>,
    pub estimator_flags: Option<Stamped<u16>>,
    pub wind: Option<Stamped<ReportedWind>>,
    pub servo_us: Option<Stamped<[u16; 16]>>,
    /// Images that the vehicle confirmed since the connection began.
    pub images: u32,
    pub last_image_at_us: Micros,
    pub image_count: Option<Stamped<i32>>,
}

impl Telemetry {
    pub(crate) fn take(&mut self, message: &Incoming, now: Micros) {
        fn set<T>(slot: &mut Option<Stamped<T>>, value: T, at_us: Micros) {
            *slot = Some(Stamped { value, at_us });
        }
        match *message {
            Incoming::Heartbeat { custom_mode, base_mode, system_status, .. } => {
                set(&mut self.heartbeat, Beat { custom_mode, armed: base_mode & 0x80 != 0, system_status }, now);
            }
            Incoming::CurrentMode { custom_mode, intended_custom_mode } => {
                set(&mut self.current_mode, (custom_mode, intended_custom_mode), now);
            }
            Incoming::LocalPositionNed { position_m, velocity_m_s, .. }
                if position_m.iter().chain(&velocity_m_s).all(|v| v.is_finite()) =>
            {
                let [north_m_s, east_m_s, down_m_s] = velocity_m_s.map(f64::from);
                let state = LocalState {
                    position_m: position_m.map(f64::from),
                    velocity: velocity_ned([north_m_s, east_m_s, down_m_s]),
                };
                set(&mut self.local, state, now);
            }
            Incoming::GlobalPositionInt { lat_deg_e7, lon_deg_e7, alt_mm, .. } => {
                set(&mut self.global, global(lat_deg_e7, lon_deg_e7, alt_mm), now);
            }
            Incoming::HomePosition { lat_deg_e7, lon_deg_e7, alt_mm } => {
                set(&mut self.home, global(lat_deg_e7, lon_deg_e7, alt_mm), now);
            }
            Incoming::Attitude { roll_rad, pitch_rad, yaw_rad, .. }
                if roll_rad.is_finite() && pitch_rad.is_finite() && yaw_rad.is_finite() =>
            {
                let attitude = Attitude {
                    roll_deg: f64::from(roll_rad).to_degrees(),
                    pitch_deg: f64::from(pitch_rad).to_degrees(),
                    heading_deg: wrap_360(f64::from(yaw_rad).to_degrees()),
                };
                set(&mut self.attitude, attitude, now);
            }
            Incoming::ExtendedSysState { landed_state } => {
                set(&mut self.landed, LandedState::from_wire(landed_state), now);
            }
            Incoming::SysStatus { health, battery_remaining_percent } => {
                set(&mut self.health, health, now);
                if battery_remaining_percent >= 0 {
                    set(&mut self.battery_percent, f64::from(battery_remaining_percent), now);
                }
            }
            Incoming::BatteryStatus { id: 0, remaining_percent } if remaining_percent >= 0 => {
                set(&mut self.battery_percent, f64::from(remaining_percent), now);
            }
            Incoming::EkfStatusReport { flags } | Incoming::EstimatorStatus { flags } => {
                set(&mut self.estimator_flags, flags, now);
            }
            Incoming::Wind { from_deg, speed_m_s } if from_deg.is_finite() && speed_m_s.is_finite() => {
                let wind = ReportedWind {
                    speed_m_s: f64::from(speed_m_s),
                    from_deg: wrap_360(from_deg.into()),
                    deviation_m_s: None,
                };
                set(&mut self.wind, wind, now);
            }
            Incoming::WindCov { north_m_s, east_m_s, variance_m2_s2 }
                if north_m_s.is_finite() && east_m_s.is_finite() =>
            {
                // WIND_COV says where the air moves to; a wind's direction is where it comes from.
                let (north, east) = (f64::from(north_m_s), f64::from(east_m_s));
                let variance = f64::from(variance_m2_s2);
                let wind = ReportedWind {
                    speed_m_s: trig::hypot(north, east),
                    from_deg: wrap_360(trig::atan2(-east, -north).to_degrees()),
                    deviation_m_s: (variance > 0.0).then(|| libm::sqrt(variance)),
                };
                set(&mut self.wind, wind, now);
            }
            Incoming::ServoOutputRaw { port: 0, pulse_us } => set(&mut self.servo_us, pulse_us, now),
            Incoming::CameraFeedback { .. } | Incoming::CameraImageCaptured { captured: true, .. } => {
                self.images += 1;
                self.last_image_at_us = now;
            }
            Incoming::CameraCaptureStatus { image_count } => set(&mut self.image_count, image_count, now),
            _ => {}
        }
    }

    /// The autopilot's mode now, from whichever message came last.
    pub(crate) fn mode(&self) -> Option<u32> {
        match (self.heartbeat, self.current_mode) {
            (Some(beat), Some(current)) if current.at_us >= beat.at_us => Some(current.value.0),
            (Some(beat), _) => Some(beat.value.custom_mode),
            (None, current) => current.map(|current| current.value.0),
        }
    }
    pub(crate) fn armed(&self) -> bool {
        self.heartbeat.is_some_and(|beat| beat.value.armed)
    }
}

fn global(lat_deg_e7: i32, lon_deg_e7: i32, alt_mm: i32) -> GlobalState {
    let (lat_deg, lon_deg) = degrees(lat_deg_e7, lon_deg_e7);
    GlobalState { lat_deg, lon_deg, altitude_amsl_m: f64::from(alt_mm) * 1e-3 }
}
