//! What is commanded when the mission itself cannot go on: the autopilot's return to launch, without any of the mission's state.
//!
//! Used by the runner after an error or a panic, and by its supervisor process.
use crate::autopilot::{self, Mode};
use crate::command::{self, Request};
use crate::connection::Connection;

impl Connection {
    /// Sends the command for the autopilot's return to launch once, unless a pilot or a failsafe has the vehicle, or it is not
    /// armed, or it is returning or landing already. Says whether it was sent; call it again every second until it is not.
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
