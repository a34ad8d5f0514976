//! How ArduCopter flies each mode: shaped motion towards what the mode wants.
use super::{ArduPilot, Craft, Motors, mode};
use crate::autopilot::{
    Lift, TICK_S,
    setpoint::{AttitudePoint, SetPoint},
};
use crate::control::position::MotionTarget;
use crate::control::shaper::{Limits, Shaper};
use crate::vector::{Quat, V3, wrap_pi};

/// From arming to lift-off, microseconds: arming delay, spool-up and slewed throttle (recorded 3.2 s).
const SPOOL_US: u64 = 3_280_000;
/// From a takeoff command to lift-off when the motors already turn.
const LIFT_US: u64 = 1_000_000;
/// Fastest turn of the desired heading, rad/s.
const YAW_SLEW: f64 = 1.13;

/// What GUIDED does.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Guided {
    /// Holds where it is.
    #[default]
    Hold,
    /// Climbs to this height in the estimator's frame.
    TakeOff {
        /// Target, m down.
        down_m: f64,
        /// Not before this time.
        lift_us: u64,
    },
    /// Flies to a set-point.
    Follow(SetPoint),
    /// Holds an attitude.
    Lean(AttitudePoint),
}

impl Guided {
    /// Taking off?
    pub fn is_takeoff(&self) -> bool {
        matches!(self, Guided::TakeOff { .. })
    }
    /// Lifting off by `now_us`?
    pub fn lifts_by(&self, now_us: u64) -> bool {
        matches!(self, Guided::TakeOff { lift_us, .. } if *lift_us <= now_us)
    }
}

/// Stages of RTL.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Return {
    /// To the return altitude.
    Climb,
    /// To above home.
    Cruise,
    /// Waiting above home until then.
    Wait(u64),
    /// Down.
    Descend,
}

/// Where the nose points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Heading {
    /// A fixed heading, rad.
    Fixed(f64),
    /// Along the motion (WP_YAW_BEHAVIOR 2).
    Ahead,
    /// Turning at this rate, rad/s.
    Rate(f64),
}

impl ArduPilot {
    fn limits(&self, craft: &Craft) -> Limits {
        let get = |name: &str| craft.params.get(name);
        Limits {
            speed: get("WP_SPD").max(0.5),
            climb: get("WP_SPD_UP").max(0.1),
            descent: get("WP_SPD_DN").max(0.1),
            acceleration: get("WP_ACC").max(0.5),
            climb_acceleration: get("WP_ACC_Z").max(0.2),
            jerk: get("PSC_JERK_NE").max(1.0),
        }
    }
    /// Prepares the mode just entered.
    pub(super) fn enter_mode(&mut self, craft: &mut Craft) {
        self.shaper = Shaper::start(craft.estimator.position, craft.estimator.velocity);
        self.guided = Guided::Hold;
        self.auto_started = self.airborne;
        craft.mission.paused = false;
        self.going_home = Return::Climb;
        self.landing_from = None;
        self.heading = Heading::Fixed(craft.attitude_target.yaw_rad);
        if !self.airborne {
            self.heading = Heading::Fixed(craft.estimator.attitude.yaw());
        } else if self.mode == mode::AUTO {
            self.heading = Heading::Ahead;
        }
    }
    /// Begins a takeoff to `height_m` above home.
    pub(super) fn begin_takeoff(&mut self, craft: &Craft, height_m: f64) {
        let home_down = craft.home.map_or(0.0, |home| home[2]);
        let mut lift_us = (craft.armed_us + SPOOL_US).max(craft.now_us + LIFT_US);
        if let Guided::TakeOff { lift_us: before_us, .. } = self.guided {
            lift_us = lift_us.min(before_us);
        }
        self.guided = Guided::TakeOff { down_m: home_down - height_m, lift_us };
        self.heading = Heading::Fixed(craft.estimator.attitude.yaw());
    }
    /// Takes a set-point in GUIDED; one outside the fence is ignored in silence, as recorded.
    pub(super) fn follow(&mut self, craft: &Craft, setpoint: SetPoint) {
        self.last_setpoint_us = craft.now_us;
        if self.guided.is_takeoff() || !self.airborne {
            return;
        }
        if let [Some(north), Some(east), down] = setpoint.position
            && self.fence_refuses(craft, V3([north, east, down.unwrap_or(craft.estimator.position[2])]))
        {
            return;
        }
        let anything = setpoint.position.iter().any(Option::is_some)
            || setpoint.velocity.is_some()
            || setpoint.acceleration.is_some();
        if let Some(yaw_rad) = setpoint.yaw_rad {
            self.heading = Heading::Fixed(yaw_rad);
        } else if let Some(rate) = setpoint.yaw_rate {
            self.heading = Heading::Rate(rate);
        } else if !matches!(self.guided, Guided::Follow(_)) {
            self.heading = Heading::Ahead;
        }
        if anything {
            self.leave_lean(craft);
            self.guided = Guided::Follow(setpoint);
        }
    }
    /// Takes an attitude in GUIDED.
    pub(super) fn lean(&mut self, craft: &Craft, target: AttitudePoint) {
        self.last_setpoint_us = craft.now_us;
        if !self.guided.is_takeoff() && self.airborne {
            self.guided = Guided::Lean(target);
        }
    }
    fn leave_lean(&mut self, craft: &Craft) {
        if let Guided::Lean(_) = self.guided {
            self.shaper = Shaper::start(craft.estimator.position, craft.estimator.velocity);
        }
    }
    fn stale(&self, craft: &Craft) -> bool {
        craft.now_us > self.last_setpoint_us + (craft.params.get("GUID_TIMEOUT") * 1e6) as u64
    }
    /// One tick of a held attitude: its thrust is a climb rate around 0.5 unless GUID_OPTIONS says otherwise; a stale one is level.
    fn lean_tick(&mut self, craft: &mut Craft, target: &AttitudePoint) {
        const THRUST_IS_THRUST: u32 = 8;
        let stale = self.stale(craft);
        let lift = if stale {
            Lift::Climb(0.0)
        } else if craft.params.get("GUID_OPTIONS") as u32 & THRUST_IS_THRUST != 0 {
            Lift::Share(target.thrust)
        } else {
            let share = 2.0 * (target.thrust - 0.5);
            let fastest = craft.params.get(if share > 0.0 { "WP_SPD_UP" } else { "WP_SPD_DN" });
            Lift::Climb(share * fastest)
        };
        let attitude = if stale { Quat::from_yaw(craft.attitude_target.yaw_rad) } else { target.attitude };
        let yaw_rate = if stale { 0.0 } else { target.yaw_rate };
        self.heading = Heading::Fixed(attitude.yaw());
        craft.fly_attitude(attitude, yaw_rate, lift);
    }
    /// Turns the nose (CONDITION_YAW).
    pub(super) fn turn(&mut self, yaw_rad: f64) {
        self.heading = Heading::Fixed(yaw_rad);
    }
    /// One tick of flight.
    pub(super) fn flight_tick(&mut self, craft: &mut Craft) {
        if !craft.armed {
            craft.motors = Motors::Off;
            return;
        }
        if craft.motors == Motors::Off {
            craft.motors = Motors::Idle;
            self.shaper = Shaper::start(craft.estimator.position, V3::ZERO);
        }
        let descending = matches!(self.mode, mode::LAND | mode::RTL | mode::SMART_RTL);
        let touched = self.ground_since_us.is_some_and(|since_us| craft.now_us >= since_us + 300_000);
        if descending && (touched || !self.airborne) {
            // Touched down: the throttle goes to idle while the land detector makes sure.
            craft.motors = Motors::Idle;
            return;
        }
        let mut limits = self.limits(craft);
        let mut target: [Option<f64>; 3] = [None; 3];
        let mut velocity = V3::ZERO;
        let mut pushed = None;
        craft.status.waypoint_distance_m = 0.0;
        match self.mode {
            mode::AUTO if !self.guided.is_takeoff() => match self.auto_target(craft) {
                Some(wanted) => target = wanted,
                None => return,
            },
            _ if self.guided.is_takeoff() || matches!(self.mode, mode::GUIDED | mode::AUTO | mode::GUIDED_NOGPS) => {
                match self.guided {
                    Guided::Hold => {
                        if !self.airborne {
                            return;
                        }
                    }
                    Guided::TakeOff { down_m, lift_us } => {
                        if craft.now_us < lift_us {
                            self.shaper = Shaper::start(craft.estimator.position, V3::ZERO);
                            return;
                        }
                        let start = self.shaper.position;
                        target = [Some(start[0]), Some(start[1]), Some(down_m)];
                        let reached = (self.shaper.position[2] - down_m).abs() < 0.1
                            && (craft.estimator.position[2] - down_m).abs() < 0.5;
                        if reached {
                            self.guided = Guided::Hold;
                        }
                    }
                    Guided::Lean(attitude) => {
                        self.lean_tick(craft, &attitude);
                        return;
                    }
                    Guided::Follow(setpoint) => {
                        let stale = self.stale(craft);
                        target = setpoint.position;
                        if let Some(wanted) = setpoint.velocity {
                            // A velocity times out and the vehicle brakes; a position is held for ever.
                            velocity = if stale { V3::ZERO } else { wanted };
                        } else if let (Some(wanted), [None, None, None], false) = (setpoint.acceleration, target, stale)
                        {
                            pushed = Some(wanted);
                        }
                        if stale && let Heading::Rate(_) = self.heading {
                            self.heading = Heading::Fixed(craft.estimator.attitude.yaw());
                        }
                        if let [Some(north), Some(east), _] = target {
                            let away = V3([north, east, 0.0]) - craft.estimator.position;
                            craft.status.waypoint_distance_m = away.norm_xy();
                        }
                        velocity = self.avoid_fence(craft, velocity);
                    }
                }
            }
            mode::LAND => velocity = self.land_velocity(craft, &mut target),
            mode::RTL | mode::SMART_RTL => velocity = self.return_velocity(craft, &mut target),
            _ => {
                if !self.airborne {
                    return;
                }
                // Without a remote control's throttle the pilot's stick is at the bottom: down at PILOT_SPD_UP.
                let stick = self.throttle_stick * 2.0 - 1.0;
                let rate = craft.params.get("PILOT_SPD_UP");
                if matches!(
                    self.mode,
                    mode::LOITER
                        | mode::ALT_HOLD
                        | mode::POSHOLD
                        | mode::CIRCLE
                        | mode::SPORT
                        | mode::STABILIZE
                        | mode::ACRO
                ) && stick.abs() > 0.1
                {
                    velocity[2] = -stick * rate;
                    limits.descent = rate;
                    limits.climb_acceleration = 2.5;
                }
            }
        }
        match pushed {
            Some(acceleration) => self.shaper.push(acceleration, &limits, TICK_S),
            None => self.shaper.tick(target, velocity, &limits, TICK_S),
        }
        let (yaw_rad, yaw_rate) = self.heading_tick(craft);
        let motion = craft.shaped(&self.shaper, &limits, 1.5);
        if !self.has_position() {
            // No position: level, keeping height control (LAND without GPS drifts with the wind).
            let blind = MotionTarget { position: [None, None, motion.position[2]], ..motion };
            let level = MotionTarget {
                velocity: V3([craft.estimator.velocity[0], craft.estimator.velocity[1], motion.velocity[2]]),
                acceleration: V3::ZERO,
                ..blind
            };
            craft.fly(level, yaw_rad, yaw_rate);
            return;
        }
        craft.fly(motion, yaw_rad, yaw_rate);
    }
    fn heading_tick(&mut self, craft: &Craft) -> (f64, f64) {
        let now = craft.attitude_target.yaw_rad;
        let flying = craft.motors == Motors::Flying;
        let start = if flying { now } else { craft.estimator.attitude.yaw() };
        let step = YAW_SLEW * TICK_S;
        match self.heading {
            Heading::Fixed(goal) => (wrap_pi(start + wrap_pi(goal - start).clamp(-step, step)), 0.0),
            Heading::Ahead => {
                let velocity = self.shaper.velocity;
                if velocity.norm_xy() < 0.5 {
                    return (start, 0.0);
                }
                let goal = libm::atan2(velocity[1], velocity[0]);
                (wrap_pi(start + wrap_pi(goal - start).clamp(-step, step)), 0.0)
            }
            Heading::Rate(rate) => {
                // The desired heading may lead the nose by at most what the controller can use.
                let lead = wrap_pi(start - craft.estimator.attitude.yaw()).clamp(-0.6, 0.6);
                (wrap_pi(craft.estimator.attitude.yaw() + lead + rate * TICK_S), rate)
            }
        }
    }
    /// Descent of LAND and of the last part of RTL: WP_SPD_DN down to LAND_ALT_LOW_M, then LAND_SPD_MS.
    fn land_velocity(&mut self, craft: &Craft, target: &mut [Option<f64>; 3]) -> V3 {
        let spot = *self.landing_from.get_or_insert_with(|| {
            // Stop first: the point reached by braking at WP_ACC.
            let velocity = craft.estimator.velocity;
            let speed = velocity.norm_xy();
            let reach = speed * speed / (2.0 * craft.params.get("WP_ACC").max(0.5)) + 0.3 * speed;
            let ahead = if speed > 0.2 { velocity * (reach / speed) } else { V3::ZERO };
            craft.estimator.position + V3([ahead[0], ahead[1], 0.0])
        });
        *target = [Some(spot[0]), Some(spot[1]), None];
        let fast = craft.params.get("WP_SPD_DN");
        let slow = craft.params.get("LAND_SPD_MS").max(0.3);
        let above = craft.height_m() - craft.params.get("LAND_ALT_LOW_M");
        // Slows down so as to have the landing speed at LAND_ALT_LOW_M.
        let acceleration = craft.params.get("WP_ACC_Z").max(0.2);
        let rate = libm::sqrt(slow * slow + 2.0 * acceleration * above.max(0.0)).clamp(slow, fast.max(slow));
        V3([0.0, 0.0, rate])
    }
    fn return_velocity(&mut self, craft: &Craft, target: &mut [Option<f64>; 3]) -> V3 {
        let home = craft.home.unwrap_or(V3::ZERO);
        let away = craft.from_home().norm_xy();
        let position = craft.estimator.position;
        let spot = *self.landing_from.get_or_insert(position);
        let height = home[2] - spot[2];
        let wanted = craft.params.get("RTL_ALT_M").max(height);
        // Close to home a cone of slope RTL_CONE_SLOPE keeps the climb small.
        let slope = craft.params.get("RTL_CONE_SLOPE");
        let start_away = (spot - home).norm_xy();
        let cone = if slope > 0.0 { (start_away * slope).max(2.0) } else { f64::INFINITY };
        let return_down = home[2] - wanted.min(cone.max(height));
        match self.going_home {
            Return::Climb => {
                *target = [Some(spot[0]), Some(spot[1]), Some(return_down)];
                if (position[2] - return_down).abs() < 0.2 && craft.estimator.velocity[2].abs() < 0.2 {
                    self.going_home = Return::Cruise;
                }
            }
            Return::Cruise => {
                *target = [Some(home[0]), Some(home[1]), Some(return_down)];
                // Well inside WP_RADIUS_M, and stopped.
                if away < 1.0 && craft.estimator.velocity.norm_xy() < 0.25 {
                    let wait_us = (craft.params.get("RTL_LOIT_TIME") * 1e3) as u64;
                    self.going_home = Return::Wait(craft.now_us + wait_us);
                }
            }
            Return::Wait(until_us) => {
                *target = [Some(home[0]), Some(home[1]), Some(return_down)];
                if craft.now_us >= until_us {
                    self.going_home = Return::Descend;
                    self.landing_from = Some(home);
                }
            }
            Return::Descend => return self.land_velocity(craft, target),
        }
        V3::ZERO
    }
}
