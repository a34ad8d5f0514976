//! Commands as they arrive, and the requests that both flavours answer alike up to their result codes.
use super::Craft;
use crate::truth::{Sender, TruthEvent};
use crate::wire::{Frame, Payload, messages as m, messages::result};
use flightsmith_mission::vehicle::Autopilot;

/// COMMAND_LONG or COMMAND_INT.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Command {
    /// Link that it came by.
    pub link: usize,
    /// Sender.
    pub by: Sender,
    /// MAV_CMD.
    pub id: u16,
    /// Parameters 1 to 7; 5 and 6 of a COMMAND_INT in its own scaling.
    pub p: [f64; 7],
    /// Came as COMMAND_INT.
    pub int: bool,
    /// MAV_FRAME of a COMMAND_INT.
    pub frame: u8,
    /// Addressed component.
    pub target_component: u8,
}

impl Command {
    /// Decodes, if it is for this vehicle.
    pub fn read(link: usize, frame: &Frame) -> Option<Self> {
        let int = frame.id == m::COMMAND_INT;
        if !frame.is_for_us(30) {
            return None;
        }
        let mut p = [0.0; 7];
        for (index, value) in p.iter_mut().enumerate() {
            *value =
                if int && (4..6).contains(&index) { f64::from(frame.i32(index * 4)) } else { frame.f32(index * 4) };
        }
        Some(Self {
            link,
            by: Sender { system: frame.system, component: frame.component },
            id: frame.u16(28),
            p,
            int,
            frame: if int { frame.u8(32) } else { 3 },
            target_component: frame.u8(31),
        })
    }
}

/// MAV_CMD numbers.
pub mod cmd {
    #![expect(missing_docs, reason = "the names are MAVLink's own")]
    pub const NAV_LOITER_UNLIM: u16 = 17;
    pub const NAV_RETURN_TO_LAUNCH: u16 = 20;
    pub const NAV_LAND: u16 = 21;
    pub const NAV_TAKEOFF: u16 = 22;
    pub const NAV_VTOL_TAKEOFF: u16 = 84;
    pub const CONDITION_YAW: u16 = 115;
    pub const DO_SET_MODE: u16 = 176;
    pub const DO_CHANGE_SPEED: u16 = 178;
    pub const DO_SET_HOME: u16 = 179;
    pub const DO_SET_RELAY: u16 = 181;
    pub const DO_SET_SERVO: u16 = 183;
    pub const DO_FLIGHTTERMINATION: u16 = 185;
    pub const DO_SET_ACTUATOR: u16 = 187;
    pub const DO_REPOSITION: u16 = 192;
    pub const DO_PAUSE_CONTINUE: u16 = 193;
    pub const DO_SET_ROI: u16 = 201;
    pub const DO_DIGICAM_CONTROL: u16 = 203;
    pub const DO_MOUNT_CONTROL: u16 = 205;
    pub const DO_FENCE_ENABLE: u16 = 207;
    pub const DO_GRIPPER: u16 = 211;
    pub const DO_SET_MISSION_CURRENT: u16 = 224;
    pub const PREFLIGHT_CALIBRATION: u16 = 241;
    pub const PREFLIGHT_REBOOT_SHUTDOWN: u16 = 246;
    pub const MISSION_START: u16 = 300;
    pub const COMPONENT_ARM_DISARM: u16 = 400;
    pub const RUN_PREARM_CHECKS: u16 = 401;
    pub const GET_HOME_POSITION: u16 = 410;
    pub const DO_INJECT_FAILURE: u16 = 420;
    pub const GET_MESSAGE_INTERVAL: u16 = 510;
    pub const SET_MESSAGE_INTERVAL: u16 = 511;
    pub const REQUEST_MESSAGE: u16 = 512;
    pub const REQUEST_AUTOPILOT_CAPABILITIES: u16 = 520;
    pub const REQUEST_CAMERA_INFORMATION: u16 = 521;
    pub const DO_GIMBAL_MANAGER_PITCHYAW: u16 = 1000;
    pub const IMAGE_START_CAPTURE: u16 = 2000;
    pub const IMAGE_STOP_CAPTURE: u16 = 2001;
}

impl Craft {
    /// Answers a command with `result` (`None`: not at all, as some autopilots do) and notes it.
    pub fn acknowledge(&mut self, command: &Command, result: Option<u8>) {
        self.events.push(TruthEvent::Command { by: command.by, command: command.id, result });
        if let Some(result) = result {
            let ack = m::command_ack(command.id, result, command.by.system, command.by.component);
            self.reply(command.link, m::COMMAND_ACK, &ack);
        }
    }
    /// Message requests and rates; `None` where the command is none of these. The answer to a request follows its ACK in
    /// ArduPilot and PX4 alike.
    pub fn answer_request(&mut self, command: &Command) -> Option<u8> {
        let ardupilot = self.kind == Autopilot::ArduPilot;
        let id = command.p[0] as u32;
        let link = command.link;
        Some(match command.id {
            cmd::SET_MESSAGE_INTERVAL => {
                if self.compose_known(id) {
                    let interval_us = command.p[1];
                    let now_us = self.now_us;
                    let target = self.links.get_mut(link)?;
                    if interval_us < 0.0 {
                        target.set_interval(id, 0, now_us);
                    } else if interval_us == 0.0 {
                        target.default_interval(id, now_us);
                    } else {
                        target.set_interval(id, interval_us as u64, now_us);
                    }
                    result::ACCEPTED
                } else if ardupilot {
                    result::DENIED
                } else {
                    result::FAILED
                }
            }
            cmd::GET_MESSAGE_INTERVAL => {
                let interval = self.links.get(link)?.interval(id).map_or(0, |us| us as i32);
                let payload = Payload::new().i32(interval).u16(id as u16);
                self.reply(link, m::MESSAGE_INTERVAL, &payload);
                result::ACCEPTED
            }
            cmd::REQUEST_MESSAGE => match self.compose(id) {
                Some(payload) => {
                    self.reply(link, id, &payload);
                    result::ACCEPTED
                }
                None if ardupilot => result::FAILED,
                None => result::DENIED,
            },
            cmd::REQUEST_AUTOPILOT_CAPABILITIES if ardupilot => {
                let payload = self.compose(m::AUTOPILOT_VERSION)?;
                self.reply(link, m::AUTOPILOT_VERSION, &payload);
                result::ACCEPTED
            }
            cmd::GET_HOME_POSITION if ardupilot => match self.compose(m::HOME_POSITION) {
                Some(payload) => {
                    self.reply(link, m::HOME_POSITION, &payload);
                    result::ACCEPTED
                }
                None => result::FAILED,
            },
            _ => return None,
        })
    }
    /// Whether `id` is a message that this autopilot can stream.
    fn compose_known(&self, id: u32) -> bool {
        const LATER: [u32; 8] = [
            m::HOME_POSITION,
            m::GPS_GLOBAL_ORIGIN,
            m::LOCAL_POSITION_NED,
            m::GLOBAL_POSITION_INT,
            m::POSITION_TARGET_GLOBAL_INT,
            m::WIND,
            m::WIND_COV,
            m::DISTANCE_SENSOR,
        ];
        LATER.contains(&id)
            || matches!(id, m::BATTERY_STATUS | m::SIMSTATE | m::FENCE_STATUS | m::PING | m::ODOMETRY | m::RAW_IMU)
            || self.compose(id).is_some()
    }
    /// The messages of other protocols that both flavours handle alike; `true` if `frame` was one.
    pub fn handle_shared(&mut self, link: usize, frame: &Frame) -> bool {
        let by = Sender { system: frame.system, component: frame.component };
        match frame.id {
            m::PARAM_REQUEST_LIST if frame.is_for_us(0) => self.start_parameter_list(link),
            m::PARAM_REQUEST_READ if frame.is_for_us(2) => {
                let wanted = frame.i16(0);
                let index = if wanted >= 0 { Some(wanted as usize) } else { self.params.find(frame.text(4, 16)) };
                if let Some(index) = index.filter(|index| *index < self.params.len()) {
                    self.send_parameter(link, index, index as u16);
                }
            }
            m::PARAM_SET if frame.is_for_us(4) => {
                let name = frame.text(6, 16);
                if let Some(index) = self.params.find(name) {
                    let name = name.to_owned();
                    let wire = frame.u32(0).to_le_bytes();
                    let value = self.params.set_from_wire(index, wire, frame.u8(22));
                    self.events.push(TruthEvent::ParameterSet { by, name, value });
                    // ArduPilot announces a change without an index, to everybody.
                    let shown = if self.kind == Autopilot::ArduPilot { u16::MAX } else { index as u16 };
                    for link in 0..self.links.len() {
                        self.send_parameter(link, index, shown);
                    }
                }
            }
            m::TIMESYNC => {
                if frame.i64(0) == 0 {
                    let now_ns = (self.now_us * 1000) as i64;
                    let payload = m::timesync(now_ns, frame.i64(8)).u8(by.system).u8(by.component);
                    self.reply(link, m::TIMESYNC, &payload);
                }
            }
            m::PING => {
                if frame.u8(12) == 0 {
                    let payload = Payload::new().u64(frame.u64(0)).u32(frame.u32(8)).u8(by.system).u8(by.component);
                    self.reply(link, m::PING, &payload);
                }
            }
            _ => return self.handle_mission_raw(link, by, frame),
        }
        true
    }
}
