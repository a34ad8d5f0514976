//! PX4's answers to commands and messages, with the results and texts that were recorded.
use super::{Craft, MODES, Mode, Motors, Px4, Wanted};
use crate::autopilot::commands::{Command, cmd};
use crate::autopilot::setpoint::Reading;
use crate::truth::{Sender, TruthEvent};
use crate::vector::V3;
use crate::wire::Frame;
use crate::wire::messages::{self as m, result, severity};
use flightsmith_mission::frame::{Altitude, GlobalPosition, Latitude, Longitude};

const FORCE: f64 = 21_196.0;
const MAV_TYPE_GCS: u8 = 6;
const MANUAL_CONTROL: u32 = 69;

impl Px4 {
    /// Handles one received frame.
    pub fn handle(&mut self, craft: &mut Craft, link: usize, frame: &Frame) {
        let by = Sender { system: frame.system, component: frame.component };
        match frame.id {
            m::HEARTBEAT => {
                if frame.u8(4) == MAV_TYPE_GCS && self.failsafes.heard(craft.now_us) {
                    craft.say(severity::INFO, "GCS connection regained");
                }
            }
            m::COMMAND_LONG | m::COMMAND_INT => {
                if let Some(command) = Command::read(link, frame) {
                    self.command(craft, &command);
                }
            }
            m::SET_MODE => {
                let custom = frame.u32(0);
                let outcome =
                    self.set_mode(craft, f64::from(frame.u8(5)), (custom >> 16) as u8, (custom >> 24) as u8, by);
                let ack = m::command_ack(cmd::DO_SET_MODE, outcome, by.system, by.component);
                craft.reply(link, m::COMMAND_ACK, &ack);
            }
            m::SET_POSITION_TARGET_LOCAL_NED | m::SET_POSITION_TARGET_GLOBAL_INT => {
                craft.events.push(TruthEvent::SetPoint { by });
                let local = frame.id == m::SET_POSITION_TARGET_LOCAL_NED;
                match craft.read_setpoint(frame) {
                    Reading::Usable(setpoint) => self.take_setpoint(craft, Wanted::Motion(setpoint)),
                    Reading::UnknownFrame(number) => {
                        let text = if local {
                            format!("SET_POSITION_TARGET_LOCAL_NED coordinate frame {number} unsupported")
                        } else {
                            format!("SET_POSITION_TARGET_GLOBAL_INT invalid coordinate frame {number}")
                        };
                        craft.say(severity::CRITICAL, &text);
                    }
                    Reading::Unusable if local => {
                        craft.say(severity::CRITICAL, "SET_POSITION_TARGET_LOCAL_NED invalid")
                    }
                    Reading::Unusable | Reading::NotForUs => {}
                }
            }
            // Sticks from a program stand for a remote control.
            MANUAL_CONTROL if frame.is_for_us(10) => self.remote_control = true,
            m::SET_ATTITUDE_TARGET => {
                craft.events.push(TruthEvent::SetPoint { by });
                if let Some(target) = craft.read_attitude(frame) {
                    self.take_setpoint(craft, Wanted::Attitude(target));
                }
            }
            _ => {
                craft.handle_shared(link, frame);
            }
        }
    }
    fn take_setpoint(&mut self, craft: &Craft, setpoint: Wanted) {
        self.setpoint = Some(setpoint);
        self.setpoint_us = Some(craft.now_us);
    }
    fn set_mode(&mut self, craft: &mut Craft, base_mode: f64, main: u8, sub: u8, by: Sender) -> u8 {
        if base_mode as u8 & 1 == 0 {
            craft.say(severity::CRITICAL, "Unsupported base mode");
            return result::TEMPORARILY_REJECTED;
        }
        // AUTO without a sub mode means Mission.
        let mode = if main == 4 && sub == 0 { Mode::MISSION } else { Mode { main, sub } };
        let known = mode != Mode::DESCEND && MODES.iter().any(|(known, ..)| *known == mode);
        if !known {
            let which = if main == 4 { "Unsupported auto mode" } else { "Unsupported main mode" };
            craft.say(severity::CRITICAL, which);
            return result::TEMPORARILY_REJECTED;
        }
        self.switch(craft, mode, by)
    }
    fn switch(&mut self, craft: &mut Craft, mode: Mode, by: Sender) -> u8 {
        if self.change_mode(craft, mode, Some(by)) {
            return result::ACCEPTED;
        }
        let text = Self::name_of(mode).1;
        craft.say(severity::CRITICAL, &format!("Switching to {text} is currently not available"));
        result::TEMPORARILY_REJECTED
    }
    fn command(&mut self, craft: &mut Craft, command: &Command) {
        if craft.handle_payload_command(command) {
            return;
        }
        if command.target_component > 1 {
            // Not for this component: no answer.
            craft.acknowledge(command, None);
            return;
        }
        let outcome = match craft.answer_request(command) {
            Some(outcome) => Some(outcome),
            None => self.decide(craft, command),
        };
        craft.acknowledge(command, outcome);
        if craft.reboots {
            craft.reboot();
        }
    }
    fn decide(&mut self, craft: &mut Craft, command: &Command) -> Option<u8> {
        let p = &command.p;
        let by = command.by;
        Some(match command.id {
            cmd::DO_SET_MODE => self.set_mode(craft, p[0], p[1] as u8, p[2] as u8, by),
            cmd::COMPONENT_ARM_DISARM if p[0] == 1.0 => self.arm(craft, p[1] == FORCE),
            cmd::COMPONENT_ARM_DISARM if p[0] == 0.0 => {
                let in_flight = craft.armed && (self.airborne || craft.motors == Motors::Flying || self.takeoff_told);
                if in_flight && p[1] != FORCE {
                    craft.say(severity::CRITICAL, "Disarming denied: not landed");
                    return Some(result::TEMPORARILY_REJECTED);
                }
                self.disarm(craft, "Disarmed by external command");
                result::ACCEPTED
            }
            cmd::COMPONENT_ARM_DISARM => {
                craft.say(severity::CRITICAL, &format!("Unsupported ARM_DISARM param: {:.3}", p[0]));
                return None;
            }
            cmd::NAV_TAKEOFF => self.takeoff_command(craft, command),
            cmd::NAV_VTOL_TAKEOFF => result::ACCEPTED,
            cmd::NAV_LAND => {
                craft.say(severity::INFO, "Landing at current position");
                self.switch(craft, Mode::LAND, by)
            }
            cmd::NAV_RETURN_TO_LAUNCH => {
                craft.say(severity::INFO, "Returning to launch");
                self.switch(craft, Mode::RTL, by)
            }
            cmd::DO_REPOSITION => self.reposition_command(craft, command),
            cmd::DO_CHANGE_SPEED => {
                if p[1] > 0.0 && p[0] == 1.0 {
                    self.cruise_m_s = Some(p[1]);
                }
                result::ACCEPTED
            }
            cmd::MISSION_START => {
                if craft.mission.items.is_empty() {
                    craft.say(severity::CRITICAL, "Mission start denied! No valid mission");
                    return Some(result::DENIED);
                }
                self.switch(craft, Mode::MISSION, by)
            }
            cmd::DO_SET_HOME => {
                if p[0] == 1.0 {
                    craft.home = Some(craft.estimator.position);
                }
                result::ACCEPTED
            }
            cmd::DO_SET_ROI | cmd::PREFLIGHT_CALIBRATION | cmd::RUN_PREARM_CHECKS => result::ACCEPTED,
            cmd::DO_INJECT_FAILURE => match (p[0] as i32, p[1] as i32) {
                (4, 1) => {
                    craft.estimator.gps_fix = false;
                    craft.say(severity::WARNING, "Injected: gps off, all instances");
                    result::ACCEPTED
                }
                (4, 0) => {
                    craft.estimator.gps_fix = true;
                    craft.say(severity::WARNING, "Cleared: gps, all instances");
                    result::ACCEPTED
                }
                _ => result::UNSUPPORTED,
            },
            cmd::DO_FLIGHTTERMINATION => {
                if p[0] != 1.0 {
                    return Some(result::DENIED);
                }
                self.disarm(craft, "Disarmed by flight termination");
                result::ACCEPTED
            }
            cmd::PREFLIGHT_REBOOT_SHUTDOWN => {
                if craft.armed {
                    return Some(result::DENIED);
                }
                // 0 does nothing, and is accepted (recorded).
                if p[0] == 1.0 || p[0] == 3.0 {
                    craft.reboots = true;
                    self.fly_mode(craft, Mode::LOITER, None);
                    self.intend(Mode::LOITER);
                }
                result::ACCEPTED
            }
            // Handled by components that do not exist here: no answer at all.
            cmd::DO_MOUNT_CONTROL | cmd::DO_GIMBAL_MANAGER_PITCHYAW => return None,
            _ => result::UNSUPPORTED,
        })
    }
    fn arm(&mut self, craft: &mut Craft, forced: bool) -> u8 {
        if craft.armed {
            return result::ACCEPTED;
        }
        let armable_mode = match self.mode {
            Mode::LOITER | Mode::TAKEOFF => true,
            Mode::OFFBOARD => self.offboard_stream(craft),
            Mode::MISSION => !craft.mission.items.is_empty(),
            mode if mode.manual() => self.remote_control,
            _ => false,
        };
        if !(forced || self.healthy(craft) && armable_mode) {
            craft.say(severity::CRITICAL, "Arming denied: Resolve system health failures first");
            return result::TEMPORARILY_REJECTED;
        }
        craft.say(severity::INFO, "Armed by external command");
        craft.set_armed(true);
        craft.home = Some(craft.estimator.position);
        if let Some(payload) = craft.compose(m::HOME_POSITION) {
            craft.broadcast(m::HOME_POSITION, &payload);
        }
        self.airborne = false;
        self.takeoff_told = false;
        self.lift_us = None;
        self.yaw_rad = craft.estimator.attitude.yaw();
        if self.mode == Mode::TAKEOFF && self.takeoff_down_m == 0.0 {
            self.aim_takeoff(craft.estimator.position[2] - craft.params.get("MIS_TAKEOFF_ALT"));
        }
        result::ACCEPTED
    }
    fn takeoff_command(&mut self, craft: &mut Craft, command: &Command) -> u8 {
        let height_m = craft.params.get("MIS_TAKEOFF_ALT");
        let amsl_m = command.p[6];
        let down_m = if amsl_m.is_finite() {
            let global =
                GlobalPosition::at(Latitude(craft.site.lat_deg), Longitude(craft.site.lon_deg), Altitude::Amsl(amsl_m));
            craft.to_local(&global)[2]
        } else {
            craft.estimator.position[2] - height_m
        };
        if self.mode == Mode::TAKEOFF {
            // A second takeoff only moves the target.
            self.aim_takeoff(down_m);
            return result::ACCEPTED;
        }
        let outcome = self.switch(craft, Mode::TAKEOFF, command.by);
        self.aim_takeoff(down_m);
        outcome
    }
    fn reposition_command(&mut self, craft: &mut Craft, command: &Command) -> u8 {
        let p = &command.p;
        let scale = if command.int { 1e-7 } else { 1.0 };
        let position = craft.estimator.position;
        let given = p[4].is_finite() && p[5].is_finite() && p[4] as i64 != i64::from(i32::MAX);
        let altitude_m = p[6];
        let global = GlobalPosition::at(
            Latitude(p[4] * scale),
            Longitude(p[5] * scale),
            Altitude::Amsl(if altitude_m.is_finite() { altitude_m } else { craft.site.altitude_amsl_m }),
        );
        let mut goal = if given { craft.to_local(&global) } else { position };
        if !altitude_m.is_finite() {
            goal[2] = position[2];
        } else if !given {
            goal[2] = craft.to_local(&GlobalPosition::at(
                Latitude(craft.site.lat_deg),
                Longitude(craft.site.lon_deg),
                Altitude::Amsl(altitude_m),
            ))[2];
        }
        if self.fence_refuses(craft, goal) {
            craft.say(severity::CRITICAL, "Reposition is outside geofence");
            return result::ACCEPTED;
        }
        if self.mode != Mode::LOITER {
            let outcome = self.switch(craft, Mode::LOITER, command.by);
            if outcome != result::ACCEPTED {
                return outcome;
            }
        }
        let yaw_rad = p[3].is_finite().then_some(p[3]);
        if craft.armed {
            self.reposition(V3([goal[0], goal[1], goal[2]]), yaw_rad);
        }
        result::ACCEPTED
    }
}
