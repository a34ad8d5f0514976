//! Follows one reading of the itinerary goal by goal: which goal the vehicle is at, and what it breaks on the way.
//!
//! A goal is met as soon as the vehicle is where it ends (within tolerance, which is where real autopilots switch legs too);
//! from then on the next one holds. Where two goals meet, the vehicle may be within the waypoint's tolerance of the joint;
//! everywhere else it must be within the tube of the goal it is at. So a corner left out, a swapped order, an excursion or a
//! lap too few leaves the tube and shows at once, and nothing that leaves it can be made good later.
mod spot;

use super::goal::{Check, Goal, Outcome, Task, place, principal};
use super::sample::{Control, Event, Sample};
use super::verdict::Violation;
use super::way::{Standing, Way};
use flightsmith_mission::contract::Tolerances;
use flightsmith_mission::frame::PositionNed;
use flightsmith_mission::itinerary::NoseRule;
use flightsmith_mission::plan::SafeEnd;
use flightsmith_mission::units::wrap_180;

/// A goal counts as met this much within its tolerance, so that noise at the very edge cannot undo it, m.
const INNER_M: f64 = 0.1;
/// Slower than this is standing still, m/s; a hold begins at the first moment below the lesser speed.
const STILL_M_S: f64 = 0.5;
const AT_REST_M_S: f64 = 0.3;
/// A gust may move a vehicle that holds for this long, s, ..
const GUST_S: f64 = 1.0;
/// .. and this far from where it had settled this long after its hold began, m and s.
const HOLD_DRIFT_M: f64 = 1.0;
const HOLD_SETTLES_S: f64 = 1.0;
/// The nose may take this long to come round after a joint, s, ..
const NOSE_SETTLES_S: f64 = 3.0;
/// .. and be off for this long, s.
const NOSE_OFF_S: f64 = 1.0;
/// A nose led around a curve follows this late, s.
const NOSE_LAG_S: f64 = 0.3;
/// Ways shorter than this say nothing about the nose, m.
const NOSE_WAY_M: f64 = 4.0;
/// Nearer than this to the place that the nose points at, its bearing says nothing, m.
const NOSE_PLACE_M: f64 = 3.0;
/// Progress may go back by this much, m.
const BACK_M: f64 = 3.0;
/// On the spot, the height may be this much more off while it settles, m.
const SETTLING_HEIGHT_M: f64 = 0.3;
/// How an autopilot's own mode brings a moving vehicle to rest: after this time, s, and with this deceleration, m/s^2.
const REACTION_S: f64 = 1.0;
const BRAKING_M_S2: f64 = 2.0;
/// A goal may take this many times as long as it should, and this much more, s.
const TIME_FACTOR: f64 = 2.0;
const TIME_SPARE_S: f64 = 45.0;

/// What does not change during a flight.
pub(super) struct Ground {
    pub goals: Vec<Goal>,
    pub tolerances: Tolerances,
}

/// One reading of the flight.
#[derive(Clone)]
pub(super) struct Tracker {
    pub goal: Option<usize>,
    pub outcomes: Vec<Outcome>,
    /// The goals come to, in order.
    pub came_to: Vec<usize>,
    pub violations: Vec<Violation>,
    /// A branch taken though the reported value spoke against it, so far.
    pub unjustified: Option<Decision>,
    /// A standing rule's end is being flown.
    pub emergency: Option<Emergency>,
    lost: bool,
    begun_s: f64,
    share: f64,
    farthest_m: f64,
    left_start_s: Option<f64>,
    slowed: bool,
    speed_before_m_s: f64,
    nose_best_deg: f64,
    nose_off_since_s: Option<f64>,
    nose_right_since_s: Option<f64>,
    still_since_s: Option<f64>,
    moving_since_s: Option<f64>,
    anchor: PositionNed,
    heading_deg: Option<f64>,
    turned_deg: f64,
    trail: Option<Trail>,
}

/// A branch decision that the telemetry did not ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decision {
    pub goal: usize,
    pub holds: bool,
    pub at_s: f64,
    pub reported: f64,
    pub limit: f64,
    pub position: PositionNed,
}

/// How a rule ends the flight, and from where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Emergency {
    end: SafeEnd,
    from: PositionNed,
    /// How far it may stray: it begins at speed, wherever that leads.
    stray_m: f64,
}

impl Emergency {
    pub fn new(end: SafeEnd, sample: &Sample<'_>) -> Self {
        let speed_m_s = sample.velocity.ground_speed_m_s();
        let stray_m = speed_m_s * REACTION_S + speed_m_s * speed_m_s / (2.0 * BRAKING_M_S2);
        Self { end, from: sample.position, stray_m }
    }
}

/// Which check of which goal broke, and by what.
pub(super) struct Breach {
    pub goal: usize,
    pub check: Check,
    pub measured: f64,
    pub limit: f64,
}

/// A goal just met whose margin still grows: nearer to the waypoint, longer on hold, better turned.
#[derive(Clone, Copy)]
struct Trail {
    goal: usize,
    place: PositionNed,
    what: Grows,
}

#[derive(Clone, Copy)]
enum Grows {
    Nearness,
    Hold { since_s: f64 },
    Heading { heading_deg: f64, limit_deg: f64 },
}

impl Tracker {
    pub fn new(ground: &Ground, first: Option<usize>) -> Self {
        let count = ground.goals.len();
        let mut came_to = Vec::with_capacity(count);
        came_to.extend(first);
        Self {
            goal: first,
            outcomes: vec![Outcome::NEW; count],
            came_to,
            violations: Vec::new(),
            unjustified: None,
            emergency: None,
            lost: false,
            begun_s: 0.0,
            share: 0.0,
            farthest_m: 0.0,
            left_start_s: None,
            slowed: false,
            speed_before_m_s: 0.0,
            nose_best_deg: f64::INFINITY,
            nose_off_since_s: None,
            nose_right_since_s: None,
            still_since_s: None,
            moving_since_s: None,
            anchor: PositionNed::HOME,
            heading_deg: None,
            turned_deg: 0.0,
            trail: None,
        }
    }

    /// The vehicle has been armed.
    pub fn begin(&mut self, sample: &Sample<'_>) {
        self.begun_s = sample.time_s;
        self.heading_deg = Some(sample.heading_deg);
    }

    /// Before arming and after disarming nothing is to be photographed or released.
    pub fn on_the_ground(&mut self, ground: &Ground, sample: &Sample<'_>) {
        for event in sample.events {
            match event {
                Event::Photo => self.unasked(ground, Check::Photo, "took a photo on the ground", sample),
                Event::Released(_) => self.unasked(ground, Check::Release, "released a payload on the ground", sample),
                _ => {}
            }
        }
    }

    /// A standing rule ends the flight.
    pub fn interrupt(&mut self, emergency: Emergency) {
        self.emergency = Some(emergency);
        self.farthest_m = 0.0;
    }

    /// Whether it is at the takeoff.
    pub fn takes_off(&self, ground: &Ground) -> bool {
        self.goal.is_some_and(|goal| matches!(ground.goals[goal].task, Task::Follow { takes_off: true, .. }))
    }

    /// Whether it stands at a branch, which the judge decides.
    pub fn branch(&self, ground: &Ground) -> Option<usize> {
        self.goal.filter(|goal| matches!(ground.goals[*goal].task, Task::Branch { .. }))
    }

    /// Goes on behind the branch.
    pub fn take(&mut self, ground: &Ground, branch: usize, first: Option<usize>, sample: &Sample<'_>) {
        self.outcomes[branch].done = true;
        self.go_on(ground, first, sample);
    }

    fn go_on(&mut self, ground: &Ground, next: Option<usize>, sample: &Sample<'_>) {
        if let Some(goal) = self.goal {
            self.speed_before_m_s = ground.goals[goal].speed_m_s;
        }
        self.goal = next;
        self.came_to.extend(next);
        self.begun_s = sample.time_s;
        self.share = 0.0;
        self.farthest_m = 0.0;
        self.left_start_s = None;
        self.slowed = false;
        self.nose_best_deg = f64::INFINITY;
        self.nose_off_since_s = None;
        self.nose_right_since_s = None;
        self.still_since_s = None;
        self.moving_since_s = None;
        self.turned_deg = 0.0;
        self.lost = false;
    }

    fn met(&mut self, ground: &Ground, goal: usize, sample: &Sample<'_>) {
        self.outcomes[goal].done = true;
        self.go_on(ground, ground.goals[goal].next, sample);
    }

    /// Records that something broke, with its evidence; each check of a goal once.
    pub fn broke(&mut self, ground: &Ground, breach: Breach, says: &str, sample: &Sample<'_>) {
        let Breach { goal: index, check, measured, limit } = breach;
        if !self.outcomes[index].break_once(check) {
            return;
        }
        let goal = &ground.goals[index];
        let words = if goal.words.is_empty() { String::new() } else { format!(" (\"{}\")", goal.words) };
        self.violations.push(Violation {
            id: format!("{}.{}", goal.id, check.name()),
            says: format!("step {}{words}: {says}", goal.step),
            at_s: sample.time_s,
            measured,
            limit,
            unit: check.unit().into(),
            position: sample.position,
        });
    }

    /// One tick in the air.
    pub fn step(&mut self, ground: &Ground, sample: &Sample<'_>) {
        let turned_deg = self.heading_deg.map_or(0.0, |before| wrap_180(sample.heading_deg - before));
        self.heading_deg = Some(sample.heading_deg);
        self.turned_deg += turned_deg;
        self.follow_trail(ground, sample);
        if let Some(Emergency { end, from, stray_m }) = self.emergency {
            let Some(index) = self.goal else { return };
            match end {
                SafeEnd::ReturnToLaunch => self.return_and_land(ground, index, &from, stray_m, sample),
                SafeEnd::Land => self.land(ground, index, &from, stray_m, sample),
            }
            return;
        }
        for event in sample.events {
            match event {
                Event::Photo => self.photo(ground, sample),
                Event::Released(payload) => self.release(ground, payload, sample),
                _ => {}
            }
        }
        // A tick can meet several goals: a leg's end, and a turn that has nothing to turn.
        for _ in 0..4 {
            let Some(index) = self.goal else { return };
            let goal = &ground.goals[index];
            match &goal.task {
                Task::Follow { way, length_m, takes_off } => {
                    self.follow(ground, index, way, *length_m, *takes_off, sample)
                }
                Task::Hold { at, seconds } => self.hold(ground, index, at, *seconds, sample),
                Task::Turn { at, heading_deg, by_deg } => self.turn(ground, index, at, *heading_deg, *by_deg, sample),
                Task::Photo { at } | Task::Release { at, .. } => self.wait(ground, index, at, sample),
                Task::Branch { .. } => return,
                Task::ReturnToLaunch { from } => self.return_and_land(ground, index, from, 0.0, sample),
                Task::Land { from } => self.land(ground, index, from, 0.0, sample),
            }
            if self.goal == Some(index) {
                break;
            }
        }
        self.mode(ground, sample);
    }

    /// The autopilot's own return or landing where the plan has none.
    fn mode(&mut self, ground: &Ground, sample: &Sample<'_>) {
        let Some(index) = self.goal else { return };
        if sample.control == Control::Mission || self.lost {
            return;
        }
        if matches!(ground.goals[index].task, Task::ReturnToLaunch { .. } | Task::Land { .. } | Task::Branch { .. }) {
            return;
        }
        let what = if sample.control == Control::Return { "its return" } else { "a landing" };
        let after_s = sample.time_s - self.begun_s;
        self.broke(
            ground,
            Breach { goal: index, check: Check::Order, measured: after_s, limit: 0.0 },
            &format!("{what} began before this was done"),
            sample,
        );
        self.lost = true;
    }

    // ---- ways ----

    fn follow(
        &mut self,
        ground: &Ground,
        index: usize,
        way: &Way,
        length_m: f64,
        takes_off: bool,
        sample: &Sample<'_>,
    ) {
        let tolerances = &ground.tolerances;
        let standing = way.standing(&sample.position, self.share, length_m, tolerances);
        self.share = standing.share;
        let (start, end) = (way.start(), way.end());
        if self.lost {
            self.find_again(ground, index, sample);
            return;
        }
        let (at_start, at_end) = (near(&start, sample, tolerances), near(&end, sample, tolerances));
        if !at_start && self.left_start_s.is_none() {
            self.left_start_s = Some(sample.time_s);
        }
        let between = !at_start && !at_end;
        if between && self.tube(ground, index, way, length_m, &standing, sample) {
            return;
        }
        self.farthest_m = self.farthest_m.max(standing.along_m);
        let back_m = self.farthest_m - standing.along_m;
        if back_m > BACK_M && between {
            let says = if way.is_curve() && self.farthest_m < BACK_M {
                "flew around the wrong way".to_owned()
            } else {
                format!("turned back by {back_m:.1} m on its way to {}", place(&end))
            };
            self.broke(
                ground,
                Breach { goal: index, check: Check::Way, measured: back_m, limit: BACK_M },
                &says,
                sample,
            );
            self.lost = true;
            return;
        }
        self.speed(ground, index, at_start, sample);
        if !takes_off {
            self.nose(ground, index, &standing, between, sample);
        }
        self.time(ground, index, expected_s(way, length_m, ground.goals[index].speed_m_s), sample);
        let nearly_all_m = length_m - (0.5 * length_m).min(BACK_M);
        if reached(way, sample, tolerances) && (!way.is_curve() || standing.along_m >= nearly_all_m) {
            self.check_nose_at_end(ground, index, length_m, sample);
            self.trail = Some(Trail { goal: index, place: end, what: Grows::Nearness });
            self.outcomes[index].set(Check::Reach, nearness_m(&end, sample, tolerances), sample.time_s);
            self.met(ground, index, sample);
        }
    }

    /// Whether the vehicle is outside the tube.
    fn tube(
        &mut self,
        ground: &Ground,
        index: usize,
        way: &Way,
        length_m: f64,
        standing: &Standing,
        sample: &Sample<'_>,
    ) -> bool {
        let allowed_over_m = ground.tolerances.altitude_m;
        let (way_margin_m, height_margin_m) =
            (standing.allowed_m - standing.off_m, allowed_over_m - standing.over_m.abs());
        let outcome = &mut self.outcomes[index];
        outcome.note(Check::Way, way_margin_m, sample.time_s);
        outcome.note(Check::Height, height_margin_m, sample.time_s);
        if way_margin_m < 0.0 {
            let says = match way {
                Way::Line { to, .. } => {
                    format!(
                        "was {:.1} m off the straight way to {} (limit {:.1} m)",
                        standing.off_m,
                        place(to),
                        standing.allowed_m
                    )
                }
                Way::Curve(arc) => format!(
                    "was {:.1} m off the arc around {} after {:.0} of {:.0} degrees (limit {:.1} m)",
                    standing.off_m,
                    place(&arc.centre),
                    standing.along_m / length_m.max(0.1) * arc.sweep_deg.abs(),
                    arc.sweep_deg.abs(),
                    standing.allowed_m
                ),
            };
            self.broke(
                ground,
                Breach { goal: index, check: Check::Way, measured: standing.off_m, limit: standing.allowed_m },
                &says,
                sample,
            );
            self.lost = true;
        } else if height_margin_m < 0.0 {
            let side = if standing.over_m > 0.0 { "above" } else { "below" };
            let says = format!(
                "was {:.1} m {side} its way to {} (limit {allowed_over_m:.1} m)",
                standing.over_m.abs(),
                place(&way.end())
            );
            self.broke(
                ground,
                Breach { goal: index, check: Check::Height, measured: standing.over_m.abs(), limit: allowed_over_m },
                &says,
                sample,
            );
            self.lost = true;
        }
        self.lost
    }

    /// After a way was left, the end of it or of one of the next tells where the flight goes on.
    fn find_again(&mut self, ground: &Ground, index: usize, sample: &Sample<'_>) {
        let mut next = Some(index);
        for _ in 0..4 {
            let Some(candidate) = next else { return };
            let goal = &ground.goals[candidate];
            match &goal.task {
                Task::Follow { way, .. } if reached(way, sample, &ground.tolerances) => {
                    if candidate == index {
                        self.outcomes[index].done = true;
                    }
                    self.goal = Some(candidate);
                    self.go_on(ground, goal.next, sample);
                    return;
                }
                Task::Branch { .. } => return,
                _ => next = goal.next,
            }
        }
    }

    fn speed(&mut self, ground: &Ground, index: usize, at_start: bool, sample: &Sample<'_>) {
        let tolerance_m_s = ground.tolerances.speed_m_s;
        let limit_m_s = ground.goals[index].speed_m_s + tolerance_m_s;
        let speed_m_s = sample.velocity.ground_speed_m_s();
        self.slowed |= speed_m_s <= limit_m_s;
        // A goal begins a little before the joint, where the speed of the one before may still be flown.
        let before_m_s = self.speed_before_m_s + tolerance_m_s;
        if at_start && !self.slowed && speed_m_s <= before_m_s {
            return;
        }
        self.outcomes[index].note(Check::Speed, limit_m_s - speed_m_s, sample.time_s);
        if speed_m_s > limit_m_s {
            let says = format!(
                "flew {speed_m_s:.2} m/s over ground where {:.1} m/s were allowed (and {tolerance_m_s:.1} m/s tolerance)",
                limit_m_s - tolerance_m_s
            );
            self.broke(
                ground,
                Breach { goal: index, check: Check::Speed, measured: speed_m_s, limit: limit_m_s },
                &says,
                sample,
            );
        }
    }

    fn time(&mut self, ground: &Ground, index: usize, expected_s: f64, sample: &Sample<'_>) {
        let (taken_s, limit_s) = (sample.time_s - self.begun_s, TIME_FACTOR * expected_s + TIME_SPARE_S);
        if taken_s > limit_s {
            let says = format!("was still not done after {taken_s:.0} s (limit {limit_s:.0} s)");
            self.broke(
                ground,
                Breach { goal: index, check: Check::Time, measured: taken_s, limit: limit_s },
                &says,
                sample,
            );
        }
    }

    /// Lets the margin of a goal just met grow while the vehicle comes nearer or holds longer.
    fn follow_trail(&mut self, ground: &Ground, sample: &Sample<'_>) {
        let Some(trail) = self.trail else { return };
        let tolerances = &ground.tolerances;
        if !near(&trail.place, sample, tolerances) {
            self.trail = None;
            return;
        }
        match trail.what {
            Grows::Nearness => {
                let margin_m = nearness_m(&trail.place, sample, tolerances);
                self.outcomes[trail.goal].grow(Check::Reach, margin_m, sample.time_s);
            }
            Grows::Hold { since_s } => {
                let Task::Hold { seconds, .. } = ground.goals[trail.goal].task else { return };
                if speed_m_s(sample) < STILL_M_S {
                    let margin_s = sample.time_s - since_s - (seconds - tolerances.hold_s);
                    self.outcomes[trail.goal].set(Check::Hold, margin_s, sample.time_s);
                } else {
                    self.trail = None;
                }
            }
            Grows::Heading { heading_deg, limit_deg } => {
                let off_deg = wrap_180(sample.heading_deg - heading_deg).abs();
                self.outcomes[trail.goal].grow(Check::Turn, limit_deg - off_deg, sample.time_s);
            }
        }
    }

    // ---- the nose ----

    fn nose(&mut self, ground: &Ground, index: usize, standing: &Standing, between: bool, sample: &Sample<'_>) {
        let Some(off_deg) = nose_off_deg(&ground.goals[index].nose, standing.course_deg, sample) else { return };
        self.nose_best_deg = self.nose_best_deg.min(off_deg);
        let settled = self.left_start_s.is_some_and(|since_s| sample.time_s - since_s > NOSE_SETTLES_S);
        if !settled || !between {
            self.nose_off_since_s = None;
            return;
        }
        let turning_deg_s = turning_deg_s(&ground.goals[index].nose, standing, sample);
        let limit_deg = ground.tolerances.heading_deg + NOSE_LAG_S * turning_deg_s;
        if off_deg <= limit_deg {
            self.nose_off_since_s = None;
            // Coming round, it passes the limit: that says nothing about how well it is held.
            let since_s = *self.nose_right_since_s.get_or_insert(sample.time_s);
            if sample.time_s - since_s > NOSE_OFF_S {
                self.outcomes[index].note(Check::Nose, limit_deg - off_deg, sample.time_s);
            }
            return;
        }
        self.nose_right_since_s = None;
        let since_s = *self.nose_off_since_s.get_or_insert(sample.time_s);
        if sample.time_s - since_s > NOSE_OFF_S {
            self.nose_broke(ground, index, off_deg, limit_deg, sample);
        }
    }

    fn nose_broke(&mut self, ground: &Ground, index: usize, off_deg: f64, limit_deg: f64, sample: &Sample<'_>) {
        self.outcomes[index].note(Check::Nose, limit_deg - off_deg, sample.time_s);
        let says =
            format!("the nose at {:.0} degrees is {off_deg:.0} degrees off (limit {limit_deg:.0})", sample.heading_deg);
        self.broke(
            ground,
            Breach { goal: index, check: Check::Nose, measured: off_deg, limit: limit_deg },
            &says,
            sample,
        );
    }

    /// A way too short for the nose to settle must at least once have been flown with the nose where it belongs.
    fn check_nose_at_end(&mut self, ground: &Ground, index: usize, length_m: f64, sample: &Sample<'_>) {
        let limit_deg = ground.tolerances.heading_deg;
        if self.nose_best_deg.is_finite() && length_m >= NOSE_WAY_M {
            self.outcomes[index].note(Check::Nose, limit_deg - self.nose_best_deg, sample.time_s);
            if self.nose_best_deg > limit_deg {
                self.nose_broke(ground, index, self.nose_best_deg, limit_deg, sample);
            }
        }
    }

    // ---- on the spot ----
}

/// Within the waypoint's tolerance.
fn near(place: &PositionNed, sample: &Sample<'_>, tolerances: &Tolerances) -> bool {
    (place.down_m - sample.position.down_m).abs() <= tolerances.altitude_m
        && place.horizontal_distance_m(&sample.position) <= tolerances.waypoint_m
}

/// Whether the end of `way` is reached: within its tolerance, and for a way shorter than that tolerance at least half of it.
fn reached(way: &Way, sample: &Sample<'_>, tolerances: &Tolerances) -> bool {
    let (level_m, climb_m) = match way {
        Way::Line { from, to } => (from.horizontal_distance_m(to), (from.down_m - to.down_m).abs()),
        Way::Curve(_) => (f64::INFINITY, 0.0),
    };
    let inner = |length_m: f64, tolerance_m: f64, least_m: f64| {
        if length_m < 0.05 { tolerance_m } else { tolerance_m.min((0.5 * length_m).max(least_m)) }
    };
    let level_limit_m = inner(level_m, tolerances.waypoint_m - INNER_M, 0.9);
    let height_limit_m = inner(climb_m, tolerances.altitude_m - INNER_M, 0.5);
    let end = way.end();
    (end.down_m - sample.position.down_m).abs() <= height_limit_m
        && end.horizontal_distance_m(&sample.position) <= level_limit_m
}

/// The margin of being at `place`, m.
fn nearness_m(place: &PositionNed, sample: &Sample<'_>, tolerances: &Tolerances) -> f64 {
    let level_m = tolerances.waypoint_m - place.horizontal_distance_m(&sample.position);
    let height_m = tolerances.altitude_m - (place.down_m - sample.position.down_m).abs();
    level_m.min(height_m)
}

fn speed_m_s(sample: &Sample<'_>) -> f64 {
    libm::hypot(sample.velocity.ground_speed_m_s(), sample.velocity.down_m_s)
}

fn nose_off_deg(rule: &NoseRule, course_deg: f64, sample: &Sample<'_>) -> Option<f64> {
    let wanted_deg = match rule {
        NoseRule::Heading(heading_deg) => *heading_deg,
        NoseRule::AlongPath => course_deg,
        NoseRule::AgainstPath => course_deg + 180.0,
        NoseRule::At(target) if sample.position.horizontal_distance_m(target) < NOSE_PLACE_M => return None,
        NoseRule::At(target) => sample.position.bearing_deg(target),
    };
    Some(wrap_180(sample.heading_deg - wanted_deg).abs())
}

/// How fast the heading that `rule` wants turns.
fn turning_deg_s(rule: &NoseRule, standing: &Standing, sample: &Sample<'_>) -> f64 {
    match rule {
        NoseRule::Heading(_) => 0.0,
        NoseRule::AlongPath | NoseRule::AgainstPath => {
            standing.bend_deg_per_m.abs() * sample.velocity.ground_speed_m_s()
        }
        NoseRule::At(target) => {
            let (to, velocity) = (*target - sample.position, sample.velocity);
            let across = (to.north_m * velocity.east_m_s - to.east_m * velocity.north_m_s).abs();
            (across / (to.north_m * to.north_m + to.east_m * to.east_m).max(1.0)).to_degrees()
        }
    }
}

/// How long a way should take at most at its speed.
fn expected_s(way: &Way, length_m: f64, speed_m_s: f64) -> f64 {
    let climb_m = (way.start().down_m - way.end().down_m).abs();
    let level_m_s = match way {
        Way::Curve(arc) => speed_m_s.min(libm::sqrt(arc.start_radius_m.max(arc.end_radius_m))),
        Way::Line { .. } => speed_m_s,
    };
    length_m / level_m_s.max(0.1) + climb_m / 1.0
}
