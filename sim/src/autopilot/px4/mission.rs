//! AUTO.MISSION: takeoff, waypoints, loiter, RTL and land items, one after the other. Items that move nothing are passed over.
use super::{Craft, Mode, Px4};
use crate::autopilot::mission_raw::item;
use crate::control::shaper::Limits;
use crate::vector::V3;

impl Px4 {
    /// One tick of AUTO.MISSION in the air.
    pub(super) fn fly_mission(&mut self, craft: &mut Craft, mut limits: Limits) {
        let Some(next) = craft.current_item() else {
            // Finished: Hold by itself.
            self.intended = Mode::LOITER;
            self.fly_mode(craft, Mode::LOITER, None);
            return;
        };
        let goal = craft.item_goal(&next);
        let radius_m = craft.params.get("NAV_ACC_RAD").min(2.0);
        match next.command {
            item::TAKEOFF => {
                limits.climb = craft.params.get("MPC_TKO_SPEED").max(0.3);
                limits.climb_acceleration = 1.0;
                let up = V3([self.hold[0], self.hold[1], goal[2]]);
                if craft.held_at(up, craft.params.get("NAV_MC_ALT_RAD"), 0.0) {
                    craft.advance_item();
                }
                self.towards(craft, up, &limits);
            }
            item::WAYPOINT | item::SPLINE_WAYPOINT | item::LOITER_TIME | item::LOITER_UNLIM => {
                let hold_s = if next.command == item::LOITER_UNLIM { f64::INFINITY } else { next.p[0] };
                if craft.held_at(goal, radius_m, hold_s) {
                    craft.advance_item();
                }
                self.hold = goal;
                self.towards(craft, goal, &limits);
            }
            // The real one stays in AUTO.MISSION while it returns or lands; here the mode of that name does it.
            item::RETURN_TO_LAUNCH => self.fly_mode(craft, Mode::RTL, None),
            item::LAND => {
                let above = V3([goal[0], goal[1], craft.estimator.position[2]]);
                let stopped = craft.estimator.velocity.norm_xy() < 0.5;
                if stopped && (above - craft.estimator.position).norm_xy() < 1.0 {
                    self.fly_mode(craft, Mode::LAND, None);
                    return;
                }
                self.towards(craft, V3([goal[0], goal[1], self.hold[2]]), &limits);
            }
            _ => craft.advance_item(),
        }
    }
    /// Whether the mission's current item leaves the ground.
    pub(super) fn mission_lifts(&self, craft: &Craft) -> bool {
        craft.current_item().is_some_and(|next| craft.item_goal(&next)[2] < craft.estimator.position[2] - 0.5)
    }
}
