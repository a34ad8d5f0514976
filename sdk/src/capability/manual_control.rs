//! Manual control: sticks from a program (MANUAL_CONTROL), in a mode that holds position or altitude by itself.
//!
//! Sticks are sent only while the call that moves them is being awaited: a program that stalls lets go, and the autopilot's own
//! loss of control acts. ArduPilot takes them only from the ground station that MAV_GCS_SYSID (SYSID_MYGCS) names, usually 255.
use crate::autopilot;
use crate::command::{self, Request};
use crate::error::RequestError;
use crate::pace::{Pace, Waiter};
use crate::request;
use crate::system::System;
use crate::telemetry::Micros;
use flightsmith_mission::{units::Seconds, vehicle::Autopilot};
use mavlink::dialects::ardupilotmega as mav;

/// Sticks are sent this often: PX4 takes half a second of silence (COM_RC_LOSS_T) for a lost control.
const SEND_EVERY_US: Micros = 40_000;
const MODE_WITHIN_S: f64 = 5.0;
/// By then it is known who changed a mode.
const MODE_KNOWN_WITHIN_S: f64 = 0.2;
/// Sticks run from -1000 to 1000 on the wire; the middle of the throttle is 500.
const FULL: f64 = 1000.0;
const ARDUPILOT_ALT_HOLD: u32 = 2;
const ARDUPILOT_LOITER: u32 = 5;
const PX4_ALTCTL: u32 = 2 << 16;
const PX4_POSCTL: u32 = 3 << 16;

/// Where the sticks are, each -1 to 1; all in the middle is to hover.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::{capability::manual_control::{StickMode, Sticks}, units::Seconds};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// // Gently backwards and up, the rest in the middle.
/// let sticks = Sticks { pitch: -0.2, throttle: 0.3, ..Sticks::default() };
/// let mut control = system.manual_control();
/// control.begin(StickMode::Position).await?;
/// control.hold(sticks, Seconds(2.0)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sticks {
    /// Forward is positive.
    pub pitch: f64,
    /// To the right is positive.
    pub roll: f64,
    /// Up is positive, 0 holds the height.
    pub throttle: f64,
    /// Turning to the right (clockwise from above) is positive.
    pub yaw: f64,
}

/// What the autopilot makes of the sticks.
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System};
/// # use flightsmith_sdk::capability::manual_control::StickMode;
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// // Without GPS there is no position to hold.
/// let mode = if system.telemetry().gps().is_some() { StickMode::Position } else { StickMode::Altitude };
/// system.manual_control().begin(mode).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StickMode {
    /// Holds position and height where sticks are in the middle (ArduPilot LOITER, PX4 POSCTL).
    Position,
    /// Holds the height, drifts with the wind (ArduPilot ALT_HOLD, PX4 ALTCTL).
    Altitude,
}

impl StickMode {
    fn custom_mode(self, autopilot: Autopilot) -> u32 {
        match (autopilot, self) {
            (Autopilot::ArduPilot, StickMode::Position) => ARDUPILOT_LOITER,
            (Autopilot::ArduPilot, StickMode::Altitude) => ARDUPILOT_ALT_HOLD,
            (Autopilot::Px4, StickMode::Position) => PX4_POSCTL,
            (Autopilot::Px4, StickMode::Altitude) => PX4_ALTCTL,
        }
    }
}

/// The sticks of a [`System`].
///
/// ```no_run
/// # use flightsmith_sdk::{RequestError, System, units::Seconds};
/// # use flightsmith_sdk::capability::manual_control::{StickMode, Sticks};
/// # async fn example(system: &System) -> Result<(), RequestError> {
/// let mut sticks = system.manual_control();
/// sticks.begin(StickMode::Position).await?;
/// sticks.hold(Sticks { pitch: 0.5, ..Sticks::default() }, Seconds(3.0)).await?;
/// sticks.end();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ManualControl {
    system: System,
    held: Sticks,
    sent_us: Micros,
}

impl System {
    /// Sticks in the hands of a program.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::manual_control::StickMode;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// system.manual_control().begin(StickMode::Altitude).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn manual_control(&self) -> ManualControl {
        ManualControl { system: self.clone(), held: Sticks::default(), sent_us: 0 }
    }
}

impl ManualControl {
    /// Takes the vehicle over with all sticks in the middle: from now on any other mode than `mode` is a pilot's or a failsafe's.
    ///
    /// # Errors
    /// Refusals; [`RequestError::NoAnswer`] where the mode does not come.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::manual_control::StickMode;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut control = system.manual_control();
    /// control.begin(StickMode::Position).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn begin(&mut self, mode: StickMode) -> Result<(), RequestError> {
        let autopilot = self.system.autopilot();
        let wanted = mode.custom_mode(autopilot);
        self.held = Sticks::default();
        // PX4 refuses the mode where nobody holds the sticks.
        self.hold(Sticks::default(), Seconds(0.5)).await?;
        self.system.link().with(|core| {
            let now = core.clock.now_us();
            // Who has taken the last flight over keeps it until it has landed.
            if !core.telemetry.armed() {
                core.authority.begin();
            }
            core.authority.expect([wanted; 3], false, core.telemetry.mode(), now);
        });
        let params = autopilot::set_mode_params(autopilot, wanted);
        command::command(self, Request::new(command::DO_SET_MODE, params)).await?;
        if request::step_until(self, MODE_WITHIN_S, |core| core.telemetry.mode() == Some(wanted)).await? {
            return Ok(());
        }
        Err(RequestError::NoAnswer { what: "DO_SET_MODE", attempts: 1, waited_s: MODE_WITHIN_S })
    }
    /// Holds the sticks there for `duration`, then lets them go to the middle.
    ///
    /// # Errors
    /// [`RequestError::OutOfRange`] beyond -1 to 1; [`RequestError::PilotTookOver`] and [`RequestError::Failsafe`] when the mode
    /// changes: nothing more is sent then.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::{capability::manual_control::{StickMode, Sticks}, units::Seconds};
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut control = system.manual_control();
    /// control.begin(StickMode::Position).await?;
    /// // A quarter turn to the right or so: sticks ask for rates.
    /// match control.hold(Sticks { yaw: 0.5, ..Sticks::default() }, Seconds(2.0)).await {
    ///     Err(RequestError::PilotTookOver { .. }) => println!("a pilot has it now"),
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn hold(&mut self, sticks: Sticks, duration: Seconds) -> Result<(), RequestError> {
        for (what, value) in [
            ("pitch stick", sticks.pitch),
            ("roll stick", sticks.roll),
            ("throttle stick", sticks.throttle),
            ("yaw stick", sticks.yaw),
        ] {
            RequestError::check_range(what, value, -1.0, 1.0)?;
        }
        self.held = sticks;
        let held = request::step_until(self, duration.0, |_| false).await;
        self.held = Sticks::default();
        held?;
        match self.send() {
            Err(RequestError::ModeChanging { .. }) => {
                request::step_until(self, MODE_KNOWN_WITHIN_S, |_| false).await.map(drop)
            }
            sent => sent,
        }
    }
    /// Lets go: the mode stays, and whoever changes it next is nobody's opponent.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::{RequestError, System};
    /// # use flightsmith_sdk::capability::manual_control::StickMode;
    /// # async fn example(system: &System) -> Result<(), RequestError> {
    /// let mut control = system.manual_control();
    /// control.begin(StickMode::Position).await?;
    /// control.end();
    /// # Ok(())
    /// # }
    /// ```
    pub fn end(self) {
        self.system.link().with(|core| core.authority.release());
    }

    fn send(&mut self) -> Result<(), RequestError> {
        let Sticks { pitch, roll, throttle, yaw } = self.held;
        let wire = |value: f64| (value * FULL) as i16;
        self.sent_us = self.system.link().now_us();
        let target = self.system.system_id();
        self.system.link().with(|core| {
            core.send(&mav::MANUAL_CONTROL_DATA {
                x: wire(pitch),
                y: wire(roll),
                z: wire((throttle + 1.0) / 2.0),
                r: wire(yaw),
                buttons: 0,
                target,
                ..Default::default()
            })
        })
    }
}

impl Pace for ManualControl {
    type Error = RequestError;
    fn link(&self) -> &crate::session::Link {
        self.system.link()
    }
    fn refused_as(error: &RequestError) -> Option<&'static str> {
        Waiter::refused_as(error)
    }
    async fn step(&mut self) -> Result<f64, RequestError> {
        let dt_s = self.system.waiter().step().await?;
        let (now, verdict) = self.system.link().with(|core| (core.clock.now_us(), core.verdict()));
        if let Some(verdict) = verdict {
            return Err(verdict);
        }
        if now < self.sent_us + SEND_EVERY_US {
            return Ok(dt_s);
        }
        match self.send() {
            // A mode that has just changed is looked at: the verdict follows, or it passes.
            Err(RequestError::ModeChanging { .. }) => Ok(dt_s),
            sent => sent.map(|()| dt_s),
        }
    }
}
