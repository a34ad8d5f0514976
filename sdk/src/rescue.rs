//! What is commanded when the mission itself cannot go on: the autopilot's return to launch, without any of the mission's state.
//!
//! Used by the runner after an error or a panic, by its supervisor process, and by the driver under a mission that has stalled.
use crate::autopilot::{self, Mode};
use crate::command::{self, Request};
use crate::connection::Connection;
use crate::session::Core;

impl Connection {
    /// Sends the command for the autopilot's return to launch once, unless a pilot or a failsafe has the vehicle, or it is not
    /// armed, or it is returning or landing already. Says whether it was sent; call it again every second until it is not.
    ///
    /// ```no_run
    /// use flightsmith_sdk::Connection;
    /// # async fn example(connection: &Connection) {
    /// // The mission has failed: once a second until the vehicle returns, lands, or somebody else has it.
    /// while connection.command_return() {
    ///     let until_s = connection.vehicle_time_s() + 1.0;
    ///     while connection.vehicle_time_s() < until_s && connection.silent_s().is_finite() {
    ///         connection.next_step().await;
    ///     }
    /// }
    /// # }
    /// ```
    pub fn command_return(&self) -> bool {
        self.link().with(|core| {
            let (Some(peer), Some(mode)) = (core.peer, core.telemetry.mode()) else {
                return false;
            };
            let returning = autopilot::custom_modes(peer.autopilot, Mode::Return);
            let landing = autopilot::custom_modes(peer.autopilot, Mode::Land);
            if !core.telemetry.armed() || returning.contains(&mode) || landing.contains(&mode) {
                return false;
            }
            if !core.authority.may_send() {
                return false;
            }
            let now = core.clock.now_us();
            core.authority.expect(returning, true, Some(mode), now);
            // Whoever brings the vehicle home keeps the heartbeats going; the mission itself has ended.
            core.progress.end();
            let params = autopilot::set_mode_params(peer.autopilot, returning[0]);
            core.send_command(&Request::new(command::DO_SET_MODE, params), 0).is_ok()
        })
    }

    /// Whether the vehicle is in a mode that this program commands in flight (take-off, set-points): where it is in another
    /// one, a pilot or a failsafe has it.
    ///
    /// ```
    /// use flightsmith_sdk::Connection;
    /// fn is_still_ours(connection: &Connection) -> bool {
    ///     connection.in_commanded_mode() && connection.has_authority()
    /// }
    /// # assert!(!is_still_ours(&Connection::new()));
    /// ```
    pub fn in_commanded_mode(&self) -> bool {
        self.link().with(|core| {
            let (Some(peer), Some(mode)) = (core.peer, core.telemetry.mode()) else {
                return false;
            };
            [Mode::TakeOff, Mode::Guided]
                .into_iter()
                .any(|wanted| autopilot::custom_modes(peer.autopilot, wanted).contains(&mode))
        })
    }
}

impl Core {
    /// For a mission that has stalled: a take-off that is a mode of its own (PX4) goes on to its height whoever is there, so the
    /// autopilot is told to hold, at every beat until it does. ArduPilot's is given up with its set-points.
    pub(crate) fn end_take_off(&mut self) {
        let (Some(peer), Some(mode)) = (self.peer, self.telemetry.mode()) else { return };
        let [take_off, ..] = autopilot::custom_modes(peer.autopilot, Mode::TakeOff);
        let [hold, ..] = autopilot::custom_modes(peer.autopilot, Mode::Hold);
        if mode != take_off || mode == hold || !self.telemetry.armed() || !self.authority.may_send() {
            return;
        }
        let now = self.clock.now_us();
        let params = autopilot::set_mode_params(peer.autopilot, hold);
        if self.send_command(&Request::new(command::DO_SET_MODE, params), 0).is_ok() {
            self.late_acks.expect(command::DO_SET_MODE.command as u16, 1, now);
        }
    }
}
