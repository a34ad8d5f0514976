//! Conditions on what the vehicle does not report: the branch that ends the flight safely is taken, else the plan is refused.
use super::fault::{FaultKind, Faults, Notice, NoticeKind, PlanFault};
use crate::itinerary::{ends_the_flight, step_number};
use crate::plan::{Action, Condition, PlanDraft, Step};
use crate::vehicle::{Report, Vehicle};
use alloc::{format, string::String, vec::Vec};

fn asks_for(condition: &Condition) -> (Report, &'static str) {
    match condition {
        Condition::BatteryBelow(_) | Condition::BatteryAbove(_) => (Report::Battery, "battery"),
        Condition::WindAbove(_) | Condition::WindBelow(_) => (Report::Wind, "wind"),
    }
}

/// Puts the safe branch in place of every question on the top level that `vehicle` cannot answer, and refuses the others.
pub(super) fn take_safe_branches(plan: &mut PlanDraft, vehicle: &Vehicle, faults: &mut Faults) -> Vec<Notice> {
    let mut notices = Vec::new();
    for index in 0..plan.steps.len() {
        let Action::When { condition, then, otherwise } = &plan.steps[index].action else { continue };
        let (report, name) = asks_for(condition);
        if vehicle.reports(report) {
            continue;
        }
        let safe = match (ends_safely(then), ends_safely(otherwise)) {
            (true, false) => then.clone(),
            (false, true) => otherwise.clone(),
            _ => continue,
        };
        let dropped = plan.steps.len() - index - 1;
        let after = if dropped == 0 { String::new() } else { format!("; the {dropped} steps after it are not flown") };
        notices.push(Notice {
            kind: NoticeKind::SafeBranch,
            step: step_number("", index),
            words: plan.steps[index].words.clone(),
            says: format!("the vehicle does not report its {name}, so the branch that ends the flight is taken{after}"),
        });
        plan.steps.splice(index.., safe);
        break;
    }
    refuse_unanswerable(plan, vehicle, faults);
    notices
}

/// A fault for every question and rule that `vehicle` cannot answer.
pub(super) fn refuse_unanswerable(plan: &PlanDraft, vehicle: &Vehicle, faults: &mut Faults) {
    let mut refuse = |step: String, words: &str, condition: &Condition| {
        let (report, name) = asks_for(condition);
        if vehicle.reports(report) {
            return;
        }
        faults.push(PlanFault {
            step,
            words: words.into(),
            kind: FaultKind::Report,
            says: format!("asks for the {name}, which {} does not report", vehicle.name),
            value: None,
            limit: None,
            unit: String::new(),
            hint: format!("drop the condition, fly a vehicle that reports its {name}, or let exactly one branch just return and land"),
        });
    };
    plan.rules.iter().for_each(|rule| refuse(String::new(), &rule.words, &rule.when));
    walk("", &plan.steps, &mut refuse);
}

fn walk(prefix: &str, steps: &[Step], refuse: &mut impl FnMut(String, &str, &Condition)) {
    for (index, step) in steps.iter().enumerate() {
        let number = step_number(prefix, index);
        match &step.action {
            Action::When { condition, then, otherwise } => {
                refuse(number.clone(), &step.words, condition);
                walk(&number, then, refuse);
                walk(&format!("{number}e"), otherwise, refuse);
            }
            Action::Repeat { steps, .. } => walk(&number, steps, refuse),
            _ => {}
        }
    }
}

/// Whether `steps` only bring the vehicle to the ground.
fn ends_safely(steps: &[Step]) -> bool {
    let harmless = |step: &Step| {
        matches!(
            step.action,
            Action::ReturnHome { .. }
                | Action::ReturnToLaunch
                | Action::Land
                | Action::LandAt { .. }
                | Action::Altitude { .. }
                | Action::Hold { .. }
                | Action::Speed { .. }
                | Action::Nose { .. }
        )
    };
    ends_the_flight(steps) && steps.iter().all(harmless)
}
