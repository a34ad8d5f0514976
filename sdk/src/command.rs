//! Commands: sent, acknowledged, sent again with a growing confirmation counter, bounded; a refusal brings the autopilot's words.
//!
//! What must not happen twice is not repeated here: [`Repeat::Never`] leaves that to callers who look at telemetry.
use crate::error::{FlightError, RequestError};
use crate::flight::Flight;
use crate::pace::Pace;
use crate::session::Link;
use crate::shared::Boxed;
use crate::telemetry::Micros;
use alloc::boxed::Box;
use alloc::vec::Vec;
use mavlink::dialects::ardupilotmega::{MavCmd, MavFrame};

/// A command's MAVLink number and name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Kind {
    pub command: MavCmd,
    pub name: &'static str,
}

impl Kind {
    pub(crate) fn number(self) -> u16 {
        self.command as u32 as u16
    }
}

macro_rules! kinds {
    ($($name:ident = $command:ident),* $(,)?) => {
        $(pub(crate) const $name: Kind = Kind { command: MavCmd::$command, name: stringify!($name) };)*
    };
}
kinds! {
    DO_SET_MODE = MAV_CMD_DO_SET_MODE,
    DO_CHANGE_SPEED = MAV_CMD_DO_CHANGE_SPEED,
    PREFLIGHT_REBOOT_SHUTDOWN = MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN,
    COMPONENT_ARM_DISARM = MAV_CMD_COMPONENT_ARM_DISARM,
    NAV_TAKEOFF = MAV_CMD_NAV_TAKEOFF,
    SET_MESSAGE_INTERVAL = MAV_CMD_SET_MESSAGE_INTERVAL,
    REQUEST_MESSAGE = MAV_CMD_REQUEST_MESSAGE,
    DO_GRIPPER = MAV_CMD_DO_GRIPPER,
    DO_SET_SERVO = MAV_CMD_DO_SET_SERVO,
    DO_SET_ACTUATOR = MAV_CMD_DO_SET_ACTUATOR,
    IMAGE_START_CAPTURE = MAV_CMD_IMAGE_START_CAPTURE,
    DO_DIGICAM_CONTROL = MAV_CMD_DO_DIGICAM_CONTROL,
}

/// Which message carries a command.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// COMMAND_LONG.
    Long,
    /// COMMAND_INT, for places: `f32` degrees are metres off. `x` and `y` stand for the fifth and sixth parameter.
    Int { frame: MavFrame, x: i32, y: i32 },
}

/// A command with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Request {
    pub kind: Kind,
    pub params: [f32; 7],
    pub form: Form,
    /// Component that it goes to; the autopilot where absent.
    pub component: Option<u8>,
}

impl Request {
    pub(crate) fn new(kind: Kind, params: [f32; 7]) -> Self {
        Self { kind, params, form: Form::Long, component: None }
    }
    /// A command about a place, `x` and `y` in the units of `frame` (degrees times 1e7 in global ones).
    pub(crate) fn at(kind: Kind, params: [f32; 4], frame: MavFrame, x: i32, y: i32, z: f32) -> Self {
        let [p1, p2, p3, p4] = params;
        Self { kind, params: [p1, p2, p3, p4, 0.0, 0.0, z], form: Form::Int { frame, x, y }, component: None }
    }
}

/// An acknowledgement as it came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ack {
    pub command: u16,
    pub result: u8,
    /// Percent done of what is IN_PROGRESS, 255 where not known.
    pub progress: u8,
    /// The component that answered.
    pub component: u8,
    /// Counts up over all acknowledgements, so that a waiter can tell new from old.
    pub number: u64,
}

/// Whether a command may be sent again without looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Up to [`ATTEMPTS`] times.
    Freely,
    /// Once only.
    Never,
}

/// How often a command is sent at most.
pub(crate) const ATTEMPTS: u8 = 6;
const ANSWER_WITHIN_US: Micros = 700_000;
/// After IN_PROGRESS the next word may take this long, and all of it at most [`IN_PROGRESS_TOTAL_US`].
const PROGRESS_WITHIN_US: Micros = 5_000_000;
const IN_PROGRESS_TOTAL_US: Micros = 60_000_000;
/// A text comes up to this much before or after its refusal.
const TEXT_BEFORE_US: Micros = 300_000;
const TEXT_AFTER_US: Micros = 200_000;
/// How long a command waits for another one of the same number.
const TURN_WITHIN_US: Micros = 70_000_000;
const ACCEPTED: u8 = 0;
const IN_PROGRESS: u8 = 5;
/// MAV_SEVERITY_WARNING: what explains a refusal is at least this grave.
const WARNING: u8 = 4;

/// How long an answer to a command that was sent again may still be under way, where the link's round trip is not known.
const LATE_WITHIN_US: Micros = 2_000_000;
/// And at least, where it is: shorter than [`ANSWER_WITHIN_US`], so that on a quick link what was not answered by then was lost. Waiting
/// for it would take the next command's answer for it, and the next one's in turn (seen: every command 0.7 s after one lost frame).
const LATE_WITHIN_AT_LEAST_US: Micros = 600_000;
const LATE_WITHIN_ROUND_TRIPS: Micros = 4;

/// Answers still to come to commands that were sent more than once: the next command of the same number must not take one of them for
/// its own.
#[derive(Debug, Default)]
pub(crate) struct LateAcks {
    expected: Vec<Late>,
    /// The slowest answer of late, forgotten by and by.
    round_trip_us: Option<Micros>,
}

#[derive(Debug)]
struct Late {
    command: u16,
    count: usize,
    until_us: Micros,
}

impl LateAcks {
    /// A command that was sent once was answered after so long.
    pub(crate) fn measured(&mut self, round_trip_us: Micros) {
        let slowest_us = self.round_trip_us.map_or(0, |slowest_us| slowest_us - slowest_us / 8);
        self.round_trip_us = Some(slowest_us.max(round_trip_us));
    }
    /// How long after a command its answer may still come.
    fn within_us(&self) -> Micros {
        self.round_trip_us.map_or(LATE_WITHIN_US, |round_trip_us| {
            (LATE_WITHIN_ROUND_TRIPS * round_trip_us).clamp(LATE_WITHIN_AT_LEAST_US, LATE_WITHIN_US)
        })
    }
    /// A command that was sent at these times has its end, and `answers` came to it.
    fn ended(&mut self, command: u16, sent_us: &[Micros], answers: usize, now: Micros) {
        let within_us = self.within_us();
        let may_be_answered = sent_us.iter().filter(|at| now.saturating_sub(**at) < within_us).count();
        self.expect(command, may_be_answered.saturating_sub(answers), now);
    }
    pub(crate) fn expect(&mut self, command: u16, count: usize, now: Micros) {
        self.expected.retain(|late| late.command != command && now < late.until_us);
        if count > 0 {
            self.expected.push(Late { command, count, until_us: now + self.within_us() });
        }
    }
    /// Whether an answer to `command` that comes now is one of them.
    pub(crate) fn take(&mut self, command: u16, now: Micros) -> bool {
        let late =
            self.expected.iter_mut().find(|late| late.command == command && now < late.until_us && late.count > 0);
        late.is_some_and(|late| {
            late.count -= 1;
            true
        })
    }
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Accepted,
    Unanswered { attempts: u8, waited_s: f64 },
}

/// The right to have a command under way: an acknowledgement names the command's number and nothing else, so two at once could
/// not be told apart.
pub(crate) struct Turn {
    link: Link,
    key: (u16, u8),
}

impl Turn {
    fn try_take(link: &Link, key: (u16, u8)) -> Option<Self> {
        let free = link.with(|core| {
            let free = !core.commands_under_way.contains(&key);
            if free {
                core.commands_under_way.push(key);
            }
            free
        });
        free.then(|| Self { link: link.clone(), key })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.link.with(|core| core.commands_under_way.retain(|key| *key != self.key));
    }
}

/// Sends `request` and waits for its end; an unanswered one is an error.
pub(crate) fn command<'a, P: Pace>(pace: &'a mut P, request: Request) -> Boxed<'a, Result<(), P::Error>> {
    Box::pin(async move {
        let mut sending = Sending::new(pace.link(), request, Repeat::Freely);
        loop {
            if let Some(end) = sending.go_on() {
                return end.and_then(|outcome| outcome.or_no_answer(request.kind)).map_err(P::Error::from);
            }
            pace.step().await?;
        }
    })
}

/// Sends `request` and waits for its end; a refusal is an error.
pub(crate) fn command_outcome<'a, P: Pace>(
    pace: &'a mut P,
    request: Request,
    repeat: Repeat,
) -> Boxed<'a, Result<Outcome, P::Error>> {
    Box::pin(async move {
        let mut sending = Sending::new(pace.link(), request, repeat);
        loop {
            if let Some(end) = sending.go_on() {
                return end.map_err(P::Error::from);
            }
            pace.step().await?;
        }
    })
}

impl Outcome {
    fn or_no_answer(self, kind: Kind) -> Result<(), RequestError> {
        match self {
            Self::Accepted => Ok(()),
            Self::Unanswered { attempts, waited_s } => {
                Err(RequestError::NoAnswer { what: kind.name, attempts, waited_s })
            }
        }
    }
}

/// A command under way, step by step: it decides, and whoever flies or waits makes the steps. So it is compiled once, and not again
/// into every future that sends a command.
struct Sending {
    link: Link,
    request: Request,
    /// How often it may be sent.
    attempts_allowed: u8,
    attempts: u8,
    /// When it was sent, as often as `attempts` says.
    sent_us: [Micros; ATTEMPTS as usize],
    stage: Stage,
}

enum Stage {
    /// Another command of the same number is under way.
    Queueing {
        give_up: Micros,
    },
    UnderWay {
        _turn: Turn,
        started: Micros,
        deadline: Micros,
        seen_before: u64,
        seen: u64,
        in_progress: bool,
    },
    /// It was refused, and the text that goes with that may still come.
    Refused {
        result: u8,
        started: Micros,
        until: Micros,
    },
}

impl Sending {
    fn new(link: &Link, request: Request, repeat: Repeat) -> Self {
        let attempts_allowed = if repeat == Repeat::Freely { ATTEMPTS } else { 1 };
        let stage = Stage::Queueing { give_up: link.now_us() + TURN_WITHIN_US };
        Self { link: link.clone(), request, attempts_allowed, attempts: 0, sent_us: [0; ATTEMPTS as usize], stage }
    }

    /// Its end, where it has come.
    #[inline(never)]
    fn go_on(&mut self) -> Option<Result<Outcome, RequestError>> {
        if let Stage::Queueing { give_up } = self.stage {
            let key = (self.request.kind.number(), self.request.component.unwrap_or(0));
            match turn_or_no_answer(&self.link, key, self.request.kind.name, give_up) {
                Ok(Some(turn)) => self.stage = Stage::under_way(&self.link, turn),
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
        if let Some(outcome) = self.listen() {
            return Some(Ok(outcome));
        }
        self.send_again()
    }

    /// Takes the next acknowledgement, where there is one; the outcome, where it says so.
    fn listen(&mut self) -> Option<Outcome> {
        let number = self.request.kind.number();
        let Stage::UnderWay { started, deadline, seen_before, seen, in_progress, .. } = &mut self.stage else {
            return None;
        };
        let ack = self.link.with(|core| core.ack_after(number, *seen))?;
        let now = self.link.now_us();
        if ack.result == IN_PROGRESS {
            *in_progress = true;
            *seen = ack.number;
            *deadline = (now + PROGRESS_WITHIN_US).min(*started + IN_PROGRESS_TOTAL_US);
            return None;
        }
        let (sent_us, seen_before, started) = (&self.sent_us[..usize::from(self.attempts)], *seen_before, *started);
        self.link.with(|core| {
            let answers = core.acks_since(number, seen_before);
            if let ([sent_us], 1) = (sent_us, answers) {
                core.late_acks.measured(now - sent_us);
            }
            core.late_acks.ended(number, sent_us, answers, now);
        });
        if ack.result == ACCEPTED {
            return Some(Outcome::Accepted);
        }
        self.stage = Stage::Refused { result: ack.result, started, until: now + TEXT_AFTER_US };
        None
    }

    /// Sends where it is time to; the end, where it was sent often enough or the text of a refusal has had its time.
    fn send_again(&mut self) -> Option<Result<Outcome, RequestError>> {
        let now = self.link.now_us();
        match &mut self.stage {
            Stage::Refused { result, started, until } if now >= *until => {
                let since = started.saturating_sub(TEXT_BEFORE_US);
                let text = self.link.with(|core| core.texts.joined_since(since, WARNING));
                let (command, result) = (self.request.kind.name, result_name(*result));
                Some(Err(RequestError::Refused { command, result, text }))
            }
            Stage::UnderWay { started, deadline, in_progress, .. } if now >= *deadline => {
                if *in_progress || self.attempts == self.attempts_allowed {
                    let waited_s = (now - *started) as f64 * 1e-6;
                    return Some(Ok(Outcome::Unanswered { attempts: self.attempts, waited_s }));
                }
                match self.link.with(|core| core.send_command(&self.request, self.attempts)) {
                    // Held back while a mode change is looked at: either it passes, or the next step brings the verdict.
                    Ok(()) | Err(RequestError::ModeChanging { .. }) => {}
                    Err(error) => return Some(Err(error)),
                }
                self.sent_us[usize::from(self.attempts)] = now;
                self.attempts += 1;
                *deadline = now + ANSWER_WITHIN_US;
                None
            }
            _ => None,
        }
    }
}

impl Stage {
    fn under_way(link: &Link, turn: Turn) -> Self {
        let (started, seen_before) = (link.now_us(), link.with(|core| core.acks_total));
        Self::UnderWay { _turn: turn, started, deadline: started, seen_before, seen: seen_before, in_progress: false }
    }
}

/// Waits for the right to have commands of `kind` under way, to the autopilot.
pub(crate) fn turn_of<'a, P: Pace>(pace: &'a mut P, kind: Kind) -> Boxed<'a, Result<Turn, P::Error>> {
    Box::pin(async move {
        let link = pace.link().clone();
        turn(pace, &link, (kind.number(), 0), kind.name).await
    })
}

/// Waits until no command of the same number is under way.
async fn turn<P: Pace>(pace: &mut P, link: &Link, key: (u16, u8), name: &'static str) -> Result<Turn, P::Error> {
    let give_up = link.now_us() + TURN_WITHIN_US;
    loop {
        if let Some(turn) = turn_or_no_answer(link, key, name, give_up)? {
            return Ok(turn);
        }
        pace.step().await?;
    }
}

/// The right to have a command under way, if nobody has it; an error where it has been waited for too long.
fn turn_or_no_answer(
    link: &Link,
    key: (u16, u8),
    name: &'static str,
    give_up: Micros,
) -> Result<Option<Turn>, RequestError> {
    if let Some(turn) = Turn::try_take(link, key) {
        return Ok(Some(turn));
    }
    if link.now_us() < give_up {
        return Ok(None);
    }
    Err(RequestError::NoAnswer { what: name, attempts: 0, waited_s: TURN_WITHIN_US as f64 * 1e-6 })
}

impl Flight {
    /// Sends `request` and waits for its end while the flight goes on; an unanswered one is an error.
    pub(crate) fn command(&mut self, request: Request) -> Boxed<'_, Result<(), FlightError>> {
        command(self, request)
    }
    /// As [`command_outcome`], while the flight goes on.
    pub(crate) fn command_outcome(
        &mut self,
        request: Request,
        repeat: Repeat,
    ) -> Boxed<'_, Result<Outcome, FlightError>> {
        command_outcome(self, request, repeat)
    }
}

/// MAV_RESULT by name.
pub(crate) fn result_name(result: u8) -> &'static str {
    match result {
        0 => "ACCEPTED",
        1 => "TEMPORARILY_REJECTED",
        2 => "DENIED",
        3 => "UNSUPPORTED",
        4 => "FAILED",
        5 => "IN_PROGRESS",
        6 => "CANCELLED",
        7 => "COMMAND_LONG_ONLY",
        8 => "COMMAND_INT_ONLY",
        9 => "COMMAND_UNSUPPORTED_MAV_FRAME",
        _ => "UNKNOWN_RESULT",
    }
}
