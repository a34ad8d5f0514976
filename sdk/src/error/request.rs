//! What can become of a request that is no flight: a parameter, a file, a list of items, a camera's command.
use super::FlightError;
use crate::decimal::{Fixed, Plain};
use alloc::string::String;

/// Why a call on a [`System`](crate::System) did not do what it promises, one variant for each thing a caller would do differently.
///
/// It turns into a [`FlightError`] by `?` inside a flight.
///
/// ```
/// use flightsmith_sdk::RequestError;
/// fn worth_another_try(error: &RequestError) -> bool {
///     matches!(error, RequestError::NoAnswer { .. } | RequestError::Refused { result: "TEMPORARILY_REJECTED", .. })
/// }
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// Nobody with an autopilot was heard on the link at all: wrong port, wrong baud rate, vehicle off.
    #[error("no heartbeat from an autopilot within {waited_s} s: {}", super::nobody_heard(*bytes_received, *messages_received), waited_s = Fixed(*waited_s, 0))]
    NoHeartbeat {
        /// Seconds waited.
        waited_s: f64,
        /// Bytes that came over the link, whatever they were.
        bytes_received: u64,
        /// Well-formed MAVLink messages among them, from whomever.
        messages_received: u64,
    },
    /// The system refused a command.
    #[error("{command} refused: {result}{}{text}", if text.is_empty() { "" } else { ": " })]
    Refused {
        /// The command, by its MAVLink name.
        command: &'static str,
        /// The result code, by its MAVLink name (`DENIED`, `TEMPORARILY_REJECTED`, `UNSUPPORTED`, ..).
        result: &'static str,
        /// What the autopilot said about it, or empty.
        text: String,
    },
    /// No answer came although it was asked again and again.
    #[error("{what} not answered after {attempts} attempts in {waited_s} s", waited_s = Fixed(*waited_s, 1))]
    NoAnswer {
        /// The command or message, by its MAVLink name.
        what: &'static str,
        /// How often it was sent.
        attempts: u8,
        /// Seconds of vehicle time waited.
        waited_s: f64,
    },
    /// Something that must not happen twice got no answer, and telemetry cannot tell whether it happened.
    #[error("{command} was sent but nothing shows whether it happened: {evidence}")]
    OutcomeUnknown {
        /// The command, by its MAVLink name.
        command: &'static str,
        /// What was looked for and not found.
        evidence: &'static str,
    },
    /// A quantity of the telemetry did not come.
    #[error("no {what} within {waited_s} s ({message}): {why}", waited_s = Fixed(*waited_s, 1))]
    NotReported {
        /// The quantity.
        what: &'static str,
        /// The MAVLink message that carries it.
        message: &'static str,
        /// Seconds waited.
        waited_s: f64,
        /// What is known of the reason.
        why: Silence,
    },
    /// This autopilot or component does not offer it.
    #[error("{what} is not offered by this system")]
    Unsupported {
        /// What was asked for.
        what: &'static str,
    },
    /// An item of a list (mission, fence, rally points) was refused.
    #[error("item {item} of {what} refused: {result}")]
    ItemRefused {
        /// Which list.
        what: &'static str,
        /// Index of the item, from 0.
        item: u16,
        /// MAV_MISSION_RESULT by name (`INVALID_PARAM5_X`, ..).
        result: &'static str,
    },
    /// What was asked for does not exist there: a parameter, a file, a log.
    #[error("there is no {what} {name}")]
    Missing {
        /// The kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The other side ended it with an error of its own (a file transfer, a list's protocol).
    #[error("{what} failed at the other side: {reason}")]
    Failed {
        /// What was going on.
        what: &'static str,
        /// Its own code, by name.
        reason: &'static str,
    },
    /// The answer does not fit what was asked, so it is not believed.
    #[error("{what}: the answer does not fit, {why}")]
    Inconsistent {
        /// What was going on.
        what: &'static str,
        /// What does not fit.
        why: String,
    },
    /// A value outside its range or not a number; nothing was sent.
    #[error("{what} {value} is outside its range ({lowest} to {highest})", value = Plain(*value), lowest = Plain(*lowest), highest = Plain(*highest))]
    OutOfRange {
        /// The value's meaning, with its unit.
        what: &'static str,
        /// The value.
        value: f64,
        /// Lowest allowed value.
        lowest: f64,
        /// Highest allowed value.
        highest: f64,
    },
    /// The vehicle is not in a state for this; nothing was sent.
    #[error("{what} needs the vehicle to be {needed}")]
    WrongState {
        /// What was asked for.
        what: &'static str,
        /// The state that it needs.
        needed: &'static str,
    },
    /// The vehicle's mode has just changed and it is not yet known by whom: nothing is sent until it is, a fifth of a second at most.
    #[error("{what} was held back: the vehicle's mode has just changed, and it is not known yet by whom")]
    ModeChanging {
        /// The message that was not sent.
        what: &'static str,
    },
    /// The link fell silent.
    #[error("nothing heard from the vehicle for {silent_s} s (limit {limit_s} s)", silent_s = Fixed(*silent_s, 1), limit_s = Fixed(*limit_s, 1))]
    LinkLost {
        /// Seconds of silence.
        silent_s: f64,
        /// The limit.
        limit_s: f64,
    },
    /// A person took over: nothing more is sent but heartbeats.
    #[error("the pilot took over: mode {mode}")]
    PilotTookOver {
        /// The mode that the pilot chose.
        mode: &'static str,
    },
    /// The autopilot changed the mode on its own.
    #[error("failsafe: mode {mode}{}{text}", if text.is_empty() { "" } else { ": " })]
    Failsafe {
        /// The mode that the failsafe chose.
        mode: &'static str,
        /// What the autopilot said, or empty.
        text: String,
    },
}

/// Why a quantity does not come, as far as this side can tell.
///
/// ```
/// use flightsmith_sdk::{RequestError, Silence};
/// fn may_ask_for_it(error: &RequestError) -> bool {
///     matches!(error, RequestError::NotReported { why: Silence::NeverAskedFor, .. })
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    /// The autopilot does not send it by itself, and nobody here asked.
    #[error("its rate was never asked for: call `set_rate_hz` or `stream_at` for it first")]
    NeverAskedFor,
    /// The autopilot refused to send it.
    #[error("the autopilot refused to send it")]
    Refused,
    /// The request for its rate got no answer.
    #[error("the request for its rate was never answered")]
    Unanswered,
    /// Granted, and yet it does not come.
    #[error("its rate was granted, but the autopilot sends none: the sensor is absent, or the autopilot has restarted")]
    NothingToSay,
    /// The message comes, and says that the value is not known.
    #[error("the message comes, but says that the value is unknown (no fix, no sensor)")]
    Unknown,
}

impl From<RequestError> for FlightError {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::NoHeartbeat { waited_s, bytes_received, messages_received } => {
                Self::NoHeartbeat { waited_s, bytes_received, messages_received }
            }
            RequestError::Refused { command, result, text } => Self::Refused { command, result, text },
            RequestError::NoAnswer { what, attempts, waited_s } => Self::NoAnswer { command: what, attempts, waited_s },
            RequestError::OutcomeUnknown { command, evidence } => Self::OutcomeUnknown { command, evidence },
            RequestError::LinkLost { silent_s, limit_s } => Self::LinkLost { silent_s, limit_s },
            RequestError::PilotTookOver { mode } => Self::PilotTookOver { mode },
            RequestError::Failsafe { mode, text } => Self::Failsafe { mode, text },
            other => Self::Request(other),
        }
    }
}

impl RequestError {
    /// An error where `value` is outside its range or not a number.
    pub(crate) fn check_range(what: &'static str, value: f64, lowest: f64, highest: f64) -> Result<(), Self> {
        if (lowest..=highest).contains(&value) {
            return Ok(());
        }
        Err(Self::OutOfRange { what, value, lowest, highest })
    }
    /// The flight's end as a request sees it: a pilot, a failsafe or the lost link; `None` for what only a flight knows.
    pub(crate) fn from_verdict(verdict: &FlightError) -> Option<Self> {
        match verdict {
            FlightError::PilotTookOver { mode } => Some(Self::PilotTookOver { mode }),
            FlightError::Failsafe { mode, text } => Some(Self::Failsafe { mode, text: text.clone() }),
            FlightError::LinkLost { silent_s, limit_s } => {
                Some(Self::LinkLost { silent_s: *silent_s, limit_s: *limit_s })
            }
            _ => None,
        }
    }
}
