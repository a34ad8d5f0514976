//! The itinerary laid out flat: goals that know which one follows, and for each the checks that it is put to.
use super::verdict::{Clause, Least};
use super::way::Way;
use flightsmith_mission::contract::Tolerances;
use flightsmith_mission::frame::{AboveHome, PositionNed};
use flightsmith_mission::itinerary::{Item, Motion, NoseRule};
use flightsmith_mission::plan::Condition;
use flightsmith_mission::vehicle::Payload;
use std::collections::BTreeMap;

/// What one goal asks for.
#[derive(Debug, Clone)]
pub(super) enum Task {
    Follow { way: Way, length_m: f64, takes_off: bool },
    Hold { at: PositionNed, seconds: f64 },
    Turn { at: PositionNed, heading_deg: f64, by_deg: f64 },
    Photo { at: PositionNed },
    Release { at: PositionNed, payload: Payload },
    Branch { condition: Condition, at: PositionNed, then: Option<usize>, otherwise: Option<usize> },
    ReturnToLaunch { from: PositionNed },
    Land { from: PositionNed },
}

/// One goal.
#[derive(Debug, Clone)]
pub(super) struct Goal {
    pub step: String,
    /// `step`, or `step/n` where a step has several goals.
    pub id: String,
    pub words: String,
    pub speed_m_s: f64,
    pub nose: NoseRule,
    pub task: Task,
    pub next: Option<usize>,
}

/// All goals of all branches; the flight begins with the first.
pub(super) fn lay_out(items: &[Item]) -> (Vec<Goal>, Option<usize>) {
    let mut goals = Vec::new();
    let first = lay_out_list(items, &mut goals);
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for goal in &goals {
        *count.entry(goal.step.clone()).or_default() += 1;
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for goal in &mut goals {
        let number = seen.entry(goal.step.clone()).or_default();
        *number += 1;
        goal.id = if count[&goal.step] > 1 { format!("{}/{number}", goal.step) } else { goal.step.clone() };
    }
    (goals, first)
}

fn lay_out_list(items: &[Item], goals: &mut Vec<Goal>) -> Option<usize> {
    let first = goals.len();
    let ours: Vec<usize> = items
        .iter()
        .map(|item| {
            goals.push(Goal {
                step: item.step.clone(),
                id: String::new(),
                words: item.words.clone(),
                speed_m_s: item.speed_m_s,
                nose: item.nose,
                task: Task::Land { from: PositionNed::HOME },
                next: None,
            });
            goals.len() - 1
        })
        .collect();
    for (place, item) in items.iter().enumerate() {
        let task = task(&item.motion, goals);
        let goal = &mut goals[ours[place]];
        (goal.task, goal.next) = (task, ours.get(place + 1).copied());
    }
    (!items.is_empty()).then_some(first)
}

fn task(motion: &Motion, goals: &mut Vec<Goal>) -> Task {
    let follow = |way: Way, takes_off| Task::Follow { length_m: way.length_m(), way, takes_off };
    match motion {
        Motion::TakeOff { to } => follow(Way::Line { from: to.at_altitude(AboveHome(0.0)), to: *to }, true),
        Motion::Leg { from, to } => follow(Way::Line { from: *from, to: *to }, false),
        Motion::Arc(arc) => follow(Way::Curve(*arc), false),
        Motion::Hold { at, seconds } => Task::Hold { at: *at, seconds: *seconds },
        Motion::Turn { at, heading_deg, by_deg } => Task::Turn { at: *at, heading_deg: *heading_deg, by_deg: *by_deg },
        Motion::Photo { at } => Task::Photo { at: *at },
        Motion::Release { at, payload } => Task::Release { at: *at, payload: *payload },
        Motion::Branch { condition, at, then, otherwise } => Task::Branch {
            condition: *condition,
            at: *at,
            then: lay_out_list(then, goals),
            otherwise: lay_out_list(otherwise, goals),
        },
        Motion::ReturnToLaunch { from } => Task::ReturnToLaunch { from: *from },
        Motion::Land { from } => Task::Land { from: *from },
    }
}

/// The checks that a goal can be put to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    Reach,
    Way,
    Height,
    Speed,
    Nose,
    Hold,
    Turn,
    Photo,
    Release,
    Landing,
    Time,
    Order,
    Branch,
    Rule,
}

const CHECKS: [Check; 14] = [
    Check::Reach,
    Check::Way,
    Check::Height,
    Check::Speed,
    Check::Nose,
    Check::Hold,
    Check::Turn,
    Check::Photo,
    Check::Release,
    Check::Landing,
    Check::Time,
    Check::Order,
    Check::Branch,
    Check::Rule,
];

impl Check {
    pub fn name(self) -> &'static str {
        match self {
            Check::Reach => "reach",
            Check::Way => "way",
            Check::Height => "height",
            Check::Speed => "speed",
            Check::Nose => "nose",
            Check::Hold => "hold",
            Check::Turn => "turn",
            Check::Photo => "photo",
            Check::Release => "release",
            Check::Landing => "landing",
            Check::Time => "time",
            Check::Order => "order",
            Check::Branch => "branch",
            Check::Rule => "rule",
        }
    }
    pub fn unit(self) -> &'static str {
        match self {
            Check::Reach | Check::Way | Check::Height | Check::Photo | Check::Release | Check::Landing => "m",
            Check::Speed => "m/s",
            Check::Nose | Check::Turn => "deg",
            Check::Hold | Check::Time | Check::Order => "s",
            Check::Branch | Check::Rule => "",
        }
    }
}

/// What was measured of one goal.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub done: bool,
    least: [Least; CHECKS.len()],
    broken: [bool; CHECKS.len()],
}

impl Outcome {
    pub const NEW: Outcome = Outcome { done: false, least: [Least::NONE; CHECKS.len()], broken: [false; CHECKS.len()] };

    pub fn note(&mut self, check: Check, margin: f64, at_s: f64) {
        self.least[check as usize].note(margin, at_s);
    }
    /// For what only counts at its best, as the nearest approach.
    pub fn set(&mut self, check: Check, margin: f64, at_s: f64) {
        self.least[check as usize] = Least { margin, at_s };
    }
    /// Keeps the larger of two margins: for what counts at its best.
    pub fn grow(&mut self, check: Check, margin: f64, at_s: f64) {
        if margin > self.least[check as usize].margin {
            self.set(check, margin, at_s);
        }
    }
    /// Notes that it broke; false where that was known.
    pub fn break_once(&mut self, check: Check) -> bool {
        !core::mem::replace(&mut self.broken[check as usize], true)
    }

    /// The clauses of `goal`; `expected` where the flight should have come to it.
    pub fn clauses(&self, goal: &Goal, tolerances: &Tolerances, all: &mut Vec<Clause>) {
        for check in CHECKS {
            let least = self.least[check as usize];
            let broken = self.broken[check as usize];
            let principal = principal(&goal.task) == check;
            if least.known().is_none() && !broken && !principal {
                continue;
            }
            let held = !broken && (!principal || self.done);
            let mut says = promise(goal, check, tolerances);
            says.push_str(": ");
            match least.known() {
                _ if broken && least.known().is_none() => says.push_str("broken"),
                Some(margin) if margin >= 0.0 => {
                    says.push_str(&format!("held with {margin:.2} {} to spare", check.unit()))
                }
                Some(margin) => says.push_str(&format!("missed by {:.2} {}", -margin, check.unit())),
                None if self.done => says.push_str("done"),
                None => says.push_str("not done"),
            }
            all.push(Clause {
                id: format!("{}.{}", goal.id, check.name()),
                step: goal.step.clone(),
                words: goal.words.clone(),
                says,
                margin: least.known(),
                unit: check.unit().into(),
                held,
                at_s: least.time(),
            });
        }
    }
}

/// The check that says whether the goal was met at all.
pub(super) fn principal(task: &Task) -> Check {
    match task {
        Task::Follow { .. } => Check::Reach,
        Task::Hold { .. } => Check::Hold,
        Task::Turn { .. } => Check::Turn,
        Task::Photo { .. } => Check::Photo,
        Task::Release { .. } => Check::Release,
        Task::Branch { .. } => Check::Branch,
        Task::ReturnToLaunch { .. } | Task::Land { .. } => Check::Landing,
    }
}

/// A place in plain words.
pub(super) fn place(position: &PositionNed) -> String {
    let side = |metres: f64, positive: &str, negative: &str| {
        // No "-0.0 m north".
        let rounded = (metres * 10.0).round() / 10.0;
        format!("{:.1} m {}", rounded.abs(), if rounded < 0.0 { negative } else { positive })
    };
    format!(
        "{} {} {:.1} m up",
        side(position.north_m, "north", "south"),
        side(position.east_m, "east", "west"),
        position.altitude_m()
    )
}

/// What `check` promises of `goal`, in plain words.
fn promise(goal: &Goal, check: Check, tolerances: &Tolerances) -> String {
    let waypoint_m = tolerances.waypoint_m;
    match (check, &goal.task) {
        (Check::Reach, Task::Follow { way, .. }) => format!("comes within {waypoint_m:.1} m of {}", place(&way.end())),
        (Check::Way, Task::Follow { way: Way::Curve(arc), .. }) => {
            let radius_m = arc.start_radius_m.max(arc.end_radius_m);
            let allowed_m = tolerances.orbit_radius_m.max(tolerances.orbit_radius_share * radius_m);
            format!(
                "flies {:.0} degrees around {} within {allowed_m:.1} m of the arc",
                arc.sweep_deg,
                place(&arc.centre)
            )
        }
        (Check::Way, Task::Follow { way, .. }) => {
            format!("flies straight to {} within {:.1} m of the line", place(&way.end()), tolerances.leg_m)
        }
        (Check::Height, _) => format!("keeps its height within {:.1} m", tolerances.altitude_m),
        (Check::Speed, _) => format!("flies at most {:.1} m/s", goal.speed_m_s + tolerances.speed_m_s),
        (Check::Nose, _) => match goal.nose {
            NoseRule::Heading(degrees) => format!("nose at {degrees:.0} degrees within {:.0}", tolerances.heading_deg),
            NoseRule::AlongPath => format!("nose along the path within {:.0} degrees", tolerances.heading_deg),
            NoseRule::AgainstPath => format!("nose against the path within {:.0} degrees", tolerances.heading_deg),
            NoseRule::At(target) => format!("nose at {} within {:.0} degrees", place(&target), tolerances.heading_deg),
        },
        (Check::Hold, Task::Hold { at, seconds }) => format!("holds {seconds:.1} s at {}", place(at)),
        (Check::Turn, Task::Turn { heading_deg, by_deg, .. }) => {
            format!("turns by {by_deg:.0} to {heading_deg:.0} degrees within {:.0}", tolerances.heading_deg)
        }
        (Check::Photo, Task::Photo { at }) => format!("takes one photo within {waypoint_m:.1} m of {}", place(at)),
        (Check::Release, Task::Release { at, .. }) => format!("releases within {waypoint_m:.1} m of {}", place(at)),
        (Check::Landing, Task::Land { from }) => {
            format!("lands within {:.1} m of {}", tolerances.landing_m, place(&from.at_altitude(AboveHome(0.0))))
        }
        (Check::Landing, _) => format!("returns and lands within {:.1} m of home", tolerances.landing_m),
        (Check::Branch, Task::Branch { condition, .. }) => format!("decides {condition:?} by what the vehicle reports"),
        (Check::Time, _) => "goes on in time".into(),
        (Check::Order, _) => "does nothing else".into(),
        (check, _) => check.name().into(),
    }
}
