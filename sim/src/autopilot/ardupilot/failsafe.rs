//! ArduCopter's failsafes by their parameters: ground station, battery, estimator, fence.
use super::{ArduPilot, Craft, mode};
use crate::truth::Sender;
use crate::vector::V3;
use crate::wire::messages::severity;

/// Present state of the failsafes.
#[derive(Debug, Clone, Default)]
pub struct Failsafes {
    station_heard_us: Option<u64>,
    station: bool,
    battery_low: bool,
    battery_critical: bool,
    low_since_us: Option<u64>,
    critical_since_us: Option<u64>,
    estimator: bool,
    fence: bool,
}

impl Failsafes {
    /// Any in force that shows as system status 5? (A breached fence does not.)
    pub fn any(&self) -> bool {
        self.station || self.battery_low || self.battery_critical || self.estimator
    }
    /// Why a failsafe forbids arming.
    pub fn arming_reason(&self, craft: &Craft) -> Option<Vec<String>> {
        if self.battery_low || self.battery_critical {
            return Some(vec!["Battery 1 low voltage failsafe".to_owned(), "Battery failsafe".to_owned()]);
        }
        let radius_m = craft.params.get("FENCE_RADIUS");
        if fence_on(craft) && circle_on(craft) && craft.from_home().norm_xy() > radius_m && !craft.armed {
            return Some(vec!["Vehicle breaching Circle fence".to_owned()]);
        }
        None
    }
}

fn fence_on(craft: &Craft) -> bool {
    craft.params.get("FENCE_ENABLE") == 1.0
}
fn fence_type(craft: &Craft, bit: u8) -> bool {
    (craft.params.get("FENCE_TYPE") as u8) & bit != 0
}
fn circle_on(craft: &Craft) -> bool {
    fence_type(craft, 2)
}
fn ceiling_on(craft: &Craft) -> bool {
    fence_type(craft, 1)
}
fn avoids_fence(craft: &Craft) -> bool {
    (craft.params.get("AVOID_ENABLE") as u8) & 1 != 0
}

impl ArduPilot {
    /// Counts heartbeats of the ground station that MAV_GCS_SYSID names (up to MAV_GCS_SYSID_HI where that is set).
    pub(super) fn heard_heartbeat(&mut self, craft: &mut Craft, by: Sender) {
        let low = craft.params.get("MAV_GCS_SYSID");
        let high = craft.params.get("MAV_GCS_SYSID_HI").max(low);
        if (low..=high).contains(&f64::from(by.system)) {
            self.failsafes.station_heard_us = Some(craft.now_us);
        }
    }
    /// Looks at every failsafe.
    pub(super) fn failsafe_tick(&mut self, craft: &mut Craft) {
        // ArduCopter looks at its failsafes ten times a second at most.
        if !craft.every(100_000) {
            return;
        }
        self.station_tick(craft);
        self.battery_tick(craft);
        self.estimator_tick(craft);
        self.fence_tick(craft);
    }
    fn failsafe_mode(&mut self, craft: &mut Craft, number: u32) {
        if !craft.armed || self.mode == mode::LAND && number == mode::RTL {
            return;
        }
        if !self.airborne {
            self.disarm(craft);
            return;
        }
        if self.change_mode(craft, number, None).is_err() {
            // Without a position RTL is not to be had: land.
            let landed = self.change_mode(craft, mode::LAND, None);
            debug_assert!(landed.is_ok(), "LAND needs no position");
        }
    }
    fn station_tick(&mut self, craft: &mut Craft) {
        let Some(heard_us) = self.failsafes.station_heard_us else {
            return;
        };
        let enable = craft.params.get("FS_GCS_ENABLE") as i32;
        let limit_us = (craft.params.get("FS_GCS_TIMEOUT") * 1e6) as u64;
        let lost = enable != 0 && craft.armed && craft.now_us > heard_us + limit_us;
        if lost && !self.failsafes.station {
            self.failsafes.station = true;
            craft.say(severity::WARNING, "GCS Failsafe");
            match enable {
                5 => self.failsafe_mode(craft, mode::LAND),
                3 | 4 => self.failsafe_mode(craft, mode::SMART_RTL),
                _ => self.failsafe_mode(craft, mode::RTL),
            }
        } else if !lost && self.failsafes.station {
            self.failsafes.station = false;
            craft.say(severity::WARNING, "GCS Failsafe Cleared");
        }
    }
    fn battery_tick(&mut self, craft: &mut Craft) {
        if craft.params.get("BATT_MONITOR") == 0.0 {
            return;
        }
        let volts = craft.world.battery.loaded_v();
        let used_mah = craft.world.battery.used_mah();
        // BATT_LOW_MAH counts down from a full pack; the pack's true charge is what a smart battery reports.
        let left_mah = craft.params.get("BATT_CAPACITY") * craft.world.battery.percent() / 100.0;
        let below = |volt_param: &str, mah_param: &str| {
            let (volt_limit, mah_limit) = (craft.params.get(volt_param), craft.params.get(mah_param));
            (volt_limit > 0.0 && volts < volt_limit && volts > 1.0, mah_limit > 0.0 && left_mah < mah_limit)
        };
        let timer_us = (craft.params.get("BATT_LOW_TIMER") * 1e6) as u64;
        let now_us = craft.now_us;
        let held = |since: &mut Option<u64>, (by_volts, by_mah): (bool, bool)| {
            if !by_volts {
                *since = None;
            }
            let waited = by_volts && now_us >= *since.get_or_insert(now_us) + timer_us;
            waited || by_mah
        };
        let low = held(&mut self.failsafes.low_since_us, below("BATT_LOW_VOLT", "BATT_LOW_MAH"));
        let critical = held(&mut self.failsafes.critical_since_us, below("BATT_CRT_VOLT", "BATT_CRT_MAH"));
        let action = |name: &str| match craft.params.get(name) as i32 {
            1 => Some(mode::LAND),
            2..=4 => Some(mode::RTL),
            _ => None,
        };
        let (low_action, critical_action) = (action("BATT_FS_LOW_ACT"), action("BATT_FS_CRT_ACT"));
        let act = |this: &mut Self, craft: &mut Craft, word: &str, action: Option<u32>| {
            craft.say(severity::WARNING, &format!("Battery 1 is {word} {volts:.2}V used {used_mah:.0} mAh"));
            if let Some(number) = action {
                craft.say(severity::WARNING, "Battery Failsafe");
                this.failsafe_mode(craft, number);
            }
        };
        if critical && !self.failsafes.battery_critical {
            self.failsafes.battery_critical = true;
            act(self, craft, "critical", critical_action);
        } else if low && !self.failsafes.battery_low {
            self.failsafes.battery_low = true;
            act(self, craft, "low", low_action);
        }
    }
    fn estimator_tick(&mut self, craft: &mut Craft) {
        let lost_s = craft.estimator.without_gps_s;
        if lost_s > 8.0 && !self.failsafes.estimator && craft.armed && craft.params.get("FS_EKF_ACTION") > 0.0 {
            self.failsafes.estimator = true;
            craft.say(severity::CRITICAL, "EKF variance: position lost");
            let needs_position = !matches!(self.mode, mode::STABILIZE | mode::ALT_HOLD | mode::ACRO | mode::LAND);
            if needs_position {
                craft.say(severity::CRITICAL, "EKF Failsafe: changed to Land Mode");
                self.failsafe_mode(craft, mode::LAND);
            }
        } else if lost_s == 0.0 && self.failsafes.estimator {
            self.failsafes.estimator = false;
            craft.say(severity::CRITICAL, "EKF Failsafe Cleared");
        }
    }
    fn fence_tick(&mut self, craft: &mut Craft) {
        if !fence_on(craft) || !craft.armed || !self.airborne || !self.has_position() {
            return;
        }
        let outside_circle = circle_on(craft) && craft.from_home().norm_xy() > craft.params.get("FENCE_RADIUS");
        let above = ceiling_on(craft) && craft.height_m() > craft.params.get("FENCE_ALT_MAX");
        let breached = outside_circle || above;
        if breached && !self.failsafes.fence {
            self.failsafes.fence = true;
            let which = if outside_circle { "Circle" } else { "Max Alt" };
            craft.say(severity::NOTICE, &format!("{which} fence breached"));
            match craft.params.get("FENCE_ACTION") as i32 {
                1 | 3 | 5 | 8 => self.failsafe_mode(craft, mode::RTL),
                2 => self.failsafe_mode(craft, mode::LAND),
                4 => self.failsafe_mode(craft, mode::BRAKE),
                _ => {}
            }
            craft.say(severity::INFO, "Manual recovery started");
        } else if !breached && self.failsafes.fence {
            self.failsafes.fence = false;
            craft.say(severity::NOTICE, "Fence breach cleared");
        }
    }
    /// Whether a target there is refused because it lies outside the fence.
    pub(super) fn fence_refuses(&self, craft: &Craft, goal: V3) -> bool {
        let home = craft.home.unwrap_or(V3::ZERO);
        let outside = circle_on(craft) && (goal - home).norm_xy() > craft.params.get("FENCE_RADIUS");
        let above = ceiling_on(craft) && home[2] - goal[2] > craft.params.get("FENCE_ALT_MAX");
        fence_on(craft) && (outside || above)
    }
    /// A velocity shortened so that the vehicle stops before the fence (AVOID_ENABLE bit 0).
    pub(super) fn avoid_fence(&self, craft: &Craft, velocity: V3) -> V3 {
        if !fence_on(craft) || !avoids_fence(craft) || !circle_on(craft) || velocity.norm_xy() == 0.0 {
            return velocity;
        }
        let from_home = craft.from_home();
        let away = from_home.norm_xy();
        let room = craft.params.get("FENCE_RADIUS") - craft.params.get("FENCE_MARGIN") - away;
        if away < 1.0 {
            return velocity;
        }
        let outward = V3([from_home[0] / away, from_home[1] / away, 0.0]);
        let speed_out = velocity.dot(outward);
        let acceleration = 0.6 * craft.params.get("WP_ACC").max(0.5);
        let allowed = libm::sqrt(2.0 * acceleration * room.max(0.0));
        if speed_out <= allowed { velocity } else { velocity - outward * (speed_out - allowed) }
    }
}
