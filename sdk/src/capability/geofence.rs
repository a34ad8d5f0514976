//! The geofence: polygons and circles to stay in or out of, by the item protocol (MAV_MISSION_TYPE_FENCE).
//!
//! Only while disarmed: what keeps a flying vehicle in is not to be changed in flight. Sending a fence does not switch it on: that is
//! what parameters do (ArduPilot FENCE_ENABLE and FENCE_TYPE, PX4 GF_ACTION).
use crate::capability::mission_raw::{self, Fault, List, WireItem};
use crate::error::RequestError;
use crate::system::System;
use crate::wire::place::degrees;
use alloc::{format, vec::Vec};

/// Which side of an area the vehicle keeps to.
///
/// ```
/// use flightsmith_sdk::capability::geofence::{FenceArea, GroundPoint, Keep};
/// let mast = GroundPoint { lat_deg: 47.3979, lon_deg: 8.5461 };
/// let around_it = FenceArea::Circle { keep: Keep::Out, centre: mast, radius_m: 25.0 };
/// # let _ = around_it;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It must stay inside.
    In,
    /// It must stay outside.
    Out,
}

/// A place on the ground, WGS84 degrees.
///
/// ```
/// use flightsmith_sdk::{capability::geofence::GroundPoint, frame::GlobalPosition};
/// fn below(place: GlobalPosition) -> GroundPoint {
///     GroundPoint { lat_deg: place.lat_deg, lon_deg: place.lon_deg }
/// }
/// # let _ = below;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroundPoint {
    /// Latitude, -90 to 90.
    pub lat_deg: f64,
    /// Longitude, -180 to 180.
    pub lon_deg: f64,
}

/// One area of a fence.
///
/// ```
/// use flightsmith_sdk::capability::geofence::{FenceArea, GroundPoint, Keep};
/// let corners = [(47.3970, 8.5445), (47.3990, 8.5445), (47.3990, 8.5475), (47.3970, 8.5475)]
///     .map(|(lat_deg, lon_deg)| GroundPoint { lat_deg, lon_deg });
/// let field = FenceArea::Polygon { keep: Keep::In, corners: corners.into() };
/// # let _ = field;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FenceArea {
    /// MAV_CMD_NAV_FENCE_POLYGON_VERTEX_INCLUSION or _EXCLUSION.
    Polygon {
        /// The side to keep to.
        keep: Keep,
        /// At least three corners, in order.
        corners: Vec<GroundPoint>,
    },
    /// MAV_CMD_NAV_FENCE_CIRCLE_INCLUSION or _EXCLUSION.
    Circle {
        /// The side to keep to.
        keep: Keep,
        /// The middle.
        centre: GroundPoint,
        /// Metres, more than 0.
        radius_m: f64,
    },
    /// Where ArduPilot's fence action brings the vehicle (MAV_CMD_NAV_FENCE_RETURN_POINT).
    ReturnPoint(GroundPoint),
}

const RETURN_POINT: u16 = 5000;
const POLYGON_IN: u16 = 5001;
const POLYGON_OUT: u16 = 5002;
const CIRCLE_IN: u16 = 5003;
const CIRCLE_OUT: u16 = 5004;
const WHAT: &str = "the geofence";

impl System {
    /// Its geofence.
    ///
    /// ```no_run
    /// use flightsmith_sdk::capability::geofence::{FenceArea, GroundPoint, Keep};
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// let centre = GroundPoint { lat_deg: 47.3977, lon_deg: 8.5456 };
    /// system.geofence().upload(&[FenceArea::Circle { keep: Keep::In, centre, radius_m: 200.0 }]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn geofence(&self) -> Geofence {
        Geofence { system: self.clone() }
    }
}

/// The geofence of a system; made by [`System::geofence`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::capability::geofence::{FenceArea, GroundPoint, Keep};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let geofence = system.geofence();
/// let centre = GroundPoint { lat_deg: 47.3977, lon_deg: 8.5456 };
/// geofence.upload(&[FenceArea::Circle { keep: Keep::In, centre, radius_m: 150.0 }]).await?;
/// assert_eq!(geofence.download().await?.len(), 1);
/// // The fence is kept only where the vehicle is told to.
/// system.param().set_int("FENCE_ENABLE", 1).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Geofence {
    system: System,
}

impl Geofence {
    /// Replaces the vehicle's fence by `areas`.
    ///
    /// # Errors
    /// [`RequestError::WrongState`] while armed; [`RequestError::ItemRefused`] with the index of the point (polygons count each corner)
    /// by the vehicle, or of the area before anything is sent; [`RequestError::Unsupported`] where the vehicle knows no fence by this
    /// protocol; [`RequestError::Failed`]; [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// use flightsmith_sdk::capability::geofence::{FenceArea, GroundPoint, Keep};
    /// # async fn example(system: flightsmith_sdk::System, corners: Vec<GroundPoint>) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.geofence().upload(&[FenceArea::Polygon { keep: Keep::In, corners }]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload(&self, areas: &[FenceArea]) -> Result<(), RequestError> {
        self.must_be_disarmed()?;
        if areas.is_empty() {
            return self.clear().await;
        }
        let mut wire = Vec::new();
        for (index, area) in areas.iter().enumerate() {
            area.append_to(&mut wire).map_err(|fault| mission_raw::not_sent(List::Fence, index, fault))?;
        }
        mission_raw::upload(&self.system, List::Fence, &wire, 0, |_progress| {}).await.map(drop)
    }
    /// Reads the vehicle's fence.
    ///
    /// # Errors
    /// As [`Geofence::upload`]; [`RequestError::Inconsistent`] where what is read is no fence.
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// println!("{} areas", system.geofence().download().await?.len());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download(&self) -> Result<Vec<FenceArea>, RequestError> {
        let wire = mission_raw::download(&self.system, List::Fence, |_progress| {}).await?;
        areas(&wire).map_err(|index| {
            let command = wire.get(index).map_or(0, |item| item.command);
            let why = format!("point {index} (command {command}) makes no fence");
            RequestError::Inconsistent { what: WHAT, why }
        })
    }
    /// Deletes the vehicle's fence (MISSION_CLEAR_ALL).
    ///
    /// # Errors
    /// [`RequestError::WrongState`] while armed; else as [`Geofence::upload`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.geofence().clear().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn clear(&self) -> Result<(), RequestError> {
        self.must_be_disarmed()?;
        mission_raw::clear(&self.system, List::Fence).await
    }

    fn must_be_disarmed(&self) -> Result<(), RequestError> {
        if self.system.link().with(|core| core.telemetry.armed()) {
            return Err(RequestError::WrongState { what: "changing the geofence", needed: "disarmed" });
        }
        Ok(())
    }
}

impl FenceArea {
    fn append_to(&self, wire: &mut Vec<WireItem>) -> Result<(), Fault> {
        match self {
            FenceArea::Polygon { keep, corners } => {
                if corners.len() < 3 {
                    return Err("a polygon needs three corners; nothing was sent");
                }
                let command = if *keep == Keep::In { POLYGON_IN } else { POLYGON_OUT };
                for corner in corners {
                    wire.push(corner.to_wire(command, corners.len() as f32)?);
                }
            }
            FenceArea::Circle { keep, centre, radius_m } => {
                if !(*radius_m > 0.0 && radius_m.is_finite()) {
                    return Err("a circle needs a radius above 0 m; nothing was sent");
                }
                let command = if *keep == Keep::In { CIRCLE_IN } else { CIRCLE_OUT };
                wire.push(centre.to_wire(command, *radius_m as f32)?);
            }
            FenceArea::ReturnPoint(place) => wire.push(place.to_wire(RETURN_POINT, 0.0)?),
        }
        Ok(())
    }
}

impl GroundPoint {
    fn to_wire(self, command: u16, param1: f32) -> Result<WireItem, Fault> {
        let (x, y) = mission_raw::degrees_e7(self.lat_deg, self.lon_deg)?;
        let params = [param1, 0.0, 0.0, 0.0];
        Ok(WireItem { params, x, y, z: 0.0, command, frame: 0, current: 0, autocontinue: 1 })
    }
    fn from_wire(item: &WireItem) -> Self {
        let (lat_deg, lon_deg) = degrees(item.x, item.y);
        Self { lat_deg, lon_deg }
    }
}

/// The areas that `wire` describes, or the index of the point that fits none.
fn areas(wire: &[WireItem]) -> Result<Vec<FenceArea>, usize> {
    let mut areas = Vec::new();
    let mut at = 0;
    while let Some(item) = wire.get(at) {
        let point = GroundPoint::from_wire(item);
        let mut used = 1;
        areas.push(match item.command {
            RETURN_POINT => FenceArea::ReturnPoint(point),
            CIRCLE_IN | CIRCLE_OUT => {
                let keep = if item.command == CIRCLE_IN { Keep::In } else { Keep::Out };
                FenceArea::Circle { keep, centre: point, radius_m: f64::from(item.params[0]) }
            }
            POLYGON_IN | POLYGON_OUT => {
                used = item.params[0].max(0.0) as usize;
                let corners = wire.get(at..at + used).filter(|corners| corners.len() >= 3).ok_or(at)?;
                if let Some(other) = corners.iter().position(|corner| corner.command != item.command) {
                    return Err(at + other);
                }
                let keep = if item.command == POLYGON_IN { Keep::In } else { Keep::Out };
                FenceArea::Polygon { keep, corners: corners.iter().map(GroundPoint::from_wire).collect() }
            }
            _ => return Err(at),
        });
        at += used;
    }
    Ok(areas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_survives_the_wire_and_nonsense_is_named() {
        let at = |lat_deg, lon_deg| GroundPoint { lat_deg, lon_deg };
        let fence = [
            FenceArea::Polygon {
                keep: Keep::In,
                corners: [at(47.0, 8.0), at(47.5, 8.0), at(47.5, 8.5), at(47.0, 8.5)].into(),
            },
            FenceArea::Circle { keep: Keep::Out, centre: at(47.2, 8.2), radius_m: 30.0 },
            FenceArea::Polygon { keep: Keep::Out, corners: [at(47.1, 8.1), at(47.2, 8.1), at(47.1, 8.2)].into() },
            FenceArea::ReturnPoint(at(47.3, 8.3)),
        ];
        let mut wire = Vec::new();
        for area in &fence {
            area.append_to(&mut wire).expect("an area");
        }
        assert_eq!(wire.len(), 9);
        let back = areas(&wire).expect("a fence");
        assert_eq!(format!("{back:.6?}"), format!("{fence:.6?}"));
        assert_eq!(areas(&wire[..3]), Err(0), "a corner is missing");
        wire[2].command = CIRCLE_IN;
        assert_eq!(areas(&wire), Err(2), "a circle among the corners");
        let two = FenceArea::Polygon { keep: Keep::In, corners: [at(47.0, 8.0), at(47.5, 8.0)].into() };
        assert!(two.append_to(&mut wire).is_err());
        let flat = FenceArea::Circle { keep: Keep::In, centre: at(47.0, 8.0), radius_m: 0.0 };
        assert!(flat.append_to(&mut wire).is_err());
    }
}
