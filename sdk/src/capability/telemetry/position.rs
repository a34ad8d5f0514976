//! Where the vehicle is and how it moves: global, local, height, velocity, home.
use super::quantity::known;
use super::quantity::read::{MessageName, Read, Report, messages};
use crate::wire::incoming::id;
use crate::wire::place::known_degrees;
use flightsmith_mission::{
    frame::{Altitude, GlobalPosition, Latitude, Longitude, VelocityNed},
    raw::velocity_ned,
    units::wrap_360,
    vehicle::Autopilot,
};

/// Where the vehicle is on the earth (GLOBAL_POSITION_INT), once its estimator knows.
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn report(instruments: &Instruments) {
///     if let Some(position) = instruments.position() {
///         println!("{:.7} {:.7}, {:.1} m above home", position.lat_deg, position.lon_deg, position.altitude_above_home_m);
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// WGS84 latitude in degrees.
    pub lat_deg: f64,
    /// WGS84 longitude in degrees.
    pub lon_deg: f64,
    /// Metres above mean sea level.
    pub altitude_amsl_m: f64,
    /// Metres above home.
    pub altitude_above_home_m: f64,
    /// Velocity over ground.
    pub velocity: VelocityNed,
    /// True heading of the nose, `0 <= h < 360`.
    pub heading_deg: Option<f64>,
}

impl Position {
    /// The place, with its height above mean sea level.
    ///
    /// ```
    /// use flightsmith_sdk::{capability::telemetry::Instruments, frame::GlobalPosition};
    /// fn here(instruments: &Instruments) -> Option<GlobalPosition> {
    ///     Some(instruments.position()?.place())
    /// }
    /// # let _ = here;
    /// ```
    pub fn place(&self) -> GlobalPosition {
        GlobalPosition::at(Latitude(self.lat_deg), Longitude(self.lon_deg), Altitude::Amsl(self.altitude_amsl_m))
    }
}

impl Read for Position {
    const NAME: &'static str = "position";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![GLOBAL_POSITION_INT]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let (lat_deg, lon_deg) = known_degrees(p.i32(4), p.i32(8))?;
        let cm_s = |at| f64::from(p.i16(at)) * 0.01;
        let heading = p.u16(26);
        Some(Self {
            lat_deg,
            lon_deg,
            altitude_amsl_m: f64::from(p.i32(12)) * 1e-3,
            altitude_above_home_m: f64::from(p.i32(16)) * 1e-3,
            velocity: velocity_ned([cm_s(20), cm_s(22), cm_s(24)]),
            heading_deg: (heading != u16::MAX).then(|| wrap_360(f64::from(heading) * 0.01)),
        })
    }
}

/// Where the vehicle is in its estimator's local frame (LOCAL_POSITION_NED), whose origin is *not* home: ArduPilot sets it when it
/// first knows where it is, PX4 when it starts.
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn drift_m(instruments: &Instruments) -> Option<f64> {
///     let local = instruments.local_position()?;
///     Some((local.north_m.powi(2) + local.east_m.powi(2)).sqrt())
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalPosition {
    /// Metres north of the origin.
    pub north_m: f64,
    /// Metres east of the origin.
    pub east_m: f64,
    /// Metres below the origin.
    pub down_m: f64,
    /// Velocity over ground.
    pub velocity: VelocityNed,
}

impl Read for LocalPosition {
    const NAME: &'static str = "local position";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![LOCAL_POSITION_NED]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let [north_m, east_m, down_m] = [known(p.f32(4))?, known(p.f32(8))?, known(p.f32(12))?];
        let velocity = velocity_ned([known(p.f32(16))?, known(p.f32(20))?, known(p.f32(24))?]);
        Some(Self { north_m, east_m, down_m, velocity })
    }
}

impl Read for VelocityNed {
    const NAME: &'static str = "velocity";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![LOCAL_POSITION_NED]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        LocalPosition::read(report).map(|local| local.velocity)
    }
}

/// Heights, each above what it says; PX4 tells all (ALTITUDE), ArduPilot two (GLOBAL_POSITION_INT).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn clearance_m(instruments: &Instruments) -> Option<f64> {
///     instruments.altitude()?.above_terrain_m
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AltitudeReport {
    /// Metres above mean sea level.
    pub amsl_m: Option<f64>,
    /// Metres above home.
    pub above_home_m: Option<f64>,
    /// Metres above the local origin.
    pub local_m: Option<f64>,
    /// Height of the terrain below in metres above mean sea level.
    pub terrain_amsl_m: Option<f64>,
    /// Metres above the terrain or what lies on it, as measured or from a map.
    pub above_terrain_m: Option<f64>,
}

impl Read for AltitudeReport {
    const NAME: &'static str = "altitude";
    fn messages(autopilot: Autopilot) -> &'static [MessageName] {
        match autopilot {
            Autopilot::Px4 => messages![ALTITUDE],
            Autopilot::ArduPilot => messages![GLOBAL_POSITION_INT],
        }
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        if report.id != id::ALTITUDE {
            let position = Position::read(report)?;
            let (amsl_m, above_home_m) = (Some(position.altitude_amsl_m), Some(position.altitude_above_home_m));
            return Some(Self { amsl_m, above_home_m, local_m: None, terrain_amsl_m: None, above_terrain_m: None });
        }
        // The message says of the terrain's height that values below -1000 mean unknown, of the clearance the negative ones.
        let terrain_amsl_m = known(p.f32(24)).filter(|height| *height > -1000.0);
        Some(Self {
            amsl_m: known(p.f32(12)),
            above_home_m: known(p.f32(20)),
            local_m: known(p.f32(16)),
            terrain_amsl_m,
            above_terrain_m: known(p.f32(28)).filter(|clearance| *clearance >= 0.0),
        })
    }
}

/// Home (HOME_POSITION): where the vehicle was armed, or was told to return to.
///
/// ```
/// use flightsmith_sdk::{capability::telemetry::Instruments, frame::GlobalPosition};
/// fn home(instruments: &Instruments) -> Option<GlobalPosition> {
///     Some(instruments.home()?.place())
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HomePosition {
    /// WGS84 latitude in degrees.
    pub lat_deg: f64,
    /// WGS84 longitude in degrees.
    pub lon_deg: f64,
    /// Metres above mean sea level.
    pub altitude_amsl_m: f64,
}

impl HomePosition {
    /// The place, with its height above mean sea level.
    ///
    /// ```
    /// use flightsmith_sdk::{capability::telemetry::Instruments, frame::Altitude};
    /// fn home_amsl(instruments: &Instruments) -> Option<Altitude> {
    ///     Some(instruments.home()?.place().altitude)
    /// }
    /// # let _ = home_amsl;
    /// ```
    pub fn place(&self) -> GlobalPosition {
        GlobalPosition::at(Latitude(self.lat_deg), Longitude(self.lon_deg), Altitude::Amsl(self.altitude_amsl_m))
    }
}

impl Read for HomePosition {
    const NAME: &'static str = "home";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![HOME_POSITION]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let (lat_deg, lon_deg) = known_degrees(p.i32(0), p.i32(4))?;
        Some(Self { lat_deg, lon_deg, altitude_amsl_m: f64::from(p.i32(8)) * 1e-3 })
    }
}

/// The ground below as ArduPilot knows it from its terrain data (TERRAIN_REPORT).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn above_ground_m(instruments: &Instruments) -> Option<f64> {
///     Some(instruments.terrain()?.above_terrain_m)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terrain {
    /// Height of the terrain below, metres above mean sea level.
    pub terrain_amsl_m: f64,
    /// Metres above that terrain.
    pub above_terrain_m: f64,
    /// Blocks of terrain data that the autopilot still waits for.
    pub pending_blocks: u16,
}

impl Read for Terrain {
    const NAME: &'static str = "terrain";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![TERRAIN_REPORT]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        // Without data for the place spacing or place are 0 (recorded: place 0/0 before the first fix, heights 0 without data).
        known_degrees(p.i32(0), p.i32(4))?;
        let [terrain_amsl_m, above_terrain_m] = [known(p.f32(8))?, known(p.f32(12))?];
        let has_data = p.u16(16) != 0 && (p.u16(20) != 0 || terrain_amsl_m != 0.0);
        has_data.then(|| Self { terrain_amsl_m, above_terrain_m, pending_blocks: p.u16(18) })
    }
}
