//! The autopilot: what both flavours share. [`Craft`] holds the flying machine with its links and parameters; `ardupilot` and
//! `px4` decide modes, arming, refusals and failsafes as recorded; `streams` composes telemetry; `mission_raw` speaks the
//! mission-item protocol.
pub mod ardupilot;
pub mod commands;
pub mod link;
pub mod mission_raw;
pub mod params;
pub mod payloads;
pub mod px4;
pub mod setpoint;
pub mod streams;

use crate::control::position::{MotionTarget, PositionControl};
use crate::control::shaper::{Limits, Shaper};
use crate::control::{AttitudeControl, AttitudeTarget};
use crate::physics::{STEP_S, World};
use crate::sensors::Estimator;
use crate::truth::{Sender, TruthEvent};
use crate::vector::{Quat, V3};
use crate::wire::{Payload, messages};
use flightsmith_mission::frame::{GlobalPosition, PositionNed};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::raw::position_ned;
use flightsmith_mission::vehicle::{Autopilot, Vehicle};
use link::Link;
use mission_raw::MissionRaw;
use params::Params;
use payloads::Payloads;

/// Length of a tick in microseconds of vehicle time.
pub const TICK_US: u64 = 20_000;
/// Length of a tick in seconds.
pub const TICK_S: f64 = 0.02;

/// What the motors do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Motors {
    /// Stopped.
    Off,
    /// Turning on the ground without lift.
    Idle,
    /// Under control.
    Flying,
}

/// What lifts a vehicle that holds an attitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lift {
    /// A climb rate, m/s, upwards.
    Climb(f64),
    /// A share of all thrust, 0 to 1.
    Share(f64),
}

/// MAV_LANDED_STATE as the autopilot reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landed {
    /// On the ground.
    OnGround = 1,
    /// In the air.
    InAir = 2,
    /// Taking off.
    TakingOff = 3,
    /// Landing.
    Landing = 4,
}

/// What the telemetry says about the autopilot's state; the flavours keep it up to date.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// MAV_MODE_FLAG bits.
    pub base_mode: u8,
    /// Autopilot-specific mode.
    pub custom_mode: u32,
    /// The mode that was asked for, where a failsafe flies another.
    pub intended_mode: u32,
    /// MAV_STATE.
    pub system_status: u8,
    /// Mode by the autopilot's own name.
    pub mode_name: &'static str,
    /// Landed state.
    pub landed: Landed,
    /// EKF_STATUS_REPORT (ArduPilot) or ESTIMATOR_STATUS (PX4) flags.
    pub estimator_flags: u16,
    /// SYS_STATUS sensor bits: present, enabled, healthy.
    pub sensors: [u32; 3],
    /// GPS fix type; 0 before the receiver has been found.
    pub gps_fix_type: u8,
    /// MAV_BATTERY_CHARGE_STATE.
    pub charge_state: u8,
    /// Waypoint distance for NAV_CONTROLLER_OUTPUT, m.
    pub waypoint_distance_m: f64,
}

/// The machine and its links: everything that is the same for both flavours.
#[derive(Debug, Clone)]
pub struct Craft {
    /// Flavour.
    pub kind: Autopilot,
    /// Its file.
    pub vehicle: Vehicle,
    /// Vehicle time, microseconds since it was switched on.
    pub now_us: u64,
    /// Vehicle time of its last reboot, microseconds: its own clock counts from there.
    pub booted_us: u64,
    /// It was told to reboot, and does so when it has answered.
    pub reboots: bool,
    /// Where the simulated world's origin lies.
    pub site: Home,
    /// Physics.
    pub world: World,
    /// Belief.
    pub estimator: Estimator,
    /// Inner loops.
    pub attitude_control: AttitudeControl,
    /// Outer loops.
    pub position_control: PositionControl,
    /// What the inner loops hold.
    pub attitude_target: AttitudeTarget,
    /// What the outer loops hold.
    pub motion: MotionTarget,
    /// Motors.
    pub motors: Motors,
    /// Motors may turn.
    pub armed: bool,
    /// When it was armed.
    pub armed_us: u64,
    /// Home in the estimator's frame, once set.
    pub home: Option<V3>,
    /// The estimator has an origin.
    pub origin_set: bool,
    /// Parameters.
    pub params: Params,
    /// Links; index 0 is the mission's.
    pub links: Vec<Link>,
    /// Telemetry state.
    pub status: Status,
    /// Mission items and their transfer.
    pub mission: MissionRaw,
    /// Camera, gripper, servos.
    pub payloads: Payloads,
    /// Events of this tick.
    pub events: Vec<TruthEvent>,
    text_id: u16,
}

/// Parts that a [`Craft`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// Vehicle file.
    pub vehicle: Vehicle,
    /// Flavour.
    pub kind: Autopilot,
    /// Where the world's origin lies.
    pub site: Home,
    /// Physics.
    pub world: World,
    /// Belief.
    pub estimator: Estimator,
    /// Inner loops.
    pub attitude_control: AttitudeControl,
    /// Outer loops.
    pub position_control: PositionControl,
    /// The mission's link.
    pub link: Link,
}

impl Craft {
    /// Switched on, standing at home.
    pub fn new(parts: Parts) -> Self {
        let mut params = Params::new(parts.kind, &parts.vehicle.required_params);
        if parts.vehicle.payloads.contains(&flightsmith_mission::vehicle::Payload::Gripper) {
            let (name, function) = match parts.kind {
                Autopilot::ArduPilot => ("SERVO10_FUNCTION", 28.0),
                Autopilot::Px4 => ("PWM_MAIN_FUNC10", 430.0),
            };
            params.put(name, function);
        }
        Self {
            kind: parts.kind,
            payloads: Payloads::new(&parts.vehicle),
            vehicle: parts.vehicle,
            now_us: 0,
            booted_us: 0,
            reboots: false,
            site: parts.site,
            world: parts.world,
            estimator: parts.estimator,
            attitude_control: parts.attitude_control,
            position_control: parts.position_control,
            attitude_target: AttitudeTarget::REST,
            motion: MotionTarget {
                position: [None; 3],
                velocity: V3::ZERO,
                acceleration: V3::ZERO,
                speed_max: 0.0,
                climb_max: 0.0,
                descent_max: 0.0,
            },
            motors: Motors::Off,
            armed: false,
            armed_us: 0,
            home: None,
            origin_set: false,
            params,
            links: vec![parts.link],
            status: Status {
                base_mode: 0,
                custom_mode: 0,
                intended_mode: 0,
                system_status: 0,
                mode_name: "",
                landed: Landed::OnGround,
                estimator_flags: 0,
                sensors: [0; 3],
                gps_fix_type: 0,
                charge_state: 1,
                waypoint_distance_m: 0.0,
            },
            mission: MissionRaw::default(),
            events: Vec::with_capacity(16),
            text_id: 0,
        }
    }
    /// Vehicle time in seconds.
    pub fn now_s(&self) -> f64 {
        self.now_us as f64 * 1e-6
    }
    /// Whether this tick is a multiple of `period_us`.
    pub fn every(&self, period_us: u64) -> bool {
        self.now_us % period_us < TICK_US
    }
    /// Height above home as the autopilot believes it, m.
    pub fn height_m(&self) -> f64 {
        self.home.map_or(0.0, |home| home[2]) - self.estimator.position[2]
    }
    /// Vector from home to the vehicle as believed, m NED.
    pub fn from_home(&self) -> V3 {
        self.estimator.position - self.home.unwrap_or(V3::ZERO)
    }
    /// An estimator-frame position as WGS84.
    pub fn to_global(&self, position: V3) -> GlobalPosition {
        let at = position + self.estimator.origin_error();
        self.site.to_global(&position_ned(at.0))
    }
    /// WGS84 as an estimator-frame position.
    pub fn to_local(&self, position: &GlobalPosition) -> V3 {
        let at = self.site.to_ned(position);
        V3([at.north_m, at.east_m, at.down_m]) - self.estimator.origin_error()
    }
    /// The true position.
    pub fn true_position(&self) -> PositionNed {
        let at = self.world.position;
        position_ned(at.0)
    }
    /// Sends to every link.
    pub fn broadcast(&mut self, id: u32, payload: &Payload) {
        for link in &mut self.links {
            link.send(self.now_us, 1, id, payload);
        }
    }
    /// Sends to one link.
    pub fn reply(&mut self, link: usize, id: u32, payload: &Payload) {
        if let Some(link) = self.links.get_mut(link) {
            link.send(self.now_us, 1, id, payload);
        }
    }
    /// A text to every link; PX4 ends its texts with a tab and cuts long ones into chunks.
    pub fn say(&mut self, severity: u8, text: &str) {
        let text = match self.kind {
            Autopilot::ArduPilot => text.to_owned(),
            Autopilot::Px4 => format!("{text}\t"),
        };
        if text.len() <= 50 {
            self.broadcast(messages::STATUSTEXT, &messages::statustext(severity, &text, 0, 0));
            return;
        }
        self.text_id = self.text_id.wrapping_add(1).max(1);
        let id = self.text_id;
        for (chunk, part) in text.as_bytes().chunks(50).enumerate() {
            let part = std::str::from_utf8(part).unwrap_or("");
            self.broadcast(messages::STATUSTEXT, &messages::statustext(severity, part, id, chunk as u8));
        }
    }
    /// Sends a heartbeat to every link now.
    pub fn heartbeat(&mut self) {
        let payload = self.heartbeat_payload();
        self.broadcast(messages::HEARTBEAT, &payload);
    }
    /// Marks the motors armed.
    pub fn set_armed(&mut self, armed: bool) {
        if armed == self.armed {
            return;
        }
        self.armed = armed;
        if armed {
            self.armed_us = self.now_us;
            self.events.push(TruthEvent::Armed);
        } else {
            self.motors = Motors::Off;
            self.attitude_target = AttitudeTarget::REST;
            self.events.push(TruthEvent::Disarmed);
        }
    }
    /// Where it stands becomes the estimator's origin, and home.
    pub fn set_origin(&mut self) {
        self.estimator.set_origin_here();
        self.origin_set = true;
        self.home = Some(V3::ZERO);
    }
    /// The motion that `shaper` asks for; the outer loops may exceed its limits by so much, m/s vertically.
    fn shaped(&self, shaper: &Shaper, limits: &Limits, vertical_spare_m_s: f64) -> MotionTarget {
        MotionTarget {
            position: shaper.position.0.map(Some),
            velocity: shaper.velocity,
            acceleration: shaper.acceleration,
            speed_max: limits.speed.max(self.estimator.velocity.norm_xy()) + 2.0,
            climb_max: limits.climb + vertical_spare_m_s,
            descent_max: limits.descent + vertical_spare_m_s,
        }
    }
    /// Notes a mode change.
    pub fn note_mode(&mut self, mode: &'static str, by: Option<Sender>) {
        self.status.mode_name = mode;
        self.events.push(TruthEvent::Mode { mode, by });
    }
    /// Flies `motion` at heading `yaw_rad` for this tick.
    pub fn fly(&mut self, motion: MotionTarget, yaw_rad: f64, yaw_rate: f64) {
        if self.motors != Motors::Flying {
            self.position_control.reset(self.estimator.velocity);
            self.attitude_control.reset();
            self.motors = Motors::Flying;
        }
        self.motion = motion;
        let frame = self.world.airframe();
        let (mass_kg, max_n) = (frame.mass_kg, 4.0 * frame.max_thrust_n);
        let estimator = &self.estimator;
        let mut target =
            self.position_control.tick(&motion, estimator.position, estimator.velocity, mass_kg, max_n, TICK_S);
        target.yaw_rad = yaw_rad;
        target.yaw_rate = yaw_rate;
        self.attitude_target = target;
    }
    /// Holds `attitude` for this tick.
    pub fn fly_attitude(&mut self, attitude: Quat, yaw_rate: f64, lift: Lift) {
        let up = -attitude.down_axis();
        let frame = self.world.airframe();
        let (mass_kg, max_n) = (frame.mass_kg, 4.0 * frame.max_thrust_n);
        let velocity = self.estimator.velocity;
        let thrust_n = match lift {
            Lift::Share(share) => share * max_n,
            Lift::Climb(climb_m_s) => {
                let motion = MotionTarget {
                    position: [None; 3],
                    velocity: V3([velocity[0], velocity[1], -climb_m_s]),
                    acceleration: V3::ZERO,
                    speed_max: f64::INFINITY,
                    climb_max: f64::INFINITY,
                    descent_max: f64::INFINITY,
                };
                let level =
                    self.position_control.tick(&motion, self.estimator.position, velocity, mass_kg, max_n, TICK_S);
                // The same lift from a leaning thrust.
                (level.thrust_n * -level.up[2] / (-up[2]).max(0.5)).min(max_n)
            }
        };
        self.motors = Motors::Flying;
        self.motion.position = [None; 3];
        self.attitude_target = AttitudeTarget { up, thrust_n, yaw_rad: attitude.yaw(), yaw_rate };
    }
    /// Reboots a disarmed autopilot: two seconds of silence, a clock that starts anew, and the rates of a fresh link. What takes longer
    /// on a real one (sensors, estimator) is ready at once.
    pub fn reboot(&mut self) {
        const SILENT_US: u64 = 2_000_000;
        self.booted_us = self.now_us;
        self.reboots = false;
        let now_us = self.now_us;
        for link in &mut self.links {
            link.forget_rates(now_us + SILENT_US);
        }
    }
    /// Advances physics by one tick.
    pub fn advance(&mut self) {
        let steps = (TICK_S / STEP_S) as usize;
        let idle_n = 0.05 * self.world.airframe().max_thrust_n;
        for _ in 0..steps {
            let command = match self.motors {
                Motors::Off => [0.0; 4],
                Motors::Idle => [idle_n; 4],
                Motors::Flying => {
                    self.estimator.fast(&self.world);
                    self.attitude_control.step(&self.attitude_target, self.estimator.attitude, self.estimator.rates)
                }
            };
            self.world.step(&command);
        }
        if let Some(speed_m_s) = self.world.touchdown_m_s.take() {
            self.events.push(TruthEvent::Touchdown { speed_m_s });
        }
        self.now_us += TICK_US;
        self.estimator.tick(&self.world, TICK_S);
    }
}
