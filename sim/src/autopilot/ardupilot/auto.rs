//! AUTO: takeoff, waypoints, loiter, RTL and land items, one after the other. Items that move nothing are passed over.
use super::flight::Heading;
use super::{ArduPilot, Craft, mode};
use crate::autopilot::mission_raw::item;

impl ArduPilot {
    /// Where AUTO wants to be now; `None`: it waits (on the ground for MISSION_START) or has handed over to another mode.
    pub(super) fn auto_target(&mut self, craft: &mut Craft) -> Option<[Option<f64>; 3]> {
        if !self.auto_started {
            return None;
        }
        let at = self.shaper.position;
        let stay = Some([Some(at[0]), Some(at[1]), Some(at[2])]);
        if craft.mission.paused {
            return stay;
        }
        // After the last item it stays where it is.
        let Some(next) = craft.current_item() else { return stay.filter(|_| self.airborne) };
        let goal = craft.item_goal(&next);
        match next.command {
            item::TAKEOFF => {
                if self.airborne {
                    self.heading = Heading::Ahead;
                    craft.advance_item();
                } else if !self.guided.is_takeoff() {
                    let home_down = craft.home.map_or(0.0, |home| home[2]);
                    self.begin_takeoff(craft, home_down - goal[2]);
                }
                stay.filter(|_| self.airborne)
            }
            _ if !self.airborne => None,
            item::WAYPOINT | item::SPLINE_WAYPOINT | item::LOITER_TIME | item::LOITER_UNLIM => {
                let hold_s = if next.command == item::LOITER_UNLIM { f64::INFINITY } else { next.p[0] };
                if craft.held_at(goal, craft.params.get("WP_RADIUS_M").max(0.5), hold_s) {
                    craft.advance_item();
                }
                Some([Some(goal[0]), Some(goal[1]), Some(goal[2])])
            }
            item::RETURN_TO_LAUNCH => self.hand_over(craft, mode::RTL),
            item::LAND => {
                let stopped = craft.estimator.velocity.norm_xy() < 0.5;
                if stopped && (goal - craft.estimator.position).norm_xy() < 1.0 {
                    return self.hand_over(craft, mode::LAND);
                }
                Some([Some(goal[0]), Some(goal[1]), Some(at[2])])
            }
            _ => {
                craft.advance_item();
                stay
            }
        }
    }
    /// The real one stays in AUTO while it returns or lands; here the mode of that name does it.
    fn hand_over(&mut self, craft: &mut Craft, number: u32) -> Option<[Option<f64>; 3]> {
        // Cannot be refused: AUTO has a position, and so have these.
        let _changed = self.change_mode(craft, number, None);
        None
    }
}
