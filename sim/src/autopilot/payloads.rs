//! Camera, gripper and servos, where the vehicle file declares them.
use super::Craft;
use super::commands::{Command, cmd};
use crate::truth::TruthEvent;
use crate::wire::{Payload as Fields, messages as m, messages::result};
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::vehicle::{Autopilot, Payload, Vehicle};

/// MAV_COMP_ID_CAMERA.
const CAMERA_COMPONENT: u8 = 100;
/// From the command to the shutter, microseconds.
const SHUTTER_US: u64 = 200_000;
/// PX4 acknowledges its gripper after PD_GRIPPER_TO.
const GRIPPER_US: u64 = 1_040_000;

/// The output that a declared gripper is on, and its pulses.
pub const GRIPPER_OUTPUT: usize = 10;
const GRABBED_US: u16 = 1900;
const RELEASED_US: u16 = 1100;

/// State of what is carried.
#[derive(Debug, Clone)]
pub struct Payloads {
    declared: Vec<Payload>,
    servo_us: [u16; 16],
    images: u16,
    shots: Vec<u64>,
    gripper_ack: Option<(u64, Command)>,
    /// A gripper takes off with its load and lets go of it once; opening an open gripper releases nothing.
    gripper_holds: bool,
}

impl Payloads {
    /// As the vehicle file declares.
    pub fn new(vehicle: &Vehicle) -> Self {
        let mut servo_us = [0; 16];
        if vehicle.payloads.contains(&Payload::Gripper) {
            servo_us[GRIPPER_OUTPUT - 1] = GRABBED_US;
        }
        Self {
            declared: vehicle.payloads.clone(),
            servo_us,
            images: 0,
            shots: Vec::with_capacity(8),
            gripper_ack: None,
            gripper_holds: true,
        }
    }
    /// Pulse width on output `channel` (1 to 16), microseconds.
    pub fn pwm(&self, channel: u8) -> u16 {
        self.servo_us.get(usize::from(channel).wrapping_sub(1)).copied().unwrap_or(0)
    }
    fn has(&self, payload: &Payload) -> bool {
        self.declared.contains(payload)
    }
    fn servo(&self, channel: u8) -> Option<Payload> {
        self.declared.iter().copied().find(|p| matches!(p, Payload::Servo { channel: c, .. } if *c == channel))
    }
}

impl Craft {
    fn release(&mut self, payload: Payload) {
        let position = self.true_position();
        self.events.push(TruthEvent::Released { payload, position });
    }
    /// Payload commands: acknowledges them itself and says whether `command` was one.
    pub fn handle_payload_command(&mut self, command: &Command) -> bool {
        let ardupilot = self.kind == Autopilot::ArduPilot;
        let camera = self.payloads.has(&Payload::Camera);
        // PX4's camera is a component of its own.
        let for_camera = ardupilot || matches!(command.target_component, 0 | CAMERA_COMPONENT);
        match command.id {
            cmd::IMAGE_START_CAPTURE | cmd::DO_DIGICAM_CONTROL => {
                let shoot = command.id == cmd::IMAGE_START_CAPTURE || command.p[4] >= 1.0;
                let refused = if ardupilot { result::FAILED } else { result::UNSUPPORTED };
                let outcome = if camera && for_camera && (ardupilot || command.id == cmd::IMAGE_START_CAPTURE) {
                    if shoot {
                        self.schedule_shots(command);
                    }
                    result::ACCEPTED
                } else {
                    refused
                };
                self.answer_payload(command, outcome, camera && !ardupilot);
            }
            cmd::IMAGE_STOP_CAPTURE if camera && for_camera => {
                self.payloads.shots.clear();
                self.answer_payload(command, result::ACCEPTED, !ardupilot);
            }
            cmd::REQUEST_CAMERA_INFORMATION | cmd::REQUEST_MESSAGE
                if camera && for_camera && self.is_camera_request(command) =>
            {
                self.answer_payload(command, result::ACCEPTED, !ardupilot);
                let id = if command.id == cmd::REQUEST_CAMERA_INFORMATION {
                    m::CAMERA_INFORMATION
                } else {
                    command.p[0] as u32
                };
                let payload = self.compose_camera(id);
                self.send_from_camera(id, &payload);
            }
            cmd::DO_GRIPPER => self.gripper(command),
            cmd::DO_SET_SERVO => {
                let (channel, pulse_us) = (command.p[0] as u8, command.p[1] as u16);
                let outcome = match self.payloads.servo(channel) {
                    Some(payload) => {
                        self.set_servo(payload, channel, pulse_us);
                        result::ACCEPTED
                    }
                    None if ardupilot => {
                        self.say(m::severity::INFO, &format!("ServoRelayEvent: Channel {channel} is already in use"));
                        result::FAILED
                    }
                    None => result::UNSUPPORTED,
                };
                self.acknowledge(command, Some(outcome));
            }
            cmd::DO_SET_ACTUATOR if !ardupilot => {
                let servo = self.payloads.declared.iter().copied().find_map(|payload| match payload {
                    Payload::Servo { channel, .. } => Some((payload, channel)),
                    _ => None,
                });
                if let (Some((payload, channel)), true) = (servo, command.p[0].is_finite()) {
                    self.set_servo(payload, channel, (1500.0 + 500.0 * command.p[0].clamp(-1.0, 1.0)) as u16);
                }
                self.acknowledge(command, Some(result::ACCEPTED));
            }
            _ => return false,
        }
        true
    }
    fn is_camera_request(&self, command: &Command) -> bool {
        let asked = command.p[0] as u32;
        command.id == cmd::REQUEST_CAMERA_INFORMATION
            || matches!(asked, m::CAMERA_INFORMATION | m::CAMERA_CAPTURE_STATUS)
    }
    fn set_servo(&mut self, payload: Payload, channel: u8, pulse_us: u16) {
        let slot = usize::from(channel).wrapping_sub(1);
        let before = self.payloads.pwm(channel);
        if let Some(output) = self.payloads.servo_us.get_mut(slot) {
            *output = pulse_us;
        }
        if let Payload::Servo { release_us, .. } = payload
            && pulse_us.abs_diff(release_us) <= 5
            && before.abs_diff(release_us) > 5
        {
            self.release(payload);
        }
    }
    fn gripper(&mut self, command: &Command) {
        let declared = self.payloads.has(&Payload::Gripper);
        let opens = command.p[1] == 0.0;
        if declared && opens && self.payloads.gripper_holds {
            self.release(Payload::Gripper);
        }
        self.payloads.gripper_holds = !opens;
        if declared {
            self.payloads.servo_us[GRIPPER_OUTPUT - 1] = if opens { RELEASED_US } else { GRABBED_US };
        }
        if self.kind == Autopilot::Px4 {
            // Recorded: accepted with or without a gripper, in progress first and done a second later.
            let ack = m::command_ack(command.id, 5, command.by.system, command.by.component);
            self.reply(command.link, m::COMMAND_ACK, &ack);
            self.payloads.gripper_ack = Some((self.now_us + GRIPPER_US, *command));
            return;
        }
        let outcome = if declared { result::ACCEPTED } else { result::FAILED };
        if declared {
            let text = if command.p[1] == 0.0 { "Gripper load releasing" } else { "Gripper load grabbing" };
            self.say(m::severity::INFO, text);
        }
        self.acknowledge(command, Some(outcome));
    }
    fn schedule_shots(&mut self, command: &Command) {
        let (interval_s, count) = match command.id {
            cmd::IMAGE_START_CAPTURE => (command.p[1].max(0.0), command.p[2].max(0.0)),
            _ => (0.0, 1.0),
        };
        // A count of 0 means "until stopped"; a thousand pictures is as long as a battery lasts.
        let count = if count == 0.0 && interval_s > 0.0 { 1000 } else { count.max(1.0) as u64 };
        for shot in 0..count.min(1000) {
            let at_us = self.now_us + SHUTTER_US + (interval_s * 1e6) as u64 * shot;
            self.payloads.shots.push(at_us);
        }
    }
    fn answer_payload(&mut self, command: &Command, outcome: u8, from_camera: bool) {
        if !from_camera {
            self.acknowledge(command, Some(outcome));
            return;
        }
        self.events.push(TruthEvent::Command { by: command.by, command: command.id, result: Some(outcome) });
        let ack = m::command_ack(command.id, outcome, command.by.system, command.by.component);
        let now_us = self.now_us;
        if let Some(link) = self.links.get_mut(command.link) {
            link.send(now_us, CAMERA_COMPONENT, m::COMMAND_ACK, &ack);
        }
    }
    fn send_from_camera(&mut self, id: u32, payload: &Fields) {
        let now_us = self.now_us;
        // ArduPilot speaks for its camera itself.
        let component = if self.kind == Autopilot::ArduPilot { 1 } else { CAMERA_COMPONENT };
        for link in &mut self.links {
            link.send(now_us, component, id, payload);
        }
    }
    fn compose_camera(&self, id: u32) -> Fields {
        let boot_ms = (self.now_us / 1000) as u32;
        if id == m::CAMERA_CAPTURE_STATUS {
            let busy = u8::from(!self.payloads.shots.is_empty());
            return Fields::new()
                .u32(boot_ms)
                .f32(0.0)
                .u32(0)
                .f32(10_000.0)
                .u8(busy)
                .u8(0)
                .i32(i32::from(self.payloads.images));
        }
        const CAN_CAPTURE_IMAGE: u32 = 2;
        Fields::new()
            .u32(boot_ms)
            .u32(1)
            .f32s(&[8.0, 6.2, 4.6])
            .u32(CAN_CAPTURE_IMAGE)
            .u16(4000)
            .u16(3000)
            .u16(0)
            .text("flightsmith", 32)
            .text("simulated camera", 32)
            .u8(0)
            .repeat(0, 140)
    }
    /// Takes pictures that are due, acknowledges the gripper, and lets PX4's camera beat its heart.
    pub fn tick_payloads(&mut self) {
        if let Some((due_us, command)) = self.payloads.gripper_ack
            && self.now_us >= due_us
        {
            self.payloads.gripper_ack = None;
            self.acknowledge(&command, Some(result::ACCEPTED));
        }
        while let Some(slot) = self.payloads.shots.iter().position(|due_us| *due_us <= self.now_us) {
            self.payloads.shots.swap_remove(slot);
            self.take_picture();
        }
        let camera = self.kind == Autopilot::Px4 && self.payloads.has(&Payload::Camera);
        if camera && self.every(1_000_000) {
            const TYPE_CAMERA: u8 = 30;
            let beat = Fields::new().u32(0).u8(TYPE_CAMERA).u8(8).u8(0).u8(4).u8(3);
            self.send_from_camera(m::HEARTBEAT, &beat);
        }
    }
    fn take_picture(&mut self) {
        self.payloads.images += 1;
        let index = self.payloads.images;
        let position = self.true_position();
        self.events.push(TruthEvent::Photo { position });
        let global = self.to_global(self.estimator.position);
        let (Altitude::Amsl(amsl_m) | Altitude::AboveHome(amsl_m)) = global.altitude;
        let (lat, lon) = ((global.lat_deg * 1e7) as i32, (global.lon_deg * 1e7) as i32);
        if self.kind == Autopilot::ArduPilot {
            let (roll, pitch, yaw) = self.estimator.attitude.euler();
            let payload = Fields::new()
                .u64(self.now_us)
                .i32(lat)
                .i32(lon)
                .f32(amsl_m)
                .f32(self.height_m())
                .f32s(&[roll.to_degrees(), pitch.to_degrees(), yaw.to_degrees().rem_euclid(360.0)])
                .f32(0.0)
                .u16(index)
                .u8(1)
                .u8(0)
                .u8(0)
                .u16(index);
            self.broadcast(m::CAMERA_FEEDBACK, &payload);
            return;
        }
        let payload = Fields::new()
            .u64(1_767_225_600_000_000 + self.now_us)
            .u32((self.now_us / 1000) as u32)
            .i32(lat)
            .i32(lon)
            .i32((amsl_m * 1000.0) as i32)
            .i32((self.height_m() * 1000.0) as i32)
            .f32s(&self.estimator.attitude.0)
            .i32(i32::from(index) - 1)
            .u8(1)
            .i8(1);
        self.send_from_camera(m::CAMERA_IMAGE_CAPTURED, &payload);
    }
}
