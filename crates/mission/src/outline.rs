//! Geometry of areas on the map: how far points and straight segments keep from a circle or polygon, seen from above.
//!
//! Used by the static check, by the judge and by the runner before arming. Heights count for nothing here.
use crate::contract::Outline;
use crate::frame::{AboveHome, East, North, PositionNed};
use crate::geodesy::Home;
use crate::itinerary::{ItineraryError, fixed_place};
use crate::plan::Area;
use alloc::vec::Vec;

impl Area {
    /// The area with its places in metres from `home`.
    pub fn resolve(&self, home: &Home) -> Result<Outline, ItineraryError> {
        Ok(match self {
            Area::Circle { centre, radius_m } => {
                Outline::Circle { centre: fixed_place(centre, home)?, radius_m: *radius_m }
            }
            Area::Polygon { corners } => {
                let corners = corners.iter().map(|corner| fixed_place(corner, home)).collect::<Result<Vec<_>, _>>()?;
                Outline::Polygon { corners }
            }
        })
    }
}

impl Outline {
    /// Horizontal distance in metres from `point` to the outline: positive outside, negative inside.
    pub fn distance_m(&self, point: &PositionNed) -> f64 {
        match self {
            Outline::Circle { centre, radius_m } => centre.horizontal_distance_m(point) - radius_m,
            Outline::Polygon { corners } => {
                let nearest_m = edges(corners)
                    .map(|(a, b)| point_to_segment_m(point, a, b))
                    .fold(f64::INFINITY, |nearest, distance| nearest.min(distance));
                if contains(corners, point) { -nearest_m } else { nearest_m }
            }
        }
    }

    /// Smallest horizontal distance in metres between the straight way from `a` to `b` and the area; 0 or less where it enters.
    pub fn segment_distance_m(&self, a: &PositionNed, b: &PositionNed) -> f64 {
        match self {
            Outline::Circle { centre, radius_m } => point_to_segment_m(centre, a, b) - radius_m,
            Outline::Polygon { corners } => {
                let ends_m = self.distance_m(a).min(self.distance_m(b));
                if ends_m <= 0.0 {
                    return ends_m;
                }
                edges(corners).map(|(c, d)| segment_to_segment_m(a, b, c, d)).fold(ends_m, f64::min)
            }
        }
    }

    /// A circle that holds the whole outline: centre and radius in metres. For a quick "surely far away".
    pub fn bounding_circle(&self) -> (PositionNed, f64) {
        match self {
            Outline::Circle { centre, radius_m } => (*centre, *radius_m),
            Outline::Polygon { corners } => {
                let count = corners.len().max(1) as f64;
                let centre = PositionNed::at(
                    North(corners.iter().map(|corner| corner.north_m).sum::<f64>() / count),
                    East(corners.iter().map(|corner| corner.east_m).sum::<f64>() / count),
                    AboveHome(0.0),
                );
                (centre, corners.iter().map(|corner| centre.horizontal_distance_m(corner)).fold(0.0, f64::max))
            }
        }
    }
}

/// The edges of a closed polygon.
fn edges(corners: &[PositionNed]) -> impl Iterator<Item = (&PositionNed, &PositionNed)> {
    corners.iter().zip(corners.iter().cycle().skip(1))
}

/// Even-odd rule (Shimrat 1962).
fn contains(corners: &[PositionNed], point: &PositionNed) -> bool {
    let mut inside = false;
    for (a, b) in edges(corners) {
        if (a.east_m > point.east_m) != (b.east_m > point.east_m) {
            let share = (point.east_m - a.east_m) / (b.east_m - a.east_m);
            if point.north_m < a.north_m + share * (b.north_m - a.north_m) {
                inside = !inside;
            }
        }
    }
    inside
}

/// Horizontal distance in metres from `point` to the straight way from `a` to `b`.
pub fn point_to_segment_m(point: &PositionNed, a: &PositionNed, b: &PositionNed) -> f64 {
    let share = share_along(point, a, b);
    let (north_m, east_m) = (a.north_m + share * (b.north_m - a.north_m), a.east_m + share * (b.east_m - a.east_m));
    libm::hypot(point.north_m - north_m, point.east_m - east_m)
}

/// How far along the straight way from `a` to `b` its point nearest to `point` lies, 0 to 1, seen from above.
pub fn share_along(point: &PositionNed, a: &PositionNed, b: &PositionNed) -> f64 {
    let (north_m, east_m) = (b.north_m - a.north_m, b.east_m - a.east_m);
    let length_squared = north_m * north_m + east_m * east_m;
    if length_squared < 1e-12 {
        return 0.0;
    }
    (((point.north_m - a.north_m) * north_m + (point.east_m - a.east_m) * east_m) / length_squared).clamp(0.0, 1.0)
}

fn segment_to_segment_m(a: &PositionNed, b: &PositionNed, c: &PositionNed, d: &PositionNed) -> f64 {
    if segments_cross(a, b, c, d) {
        return 0.0;
    }
    point_to_segment_m(a, c, d)
        .min(point_to_segment_m(b, c, d))
        .min(point_to_segment_m(c, a, b))
        .min(point_to_segment_m(d, a, b))
}

/// Twice the signed area of the triangle.
fn side(a: &PositionNed, b: &PositionNed, c: &PositionNed) -> f64 {
    (b.north_m - a.north_m) * (c.east_m - a.east_m) - (b.east_m - a.east_m) * (c.north_m - a.north_m)
}

/// Whether two segments cross in a point inside both, seen from above.
pub fn segments_cross(a: &PositionNed, b: &PositionNed, c: &PositionNed, d: &PositionNed) -> bool {
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// The first two edges (counted from 1) of a closed polygon that cross, touch or lie upon one another though they are not neighbours.
pub fn crossing_edges(corners: &[PositionNed]) -> Option<(usize, usize)> {
    let count = corners.len();
    let edge = |index: usize| (&corners[index], &corners[(index + 1) % count]);
    for first in 0..count {
        for second in first + 1..count {
            if second == first + 1 || (first == 0 && second == count - 1) {
                continue;
            }
            let ((a, b), (c, d)) = (edge(first), edge(second));
            if segment_to_segment_m(a, b, c, d) < 1e-6 {
                return Some((first + 1, second + 1));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(north_m: f64, east_m: f64) -> PositionNed {
        PositionNed::at(North(north_m), East(east_m), AboveHome(10.0))
    }
    fn notch() -> Outline {
        // A U that opens to the north.
        let corners = [
            (0.0, 0.0),
            (0.0, 30.0),
            (30.0, 30.0),
            (30.0, 20.0),
            (10.0, 20.0),
            (10.0, 10.0),
            (30.0, 10.0),
            (30.0, 0.0),
        ];
        Outline::Polygon { corners: corners.iter().map(|(north, east)| at(*north, *east)).collect() }
    }

    #[test]
    fn distance_is_signed() {
        let circle = Outline::Circle { centre: at(0.0, 0.0), radius_m: 10.0 };
        assert_eq!(circle.distance_m(&at(0.0, 12.0)), 2.0);
        assert_eq!(circle.distance_m(&at(0.0, 4.0)), -6.0);
        assert_eq!(notch().distance_m(&at(20.0, 15.0)), 5.0);
        assert_eq!(notch().distance_m(&at(5.0, 15.0)), -5.0);
        assert_eq!(notch().distance_m(&at(33.0, 34.0)), 5.0);
    }

    #[test]
    fn a_segment_between_outside_points_enters() {
        assert_eq!(notch().segment_distance_m(&at(20.0, -10.0), &at(20.0, 40.0)), 0.0);
        assert_eq!(notch().segment_distance_m(&at(40.0, -10.0), &at(40.0, 40.0)), 10.0);
        assert_eq!(notch().segment_distance_m(&at(40.0, 15.0), &at(15.0, 15.0)), 5.0);
    }

    #[test]
    fn crossing_polygons_are_found() {
        let square = [at(0.0, 0.0), at(0.0, 10.0), at(10.0, 10.0), at(10.0, 0.0)];
        assert_eq!(crossing_edges(&square), None);
        assert_eq!(crossing_edges(&[square[0], square[2], square[1], square[3]]), Some((1, 3)));
    }

    proptest! {
        /// The distance of a segment is never more than that of any of its points, and close to the least of many.
        #[test]
        fn segment_distance_is_the_least_of_its_points(n1 in -60.0..90.0f64, e1 in -60.0..90.0f64, n2 in -60.0..90.0f64, e2 in -60.0..90.0f64) {
            let (a, b) = (at(n1, e1), at(n2, e2));
            for outline in [notch(), Outline::Circle { centre: at(10.0, 15.0), radius_m: 12.0 }] {
                let of_segment_m = outline.segment_distance_m(&a, &b);
                let least_m = (0..=2000).map(|index| {
                    let share = f64::from(index) / 2000.0;
                    outline.distance_m(&at(n1 + share * (n2 - n1), e1 + share * (e2 - e1)))
                }).fold(f64::INFINITY, f64::min);
                prop_assert!(of_segment_m.max(0.0) <= least_m.max(0.0) + 1e-9);
                prop_assert!(least_m.max(0.0) - of_segment_m.max(0.0) < 0.1, "{least_m} {of_segment_m}");
            }
        }
    }
}
