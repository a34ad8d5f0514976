//! The plan read back in plain words: what will be flown, with absolute places, before anything is built. Never by a model.
//!
//! Each line is made from the typed plan and its itinerary, so that what is read is what the contract will demand.
mod phrases;
mod steps;

#[cfg(test)]
mod tests;

use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::estimate::{Estimator, START_PERCENT, WIND_M_S};
use flightsmith_mission::frame::PositionNed;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::itinerary::{Item, Itinerary, Motion, fixed_place, resolve};
use flightsmith_mission::plan::{Area, Condition, MissionPlan, SafeEnd};
use flightsmith_mission::vehicle::{Autopilot, Vehicle};
use phrases::{bearing, coordinates, metres, place_ned, seconds, speed};

/// Widest line of a readback, in characters.
const WIDTH: usize = 100;

/// What a plan is read back for: the same that it was checked against.
#[derive(Debug, Clone, Copy)]
pub struct ReadFor<'a> {
    /// The limits in force.
    pub envelope: &'a Envelope,
    /// The vehicle.
    pub vehicle: &'a Vehicle,
    /// Its autopilot.
    pub autopilot: Autopilot,
    /// Where it will be armed.
    pub home: &'a Home,
}

/// The readback of `plan`; `assumptions` are the planner's, one sentence each.
pub fn readback(plan: &MissionPlan, against: &ReadFor<'_>, assumptions: &[String]) -> String {
    let cruise_speed_m_s = against.vehicle.cruise_speed_m_s.min(against.envelope.max_speed_m_s);
    let mut out = Lines::default();
    head(&mut out, plan, against);
    match resolve(plan.draft(), against.home, cruise_speed_m_s) {
        Ok(itinerary) => {
            steps::write(&mut out, plan.draft(), &itinerary, cruise_speed_m_s);
            out.gap();
            summary(&mut out, &itinerary, against);
        }
        // A checked plan resolves; should one not, a pilot must read it here rather than nothing.
        Err(error) => out.line(0, &format!("THIS PLAN CANNOT BE FLOWN: {error}.")),
    }
    standing(&mut out, plan, against);
    out.gap();
    limits(&mut out, against);
    if !assumptions.is_empty() {
        out.gap();
        out.line(0, "Assumed where the words leave it open:");
        for assumption in assumptions {
            out.item(2, "-", assumption);
        }
    }
    out.text
}

fn head(out: &mut Lines, plan: &MissionPlan, against: &ReadFor<'_>) {
    out.line(0, &format!("Mission {}", plan.name));
    if !plan.words.is_empty() {
        out.line(2, &format!("\"{}\"", plan.words.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    let home = against.home;
    let autopilot = match against.autopilot {
        Autopilot::ArduPilot => "ArduPilot",
        Autopilot::Px4 => "PX4",
    };
    out.line(
        0,
        &format!(
            "Vehicle {} with {autopilot}, armed at {} ({} above sea level), nose at {}.",
            against.vehicle.name,
            coordinates(home.lat_deg, home.lon_deg),
            metres(home.altitude_amsl_m),
            bearing(home.heading_deg),
        ),
    );
    out.line(0, "Heights are above home, bearings are true, distances are over ground.");
    out.gap();
}

fn summary(out: &mut Lines, itinerary: &Itinerary, against: &ReadFor<'_>) {
    let mut totals = Totals::default();
    totals.add(&itinerary.items);
    let estimate = Estimator::new(against.vehicle, against.autopilot, against.envelope).flight(&itinerary.items);
    let branches = if totals.branches { "at most " } else { "" };
    out.line(
        0,
        &format!(
            "In all: {branches}{} over ground, up to {} high and {} from home.",
            metres(totals.length_m),
            metres(totals.highest_m),
            metres(totals.farthest_m),
        ),
    );
    out.line(
        0,
        &format!(
            "About {} and {:.0} % of the battery at worst ({} of head wind, a tenth more mass, a battery at {START_PERCENT:.0} %).",
            seconds(estimate.duration_s),
            estimate.battery_percent,
            speed(WIND_M_S),
        ),
    );
    let mut landings: Vec<String> = Vec::new();
    for at in &totals.landings {
        let said = if at.horizontal_distance_m(&PositionNed::HOME) < 0.5 {
            "at home".to_owned()
        } else {
            format!("{} ({})", place_ned(at), phrases::global(at, against.home))
        };
        if !landings.contains(&said) {
            landings.push(said);
        }
    }
    out.line(0, &format!("Lands {}.", landings.join(", or ")));
}

/// What holds all the time: keep-outs, rules, and what the check had to say.
fn standing(out: &mut Lines, plan: &MissionPlan, against: &ReadFor<'_>) {
    let draft = plan.draft();
    if let Some(limit) = draft.speed_m_s {
        out.line(0, &format!("Never faster than {} over ground.", speed(limit)));
    }
    for keep_out in &draft.keep_outs {
        let place = |place| fixed_place(place, against.home).map(|at| place_ned(&at)).unwrap_or_default();
        let area = match &keep_out.area {
            Area::Circle { centre, radius_m } => {
                format!("the circle of {} radius around {}", metres(*radius_m), place(centre))
            }
            Area::Polygon { corners } => {
                let corners: Vec<String> = corners.iter().map(place).collect();
                format!("the area with the corners {}", corners.join("; "))
            }
        };
        out.line(0, &format!("Keeps out, at any height, of {area}."));
    }
    for rule in &draft.rules {
        let then = match rule.then {
            SafeEnd::ReturnToLaunch => "it returns to launch and lands there (the autopilot's RTL)",
            SafeEnd::Land => "it lands where it is",
        };
        let when = match rule.when {
            Condition::BatteryBelow(percent) => format!("the battery falls below {percent} %"),
            Condition::BatteryAbove(percent) => format!("the battery is above {percent} %"),
            Condition::WindAbove(wind) => format!("the wind rises above {}", speed(wind)),
            Condition::WindBelow(wind) => format!("the wind falls below {}", speed(wind)),
        };
        out.line(0, &format!("At any moment: if {when}, {then}; what is left is not flown."));
    }
    for notice in plan.notices() {
        let step = if notice.step.is_empty() { String::new() } else { format!("step {}: ", notice.step) };
        out.item(0, "NOTE", &format!("{step}{}", notice.says));
    }
}

fn limits(out: &mut Lines, against: &ReadFor<'_>) {
    let envelope = against.envelope;
    out.line(
        0,
        &format!(
            "Limits in force: {} high, {} from home, {} over ground, {} up, {} down, {} % of the battery left at landing.",
            metres(envelope.max_altitude_m),
            metres(envelope.max_distance_m),
            speed(envelope.max_speed_m_s),
            speed(envelope.max_climb_m_s),
            speed(envelope.max_descent_m_s),
            envelope.battery_reserve_percent,
        ),
    );
    out.line(0, "On any failure the autopilot returns to launch; a pilot who changes the mode has control at once.");
}

#[derive(Default)]
struct Totals {
    length_m: f64,
    highest_m: f64,
    farthest_m: f64,
    landings: Vec<PositionNed>,
    branches: bool,
}

impl Totals {
    fn add(&mut self, items: &[Item]) {
        for item in items {
            match &item.motion {
                Motion::TakeOff { to } => self.touch(to),
                Motion::Leg { from, to } => {
                    self.length_m += from.horizontal_distance_m(to);
                    self.touch(to);
                }
                Motion::Arc(arc) => {
                    self.length_m += arc.length_m();
                    (0..=72).for_each(|step| self.touch(&arc.point_at(f64::from(step) / 72.0)));
                }
                Motion::ReturnToLaunch { from } => {
                    self.length_m += from.horizontal_distance_m(&PositionNed::HOME);
                    self.landings.push(PositionNed::HOME);
                }
                Motion::Land { from } => self.landings.push(*from),
                Motion::Branch { then, otherwise, .. } => {
                    // The longer way counts.
                    let mut other = Totals { length_m: self.length_m, ..Totals::default() };
                    other.add(otherwise);
                    self.add(then);
                    self.branches = true;
                    self.length_m = self.length_m.max(other.length_m);
                    self.highest_m = self.highest_m.max(other.highest_m);
                    self.farthest_m = self.farthest_m.max(other.farthest_m);
                    self.landings.extend(other.landings);
                }
                Motion::Hold { .. } | Motion::Turn { .. } | Motion::Photo { .. } | Motion::Release { .. } => {}
            }
        }
    }
    fn touch(&mut self, point: &PositionNed) {
        self.highest_m = self.highest_m.max(point.altitude_m());
        self.farthest_m = self.farthest_m.max(point.horizontal_distance_m(&PositionNed::HOME));
    }
}

/// Text of lines, wrapped with a hanging indent.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn gap(&mut self) {
        self.text.push('\n');
    }
    fn line(&mut self, indent: usize, text: &str) {
        self.wrapped(indent, indent, text);
    }
    /// A line that begins with a mark; what is wrapped stands under the text.
    fn item(&mut self, indent: usize, mark: &str, text: &str) {
        self.wrapped(indent, indent + mark.chars().count() + 1, &format!("{mark} {text}"));
    }
    fn wrapped(&mut self, indent: usize, hanging: usize, text: &str) {
        let mut column = indent;
        self.text.push_str(&" ".repeat(indent));
        for (index, word) in text.split(' ').enumerate() {
            let length = word.chars().count();
            if index > 0 && column + 1 + length > WIDTH {
                self.text.push('\n');
                self.text.push_str(&" ".repeat(hanging));
                column = hanging;
            } else if index > 0 {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += length;
        }
        self.text.push('\n');
    }
}
