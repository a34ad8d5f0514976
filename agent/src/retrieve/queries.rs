//! What to look for: a plan's steps name the SDK's calls, a compiler's message names identifiers.
use flightsmith_mission::plan::{Action, PlanDraft, Shape, Step};

/// Queries for a plan, the most important first, each once.
pub(super) fn of_plan(plan: &PlanDraft) -> Vec<String> {
    let mut queries = Queries::default();
    queries.add("Vehicle");
    queries.add("Vehicle<Grounded>::arm_and_take_off");
    queries.steps(&plan.steps);
    if plan.speed_m_s.is_some() {
        queries.add("Vehicle<Airborne>::set_speed");
    }
    for _ in &plan.rules {
        queries.add("Vehicle<Airborne>::set_rule");
        queries.add("Rule");
        queries.add("SafeEnd");
    }
    for name in ["PositionNed", "PositionNed::at", "AboveHome", "Metres", "MetresPerSecond", "Seconds", "Degrees"] {
        queries.add(name);
    }
    queries.0
}

/// Queries for whole missions that are like a plan.
pub(super) fn examples_of(plan: &PlanDraft) -> Vec<String> {
    let mut queries = Queries::default();
    queries.add(&plan.words);
    queries.add("take off, fly a square, return and land");
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
            Action::TakeOff { .. } => self.add("Vehicle<Grounded>::arm_and_take_off"),
            Action::GoTo { .. } => {
                self.add("Vehicle<Airborne>::go_to");
                self.add("Vehicle<Airborne>::go_to_global");
                self.add("GlobalPosition");
            }
            Action::Move { .. } => {
                self.add("Vehicle<Airborne>::go_to");
                self.add("PositionNed::towards");
                self.add("Vehicle<Airborne>::move_by");
                self.add("OffsetFrd");
            }
            Action::Altitude { .. } => self.add("Vehicle<Airborne>::climb_to"),
            Action::Hold { .. } => self.add("Vehicle<Airborne>::hold"),
            Action::Speed { .. } => self.add("Vehicle<Airborne>::set_speed"),
            Action::Nose { .. } => {
                self.add("Vehicle<Airborne>::set_nose");
                self.add("Nose");
            }
            Action::Turn { .. } => {
                self.add("Vehicle<Airborne>::turn_to");
                self.add("Vehicle<Airborne>::turn_by");
                self.add("Vehicle<Airborne>::face");
            }
            Action::Orbit { .. } => {
                self.add("Vehicle<Airborne>::orbit");
                self.add("Arc::circle");
                self.add("Vehicle<Airborne>::follow_arc");
            }
            Action::Pattern { shape, at_each, .. } => {
                self.add("Vehicle<Airborne>::go_to");
                self.add("PositionNed::towards");
                if matches!(shape, Shape::FigureEight { .. } | Shape::Spiral { .. }) {
                    self.add("Vehicle<Airborne>::follow_arc");
                    self.add("Arc::circle");
                    self.add("Arc");
                }
                self.steps(at_each);
            }
            Action::Visit { at_each, .. } => {
                self.add("Vehicle<Airborne>::go_to");
                self.steps(at_each);
            }
            Action::Photo => self.add("Vehicle<Airborne>::take_photo"),
            Action::Release { .. } => {
                self.add("Vehicle<Airborne>::release");
                self.add("Payload");
            }
            Action::Repeat { steps, .. } => self.steps(steps),
            Action::When { then, otherwise, .. } => {
                self.add("Vehicle<S>::battery");
                self.add("Vehicle<S>::wind");
                self.steps(then);
                self.steps(otherwise);
            }
            Action::ReturnHome { .. } => self.add("Vehicle<Airborne>::return_home"),
            Action::ReturnToLaunch => self.add("Vehicle<Airborne>::return_to_launch"),
            Action::Land => self.add("Vehicle<Airborne>::land"),
            Action::LandAt { .. } => self.add("Vehicle<Airborne>::land_at"),
        }
    }
}
