//! Clauses into a plan: puts steps into order, resolves what hangs on what came before, and says what was assumed.
mod ends;
mod repeats;

use super::cursor::Setting;
use super::grammar::{self, Clause, Form, Motion};
use super::refusal::{Fault, FaultKind};
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::plan::{
    Action, AltitudeChange, Condition, Displacement, KeepOut, Place, PlanDraft, Rule, SafeEnd, Shape, Step,
};

/// What came of the clauses.
pub(super) struct Assembled {
    pub draft: PlanDraft,
    pub notes: Vec<String>,
    pub faults: Vec<Fault>,
    /// Limits that the words set for the whole flight: highest height, farthest distance, with their clauses.
    pub limits: Vec<(Limit, Clause)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    Ceiling(f64),
    Fence(f64),
}

struct Assembly<'a> {
    setting: Setting<'a>,
    notes: Vec<String>,
    faults: Vec<Fault>,
    /// Height above home where it is known.
    altitude_m: Option<f64>,
    keep_outs: Vec<KeepOut>,
    rules: Vec<Rule>,
    limits: Vec<(Limit, Clause)>,
}

/// A step with the sentence that it comes from.
#[derive(Clone)]
struct Placed {
    step: Step,
    sentence: usize,
    /// It moves the vehicle or does something (no speed, no nose).
    acts: bool,
    returns: bool,
}

pub(super) fn assemble(clauses: Vec<Clause>, words: &str, name: String, setting: Setting<'_>) -> Assembled {
    let mut assembly = Assembly {
        setting,
        notes: vec![],
        faults: vec![],
        altitude_m: None,
        keep_outs: vec![],
        rules: vec![],
        limits: vec![],
    };
    let mut whole_flight_speed = None;
    let mut whole_flight_height = None;
    let mut clauses = clauses;
    // What is said by itself behind everything else holds for the whole flight.
    while let Some(last) = clauses.last() {
        match (&last.form, clauses.len() > 1) {
            (Form::Speed(speed), true) => whole_flight_speed = Some((*speed, last.clone())),
            (Form::Height(height), true) => whole_flight_height = Some((*height, last.clone())),
            _ => break,
        }
        clauses.pop();
    }
    let mut steps = assembly.steps(&clauses, true);
    assembly.settle_takeoff(&mut steps, &clauses, whole_flight_height.as_ref());
    assembly.settle_end(&mut steps, words);
    let mut speed_m_s = None;
    if let Some((speed, clause)) = &whole_flight_speed {
        let other = steps.iter().find_map(|placed| match placed.step.action {
            Action::Speed { speed_m_s } if speed_m_s > *speed => Some(speed_m_s),
            _ => None,
        });
        match other {
            Some(other) => assembly.fault(
                FaultKind::Contradictory,
                clause,
                format!("another clause says {other:.1} m/s"),
                "say one speed, or say each with its leg",
            ),
            None => {
                assembly.notes.push(format!("\"{}\" holds for the whole flight", clause.words));
                speed_m_s = Some(*speed);
            }
        }
    }
    let steps = steps.into_iter().map(|placed| placed.step).collect();
    let draft = PlanDraft {
        name,
        words: words.trim().into(),
        speed_m_s,
        keep_outs: assembly.keep_outs,
        rules: assembly.rules,
        steps,
    };
    Assembled { draft, notes: assembly.notes, faults: assembly.faults, limits: assembly.limits }
}

impl Assembly<'_> {
    fn fault(&mut self, kind: FaultKind, clause: &Clause, message: impl Into<String>, hint: impl Into<String>) {
        self.faults.push(Fault {
            kind,
            quoted: clause.words.clone(),
            span: clause.span,
            message: message.into(),
            hint: hint.into(),
        });
    }
    fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn steps(&mut self, clauses: &[Clause], top: bool) -> Vec<Placed> {
        let acts_no_more = |clause: &Clause| {
            use Form::{Ceiling, Fence, KeepOut, Nothing, Rule};
            matches!(clause.form, Rule { .. } | KeepOut(_) | Ceiling(_) | Fence(_) | Nothing)
        };
        let mut out: Vec<Placed> = Vec::new();
        for (index, clause) in clauses.iter().enumerate() {
            let placed = |action: Action| Placed {
                acts: !matches!(action, Action::Speed { .. } | Action::Nose { .. }),
                returns: false,
                step: Step { words: clause.words.clone(), action },
                sentence: clause.sentence,
            };
            match &clause.form {
                Form::Nothing => {}
                Form::TakeOff(height) => {
                    let altitude_m = match height {
                        Some(height) => self.above_home(height),
                        None => f64::NAN,
                    };
                    if out.iter().any(|placed| placed.acts) {
                        let landed = out.iter().any(|placed| ends(&placed.step.action));
                        let hint = if landed {
                            "one flight at a time: plan the second one by itself"
                        } else {
                            "take off first, then say the rest"
                        };
                        self.fault(FaultKind::Contradictory, clause, "the takeoff is not the first thing to do", hint);
                        continue;
                    }
                    if height.is_some() {
                        self.altitude_m = Some(altitude_m);
                    }
                    out.push(placed(Action::TakeOff { altitude_m }));
                }
                Form::Motion(motion) => self.motion(motion, clause, &mut out),
                Form::Altitude { motion, up } => {
                    if let (Some(Action::Altitude { to }), Some(now)) = (motion.what.first(), self.altitude_m)
                        && let AltitudeChange::AboveHome(metres) = to
                        && (*up > 0 && *metres < now - 0.01 || *up < 0 && *metres > now + 0.01)
                    {
                        let way = if *up > 0 { "climb" } else { "descend" };
                        self.fault(
                            FaultKind::Contradictory,
                            clause,
                            format!("cannot {way} to {metres} m from {now} m"),
                            "say the height to go to, or climb where it is higher",
                        );
                    }
                    self.motion(motion, clause, &mut out);
                }
                Form::Return(motion) => {
                    self.motion(motion, clause, &mut out);
                    if let Some(last) = out.last_mut() {
                        last.returns = true;
                    }
                }
                Form::SameWayBack(motion) => match repeats::retraced(&out) {
                    Some(back) => {
                        if back.len() > 1 {
                            self.note("\"the same way\" goes back over all legs since the last turning point");
                        }
                        let motion = Motion { what: back, ..motion.clone() };
                        self.motion(&motion, clause, &mut out);
                    }
                    None => self.fault(
                        FaultKind::Unclear,
                        clause,
                        "there is no straight leg before it to go back along",
                        "say return home, or the direction and distance",
                    ),
                },
                Form::End(action) => {
                    if let Some(ended) = out.iter().position(|placed| ends(&placed.step.action)) {
                        if out[ended].step.action != Action::ReturnToLaunch || *action != Action::Land {
                            self.fault(
                                FaultKind::Contradictory,
                                clause,
                                "comes after the landing",
                                "say one landing, at the end",
                            );
                        }
                        continue;
                    }
                    out.push(placed(action.clone()));
                }
                Form::Speed(_)
                    if index > 0
                        && matches!(clauses[index - 1].form, Form::TakeOff(_))
                        && clauses[index - 1].span.1 + 1 >= clause.span.0
                        && !clause.words.contains("max") =>
                {
                    self.fault(
                        FaultKind::Unclear,
                        clause,
                        "how fast to climb is the autopilot's to choose",
                        "leave the speed out, or say it with a leg",
                    );
                }
                Form::Speed(speed_m_s) => out.push(placed(Action::Speed { speed_m_s: *speed_m_s })),
                Form::Nose(nose) => out.push(placed(Action::Nose { nose: nose.clone() })),
                Form::Height(height) => {
                    let before = index.checked_sub(1).map(|before| &clauses[before]);
                    self.height(height, before, clause, &mut out);
                }
                Form::AtEach(actions) => self.at_each(actions, clause, &mut out),
                Form::Repeat { times, whole_sentence } => self.repeat(*times, *whole_sentence, clause, &mut out),
                Form::Block { times, clauses } => {
                    let inner = self.steps(clauses, false);
                    if inner.is_empty() {
                        continue;
                    }
                    let steps = inner.into_iter().map(|placed| placed.step).collect();
                    out.push(placed(Action::Repeat { times: *times, steps }));
                }
                Form::KeepOut(area) => self.keep_outs.push(KeepOut { words: clause.words.clone(), area: area.clone() }),
                Form::Ceiling(metres) => self.limits.push((Limit::Ceiling(*metres), clause.clone())),
                Form::Fence(metres) => self.limits.push((Limit::Fence(*metres), clause.clone())),
                Form::Rule { condition, then, standing } => {
                    let between =
                        out.iter().any(|placed| placed.acts) && !clauses[index + 1..].iter().all(acts_no_more);
                    if *standing || !between || !top {
                        self.rule(*condition, *then, !*standing, clause);
                    } else {
                        self.note(format!("\"{}\" is decided once, when the flight gets there", clause.words));
                        let end = match then {
                            SafeEnd::Land => vec![Action::Land],
                            SafeEnd::ReturnToLaunch => {
                                vec![Action::ReturnHome { straight: false, via: vec![] }, Action::Land]
                            }
                        };
                        let then = end.into_iter().map(|action| Step { words: clause.words.clone(), action }).collect();
                        out.push(placed(Action::When { condition: *condition, then, otherwise: vec![] }));
                    }
                }
                Form::When { condition, then, otherwise } => {
                    let last = clauses[index + 1..].iter().all(acts_no_more);
                    let landed = out.last().is_some_and(|placed| ends(&placed.step.action));
                    match grammar::as_safe_end(then) {
                        // `if the battery is below 40 % land` behind everything can only be meant for any moment.
                        Some(end) if otherwise.is_empty() && last && landed => self.rule(*condition, end, true, clause),
                        _ => {
                            let (then, otherwise) = self.branches(then, otherwise, last, clause);
                            out.push(placed(Action::When { condition: *condition, then, otherwise }));
                        }
                    }
                }
            }
        }
        out
    }

    /// A rule for any moment; `read_so` when the words could have meant one moment.
    fn rule(&mut self, when: Condition, then: SafeEnd, read_so: bool, clause: &Clause) {
        if read_so {
            self.note(format!("\"{}\" holds at any moment of the flight", clause.words));
        }
        self.rules.push(Rule { words: clause.words.clone(), when, then });
    }

    /// The steps of both branches; `last` when nothing follows, so that each must land.
    fn branches(
        &mut self,
        then: &[Clause],
        otherwise: &[Clause],
        last: bool,
        clause: &Clause,
    ) -> (Vec<Step>, Vec<Step>) {
        let before = self.altitude_m;
        let mut then = self.steps(then, false);
        let after_then = self.altitude_m;
        self.altitude_m = before;
        let mut otherwise = self.steps(otherwise, false);
        if after_then != self.altitude_m && !then.iter().any(|placed| ends(&placed.step.action)) {
            self.altitude_m = None;
        }
        for way in [&mut then, &mut otherwise] {
            if last && way.last().is_some_and(|placed| placed.returns && !ends(&placed.step.action)) {
                self.note(COME_BACK_LANDS);
                let step = Step { words: clause.words.clone(), action: Action::Land };
                way.push(Placed { step, sentence: clause.sentence, acts: true, returns: false });
            }
        }
        let bare = |way: Vec<Placed>| way.into_iter().map(|placed| placed.step).collect();
        (bare(then), bare(otherwise))
    }

    /// A height by itself: the takeoff's where that is open, else a climb or descent.
    fn height(&mut self, height: &Altitude, before: Option<&Clause>, clause: &Clause, out: &mut Vec<Placed>) {
        if let Some(Clause { form: Form::TakeOff(Some(first)), span, .. }) = before
            && span.1 + 1 >= clause.span.0
            && first != height
        {
            let hint = "say one height, or say climb to the second";
            self.fault(FaultKind::Contradictory, clause, "the takeoff says another height", hint);
            return;
        }
        let is_open =
            |placed: &Placed| matches!(placed.step.action, Action::TakeOff { altitude_m } if altitude_m.is_nan());
        if out.iter().any(is_open) {
            self.altitude_m = None;
        }
        self.climb_to(height, clause, out);
    }

    fn above_home(&self, height: &Altitude) -> f64 {
        match height {
            Altitude::AboveHome(metres) => *metres,
            Altitude::Amsl(metres) => tidy(metres - self.setting.home.altitude_amsl_m),
        }
    }

    /// A change of height on the spot, unless it is there already.
    fn climb_to(&mut self, height: &Altitude, clause: &Clause, out: &mut Vec<Placed>) {
        let metres = self.above_home(height);
        if self.altitude_m.is_some_and(|now| (now - metres).abs() < 0.01) {
            return;
        }
        self.altitude_m = Some(metres);
        let action = Action::Altitude { to: change_to(height) };
        out.push(Placed {
            step: Step { words: clause.words.clone(), action },
            sentence: clause.sentence,
            acts: true,
            returns: false,
        });
    }

    fn motion(&mut self, motion: &Motion, clause: &Clause, out: &mut Vec<Placed>) {
        let step = |action: Action| Step { words: clause.words.clone(), action };
        let placed = |action: Action| Placed {
            acts: !matches!(action, Action::Speed { .. } | Action::Nose { .. }),
            returns: false,
            step: Step { words: clause.words.clone(), action },
            sentence: clause.sentence,
        };
        if let Some(speed_m_s) = motion.speed {
            out.push(placed(Action::Speed { speed_m_s }));
        }
        if let Some(nose) = &motion.nose {
            out.push(placed(Action::Nose { nose: nose.clone() }));
        }
        let mut what = motion.what.clone();
        if let Some(height) = &motion.height {
            let flies = out.iter().any(|placed| placed.acts);
            match what.first_mut() {
                // A leg to a place slants to its height; the first thing of a flight climbs before.
                Some(Action::GoTo { altitude, .. }) if flies => {
                    let metres = self.above_home(height);
                    if self.altitude_m.is_none_or(|now| (now - metres).abs() > 0.01) {
                        if self.altitude_m.is_none() {
                            out.push(placed(Action::Altitude { to: change_to(height) }));
                        } else {
                            *altitude = Some(*height);
                        }
                    }
                    self.altitude_m = Some(metres);
                }
                _ => self.climb_to(height, clause, out),
            }
        }
        if let Some(start) = &motion.start {
            match start {
                Place::Here => {}
                Place::Home
                    if !out
                        .iter()
                        .any(|placed| placed.acts && !matches!(placed.step.action, Action::TakeOff { .. })) => {}
                Place::FromHere { by } => out.push(placed(Action::Move { by: *by, straight: false, via: vec![] })),
                place => out.push(placed(Action::GoTo {
                    place: place.clone(),
                    altitude: None,
                    straight: false,
                    via: vec![],
                })),
            }
        }
        if let Some(climb_to) = &motion.climb_to {
            let target = self.above_home(climb_to);
            match self.altitude_m {
                Some(now) => {
                    for action in &mut what {
                        match action {
                            Action::Orbit { climb_m, .. } => *climb_m = tidy(target - now),
                            Action::Pattern { shape: Shape::Spiral { climb_m, .. }, .. } => {
                                *climb_m = tidy(target - now)
                            }
                            _ => {}
                        }
                    }
                }
                None => self.fault(
                    FaultKind::Unclear,
                    clause,
                    "from which height is not known",
                    "say the height before it: climb to 10 m, then spiral up to 30 m",
                ),
            }
        }
        for action in &what {
            self.altitude_m = altitude_after(action, self.altitude_m, self.setting);
        }
        let mut steps = Vec::new();
        for action in what {
            steps.push(step(action));
            steps.extend(motion.pauses.iter().cloned().map(&step));
        }
        match motion.times {
            Some(times @ 2..) => {
                if steps.iter().any(|step| altitude_after(&step.action, Some(0.0), self.setting) != Some(0.0)) {
                    self.altitude_m = None;
                }
                out.push(placed(Action::Repeat { times, steps }));
            }
            _ => out.extend(steps.into_iter().map(|step| placed(step.action))),
        }
    }
}

const COME_BACK_LANDS: &str = "coming back without another word is read as: fly home and land there";

fn change_to(height: &Altitude) -> AltitudeChange {
    match height {
        Altitude::AboveHome(metres) => AltitudeChange::AboveHome(*metres),
        Altitude::Amsl(metres) => AltitudeChange::Amsl(*metres),
    }
}

fn tidy(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn ends(action: &Action) -> bool {
    match action {
        Action::Land | Action::LandAt { .. } | Action::ReturnToLaunch => true,
        Action::When { then, otherwise, .. } => ends_steps(then) && ends_steps(otherwise),
        _ => false,
    }
}

fn ends_steps(steps: &[Step]) -> bool {
    steps.last().is_some_and(|step| ends(&step.action))
}

/// Height above home after an action, where it can be known.
fn altitude_after(action: &Action, now: Option<f64>, setting: Setting<'_>) -> Option<f64> {
    match action {
        Action::Altitude { to: AltitudeChange::AboveHome(metres) } => Some(*metres),
        Action::Altitude { to: AltitudeChange::Amsl(metres) } => Some(metres - setting.home.altitude_amsl_m),
        Action::Altitude { to: AltitudeChange::By(metres) } => now.map(|now| now + metres),
        Action::GoTo { altitude: Some(Altitude::AboveHome(metres)), .. } => Some(*metres),
        Action::GoTo { altitude: Some(Altitude::Amsl(metres)), .. } => Some(metres - setting.home.altitude_amsl_m),
        Action::Move { by: Displacement::World { up_m, .. } | Displacement::Body { up_m, .. }, .. } => {
            now.map(|now| now + up_m)
        }
        Action::Orbit { climb_m, .. } | Action::Pattern { shape: Shape::Spiral { climb_m, .. }, .. } => {
            now.map(|now| now + climb_m)
        }
        Action::Visit { places, .. } if places.iter().any(|waypoint| waypoint.altitude.is_some()) => None,
        _ => now,
    }
}
