//! What can end a flight, one variant for each thing that a caller would do differently.
//!
//! Every message names the value and the limit. Who reports them and with which exit code is the runner's matter.
use super::RequestError;
use crate::decimal::Fixed;
use crate::rule::SafeEnd;
use alloc::string::String;

/// Why a call on a [`Vehicle`](crate::Vehicle) did not do what it promises.
///
/// ```
/// use flightsmith_sdk::FlightError;
/// fn may_fly_on(error: &FlightError) -> bool {
///     matches!(error, FlightError::NotReported { .. } | FlightError::OutsideEnvelope { .. })
/// }
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FlightError {
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
    /// The vehicle did not become ready to arm.
    #[error("not ready to arm after {waited_s} s: {reason}", waited_s = Fixed(*waited_s, 0))]
    NotReady {
        /// Seconds of vehicle time waited.
        waited_s: f64,
        /// What was missing: position, estimator, or the autopilot's own pre-arm text.
        reason: String,
    },
    /// The autopilot refused a command.
    #[error("{command} refused: {result}{}{text}", if text.is_empty() { "" } else { ": " })]
    Refused {
        /// The command, by its MAVLink name.
        command: &'static str,
        /// The result code, by its MAVLink name (`DENIED`, `TEMPORARILY_REJECTED`, ..).
        result: &'static str,
        /// What the autopilot said about it, or empty.
        text: String,
    },
    /// A command got no answer although it was sent again and again.
    #[error("{command} not answered after {attempts} attempts in {waited_s} s", waited_s = Fixed(*waited_s, 1))]
    NoAnswer {
        /// The command, by its MAVLink name.
        command: &'static str,
        /// How often it was sent.
        attempts: u8,
        /// Seconds of vehicle time waited.
        waited_s: f64,
    },
    /// A command that must not happen twice got no answer, and telemetry cannot tell whether it happened.
    #[error("{command} was sent but nothing shows whether it happened: {evidence}")]
    OutcomeUnknown {
        /// The command, by its MAVLink name.
        command: &'static str,
        /// What was looked for and not found.
        evidence: &'static str,
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
    /// A standing rule fired and its safe end was flown.
    #[error("ended by rule: {what} {value} passed its limit {limit}, {end} done", value = Fixed(*value, 1), limit = Fixed(*limit, 1))]
    RuleEnded {
        /// What was watched.
        what: &'static str,
        /// Its value when the rule fired.
        value: f64,
        /// The rule's limit.
        limit: f64,
        /// What was flown instead.
        end: SafeEnd,
    },
    /// The link fell silent in flight.
    #[error("nothing heard from the vehicle for {silent_s} s (limit {limit_s} s)", silent_s = Fixed(*silent_s, 1), limit_s = Fixed(*limit_s, 1))]
    LinkLost {
        /// Seconds of silence.
        silent_s: f64,
        /// The limit.
        limit_s: f64,
    },
    /// A movement did not end in its time.
    #[error("{what} not finished after {waited_s} s (limit {limit_s} s), {remaining_m} m to go", waited_s = Fixed(*waited_s, 0), limit_s = Fixed(*limit_s, 0), remaining_m = Fixed(*remaining_m, 1))]
    NotArrived {
        /// The movement.
        what: &'static str,
        /// Seconds of vehicle time flown.
        waited_s: f64,
        /// The limit.
        limit_s: f64,
        /// Metres that were left.
        remaining_m: f64,
    },
    /// The vehicle came down or disarmed although nobody asked for it.
    #[error("the vehicle is on the ground or disarmed while {during}")]
    DownUnexpectedly {
        /// What was going on.
        during: &'static str,
    },
    /// The vehicle does not report what was asked for.
    #[error("the vehicle does not report {what}")]
    NotReported {
        /// What was asked for.
        what: &'static str,
    },
    /// A target or value outside the safety envelope or not a number; nothing was sent.
    #[error("{what} {value} is outside the envelope ({lowest} to {highest})", value = Fixed(*value, 1), lowest = Fixed(*lowest, 1), highest = Fixed(*highest, 1))]
    OutsideEnvelope {
        /// What was asked for, with its unit.
        what: &'static str,
        /// The value.
        value: f64,
        /// Lowest allowed value.
        lowest: f64,
        /// Highest allowed value.
        highest: f64,
    },
    /// What was being flown would have left the safety envelope: the vehicle was braked and holds its place.
    #[error("braked to a hold: {what} would have become {value} (limit {limit})", value = Fixed(*value, 1), limit = Fixed(*limit, 1))]
    EnvelopeAhead {
        /// What would have left the envelope, with its unit.
        what: &'static str,
        /// The value that was predicted.
        value: f64,
        /// The envelope's limit.
        limit: f64,
    },
    /// Another call of this program took the vehicle over meanwhile.
    #[error("{what} was ended by another call of this program")]
    Superseded {
        /// What was going on.
        what: &'static str,
    },
    /// A request beside the flight (a camera, a gimbal, a payload) failed in a way of its own.
    #[error(transparent)]
    Request(RequestError),
}

impl FlightError {
    /// Whether a person has the vehicle now: then nobody may command it any more.
    ///
    /// ```no_run
    /// # use flightsmith_sdk::prelude::*;
    /// # async fn example(vehicle: &mut Vehicle<Airborne>) -> Result<(), FlightError> {
    /// if let Err(error) = vehicle.hold(Seconds(10.0)).await {
    ///     if error.pilot_has_control() {
    ///         println!("the pilot flies now");
    ///     }
    ///     return Err(error);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pilot_has_control(&self) -> bool {
        matches!(self, FlightError::PilotTookOver { .. })
    }
}
