//! A point that travels along a path within limits of speed, acceleration, climb and turn, and waits for the vehicle.
use super::path::{Path, PathPoint};
use flightsmith_mission::frame::PositionNed;

/// What the point may do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    /// Ground speed in m/s.
    pub speed_m_s: f64,
    pub climb_m_s: f64,
    pub descent_m_s: f64,
    /// Along the path, speeding up and braking.
    pub acceleration_m_s2: f64,
    /// Sideways in turns.
    pub turn_m_s2: f64,
    /// Fastest change of the path's bearing, for the nose to follow.
    pub turn_deg_s: f64,
}

/// Metres behind the point at which it begins to wait, and at which it stands still.
const WAIT_FROM_M: f64 = 1.0;
const WAIT_FULLY_M: f64 = 3.0;

/// The travelling point.
#[derive(Debug)]
pub(crate) struct Carrot {
    path: Path,
    limits: Limits,
    share: f64,
    speed_m_s: f64,
    acceleration_m_s2: f64,
}

impl Carrot {
    pub(crate) fn new(path: Path, limits: Limits) -> Self {
        Self { path, limits, share: 0.0, speed_m_s: 0.0, acceleration_m_s2: 0.0 }
    }
    pub(crate) fn has_arrived(&self) -> bool {
        self.share >= 1.0
    }
    pub(crate) fn point(&self) -> PathPoint {
        self.path.at(self.share)
    }
    /// Moves on by `dt_s`, given where the vehicle is.
    pub(crate) fn advance(&mut self, dt_s: f64, vehicle: &PositionNed) {
        let point = self.point();
        let remaining_m = self.path.remaining_m(self.share);
        // Braking to rest at the end: v^2 = 2 a s, a little softer than the limit so that the vehicle can follow.
        let braking_m_s = libm::sqrt(2.0 * 0.8 * self.limits.acceleration_m_s2 * remaining_m);
        let wanted_m_s = self.allowed_m_s(&point).min(braking_m_s) * self.patience(&point, vehicle);
        let change = wanted_m_s - self.speed_m_s;
        let most = self.limits.acceleration_m_s2 * dt_s;
        let change = change.clamp(-1.5 * most, most);
        self.acceleration_m_s2 = if dt_s > 0.0 { change / dt_s } else { 0.0 };
        self.speed_m_s = (self.speed_m_s + change).max(0.0);
        let creep_m_s = if remaining_m < 0.05 { 0.1 } else { 0.0 };
        self.share += self.speed_m_s.max(creep_m_s) * dt_s / self.path.metres_per_share(self.share);
        if self.share >= 1.0 || remaining_m < 1e-3 {
            self.share = 1.0;
            self.speed_m_s = 0.0;
            self.acceleration_m_s2 = 0.0;
        }
    }
    pub(crate) fn velocity_m_s(&self) -> [f64; 3] {
        self.point().direction.map(|v| v * self.speed_m_s)
    }
    pub(crate) fn acceleration_m_s2(&self) -> [f64; 3] {
        let point = self.point();
        let squared = self.speed_m_s * self.speed_m_s;
        core::array::from_fn(|n| point.direction[n] * self.acceleration_m_s2 + point.curvature_per_m[n] * squared)
    }

    /// The speed that the path allows here.
    fn allowed_m_s(&self, point: &PathPoint) -> f64 {
        let limits = &self.limits;
        let mut speed = f64::INFINITY;
        if point.level_share() > 1e-6 {
            speed = limits.speed_m_s / point.level_share();
        }
        let down = point.down_share();
        if down > 1e-6 {
            speed = speed.min(limits.descent_m_s / down);
        } else if down < -1e-6 {
            speed = speed.min(limits.climb_m_s / -down);
        }
        let curvature = point.curvature();
        if curvature > 1e-6 {
            speed = speed.min(libm::sqrt(limits.turn_m_s2 / curvature)).min(limits.turn_deg_s.to_radians() / curvature);
        }
        speed
    }

    /// 1 where the vehicle keeps up, down to 0 where it is far behind: catching up must not break the speed limit.
    fn patience(&self, point: &PathPoint, vehicle: &PositionNed) -> f64 {
        let ahead = point.position - *vehicle;
        let along_m =
            ahead.north_m * point.direction[0] + ahead.east_m * point.direction[1] + ahead.down_m * point.direction[2];
        let off_m = libm::sqrt(
            (ahead.north_m * ahead.north_m + ahead.east_m * ahead.east_m + ahead.down_m * ahead.down_m
                - along_m * along_m)
                .max(0.0),
        );
        let behind_m = along_m.max(0.0).max(off_m);
        ((WAIT_FULLY_M - behind_m) / (WAIT_FULLY_M - WAIT_FROM_M)).clamp(0.0, 1.0)
    }
}
