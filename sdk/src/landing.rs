//! Coming down: landing and return to launch; both end when the vehicle stands and is disarmed.
use crate::autopilot::Mode;
use crate::error::FlightError;
use crate::flight::Flight;
use crate::shared::Boxed;
use crate::telemetry::LandedState;
use alloc::boxed::Box;
use flightsmith_mission::trig;

/// Slowest descent counted on (PX4's last metres: 0.3 m/s), and what comes on top for the way and the disarming.
const SLOWEST_DESCENT_M_S: f64 = 0.3;
const EXTRA_S: f64 = 60.0;
/// A return may first climb this far (PX4 30 m) and fly this slowly.
const RETURN_CLIMB_M: f64 = 30.0;
const SLOWEST_RETURN_M_S: f64 = 1.5;
const WHAT: &str = "coming down";

impl Flight {
    /// Lands (or returns and lands) by the autopilot's own mode until disarmed.
    pub(crate) fn end_in(&mut self, mode: Mode) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            self.during = WHAT;
            self.set_mode_keeping_set_points(mode).await?;
            let here = self.position();
            let mut limit_s = here.altitude_m().max(0.0) / SLOWEST_DESCENT_M_S + EXTRA_S;
            if mode == Mode::Return {
                limit_s +=
                    RETURN_CLIMB_M / SLOWEST_DESCENT_M_S + trig::hypot(here.north_m, here.east_m) / SLOWEST_RETURN_M_S;
            }
            let down = self
                .step_until(limit_s, |flight| {
                    !flight.link.with(|core| core.telemetry.armed())
                        && matches!(flight.landed_state(), LandedState::OnGround | LandedState::Undefined)
                })
                .await?;
            if !down {
                let remaining_m = self.position().altitude_m();
                return Err(FlightError::NotArrived { what: WHAT, waited_s: limit_s, limit_s, remaining_m });
            }
            self.link.with(|core| {
                core.authority.release();
                core.progress.end();
            });
            Ok(())
        })
    }

    /// Set-points go on until the new mode is confirmed: PX4 would call their end a failsafe.
    pub(crate) fn set_mode_keeping_set_points(&mut self, mode: Mode) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let result = self.set_mode(mode).await;
            self.target = None;
            self.steer = None;
            result
        })
    }
}
