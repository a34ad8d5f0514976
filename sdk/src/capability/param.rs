//! Parameters: get, set, list.
use crate::error::RequestError;
use crate::inbox::Inbox;
use crate::pace::Pace;
use crate::request::{self, Patience};
use crate::session::Core;
use crate::vehicle::{Grounded, Vehicle};
use crate::wire::incoming::id;
use flightsmith_mission::vehicle::Autopilot;
use mavlink::dialects::ardupilotmega as mav;

const ASK: Patience = Patience { attempts: 5, each_us: 700_000 };
/// MAV_PARAM_TYPE up to INT32: PX4 sends integers byte by byte in the float.
const FIRST_REAL_TYPE: u8 = 9;

fn wire_name(name: &str) -> [u8; 16] {
    let mut wire = [0_u8; 16];
    for (to, from) in wire.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    wire
}

fn send_request_read(core: &mut Core, name: &str) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    core.send(&mav::PARAM_REQUEST_READ_DATA {
        param_index: -1,
        target_system: peer.system,
        target_component: peer.component,
        param_id: name.into(),
    })
}

/// The value of the parameter `name`, whatever its type.
pub(crate) async fn get<P: Pace>(pace: &mut P, autopilot: Autopilot, name: &str) -> Result<f64, P::Error> {
    let (inbox, wire) = (Inbox::open(pace.link(), &[id::PARAM_VALUE], 8), wire_name(name));
    request::ask(
        pace,
        &inbox,
        "PARAM_REQUEST_READ",
        ASK,
        |core| send_request_read(core, name),
        |received| {
            let fields = received.fields();
            let (value, kind) = (fields.f32(0), fields.u8(24));
            let bytewise = autopilot == Autopilot::Px4 && kind < FIRST_REAL_TYPE;
            let value = if bytewise { f64::from(value.to_bits() as i32) } else { f64::from(value) };
            (fields.bytes::<16>(8) == wire).then_some(value)
        },
    )
    .await
}

impl Vehicle<Grounded> {
    /// The value of the parameter `name`, or `None` where the vehicle does not answer for it (PARAM_REQUEST_READ).
    ///
    /// # Errors
    /// As any call: the link lost.
    pub async fn parameter(&mut self, name: &str) -> Result<Option<f64>, crate::FlightError> {
        let autopilot = self.flight.autopilot;
        match get(&mut self.flight, autopilot, name).await {
            Ok(value) => Ok(Some(value)),
            Err(crate::FlightError::NoAnswer { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
