//! What goes on beneath every flying call: steps of vehicle time, checks, the stream of set-points, rules and their safe ends.
//!
//! The calls themselves are in [`crate::takeoff`], [`crate::legs`], [`crate::landing`] and [`crate::payload`].
use crate::autopilot::{self, Mode};
use crate::command::{self, Request};
use crate::error::FlightError;
use crate::nose::Nose;
use crate::pace::Moving;
use crate::rule::{Rule, SafeEnd, Watched};
use crate::session::{LINK_LOST_S, Link};
use crate::shared::{Boxed, MaybeSend};
use crate::steering::Steer;
use crate::telemetry::{LandedState, Micros};
use crate::wire::setpoint::{Asked, Nose as WireNose};
use alloc::{boxed::Box, vec::Vec};
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};
use flightsmith_mission::{
    frame::PositionNed,
    geodesy::Home,
    raw::position_ned,
    units::{wrap_180, wrap_360},
    vehicle::Autopilot,
};

/// PX4 leaves OFFBOARD 1 s after the last set-point and wants more than 2 Hz; 20 Hz makes the moving point smooth.
const SET_POINT_EVERY_US: Micros = 40_000;
/// PX4 overshoots fast yaw steps by 16 degrees (recorded), so the nose is led.
pub(crate) const YAW_RATE_DEG_S: f64 = 45.0;

/// The flight in progress: what its calls share.
#[derive(Debug)]
pub(crate) struct Flight {
    pub link: Link,
    pub autopilot: Autopilot,
    pub home: Home,
    /// Home in the estimator's local frame.
    pub home_local_m: [f64; 3],
    pub speed_m_s: f64,
    pub nose: Nose,
    rules: Vec<Rule>,
    /// What is streamed while set-points are being flown, relative to home; `None` in take-off, landing and return.
    pub target: Option<Target>,
    /// A set-point of the program's own, streamed instead of `target` while there is one.
    pub steer: Option<Steer>,
    /// ArduCopter was seen to take thrust set-points as what they are.
    pub thrust_is_thrust: bool,
    last_sent_us: Micros,
    /// Which of the flights over this link this is: the latest has the vehicle.
    turn: u64,
    /// What goes on, for error messages.
    pub during: &'static str,
}

/// A moving point relative to home.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Target {
    pub position: PositionNed,
    pub velocity_m_s: [f64; 3],
    pub acceleration_m_s2: [f64; 3],
    /// Where the nose is led to now.
    pub yaw_deg: f64,
}

impl Target {
    pub(crate) fn at_rest(position: PositionNed, yaw_deg: f64) -> Self {
        Self { position, velocity_m_s: [0.0; 3], acceleration_m_s2: [0.0; 3], yaw_deg }
    }
}

impl Flight {
    /// A flight that has the vehicle from now on.
    pub(crate) fn new(link: Link, autopilot: Autopilot) -> Self {
        link.with(|core| core.flight_turn += 1);
        Self::onlooker(link, autopilot)
    }
    /// One that only looks, beside whatever flies.
    pub(crate) fn onlooker(link: Link, autopilot: Autopilot) -> Self {
        let (speed_m_s, turn) =
            link.with(|core| (core.cruise_speed_m_s.min(core.envelope.max_speed_m_s), core.flight_turn));
        Self {
            link,
            autopilot,
            home: Home::default(),
            home_local_m: [0.0; 3],
            speed_m_s,
            nose: Nose::Keep,
            rules: Vec::new(),
            target: None,
            steer: None,
            thrust_is_thrust: false,
            last_sent_us: 0,
            turn,
            during: "on the ground",
        }
    }

    /// Waits for vehicle time to move on and returns by how many seconds; streams the set-point; ends the call in progress
    /// where a pilot, a failsafe, the link or a standing rule says so.
    pub(crate) fn step(&mut self) -> Step<'_> {
        Step(Stage::Waiting(self, Moving::default()))
    }

    /// What a step does once time has moved; the rule that has fired, where one has.
    fn after_moving(&mut self) -> Result<Option<(Rule, f64)>, FlightError> {
        self.check()?;
        if let Some(fired) = self.fired_rule() {
            return Ok(Some(fired));
        }
        self.stream();
        Ok(None)
    }

    /// Flies the safe end of a rule that has fired, and fails with its error. Boxed, because nearly no step ends so.
    fn end_by_rule(&mut self, rule: Rule, value: f64) -> Boxed<'_, Result<f64, FlightError>> {
        Box::pin(async move {
            // Cleared first: the safe end is flown by the same calls and must not be ended by the same rule.
            self.rules.clear();
            self.come_to_rest();
            self.fly_safe_end(rule.end).await?;
            Err(FlightError::RuleEnded { what: rule.watched.name(), value, limit: rule.limit, end: rule.end })
        })
    }

    #[inline(never)]
    fn check(&self) -> Result<(), FlightError> {
        self.link.with(|core| {
            if let Some(verdict) = core.authority.verdict() {
                return Err(verdict.clone());
            }
            if core.flight_turn != self.turn {
                return Err(FlightError::Superseded { what: self.during });
            }
            let silent_s = core.silent_s();
            if silent_s > LINK_LOST_S {
                return Err(FlightError::LinkLost { silent_s, limit_s: LINK_LOST_S });
            }
            Ok(())
        })?;
        // A motor stop or a touch-down that nobody asked for, while set-points are being flown.
        if self.target.is_some() && !self.link.with(|core| core.telemetry.armed()) {
            return Err(FlightError::DownUnexpectedly { during: self.during });
        }
        Ok(())
    }

    fn stream(&mut self) {
        let now = self.link.now_us();
        if now < self.last_sent_us + SET_POINT_EVERY_US {
            return;
        }
        if let Some(steer) = &self.steer {
            self.send_steer(steer);
        } else if let Some(target) = &self.target {
            self.send_target(target);
        } else {
            return;
        }
        self.last_sent_us = now;
    }

    fn send_target(&self, target: &Target) {
        let position = &target.position;
        let asked = Asked::Moving {
            position_m: [
                position.north_m + self.home_local_m[0],
                position.east_m + self.home_local_m[1],
                position.down_m + self.home_local_m[2],
            ],
            velocity_m_s: target.velocity_m_s,
            acceleration_m_s2: target.acceleration_m_s2,
        };
        self.send_asked(&asked, WireNose::HeadingRad(wrap_180(target.yaw_deg).to_radians() as f32));
    }

    /// Steps until `until` says so or `limit_s` of vehicle time are over; says which.
    pub(crate) fn step_until<'a>(
        &'a mut self,
        limit_s: f64,
        until: impl FnMut(&mut Flight) -> bool + MaybeSend + 'a,
    ) -> Boxed<'a, Result<bool, FlightError>> {
        self.step_until_shown(limit_s, Box::new(until))
    }

    /// As [`Flight::step_until`], whatever it waits for: compiled once.
    fn step_until_shown<'a>(&'a mut self, limit_s: f64, mut until: Until<'a>) -> Boxed<'a, Result<bool, FlightError>> {
        Box::pin(async move {
            let deadline = self.link.now_us() + (limit_s * 1e6) as Micros;
            loop {
                if until(self) {
                    return Ok(true);
                }
                if self.link.now_us() >= deadline {
                    return Ok(false);
                }
                self.step().await?;
            }
        })
    }

    /// Commands a mode and waits until the vehicle shows it.
    pub(crate) fn set_mode(&mut self, mode: Mode) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let allowed = autopilot::custom_modes(self.autopilot, mode);
            self.mode_is_known().await?;
            self.expect_mode(mode);
            let params = autopilot::set_mode_params(self.autopilot, allowed[0]);
            // A mode that was just commanded once may be commanded twice, so losses cost nothing; what counts is the mode seen.
            self.command(Request::new(command::DO_SET_MODE, params)).await?;
            let limit_s = 5.0;
            if self.step_until(limit_s, |flight| flight.in_mode(mode)).await? {
                return Ok(());
            }
            Err(FlightError::NoAnswer { command: command::DO_SET_MODE.name, attempts: 1, waited_s: limit_s })
        })
    }

    /// Waits while a mode change is being looked at: either it passes, or a pilot or a failsafe has the vehicle.
    pub(crate) fn mode_is_known(&mut self) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            while !self.link.with(|core| core.authority.may_send()) {
                self.step().await?;
            }
            Ok(())
        })
    }

    /// From now on only `mode` is ours; anything else is a pilot or a failsafe.
    pub(crate) fn expect_mode(&mut self, mode: Mode) {
        let allowed = autopilot::custom_modes(self.autopilot, mode);
        self.link.with(|core| {
            let now = core.clock.now_us();
            let coming_down = matches!(mode, Mode::Land | Mode::Return);
            core.authority.expect(allowed, coming_down, core.telemetry.mode(), now);
        });
    }

    pub(crate) fn in_mode(&self, mode: Mode) -> bool {
        let allowed = autopilot::custom_modes(self.autopilot, mode);
        self.link.with(|core| core.telemetry.mode()).is_some_and(|mode| allowed.contains(&mode))
    }

    /// The latest position relative to home.
    pub(crate) fn position(&self) -> PositionNed {
        let local = self.link.with(|core| core.telemetry.local);
        local.map_or(PositionNed::HOME, |local| {
            let [north, east, down] = local.value.position_m;
            position_ned([north - self.home_local_m[0], east - self.home_local_m[1], down - self.home_local_m[2]])
        })
    }
    /// The latest velocity, north, east, down.
    pub(crate) fn velocity_m_s(&self) -> [f64; 3] {
        let local = self.link.with(|core| core.telemetry.local);
        local.map_or([0.0; 3], |local| {
            let v = local.value.velocity;
            [v.north_m_s, v.east_m_s, v.down_m_s]
        })
    }
    pub(crate) fn heading_deg(&self) -> f64 {
        self.link.with(|core| core.telemetry.attitude).map_or(0.0, |attitude| attitude.value.heading_deg)
    }
    pub(crate) fn landed_state(&self) -> LandedState {
        self.link.with(|core| core.telemetry.landed).map_or(LandedState::Undefined, |landed| landed.value)
    }
    /// The point being flown, or where the vehicle is.
    pub(crate) fn target_or_here(&self) -> Target {
        self.target.unwrap_or_else(|| Target::at_rest(self.position(), self.heading_deg()))
    }

    pub(crate) fn add_rule(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    fn fired_rule(&self) -> Option<(Rule, f64)> {
        // Rules are for the air under our set-points; landing and return are safe ends already.
        self.target?;
        self.rules.iter().find_map(|rule| match rule.watched {
            Watched::BatteryPercent => {
                let level = self.link.with(|core| core.telemetry.battery_percent)?.value;
                (level < rule.limit).then_some((*rule, level))
            }
            Watched::WindSpeed => {
                let wind = crate::wind::estimate(self).ok()?;
                (wind.speed_m_s > rule.limit).then_some((*rule, wind.speed_m_s))
            }
        })
    }

    /// Boxed, because safe ends are flown by the calls that rules end.
    fn fly_safe_end(&mut self, end: SafeEnd) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            match end {
                SafeEnd::ReturnToLaunch => self.end_in(Mode::Return).await,
                SafeEnd::Land => self.end_in(Mode::Land).await,
                SafeEnd::ReturnHomeAndLand => {
                    self.return_home().await?;
                    self.end_in(Mode::Land).await
                }
            }
        })
    }
}

/// What somebody waits for, step by step.
#[cfg(feature = "std")]
type Until<'a> = Box<dyn FnMut(&mut Flight) -> bool + Send + 'a>;
#[cfg(not(feature = "std"))]
type Until<'a> = Box<dyn FnMut(&mut Flight) -> bool + 'a>;

/// A step of a flight: see [`Flight::step`]. No `async fn`, for the reason that [`Moving`] gives.
#[must_use]
pub(crate) struct Step<'a>(Stage<'a>);

enum Stage<'a> {
    Waiting(&'a mut Flight, Moving),
    Ending(Boxed<'a, Result<f64, FlightError>>),
    Over,
}

impl Future for Step<'_> {
    type Output = Result<f64, FlightError>;

    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let stage = &mut self.0;
        if let Stage::Waiting(flight, moving) = stage {
            if !moving.has_begun() {
                flight.link.with(|core| core.progress.mark(&core.clock));
            }
            let Poll::Ready(dt_s) = moving.poll(&flight.link, context) else { return Poll::Pending };
            match flight.after_moving() {
                Ok(None) => return Poll::Ready(Ok(dt_s)),
                Err(error) => return Poll::Ready(Err(error)),
                Ok(Some((rule, value))) => {
                    if let Stage::Waiting(flight, _) = mem::replace(stage, Stage::Over) {
                        *stage = Stage::Ending(flight.end_by_rule(rule, value));
                    }
                }
            }
        }
        match stage {
            Stage::Ending(end) => end.as_mut().poll(context),
            Stage::Waiting(..) | Stage::Over => Poll::Pending,
        }
    }
}

/// `from_deg` turned towards `to_deg` the short way by at most `by_deg`.
pub(crate) fn turned(from_deg: f64, to_deg: f64, by_deg: f64) -> f64 {
    wrap_360(from_deg + wrap_180(to_deg - from_deg).max(-by_deg).min(by_deg))
}
