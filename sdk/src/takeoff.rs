//! Arming and taking off, up to hovering under the mission's own set-points at the altitude asked for.
use crate::autopilot::{self, Mode};
use crate::command::{self, Outcome, Repeat, Request};
use crate::error::FlightError;
use crate::flight::{Flight, Target};
use crate::shared::Boxed;
use crate::telemetry::LandedState;
use alloc::boxed::Box;
use flightsmith_mission::{frame::AboveHome, geodesy::Home};

/// Vehicle seconds within which a vehicle that was ready must let itself be armed.
const ARM_WITHIN_S: f64 = 30.0;
const RETRY_ARM_AFTER_S: f64 = 2.0;
/// The slowest climb counted on, in m/s, and what comes on top for spooling up.
const SLOWEST_CLIMB_M_S: f64 = 0.7;
const SPOOL_UP_S: f64 = 20.0;
/// Lowest take-off that both autopilots do cleanly.
pub(crate) const LOWEST_TAKE_OFF_M: f64 = 1.0;

/// Refuses a take-off altitude outside the envelope.
pub(crate) fn check_altitude(flight: &Flight, altitude_m: f64) -> Result<(), FlightError> {
    let highest = flight.link.with(|core| core.envelope.max_altitude_m);
    if (LOWEST_TAKE_OFF_M..=highest).contains(&altitude_m) {
        return Ok(());
    }
    Err(FlightError::OutsideEnvelope {
        what: "take-off altitude in metres above home",
        value: altitude_m,
        lowest: LOWEST_TAKE_OFF_M,
        highest,
    })
}

impl Flight {
    pub(crate) fn arm_and_take_off(&mut self, altitude_m: f64) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            check_altitude(self, altitude_m)?;
            self.during = "taking off";
            self.wait_armable().await?;
            self.arm().await?;
            self.remember_home();
            self.take_off(altitude_m).await?;
            self.hold_in_the_air(altitude_m).await
        })
    }

    pub(crate) fn wait_armable(&mut self) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            self.wait_ready(ARM_WITHIN_S).await?;
            if !self.in_mode(Mode::Ready) {
                self.set_mode(Mode::Ready).await?;
            }
            self.expect_mode(Mode::Ready);
            Ok(())
        })
    }

    /// Arms; a refusal that may pass is tried again for a while.
    pub(crate) fn arm(&mut self) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let give_up = self.link.now_us() + (ARM_WITHIN_S * 1e6) as u64;
            let request = Request::new(command::COMPONENT_ARM_DISARM, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
            loop {
                // Arming twice is accepted by both (recorded), so it may be repeated.
                match self.command(request).await {
                    Ok(()) => break,
                    Err(error @ FlightError::Refused { .. }) => {
                        if self.link.now_us() >= give_up {
                            return Err(error);
                        }
                        self.step_until(RETRY_ARM_AFTER_S, |_| false).await?;
                    }
                    Err(error) => return Err(error),
                }
            }
            if self.step_until(5.0, |flight| flight.link.with(|core| core.telemetry.armed())).await? {
                return Ok(());
            }
            Err(FlightError::OutcomeUnknown { command: "COMPONENT_ARM_DISARM", evidence: "no HEARTBEAT says armed" })
        })
    }

    /// Home is where the vehicle is armed: the origin of all positions from here on.
    fn remember_home(&mut self) {
        let heading_deg = self.heading_deg();
        let (local, here) = self.link.with(|core| (core.telemetry.local, core.telemetry.global));
        if let Some(local) = local {
            self.home_local_m = local.value.position_m;
        }
        if let Some(here) = here {
            self.home = Home {
                lat_deg: here.value.lat_deg,
                lon_deg: here.value.lon_deg,
                altitude_amsl_m: here.value.altitude_amsl_m,
                heading_deg,
            };
        }
    }

    pub(crate) fn take_off(&mut self, altitude_m: f64) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let params = autopilot::take_off_params(self.autopilot, altitude_m, self.home.altitude_amsl_m);
            let request = Request::new(command::NAV_TAKEOFF, params);
            self.mode_is_known().await?;
            self.expect_mode(Mode::TakeOff);
            for attempt in 0..command::ATTEMPTS {
                match self.command_outcome(request, Repeat::Never).await {
                    Ok(Outcome::Accepted) => break,
                    // A second take-off is refused while the first is under way (ArduCopter: FAILED), and spooling up takes seconds: the
                    // answer to the first was lost, if the vehicle leaves now.
                    Err(refused @ FlightError::Refused { .. }) if attempt > 0 => {
                        if self.step_until(SPOOL_UP_S, |flight| flight.has_left_the_ground()).await? {
                            break;
                        }
                        return Err(refused);
                    }
                    Err(error) => return Err(error),
                    // Only while the vehicle shows that it did not leave may it be sent again.
                    Ok(Outcome::Unanswered { .. }) if self.has_left_the_ground() => break,
                    Ok(Outcome::Unanswered { .. }) => {
                        if self.step_until(1.0, |flight| flight.has_left_the_ground()).await? {
                            break;
                        }
                    }
                }
            }
            let limit_s = altitude_m / SLOWEST_CLIMB_M_S + SPOOL_UP_S;
            let mut stopped_climbing_since = None;
            let there = self
                .step_until(limit_s, |flight| {
                    let now = flight.link.now_us();
                    let climbing = flight.velocity_m_s()[2] < -0.15;
                    if climbing || flight.position().altitude_m() < 0.6 {
                        stopped_climbing_since = None;
                    } else if stopped_climbing_since.is_none() {
                        stopped_climbing_since = Some(now);
                    }
                    let near =
                        flight.position().altitude_m() > altitude_m - 0.4 && flight.velocity_m_s()[2].abs() < 0.4;
                    // PX4 may stop lower (MIS_TAKEOFF_ALT) and hold; the rest is climbed by set-points.
                    let ended_lower =
                        stopped_climbing_since.is_some_and(|since| now > since + 3_000_000) && flight.is_flying();
                    near || ended_lower
                })
                .await?;
            if !there {
                return Err(FlightError::NotArrived {
                    what: "take-off",
                    waited_s: limit_s,
                    limit_s,
                    remaining_m: altitude_m - self.position().altitude_m(),
                });
            }
            Ok(())
        })
    }

    /// From the autopilot's take-off to the mission's set-points, and the last bit of altitude.
    pub(crate) fn hold_in_the_air(&mut self, altitude_m: f64) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let here = self.position();
            self.target = Some(Target::at_rest(here, self.heading_deg()));
            self.during = "hovering";
            if !self.in_mode(Mode::Guided) {
                // PX4 accepts OFFBOARD only behind a stream of set-points (recorded: TEMPORARILY_REJECTED without).
                self.step_until(1.0, |_| false).await?;
                self.set_mode(Mode::Guided).await?;
            }
            self.mode_is_known().await?;
            self.expect_mode(Mode::Guided);
            let above = here.at_altitude(AboveHome(altitude_m));
            self.fly_leg(above, "the end of take-off").await
        })
    }

    fn has_left_the_ground(&self) -> bool {
        self.position().altitude_m() > 0.3 || self.is_flying() || self.landed_state() == LandedState::TakingOff
    }
    pub(crate) fn is_flying(&self) -> bool {
        matches!(self.landed_state(), LandedState::InAir | LandedState::Landing)
            || (self.landed_state() == LandedState::Undefined && self.position().altitude_m() > 0.5)
    }
}
