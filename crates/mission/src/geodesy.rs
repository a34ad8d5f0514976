//! WGS84 to the local tangent plane at home and back, good to centimetres within the few hundred metres of a mission.
//!
//! The radii of curvature at home's latitude scale degrees to metres (Snyder, Map Projections, USGS 1395, eq. 4-18 to 4-20).
use crate::frame::{AboveHome, Altitude, East, GlobalPosition, Latitude, Longitude, North, PositionNed};
use crate::trig;
use serde::{Deserialize, Serialize};

const SEMI_MAJOR_AXIS_M: f64 = 6_378_137.0;
const ECCENTRICITY_SQUARED: f64 = 6.694_379_990_141_317e-3;

/// Where the vehicle was armed: the origin of [`PositionNed`], and where its nose pointed then.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// Latitude in degrees, WGS84.
    pub lat_deg: f64,
    /// Longitude in degrees, WGS84.
    pub lon_deg: f64,
    /// Metres above mean sea level.
    pub altitude_amsl_m: f64,
    /// True heading of the nose in degrees, `0 <= h < 360`.
    pub heading_deg: f64,
}

impl Default for Home {
    /// The default home of PX4's SITL, heading north.
    fn default() -> Self {
        Self { lat_deg: 47.397742, lon_deg: 8.545594, altitude_amsl_m: 488.0, heading_deg: 0.0 }
    }
}

impl Home {
    /// Metres per degree of latitude and of longitude at this home.
    fn metres_per_degree(&self) -> (f64, f64) {
        let sin = trig::sin(self.lat_deg.to_radians());
        let w = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
        let meridian_m = SEMI_MAJOR_AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (w * libm::sqrt(w));
        let normal_m = SEMI_MAJOR_AXIS_M / libm::sqrt(w);
        (meridian_m.to_radians(), normal_m.to_radians() * trig::cos(self.lat_deg.to_radians()))
    }
    /// `altitude` as a height above this home.
    ///
    /// ```
    /// use flightsmith_mission::{frame::{AboveHome, Altitude}, geodesy::Home};
    /// let home = Home { altitude_amsl_m: 488.0, ..Home::default() };
    /// assert_eq!(home.above_home(Altitude::Amsl(500.0)), AboveHome(12.0));
    /// ```
    pub fn above_home(&self, altitude: Altitude) -> AboveHome {
        match altitude {
            Altitude::AboveHome(metres) => AboveHome(metres),
            Altitude::Amsl(metres) => AboveHome(metres - self.altitude_amsl_m),
        }
    }
    /// `position` in metres from home.
    pub fn to_ned(&self, position: &GlobalPosition) -> PositionNed {
        let (north, east) = self.metres_per_degree();
        let mut lon_difference_deg = position.lon_deg - self.lon_deg;
        if lon_difference_deg > 180.0 {
            lon_difference_deg -= 360.0;
        } else if lon_difference_deg < -180.0 {
            lon_difference_deg += 360.0;
        }
        PositionNed::at(
            North((position.lat_deg - self.lat_deg) * north),
            East(lon_difference_deg * east),
            self.above_home(position.altitude),
        )
    }
    /// `position` as WGS84 degrees and metres above mean sea level.
    pub fn to_global(&self, position: &PositionNed) -> GlobalPosition {
        let (north, east) = self.metres_per_degree();
        GlobalPosition::at(
            Latitude(self.lat_deg + position.north_m / north),
            Longitude(self.lon_deg + position.east_m / east),
            Altitude::Amsl(self.altitude_amsl_m - position.down_m),
        )
    }
}
