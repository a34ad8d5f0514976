//! PX4's failsafes by their parameters: OFFBOARD loss, ground station, battery, geofence, position.
use super::{Craft, Mode, Px4};
use crate::wire::messages::severity;

/// What a failsafe does after its delay.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pending {
    action: Mode,
    at_us: u64,
}

/// Present state of the failsafes.
#[derive(Debug, Clone, Default)]
pub struct Failsafes {
    flying: bool,
    pending: Option<Pending>,
    station_us: Option<u64>,
    station_lost: bool,
    offboard_lost: bool,
    /// 0 fine, 1 low, 2 critical, 3 emergency.
    battery: u8,
    fence: bool,
    position_lost: bool,
}

impl Failsafes {
    /// A failsafe flies the vehicle.
    pub fn active(&self) -> bool {
        self.flying
    }
    /// The user's mode change takes over.
    pub fn overridden(&mut self) {
        self.flying = false;
        self.pending = None;
        self.offboard_lost = false;
    }
    /// On the ground and disarmed: nothing is left to protect.
    pub fn landed(&mut self) {
        self.overridden();
        self.fence = false;
    }
    /// MAV_BATTERY_CHARGE_STATE.
    pub fn charge_state(&self) -> u8 {
        self.battery + 1
    }
    /// Whether texts reach nobody because the ground station is lost.
    pub fn heard(&mut self, now_us: u64) -> bool {
        let was_lost = self.station_lost;
        self.station_us = Some(now_us);
        self.station_lost = false;
        was_lost
    }
}

impl Px4 {
    /// Looks at every failsafe.
    pub(super) fn failsafe_tick(&mut self, craft: &mut Craft) {
        self.battery_tick(craft);
        self.station_tick(craft);
        if !craft.armed || !self.airborne {
            return;
        }
        self.position_tick(craft);
        self.offboard_tick(craft);
        self.fence_tick(craft);
        if let Some(pending) = self.failsafes.pending
            && craft.now_us >= pending.at_us
        {
            self.failsafes.pending = None;
            craft.say(severity::CRITICAL, "Failsafe activated");
            self.fly_failsafe(craft, pending.action);
        }
    }
    fn fly_failsafe(&mut self, craft: &mut Craft, action: Mode) {
        self.failsafes.flying = true;
        let action = if self.has_position(craft) || action == Mode::LAND { action } else { Mode::DESCEND };
        self.fly_mode(craft, action, None);
    }
    /// COM_FAIL_ACT_T of Hold first, then `action`.
    fn hold_then(&mut self, craft: &mut Craft, action: Mode) {
        if self.mode == action || self.mode == Mode::LAND {
            return;
        }
        let delay_s = craft.params.get("COM_FAIL_ACT_T");
        craft.say(severity::CRITICAL, &format!("Failsafe activated: entering Hold for {delay_s:.0} seconds"));
        self.fly_failsafe(craft, Mode::LOITER);
        self.failsafes.pending = Some(Pending { action, at_us: craft.now_us + (delay_s * 1e6) as u64 });
    }
    fn battery_tick(&mut self, craft: &mut Craft) {
        if !craft.every(500_000) {
            return;
        }
        let share = craft.world.battery.percent() / 100.0;
        let level = if share < craft.params.get("BAT_EMERGEN_THR") {
            3
        } else if share < craft.params.get("BAT_CRIT_THR") {
            2
        } else if share < craft.params.get("BAT_LOW_THR") {
            1
        } else {
            0
        };
        if level <= self.failsafes.battery {
            return;
        }
        self.failsafes.battery = level;
        let (severity, text) = match level {
            1 => (severity::CRITICAL, "Low battery"),
            2 => (severity::CRITICAL, "Critical battery"),
            _ => (severity::EMERGENCY, "Emergency battery level"),
        };
        craft.say(severity, text);
        if !craft.armed || !self.airborne {
            return;
        }
        match (craft.params.get("COM_LOW_BAT_ACT") as i32, level) {
            (3, 2) => self.hold_then(craft, Mode::RTL),
            (2 | 3, 3) | (2, 2) => self.hold_then(craft, Mode::LAND),
            _ => {}
        }
    }
    fn station_tick(&mut self, craft: &mut Craft) {
        let Some(heard_us) = self.failsafes.station_us else { return };
        let limit_us = (craft.params.get("COM_DL_LOSS_T") * 1e6) as u64;
        if self.failsafes.station_lost || craft.now_us < heard_us + limit_us {
            return;
        }
        self.failsafes.station_lost = true;
        if !craft.armed || !self.airborne {
            return;
        }
        match craft.params.get("NAV_DLL_ACT") as i32 {
            1 => self.fly_failsafe(craft, Mode::LOITER),
            2 => self.hold_then(craft, Mode::RTL),
            3 => self.hold_then(craft, Mode::LAND),
            _ => {}
        }
    }
    fn offboard_tick(&mut self, craft: &mut Craft) {
        if self.mode != Mode::OFFBOARD || self.offboard_stream(craft) {
            return;
        }
        if self.failsafes.offboard_lost {
            return;
        }
        self.failsafes.offboard_lost = true;
        craft.say(severity::CRITICAL, "Failsafe activated");
        let action = match craft.params.get("COM_OBL_RC_ACT") as i32 {
            4 => Mode::LAND,
            5 => Mode::LOITER,
            _ => Mode::RTL,
        };
        self.fly_failsafe(craft, action);
    }
    fn fence_tick(&mut self, craft: &mut Craft) {
        let (radius_m, ceiling_m) = (craft.params.get("GF_MAX_HOR_DIST"), craft.params.get("GF_MAX_VER_DIST"));
        let outside = radius_m > 0.0 && craft.from_home().norm_xy() > radius_m;
        let above = ceiling_m > 0.0 && craft.height_m() > ceiling_m;
        if !outside && !above {
            self.failsafes.fence = false;
            return;
        }
        if self.failsafes.fence {
            return;
        }
        self.failsafes.fence = true;
        let what = if outside { "distance" } else { "altitude" };
        let whence = if outside { "to" } else { "above" };
        craft.say(severity::CRITICAL, &format!("Geofence: exceeding maximum {what} {whence} Home"));
        match craft.params.get("GF_ACTION") as i32 {
            2 => {
                craft.say(severity::CRITICAL, "Failsafe activated");
                self.fly_failsafe(craft, Mode::LOITER);
            }
            3 => self.hold_then(craft, Mode::RTL),
            5 => self.hold_then(craft, Mode::LAND),
            _ => {}
        }
    }
    fn position_tick(&mut self, craft: &mut Craft) {
        let lost = !self.has_position(craft);
        if lost && !self.failsafes.position_lost {
            self.failsafes.position_lost = true;
            let needs_position = !matches!(self.mode.main, 1 | 2 | 5 | 7);
            if needs_position {
                craft.say(severity::CRITICAL, "Failsafe activated");
                self.failsafes.pending = None;
                self.fly_failsafe(craft, Mode::DESCEND);
            }
        } else if !lost && self.failsafes.position_lost {
            self.failsafes.position_lost = false;
            if self.mode == Mode::DESCEND {
                // It goes back to what was asked for, OFFBOARD only with a stream.
                let intended = if self.intended == Mode::OFFBOARD { Mode::LOITER } else { self.intended };
                self.failsafes.flying = false;
                self.fly_mode(craft, intended, None);
            }
        }
    }
    /// Whether a target there lies outside the geofence.
    pub(super) fn fence_refuses(&self, craft: &Craft, goal: crate::vector::V3) -> bool {
        let home = craft.home.unwrap_or_default();
        let (radius_m, ceiling_m) = (craft.params.get("GF_MAX_HOR_DIST"), craft.params.get("GF_MAX_VER_DIST"));
        (radius_m > 0.0 && (goal - home).norm_xy() > radius_m) || (ceiling_m > 0.0 && home[2] - goal[2] > ceiling_m)
    }
}
