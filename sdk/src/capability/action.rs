//! Single actions in MAVSDK's manner: arm, take off, go somewhere, hold, land. Each ends when its effect was seen, else with the exact
//! reason, and leaves the vehicle in the autopilot's own hold, so that it needs nobody.
//!
//! Movements are flown by set-points as a mission's are ([`crate::legs`]): with the set speed, inside the envelope, and only while the
//! call is polled. There is no way to stop the motors in flight.
use crate::autopilot::Mode;
use crate::command::{self, Request};
use crate::error::{FlightError, RequestError};
use crate::flight::{Flight, Target};
use crate::motion::path::Arc;
use crate::shared::Boxed;
use crate::shared::MaybeSend;
use crate::steering::FlightState;
use crate::system::System;
use crate::takeoff;
use crate::telemetry::LandedState;
use alloc::boxed::Box;
use flightsmith_mission::{
    frame::{AboveHome, Altitude, GlobalPosition, Latitude, Longitude, PositionNed},
    geodesy::Home,
    units::{Metres, MetresPerSecond, Seconds},
    vehicle::Autopilot,
};

const HOME_WITHIN_S: f64 = 4.0;
const DISARMED_WITHIN_S: f64 = 5.0;
/// PX4 accepts OFFBOARD only behind a stream of set-points (recorded: TEMPORARILY_REJECTED without).
const STREAM_FIRST_S: f64 = 1.0;
/// A reboot takes a minute at most: so many rounds, and some more for what is asked in each.
const REBOOT_ROUNDS: u8 = 20;
const REBOOT_ROUND: Seconds = Seconds(1.0);

/// The actions of one system: `system.action()`.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::{FlightError, frame::AboveHome};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let action = system.action();
/// match action.arm().await {
///     Err(FlightError::NotReady { reason, .. }) => println!("not armed: {reason}"),
///     armed => {
///         armed.expect("armed");
///         action.take_off(AboveHome(10.0)).await.expect("hovering");
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Action {
    system: System,
}

impl System {
    /// Single actions: arm, take off, go to, hold, land.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// let action = system.action();
    /// action.arm().await?;
    /// action.take_off(AboveHome(10.0)).await?;
    /// action.go_to(PositionNed::at(North(20.0), East(0.0), AboveHome(10.0))).await?;
    /// action.return_to_launch().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn action(&self) -> Action {
        Action { system: self.clone() }
    }
    #[inline(never)]
    pub(crate) fn flight(&self) -> Flight {
        Flight::new(self.link().clone(), self.autopilot())
    }
}

impl Action {
    /// Waits until the vehicle says that it can be armed; a real ArduPilot needs 42 s from power-on, PX4 5 s.
    ///
    /// # Errors
    /// [`FlightError::NotReady`] with what is missing and the autopilot's own words.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().wait_until_ready(Seconds(90.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait_until_ready(&self, limit: Seconds) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            flight.during = "waiting to be ready";
            flight.wait_ready(limit.0).await
        })
        .await
    }

    /// Waits until the vehicle can be armed (at most 30 s), and arms it; ends when its HEARTBEAT says so.
    ///
    /// ArduPilot: GUIDED first; PX4: HOLD. MAV_CMD_COMPONENT_ARM_DISARM, never by force. Both autopilots disarm again after about 10 s
    /// without a take-off.
    ///
    /// # Errors
    /// [`FlightError::NotReady`] with what is missing and the autopilot's own words; [`FlightError::Refused`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{FlightError, System};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().arm().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn arm(&self) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            flight.during = "arming";
            // Whatever ended the last flight is over, once the vehicle stands disarmed.
            flight.link.with(|core| {
                if !core.telemetry.armed() {
                    core.authority.begin();
                }
            });
            flight.wait_armable().await?;
            flight.arm().await?;
            flight.rest_on_the_autopilot();
            Ok(())
        })
        .await
    }

    /// Disarms a vehicle that stands on the ground; ends when its HEARTBEAT says so.
    ///
    /// # Errors
    /// [`FlightError::Request`] where it does not certainly stand: motors are never stopped in flight. [`FlightError::Refused`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{FlightError, System};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().disarm().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn disarm(&self) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            flight.during = "disarming";
            if !flight.link.with(|core| core.telemetry.armed()) {
                return Ok(());
            }
            if flight.landed_state() != LandedState::OnGround {
                return Err(wrong_state("disarming", "on the ground"));
            }
            flight.command(Request::new(command::COMPONENT_ARM_DISARM, [0.0; 7])).await?;
            let disarmed = |flight: &mut Flight| !flight.link.with(|core| core.telemetry.armed());
            if !flight.step_until(DISARMED_WITHIN_S, disarmed).await? {
                let evidence = "no HEARTBEAT says disarmed";
                return Err(FlightError::OutcomeUnknown { command: command::COMPONENT_ARM_DISARM.name, evidence });
            }
            flight.link.with(|core| core.authority.release());
            flight.rest_on_the_autopilot();
            Ok(())
        })
        .await
    }

    /// Takes an armed vehicle off; ends hovering at `altitude` above home, on both autopilots.
    ///
    /// MAV_CMD_NAV_TAKEOFF: its height is above home for ArduPilot and above sea level for PX4, which is handled here.
    ///
    /// # Errors
    /// [`FlightError::Request`] where it is not armed or flies already; [`FlightError::OutsideEnvelope`] below 1 m or above the envelope;
    /// [`FlightError::Refused`]; [`FlightError::NotArrived`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().arm().await?;
    /// system.action().take_off(AboveHome(10.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn take_off(&self, altitude: AboveHome) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            takeoff::check_altitude(&flight, altitude.0)?;
            flight.during = "taking off";
            if !flight.link.with(|core| core.telemetry.armed()) {
                return Err(wrong_state("a take-off", "armed"));
            }
            if flight.is_flying() {
                return Err(wrong_state("a take-off", "on the ground"));
            }
            flight.find_home().await?;
            flight.take_off(altitude.0).await?;
            let hovering = flight.hold_in_the_air(altitude.0).await;
            flight.leave_to_hold(hovering).await
        })
        .await
    }

    /// Lands on the spot; ends when the vehicle stands and is disarmed.
    ///
    /// The mode LAND of either autopilot.
    ///
    /// # Errors
    /// [`FlightError::Refused`], [`FlightError::NotArrived`]; those of every flying call.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{FlightError, System};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().land().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn land(&self) -> Result<(), FlightError> {
        self.ended(async { self.end_in(Mode::Land).await }).await
    }

    /// Flies level to above `place` and lands there; ends when the vehicle stands and is disarmed.
    ///
    /// Neither autopilot's MAV_CMD_NAV_LAND flies anywhere (ArduCopter and PX4 ignore its place), so the way is flown by set-points.
    ///
    /// # Errors
    /// [`FlightError::OutsideEnvelope`], before anything moves; those of every flying call.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().land_at(PositionNed::at(North(10.0), East(0.0), AboveHome(0.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn land_at(&self, place: PositionNed) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            flight.take_over_flying("landing at a place").await?;
            let above = place.at_altitude(flight.target_or_here().position.altitude());
            let way = flight.fly_leg(above, "the way to the landing place").await;
            if way.is_err() {
                return flight.leave_to_hold(way).await;
            }
            flight.end_in(Mode::Land).await
        })
        .await
    }

    /// The autopilot's own return to launch, until disarmed at home.
    ///
    /// # Errors
    /// As [`Action::land`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{FlightError, System};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().return_to_launch().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn return_to_launch(&self) -> Result<(), FlightError> {
        self.ended(async { self.end_in(Mode::Return).await }).await
    }

    /// Stops and stays where it is; ends at rest, in a hold that needs nobody.
    ///
    /// ArduPilot: GUIDED at a point, which it holds for ever (LOITER would follow the sticks, or sink without them). PX4: HOLD.
    ///
    /// # Errors
    /// [`FlightError::Request`] where it does not fly; [`FlightError::NotArrived`] where it does not come to rest.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{FlightError, System};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().hold().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn hold(&self) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            flight.take_over_flying("a hold").await?;
            let braked = flight.brake().await;
            flight.leave_to_hold(braked).await
        })
        .await
    }

    /// Flies straight to `place`, in metres from home, at the set speed, the nose as it is; ends there, at rest.
    ///
    /// # Errors
    /// [`FlightError::OutsideEnvelope`], before anything moves; [`FlightError::NotArrived`]; those of every flying call.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// // 30 m north and 5 m east of home, 12 m above it.
    /// system.action().go_to(PositionNed::at(North(30.0), East(5.0), AboveHome(12.0))).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn go_to(&self, place: PositionNed) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            flight.check_flies("a flight to a place")?;
            flight.find_home().await?;
            flight.check_place(&place)?;
            flight.take_over_flying("a flight to a place").await?;
            let there = flight.fly_leg(place, "a leg").await;
            flight.leave_to_hold(there).await
        })
        .await
    }

    /// Flies straight to a latitude and longitude, at a height above home or above sea level; as [`Action::go_to`].
    ///
    /// # Errors
    /// As [`Action::go_to`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// let place = GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::Amsl(510.0));
    /// system.action().go_to_global(place).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn go_to_global(&self, place: GlobalPosition) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            flight.check_flies("a flight to a place")?;
            flight.find_home().await?;
            let place = flight.home.to_ned(&place);
            self.go_to(place).await
        })
        .await
    }

    /// Flies straight to a height above the ground at a latitude and longitude; as
    /// [`Vehicle::go_to_above_terrain`](crate::Vehicle::go_to_above_terrain).
    ///
    /// # Errors
    /// [`FlightError::NotReported`] where the vehicle has no terrain data; as [`Action::go_to`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().go_to_above_terrain(Latitude(47.3981), Longitude(8.5461), Metres(30.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn go_to_above_terrain(
        &self,
        latitude: Latitude,
        longitude: Longitude,
        height: Metres,
    ) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            flight.check_flies("a flight to a place")?;
            flight.find_home().await?;
            let place = flight.place_above_terrain(latitude.0, longitude.0, height.0).await?;
            self.go_to(place).await
        })
        .await
    }

    /// Flies `turns` circles of `radius` around `centre`, at its height, clockwise from above (negative: the other way), from the point
    /// of the circle that is nearest; ends there, at rest.
    ///
    /// Flown by set-points on both: ArduCopter knows no MAV_CMD_DO_ORBIT.
    ///
    /// # Errors
    /// As [`Action::go_to`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().orbit(PositionNed::at(North(30.0), East(0.0), AboveHome(15.0)), Metres(10.0), 2.0).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn orbit(&self, centre: PositionNed, radius: Metres, turns: f64) -> Result<(), FlightError> {
        self.ended(async {
            let mut flight = self.system.flight();
            flight.check_flies("an orbit")?;
            flight.find_home().await?;
            let arc = Arc::orbit(centre, radius, turns, &flight.position());
            flight.check_arc(&arc)?;
            flight.take_over_flying("an orbit").await?;
            let around = flight.fly_arc(arc).await;
            flight.leave_to_hold(around).await
        })
        .await
    }

    /// Ground speed of what this program flies from here on, in m/s, and of the autopilot's own modes where they take it
    /// (MAV_CMD_DO_CHANGE_SPEED, until the mode changes).
    ///
    /// # Errors
    /// [`FlightError::OutsideEnvelope`] below 0.1 m/s or above the envelope; [`FlightError::Refused`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().set_speed(MetresPerSecond(4.0)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_speed(&self, speed: MetresPerSecond) -> Result<(), FlightError> {
        const GROUND_SPEED: f32 = 1.0;
        const THROTTLE_UNCHANGED: f32 = -1.0;
        let highest = self.system.link().with(|core| core.envelope.max_speed_m_s);
        if !(0.1..=highest).contains(&speed.0) {
            return Err(FlightError::OutsideEnvelope { what: "speed in m/s", value: speed.0, lowest: 0.1, highest });
        }
        let params = [GROUND_SPEED, speed.0 as f32, THROTTLE_UNCHANGED, 0.0, 0.0, 0.0, 0.0];
        self.system.command(Request::new(command::DO_CHANGE_SPEED, params)).await?;
        self.system.link().with(|core| core.cruise_speed_m_s = speed.0);
        Ok(())
    }

    /// Where the vehicle is and what it does now, relative to home; nothing is sent.
    ///
    /// # Errors
    /// [`FlightError::NotReported`] without home or position.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// let now = system.action().state().await?;
    /// assert!(now.altitude() < AboveHome(100.0));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn state(&self) -> Result<FlightState, FlightError> {
        let mut onlooker = Flight::onlooker(self.system.link().clone(), self.system.autopilot());
        onlooker.find_home().await?;
        Ok(onlooker.state_since(onlooker.link.now_us()))
    }

    /// Home as the autopilot has it (HOME_POSITION), the origin of [`PositionNed`] here.
    ///
    /// # Errors
    /// As [`Action::state`].
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{System, prelude::*};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// let home = system.action().home().await?;
    /// let place = home.to_global(&PositionNed::at(North(10.0), East(0.0), AboveHome(20.0)));
    /// system.action().go_to_global(place).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn home(&self) -> Result<Home, FlightError> {
        let mut onlooker = Flight::onlooker(self.system.link().clone(), self.system.autopilot());
        onlooker.find_home().await?;
        Ok(onlooker.home)
    }

    /// Reboots a disarmed autopilot; ends when it was heard again with its clock started anew.
    ///
    /// MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN. What was asked for before (message rates) is forgotten by the autopilot and asked for again.
    ///
    /// # Errors
    /// [`FlightError::Request`] where it is armed; [`FlightError::Refused`]; [`FlightError::OutcomeUnknown`] where it is not heard anew
    /// within about a minute. Over TCP and USB the link itself usually ends.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{FlightError, System};
    /// # async fn example(system: System) -> Result<(), FlightError> {
    /// system.action().reboot().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reboot(&self) -> Result<(), FlightError> {
        const REBOOT: f32 = 1.0;
        let link = self.system.link().clone();
        if link.with(|core| core.telemetry.armed()) {
            return Err(wrong_state("a reboot", "disarmed"));
        }
        let boots = link.with(|core| core.boots);
        let params = [REBOOT, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        // Its answer may be lost in the reboot itself; what counts is the clock that starts anew.
        let outcome = self
            .system
            .command_outcome(Request::new(command::PREFLIGHT_REBOOT_SHUTDOWN, params), command::Repeat::Never)
            .await;
        match outcome {
            Ok(_) | Err(RequestError::LinkLost { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        for _ in 0..REBOOT_ROUNDS {
            if self.system.wait_for(REBOOT_ROUND, |core| core.boots > boots).await {
                return Ok(self.system.ask_for_rates().await?);
            }
            // An autopilot that has just started may say nothing with a clock in it unless it is asked (ArduPilot); one that is still
            // starting does not answer.
            let _still_starting = self.system.ask_for_rates().await;
        }
        Err(FlightError::OutcomeUnknown {
            command: command::PREFLIGHT_REBOOT_SHUTDOWN.name,
            evidence: "no message with a clock that began anew",
        })
    }

    /// The call is over, however it went: a program that now does something else has not stalled in flight.
    async fn ended(&self, call: impl Future<Output = Result<(), FlightError>> + MaybeSend) -> Result<(), FlightError> {
        let result = call.await;
        self.system.link().with(|core| core.progress.end());
        result
    }

    async fn end_in(&self, mode: Mode) -> Result<(), FlightError> {
        let mut flight = self.system.flight();
        if !flight.link.with(|core| core.telemetry.armed()) {
            return Err(wrong_state("landing", "in the air"));
        }
        flight.find_home().await?;
        flight.end_in(mode).await
    }
}

fn wrong_state(what: &'static str, needed: &'static str) -> FlightError {
    FlightError::Request(RequestError::WrongState { what, needed })
}

impl Flight {
    /// Takes the autopilot's home (HOME_POSITION) as the origin of all positions.
    ///
    /// # Errors
    /// [`FlightError::NotReported`] without home or position.
    pub(crate) fn find_home(&mut self) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let known = |flight: &mut Flight| {
                flight.link.with(|core| {
                    let telemetry = &core.telemetry;
                    telemetry.home.is_some() && telemetry.global.is_some() && telemetry.local.is_some()
                })
            };
            // Looking is no progress of a flight.
            if !known(self) {
                self.step_until(HOME_WITHIN_S, known).await?;
            }
            let (home, global, local) =
                self.link.with(|core| (core.telemetry.home, core.telemetry.global, core.telemetry.local));
            let home = home.ok_or(FlightError::NotReported { what: "home (HOME_POSITION)" })?.value;
            let global = global.ok_or(FlightError::NotReported { what: "its global position" })?;
            let local = local.ok_or(FlightError::NotReported { what: "its local position" })?;
            self.home = Home {
                lat_deg: home.lat_deg,
                lon_deg: home.lon_deg,
                altitude_amsl_m: home.altitude_amsl_m,
                heading_deg: self.heading_deg(),
            };
            // Where the vehicle is, in both frames and at one time, says where home is in the estimator's.
            let from_home = self.home.to_ned(&GlobalPosition::at(
                Latitude(global.value.lat_deg),
                Longitude(global.value.lon_deg),
                Altitude::Amsl(global.value.altitude_amsl_m),
            ));
            let later_s = global.at_us as f64 * 1e-6 - local.at_us as f64 * 1e-6;
            let v = local.value.velocity;
            let [north, east, down] = local.value.position_m;
            self.home_local_m = [
                north + v.north_m_s * later_s - from_home.north_m,
                east + v.east_m_s * later_s - from_home.east_m,
                down + v.down_m_s * later_s - from_home.down_m,
            ];
            Ok(())
        })
    }

    fn check_flies(&self, what: &'static str) -> Result<(), FlightError> {
        if self.link.with(|core| core.telemetry.armed()) && self.is_flying() {
            return Ok(());
        }
        Err(wrong_state(what, "in the air"))
    }

    /// Brings a flying vehicle under set-points, holding the place where it comes to rest.
    ///
    /// # Errors
    /// [`FlightError::Request`] where it does not fly.
    pub(crate) fn take_over_flying(&mut self, what: &'static str) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            self.check_flies(what)?;
            self.find_home().await?;
            self.during = what;
            if self.in_mode(Mode::Guided) {
                self.target = Some(self.resting_point());
                self.mode_is_known().await?;
                self.expect_mode(Mode::Guided);
                return Ok(());
            }
            self.target = Some(Target::at_rest(self.position(), self.heading_deg()));
            if self.autopilot == Autopilot::Px4 {
                self.step_until(STREAM_FIRST_S, |_| false).await?;
            }
            self.set_mode(Mode::Guided).await?;
            self.target = Some(self.resting_point());
            Ok(())
        })
    }

    /// Leaves the vehicle in the autopilot's own hold, whatever `result` says; but for one that somebody else has.
    pub(crate) fn leave_to_hold(&mut self, result: Result<(), FlightError>) -> Boxed<'_, Result<(), FlightError>> {
        Box::pin(async move {
            let somebody_elses = matches!(
                result,
                Err(FlightError::PilotTookOver { .. }
                    | FlightError::Failsafe { .. }
                    | FlightError::LinkLost { .. }
                    | FlightError::Superseded { .. }
                    | FlightError::DownUnexpectedly { .. }
                    | FlightError::RuleEnded { .. })
            );
            if somebody_elses {
                return result;
            }
            let left = if self.in_mode(Mode::Hold) {
                // ArduPilot holds the last point for ever; it must have been sent.
                self.step_until(0.2, |_| false).await.map(drop)
            } else {
                self.set_mode_keeping_set_points(Mode::Hold).await
            };
            self.rest_on_the_autopilot();
            result.and(left)
        })
    }

    /// Nothing of this program flies the vehicle any more.
    pub(crate) fn rest_on_the_autopilot(&mut self) {
        self.target = None;
        self.steer = None;
        self.link.with(|core| core.progress.end());
    }
}
