//! The judge: monitors of a contract over one flight, on the simulator's true state.
//!
//! [`Judge::observe`] is called at every tick of 20 ms, [`Judge::finish`] at the end. It knows the contract only: neither the
//! program nor what it meant to do. Goals are followed in order ([`tracker`]), with a second reading where telemetry left a
//! branch open; invariants hold throughout ([`invariants`]). Every clause gets a margin, every violation its evidence.
//!
//! A tick costs a fraction of a microsecond and allocates nothing unless something is decided or broken.
mod goal;
mod invariants;
mod reported;
mod sample;
mod simulated;
mod tracker;
mod verdict;
mod way;

pub use reported::Reported;
pub use sample::{Control, Event, Sample};
pub use simulated::Watcher;
pub use verdict::{Clause, TrackPoint, Verdict, Violation, explain};

use flightsmith_mission::contract::{Contract, Invariant};
use flightsmith_mission::plan::{Condition, Rule, SafeEnd};
use flightsmith_mission::vehicle::Autopilot;
use goal::{Check, Task, lay_out};
use invariants::Invariants;
use tracker::{Breach, Decision, Emergency, Ground, Tracker};

/// Time between two points of the track, s.
const TRACK_STEP_S: f64 = 0.2;
/// Telemetry this close to a limit may be read either way: it is rounded, filtered and a little old.
const BATTERY_MARGIN_PERCENT: f64 = 1.0;
const WIND_MARGIN_M_S: f64 = 0.5;
/// A rule whose condition plainly holds must have acted after this, s.
const RULE_ACTS_WITHIN_S: f64 = 5.0;
/// A branch decision may look at the telemetry for this long, s.
const DECISION_S: f64 = 20.0;
/// Readings of the flight that are followed at once.
const MAX_READINGS: usize = 8;

/// Which flight a verdict is about.
#[derive(Debug, Clone)]
pub struct FlightId {
    /// Its seed.
    pub seed: u64,
    /// The conditions it was flown in.
    pub scenario: serde_json::Value,
    /// What flew it.
    pub backend: String,
    /// Which autopilot.
    pub autopilot: Autopilot,
}

/// The judge of one flight.
pub struct Judge {
    ground: Ground,
    invariants: Invariants,
    readings: Vec<Tracker>,
    rules: Vec<Watch>,
    track: Vec<TrackPoint>,
    next_track_s: f64,
    armed_at_s: Option<f64>,
    ended_at_s: Option<f64>,
    last: Option<Sample<'static>>,
}

/// A standing rule and when it began to hold.
struct Watch {
    rule: Rule,
    may_act: bool,
    plain_since_s: Option<f64>,
    acted_at_s: Option<f64>,
    broken: bool,
}

impl Watch {
    fn clause(&self, number: usize) -> Clause {
        let end = match self.rule.then {
            SafeEnd::ReturnToLaunch => "returns to launch",
            SafeEnd::Land => "lands on the spot",
        };
        let what = match self.rule.when {
            Condition::BatteryBelow(percent) => format!("battery below {percent} %"),
            Condition::BatteryAbove(percent) => format!("battery above {percent} %"),
            Condition::WindAbove(speed) => format!("wind above {speed} m/s"),
            Condition::WindBelow(speed) => format!("wind below {speed} m/s"),
        };
        let found = match (self.broken, self.acted_at_s) {
            (true, _) => "held and nothing was done".to_owned(),
            (false, Some(at_s)) => format!("ended the flight at {at_s:.1} s"),
            (false, None) => "never held, so it was not put to the test".to_owned(),
        };
        Clause {
            id: format!("rule_{number}"),
            step: String::new(),
            words: self.rule.words.clone(),
            says: format!("{end} at {what}: {found}"),
            margin: None,
            unit: String::new(),
            held: !self.broken,
            at_s: self.acted_at_s,
        }
    }
}

impl Judge {
    /// A judge of one flight under `contract`.
    pub fn new(contract: &Contract) -> Self {
        let (goals, first) = lay_out(&contract.itinerary.items);
        let ground = Ground { goals, tolerances: contract.tolerances.clone() };
        let within_s = contract.invariants.iter().find_map(|invariant| match invariant {
            Invariant::EndsOnGround { within_s } => Some(*within_s),
            _ => None,
        });
        let points = (within_s.unwrap_or(600.0) / TRACK_STEP_S).clamp(0.0, 50_000.0) as usize + 16;
        let watch = |rule: &Rule| Watch {
            rule: rule.clone(),
            may_act: false,
            plain_since_s: None,
            acted_at_s: None,
            broken: false,
        };
        Self {
            readings: vec![Tracker::new(&ground, first)],
            ground,
            invariants: Invariants::new(contract),
            rules: contract.rules.iter().map(watch).collect(),
            track: Vec::with_capacity(points),
            next_track_s: 0.0,
            armed_at_s: None,
            ended_at_s: None,
            last: None,
        }
    }

    /// Looks at one tick.
    pub fn observe(&mut self, sample: &Sample<'_>) {
        self.last = Some(Sample { events: &[], ..*sample });
        if self.armed_at_s.is_none() && sample.armed {
            self.armed_at_s = Some(sample.time_s);
            self.readings.iter_mut().for_each(|reading| reading.begin(sample));
        }
        let emergency = self.readings.iter().any(|reading| reading.emergency.is_some());
        self.invariants.observe(sample, emergency);
        if self.armed_at_s.is_none() {
            self.readings[0].on_the_ground(&self.ground, sample);
            return;
        }
        self.note_track(sample);
        if self.ended_at_s.is_some() {
            self.readings[0].on_the_ground(&self.ground, sample);
            self.armed_again(sample);
            return;
        }
        if !self.invariants.pilot_flies() {
            self.watch_rules(sample);
            for reading in &mut self.readings {
                reading.step(&self.ground, sample);
            }
            self.decide_branches(sample);
            self.drop_refuted();
        }
        self.watch_end(sample);
    }

    /// Notes what became known between ticks or after the last one: a stall, or that the mission is gone.
    pub fn happened(&mut self, event: Event) {
        if let Some(last) = self.last {
            self.invariants.happened(&Sample { events: &[event], ..last });
        }
    }

    fn note_track(&mut self, sample: &Sample<'_>) {
        if sample.time_s + 1e-9 < self.next_track_s {
            return;
        }
        self.next_track_s = sample.time_s + TRACK_STEP_S;
        self.track.push(TrackPoint {
            t_s: sample.time_s,
            north_m: sample.position.north_m,
            east_m: sample.position.east_m,
            altitude_m: sample.position.altitude_m(),
            ground_speed_m_s: sample.velocity.ground_speed_m_s(),
            heading_deg: sample.heading_deg,
        });
    }

    fn watch_end(&mut self, sample: &Sample<'_>) {
        if sample.armed {
            return;
        }
        if sample.on_ground {
            self.ended_at_s = Some(sample.time_s);
            return;
        }
        for reading in &mut self.readings {
            if let Some(index) = reading.goal {
                let altitude_m = sample.position.altitude_m();
                reading.broke(
                    &self.ground,
                    Breach { goal: index, check: Check::Order, measured: altitude_m, limit: 0.0 },
                    "the motors stopped in flight",
                    sample,
                );
            }
        }
    }

    fn armed_again(&mut self, sample: &Sample<'_>) {
        if sample.armed {
            let reading = &mut self.readings[0];
            if let Some(index) = reading.came_to.last().copied() {
                reading.broke(
                    &self.ground,
                    Breach { goal: index, check: Check::Order, measured: 1.0, limit: 0.0 },
                    "was armed again after the flight",
                    sample,
                );
            }
        }
    }

    /// Rules that may act switch the readings to their end once the vehicle returns or lands; rules that must act and do not are broken.
    fn watch_rules(&mut self, sample: &Sample<'_>) {
        // A program can set its rules once it is up, no earlier.
        let taking_off = self.readings.iter().all(|reading| reading.takes_off(&self.ground));
        if taking_off {
            return;
        }
        for watch in &mut self.rules {
            if watch.acted_at_s.is_some() {
                continue;
            }
            let Some((holds, plainly, _, _)) = holds(&watch.rule.when, sample) else { continue };
            watch.may_act |= holds || !plainly;
            if holds && plainly {
                let since_s = *watch.plain_since_s.get_or_insert(sample.time_s);
                if sample.time_s - since_s > RULE_ACTS_WITHIN_S && sample.control == Control::Mission {
                    watch.broken = true;
                    let says = format!(
                        "the rule \"{}\" should have ended the flight {RULE_ACTS_WITHIN_S:.0} s ago",
                        watch.rule.words
                    );
                    for reading in &mut self.readings {
                        if let Some(index) = reading.goal {
                            reading.broke(
                                &self.ground,
                                Breach {
                                    goal: index,
                                    check: Check::Rule,
                                    measured: sample.time_s - since_s,
                                    limit: RULE_ACTS_WITHIN_S,
                                },
                                &says,
                                sample,
                            );
                        }
                    }
                }
            } else {
                watch.plain_since_s = None;
            }
            let acts = watch.may_act
                && match watch.rule.then {
                    SafeEnd::ReturnToLaunch => sample.control == Control::Return,
                    SafeEnd::Land => sample.control == Control::Land,
                };
            if acts {
                for reading in &mut self.readings {
                    let planned = reading.goal.is_none_or(|goal| {
                        matches!(self.ground.goals[goal].task, Task::ReturnToLaunch { .. } | Task::Land { .. })
                    });
                    if !planned && reading.emergency.is_none() {
                        watch.acted_at_s = Some(sample.time_s);
                        reading.interrupt(Emergency::new(watch.rule.then, sample));
                    }
                }
            }
        }
    }

    /// Where a reading stands at a branch it goes on as the telemetry says, and a second one the other way: it counts if the
    /// telemetry comes to allow it while the decision can still be under way.
    fn decide_branches(&mut self, sample: &Sample<'_>) {
        let mut number = 0;
        while number < self.readings.len() {
            while let Some(branch) = self.readings[number].branch(&self.ground) {
                let Task::Branch { condition, then, otherwise, .. } = self.ground.goals[branch].task else { break };
                let (holds, plainly, reported, limit) =
                    holds(&condition, sample).unwrap_or((true, false, f64::NAN, f64::NAN));
                let way = |holds: bool| if holds { then } else { otherwise };
                if self.readings.len() < MAX_READINGS {
                    let mut other = self.readings[number].clone();
                    if plainly && other.unjustified.is_none() {
                        let (at_s, position) = (sample.time_s, sample.position);
                        other.unjustified =
                            Some(Decision { goal: branch, holds: !holds, at_s, reported, limit, position });
                    }
                    other.take(&self.ground, branch, way(!holds), sample);
                    self.readings.push(other);
                }
                self.readings[number].take(&self.ground, branch, way(holds), sample);
            }
            if let Some(decision) = self.readings[number].unjustified
                && sample.time_s - decision.at_s < DECISION_S
                && let Task::Branch { condition, at, .. } = self.ground.goals[decision.goal].task
                && at.horizontal_distance_m(&sample.position) <= self.ground.tolerances.waypoint_m
                && let Some((now_holds, plainly, _, _)) = holds(&condition, sample)
                && (now_holds == decision.holds || !plainly)
            {
                self.readings[number].unjustified = None;
            }
            number += 1;
        }
    }

    fn drop_refuted(&mut self) {
        if self.readings.len() > 1 && self.readings.iter().any(|reading| reading.violations.is_empty()) {
            self.readings.retain(|reading| reading.violations.is_empty());
        }
    }

    /// The verdict, and the flown track.
    pub fn finish(mut self, flight: FlightId) -> (Verdict, Vec<TrackPoint>) {
        let pilot_flew = self.invariants.pilot_flies();
        let (ended, armed_at_s) = (self.ended_at_s, self.armed_at_s);
        if let Some(last) = &self.last {
            self.invariants.finish(last, ended.is_some());
        }
        let mut reading = self.best_reading();
        if let Some(last) = &self.last
            && !pilot_flew
        {
            self.name_what_is_missing(&mut reading, last);
        }
        let mut clauses = Vec::new();
        for &index in &reading.came_to {
            let (goal, outcome) = (&self.ground.goals[index], &reading.outcomes[index]);
            let excused = !outcome.done && (pilot_flew || reading.emergency.is_some());
            if !excused {
                outcome.clauses(goal, &self.ground.tolerances, &mut clauses);
            }
        }
        clauses.extend(self.rules.iter().enumerate().map(|(index, watch)| watch.clause(index + 1)));
        clauses.extend(self.invariants.clauses());
        let mut violations = reading.violations;
        violations.append(&mut self.invariants.violations);
        violations.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
        let passed = violations.is_empty() && armed_at_s.is_some() && clauses.iter().all(|clause| clause.held);
        let until_s = ended.or(self.last.map(|last| last.time_s)).unwrap_or(0.0);
        let verdict = Verdict {
            seed: flight.seed,
            scenario: flight.scenario,
            backend: flight.backend,
            autopilot: flight.autopilot,
            passed,
            duration_s: until_s - armed_at_s.unwrap_or(until_s),
            clauses,
            violations,
        };
        (verdict, self.track)
    }

    /// The reading that explains the flight best: nothing broken, decisions as telemetry said, the end reached.
    fn best_reading(&mut self) -> Tracker {
        let key = |reading: &Tracker| (reading.violations.len(), reading.goal.is_some(), reading.unjustified.is_some());
        let best = (0..self.readings.len()).min_by_key(|&number| key(&self.readings[number])).unwrap_or(0);
        self.readings.swap_remove(best)
    }

    fn name_what_is_missing(&self, reading: &mut Tracker, last: &Sample<'_>) {
        if let Some(decision) = reading.unjustified {
            let side = if decision.holds { "held" } else { "did not hold" };
            let says = format!(
                "went on as if the condition {side}, though the vehicle reported {:.1} (limit {:.1})",
                decision.reported, decision.limit
            );
            let then = Sample { time_s: decision.at_s, position: decision.position, ..*last };
            reading.broke(
                &self.ground,
                Breach {
                    goal: decision.goal,
                    check: Check::Branch,
                    measured: decision.reported,
                    limit: decision.limit,
                },
                &says,
                &then,
            );
        }
        if let Some(index) = reading.goal
            && reading.violations.is_empty()
        {
            let says = if self.armed_at_s.is_none() {
                "the vehicle was never armed".to_owned()
            } else {
                format!("the flight ended before this was done ({:.1} m above home)", last.position.altitude_m())
            };
            reading.broke(
                &self.ground,
                Breach { goal: index, check: Check::Order, measured: 0.0, limit: 0.0 },
                &says,
                last,
            );
        }
        // What comes after the goal that was not met has not been met either.
        let mut next = reading.goal.and_then(|goal| self.ground.goals[goal].next);
        while let Some(index) = next {
            reading.came_to.push(index);
            next = self.ground.goals[index].next;
        }
    }
}

/// Whether `condition` holds by what is reported, whether plainly so, the reported value and the limit; `None` where nothing is reported.
fn holds(condition: &Condition, sample: &Sample<'_>) -> Option<(bool, bool, f64, f64)> {
    let (reported, limit, margin, above) = match *condition {
        Condition::BatteryBelow(limit) => (sample.reported.battery_percent?, limit, BATTERY_MARGIN_PERCENT, false),
        Condition::BatteryAbove(limit) => (sample.reported.battery_percent?, limit, BATTERY_MARGIN_PERCENT, true),
        Condition::WindAbove(limit) => (sample.reported.wind_m_s?, limit, WIND_MARGIN_M_S, true),
        Condition::WindBelow(limit) => (sample.reported.wind_m_s?, limit, WIND_MARGIN_M_S, false),
    };
    let holds = if above { reported > limit } else { reported < limit };
    Some((holds, (reported - limit).abs() > margin, reported, limit))
}

#[cfg(test)]
mod tests;
