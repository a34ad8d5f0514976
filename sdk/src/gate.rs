//! The one gate for everything that is sent, raw messages included: no command once a pilot or a failsafe has the vehicle, and
//! never a motor stop in flight.
use crate::authority::Authority;
use crate::telemetry::{LandedState, Telemetry};
use crate::wire::payload::Payload;

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passage {
    Leaves,
    /// A pilot or a failsafe has the vehicle (or its mode has just changed).
    NoAuthority,
    /// It would stop the motors of a vehicle that may be flying.
    StopsMotors,
}

/// Message ids that change nothing on the vehicle: heartbeats, time, reading lists, corrections, acknowledgements of transfers.
const HARMLESS: [u32; 15] = [
    0,   // HEARTBEAT
    2,   // SYSTEM_TIME
    4,   // PING
    20,  // PARAM_REQUEST_READ
    21,  // PARAM_REQUEST_LIST
    40,  // MISSION_REQUEST
    43,  // MISSION_REQUEST_LIST
    47,  // MISSION_ACK
    51,  // MISSION_REQUEST_INT
    111, // TIMESYNC
    117, // LOG_REQUEST_LIST
    119, // LOG_REQUEST_DATA
    122, // LOG_REQUEST_END
    233, // GPS_RTCM_DATA
    253, // STATUSTEXT
];
const COMMAND_INT: u32 = 75;
const COMMAND_LONG: u32 = 76;
/// Both command messages have the command's number here.
const COMMAND_AT: usize = 28;
const COMPONENT_ARM_DISARM: u16 = 400;
const DO_FLIGHTTERMINATION: u16 = 185;
const DO_PARACHUTE: u16 = 208;
const DO_MOTOR_TEST: u16 = 209;
const PREFLIGHT_REBOOT_SHUTDOWN: u16 = 246;
const ACTUATOR_TEST: u16 = 310;

/// What is known of the vehicle when something is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Situation {
    /// Nobody else has the vehicle.
    pub may_send: bool,
    /// Armed, and not certainly standing on the ground.
    pub may_be_flying: bool,
}

impl Situation {
    pub(crate) fn of(authority: &Authority, telemetry: &Telemetry) -> Self {
        let on_ground = telemetry.landed.is_some_and(|landed| landed.value == LandedState::OnGround);
        Self { may_send: authority.may_send(), may_be_flying: telemetry.armed() && !on_ground }
    }
}

/// Whether a message with this id and payload may leave.
pub(crate) fn judge(id: u32, payload: &[u8], situation: Situation) -> Passage {
    if !HARMLESS.contains(&id) && !reads_files(id, payload) && !situation.may_send {
        return Passage::NoAuthority;
    }
    if matches!(id, COMMAND_INT | COMMAND_LONG) && stops_motors(Payload(payload)) && situation.may_be_flying {
        return Passage::StopsMotors;
    }
    Passage::Leaves
}

/// A file transfer that changes nothing: listing, reading, checksums, closing.
fn reads_files(id: u32, payload: &[u8]) -> bool {
    const FILE_TRANSFER_PROTOCOL: u32 = 110;
    /// MAV_FTP_OPCODE behind the addressee, the number and the session.
    const OPCODE_AT: usize = 6;
    id == FILE_TRANSFER_PROTOCOL && matches!(Payload(payload).u8(OPCODE_AT), 1..=5 | 14 | 15)
}

fn stops_motors(command: Payload<'_>) -> bool {
    match command.u16(COMMAND_AT) {
        COMPONENT_ARM_DISARM => command.f32(0) < 0.5,
        DO_FLIGHTTERMINATION | DO_PARACHUTE | DO_MOTOR_TEST | PREFLIGHT_REBOOT_SHUTDOWN | ACTUATOR_TEST => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(command: u16, param1: f32) -> [u8; 33] {
        let mut payload = [0; 33];
        payload[..4].copy_from_slice(&param1.to_le_bytes());
        payload[COMMAND_AT..COMMAND_AT + 2].copy_from_slice(&command.to_le_bytes());
        payload
    }

    fn file(opcode: u8) -> [u8; 33] {
        let mut payload = [0; 33];
        payload[6] = opcode;
        payload
    }

    #[test]
    fn the_gate_knows_what_may_leave() {
        use Passage::{Leaves, NoAuthority, StopsMotors};
        const SET_POINT: u32 = 84;
        const MANUAL_CONTROL: u32 = 69;
        let flying = Situation { may_send: true, may_be_flying: true };
        let standing = Situation { may_send: true, may_be_flying: false };
        let taken = Situation { may_send: false, may_be_flying: true };
        let cases: [(&str, u32, [u8; 33], Situation, Passage); 14] = [
            ("disarm in flight", COMMAND_LONG, command(COMPONENT_ARM_DISARM, 0.0), flying, StopsMotors),
            ("disarm in flight by COMMAND_INT", COMMAND_INT, command(COMPONENT_ARM_DISARM, 0.0), flying, StopsMotors),
            ("arm", COMMAND_LONG, command(COMPONENT_ARM_DISARM, 1.0), flying, Leaves),
            ("disarm on the ground", COMMAND_LONG, command(COMPONENT_ARM_DISARM, 0.0), standing, Leaves),
            ("termination", COMMAND_LONG, command(DO_FLIGHTTERMINATION, 1.0), flying, StopsMotors),
            ("parachute", COMMAND_LONG, command(DO_PARACHUTE, 2.0), flying, StopsMotors),
            ("reboot in flight", COMMAND_LONG, command(PREFLIGHT_REBOOT_SHUTDOWN, 1.0), flying, StopsMotors),
            ("set-point", SET_POINT, [0; 33], flying, Leaves),
            ("set-point after the pilot took over", SET_POINT, [0; 33], taken, NoAuthority),
            ("any command then", COMMAND_LONG, command(178, 1.0), taken, NoAuthority),
            ("sticks then", MANUAL_CONTROL, [0; 33], taken, NoAuthority),
            ("reading a file then", 110, file(15), taken, Leaves),
            ("writing a file then", 110, file(7), taken, NoAuthority),
            ("a heartbeat then", 0, [0; 33], taken, Leaves),
        ];
        for (name, id, payload, situation, expected) in cases {
            assert_eq!(judge(id, &payload, situation), expected, "{name}");
        }
    }
}
