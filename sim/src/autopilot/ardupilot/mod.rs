//! ArduCopter as recorded: boot, arming and its refusals, modes, failsafes. Flight in each mode is in `flight`, answers to
//! commands in `commanding`, failsafes in `failsafe`.
mod auto;
mod commanding;
mod failsafe;
mod flight;

use super::{Craft, Landed, Motors};
use crate::control::AttitudeGains;
use crate::control::position::PositionGains;
use crate::control::shaper::Shaper;
use crate::truth::Sender;
use crate::vector::V3;
use crate::wire::messages::severity;
use flight::{Guided, Heading, Return};

/// When GUIDED can arm after a cold boot, microseconds of vehicle time (recorded 41.4 s).
pub const ARMABLE_US: u64 = 41_400_000;
/// Where a warm start begins, microseconds.
pub const WARM_START_US: u64 = 40_980_000;

/// Gains tuned against `ap_step_response`.
pub const ATTITUDE_GAINS: AttitudeGains =
    AttitudeGains { tilt_p: 6.0, rate_p: 18.0, yaw_p: 3.2, yaw_rate_p: 6.0, yaw_rate_max: 2.6, tilt_rate_max: 3.8 };
/// Gains tuned against `ap_step_response`.
pub const POSITION_GAINS: PositionGains = PositionGains {
    position_p: 1.0,
    braking: 2.5,
    height_p: 1.0,
    velocity_p: 2.0,
    velocity_i: 0.5,
    velocity_d: 0.1,
    climb_p: 4.0,
    climb_i: 1.0,
    tilt_max: std::f64::consts::FRAC_PI_6,
    acceleration_max: f64::INFINITY,
};

/// Modes by number.
#[expect(missing_docs, reason = "ArduCopter's own names")]
pub mod mode {
    pub const STABILIZE: u32 = 0;
    pub const ACRO: u32 = 1;
    pub const ALT_HOLD: u32 = 2;
    pub const AUTO: u32 = 3;
    pub const GUIDED: u32 = 4;
    pub const LOITER: u32 = 5;
    pub const RTL: u32 = 6;
    pub const CIRCLE: u32 = 7;
    pub const LAND: u32 = 9;
    pub const SPORT: u32 = 13;
    pub const POSHOLD: u32 = 16;
    pub const BRAKE: u32 = 17;
    pub const THROW: u32 = 18;
    pub const GUIDED_NOGPS: u32 = 20;
    pub const SMART_RTL: u32 = 21;
}

/// Mode numbers with ArduCopter's capital names and the names that its texts use.
const MODES: [(u32, &str, &str); 25] = [
    (0, "STABILIZE", "Stabilize"),
    (1, "ACRO", "Acro"),
    (2, "ALT_HOLD", "Altitude Hold"),
    (3, "AUTO", "Auto"),
    (4, "GUIDED", "Guided"),
    (5, "LOITER", "Loiter"),
    (6, "RTL", "RTL"),
    (7, "CIRCLE", "Circle"),
    (9, "LAND", "Land"),
    (11, "DRIFT", "Drift"),
    (13, "SPORT", "Sport"),
    (14, "FLIP", "Flip"),
    (15, "AUTOTUNE", "Autotune"),
    (16, "POSHOLD", "Position Hold"),
    (17, "BRAKE", "Brake"),
    (18, "THROW", "Throw"),
    (19, "AVOID_ADSB", "Avoid ADSB"),
    (20, "GUIDED_NOGPS", "Guided No GPS"),
    (21, "SMART_RTL", "Smart RTL"),
    (22, "FLOWHOLD", "Flow Hold"),
    (23, "FOLLOW", "Follow"),
    (24, "ZIGZAG", "ZigZag"),
    (25, "SYSTEMID", "System ID"),
    (26, "AUTOROTATE", "Autorotate"),
    (27, "AUTO_RTL", "Auto RTL"),
];

/// The mode called `name` (any case), if ArduCopter has it.
pub fn mode_by_name(name: &str) -> Option<u32> {
    MODES.iter().find(|(_, capital, _)| capital.eq_ignore_ascii_case(name)).map(|(number, _, _)| *number)
}

/// Texts of a cold boot with their recorded times in microseconds.
const BOOT_TEXTS: [(u64, u8, &str); 19] = [
    (20_000, 7, "RCInput: decoding UDP (Pulses)"),
    (220_000, 6, "Calibrating barometer"),
    (1_820_000, 6, "Barometer 1 calibration complete"),
    (1_820_000, 6, "Barometer 2 calibration complete"),
    (2_440_000, 6, "ArduPilot Ready"),
    (2_440_000, 6, "AHRS: DCM active"),
    (2_740_000, 6, "RC7: SaveWaypoint LOW"),
    (4_440_000, 6, "EKF3 IMU0 initialised"),
    (4_440_000, 6, "EKF3 IMU1 initialised"),
    (4_440_000, 6, "AHRS: EKF3 active"),
    (5_780_000, 6, "EKF3 IMU0 tilt alignment complete"),
    (5_880_000, 6, "EKF3 IMU0 MAG0 initial yaw alignment complete"),
    (9_780_000, 6, "GPS 1: probing for u-blox at 230400 baud"),
    (9_800_000, 6, "GPS 1: detected u-blox"),
    (19_980_000, 6, "EKF3 IMU0 origin set"),
    (20_040_000, 6, "Field Elevation Set: 488m"),
    (20_180_000, 6, "EKF3 IMU1 origin set"),
    (ARMABLE_US, 6, "EKF3 IMU0 is using GPS"),
    (41_600_000, 6, "EKF3 IMU1 is using GPS"),
];

/// ArduCopter's state on top of the [`Craft`].
#[derive(Debug, Clone)]
pub struct ArduPilot {
    mode: u32,
    guided: Guided,
    going_home: Return,
    heading: Heading,
    shaper: Shaper,
    auto_started: bool,
    landing_from: Option<V3>,
    ground_since_us: Option<u64>,
    airborne: bool,
    boot_text: usize,
    estimator_ok: bool,
    /// Throttle stick of the (simulated) remote control, 0 to 1; recorded SITL has it at the bottom.
    throttle_stick: f64,
    failsafes: failsafe::Failsafes,
    prearm_text_us: u64,
    last_setpoint_us: u64,
}

impl ArduPilot {
    /// Just switched on (or, warm, about to be ready).
    pub fn new(craft: &mut Craft, warm: bool) -> Self {
        // Capacity and voltages of the airframe's own battery; the recorded list is for another one.
        let capacity = craft.world.battery.capacity_mah();
        craft.params.put("BATT_CAPACITY", libm::round(capacity));
        let camera = craft.vehicle.payloads.contains(&flightsmith_mission::vehicle::Payload::Camera);
        let gripper = craft.vehicle.payloads.contains(&flightsmith_mission::vehicle::Payload::Gripper);
        craft.params.put("CAM1_TYPE", f64::from(u8::from(camera)));
        craft.params.put("GRIP_ENABLE", f64::from(u8::from(gripper)));
        let mut this = Self {
            mode: mode::STABILIZE,
            guided: Guided::default(),
            going_home: Return::Climb,
            heading: Heading::Fixed(craft.estimator.attitude.yaw()),
            shaper: Shaper::default(),
            auto_started: false,
            landing_from: None,
            ground_since_us: None,
            airborne: false,
            boot_text: 0,
            estimator_ok: false,
            throttle_stick: 0.0,
            failsafes: failsafe::Failsafes::default(),
            prearm_text_us: 0,
            last_setpoint_us: 0,
        };
        craft.status.mode_name = "STABILIZE";
        if warm {
            craft.now_us = WARM_START_US;
            this.boot_text = BOOT_TEXTS.iter().filter(|(at_us, ..)| *at_us <= WARM_START_US).count();
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
        if craft.every(1_000_000) {
            craft.heartbeat();
        }
        self.prearm_tick(craft);
    }
    fn boot(&mut self, craft: &mut Craft) {
        while let Some((at_us, severity, text)) = BOOT_TEXTS.get(self.boot_text) {
            if craft.now_us < *at_us {
                break;
            }
            self.boot_text += 1;
            if !craft.estimator.gps_fix && *at_us > 10_000_000 {
                continue;
            }
            craft.say(*severity, text);
        }
        if !craft.origin_set && craft.now_us >= 19_980_000 && craft.estimator.gps_fix {
            craft.set_origin();
            for id in [crate::wire::messages::GPS_GLOBAL_ORIGIN, crate::wire::messages::HOME_POSITION] {
                if let Some(payload) = craft.compose(id) {
                    craft.broadcast(id, &payload);
                }
            }
        }
        craft.status.gps_fix_type = if craft.now_us >= 10_000_000 { 6 } else { 0 };
        let lost = craft.estimator.without_gps_s > 7.4;
        self.estimator_ok = craft.now_us >= ARMABLE_US && craft.origin_set && !lost;
    }
    /// Whether the position is good enough for modes that need it.
    fn has_position(&self) -> bool {
        self.estimator_ok
    }
    fn report(&mut self, craft: &mut Craft) {
        let manual = matches!(self.mode, mode::STABILIZE | mode::ACRO | mode::ALT_HOLD | mode::SPORT | mode::THROW);
        let position_lost = !self.has_position() && matches!(self.mode, mode::LAND | mode::RTL);
        let booting = craft.now_us < 3_000_000;
        let guided_bit = if (!manual && !position_lost && craft.origin_set) || booting { 8 } else { 0 };
        let armed_bit = if craft.armed { 128 } else { 0 };
        let status = &mut craft.status;
        status.base_mode = 81 | guided_bit | armed_bit;
        status.custom_mode = self.mode;
        status.intended_mode = self.mode;
        status.system_status = if booting {
            1
        } else if self.failsafes.any() {
            5
        } else if self.airborne {
            4
        } else {
            3
        };
        let flags = if craft.now_us < 5_780_000 {
            1024
        } else if craft.now_us < 20_000_000 {
            0
        } else if self.estimator_ok {
            831
        } else if craft.now_us < ARMABLE_US {
            167
        } else {
            37
        };
        status.estimator_flags = flags;
        const PREARM_CHECK: u32 = 0x1000_0000;
        let ready = craft.now_us >= 23_500_000 && self.failsafes.arming_reason(craft).is_none();
        let status = &mut craft.status;
        let enabled = if craft.armed { 1_398_930_479 } else { 1_382_128_687 };
        let healthy = if ready { 1_467_063_343 | PREARM_CHECK } else { 1_467_063_343 & !PREARM_CHECK };
        status.sensors = [1_399_979_055, enabled, healthy];
        status.charge_state = 1;
        status.landed = if !craft.armed || (craft.motors != Motors::Flying && !self.airborne) {
            Landed::OnGround
        } else if self.guided.is_takeoff() && self.mode == mode::GUIDED {
            Landed::TakingOff
        } else if self.airborne
            && (self.mode == mode::LAND || (self.mode == mode::RTL && self.going_home == Return::Descend))
        {
            Landed::Landing
        } else if self.airborne {
            Landed::InAir
        } else {
            Landed::OnGround
        };
    }
    fn landing_tick(&mut self, craft: &mut Craft) {
        if !craft.armed {
            self.ground_since_us = None;
            self.airborne = false;
            return;
        }
        if !craft.world.on_ground {
            self.airborne = true;
            self.ground_since_us = None;
        } else if self.airborne {
            let since_us = *self.ground_since_us.get_or_insert(craft.now_us);
            if self.ground_since_us == Some(craft.now_us) {
                let speed_m_s = craft.events.iter().find_map(|event| match event {
                    crate::truth::TruthEvent::Touchdown { speed_m_s } => Some(*speed_m_s),
                    _ => None,
                });
                if let Some(speed_m_s) = speed_m_s {
                    craft.say(severity::INFO, &format!("SIM Hit ground at {speed_m_s:.6} m/s"));
                }
            }
            let descending = matches!(self.mode, mode::LAND | mode::RTL | mode::SMART_RTL)
                || (self.mode != mode::GUIDED && self.mode != mode::AUTO && self.throttle_stick < 0.1);
            if descending && craft.now_us >= since_us + 2_060_000 {
                self.disarm(craft);
            }
        } else {
            // Armed and never flown: DISARM_DELAY; a landing mode does not wait so long.
            let delay_us =
                if self.mode == mode::LAND { 500_000 } else { (craft.params.get("DISARM_DELAY") * 1e6) as u64 };
            let waiting = craft.motors != Motors::Flying && !self.guided.is_takeoff();
            if waiting && delay_us > 0 && craft.now_us >= craft.armed_us + delay_us {
                self.disarm(craft);
            }
        }
    }
    fn disarm(&mut self, craft: &mut Craft) {
        if craft.armed {
            craft.say(severity::INFO, "Disarming motors");
            craft.set_armed(false);
            self.airborne = false;
            self.guided = Guided::default();
        }
    }
    /// Why GUIDED or a similar mode cannot arm now.
    fn refusals(&self, craft: &Craft) -> Vec<String> {
        let mut reasons = Vec::new();
        let name = MODES.iter().find(|(number, ..)| *number == self.mode).map_or("Unknown", |(_, _, text)| *text);
        if craft.now_us < 5_780_000 {
            reasons.push("Accels inconsistent".to_owned());
            reasons.push("EKF attitude is bad".to_owned());
        } else if craft.now_us < 15_000_000 {
            reasons.push("Accels inconsistent".to_owned());
        } else if craft.now_us < 23_500_000 {
            reasons.push("Gyros inconsistent".to_owned());
        }
        if let Some(reason) = self.failsafes.arming_reason(craft) {
            reasons.extend(reason);
        }
        match self.mode {
            mode::LAND | mode::RTL | mode::BRAKE | mode::SMART_RTL => reasons.push(format!("{name} mode not armable")),
            mode::AUTO if craft.mission.items.is_empty() => reasons.push("Mode requires mission".to_owned()),
            mode::AUTO => reasons.push(format!("{name} mode not armable")),
            mode::GUIDED | mode::LOITER | mode::POSHOLD | mode::CIRCLE if !craft.estimator.gps_fix => {
                reasons.push("GPS 1: Bad fix".to_owned());
            }
            mode::GUIDED | mode::LOITER | mode::POSHOLD | mode::CIRCLE if !self.has_position() => {
                reasons.push("Need Position Estimate".to_owned());
            }
            _ => {}
        }
        reasons
    }
    fn prearm_tick(&mut self, craft: &mut Craft) {
        // While disarmed the reasons against arming are repeated every 30 s.
        if craft.armed || craft.now_us < self.prearm_text_us + 30_000_000 || craft.now_us < 30_000_000 {
            return;
        }
        let Some(reasons) = self.failsafes.arming_reason(craft) else {
            return;
        };
        self.prearm_text_us = craft.now_us;
        for reason in reasons {
            craft.say(severity::CRITICAL, &format!("PreArm: {reason}"));
        }
    }
    /// Changes the mode; `Err` with the text that says why not.
    fn change_mode(&mut self, craft: &mut Craft, number: u32, by: Option<Sender>) -> Result<(), String> {
        let Some((_, name, text)) = MODES.iter().find(|(known, ..)| *known == number) else {
            return Err(format!("No such mode {number}"));
        };
        let needs_position = matches!(
            number,
            mode::GUIDED
                | mode::LOITER
                | mode::POSHOLD
                | mode::AUTO
                | mode::RTL
                | mode::SMART_RTL
                | mode::CIRCLE
                | mode::BRAKE
        );
        let position_lost = craft.now_us > ARMABLE_US && !self.has_position();
        let refused = match number {
            14 | 15 | 19 | 22 | 25 | 26 => Some("init failed"),
            23 => {
                craft.say(severity::WARNING, "Set FOLL_ENABLE = 1");
                Some("init failed")
            }
            mode::AUTO | 27 if craft.mission.items.is_empty() && craft.armed => Some("init failed"),
            27 => Some("init failed"),
            _ if needs_position && position_lost && craft.armed => Some("requires position"),
            _ => None,
        };
        if let Some(reason) = refused {
            return Err(format!("Mode change to {text} failed: {reason}"));
        }
        if number == self.mode {
            return Ok(());
        }
        self.mode = number;
        craft.note_mode(name, by);
        self.enter_mode(craft);
        self.report(craft);
        // ArduCopter tells of a mode change at once.
        craft.heartbeat();
        Ok(())
    }
    /// Changes the mode on the pilot's behalf, throttle in the middle.
    pub fn pilot_mode(&mut self, craft: &mut Craft, number: u32) {
        self.throttle_stick = 0.5;
        let pilot = Sender { system: 255, component: 190 };
        if let Err(text) = self.change_mode(craft, number, Some(pilot)) {
            craft.say(severity::WARNING, &text);
        }
    }
}
