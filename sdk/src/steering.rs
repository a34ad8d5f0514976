//! Flying set-points of the program's own making: refused outside the envelope, led at the envelope's pace, and braked to a hold where
//! what is flown would leave it.
//!
//! The set-points themselves are in [`crate::setpoint`]; who may ask for them is the matter of [`crate::capability::offboard`].
use crate::error::{FlightError, RequestError};
use crate::flight::{Flight, Target, YAW_RATE_DEG_S, turned};
use crate::setpoint::{AttitudeThrust, Motion, SetPoint, Yaw};
use crate::shared::Boxed;
use crate::shared::MaybeSend;
use crate::telemetry::Micros;
use crate::wire::setpoint::{self as wire, Asked};
use alloc::boxed::Box;
use flightsmith_mission::trig;
use flightsmith_mission::{
    envelope::Envelope,
    frame::{AboveHome, East, North, OffsetNed, PositionNed, Up, VelocityNed},
    raw::velocity_ned,
    units::{Degrees, Percent, Seconds, wrap_180, wrap_360},
    vehicle::Autopilot,
};

/// Braking that both autopilots keep within a velocity step, and what passes before it begins.
const BRAKING_M_S2: f64 = 2.0;
const REACTION_S: f64 = 0.7;
/// From a lean or an acceleration the vehicle must level out first.
const LEANING_REACTION_S: f64 = 1.3;
const LEANING_GAIN_M_S: f64 = 2.0;
const VERTICAL_BRAKING_M_S2: f64 = 1.0;
/// Gusts and the autopilots' overshoot (1.2 % recorded) are no breach.
const SPEED_SLACK_M_S: f64 = 0.5;
/// A way down ends this far above home at the latest: the ground is for landing.
const LOWEST_M: f64 = 0.5;
/// Both autopilots approach a place at about this share of its distance a second, so the place is led this far ahead.
const LEAD_S: f64 = 0.9;
const AT_REST_M_S: f64 = 0.4;
const AT_REST_WITHIN_S: f64 = 10.0;
const TILT_LIMIT_DEG: f64 = 30.0;
const THRUST_LIMITS_PERCENT: (f64, f64) = (10.0, 90.0);
const LEVEL_ACCELERATION_LIMIT_M_S2: f64 = 3.0;
const VERTICAL_ACCELERATION_LIMIT_M_S2: f64 = 2.0;
const YAW_RATE_LIMIT_DEG_S: f64 = 90.0;
/// GUID_OPTIONS: the thrust of SET_ATTITUDE_TARGET is a thrust and no climb rate.
const THRUST_IS_THRUST: u32 = 8;

/// What the vehicle does now, for conditions.
///
/// ```no_run
/// # use flightsmith_sdk::prelude::*;
/// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
/// let up = VelocityNed::climbing(MetresPerSecond(1.0));
/// let done = |now: &FlightState| {
///     now.altitude() > AboveHome(30.0) || now.battery.is_some_and(|left| left < Percent(40.0))
/// };
/// vehicle.offboard().fly_until(up, Seconds(30.0), done).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlightState {
    /// Metres north, east and down of home.
    pub position: PositionNed,
    /// Velocity over ground, north, east, down.
    pub velocity: VelocityNed,
    /// True heading of the nose, `0 <= h < 360`.
    pub heading: Degrees,
    /// Battery left, where it is reported.
    pub battery: Option<Percent>,
    /// Vehicle time since the set-point began.
    pub elapsed: Seconds,
}

impl FlightState {
    /// Height above home.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// let now = vehicle.offboard().state();
    /// println!("{:.1} m above home, heading {:.0}", now.altitude().0, now.heading.0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn altitude(&self) -> AboveHome {
        self.position.altitude()
    }
}

/// A set-point under way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Steer {
    point: SetPoint,
    /// Where the nose is led to now.
    yaw_deg: f64,
}

fn within(what: &'static str, value: f64, lowest: f64, highest: f64) -> Result<(), FlightError> {
    // Not a number is in no range.
    if (lowest..=highest).contains(&value) {
        return Ok(());
    }
    Err(FlightError::OutsideEnvelope { what, value, lowest, highest })
}

fn velocity_within(envelope: &Envelope, level_m_s: f64, down_m_s: f64) -> Result<(), FlightError> {
    within("ground speed in m/s", level_m_s, 0.0, envelope.max_speed_m_s)?;
    within("climb in m/s", -down_m_s, -envelope.max_descent_m_s, envelope.max_climb_m_s)
}

pub(crate) fn moved_by(north_m: f64, east_m: f64, down_m: f64) -> OffsetNed {
    OffsetNed::by(North(north_m), East(east_m), Up(-down_m))
}

impl Flight {
    fn envelope(&self) -> Envelope {
        self.link.with(|core| core.envelope.clone())
    }

    /// Refuses what is outside the envelope before anything is sent.
    pub(crate) fn check_set_point(&self, point: &SetPoint) -> Result<(), FlightError> {
        let envelope = self.envelope();
        match point.yaw {
            Yaw::Keep => {}
            Yaw::Heading(heading) => within("heading in degrees", heading.0, -360.0, 360.0)?,
            Yaw::Rate(rate) => {
                within("turn in degrees a second", rate.0, -YAW_RATE_LIMIT_DEG_S, YAW_RATE_LIMIT_DEG_S)?;
            }
        }
        match point.motion {
            Motion::Position(place) => self.check_place(&place),
            Motion::Global(place) => self.check_place(&self.home.to_ned(&place)),
            Motion::Velocity(v) => velocity_within(&envelope, v.ground_speed_m_s(), v.down_m_s),
            Motion::BodyVelocity(v) => velocity_within(&envelope, trig::hypot(v.forward_m_s, v.right_m_s), v.down_m_s),
            Motion::Acceleration(a) => {
                let level_m_s2 = trig::hypot(a.north_m_s2, a.east_m_s2);
                within("level acceleration in m/s2", level_m_s2, 0.0, LEVEL_ACCELERATION_LIMIT_M_S2)?;
                let limit = VERTICAL_ACCELERATION_LIMIT_M_S2;
                within("vertical acceleration in m/s2", a.down_m_s2, -limit, limit)
            }
            Motion::Attitude(lean) => {
                within("roll in degrees", lean.roll.0, -TILT_LIMIT_DEG, TILT_LIMIT_DEG)?;
                within("pitch in degrees", lean.pitch.0, -TILT_LIMIT_DEG, TILT_LIMIT_DEG)?;
                let (lowest, highest) = THRUST_LIMITS_PERCENT;
                within("thrust in percent", lean.thrust.0, lowest, highest)
            }
        }
    }

    /// Flies `point` until `until` says so or `limit_s` of vehicle time are over, and says which; the set-point stays the one that is
    /// streamed by whatever waits next, until [`Flight::come_to_rest`].
    ///
    /// # Errors
    /// Before anything is sent [`FlightError::OutsideEnvelope`]; [`FlightError::EnvelopeAhead`] after braking to a hold.
    pub(crate) async fn steer(
        &mut self,
        point: SetPoint,
        limit_s: f64,
        mut until: impl FnMut(&FlightState) -> bool + MaybeSend,
    ) -> Result<bool, FlightError> {
        within("duration in seconds", limit_s, 0.0, 86_400.0)?;
        self.check_set_point(&point)?;
        if let Motion::Attitude(_) = point.motion {
            self.check_thrust_is_thrust().await?;
        }
        self.during = "flying set-points";
        // A nose that was being led goes on from where it was led to.
        let yaw_deg = self.steer.map_or_else(|| self.target_or_here().yaw_deg, |steer| steer.yaw_deg);
        self.steer = Some(Steer { point, yaw_deg });
        let started = self.link.now_us();
        let deadline = started + (limit_s * 1e6) as Micros;
        loop {
            self.target = Some(self.resting_point());
            if let Some(ahead) = self.envelope_ahead() {
                self.brake().await?;
                return Err(ahead);
            }
            let now = self.link.now_us();
            if until(&self.state_since(started)) {
                return Ok(true);
            }
            if now >= deadline {
                return Ok(false);
            }
            let dt_s = self.step().await?;
            self.lead_nose(dt_s);
        }
    }

    pub(crate) fn state_since(&self, started: Micros) -> FlightState {
        let [north_m_s, east_m_s, down_m_s] = self.velocity_m_s();
        FlightState {
            position: self.position(),
            velocity: velocity_ned([north_m_s, east_m_s, down_m_s]),
            heading: Degrees(self.heading_deg()),
            battery: self.link.with(|core| core.telemetry.battery_percent).map(|level| Percent(level.value)),
            elapsed: Seconds(self.link.now_us().saturating_sub(started) as f64 * 1e-6),
        }
    }

    fn lead_nose(&mut self, dt_s: f64) {
        let heading_deg = self.heading_deg();
        if let Some(steer) = &mut self.steer {
            match steer.point.yaw {
                Yaw::Keep => {}
                Yaw::Heading(heading) => steer.yaw_deg = turned(steer.yaw_deg, heading.0, YAW_RATE_DEG_S * dt_s),
                Yaw::Rate(_) => steer.yaw_deg = heading_deg,
            }
        }
    }

    /// Comes to rest and holds the place.
    ///
    /// # Errors
    /// Those of every flying call; [`FlightError::NotArrived`] where it does not come to rest.
    pub(crate) fn brake(&mut self) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            self.during = "braking";
            let yaw_deg = self.steer.map_or_else(|| self.target_or_here().yaw_deg, |steer| steer.yaw_deg);
            self.steer = Some(Steer { point: VelocityNed::STILL.into(), yaw_deg });
            let at_rest = self
                .step_until(AT_REST_WITHIN_S, |flight| {
                    let [north, east, down] = flight.velocity_m_s();
                    trig::hypot(trig::hypot(north, east), down) < AT_REST_M_S
                })
                .await?;
            self.steer = None;
            self.target = Some(Target::at_rest(self.position(), yaw_deg));
            if at_rest {
                return Ok(());
            }
            let limit_s = AT_REST_WITHIN_S;
            Err(FlightError::NotArrived { what: "braking", waited_s: limit_s, limit_s, remaining_m: 0.0 })
        })
    }

    /// From now on the place where braking ends is held: for who leaves without waiting for it.
    pub(crate) fn come_to_rest(&mut self) {
        if let Some(steer) = self.steer.take() {
            self.target = Some(Target { yaw_deg: steer.yaw_deg, ..self.resting_point() });
        }
    }

    /// Where the vehicle would come to rest now, inside the envelope.
    pub(crate) fn resting_point(&self) -> Target {
        let (here, [north, east, down]) = (self.position(), self.velocity_m_s());
        let speed_m_s = trig::hypot(north, east);
        // The velocity is shed over this many seconds of its present size.
        let over_s = speed_m_s / (2.0 * BRAKING_M_S2) + 0.3;
        let mut place = here + moved_by(north * over_s, east * over_s, down * 0.5);
        let envelope = self.envelope();
        let away_m = trig::hypot(place.north_m, place.east_m);
        if away_m > envelope.max_distance_m {
            let share = envelope.max_distance_m / away_m;
            place.north_m *= share;
            place.east_m *= share;
        }
        place.down_m = place.down_m.max(-envelope.max_altitude_m).min((-LOWEST_M).max(here.down_m));
        Target::at_rest(place, self.heading_deg())
    }

    /// What of the envelope would be left if braking began now, if anything.
    fn envelope_ahead(&self) -> Option<FlightError> {
        let steer = self.steer?;
        let envelope = self.envelope();
        let (here, [north, east, down]) = (self.position(), self.velocity_m_s());
        let speed_m_s = trig::hypot(north, east);
        let leaning = matches!(steer.point.motion, Motion::Attitude(_) | Motion::Acceleration(_));
        let reaction_s = if leaning { LEANING_REACTION_S } else { REACTION_S };
        let ahead = |what, value, limit| Some(FlightError::EnvelopeAhead { what, value, limit });

        // Until it has levelled out it goes on gaining speed.
        let gain_m_s = if leaning { LEANING_GAIN_M_S } else { 0.0 };
        let over_s = (speed_m_s + gain_m_s) / (2.0 * BRAKING_M_S2) + reaction_s;
        let stop_m = trig::hypot(here.north_m + north * over_s, here.east_m + east * over_s);
        let away_m = trig::hypot(here.north_m, here.east_m);
        // Places are checked as a whole, and the way to them does not leave a circle.
        let to_place = matches!(steer.point.motion, Motion::Position(_) | Motion::Global(_));
        if !to_place && stop_m > envelope.max_distance_m && stop_m > away_m {
            return ahead("distance from home in metres", stop_m, envelope.max_distance_m);
        }
        let climb_m_s = -down;
        let stop_altitude_m =
            here.altitude_m() + climb_m_s * (climb_m_s.abs() / (2.0 * VERTICAL_BRAKING_M_S2) + reaction_s);
        if !to_place && climb_m_s > 0.1 && stop_altitude_m > envelope.max_altitude_m {
            return ahead("altitude in metres above home", stop_altitude_m, envelope.max_altitude_m);
        }
        if !to_place && climb_m_s < -0.1 && stop_altitude_m < LOWEST_M {
            return ahead("altitude in metres above home", stop_altitude_m, LOWEST_M);
        }
        if leaning {
            // Speed is nobody's but the envelope's there.
            let soon_m_s = speed_m_s + 0.5 * LEVEL_ACCELERATION_LIMIT_M_S2;
            if soon_m_s > envelope.max_speed_m_s + SPEED_SLACK_M_S {
                return ahead("ground speed in m/s", soon_m_s, envelope.max_speed_m_s);
            }
            if climb_m_s > envelope.max_climb_m_s + SPEED_SLACK_M_S {
                return ahead("climb in m/s", climb_m_s, envelope.max_climb_m_s);
            }
            if -climb_m_s > envelope.max_descent_m_s + SPEED_SLACK_M_S {
                return ahead("descent in m/s", -climb_m_s, envelope.max_descent_m_s);
            }
        }
        None
    }

    /// The point on the way to `place` that is flown to now, so that no autopilot goes faster than the set speed.
    fn led(&self, place: PositionNed) -> PositionNed {
        let (here, envelope) = (self.position(), self.envelope());
        let speed_m_s = self.speed_m_s.min(envelope.max_speed_m_s);
        let away_m = here.horizontal_distance_m(&place);
        let down_m = place.down_m - here.down_m;
        let level = if away_m > 0.0 { (LEAD_S * speed_m_s / away_m).min(1.0) } else { 1.0 };
        let fastest_m_s = if down_m > 0.0 { envelope.max_descent_m_s } else { envelope.max_climb_m_s };
        let vertical = if down_m != 0.0 { (LEAD_S * fastest_m_s / down_m.abs()).min(1.0) } else { 1.0 };
        let share = level.min(vertical);
        let off = place - here;
        here + moved_by(off.north_m * share, off.east_m * share, off.down_m * share)
    }

    /// Sends the set-point under way once.
    pub(crate) fn send_steer(&self, steer: &Steer) {
        let nose = match steer.point.yaw {
            Yaw::Rate(rate) => wire::Nose::RateRadS(rate.0.to_radians() as f32),
            Yaw::Keep | Yaw::Heading(_) => wire::Nose::HeadingRad(wrap_180(steer.yaw_deg).to_radians() as f32),
        };
        let local = |place: PositionNed| {
            [
                place.north_m + self.home_local_m[0],
                place.east_m + self.home_local_m[1],
                place.down_m + self.home_local_m[2],
            ]
        };
        let asked = match steer.point.motion {
            Motion::Position(place) => Asked::Position { position_m: local(self.led(place)) },
            Motion::Global(place) => {
                let led = self.led(self.home.to_ned(&place));
                let at = self.home.to_global(&led);
                Asked::Global {
                    lat_deg: at.lat_deg,
                    lon_deg: at.lon_deg,
                    amsl_m: self.home.altitude_amsl_m - led.down_m,
                }
            }
            Motion::Velocity(v) => Asked::Velocity { velocity_m_s: [v.north_m_s, v.east_m_s, v.down_m_s] },
            Motion::BodyVelocity(v) => match steer.point.yaw {
                // The autopilot turns it with the nose, faster than we hear where that points.
                Yaw::Rate(_) => Asked::BodyVelocity { velocity_m_s: [v.forward_m_s, v.right_m_s, v.down_m_s] },
                Yaw::Keep | Yaw::Heading(_) => {
                    let heading_rad = self.heading_deg().to_radians();
                    let (sin, cos) = (trig::sin(heading_rad), trig::cos(heading_rad));
                    let north = v.forward_m_s * cos - v.right_m_s * sin;
                    let east = v.forward_m_s * sin + v.right_m_s * cos;
                    Asked::Velocity { velocity_m_s: [north, east, v.down_m_s] }
                }
            },
            Motion::Acceleration(a) => {
                Asked::Acceleration { acceleration_m_s2: [a.north_m_s2, a.east_m_s2, a.down_m_s2] }
            }
            Motion::Attitude(lean) => return self.send_lean(&lean, steer),
        };
        self.send_asked(&asked, nose);
    }

    fn send_lean(&self, lean: &AttitudeThrust, steer: &Steer) {
        let yaw_rate = match steer.point.yaw {
            Yaw::Rate(rate) => Some(rate.0.to_radians() as f32),
            Yaw::Keep | Yaw::Heading(_) => None,
        };
        let angles = [lean.roll.0, lean.pitch.0, wrap_360(steer.yaw_deg)].map(f64::to_radians);
        let all_rates = self.autopilot == Autopilot::ArduPilot;
        self.link.with(|core| {
            let Some(addressee) = core.addressee() else { return };
            let thrust = (lean.thrust.0 / 100.0) as f32;
            // Held back where a pilot has the vehicle: the verdict ends the call that streams.
            let _held = core.send(&wire::attitude(angles, yaw_rate, thrust, all_rates, addressee));
        });
    }

    /// Sends one position, velocity or acceleration.
    pub(crate) fn send_asked(&self, asked: &Asked, nose: wire::Nose) {
        self.link.with(|core| {
            let Some(addressee) = core.addressee() else { return };
            // Held back where a pilot has the vehicle: the verdict ends the call that streams.
            if let Some(message) = wire::local(asked, nose, addressee) {
                let _held = core.send(&message);
            } else if let Some(message) = wire::global(asked, nose, addressee) {
                let _held = core.send(&message);
            }
        });
    }

    /// ArduCopter takes the thrust as a climb rate unless a parameter says otherwise; then the same call would mean another thing.
    fn check_thrust_is_thrust(&mut self) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            if self.autopilot == Autopilot::Px4 || self.thrust_is_thrust {
                return Ok(());
            }
            let options = self.param("GUID_OPTIONS").await?;
            if options as u32 & THRUST_IS_THRUST == 0 {
                return Err(FlightError::Request(RequestError::WrongState {
                    what: "a thrust set-point",
                    needed: "set up for it: without bit 3 (8) of GUID_OPTIONS ArduCopter takes a thrust as a climb rate",
                }));
            }
            self.thrust_is_thrust = true;
            Ok(())
        })
    }
}
