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
    /// Along the path, speeding up.
    pub acceleration_m_s2: f64,
    /// Along the path, braking at its end.
    pub braking_m_s2: f64,
    /// Sideways in turns.
    pub turn_m_s2: f64,
    /// Fastest change of the path's bearing, for the nose to follow.
    pub turn_deg_s: f64,
}

/// Metres behind the point at which it begins to wait, and at which it stands still.
const WAIT_FROM_M: f64 = 1.6;
const WAIT_FULLY_M: f64 = 4.0;
/// Change of acceleration, so that the vehicle can follow without overshooting.
const JERK_M_S3: f64 = 2.5;
/// How fast a difference to the wanted speed is made up.
const SPEED_GAIN_PER_S: f64 = 1.5;
/// How fast the way left shrinks over the last metre.
const FADE_PER_S: f64 = 1.2;
const END_WITHIN_M: f64 = 0.1;

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
        let (braking_m_s, braking_m_s2) = self.braking(remaining_m);
        let cruise_m_s = self.allowed_m_s(&point) * self.patience(&point, vehicle);
        let (wanted_m_s, wanted_m_s2) =
            if braking_m_s < cruise_m_s { (braking_m_s, braking_m_s2) } else { (cruise_m_s, 0.0) };
        let pull_m_s2 = (wanted_m_s2 + SPEED_GAIN_PER_S * (wanted_m_s - self.speed_m_s))
            .max(-1.5 * self.limits.braking_m_s2)
            .min(self.limits.acceleration_m_s2);
        let most = JERK_M_S3 * dt_s;
        self.acceleration_m_s2 += (pull_m_s2 - self.acceleration_m_s2).max(-most).min(most);
        self.speed_m_s = (self.speed_m_s + self.acceleration_m_s2 * dt_s).max(0.0);
        // The last centimetres would take for ever.
        let creep_m_s = if remaining_m < END_WITHIN_M { 0.1 } else { 0.02 };
        self.share += self.speed_m_s.max(creep_m_s) * dt_s / self.path.metres_per_share(self.share);
        if self.share >= 1.0 || remaining_m < 0.02 {
            self.share = 1.0;
            self.speed_m_s = 0.0;
            self.acceleration_m_s2 = 0.0;
        }
    }
    /// The speed from which the point can still come to rest in `remaining_m`, and how that speed changes: constant braking,
    /// fading out over the last metre (the square-root controller that autopilots use themselves).
    fn braking(&self, remaining_m: f64) -> (f64, f64) {
        let brake = self.limits.braking_m_s2;
        let fade_m = brake / (FADE_PER_S * FADE_PER_S);
        // Where it will be when the jerk limit has let the braking begin.
        let ahead_m = (remaining_m - self.speed_m_s * brake / JERK_M_S3 / 2.0).max(0.0);
        if ahead_m > fade_m {
            let speed_m_s = libm::sqrt(2.0 * brake * (ahead_m - fade_m / 2.0));
            (speed_m_s, -brake * (self.speed_m_s / speed_m_s).min(1.5))
        } else {
            (FADE_PER_S * remaining_m, -FADE_PER_S * self.speed_m_s)
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
        ((WAIT_FULLY_M - behind_m) / (WAIT_FULLY_M - WAIT_FROM_M)).max(0.0).min(1.0)
    }
}
