//! What the vehicle is doing: mode, armed, landed, system state.
use super::quantity::read::{MessageName, Read, Report, messages};
use crate::autopilot;
use crate::telemetry::LandedState;
use crate::wire::incoming::id;
use flightsmith_mission::vehicle::Autopilot;

/// The flight mode (CURRENT_MODE, HEARTBEAT).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn returns(instruments: &Instruments) -> bool {
///     instruments.mode().is_some_and(|mode| matches!(mode.name, "RTL" | "AUTO.RTL"))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlightMode {
    /// In the autopilot's own words (`GUIDED`, `OFFBOARD`, `AUTO.RTL`, ..), or `UNKNOWN`.
    pub name: &'static str,
    /// The autopilot's number of it.
    pub custom_mode: u32,
    /// The mode that was commanded, where a failsafe flies another one (PX4).
    pub intended: Option<&'static str>,
}

impl Read for FlightMode {
    const NAME: &'static str = "flight mode";
    fn messages(autopilot: Autopilot) -> &'static [MessageName] {
        match autopilot {
            // ArduCopter 4.8 has no CURRENT_MODE; its heartbeat comes at once with a change.
            Autopilot::ArduPilot => messages![HEARTBEAT, CURRENT_MODE],
            Autopilot::Px4 => messages![CURRENT_MODE, HEARTBEAT],
        }
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let custom_mode = report.fields.u32(0);
        let name_of = |mode| autopilot::mode_name(report.autopilot, mode);
        let intended = match report.id {
            id::CURRENT_MODE => Some(report.fields.u32(4)).filter(|intended| ![0, custom_mode].contains(intended)),
            _ => None,
        };
        Some(Self { name: name_of(custom_mode), custom_mode, intended: intended.map(name_of) })
    }
}

/// Whether the motors are armed (HEARTBEAT).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn is_safe_to_approach(instruments: &Instruments) -> bool {
///     instruments.armed().is_some_and(|armed| !armed.0)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Armed(pub bool);

impl Read for Armed {
    const NAME: &'static str = "armed state";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![HEARTBEAT]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        Some(Self(report.fields.u8(6) & 0x80 != 0))
    }
}

impl Read for LandedState {
    const NAME: &'static str = "landed state";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![EXTENDED_SYS_STATE]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        match LandedState::from_wire(report.fields.u8(1)) {
            LandedState::Undefined => None,
            known => Some(known),
        }
    }
}

/// What the autopilot says of itself (HEARTBEAT, MAV_STATE).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::{Instruments, SystemState};
/// fn in_failsafe(instruments: &Instruments) -> bool {
///     instruments.system_state().is_some_and(|state| matches!(*state, SystemState::Critical | SystemState::Emergency))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemState {
    /// Starting.
    Boot,
    /// Calibrating.
    Calibrating,
    /// On the ground, could fly.
    Standby,
    /// Motors may run.
    Active,
    /// A failsafe is active.
    Critical,
    /// Lost control over parts of the vehicle.
    Emergency,
    /// Shutting down.
    PowerOff,
    /// Ending the flight.
    FlightTermination,
}

impl Read for SystemState {
    const NAME: &'static str = "system state";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![HEARTBEAT]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        Some(match report.fields.u8(7) {
            1 => Self::Boot,
            2 => Self::Calibrating,
            3 => Self::Standby,
            4 => Self::Active,
            5 => Self::Critical,
            6 => Self::Emergency,
            7 => Self::PowerOff,
            8 => Self::FlightTermination,
            _ => return None,
        })
    }
}
