//! PX4 multicopter as recorded: boot, modes, arming and its refusals. Flight in each mode is in `flight`, answers to commands
//! in `commanding`, failsafes in `failsafe`.
mod commanding;
mod failsafe;
mod flight;
mod mission;

use super::setpoint::{AttitudePoint, SetPoint};
use super::{Craft, Landed, Motors};
use crate::control::AttitudeGains;
use crate::control::position::PositionGains;
use crate::control::shaper::Shaper;
use crate::truth::Sender;
use crate::vector::V3;
use crate::wire::messages::{self as m, severity};

/// When it can be armed after a cold boot, microseconds of vehicle time (recorded 4.2 s).
pub const ARMABLE_US: u64 = 4_200_000;
/// Where a warm start begins, microseconds.
pub const WARM_START_US: u64 = 4_000_000;
/// First heartbeat after a cold boot.
const FIRST_HEARTBEAT_US: u64 = 1_160_000;

/// Gains tuned against `px4_step_response`.
pub const ATTITUDE_GAINS: AttitudeGains =
    AttitudeGains { tilt_p: 6.5, rate_p: 18.0, yaw_p: 2.8, yaw_rate_p: 6.0, yaw_rate_max: 3.5, tilt_rate_max: 3.8 };
/// Gains tuned against `px4_step_response`.
pub const POSITION_GAINS: PositionGains = PositionGains {
    position_p: 0.95,
    braking: 2.4,
    height_p: 1.0,
    velocity_p: 1.8,
    velocity_i: 0.4,
    velocity_d: 0.2,
    climb_p: 4.0,
    climb_i: 2.0,
    tilt_max: std::f64::consts::FRAC_PI_4,
    acceleration_max: 5.0,
};

/// A mode as PX4 encodes it: main mode in bits 16 to 23, sub mode in bits 24 to 31.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    /// Main mode.
    pub main: u8,
    /// Sub mode of AUTO.
    pub sub: u8,
}

#[expect(missing_docs, reason = "PX4's own names")]
impl Mode {
    pub const OFFBOARD: Mode = Mode { main: 6, sub: 0 };
    pub const TAKEOFF: Mode = Mode { main: 4, sub: 2 };
    pub const LOITER: Mode = Mode { main: 4, sub: 3 };
    pub const MISSION: Mode = Mode { main: 4, sub: 4 };
    pub const RTL: Mode = Mode { main: 4, sub: 5 };
    pub const LAND: Mode = Mode { main: 4, sub: 6 };
    pub const DESCEND: Mode = Mode { main: 4, sub: 20 };
    /// `custom_mode` of HEARTBEAT.
    pub fn custom(self) -> u32 {
        u32::from(self.main) << 16 | u32::from(self.sub) << 24
    }
    /// Flown by a pilot's sticks?
    pub fn manual(self) -> bool {
        matches!(self.main, 1 | 2 | 3 | 5 | 7 | 11)
    }
}

/// Modes with their names here and the names that PX4's texts use.
const MODES: [(Mode, &str, &str); 18] = [
    (Mode { main: 1, sub: 0 }, "MANUAL", "Manual"),
    (Mode { main: 2, sub: 0 }, "ALTCTL", "Altitude"),
    (Mode { main: 3, sub: 0 }, "POSCTL", "Position"),
    (Mode { main: 5, sub: 0 }, "ACRO", "Acro"),
    (Mode::OFFBOARD, "OFFBOARD", "Offboard"),
    (Mode { main: 7, sub: 0 }, "STABILIZED", "Stabilized"),
    (Mode { main: 11, sub: 0 }, "ALTITUDE_CRUISE", "Altitude Cruise"),
    (Mode::TAKEOFF, "AUTO.TAKEOFF", "Takeoff"),
    (Mode::LOITER, "AUTO.LOITER", "Hold"),
    (Mode::MISSION, "AUTO.MISSION", "Mission"),
    (Mode::RTL, "AUTO.RTL", "Return"),
    (Mode::LAND, "AUTO.LAND", "Land"),
    (Mode { main: 4, sub: 8 }, "AUTO.FOLLOW", "Follow Target"),
    (Mode { main: 4, sub: 9 }, "AUTO.PRECLAND", "Precision Landing"),
    (Mode { main: 4, sub: 11 }, "AUTO.EXT1", "External 1"),
    (Mode { main: 4, sub: 12 }, "AUTO.EXT2", "External 2"),
    (Mode { main: 4, sub: 13 }, "AUTO.EXT3", "External 3"),
    (Mode::DESCEND, "AUTO.DESCEND", "Descend"),
];

/// The latest set-point of OFFBOARD.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Wanted {
    /// A position, velocity or acceleration.
    Motion(SetPoint),
    /// An attitude with its thrust.
    Attitude(AttitudePoint),
}

/// PX4's state on top of the [`Craft`].
#[derive(Debug, Clone)]
pub struct Px4 {
    /// The mode being flown.
    mode: Mode,
    /// The mode that was asked for.
    intended: Mode,
    /// The mode that it goes back to when it disarms: the last one asked for that could be armed in, take-off excepted.
    after_disarming: Mode,
    shaper: Shaper,
    yaw_rad: f64,
    hold: V3,
    /// Sent somewhere by DO_REPOSITION since the mode was entered.
    repositioned: bool,
    takeoff_down_m: f64,
    lift_us: Option<u64>,
    takeoff_told: bool,
    stage: flight::Stage,
    setpoint: Option<Wanted>,
    setpoint_us: Option<u64>,
    cruise_m_s: Option<f64>,
    airborne: bool,
    ground_since_us: Option<u64>,
    boot_text: usize,
    remote_control: bool,
    failsafes: failsafe::Failsafes,
}

const BOOT_TEXTS: [(u64, u8, &str); 2] = [
    (2_500_000, 6, "[logger] ./log/2026-11-24/00_00_00.ulg\t"),
    (2_560_000, 2, "Preflight Fail: no heading reference"),
];

impl Px4 {
    /// Just switched on (or, warm, about to be ready).
    pub fn new(craft: &mut Craft, warm: bool) -> Self {
        craft.status.mode_name = "AUTO.LOITER";
        let mut this = Self {
            mode: Mode::LOITER,
            intended: Mode::LOITER,
            after_disarming: Mode::LOITER,
            shaper: Shaper::default(),
            yaw_rad: craft.estimator.attitude.yaw(),
            hold: V3::ZERO,
            repositioned: false,
            takeoff_down_m: 0.0,
            lift_us: None,
            takeoff_told: false,
            stage: flight::Stage::Climb,
            setpoint: None,
            setpoint_us: None,
            cruise_m_s: None,
            airborne: false,
            ground_since_us: None,
            boot_text: 0,
            remote_control: false,
            failsafes: failsafe::Failsafes::default(),
        };
        if warm {
            craft.now_us = WARM_START_US;
            this.boot_text = BOOT_TEXTS.len();
            craft.set_origin();
        }
        this
    }
    /// One tick of decisions, before the physics.
    pub fn tick(&mut self, craft: &mut Craft) {
        self.boot(craft);
        self.failsafe_tick(craft);
        self.flight_tick(craft);
        self.landing_tick(craft);
        self.report(craft);
        // Strictly once a second, whatever happens.
        if craft.now_us >= FIRST_HEARTBEAT_US && (craft.now_us - FIRST_HEARTBEAT_US) % 1_000_000 < super::TICK_US {
            craft.heartbeat();
        }
    }
    fn boot(&mut self, craft: &mut Craft) {
        while let Some((at_us, severity, text)) = BOOT_TEXTS.get(self.boot_text) {
            if craft.now_us < *at_us {
                break;
            }
            self.boot_text += 1;
            craft.broadcast(m::STATUSTEXT, &m::statustext(*severity, text, 0, 0));
        }
        if !craft.origin_set && craft.now_us >= 3_600_000 && craft.estimator.gps_fix {
            craft.set_origin();
        }
        craft.status.gps_fix_type = if craft.now_us >= 600_000 { 3 } else { 0 };
    }
    fn healthy(&self, craft: &Craft) -> bool {
        craft.now_us >= ARMABLE_US && craft.origin_set && self.has_position(craft)
    }
    fn has_position(&self, craft: &Craft) -> bool {
        craft.origin_set && craft.estimator.without_gps_s < 5.2
    }
    fn name_of(mode: Mode) -> (&'static str, &'static str) {
        MODES.iter().find(|(known, ..)| *known == mode).map_or(("UNKNOWN", "Unknown"), |(_, name, text)| (name, text))
    }
    fn report(&mut self, craft: &mut Craft) {
        let armed_bit = if craft.armed { 128 } else { 0 };
        let mode_bits = match self.mode.main {
            4 => 29,
            6 => 17,
            1 | 7 | 5 => 81,
            _ => 81,
        };
        // Recorded: disarmed in OFFBOARD without a stream it is not ready.
        let healthy = self.healthy(craft) && (self.mode != Mode::OFFBOARD || self.offboard_stream(craft));
        let lost_s = craft.estimator.without_gps_s;
        let status = &mut craft.status;
        status.base_mode = armed_bit | mode_bits;
        status.custom_mode = self.mode.custom();
        status.intended_mode = self.intended.custom();
        status.system_status = if craft.armed {
            if self.failsafes.active() { 5 } else { 4 }
        } else if healthy {
            3
        } else {
            0
        };
        status.estimator_flags = if craft.now_us < 3_600_000 {
            0
        } else if lost_s > 8.0 {
            101
        } else if lost_s > 5.0 {
            869
        } else if self.airborne {
            895
        } else {
            1023
        };
        status.sensors = if craft.now_us < 3_000_000 {
            [0, 0, 52_545_599]
        } else if !healthy && !craft.armed {
            [50_380_815, 50_446_351, 52_463_679]
        } else {
            [50_380_847, 50_446_383, 320_915_519]
        };
        status.charge_state = self.failsafes.charge_state();
        let descending = self.mode == Mode::LAND
            || self.mode == Mode::DESCEND
            || (self.mode == Mode::RTL && self.stage == flight::Stage::Land);
        status.landed = if !craft.armed || (!self.airborne && !self.takeoff_told) {
            Landed::OnGround
        } else if self.mode == Mode::TAKEOFF || !self.airborne {
            Landed::TakingOff
        } else if self.ground_since_us.is_some_and(|since_us| craft.now_us >= since_us + 500_000) {
            Landed::OnGround
        } else if descending {
            Landed::Landing
        } else {
            Landed::InAir
        };
    }
    fn landing_tick(&mut self, craft: &mut Craft) {
        if !craft.armed {
            self.airborne = false;
            self.ground_since_us = None;
            return;
        }
        if !craft.world.on_ground {
            self.airborne = true;
            self.ground_since_us = None;
            return;
        }
        if !self.airborne {
            let limit_s = craft.params.get("COM_DISARM_PRFLT");
            let waited = craft.now_us >= craft.armed_us + (limit_s * 1e6) as u64 + 1_000_000;
            if limit_s > 0.0 && waited && craft.motors != Motors::Flying && self.lift_us.is_none() {
                self.disarm(craft, "Disarmed by auto preflight disarming");
            }
            return;
        }
        let wants_down = matches!(self.mode, Mode::LAND | Mode::DESCEND)
            || (self.mode == Mode::RTL && self.stage == flight::Stage::Land)
            || (self.mode == Mode::OFFBOARD && self.setpoint_points_down(craft));
        if !wants_down {
            return;
        }
        let since_us = *self.ground_since_us.get_or_insert(craft.now_us);
        // The land detector needs about a second on the ground.
        let detected_us = since_us + 1_000_000;
        if craft.now_us >= detected_us && craft.now_us < detected_us + super::TICK_US {
            craft.say(severity::INFO, "Landing detected");
        }
        let delay_us = (craft.params.get("COM_DISARM_LAND") * 1e6) as u64;
        if delay_us > 0 && craft.now_us >= detected_us + delay_us {
            self.disarm(craft, "Disarmed by landing");
        }
    }
    fn disarm(&mut self, craft: &mut Craft, text: &str) {
        if !craft.armed {
            return;
        }
        craft.say(severity::INFO, text);
        craft.set_armed(false);
        self.airborne = false;
        self.takeoff_told = false;
        self.lift_us = None;
        self.cruise_m_s = None;
        self.failsafes.landed();
        self.repositioned = false;
        let next = self.after_disarming;
        if next != self.mode {
            self.mode = next;
            craft.note_mode(Self::name_of(next).0, None);
        }
        self.intended = next;
    }
    /// Whether `mode` can be flown now, as armed vehicles are asked.
    fn available(&self, craft: &Craft, mode: Mode) -> bool {
        match mode {
            Mode::OFFBOARD => self.offboard_stream(craft) && self.has_position(craft),
            Mode::MISSION => !craft.mission.items.is_empty() && self.has_position(craft),
            Mode::LOITER | Mode::RTL | Mode::TAKEOFF => self.has_position(craft),
            mode if mode.manual() => self.remote_control && (mode.main != 3 || self.has_position(craft)),
            _ => true,
        }
    }
    fn offboard_stream(&self, craft: &Craft) -> bool {
        let limit_us = (craft.params.get("COM_OF_LOSS_T") * 1e6) as u64;
        self.setpoint_us.is_some_and(|at_us| craft.now_us <= at_us + limit_us)
    }
    /// Changes the mode; `false` where it is not available.
    fn change_mode(&mut self, craft: &mut Craft, mode: Mode, by: Option<Sender>) -> bool {
        if craft.armed && !self.available(craft, mode) {
            return false;
        }
        self.intend(mode);
        self.failsafes.overridden();
        self.fly_mode(craft, mode, by);
        true
    }
    fn intend(&mut self, mode: Mode) {
        self.intended = mode;
        if !matches!(mode, Mode::LAND | Mode::RTL | Mode::TAKEOFF) {
            self.after_disarming = mode;
        }
    }
    /// Flies `mode` from now on, whatever was asked for.
    fn fly_mode(&mut self, craft: &mut Craft, mode: Mode, by: Option<Sender>) {
        if mode == self.mode {
            return;
        }
        self.mode = mode;
        craft.note_mode(Self::name_of(mode).0, by);
        self.enter_mode(craft);
    }
    /// Changes the mode on the pilot's behalf, with a remote control in the pilot's hands.
    pub fn pilot_mode(&mut self, craft: &mut Craft, name: &str) {
        self.remote_control = true;
        let short = name.trim_start_matches("AUTO.");
        let wanted = match short.to_ascii_uppercase().as_str() {
            "HOLD" => "LOITER".to_owned(),
            "POSITION" => "POSCTL".to_owned(),
            "ALTITUDE" => "ALTCTL".to_owned(),
            "RETURN" => "RTL".to_owned(),
            other => other.to_owned(),
        };
        let found = MODES.iter().find(|(_, known, _)| known.trim_start_matches("AUTO.") == wanted);
        if let Some((mode, ..)) = found {
            let pilot = Sender { system: 255, component: 190 };
            self.change_mode(craft, *mode, Some(pilot));
        }
    }
}
