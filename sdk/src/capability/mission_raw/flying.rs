//! Flying the mission: start, pause, current item. What each call sends to which autopilot stands in `docs/calls.md`.
use super::MissionRaw;
use crate::command::{Kind, Repeat, Request};
use crate::error::RequestError;
use crate::pace::Pace;
use crate::telemetry::{LandedState, Micros};
use crate::{autopilot, command};
use flightsmith_mission::vehicle::Autopilot;
use mavlink::MessageData;
use mavlink::dialects::ardupilotmega::{self as mav, MavCmd};

const MISSION_START: Kind = Kind { command: MavCmd::MAV_CMD_MISSION_START, name: "MISSION_START" };
const DO_PAUSE_CONTINUE: Kind = Kind { command: MavCmd::MAV_CMD_DO_PAUSE_CONTINUE, name: "DO_PAUSE_CONTINUE" };
const DO_SET_MISSION_CURRENT: Kind =
    Kind { command: MavCmd::MAV_CMD_DO_SET_MISSION_CURRENT, name: "DO_SET_MISSION_CURRENT" };
/// PX4 looks a new mission over for up to a second before it flies it (recorded).
const START_ATTEMPTS: u8 = 5;
const START_AGAIN_US: Micros = 500_000;
const MODE_WITHIN_US: Micros = 5_000_000;
const SHOWN_WITHIN_US: Micros = 1_500_000;

impl MissionRaw {
    /// Starts the mission at its current item, or goes on with a paused one; ends when the vehicle shows its mission mode.
    ///
    /// The vehicle must be armed. On the ground it takes off by the mission's own take-off item. PX4: mode AUTO.MISSION. ArduPilot:
    /// MAV_CMD_MISSION_START, in the air in AUTO already MAV_CMD_DO_PAUSE_CONTINUE.
    ///
    /// # Errors
    /// [`RequestError::WrongState`] where it is not armed; [`RequestError::Refused`] with the autopilot's words (no mission, no take-off
    /// item); [`RequestError::PilotTookOver`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.mission_raw().start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(&self) -> Result<(), RequestError> {
        let (link, rules) = (self.system.link(), self.rules());
        let (armed, mode, on_ground) = link.with(|core| {
            let on_ground = core.telemetry.landed.is_some_and(|landed| landed.value == LandedState::OnGround);
            (core.telemetry.armed(), core.telemetry.mode(), on_ground)
        });
        if !armed {
            return Err(RequestError::WrongState { what: "starting the mission", needed: "armed" });
        }
        let request = match self.system.autopilot() {
            Autopilot::Px4 => self.mode_request(rules.mode),
            Autopilot::ArduPilot if mode == Some(rules.mode) && !on_ground => {
                Request::new(DO_PAUSE_CONTINUE, first(1.0))
            }
            Autopilot::ArduPilot => Request::new(MISSION_START, first(0.0)),
        };
        self.expect_mode(rules.mode);
        let mut attempts = 1;
        loop {
            match self.system.command(request).await {
                Ok(()) => break,
                Err(RequestError::Refused { .. }) if attempts < START_ATTEMPTS => attempts += 1,
                Err(error) => {
                    self.expect_no_change(mode);
                    return Err(error);
                }
            }
            self.wait_us(START_AGAIN_US, || false).await?;
        }
        self.until_mode(rules.mode, request.kind.name).await
    }

    /// Stops the vehicle where it is until [`MissionRaw::start`].
    ///
    /// PX4: mode AUTO.LOITER. ArduPilot: MAV_CMD_DO_PAUSE_CONTINUE, which works on the way to a waypoint; in any other item mode GUIDED,
    /// which holds the place too.
    ///
    /// # Errors
    /// [`RequestError::WrongState`] where no mission is being flown; [`RequestError::Refused`]; [`RequestError::PilotTookOver`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.mission_raw().pause().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn pause(&self) -> Result<(), RequestError> {
        let (link, rules) = (self.system.link(), self.rules());
        let mode = link.with(|core| core.telemetry.mode());
        if mode != Some(rules.mode) {
            return Err(RequestError::WrongState { what: "pausing the mission", needed: "flying it" });
        }
        if self.system.autopilot() == Autopilot::ArduPilot {
            match self.system.command(Request::new(DO_PAUSE_CONTINUE, first(0.0))).await {
                Err(RequestError::Refused { .. }) => {}
                other => return other,
            }
        }
        self.expect_mode(rules.hold);
        let request = self.mode_request(rules.hold);
        self.system.command(request).await.inspect_err(|_error| self.expect_no_change(mode))?;
        self.until_mode(rules.hold, request.kind.name).await
    }

    /// Makes `item` (from 0) the current one (MAV_CMD_DO_SET_MISSION_CURRENT, else MISSION_SET_CURRENT).
    ///
    /// # Errors
    /// [`RequestError::ItemRefused`] where the mission has no such item; [`RequestError::NoAnswer`].
    ///
    /// ```no_run
    /// # async fn example(system: flightsmith_sdk::System) -> Result<(), flightsmith_sdk::RequestError> {
    /// system.mission_raw().set_current(2).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_current(&self, item: u16) -> Result<(), RequestError> {
        let seq = item.saturating_add(self.dialect_ahead());
        let inbox = self.system.listen(&[mav::MISSION_CURRENT_DATA::ID], 8);
        // An acknowledgement may be a late one of the item set before: the item shows, or the vehicle says so a second time.
        for _ in 0..2 {
            let asked = self.system.command(Request::new(DO_SET_MISSION_CURRENT, first(f32::from(seq)))).await;
            match asked {
                Ok(()) => {}
                // An autopilot that knows the message only.
                Err(RequestError::Refused { result: "UNSUPPORTED", .. } | RequestError::NoAnswer { .. }) => {
                    return self.set_current_by_message(item, seq).await;
                }
                Err(RequestError::Refused { result: "DENIED" | "FAILED", .. }) => {
                    return Err(RequestError::ItemRefused { what: "the mission", item, result: "INVALID_SEQUENCE" });
                }
                Err(error) => return Err(error),
            }
            self.ask_for_current().await?;
            let shown = || core::iter::from_fn(|| inbox.take()).any(|received| received.fields().u16(0) == seq);
            if self.wait_us(SHOWN_WITHIN_US, shown).await? {
                break;
            }
        }
        Ok(())
    }

    /// ArduPilot streams MISSION_CURRENT only where it was asked to; what it answers to the question is no matter.
    async fn ask_for_current(&self) -> Result<(), RequestError> {
        if self.progress().is_some_and(|(_, age)| age.0 < SHOWN_WITHIN_US as f64 * 1e-6) {
            return Ok(());
        }
        let id = mav::MISSION_CURRENT_DATA::ID as f32;
        match self.system.command_outcome(Request::new(command::REQUEST_MESSAGE, first(id)), Repeat::Never).await {
            Ok(_) | Err(RequestError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    #[expect(deprecated, reason = "for vehicles that know nothing newer")]
    async fn set_current_by_message(&self, item: u16, seq: u16) -> Result<(), RequestError> {
        let inbox = self.system.listen(&[mav::MISSION_CURRENT_DATA::ID], 8);
        let patience = crate::request::PATIENT;
        let send = |core: &mut crate::session::Core| {
            let Some(peer) = core.peer else { return Ok(()) };
            let (target_system, target_component) = (peer.system, peer.component);
            core.send(&mav::MISSION_SET_CURRENT_DATA { seq, target_system, target_component })
        };
        let mut waiter = self.system.waiter();
        let seen = crate::request::ask(&mut waiter, &inbox, "MISSION_SET_CURRENT", patience, send, |received| {
            (received.fields().u16(0) == seq).then_some(())
        });
        match seen.await {
            // It goes on telling of another item.
            Err(RequestError::NoAnswer { .. }) if self.progress().is_some_and(|(_, age)| age.0 < 3.0) => {
                Err(RequestError::ItemRefused { what: "the mission", item, result: "INVALID_SEQUENCE" })
            }
            other => other,
        }
    }

    fn mode_request(&self, mode: u32) -> Request {
        Request::new(command::DO_SET_MODE, autopilot::set_mode_params(self.system.autopilot(), mode))
    }
    /// From now on only `mode` is ours; anything else is a pilot or a failsafe.
    fn expect_mode(&self, mode: u32) {
        self.system.link().with(|core| {
            let now = core.clock.now_us();
            core.authority.expect([mode; 3], false, core.telemetry.mode(), now);
        });
    }
    /// The command was refused: the vehicle stays in its mode.
    fn expect_no_change(&self, mode: Option<u32>) {
        if let Some(mode) = mode {
            self.expect_mode(mode);
        }
    }
    async fn until_mode(&self, mode: u32, what: &'static str) -> Result<(), RequestError> {
        let link = self.system.link();
        if self.wait_us(MODE_WITHIN_US, || link.with(|core| core.telemetry.mode() == Some(mode))).await? {
            return Ok(());
        }
        Err(RequestError::NoAnswer { what, attempts: 1, waited_s: MODE_WITHIN_US as f64 * 1e-6 })
    }
    /// Waits until `done` or the time is over; says which.
    async fn wait_us(&self, limit_us: Micros, done: impl Fn() -> bool) -> Result<bool, RequestError> {
        let (link, mut waiter) = (self.system.link(), self.system.waiter());
        let deadline = link.now_us() + limit_us;
        while !done() {
            if link.now_us() >= deadline {
                return Ok(false);
            }
            waiter.step().await?;
        }
        Ok(true)
    }
}

fn first(param1: f32) -> [f32; 7] {
    [param1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
}
