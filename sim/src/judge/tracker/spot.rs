//! What is done at one place: holding, turning, photos, releases, and coming down.
use super::*;
use flightsmith_mission::frame::AboveHome;

impl Tracker {
    /// Whether the vehicle is still where something is to be done; the height has a little more room at first.
    pub(super) fn stays(&self, ground: &Ground, at: &PositionNed, sample: &Sample<'_>) -> bool {
        let tolerances = &ground.tolerances;
        let settling_m = if sample.time_s - self.begun_s < 3.0 { SETTLING_HEIGHT_M } else { 0.0 };
        at.horizontal_distance_m(&sample.position) <= tolerances.leg_m
            && (at.down_m - sample.position.down_m).abs() <= tolerances.altitude_m + settling_m
    }

    /// Something on the spot was not done before the vehicle left.
    pub(super) fn missed(
        &mut self,
        ground: &Ground,
        index: usize,
        measured: f64,
        limit: f64,
        says: &str,
        sample: &Sample<'_>,
    ) {
        let goal = &ground.goals[index];
        self.broke(ground, Breach { goal: index, check: principal(&goal.task), measured, limit }, says, sample);
        self.go_on(ground, goal.next, sample);
    }

    pub(super) fn hold(&mut self, ground: &Ground, index: usize, at: &PositionNed, seconds: f64, sample: &Sample<'_>) {
        let now_s = sample.time_s;
        let limit_s = seconds - ground.tolerances.hold_s;
        self.speed(ground, index, true, sample);
        let still = speed_m_s(sample) < STILL_M_S;
        let Some(since_s) = self.still_since_s else {
            if speed_m_s(sample) < AT_REST_M_S && near(at, sample, &ground.tolerances) {
                self.still_since_s = Some(now_s);
                self.anchor = sample.position;
            } else if !self.stays(ground, at, sample) {
                self.missed(ground, index, 0.0, limit_s, "did not stop to hold", sample);
            } else {
                self.time(ground, index, seconds, sample);
            }
            return;
        };
        if still {
            self.moving_since_s = None;
        } else {
            self.moving_since_s.get_or_insert(now_s);
        }
        if now_s - since_s < HOLD_SETTLES_S {
            self.anchor = sample.position;
        }
        // Turning on the spot is the next thing to do already, once the nose has been where it belongs.
        let nose_off_deg = match ground.goals[index].nose {
            NoseRule::Heading(_) => nose_off_deg(&ground.goals[index].nose, 0.0, sample).unwrap_or(0.0),
            _ => 0.0,
        };
        let nose_right = nose_off_deg <= ground.tolerances.heading_deg;
        if nose_right {
            self.nose_right_since_s.get_or_insert(now_s);
            self.nose_off_since_s = None;
        } else if self.nose_right_since_s.is_some() {
            self.nose_off_since_s.get_or_insert(now_s);
        }
        let turned_away = self.nose_off_since_s.is_some_and(|off_s| now_s - off_s > NOSE_OFF_S);
        let left = self.moving_since_s.is_some_and(|moving_s| now_s - moving_s > GUST_S)
            || turned_away
            || self.anchor.distance_m(&sample.position) > HOLD_DRIFT_M
            || !self.stays(ground, at, sample);
        if left {
            let held_s = self.moving_since_s.or(self.nose_off_since_s).unwrap_or(now_s) - since_s;
            self.outcomes[index].note(Check::Hold, held_s - limit_s, now_s);
            self.missed(
                ground,
                index,
                held_s,
                limit_s,
                &format!("held {held_s:.1} s instead of {seconds:.1} s"),
                sample,
            );
        } else if still && now_s - since_s >= limit_s {
            self.outcomes[index].note(Check::Hold, now_s - since_s - limit_s, now_s);
            if seconds >= NOSE_SETTLES_S {
                self.check_nose_now(ground, index, sample);
            }
            self.trail = Some(Trail { goal: index, place: *at, what: Grows::Hold { since_s } });
            self.met(ground, index, sample);
        }
    }

    pub(super) fn check_nose_now(&mut self, ground: &Ground, index: usize, sample: &Sample<'_>) {
        let limit_deg = ground.tolerances.heading_deg;
        if let NoseRule::Heading(_) = ground.goals[index].nose
            && let Some(off_deg) = nose_off_deg(&ground.goals[index].nose, 0.0, sample)
        {
            self.outcomes[index].note(Check::Nose, limit_deg - off_deg, sample.time_s);
            if off_deg > limit_deg {
                self.nose_broke(ground, index, off_deg, limit_deg, sample);
            }
        }
    }

    pub(super) fn turn(
        &mut self,
        ground: &Ground,
        index: usize,
        at: &PositionNed,
        heading_deg: f64,
        by_deg: f64,
        sample: &Sample<'_>,
    ) {
        self.speed(ground, index, true, sample);
        let off_deg = wrap_180(sample.heading_deg - heading_deg).abs();
        let limit_deg = ground.tolerances.heading_deg.min((0.5 * by_deg.abs()).max(5.0));
        // The way round counts where it matters; half a turn may go either way.
        let half = (by_deg.abs() - 180.0).abs() < 15.0;
        let turned_deg = if half { self.turned_deg.abs() - by_deg.abs() } else { self.turned_deg - by_deg };
        let round = by_deg.abs() < 60.0 || turned_deg.abs() < 60.0;
        if off_deg <= limit_deg && round {
            self.outcomes[index].set(Check::Turn, limit_deg - off_deg, sample.time_s);
            self.trail = Some(Trail { goal: index, place: *at, what: Grows::Heading { heading_deg, limit_deg } });
            self.met(ground, index, sample);
        } else if !self.stays(ground, at, sample) {
            let says = format!(
                "left before it had turned by {by_deg:.0} to {heading_deg:.0} degrees: turned by {:.0}, nose at {:.0}",
                self.turned_deg, sample.heading_deg
            );
            self.missed(ground, index, off_deg, limit_deg, &says, sample);
        } else {
            self.time(ground, index, by_deg.abs() / 20.0, sample);
        }
    }

    pub(super) fn wait(&mut self, ground: &Ground, index: usize, at: &PositionNed, sample: &Sample<'_>) {
        self.speed(ground, index, true, sample);
        if !self.stays(ground, at, sample) {
            let what =
                if matches!(ground.goals[index].task, Task::Photo { .. }) { "taking its photo" } else { "its release" };
            let distance_m = at.horizontal_distance_m(&sample.position);
            let says = format!("left without {what}");
            self.missed(ground, index, distance_m, ground.tolerances.waypoint_m, &says, sample);
        } else {
            self.time(ground, index, 10.0, sample);
        }
    }

    pub(super) fn photo(&mut self, ground: &Ground, sample: &Sample<'_>) {
        self.miss_before(ground, |task| matches!(task, Task::Photo { .. }), "the photo", sample);
        let Some((index, at)) = self.due(ground, |task| match task {
            Task::Photo { at } => Some(*at),
            _ => None,
        }) else {
            self.unasked(ground, Check::Photo, "took a photo that nobody asked for here", sample);
            return;
        };
        self.check_nose_now(ground, index, sample);
        self.done_at(ground, index, &at, Check::Photo, "took its photo", sample);
    }

    pub(super) fn release(
        &mut self,
        ground: &Ground,
        payload: &flightsmith_mission::vehicle::Payload,
        sample: &Sample<'_>,
    ) {
        self.miss_before(ground, |task| matches!(task, Task::Release { .. }), "the release", sample);
        let Some((index, at)) = self.due(ground, |task| match task {
            Task::Release { at, payload: wanted } if wanted == payload => Some(*at),
            _ => None,
        }) else {
            self.unasked(ground, Check::Release, "released a payload that nobody asked for here", sample);
            return;
        };
        self.done_at(ground, index, &at, Check::Release, "released", sample);
    }

    /// What happens before a hold or turn is done, though it should come next, means that the hold or turn was cut short.
    pub(super) fn miss_before(
        &mut self,
        ground: &Ground,
        wanted: impl Fn(&Task) -> bool,
        what: &str,
        sample: &Sample<'_>,
    ) {
        let Some(index) = self.goal else { return };
        let goal = &ground.goals[index];
        if !goal.next.is_some_and(|next| wanted(&ground.goals[next].task)) {
            return;
        }
        match goal.task {
            Task::Hold { seconds, .. } => {
                let held_s = self.still_since_s.map_or(0.0, |since_s| sample.time_s - since_s);
                let limit_s = seconds - ground.tolerances.hold_s;
                self.outcomes[index].note(Check::Hold, held_s - limit_s, sample.time_s);
                self.missed(
                    ground,
                    index,
                    held_s,
                    limit_s,
                    &format!("{what} came after {held_s:.1} s instead of {seconds:.1} s"),
                    sample,
                );
            }
            Task::Turn { heading_deg, .. } => {
                let off_deg = wrap_180(sample.heading_deg - heading_deg).abs();
                let limit_deg = ground.tolerances.heading_deg;
                self.missed(
                    ground,
                    index,
                    off_deg,
                    limit_deg,
                    &format!(
                        "{what} came with the nose at {:.0} degrees instead of {heading_deg:.0}",
                        sample.heading_deg
                    ),
                    sample,
                );
            }
            _ => {}
        }
    }

    pub(super) fn due(
        &self,
        ground: &Ground,
        wanted: impl Fn(&Task) -> Option<PositionNed>,
    ) -> Option<(usize, PositionNed)> {
        let index = self.goal?;
        wanted(&ground.goals[index].task).map(|at| (index, at))
    }

    pub(super) fn unasked(&mut self, ground: &Ground, check: Check, says: &str, sample: &Sample<'_>) {
        if let Some(index) = self.goal.or(self.came_to.last().copied())
            && !self.lost
        {
            let says = match ground.goals[index].task {
                Task::Follow { length_m, .. } => {
                    format!("{says}, after {:.1} of {length_m:.1} m of this step", self.share.max(0.0) * length_m)
                }
                _ => says.to_owned(),
            };
            self.broke(ground, Breach { goal: index, check, measured: 1.0, limit: 0.0 }, &says, sample);
        }
    }

    pub(super) fn done_at(
        &mut self,
        ground: &Ground,
        index: usize,
        at: &PositionNed,
        check: Check,
        what: &str,
        sample: &Sample<'_>,
    ) {
        let tolerances = &ground.tolerances;
        let level_m = at.horizontal_distance_m(&sample.position);
        let over_m = (at.down_m - sample.position.down_m).abs();
        let margin_m = (tolerances.waypoint_m - level_m).min(tolerances.altitude_m - over_m);
        self.outcomes[index].note(check, margin_m, sample.time_s);
        if margin_m < 0.0 {
            let says = format!("{what} {level_m:.1} m beside and {over_m:.1} m above or below {}", place(at));
            self.broke(
                ground,
                Breach { goal: index, check, measured: tolerances.waypoint_m - margin_m, limit: tolerances.waypoint_m },
                &says,
                sample,
            );
        }
        self.met(ground, index, sample);
    }

    // ---- down ----

    pub(super) fn land(
        &mut self,
        ground: &Ground,
        index: usize,
        from: &PositionNed,
        stray_m: f64,
        sample: &Sample<'_>,
    ) {
        let tolerances = &ground.tolerances;
        let off_m = from.horizontal_distance_m(&sample.position);
        let over_m = sample.position.altitude_m() - from.altitude_m();
        if !self.lost && off_m > tolerances.leg_m + stray_m {
            let says = format!("was {off_m:.1} m beside {} where it was to land", place(from));
            self.broke(
                ground,
                Breach { goal: index, check: Check::Way, measured: off_m, limit: tolerances.leg_m + stray_m },
                &says,
                sample,
            );
            self.lost = true;
        } else if !self.lost && over_m > tolerances.altitude_m + SETTLING_HEIGHT_M {
            let says = format!("climbed by {over_m:.1} m instead of landing");
            self.broke(
                ground,
                Breach { goal: index, check: Check::Height, measured: over_m, limit: tolerances.altitude_m },
                &says,
                sample,
            );
            self.lost = true;
        }
        self.down_at(ground, index, from, stray_m, sample);
    }

    pub(super) fn return_and_land(
        &mut self,
        ground: &Ground,
        index: usize,
        from: &PositionNed,
        stray_m: f64,
        sample: &Sample<'_>,
    ) {
        let tolerances = &ground.tolerances;
        let home = PositionNed::HOME;
        let off_m = flightsmith_mission::outline::point_to_segment_m(&sample.position, from, &home);
        let to_go_m = libm::hypot(sample.position.north_m, sample.position.east_m);
        let under_m = from.altitude_m() - sample.position.altitude_m();
        let gone_m = from.horizontal_distance_m(&home) - to_go_m;
        self.farthest_m = self.farthest_m.max(gone_m);
        if !self.lost {
            if off_m > tolerances.leg_m + stray_m {
                let says = format!("was {off_m:.1} m off the straight way home");
                self.broke(
                    ground,
                    Breach { goal: index, check: Check::Way, measured: off_m, limit: tolerances.leg_m + stray_m },
                    &says,
                    sample,
                );
                self.lost = true;
            } else if to_go_m > tolerances.leg_m + stray_m && under_m > tolerances.altitude_m + SETTLING_HEIGHT_M {
                let says = format!("came down by {under_m:.1} m, {to_go_m:.1} m before home");
                self.broke(
                    ground,
                    Breach { goal: index, check: Check::Height, measured: under_m, limit: tolerances.altitude_m },
                    &says,
                    sample,
                );
                self.lost = true;
            } else if self.farthest_m - gone_m > BACK_M + stray_m {
                self.broke(
                    ground,
                    Breach { goal: index, check: Check::Way, measured: self.farthest_m - gone_m, limit: BACK_M },
                    "turned back on its way home",
                    sample,
                );
                self.lost = true;
            }
        }
        self.down_at(ground, index, &home, 0.0, sample);
    }

    pub(super) fn down_at(
        &mut self,
        ground: &Ground,
        index: usize,
        at: &PositionNed,
        stray_m: f64,
        sample: &Sample<'_>,
    ) {
        if sample.armed || !sample.on_ground {
            return;
        }
        let limit_m = ground.tolerances.landing_m + stray_m;
        let off_m = at.horizontal_distance_m(&sample.position);
        self.outcomes[index].set(Check::Landing, limit_m - off_m, sample.time_s);
        if off_m > limit_m {
            let says =
                format!("landed {off_m:.2} m from {} (limit {limit_m:.1} m)", place(&at.at_altitude(AboveHome(0.0))));
            self.broke(
                ground,
                Breach { goal: index, check: Check::Landing, measured: off_m, limit: limit_m },
                &says,
                sample,
            );
        }
        // A rule's end leaves the goal that it interrupted undone.
        self.outcomes[index].done |= self.emergency.is_none();
        self.goal = None;
    }
}
