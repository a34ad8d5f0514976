//! Movement under the mission's set-points: legs, arcs, climbs, turns and holds.
//!
//! ArduCopter accepts DO_CHANGE_SPEED and still flies 8 m/s in GUIDED (recorded), so speed is held by moving set-points.
use crate::error::FlightError;
use crate::flight::{Flight, Target, YAW_RATE_DEG_S, turned};
use crate::motion::{
    carrot::{Carrot, Limits},
    path::{Arc, Path, PathPoint},
};
use crate::nose::Nose;
use crate::shared::Boxed;
use crate::telemetry::Micros;
use alloc::boxed::Box;
use flightsmith_mission::trig;
use flightsmith_mission::{
    frame::{East, North, PositionNed},
    raw::position_ned,
    units::wrap_180,
};

/// An arrival: this near and this slow; in gusts, where that does not happen for a while, nearly so.
const ARRIVED_WITHIN_M: f64 = 0.4;
const ARRIVED_SLOWER_M_S: f64 = 0.4;
const SETTLED_AFTER_S: f64 = 4.0;
const SETTLED_WITHIN_M: f64 = 0.9;
const SETTLED_SLOWER_M_S: f64 = 0.8;
/// How long the vehicle may take to settle at the end of a path.
const SETTLE_WITHIN_S: f64 = 30.0;
/// A nose that is farther off than this is turned before the vehicle moves.
const TURN_FIRST_DEG: f64 = 8.0;
/// Time constant of both autopilots' yaw loops (2.8 and 4.5 per second).
const NOSE_LAG_S: f64 = 0.4;
/// Calm defaults within any envelope.
const CLIMB_M_S: f64 = 2.0;
const DESCENT_M_S: f64 = 1.5;
/// The set-point stays this much below the limit: gusts push.
const SPEED_MARGIN_SHARE: f64 = 0.1;
const SPEED_MARGIN_M_S: f64 = 0.1;
const ACCELERATION_M_S2: f64 = 1.8;
const TURN_M_S2: f64 = 1.4;
const BRAKING_M_S2: f64 = 1.3;

/// How far inwards a curve's set-point is shifted, so that the vehicle itself is on the curve: autopilots that take no
/// acceleration feed-forward fly circles too wide by what their velocity loop lags.
fn trimmed(inwards_m: f64, point: &PathPoint, vehicle: &PositionNed, dt_s: f64) -> f64 {
    const GAIN_PER_S: f64 = 0.3;
    const MOST_M: f64 = 1.2;
    point.too_far_out_m(vehicle).map_or(0.0, |out_m| (inwards_m + GAIN_PER_S * out_m * dt_s).max(-MOST_M).min(MOST_M))
}

impl Flight {
    fn limits(&self) -> Limits {
        let envelope = self.link.with(|core| core.envelope.clone());
        let speed_m_s = self.speed_m_s.min(envelope.max_speed_m_s);
        Limits {
            speed_m_s: speed_m_s - (SPEED_MARGIN_SHARE * speed_m_s).min(SPEED_MARGIN_M_S),
            climb_m_s: CLIMB_M_S.min(envelope.max_climb_m_s),
            descent_m_s: DESCENT_M_S.min(envelope.max_descent_m_s),
            acceleration_m_s2: ACCELERATION_M_S2,
            braking_m_s2: BRAKING_M_S2,
            turn_m_s2: TURN_M_S2,
            turn_deg_s: 0.55 * YAW_RATE_DEG_S,
        }
    }

    /// Refuses places outside the envelope before anything moves.
    pub(crate) fn check_place(&self, place: &PositionNed) -> Result<(), FlightError> {
        let envelope = self.link.with(|core| core.envelope.clone());
        let distance_m = trig::hypot(place.north_m, place.east_m);
        // Not a number is in no range.
        if !(0.0..=envelope.max_distance_m).contains(&distance_m) {
            return Err(FlightError::OutsideEnvelope {
                what: "distance from home in metres",
                value: distance_m,
                lowest: 0.0,
                highest: envelope.max_distance_m,
            });
        }
        if !(0.0..=envelope.max_altitude_m).contains(&place.altitude_m()) {
            return Err(FlightError::OutsideEnvelope {
                what: "altitude in metres above home",
                value: place.altitude_m(),
                lowest: 0.0,
                highest: envelope.max_altitude_m,
            });
        }
        Ok(())
    }

    /// A straight leg from the present set-point to `to`.
    pub(crate) fn fly_leg(&mut self, to: PositionNed, what: &'static str) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            self.check_place(&to)?;
            let from = self.target_or_here().position;
            if from.distance_m(&to) > 0.05 {
                self.follow(Path::Leg { from, to }, what).await?;
            }
            self.settle(to, what).await
        })
    }

    /// Refuses an arc that is none, or leaves the envelope, before anything moves.
    pub(crate) fn check_arc(&self, arc: &Arc) -> Result<(), FlightError> {
        let radius_m = arc.start_radius.0.min(arc.end_radius.0);
        if !(radius_m >= 0.0 && arc.sweep.0.is_finite() && arc.start_bearing.0.is_finite()) {
            return Err(FlightError::OutsideEnvelope {
                what: "arc radius in metres",
                value: radius_m,
                lowest: 0.0,
                highest: self.link.with(|core| core.envelope.max_distance_m),
            });
        }
        for step in 0..=16 {
            self.check_place(&Path::Arc(*arc).at(f64::from(step) / 16.0).position)?;
        }
        Ok(())
    }

    pub(crate) fn fly_arc(&mut self, arc: Arc) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let what = "an arc";
            self.check_arc(&arc)?;
            let start = arc.start();
            if self.target_or_here().position.distance_m(&start) > 0.3 {
                self.fly_leg(start, "the way to an arc's beginning").await?;
            }
            if Path::Arc(arc).length_m() > 0.05 {
                self.follow(Path::Arc(arc), what).await?;
            }
            self.settle(arc.end(), what).await
        })
    }

    /// Leads the vehicle along `path`.
    fn follow(&mut self, path: Path, what: &'static str) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            self.during = what;
            let limits = self.limits();
            let mut carrot = Carrot::new(path, limits);
            self.turn_before(&carrot).await?;
            let kept_deg = self.target_or_here().yaw_deg;
            let slowest_m_s = limits.speed_m_s.min(limits.descent_m_s).max(0.2).min(1.5);
            let limit_s = 3.0 * path.length_m() / slowest_m_s + 60.0;
            let started = self.link.now_us();
            let mut inwards_m = 0.0;
            while !carrot.has_arrived() {
                let dt_s = self.step().await?;
                let here = self.position();
                carrot.advance(dt_s, &here);
                let point = carrot.point();
                inwards_m = trimmed(inwards_m, &point, &here, dt_s);
                let wanted_deg = self.nose.heading_deg(&self.position_ahead(), point.bearing_deg(), kept_deg);
                self.target = Some(Target {
                    position: point.inwards(inwards_m),
                    velocity_m_s: carrot.velocity_m_s(),
                    acceleration_m_s2: carrot.acceleration_m_s2(),
                    yaw_deg: turned(self.target_or_here().yaw_deg, wanted_deg, YAW_RATE_DEG_S * dt_s),
                });
                let waited_s = self.seconds_since(started);
                if waited_s > limit_s {
                    let remaining_m = self.position().distance_m(&path.end());
                    return Err(FlightError::NotArrived { what, waited_s, limit_s, remaining_m });
                }
            }
            self.target = Some(Target::at_rest(path.end(), self.target_or_here().yaw_deg));
            Ok(())
        })
    }

    /// Turns the nose where the path begins with another heading than it has.
    async fn turn_before(&mut self, carrot: &Carrot) -> Result<(), FlightError> {
        let point = carrot.point();
        let kept_deg = self.target_or_here().yaw_deg;
        let wanted_deg = self.nose.heading_deg(&point.position, point.bearing_deg(), kept_deg);
        if self.nose != Nose::Keep && wrap_180(wanted_deg - kept_deg).abs() > TURN_FIRST_DEG {
            self.turn_nose(wanted_deg, "a turn").await?;
        }
        Ok(())
    }

    /// Waits at `to` until the vehicle is there and slow.
    fn settle(&mut self, to: PositionNed, what: &'static str) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let yaw_deg = self.target_or_here().yaw_deg;
            self.target = Some(Target::at_rest(to, yaw_deg));
            let since = self.link.now_us();
            let arrived = self
                .step_until(SETTLE_WITHIN_S, |flight| {
                    let v = flight.velocity_m_s();
                    let speed_m_s = libm::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
                    let (within_m, slower_m_s) = if flight.seconds_since(since) < SETTLED_AFTER_S {
                        (ARRIVED_WITHIN_M, ARRIVED_SLOWER_M_S)
                    } else {
                        (SETTLED_WITHIN_M, SETTLED_SLOWER_M_S)
                    };
                    flight.position().distance_m(&to) < within_m && speed_m_s < slower_m_s
                })
                .await?;
            if arrived {
                return Ok(());
            }
            let remaining_m = self.position().distance_m(&to);
            Err(FlightError::NotArrived { what, waited_s: SETTLE_WITHIN_S, limit_s: SETTLE_WITHIN_S, remaining_m })
        })
    }

    /// Leads the nose to `heading_deg` on the spot, the short way.
    pub(crate) fn turn_nose(&mut self, heading_deg: f64, what: &'static str) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let by_deg = wrap_180(heading_deg - self.target_or_here().yaw_deg);
            self.turn_nose_by(by_deg, what).await
        })
    }

    /// Leads the nose around by `by_deg`, more than a whole turn where asked for.
    pub(crate) fn turn_nose_by(&mut self, by_deg: f64, what: &'static str) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            if !by_deg.is_finite() {
                return Err(FlightError::OutsideEnvelope {
                    what: "turn in degrees",
                    value: by_deg,
                    lowest: -3600.0,
                    highest: 3600.0,
                });
            }
            self.during = what;
            let mut target = Target { velocity_m_s: [0.0; 3], acceleration_m_s2: [0.0; 3], ..self.target_or_here() };
            let end_deg = target.yaw_deg + by_deg;
            let mut left_deg = by_deg;
            while left_deg != 0.0 {
                let dt_s = self.step().await?;
                let turn = left_deg.max(-YAW_RATE_DEG_S * dt_s).min(YAW_RATE_DEG_S * dt_s);
                left_deg -= turn;
                target.yaw_deg += turn;
                self.target = Some(target);
            }
            let limit_s = 20.0;
            let there = self
                .step_until(limit_s, |flight| {
                    let off = |flight: &Flight| wrap_180(end_deg - flight.heading_deg()).abs();
                    off(flight) < 4.0
                })
                .await?;
            if there {
                return Ok(());
            }
            Err(FlightError::NotArrived { what, waited_s: limit_s, limit_s, remaining_m: 0.0 })
        })
    }

    pub(crate) fn hold(&mut self, seconds: f64) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            if !(0.0..=86_400.0).contains(&seconds) {
                return Err(FlightError::OutsideEnvelope {
                    what: "hold in seconds",
                    value: seconds,
                    lowest: 0.0,
                    highest: 86_400.0,
                });
            }
            self.during = "holding";
            let target = self.target_or_here();
            self.target = Some(Target::at_rest(target.position, target.yaw_deg));
            // A nose that follows a place keeps following it while the vehicle holds.
            self.step_until(seconds, |_| false).await?;
            Ok(())
        })
    }

    pub(crate) fn return_home(&mut self) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let altitude = self.target_or_here().position.altitude();
            self.fly_leg(PositionNed::at(North(0.0), East(0.0), altitude), "the way home").await
        })
    }

    /// Where the vehicle will be when its nose has followed: a nose that tracks a place lags otherwise.
    fn position_ahead(&self) -> PositionNed {
        let (here, [north, east, down]) = (self.position(), self.velocity_m_s());
        position_ned([
            here.north_m + NOSE_LAG_S * north,
            here.east_m + NOSE_LAG_S * east,
            here.down_m + NOSE_LAG_S * down,
        ])
    }

    fn seconds_since(&self, started: Micros) -> f64 {
        (self.link.now_us() - started) as f64 * 1e-6
    }
}
