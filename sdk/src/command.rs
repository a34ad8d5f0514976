//! Commands: sent, acknowledged, sent again with a growing confirmation counter, bounded; a refusal brings the autopilot's words.
//!
//! What must not happen twice is not repeated here: [`Repeat::Never`] leaves that to callers who look at telemetry.
use crate::error::FlightError;
use crate::flight::Flight;
use crate::telemetry::Micros;
use mavlink::dialects::ardupilotmega::MavCmd;

/// A command's MAVLink number and name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Kind {
    pub command: MavCmd,
    pub name: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $command:ident),* $(,)?) => {
        $(pub(crate) const $name: Kind = Kind { command: MavCmd::$command, name: stringify!($name) };)*
    };
}
kinds! {
    DO_SET_MODE = MAV_CMD_DO_SET_MODE,
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

/// A command with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Request {
    pub kind: Kind,
    pub params: [f32; 7],
    /// Component that it goes to; the autopilot where absent.
    pub component: Option<u8>,
}

impl Request {
    pub(crate) fn new(kind: Kind, params: [f32; 7]) -> Self {
        Self { kind, params, component: None }
    }
}

/// An acknowledgement as it came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ack {
    pub command: u16,
    pub result: u8,
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
const ACCEPTED: u8 = 0;
const IN_PROGRESS: u8 = 5;
/// MAV_SEVERITY_WARNING: what explains a refusal is at least this grave.
const WARNING: u8 = 4;

/// What became of a command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Accepted,
    Unanswered { attempts: u8, waited_s: f64 },
}

impl Flight {
    /// Sends `request` and waits for its end; an unanswered one is an error.
    pub(crate) async fn command(&mut self, request: Request) -> Result<(), FlightError> {
        match self.command_outcome(request, Repeat::Freely).await? {
            Outcome::Accepted => Ok(()),
            Outcome::Unanswered { attempts, waited_s } => {
                Err(FlightError::NoAnswer { command: request.kind.name, attempts, waited_s })
            }
        }
    }

    /// Sends `request` and waits for its end; a refusal is an error.
    pub(crate) async fn command_outcome(&mut self, request: Request, repeat: Repeat) -> Result<Outcome, FlightError> {
        let started = self.link.now_us();
        let mut seen = self.link.with(|core| core.acks_total);
        let attempts_allowed = if repeat == Repeat::Freely { ATTEMPTS } else { 1 };
        let mut attempts = 0;
        let mut deadline = started;
        let mut in_progress = false;
        loop {
            let now = self.link.now_us();
            if let Some(ack) = self.link.with(|core| core.ack_after(request.kind.command as u32 as u16, seen)) {
                match ack.result {
                    ACCEPTED => return Ok(Outcome::Accepted),
                    IN_PROGRESS => {
                        in_progress = true;
                        seen = ack.number;
                        deadline = (now + PROGRESS_WITHIN_US).min(started + IN_PROGRESS_TOTAL_US);
                    }
                    result => return Err(self.refused(request.kind, result, started).await?),
                }
            }
            if now >= deadline {
                if in_progress || attempts == attempts_allowed {
                    return Ok(Outcome::Unanswered { attempts, waited_s: (now - started) as f64 * 1e-6 });
                }
                self.link.with(|core| core.send_command(&request, attempts));
                attempts += 1;
                deadline = now + ANSWER_WITHIN_US;
            }
            self.step().await?;
        }
    }

    /// Waits a moment for the text that goes with a refusal and makes the error.
    async fn refused(&mut self, kind: Kind, result: u8, started: Micros) -> Result<FlightError, FlightError> {
        let until = self.link.now_us() + TEXT_AFTER_US;
        while self.link.now_us() < until {
            self.step().await?;
        }
        let text = self.link.with(|core| core.texts.joined_since(started.saturating_sub(TEXT_BEFORE_US), WARNING));
        Ok(FlightError::Refused { command: kind.name, result: result_name(result), text })
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
