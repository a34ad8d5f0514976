//! How PX4 flies each mode: direct set-points in OFFBOARD, shaped motion in the AUTO modes.
use super::{Craft, Mode, Motors, Px4, Wanted};
use crate::autopilot::setpoint::SetPoint;
use crate::autopilot::{Lift, TICK_S};
use crate::control::position::MotionTarget;
use crate::control::shaper::{Limits, Shaper};
use crate::vector::{V3, wrap_pi};
use crate::wire::messages::severity;

/// Spool-up time (COM_SPOOLUP_TIME) before a takeoff can begin, microseconds.
const SPOOL_US: u64 = 1_000_000;
/// From the begin of the takeoff to lift-off: the thrust ramp (MPC_TKO_RAMP_T), microseconds.
const RAMP_US: u64 = 2_800_000;
/// From the begin of the takeoff to "Takeoff detected".
const DETECT_US: u64 = 820_000;

/// Stages of a return.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stage {
    /// To the return altitude.
    Climb,
    /// To above home.
    Cruise,
    /// Down to the ground.
    Land,
}

impl Px4 {
    fn limits(&self, craft: &Craft) -> Limits {
        let get = |name: &str| craft.params.get(name);
        Limits {
            speed: self.cruise_m_s.unwrap_or(get("MPC_XY_CRUISE")).min(get("MPC_XY_VEL_MAX")).max(0.5),
            climb: get("MPC_Z_V_AUTO_UP"),
            descent: get("MPC_Z_V_AUTO_DN"),
            acceleration: get("MPC_ACC_HOR").max(0.5),
            climb_acceleration: get("MPC_ACC_DOWN_MAX").max(0.5),
            jerk: get("MPC_JERK_AUTO").max(1.0),
        }
    }
    /// Prepares the mode just entered.
    pub(super) fn enter_mode(&mut self, craft: &mut Craft) {
        let (position, velocity) = (craft.estimator.position, craft.estimator.velocity);
        self.shaper = Shaper::start(position, velocity);
        // Where braking at the automatic modes' deceleration ends.
        let speed = velocity.norm_xy();
        let reach = if speed > 0.3 { speed / (2.0 * 2.2) + 0.35 } else { 0.0 };
        self.hold = position + V3([velocity[0] * reach, velocity[1] * reach, 0.0]);
        if let Mode::LOITER = self.mode
            && self.takeoff_down_m < 0.0
            && (position[2] - self.takeoff_down_m).abs() < 1.0
        {
            self.hold[2] = self.takeoff_down_m;
        }
        self.takeoff_down_m = 0.0;
        self.repositioned = false;
        self.stage = Stage::Climb;
        if self.mode == Mode::RTL {
            self.begin_return(craft);
        }
    }
    fn begin_return(&mut self, craft: &mut Craft) {
        let home = craft.home.unwrap_or(V3::ZERO);
        let height = home[2] - craft.estimator.position[2];
        let away = craft.from_home().norm_xy();
        let wanted = if away > craft.params.get("RTL_MIN_DIST") {
            craft.params.get("RTL_RETURN_ALT")
        } else {
            craft.params.get("RTL_DESCEND_ALT").min(height.max(2.0))
        };
        let height = wanted.max(height);
        self.takeoff_down_m = home[2] - height;
        let amsl = craft.site.altitude_amsl_m - home[2] + height;
        if craft.armed {
            craft.say(severity::INFO, &format!("RTL: start return at {amsl:.0} m ({height:.0} m above destination)"));
        }
    }
    /// Sets the takeoff's target, m down in the estimator's frame.
    pub(super) fn aim_takeoff(&mut self, down_m: f64) {
        self.takeoff_down_m = down_m;
    }
    /// Sends the vehicle to a place (DO_REPOSITION).
    pub(super) fn reposition(&mut self, goal: V3, yaw_rad: Option<f64>) {
        self.hold = goal;
        self.repositioned = true;
        if let Some(yaw_rad) = yaw_rad {
            self.yaw_rad = yaw_rad;
        }
    }
    /// Whether the present OFFBOARD set-point asks to go down.
    pub(super) fn setpoint_points_down(&self, craft: &Craft) -> bool {
        self.motion_wanted().is_some_and(|setpoint| {
            setpoint.position[2].is_some_and(|down| down > craft.estimator.position[2] + 0.3)
                || setpoint.velocity.is_some_and(|v| setpoint.position[2].is_none() && v[2] > 0.1)
        })
    }
    fn motion_wanted(&self) -> Option<&SetPoint> {
        match &self.setpoint {
            Some(Wanted::Motion(setpoint)) => Some(setpoint),
            Some(Wanted::Attitude(_)) | None => None,
        }
    }
    fn wants_to_lift(&self, craft: &Craft) -> bool {
        match self.mode {
            Mode::TAKEOFF => true,
            // Recorded: arming in AUTO.MISSION starts the flight at once.
            Mode::MISSION => self.mission_lifts(craft),
            // Recorded: a reposition while armed on the ground takes off.
            Mode::LOITER => self.repositioned && self.hold[2] < craft.estimator.position[2] - 0.5,
            Mode::OFFBOARD => self.motion_wanted().is_some_and(|setpoint| {
                setpoint.position[2].is_some_and(|down| down < craft.estimator.position[2] - 0.3)
                    || setpoint.velocity.is_some_and(|v| v[2] < -0.1)
            }),
            _ => false,
        }
    }
    /// One tick of flight.
    pub(super) fn flight_tick(&mut self, craft: &mut Craft) {
        if !craft.armed {
            craft.motors = Motors::Off;
            self.yaw_rad = craft.estimator.attitude.yaw();
            return;
        }
        if !self.airborne && craft.motors != Motors::Flying {
            craft.motors = Motors::Idle;
            if !self.on_the_ground(craft) {
                return;
            }
        }
        if self.ground_since_us.is_some_and(|since_us| craft.now_us >= since_us + 300_000) {
            // Touched down: the throttle goes to idle while the land detector makes sure.
            craft.motors = Motors::Idle;
            return;
        }
        let limits = self.limits(craft);
        match self.mode {
            Mode::OFFBOARD => self.offboard(craft),
            Mode::TAKEOFF => self.takeoff(craft, limits),
            Mode::MISSION => self.fly_mission(craft, limits),
            Mode::LAND => self.land(craft, limits, self.hold),
            Mode::RTL => self.go_home(craft, limits),
            Mode::DESCEND => self.descend(craft, limits),
            _ => {
                let goal = self.hold;
                self.auto(craft, [Some(goal[0]), Some(goal[1]), Some(goal[2])], V3::ZERO, &limits);
            }
        }
    }
    /// Armed on the ground; `true` once it lifts off.
    fn on_the_ground(&mut self, craft: &mut Craft) -> bool {
        if !self.wants_to_lift(craft) {
            self.lift_us = None;
            return false;
        }
        let begin_us = *self.lift_us.get_or_insert((craft.armed_us + SPOOL_US).max(craft.now_us));
        if !self.takeoff_told && craft.now_us >= begin_us + DETECT_US {
            self.takeoff_told = true;
            craft.say(severity::INFO, "Takeoff detected");
        }
        if craft.now_us < begin_us + RAMP_US {
            return false;
        }
        self.shaper = Shaper::start(craft.estimator.position, V3::ZERO);
        if self.mode != Mode::LOITER {
            self.hold = craft.estimator.position;
        }
        true
    }
    fn takeoff(&mut self, craft: &mut Craft, mut limits: Limits) {
        let lifted_us = self.lift_us.map_or(0, |begin_us| begin_us + RAMP_US);
        let since_s = craft.now_us.saturating_sub(lifted_us) as f64 * 1e-6;
        let fastest = craft.params.get("MPC_TKO_SPEED").max(0.3);
        limits.climb = if self.lift_us.is_some() { (1.1 + 0.07 * since_s).min(fastest) } else { limits.climb };
        limits.climb_acceleration = 1.0;
        let at = self.hold;
        let down = self.takeoff_down_m;
        self.auto(craft, [Some(at[0]), Some(at[1]), Some(down)], V3::ZERO, &limits);
        if craft.estimator.position[2] - down < craft.params.get("NAV_MC_ALT_RAD") * 0.9 {
            // Done: Hold by itself, at the height that was asked for.
            self.lift_us = None;
            self.intend(Mode::LOITER);
            let shaper = self.shaper;
            self.fly_mode(craft, Mode::LOITER, None);
            self.shaper = shaper;
            self.hold = V3([at[0], at[1], down]);
        }
    }
    fn land_rate(&self, craft: &Craft) -> f64 {
        let get = |name: &str| craft.params.get(name);
        let (fast, slow) = (get("MPC_Z_V_AUTO_DN"), get("MPC_LAND_SPEED"));
        let (high, low) = (get("MPC_LAND_ALT1"), get("MPC_LAND_ALT2"));
        let height = craft.height_m();
        if height < 0.7 {
            get("MPC_LAND_CRWL")
        } else {
            let share = ((height - low) / (high - low).max(0.1)).clamp(0.0, 1.0);
            slow + (fast - slow) * share
        }
    }
    fn land(&mut self, craft: &mut Craft, mut limits: Limits, spot: V3) {
        limits.climb_acceleration = 2.0;
        let rate = self.land_rate(craft);
        self.auto(craft, [Some(spot[0]), Some(spot[1]), None], V3([0.0, 0.0, rate]), &limits);
    }
    fn go_home(&mut self, craft: &mut Craft, limits: Limits) {
        let home = craft.home.unwrap_or(V3::ZERO);
        let (spot, down) = (self.hold, self.takeoff_down_m);
        let position = craft.estimator.position;
        let descend_down = home[2] - craft.params.get("RTL_DESCEND_ALT");
        match self.stage {
            Stage::Climb => {
                self.auto(craft, [Some(spot[0]), Some(spot[1]), Some(down)], V3::ZERO, &limits);
                if (position[2] - down).abs() < craft.params.get("NAV_MC_ALT_RAD") {
                    self.stage = Stage::Cruise;
                }
            }
            Stage::Cruise => {
                self.face(craft, home - position);
                self.auto(craft, [Some(home[0]), Some(home[1]), Some(down)], V3::ZERO, &limits);
                if craft.from_home().norm_xy() < craft.params.get("NAV_ACC_RAD").min(6.0) {
                    self.stage = Stage::Land;
                    craft.say(severity::INFO, "RTL: land at destination");
                }
            }
            Stage::Land => {
                // Above RTL_DESCEND_ALT straight down at the automatic rate while closing in, below it a landing.
                let mut limits = limits;
                limits.climb_acceleration = 2.0;
                let rate = if position[2] < descend_down { limits.descent } else { self.land_rate(craft) };
                self.auto(craft, [Some(home[0]), Some(home[1]), None], V3([0.0, 0.0, rate]), &limits);
            }
        }
    }
    /// Down without a position: level, at the landing speed.
    fn descend(&mut self, craft: &mut Craft, limits: Limits) {
        let rate = self.land_rate(craft);
        let velocity = craft.estimator.velocity;
        let motion = MotionTarget {
            position: [None; 3],
            velocity: V3([velocity[0], velocity[1], rate]),
            acceleration: V3::ZERO,
            speed_max: f64::INFINITY,
            climb_max: limits.climb,
            descent_max: limits.descent,
        };
        craft.fly(motion, self.yaw_rad, 0.0);
    }
    fn face(&mut self, craft: &Craft, direction: V3) {
        if direction.norm_xy() < 3.0 {
            return;
        }
        let goal = libm::atan2(direction[1], direction[0]);
        let step = craft.params.get("MPC_YAWRAUTO_MAX").to_radians() * TICK_S;
        self.yaw_rad = wrap_pi(self.yaw_rad + wrap_pi(goal - self.yaw_rad).clamp(-step, step));
    }
    /// Towards a waypoint, nose first (MPC_YAW_MODE 0).
    pub(super) fn towards(&mut self, craft: &mut Craft, goal: V3, limits: &Limits) {
        self.face(craft, goal - craft.estimator.position);
        self.auto(craft, [Some(goal[0]), Some(goal[1]), Some(goal[2])], V3::ZERO, limits);
    }
    fn auto(&mut self, craft: &mut Craft, target: [Option<f64>; 3], velocity: V3, limits: &Limits) {
        if self.mode == Mode::LOITER
            && let [Some(north), Some(east), _] = target
        {
            // MPC_YAW_MODE 0: towards the waypoint.
            let position = craft.estimator.position;
            self.face(craft, V3([north - position[0], east - position[1], 0.0]));
        }
        self.shaper.tick(target, velocity, limits, TICK_S);
        let motion = craft.shaped(&self.shaper, limits, 1.0);
        craft.fly(motion, self.yaw_rad, 0.0);
    }
    /// OFFBOARD: the set-point goes to the controllers unshaped.
    fn offboard(&mut self, craft: &mut Craft) {
        let setpoint = match self.setpoint {
            Some(Wanted::Motion(setpoint)) => setpoint,
            Some(Wanted::Attitude(target)) => {
                self.hold = craft.estimator.position;
                self.yaw_rad = target.attitude.yaw();
                craft.fly_attitude(target.attitude, target.yaw_rate, Lift::Share(target.thrust));
                return;
            }
            None => {
                let at = self.hold;
                let limits = self.limits(craft);
                self.auto(craft, [Some(at[0]), Some(at[1]), Some(at[2])], V3::ZERO, &limits);
                return;
            }
        };
        self.hold = craft.estimator.position;
        let position = setpoint.position;
        // An acceleration alone is flown as it is, from whatever velocity there is.
        let alone = position == [None; 3] && setpoint.velocity.is_none();
        let velocity = if alone { craft.estimator.velocity } else { setpoint.velocity.unwrap_or(V3::ZERO) };
        let mut yaw_rate = 0.0;
        if let Some(yaw_rad) = setpoint.yaw_rad {
            self.yaw_rad = yaw_rad;
        } else if let Some(rate) = setpoint.yaw_rate {
            yaw_rate = rate;
            let now = craft.estimator.attitude.yaw();
            let lead = wrap_pi(self.yaw_rad - now).clamp(-0.3, 0.3);
            self.yaw_rad = wrap_pi(now + lead + rate * TICK_S);
        }
        let motion = MotionTarget {
            position,
            velocity,
            acceleration: setpoint.acceleration.unwrap_or(V3::ZERO),
            speed_max: craft.params.get("MPC_XY_VEL_MAX"),
            climb_max: craft.params.get("MPC_Z_VEL_MAX_UP"),
            descent_max: craft.params.get("MPC_Z_VEL_MAX_DN"),
        };
        craft.fly(motion, self.yaw_rad, yaw_rate);
    }
}
