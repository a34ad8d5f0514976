//! ArduCopter's answers to commands and messages, with the results and texts that were recorded.
use super::{ArduPilot, Craft, Motors, mode};
use crate::autopilot::commands::{Command, cmd};
use crate::autopilot::mission_raw::item;
use crate::autopilot::setpoint::{Reading, SetPoint};
use crate::truth::{Sender, TruthEvent};
use crate::vector::V3;
use crate::wire::messages::{self as m, result, severity};
use crate::wire::{Frame, Payload};
use flightsmith_mission::frame::{Altitude, GlobalPosition, Latitude, Longitude};

/// The parameter 2 that arms or disarms by force.
const FORCE: f64 = 21_196.0;

impl ArduPilot {
    /// Handles one received frame.
    pub fn handle(&mut self, craft: &mut Craft, link: usize, frame: &Frame) {
        let by = Sender { system: frame.system, component: frame.component };
        match frame.id {
            m::HEARTBEAT => self.heard_heartbeat(craft, by),
            m::COMMAND_LONG | m::COMMAND_INT => {
                if let Some(command) = Command::read(link, frame) {
                    self.command(craft, &command);
                }
            }
            m::SET_MODE => {
                // Recorded: the old message is obeyed without an ACK.
                self.set_mode(craft, f64::from(frame.u8(5)), frame.u32(0), by);
            }
            m::SET_POSITION_TARGET_LOCAL_NED | m::SET_POSITION_TARGET_GLOBAL_INT => {
                craft.events.push(TruthEvent::SetPoint { by });
                if self.mode == mode::GUIDED {
                    match craft.read_setpoint(frame) {
                        Reading::Usable(setpoint) => self.follow(craft, setpoint),
                        Reading::UnknownFrame(_) | Reading::Unusable => self.follow(craft, SetPoint::stop(by)),
                        Reading::NotForUs => {}
                    }
                }
            }
            m::SET_ATTITUDE_TARGET => {
                craft.events.push(TruthEvent::SetPoint { by });
                if self.mode == mode::GUIDED {
                    match craft.read_attitude(frame) {
                        Some(target) => self.lean(craft, target),
                        None => self.follow(craft, SetPoint::stop(by)),
                    }
                }
            }
            m::REQUEST_DATA_STREAM if frame.is_for_us(2) => data_stream(craft, link, frame),
            m::TERRAIN_CHECK => {
                // As recorded: no terrain data aboard, which a spacing of 0 says; the height is above sea level then.
                let (lat, lon) = (frame.i32(0), frame.i32(4));
                let height_m = craft.site.altitude_amsl_m + craft.height_m();
                let report = Payload::new().i32(lat).i32(lon).f32(0.0).f32(height_m).u16(0).u16(504).u16(0);
                craft.reply(link, m::TERRAIN_REPORT, &report);
            }
            RC_CHANNELS_OVERRIDE => {
                let throttle = frame.u16(4);
                if throttle != 0 && throttle != u16::MAX {
                    self.throttle_stick = ((f64::from(throttle) - 1000.0) / 1000.0).clamp(0.0, 1.0);
                }
            }
            _ => {
                craft.handle_shared(link, frame);
            }
        }
    }
    fn set_mode(&mut self, craft: &mut Craft, base_mode: f64, number: u32, by: Sender) -> u8 {
        const CUSTOM_MODE_ENABLED: u8 = 1;
        if base_mode as u8 & CUSTOM_MODE_ENABLED == 0 {
            return result::DENIED;
        }
        match self.change_mode(craft, number, Some(by)) {
            Ok(()) => result::ACCEPTED,
            Err(text) => {
                let severity = severity::WARNING;
                craft.say(severity, &text);
                result::FAILED
            }
        }
    }
    fn command(&mut self, craft: &mut Craft, command: &Command) {
        if craft.handle_payload_command(command) {
            return;
        }
        let outcome = match craft.answer_request(command) {
            Some(outcome) => outcome,
            None => self.decide(craft, command),
        };
        craft.acknowledge(command, Some(outcome));
        if craft.reboots {
            craft.reboot();
        }
    }
    fn decide(&mut self, craft: &mut Craft, command: &Command) -> u8 {
        let p = &command.p;
        let by = command.by;
        match command.id {
            cmd::DO_SET_MODE => self.set_mode(craft, p[0], p[1] as u32, by),
            cmd::COMPONENT_ARM_DISARM if p[0] == 1.0 => self.arm(craft, p[1] == FORCE),
            cmd::COMPONENT_ARM_DISARM if p[0] == 0.0 => {
                let up = self.airborne && self.ground_since_us.is_none();
                let in_flight = craft.armed && (up || self.guided.is_takeoff());
                if in_flight && p[1] != FORCE {
                    return result::FAILED;
                }
                self.disarm(craft);
                result::ACCEPTED
            }
            cmd::NAV_TAKEOFF => self.takeoff(craft, command),
            cmd::NAV_VTOL_TAKEOFF => result::FAILED,
            cmd::NAV_LAND => self.switch(craft, mode::LAND, by),
            cmd::NAV_RETURN_TO_LAUNCH => self.switch(craft, mode::RTL, by),
            cmd::NAV_LOITER_UNLIM => self.switch(craft, mode::LOITER, by),
            cmd::MISSION_START => self.mission_start(craft, by),
            cmd::CONDITION_YAW => {
                if self.mode == mode::GUIDED && self.airborne {
                    let sign = if p[2] < 0.0 { -1.0 } else { 1.0 };
                    let now = craft.attitude_target.yaw_rad;
                    let goal = if p[3] == 1.0 { now + sign * p[0].to_radians() } else { p[0].to_radians() };
                    self.turn(goal);
                }
                result::ACCEPTED
            }
            // Accepted, and ignored by GUIDED position targets, as recorded.
            cmd::DO_CHANGE_SPEED | cmd::DO_SET_ROI | cmd::DO_SET_RELAY | cmd::RUN_PREARM_CHECKS => result::ACCEPTED,
            cmd::DO_PAUSE_CONTINUE => self.pause_or_continue(craft, p[0] == 0.0),
            cmd::DO_SET_HOME => {
                craft.home = Some(if p[0] == 1.0 { craft.estimator.position } else { V3::ZERO });
                if let Some(payload) = craft.compose(m::HOME_POSITION) {
                    craft.broadcast(m::HOME_POSITION, &payload);
                }
                result::ACCEPTED
            }
            cmd::DO_REPOSITION => self.reposition(craft, command),
            cmd::DO_MOUNT_CONTROL => result::FAILED,
            cmd::DO_FENCE_ENABLE => match p[0] as i32 {
                0 | 1 => {
                    craft.params.put("FENCE_ENABLE", p[0]);
                    result::ACCEPTED
                }
                _ => result::FAILED,
            },
            cmd::DO_FLIGHTTERMINATION => {
                if p[0] != 1.0 {
                    return result::FAILED;
                }
                self.disarm(craft);
                result::ACCEPTED
            }
            cmd::DO_SET_MISSION_CURRENT => {
                if p[0] < 0.0 || p[0] >= f64::from(craft.mission.count()) {
                    return result::DENIED;
                }
                craft.mission.current = p[0] as u16;
                result::ACCEPTED
            }
            cmd::PREFLIGHT_CALIBRATION => {
                if craft.armed {
                    craft.say(severity::NOTICE, "Disarm to allow compass calibration");
                    return result::FAILED;
                }
                result::ACCEPTED
            }
            cmd::PREFLIGHT_REBOOT_SHUTDOWN if craft.armed => result::FAILED,
            cmd::PREFLIGHT_REBOOT_SHUTDOWN if p[0] == 1.0 || p[0] == 3.0 => {
                craft.reboots = true;
                let started = self.change_mode(craft, mode::STABILIZE, None);
                debug_assert!(started.is_ok(), "STABILIZE needs nothing");
                result::ACCEPTED
            }
            42_424 => result::FAILED,
            _ => result::UNSUPPORTED,
        }
    }
    fn switch(&mut self, craft: &mut Craft, number: u32, by: Sender) -> u8 {
        self.set_mode(craft, 1.0, number, by)
    }
    fn arm(&mut self, craft: &mut Craft, forced: bool) -> u8 {
        if craft.armed {
            return result::ACCEPTED;
        }
        let reasons = if forced { Vec::new() } else { self.refusals(craft) };
        if !reasons.is_empty() {
            for reason in reasons {
                craft.say(severity::CRITICAL, &format!("Arm: {reason}"));
            }
            return result::FAILED;
        }
        craft.say(severity::INFO, "Arming motors");
        craft.set_armed(true);
        craft.motors = Motors::Idle;
        self.airborne = false;
        self.enter_mode(craft);
        if craft.origin_set {
            // Home is where it is armed.
            craft.home = Some(craft.estimator.position);
            for id in [m::GPS_GLOBAL_ORIGIN, m::HOME_POSITION] {
                if let Some(payload) = craft.compose(id) {
                    craft.broadcast(id, &payload);
                }
            }
        }
        result::ACCEPTED
    }
    fn takeoff(&mut self, craft: &mut Craft, command: &Command) -> u8 {
        let armed_mode = matches!(self.mode, mode::GUIDED | mode::LOITER | mode::POSHOLD | mode::ALT_HOLD);
        // A repeated command is accepted until it lifts off: ArduCopter asks its land detector.
        let flying = self.airborne || self.guided.lifts_by(craft.now_us);
        let height_m = match (command.int, command.frame) {
            (true, 0 | 5) => command.p[6] - craft.site.altitude_amsl_m,
            _ => command.p[6],
        };
        let position = self.mode != mode::GUIDED || self.has_position();
        if !craft.armed || !armed_mode || flying || height_m < 0.0 || !height_m.is_finite() || !position {
            return result::FAILED;
        }
        if height_m > 0.0 {
            self.begin_takeoff(craft, height_m);
        }
        result::ACCEPTED
    }
    /// AUTO pauses on the way to a waypoint only; GUIDED holds its place anyway.
    fn pause_or_continue(&mut self, craft: &mut Craft, pause: bool) -> u8 {
        let on_the_way = self.airborne && craft.current_item().is_some_and(|next| next.command == item::WAYPOINT);
        match self.mode {
            mode::GUIDED => result::ACCEPTED,
            mode::AUTO if !pause || on_the_way => {
                craft.mission.paused = pause;
                result::ACCEPTED
            }
            _ => result::FAILED,
        }
    }
    fn mission_start(&mut self, craft: &mut Craft, by: Sender) -> u8 {
        if craft.mission.items.is_empty() && craft.armed {
            craft.say(severity::WARNING, "Mode change to Auto failed: init failed");
            return result::FAILED;
        }
        let outcome = self.switch(craft, mode::AUTO, by);
        self.auto_started = craft.armed && self.mode == mode::AUTO;
        outcome
    }
    fn reposition(&mut self, craft: &mut Craft, command: &Command) -> u8 {
        const CHANGE_MODE: u32 = 1;
        if !command.int {
            return result::UNSUPPORTED;
        }
        let p = &command.p;
        if self.mode != mode::GUIDED && p[1] as u32 & CHANGE_MODE == 0 {
            return result::DENIED;
        }
        let global = GlobalPosition::at(Latitude(p[4] * 1e-7), Longitude(p[5] * 1e-7), Altitude::Amsl(p[6]));
        let mut goal = craft.to_local(&global);
        if matches!(command.frame, 3 | 6 | 10 | 11) {
            goal[2] = craft.home.map_or(0.0, |home| home[2]) - p[6];
        }
        if self.fence_refuses(craft, goal) {
            return result::FAILED;
        }
        if self.mode != mode::GUIDED
            && let Err(text) = self.change_mode(craft, mode::GUIDED, Some(command.by))
        {
            craft.say(severity::WARNING, &text);
            return result::FAILED;
        }
        self.follow(
            craft,
            SetPoint {
                by: command.by,
                position: [Some(goal[0]), Some(goal[1]), Some(goal[2])],
                velocity: None,
                acceleration: None,
                yaw_rad: None,
                yaw_rate: None,
            },
        );
        result::ACCEPTED
    }
}

const RC_CHANNELS_OVERRIDE: u32 = 70;

/// REQUEST_DATA_STREAM: the old way to ask for groups of messages at one rate.
fn data_stream(craft: &mut Craft, link: usize, frame: &Frame) {
    const GROUPS: [(u8, &[u32]); 7] = [
        (1, &[m::RAW_IMU, m::SCALED_IMU2, m::SCALED_PRESSURE]),
        (
            2,
            &[
                m::SYS_STATUS,
                m::POWER_STATUS,
                m::MEMINFO,
                m::MISSION_CURRENT,
                m::GPS_RAW_INT,
                m::NAV_CONTROLLER_OUTPUT,
                m::EXTENDED_SYS_STATE,
                m::POSITION_TARGET_GLOBAL_INT,
            ],
        ),
        (3, &[m::SERVO_OUTPUT_RAW, m::RC_CHANNELS]),
        (6, &[m::GLOBAL_POSITION_INT, m::LOCAL_POSITION_NED]),
        (10, &[m::ATTITUDE, m::AHRS]),
        (11, &[m::VFR_HUD]),
        (12, &[m::WIND, m::SYSTEM_TIME, m::BATTERY_STATUS, m::EKF_STATUS_REPORT, m::VIBRATION, m::DISTANCE_SENSOR]),
    ];
    let rate_hz = f64::from(frame.u16(0));
    let (group, start) = (frame.u8(4), frame.u8(5) == 1);
    let interval_us = if start && rate_hz > 0.0 { (1e6 / rate_hz) as u64 } else { 0 };
    let now_us = craft.now_us;
    let Some(link) = craft.links.get_mut(link) else {
        return;
    };
    for (number, ids) in GROUPS {
        if group == 0 || group == number {
            for id in ids {
                link.set_interval(*id, interval_us, now_us);
            }
        }
    }
}
