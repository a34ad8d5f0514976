//! Rally points: where the vehicle returns to instead of home, by the item protocol (MAV_MISSION_TYPE_RALLY).
use crate::capability::mission_raw::{self, Fault, List, WireItem};
use crate::error::RequestError;
use crate::frame::Altitude;
use crate::system::System;
use crate::wire::place::degrees;
use alloc::{format, vec::Vec};

/// A place to return to (MAV_CMD_NAV_RALLY_POINT).
///
/// ```
/// use flightsmith_sdk::{capability::rally::RallyPoint, frame::Altitude};
/// let meadow = RallyPoint { lat_deg: 47.3985, lon_deg: 8.5460, altitude: Altitude::AboveHome(20.0) };
/// # let _ = meadow;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RallyPoint {
    /// Latitude, WGS84 degrees, -90 to 90.
    pub lat_deg: f64,
    /// Longitude, WGS84 degrees, -180 to 180.
    pub lon_deg: f64,
    /// Height of the place where the vehicle loiters before it lands.
    pub altitude: Altitude,
}

const RALLY_POINT: u16 = 5100;

impl System {
    /// Its rally points.
    ///
    /// ```no_run
    /// use flightsmith_sdk::{capability::rally::RallyPoint, frame::Altitude};
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let meadow = RallyPoint { lat_deg: 47.3985, lon_deg: 8.5460, altitude: Altitude::AboveHome(20.0) };
    /// system.rally().upload(&[meadow]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn rally(&self) -> Rally {
        Rally { system: self.clone() }
    }
}

/// The rally points of a system; made by [`System::rally`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let rally = system.rally();
/// let mut points = rally.download().await?;
/// points.truncate(1);
/// rally.upload(&points).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Rally {
    system: System,
}

impl Rally {
    /// Replaces the vehicle's rally points.
    ///
    /// # Errors
    /// [`RequestError::ItemRefused`] with the point's index; [`RequestError::Unsupported`] where the vehicle knows none;
    /// [`RequestError::Failed`]; [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, capability::rally::RallyPoint};
    /// # async fn example(system: flightsmith_sdk::System, points: Vec<RallyPoint>) -> Result<(), RequestError> {
    /// system.rally().upload(&points).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload(&self, points: &[RallyPoint]) -> Result<(), RequestError> {
        if points.is_empty() {
            return self.clear().await;
        }
        let mut wire = Vec::with_capacity(points.len());
        for (index, point) in points.iter().enumerate() {
            wire.push(point.to_wire().map_err(|fault| mission_raw::not_sent(List::Rally, index, fault))?);
        }
        mission_raw::upload(&self.system, List::Rally, &wire, 0, |_progress| {}).await.map(drop)
    }
    /// Reads the vehicle's rally points.
    ///
    /// # Errors
    /// As [`Rally::upload`]; [`RequestError::Inconsistent`] where what is read are no rally points.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// println!("{:?}", system.rally().download().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download(&self) -> Result<Vec<RallyPoint>, RequestError> {
        let wire = mission_raw::download(&self.system, List::Rally, |_progress| {}).await?;
        let points: Option<Vec<RallyPoint>> = wire.iter().map(RallyPoint::from_wire).collect();
        points.ok_or_else(|| {
            let why = format!("not every one of {} items is a rally point above home or sea level", wire.len());
            RequestError::Inconsistent { what: "the rally points", why }
        })
    }
    /// Deletes the vehicle's rally points (MISSION_CLEAR_ALL).
    ///
    /// # Errors
    /// As [`Rally::upload`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.rally().clear().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn clear(&self) -> Result<(), RequestError> {
        mission_raw::clear(&self.system, List::Rally).await
    }
}

impl RallyPoint {
    fn to_wire(self) -> Result<WireItem, Fault> {
        let (x, y) = mission_raw::degrees_e7(self.lat_deg, self.lon_deg)?;
        let (frame, z) = mission_raw::altitude_to_wire(self.altitude)?;
        Ok(WireItem { params: [0.0; 4], x, y, z, command: RALLY_POINT, frame, current: 0, autocontinue: 1 })
    }
    fn from_wire(item: &WireItem) -> Option<Self> {
        let altitude = match item.frame {
            0 | 5 => Altitude::Amsl(f64::from(item.z)),
            3 | 6 => Altitude::AboveHome(f64::from(item.z)),
            _ => return None,
        };
        let (lat_deg, lon_deg) = degrees(item.x, item.y);
        (item.command == RALLY_POINT).then_some(Self { lat_deg, lon_deg, altitude })
    }
}
