//! Latitude and longitude as MAVLink's integers carry them: degrees times 1e7, a centimetre a step.

/// In degrees.
pub(crate) fn degrees(lat_deg_e7: i32, lon_deg_e7: i32) -> (f64, f64) {
    (f64::from(lat_deg_e7) / 1e7, f64::from(lon_deg_e7) / 1e7)
}

/// In degrees, where known: 0/0 is what autopilots and cameras say before they know.
pub(crate) fn known_degrees(lat_deg_e7: i32, lon_deg_e7: i32) -> Option<(f64, f64)> {
    let in_range = lat_deg_e7.unsigned_abs() <= 900_000_000 && lon_deg_e7.unsigned_abs() <= 1_800_000_000;
    (in_range && (lat_deg_e7, lon_deg_e7) != (0, 0)).then(|| degrees(lat_deg_e7, lon_deg_e7))
}

/// The nearest integers.
pub(crate) fn degrees_e7(lat_deg: f64, lon_deg: f64) -> (i32, i32) {
    (libm::round(lat_deg * 1e7) as i32, libm::round(lon_deg * 1e7) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_as_it_went() {
        for place in [(47.397742, 8.545594), (-33.8568, 151.2153), (0.0000001, -0.0000001), (90.0, -180.0)] {
            let (lat_deg_e7, lon_deg_e7) = degrees_e7(place.0, place.1);
            assert_eq!(degrees(lat_deg_e7, lon_deg_e7), place);
            assert_eq!(known_degrees(lat_deg_e7, lon_deg_e7), Some(place));
        }
    }

    #[test]
    fn nowhere_and_beyond_are_not_known() {
        for (lat_deg_e7, lon_deg_e7) in [(0, 0), (900_000_001, 0), (0, -1_800_000_001), (i32::MIN, i32::MAX)] {
            assert_eq!(known_degrees(lat_deg_e7, lon_deg_e7), None);
        }
    }
}
