//! What to look for: a plan's steps name the SDK's calls, a compiler's message names identifiers.
use flightsmith_mission::plan::{Action, PlanDraft, Step};

/// Queries for a plan, the most important first, each once.
pub(super) fn of_plan(plan: &PlanDraft) -> Vec<String> {
    let mut queries = Queries::default();
    queries.add("fly mission example Vehicle Grounded Airborne Landed prelude");
    queries.add("arm_and_take_off metres above home");
    queries.steps(&plan.steps);
    if plan.speed_m_s.is_some() {
        queries.add("set_speed speed limit MetresPerSecond");
    }
    for _ in &plan.rules {
        queries.add("set_rule battery_below standing rule SafeEnd");
    }
    queries.add("PositionNed at towards bearing distance");
    queries.add("Metres MetresPerSecond Seconds Degrees units");
    queries.add("FlightError");
    queries.add(&plan.words);
    queries.0
}

/// Queries for free text: its rarest-looking words first (identifiers, types, error codes), then the text as a whole.
pub(super) fn of_text(text: &str) -> Vec<String> {
    let mut queries = Queries::default();
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    for word in words {
        let identifier = word.contains('_') && word.trim_matches('_').len() > 3;
        let type_name = word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase) && word.len() > 3;
        if (identifier || type_name) && queries.0.len() < 12 {
            queries.add(word);
        }
    }
    let head: String = text.chars().take(400).collect();
    queries.add(&head);
    queries.0
}

#[derive(Default)]
struct Queries(Vec<String>);

impl Queries {
    fn add(&mut self, query: &str) {
        let query = query.trim().to_owned();
        if !query.is_empty() && !self.0.contains(&query) {
            self.0.push(query);
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            self.action(&step.action);
        }
    }

    fn action(&mut self, action: &Action) {
        match action {
            Action::TakeOff { .. } => self.add("arm_and_take_off metres above home"),
            Action::GoTo { .. } => {
                self.add("go_to PositionNed straight leg");
                self.add("go_to_global GlobalPosition latitude longitude");
            }
            Action::Move { .. } => {
                self.add("go_to PositionNed towards");
                self.add("move_by OffsetFrd forward right down by the nose");
            }
            Action::Altitude { .. } => self.add("climb_to metres above home on the spot"),
            Action::Hold { .. } => self.add("hold seconds on the spot"),
            Action::Speed { .. } => self.add("set_speed speed limit MetresPerSecond"),
            Action::Nose { .. } => self.add("set_nose Nose along path heading at"),
            Action::Turn { .. } => {
                self.add("turn_to heading degrees");
                self.add("turn_by angle degrees");
                self.add("face position");
            }
            Action::Orbit { .. } => self.add("follow_arc Arc centre radius sweep circle orbit"),
            Action::Pattern { at_each, .. } => {
                self.add("go_to PositionNed towards");
                self.add("follow_arc Arc centre radius sweep circle spiral");
                self.steps(at_each);
            }
            Action::Visit { at_each, .. } => {
                self.add("go_to PositionNed straight leg");
                self.steps(at_each);
            }
            Action::Photo => self.add("take_photo camera image confirmed"),
            Action::Release { .. } => self.add("release Payload gripper servo"),
            Action::Repeat { steps, .. } => self.steps(steps),
            Action::When { then, otherwise, .. } => {
                self.add("battery level percent");
                self.add("wind WindEstimate speed");
                self.steps(then);
                self.steps(otherwise);
            }
            Action::ReturnHome { .. } => self.add("return_home level leg above home"),
            Action::ReturnToLaunch => self.add("return_to_launch autopilot RTL"),
            Action::Land => self.add("land vehicle landed"),
            Action::LandAt { .. } => self.add("land_at position"),
        }
    }
}
