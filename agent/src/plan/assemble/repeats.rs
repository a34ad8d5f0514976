//! What hangs on the steps before it: done at each corner, repeated, flown back.
use super::{Assembly, Placed, altitude_after};
use crate::plan::grammar::{self, Clause};
use crate::plan::refusal::FaultKind;
use flightsmith_mission::plan::{Action, Shape, Step};

impl Assembly<'_> {
    /// Hangs `actions` on the corners of the figure before, or behind each leg of the sentence.
    pub(super) fn at_each(&mut self, actions: &[Action], clause: &Clause, out: &mut Vec<Placed>) {
        let steps: Vec<Step> =
            actions.iter().map(|action| Step { words: clause.words.clone(), action: action.clone() }).collect();
        let figure =
            out.iter_mut().rev().find(|placed| placed.acts).and_then(|placed| corners_of(&mut placed.step.action));
        if let Some(at_each) = figure {
            at_each.extend(steps);
            return;
        }
        let is_leg = |placed: &Placed| matches!(placed.step.action, Action::Move { .. } | Action::GoTo { .. });
        if !out.iter().any(|placed| is_leg(placed) && placed.sentence == clause.sentence) {
            self.fault(
                FaultKind::Unclear,
                clause,
                "there are no corners or places before it",
                "say it behind a square, a visit of places, or a row of legs",
            );
            return;
        }
        self.note(format!("\"{}\" is done at the end of each leg of its sentence so far", clause.words));
        let mut with = Vec::new();
        for placed in out.drain(..) {
            let leg = is_leg(&placed) && placed.sentence == clause.sentence;
            let sentence = placed.sentence;
            with.push(placed);
            if leg {
                with.extend(steps.iter().map(|step| Placed {
                    step: step.clone(),
                    sentence,
                    acts: true,
                    returns: false,
                }));
            }
        }
        *out = with;
    }

    pub(super) fn repeat(&mut self, times: u32, whole_sentence: bool, clause: &Clause, out: &mut Vec<Placed>) {
        let repeatable = |placed: &Placed| !matches!(placed.step.action, Action::TakeOff { .. });
        let last = out.iter().rposition(|placed| placed.acts && repeatable(placed));
        let Some(last) = last else {
            self.fault(
                FaultKind::Unclear,
                clause,
                "there is nothing before it to repeat",
                "say first what is to be flown",
            );
            return;
        };
        let sentence = out[last].sentence;
        let is_figure = matches!(
            out[last].step.action,
            Action::Pattern { .. } | Action::Orbit { .. } | Action::Repeat { .. } | Action::Visit { .. }
        );
        // A figure repeats alone; legs repeat with all of their sentence.
        let first = if is_figure && !whole_sentence {
            last
        } else {
            let mut first = last;
            while first > 0 && repeatable(&out[first - 1]) && out[first - 1].sentence == sentence {
                first -= 1;
            }
            first
        };
        let mut first = first;
        while first < last && !out[first].acts {
            first += 1;
        }
        let steps: Vec<Step> = out.drain(first..).map(|placed| placed.step).collect();
        if steps.len() > 1 {
            self.note(format!(
                "\"{}\" repeats all of: {}",
                clause.words,
                steps.iter().map(|step| format!("\"{}\"", step.words)).collect::<Vec<_>>().join(", ")
            ));
        }
        for step in &steps {
            if altitude_after(&step.action, self.altitude_m, self.setting) != self.altitude_m {
                self.altitude_m = None;
            }
        }
        let words = clause.words.clone();
        out.push(Placed {
            step: Step { words, action: Action::Repeat { times, steps } },
            sentence,
            acts: true,
            returns: false,
        });
    }
}

fn corners_of(action: &mut Action) -> Option<&mut Vec<Step>> {
    match action {
        Action::Pattern { shape: Shape::FigureEight { .. } | Shape::Spiral { .. }, .. } => None,
        Action::Pattern { at_each, .. } | Action::Visit { at_each, .. } => Some(at_each),
        Action::Repeat { steps, .. } => steps.last_mut().and_then(|step| corners_of(&mut step.action)),
        _ => None,
    }
}

/// The legs since the last step that was no straight leg, in reverse.
pub(super) fn retraced(out: &[Placed]) -> Option<Vec<Action>> {
    let mut back = Vec::new();
    for placed in out.iter().rev() {
        match &placed.step.action {
            Action::Move { .. } => back.push(grammar::reversed(&placed.step.action)?),
            Action::Hold { .. }
            | Action::Photo
            | Action::Release { .. }
            | Action::Speed { .. }
            | Action::Nose { .. } => {}
            _ => break,
        }
    }
    (!back.is_empty()).then_some(back)
}
