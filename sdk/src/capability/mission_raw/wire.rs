//! The messages of the item protocol, for missions, fences and rally points alike: composed with their list, read by offset.
use crate::error::RequestError;
use crate::inbox::Received;
use crate::session::{Core, Link};
use crate::wire::composed::Composed;
use mavlink::MessageData;
use mavlink::dialects::ardupilotmega as mav;

/// Which of the vehicle's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Mission,
    Fence,
    Rally,
}

impl List {
    pub(crate) fn name(self) -> &'static str {
        match self {
            List::Mission => "the mission",
            List::Fence => "the geofence",
            List::Rally => "the list of rally points",
        }
    }
    /// MAV_MISSION_TYPE.
    fn number(self) -> u8 {
        match self {
            List::Mission => 0,
            List::Fence => 1,
            List::Rally => 2,
        }
    }
}

/// An item as the wire has it, without its number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WireItem {
    pub params: [f32; 4],
    /// Degrees times 1e7 or metres times 1e4, by the frame.
    pub x: i32,
    pub y: i32,
    pub z: f32,
    pub command: u16,
    pub frame: u8,
    pub current: u8,
    pub autocontinue: u8,
}

const COUNT: u32 = mav::MISSION_COUNT_DATA::ID;
/// MISSION_REQUEST, superseded, but what ArduPilot asks with.
const REQUEST: u32 = 40;
const REQUEST_INT: u32 = mav::MISSION_REQUEST_INT_DATA::ID;
/// MISSION_ITEM, superseded.
const ITEM: u32 = 39;
const ITEM_INT: u32 = mav::MISSION_ITEM_INT_DATA::ID;
const ACK: u32 = mav::MISSION_ACK_DATA::ID;
/// What a transfer listens to.
pub(crate) const HEARD: [u32; 6] = [COUNT, REQUEST, REQUEST_INT, ITEM, ITEM_INT, ACK];

/// What the vehicle says in a transfer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Said {
    /// So many items; the number by which the vehicle knows this version of the list (0 where it has none).
    Count { count: u16, opaque_id: u32 },
    /// Send this one.
    Request { seq: u16 },
    /// Here is one.
    Item { seq: u16, item: WireItem },
    /// MAV_MISSION_RESULT.
    Ack { result: u8, opaque_id: u32 },
    /// A number of items of another list: the vehicle does not know that there are several.
    OtherCount,
}

/// What `received` says about `list` to us, if it does.
pub(crate) fn read(received: &Received, list: List, link: &Link) -> Option<Said> {
    let f = received.fields();
    let (addressee, list_at) = match received.id {
        COUNT | REQUEST | REQUEST_INT => (2, 4),
        ITEM | ITEM_INT => (32, 37),
        _ => (0, 3),
    };
    let for_us = link.with(|core| {
        core.is_us(f.u8(addressee), f.u8(addressee + 1))
            && core.peer.is_some_and(|peer| peer.component == received.component)
    });
    if !for_us {
        return None;
    }
    if f.u8(list_at) != list.number() {
        return (received.id == COUNT).then_some(Said::OtherCount);
    }
    Some(match received.id {
        COUNT => Said::Count { count: f.u16(0), opaque_id: f.u32(5) },
        REQUEST | REQUEST_INT => Said::Request { seq: f.u16(0) },
        ITEM | ITEM_INT => {
            // The older form has degrees or metres as floats.
            let scale = if matches!(f.u8(34), 1 | 7) { 1e4 } else { 1e7 };
            let coordinate = |at: usize| match received.id {
                ITEM => libm::round(f64::from(f.f32(at)) * scale) as i32,
                _ => f.i32(at),
            };
            let item = WireItem {
                params: [f.f32(0), f.f32(4), f.f32(8), f.f32(12)],
                x: coordinate(16),
                y: coordinate(20),
                z: f.f32(24),
                command: f.u16(30),
                frame: f.u8(34),
                current: f.u8(35),
                autocontinue: f.u8(36),
            };
            Said::Item { seq: f.u16(28), item }
        }
        _ => Said::Ack { result: f.u8(2), opaque_id: f.u32(4) },
    })
}

pub(crate) fn send_count(core: &mut Core, list: List, count: u16) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    let message = Composed::<mav::MISSION_COUNT_DATA>::new().u16(count).u8(peer.system).u8(peer.component);
    core.send(&message.u8(list.number()))
}
pub(crate) fn send_request_list(core: &mut Core, list: List) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    let message = Composed::<mav::MISSION_REQUEST_LIST_DATA>::new().u8(peer.system).u8(peer.component);
    core.send(&message.u8(list.number()))
}
pub(crate) fn send_request(core: &mut Core, list: List, seq: u16) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    let message = Composed::<mav::MISSION_REQUEST_INT_DATA>::new().u16(seq).u8(peer.system).u8(peer.component);
    core.send(&message.u8(list.number()))
}
pub(crate) fn send_clear(core: &mut Core, list: List) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    let message = Composed::<mav::MISSION_CLEAR_ALL_DATA>::new().u8(peer.system).u8(peer.component);
    core.send(&message.u8(list.number()))
}
pub(crate) fn send_ack(core: &mut Core, list: List, result: u8) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    let message = Composed::<mav::MISSION_ACK_DATA>::new().u8(peer.system).u8(peer.component).u8(result);
    core.send(&message.u8(list.number()))
}
/// Always MISSION_ITEM_INT, whichever request it answers: ArduPilot asks with the older one and takes this one.
pub(crate) fn send_item(core: &mut Core, list: List, seq: u16, item: &WireItem) -> Result<(), RequestError> {
    let Some(peer) = core.peer else { return Ok(()) };
    let [p1, p2, p3, p4] = item.params;
    let message = Composed::<mav::MISSION_ITEM_INT_DATA>::new().f32(p1).f32(p2).f32(p3).f32(p4);
    let message = message.i32(item.x).i32(item.y).f32(item.z).u16(seq).u16(item.command);
    let message = message.u8(peer.system).u8(peer.component).u8(item.frame).u8(item.current).u8(item.autocontinue);
    core.send(&message.u8(list.number()))
}

/// MAV_MISSION_RESULT by number.
pub(crate) mod result {
    pub(crate) const ACCEPTED: u8 = 0;
    pub(crate) const ERROR: u8 = 1;
    pub(crate) const UNSUPPORTED: u8 = 3;
    pub(crate) const INVALID_SEQUENCE: u8 = 13;
    pub(crate) const DENIED: u8 = 14;
    pub(crate) const CANCELLED: u8 = 15;
}

/// MAV_MISSION_RESULT by name.
pub(crate) fn result_name(result: u8) -> &'static str {
    match result {
        0 => "ACCEPTED",
        1 => "ERROR",
        2 => "UNSUPPORTED_FRAME",
        3 => "UNSUPPORTED",
        4 => "NO_SPACE",
        5 => "INVALID",
        6 => "INVALID_PARAM1",
        7 => "INVALID_PARAM2",
        8 => "INVALID_PARAM3",
        9 => "INVALID_PARAM4",
        10 => "INVALID_PARAM5_X",
        11 => "INVALID_PARAM6_Y",
        12 => "INVALID_PARAM7",
        13 => "INVALID_SEQUENCE",
        14 => "DENIED",
        15 => "OPERATION_CANCELLED",
        _ => "UNKNOWN_RESULT",
    }
}
