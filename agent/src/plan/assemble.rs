//! Clauses into a plan: puts steps into order, resolves what hangs on what came before, and says what was assumed.
use super::cursor::Setting;
use super::grammar::{self, Clause, Form, Motion};
use super::refusal::{Fault, FaultKind};
use flightsmith_mission::frame::Altitude;
use flightsmith_mission::itinerary;
use flightsmith_mission::plan::{
    Action, AltitudeChange, Displacement, KeepOut, Place, PlanDraft, Rule, SafeEnd, Shape, Step,
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
    /// A takeoff stands in the steps, with its index at the top level; its height may be open.
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
                Form::SameWayBack(motion) => match retraced(&out) {
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
                    if let Some(Clause { form: Form::TakeOff(Some(first)), span, .. }) = before
                        && span.1 + 1 >= clause.span.0
                        && first != height
                    {
                        self.fault(
                            FaultKind::Contradictory,
                            clause,
                            "the takeoff says another height",
                            "say one height, or say climb to the second",
                        );
                        continue;
                    }
                    let open = out.iter().any(
                        |placed| matches!(placed.step.action, Action::TakeOff { altitude_m } if altitude_m.is_nan()),
                    );
                    if out.iter().all(|placed| !placed.acts) || open {
                        out.push(placed(Action::Altitude { to: change_to(height) }));
                        self.altitude_m = Some(self.above_home(height));
                    } else if self.altitude_m.is_none() {
                        // Said late and the only height: the takeoff's.
                        out.push(placed(Action::Altitude { to: change_to(height) }));
                    } else {
                        self.climb_to(height, clause, &mut out);
                    }
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
                    let between = out.iter().any(|placed| placed.acts)
                        && clauses[index + 1..]
                            .iter()
                            .any(|clause| !matches!(clause.form, Form::Nothing | Form::KeepOut(_) | Form::Rule { .. }));
                    if *standing || !between || !top {
                        if !*standing {
                            self.note(format!("\"{}\" holds at any moment of the flight", clause.words));
                        }
                        self.rules.push(Rule { words: clause.words.clone(), when: *condition, then: *then });
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
                    let before = self.altitude_m;
                    let mut then_steps = self.steps(then, false);
                    let after_then = self.altitude_m;
                    self.altitude_m = before;
                    let mut otherwise_steps = self.steps(otherwise, false);
                    if after_then != self.altitude_m && !then_steps.iter().any(|placed| ends(&placed.step.action)) {
                        self.altitude_m = None;
                    }
                    let acts_no_more = |clause: &Clause| {
                        matches!(
                            clause.form,
                            Form::Rule { .. } | Form::KeepOut(_) | Form::Ceiling(_) | Form::Fence(_) | Form::Nothing
                        )
                    };
                    let last = clauses[index + 1..].iter().all(acts_no_more);
                    for way in [&mut then_steps, &mut otherwise_steps] {
                        let ended = way.last().is_some_and(|placed| ends(&placed.step.action));
                        if last && !ended && way.last().is_some_and(|placed| placed.returns) {
                            self.note(COME_BACK_LANDS);
                            way.push(Placed {
                                step: Step { words: clause.words.clone(), action: Action::Land },
                                sentence: clause.sentence,
                                acts: true,
                                returns: false,
                            });
                        }
                    }
                    let bare = |way: Vec<Placed>| way.into_iter().map(|placed| placed.step).collect::<Vec<_>>();
                    // `if the battery is below 40 % land` behind everything can only be meant for any moment.
                    let safe_end = grammar::as_safe_end(then);
                    if otherwise.is_empty()
                        && last
                        && out.last().is_some_and(|placed| ends(&placed.step.action))
                        && let Some(end) = safe_end
                    {
                        self.note(format!("\"{}\" holds at any moment of the flight", clause.words));
                        self.rules.push(Rule { words: clause.words.clone(), when: *condition, then: end });
                        continue;
                    }
                    out.push(placed(Action::When {
                        condition: *condition,
                        then: bare(then_steps),
                        otherwise: bare(otherwise_steps),
                    }));
                }
            }
        }
        out
    }

    fn above_home(&self, height: &Altitude) -> f64 {
        match height {
            Altitude::AboveHome(metres) => *metres,
            Altitude::Amsl(metres) => grammar_tidy(metres - self.setting.home.altitude_amsl_m),
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
                            Action::Orbit { climb_m, .. } => *climb_m = grammar_tidy(target - now),
                            Action::Pattern { shape: Shape::Spiral { climb_m, .. }, .. } => {
                                *climb_m = grammar_tidy(target - now)
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

    /// Hangs `actions` on the corners of the figure before, or behind each leg of the sentence.
    fn at_each(&mut self, actions: &[Action], clause: &Clause, out: &mut Vec<Placed>) {
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

    fn repeat(&mut self, times: u32, whole_sentence: bool, clause: &Clause, out: &mut Vec<Placed>) {
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

    /// Gives the takeoff its height and its place at the beginning.
    fn settle_takeoff(
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
        let shown = grammar_tidy(altitude_m);
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
    fn settle_end(&mut self, steps: &mut Vec<Placed>, words: &str) {
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
                itinerary::Motion::Land { from } => from.horizontal_distance_m(&Default::default()) < 1.0,
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

const COME_BACK_LANDS: &str = "coming back without another word is read as: fly home and land there";

fn clauses_height(clauses: &[Clause]) -> &str {
    clauses.iter().find(|clause| matches!(clause.form, Form::Height(_))).map_or("\u{0}", |clause| &clause.words)
}

fn change_to(height: &Altitude) -> AltitudeChange {
    match height {
        Altitude::AboveHome(metres) => AltitudeChange::AboveHome(*metres),
        Altitude::Amsl(metres) => AltitudeChange::Amsl(*metres),
    }
}

fn grammar_tidy(value: f64) -> f64 {
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

fn corners_of(action: &mut Action) -> Option<&mut Vec<Step>> {
    match action {
        Action::Pattern { shape: Shape::FigureEight { .. } | Shape::Spiral { .. }, .. } => None,
        Action::Pattern { at_each, .. } | Action::Visit { at_each, .. } => Some(at_each),
        Action::Repeat { steps, .. } => steps.last_mut().and_then(|step| corners_of(&mut step.action)),
        _ => None,
    }
}

/// The legs since the last step that was no straight leg, in reverse.
fn retraced(out: &[Placed]) -> Option<Vec<Action>> {
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
