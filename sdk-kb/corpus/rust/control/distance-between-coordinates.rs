//! # Distance and bearing between two coordinates
//!
//! - haversine formula in Rust
//! - move a latitude/longitude by metres north and east
//! - bearing from one GPS position to another
//!
//! The haversine formula gives the distance on a sphere, good to half a percent. Over a few kilometres a flat approximation does: a
//! degree of latitude is about 111.2 km, a degree of longitude that times the cosine of the latitude.
//!
//! Pitfalls:
//! - Trigonometric functions take radians.
//! - Wrap differences of longitude at the antimeridian.

const EARTH_RADIUS_M: f64 = 6_371_000.0;

#[derive(Debug, Clone, Copy)]
struct Place {
    lat_deg: f64,
    lon_deg: f64,
}

impl Place {
    fn distance_m(self, other: Place) -> f64 {
        let (lat1, lat2) = (self.lat_deg.to_radians(), other.lat_deg.to_radians());
        let half_lat = ((lat2 - lat1) / 2.0).sin();
        let half_lon = ((other.lon_deg - self.lon_deg).to_radians() / 2.0).sin();
        let haversine = half_lat * half_lat + lat1.cos() * lat2.cos() * half_lon * half_lon;
        2.0 * EARTH_RADIUS_M * haversine.sqrt().min(1.0).asin()
    }

    /// First bearing on the way there, clockwise from north.
    fn bearing_deg(self, other: Place) -> f64 {
        let (lat1, lat2) = (self.lat_deg.to_radians(), other.lat_deg.to_radians());
        let dlon = (other.lon_deg - self.lon_deg).to_radians();
        let east = dlon.sin() * lat2.cos();
        let north = lat1.cos() * lat2.sin() - lat1.sin() * lat2.cos() * dlon.cos();
        east.atan2(north).to_degrees().rem_euclid(360.0)
    }

    /// A few kilometres at most.
    fn moved(self, north_m: f64, east_m: f64) -> Place {
        let lat_deg = self.lat_deg + (north_m / EARTH_RADIUS_M).to_degrees();
        let lon_deg = self.lon_deg + (east_m / (EARTH_RADIUS_M * self.lat_deg.to_radians().cos())).to_degrees();
        Place { lat_deg, lon_deg: (lon_deg + 180.0).rem_euclid(360.0) - 180.0 }
    }
}

fn main() {
    let home = Place { lat_deg: 47.397742, lon_deg: 8.545594 };
    let there = home.moved(300.0, 400.0);
    assert!((home.distance_m(there) - 500.0).abs() < 0.1);
    assert!((home.bearing_deg(there) - 53.13).abs() < 0.01);
    let paris = Place { lat_deg: 48.8566, lon_deg: 2.3522 };
    let london = Place { lat_deg: 51.5074, lon_deg: -0.1278 };
    assert!((paris.distance_m(london) - 343_500.0).abs() < 500.0);
    let fiji = Place { lat_deg: -17.0, lon_deg: 179.9999 };
    let across = fiji.moved(0.0, 100.0);
    assert!(across.lon_deg < -179.99 && (fiji.distance_m(across) - 100.0).abs() < 0.1);
}
