//! Where along a leg or arc the vehicle is, and how far off it.
use flightsmith_mission::contract::Tolerances;
use flightsmith_mission::frame::PositionNed;
use flightsmith_mission::itinerary::Arc;
use flightsmith_mission::units::wrap_360;

/// The way of one goal.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    Line { from: PositionNed, to: PositionNed },
    Curve(Arc),
}

/// How the vehicle stands to a way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Share of the way behind it.
    pub share: f64,
    /// Metres of the way behind it; a little below 0 before its beginning.
    pub along_m: f64,
    /// Horizontal distance from the way, m.
    pub off_m: f64,
    /// Height over the way, m.
    pub over_m: f64,
    /// Bearing of the way here, degrees.
    pub course_deg: f64,
    /// How fast the course turns, degrees a metre.
    pub bend_deg_per_m: f64,
    /// What `off_m` may be, m.
    pub allowed_m: f64,
}

/// How far before its beginning progress on an arc is still followed, m: flying the wrong way shows as less than nothing.
const BEFORE_M: f64 = 12.0;
/// A tick brings the vehicle at most this far along, m (15 m/s are 0.3 m).
const CATCH_UP_M: f64 = 1.0;

impl Way {
    pub fn start(&self) -> PositionNed {
        match self {
            Way::Line { from, .. } => *from,
            Way::Curve(arc) => arc.start(),
        }
    }
    pub fn end(&self) -> PositionNed {
        match self {
            Way::Line { to, .. } => *to,
            Way::Curve(arc) => arc.end(),
        }
    }
    pub fn length_m(&self) -> f64 {
        match self {
            Way::Line { from, to } => from.distance_m(to),
            Way::Curve(arc) => arc.length_m(),
        }
    }
    pub fn is_curve(&self) -> bool {
        matches!(self, Way::Curve(_))
    }

    /// Where `position` stands. For an arc, progress is followed from `share` of the tick before, so that laps count and a short
    /// cut across the circle does not.
    pub fn standing(&self, position: &PositionNed, share: f64, length_m: f64, tolerances: &Tolerances) -> Standing {
        match self {
            Way::Line { from, to } => line(from, to, position, tolerances),
            Way::Curve(arc) => curve(arc, position, share, length_m, tolerances),
        }
    }
}

fn line(from: &PositionNed, to: &PositionNed, position: &PositionNed, tolerances: &Tolerances) -> Standing {
    // Height weighs more, as its tolerance is tighter: so the nearest point of a steep leg is the one that is least off.
    let weight = (tolerances.leg_m / tolerances.altitude_m) * (tolerances.leg_m / tolerances.altitude_m);
    let (leg, by) = (*to - *from, *position - *from);
    let dot = |a: f64, b: f64, c: f64| leg.north_m * a + leg.east_m * b + weight * leg.down_m * c;
    let length_squared = dot(leg.north_m, leg.east_m, leg.down_m);
    let share = if length_squared < 1e-9 {
        1.0
    } else {
        (dot(by.north_m, by.east_m, by.down_m) / length_squared).clamp(0.0, 1.0)
    };
    let off_m = libm::hypot(by.north_m - share * leg.north_m, by.east_m - share * leg.east_m);
    Standing {
        share,
        along_m: share * from.distance_m(to),
        off_m,
        over_m: share * leg.down_m - by.down_m,
        course_deg: from.bearing_deg(to),
        bend_deg_per_m: 0.0,
        allowed_m: tolerances.leg_m,
    }
}

fn curve(arc: &Arc, position: &PositionNed, share: f64, length_m: f64, tolerances: &Tolerances) -> Standing {
    let sweep_rad = arc.sweep_deg.to_radians();
    let widening_m = arc.end_radius_m - arc.start_radius_m;
    let mut share = share;
    let mut here = Here::of(arc, sweep_rad, widening_m, share);
    for _ in 0..2 {
        let (north_m, east_m) = (position.north_m - here.north_m, position.east_m - here.east_m);
        let rate_squared = here.north_rate * here.north_rate + here.east_rate * here.east_rate;
        let rate_m = libm::sqrt(rate_squared).max(0.1);
        let ahead_m = (north_m * here.north_rate + east_m * here.east_rate) / rate_m;
        share += ahead_m.clamp(-CATCH_UP_M, CATCH_UP_M) / rate_m;
        // Around its centre a spiral has no side to fly the wrong way round on.
        let before_m = if arc.start_radius_m < tolerances.waypoint_m { 0.0 } else { BEFORE_M };
        share = share.clamp(-before_m / length_m.max(0.1), 1.0);
        here = Here::of(arc, sweep_rad, widening_m, share);
    }
    let rate_m = libm::hypot(here.north_rate, here.east_rate).max(0.1);
    Standing {
        share,
        along_m: share * length_m,
        off_m: libm::hypot(position.north_m - here.north_m, position.east_m - here.east_m),
        over_m: position.altitude_m() - (arc.centre.altitude_m() + arc.climb_m * share.max(0.0)),
        course_deg: wrap_360(libm::atan2(here.east_rate, here.north_rate).to_degrees()),
        bend_deg_per_m: arc.sweep_deg / rate_m,
        allowed_m: tolerances.orbit_radius_m.max(tolerances.orbit_radius_share * here.radius_m),
    }
}

/// A point of an arc and how it moves with the share.
struct Here {
    north_m: f64,
    east_m: f64,
    north_rate: f64,
    east_rate: f64,
    radius_m: f64,
}

impl Here {
    fn of(arc: &Arc, sweep_rad: f64, widening_m: f64, share: f64) -> Self {
        let radius_m = (arc.start_radius_m + widening_m * share).max(0.0);
        let (sin, cos) = libm::sincos(arc.start_bearing_deg.to_radians() + sweep_rad * share);
        Self {
            north_m: arc.centre.north_m + radius_m * cos,
            east_m: arc.centre.east_m + radius_m * sin,
            north_rate: widening_m * cos - radius_m * sweep_rad * sin,
            east_rate: widening_m * sin + radius_m * sweep_rad * cos,
            radius_m,
        }
    }
}
