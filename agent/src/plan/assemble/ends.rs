//! The two ends of a flight: how high the takeoff goes, and where it lands when the words leave it to the reader.
use super::{Assembly, COME_BACK_LANDS, Placed, ends, ends_steps, tidy};
use crate::plan::grammar::{Clause, Form};
use crate::plan::refusal::{Fault, FaultKind};
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::itinerary;
use flightsmith_mission::plan::{Action, AltitudeChange, PlanDraft, Step};

impl Assembly<'_> {
    /// Gives the takeoff its height and its place at the beginning.
    pub(super) fn settle_takeoff(
        &mut self,
        steps: &mut Vec<Placed>,
        clauses: &[Clause],
        whole_flight: Option<&(Altitude, Clause)>,
    ) {
        let hint = "say how high, for example: take off to 10 m";
        if !steps.iter().any(|placed| placed.acts) {
            return;
        }
        let index = steps.iter().position(|placed| matches!(placed.step.action, Action::TakeOff { .. }));
        let said = index.map(|index| steps[index].step.clone());
        if let Some(Step { action: Action::TakeOff { altitude_m }, .. }) = &said
            && !altitude_m.is_nan()
        {
            let altitude_m = *altitude_m;
            if let Some((height, clause)) = whole_flight {
                let metres = self.above_home(height);
                if (metres - altitude_m).abs() > 0.01 {
                    self.fault(
                        FaultKind::Contradictory,
                        clause,
                        format!("the takeoff says {altitude_m} m"),
                        "say one height, or say each with its leg",
                    );
                }
            }
            self.check_height(altitude_m, &said.expect("just matched"), clauses);
            begin_with_takeoff(steps);
            return;
        }
        // The first height that is said is the takeoff's.
        let from = index.map_or(0, |index| index + 1);
        let first = (from..steps.len()).find(|at| steps[*at].acts);
        let found = first.and_then(|at| match &steps[at].step.action {
            Action::Altitude { to: AltitudeChange::AboveHome(metres) } => Some((at, *metres)),
            Action::Altitude { to: AltitudeChange::Amsl(metres) } => {
                Some((at, metres - self.setting.home.altitude_amsl_m))
            }
            Action::Altitude { to: AltitudeChange::By(metres) } if *metres > 0.0 => Some((at, *metres)),
            _ => None,
        });
        let late = || {
            let heights: Vec<usize> = (from..steps.len())
                .filter(|at| matches!(steps[*at].step.action, Action::Altitude { to: AltitudeChange::AboveHome(_) }))
                .collect();
            match (heights.as_slice(), whole_flight) {
                ([at], None) if steps[*at].step.words == clauses_height(clauses) => Some(*at),
                _ => None,
            }
        };
        let (altitude_m, words, remove) = if let Some((at, metres)) = found {
            (metres, steps[at].step.words.clone(), Some(at))
        } else if let Some((height, clause)) = whole_flight {
            self.notes.push(format!("\"{}\" is the height of the whole flight", clause.words));
            (self.above_home(height), clause.words.clone(), None)
        } else if let Some(at) = late() {
            let Action::Altitude { to: AltitudeChange::AboveHome(metres) } = steps[at].step.action else { return };
            (metres, steps[at].step.words.clone(), Some(at))
        } else {
            let (quoted, span) = match &said {
                Some(step) => (
                    step.words.clone(),
                    clauses.iter().find(|clause| clause.words == step.words).map_or((0, 0), |clause| clause.span),
                ),
                None => (String::new(), (0, 0)),
            };
            self.faults.push(Fault {
                kind: FaultKind::Unclear,
                quoted,
                span,
                message: "how high to take off is not said".into(),
                hint: hint.into(),
            });
            return;
        };
        if let Some(at) = remove {
            steps.remove(at);
        }
        let shown = tidy(altitude_m);
        match index {
            Some(index) => steps[index].step.action = Action::TakeOff { altitude_m },
            None => {
                self.note(format!(
                    "the words say no takeoff: it takes off straight up to {shown} m, the first height said"
                ));
                let at = steps.iter().position(|placed| placed.acts).unwrap_or(steps.len());
                let step = Step { words, action: Action::TakeOff { altitude_m } };
                steps.insert(at, Placed { step, sentence: 0, acts: true, returns: false });
            }
        }
        begin_with_takeoff(steps);
        let step = steps
            .iter()
            .find(|placed| matches!(placed.step.action, Action::TakeOff { .. }))
            .map(|placed| placed.step.clone());
        if let Some(step) = step {
            self.check_height(altitude_m, &step, clauses);
        }
    }

    fn check_height(&mut self, altitude_m: f64, step: &Step, clauses: &[Clause]) {
        let limit = self.setting.envelope.max_altitude_m;
        let span = clauses.iter().find(|clause| clause.words == step.words).map_or((0, 0), |clause| clause.span);
        let fault = |kind, message: String, hint: &str| Fault {
            kind,
            quoted: step.words.clone(),
            span,
            message,
            hint: hint.into(),
        };
        if altitude_m > limit {
            self.faults.push(fault(
                FaultKind::Unsafe,
                format!("{altitude_m:.1} m is over the envelope's ceiling of {limit:.0} m"),
                "say a lower height",
            ));
        } else if altitude_m <= 0.0 {
            self.faults.push(fault(
                FaultKind::BadNumber,
                format!("a takeoff to {altitude_m:.1} m above home is none"),
                "say a height above home, for example 10 m",
            ));
        }
    }

    /// Makes sure that the flight ends on the ground.
    pub(super) fn settle_end(&mut self, steps: &mut Vec<Placed>, words: &str) {
        if let Some(at) = steps.iter().position(|placed| ends(&placed.step.action)) {
            if let Some(after) = steps[at + 1..].iter().find(|placed| placed.acts) {
                let span =
                    words.find(&after.step.words).map_or((0, 0), |start| (start, start + after.step.words.len()));
                self.faults.push(Fault {
                    kind: FaultKind::Contradictory,
                    quoted: after.step.words.clone(),
                    span,
                    message: "comes after the landing".into(),
                    hint: "land at the end, or plan a second flight by itself".into(),
                });
            }
            // Speeds and policies behind the landing change nothing that could be flown.
            return;
        }
        let Some(last) = steps.iter().rposition(|placed| placed.acts) else { return };
        let ended = matches!(&steps[last].step.action, Action::When { then, otherwise, .. } if ends_steps(then) && ends_steps(otherwise));
        if ended {
            return;
        }
        if steps[last].returns {
            self.note(COME_BACK_LANDS);
            let step = Step { words: steps[last].step.words.clone(), action: Action::Land };
            let sentence = steps[last].sentence;
            steps.push(Placed { step, sentence, acts: true, returns: false });
            return;
        }
        // A figure that closes over home: there is only one place to land.
        if matches!(steps[last].step.action, Action::Pattern { .. } | Action::Repeat { .. }) {
            let so_far = PlanDraft {
                name: String::new(),
                words: String::new(),
                speed_m_s: None,
                keep_outs: vec![],
                rules: vec![],
                steps: steps
                    .iter()
                    .map(|placed| placed.step.clone())
                    .chain([Step { words: String::new(), action: Action::Land }])
                    .collect(),
            };
            let landing = itinerary::resolve(&so_far, self.setting.home, self.setting.vehicle.cruise_speed_m_s).ok();
            let at_home = landing.as_ref().and_then(|flown| flown.items.last()).is_some_and(|item| match item.motion {
                itinerary::Motion::Land { from } => {
                    from.horizontal_distance_m(&flightsmith_mission::frame::PositionNed::HOME) < 1.0
                }
                _ => false,
            });
            if at_home {
                self.note("the words say no landing: the last figure ends above home, and it lands there");
                let step = Step { words: steps[last].step.words.clone(), action: Action::Land };
                let sentence = steps[last].sentence;
                steps.push(Placed { step, sentence, acts: true, returns: false });
                return;
            }
        }
        self.faults.push(Fault {
            kind: FaultKind::Unclear,
            quoted: steps[last].step.words.clone(),
            span: (0, words.len()),
            message: "the flight does not end on the ground".into(),
            hint: "say land, or return and land, at the end".into(),
        });
    }
}

/// Speeds and the nose can be set only in the air.
fn begin_with_takeoff(steps: &mut Vec<Placed>) {
    if let Some(at) = steps.iter().position(|placed| matches!(placed.step.action, Action::TakeOff { .. }))
        && steps[..at].iter().all(|placed| !placed.acts)
    {
        let takeoff = steps.remove(at);
        steps.insert(0, takeoff);
    }
}

fn clauses_height(clauses: &[Clause]) -> &str {
    clauses.iter().find(|clause| matches!(clause.form, Form::Height(_))).map_or("\u{0}", |clause| &clause.words)
}
