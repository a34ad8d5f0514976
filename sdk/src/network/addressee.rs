//! Whom a message is for: where the target system and component stand in its payload.
//!
//! From the dialect's own definition (pymavlink's ardupilotmega.py: offsets of `target_system` in wire order), so that a router
//! needs to decode nothing. CAMERA_STATUS and CAMERA_FEEDBACK are left out: their field of that name says which vehicle took the picture.
use crate::wire::payload::Payload;

/// Message id, offset of `target_system`, and whether `target_component` follows it.
#[rustfmt::skip]
const TARGETS: [(u32, u8, bool); 91] = [
    (4, 12, true), (5, 0, false), (11, 4, false), (20, 2, true), (21, 0, true), (23, 4, true), (37, 4, true),
    (38, 4, true), (39, 32, true), (40, 2, true), (41, 2, true), (43, 0, true), (44, 2, true), (45, 0, true),
    (47, 0, true), (48, 12, false), (50, 18, true), (51, 2, true), (54, 24, true), (66, 2, true), (70, 16, true),
    (73, 32, true), (75, 30, true), (76, 30, true), (77, 8, true), (82, 36, true), (84, 50, true), (86, 50, true),
    (110, 1, true), (117, 4, true), (119, 10, true), (121, 0, true), (122, 0, true), (123, 0, true), (139, 41, true),
    (151, 6, true), (154, 6, true), (155, 4, true), (156, 0, true), (157, 12, true), (158, 12, true), (160, 8, true),
    (161, 0, true), (175, 14, true), (176, 0, true), (183, 0, true),
    (184, 4, true), (185, 4, true), (186, 0, true), (200, 40, true), (201, 12, true), (214, 6, true), (216, 0, true),
    (218, 0, true), (243, 52, false), (248, 3, true), (256, 8, true), (258, 0, true), (266, 2, true), (267, 2, true),
    (268, 2, true), (282, 32, true), (284, 30, true), (285, 38, true), (286, 50, true), (287, 20, true),
    (288, 20, true), (296, 36, true), (320, 2, true), (321, 0, true), (323, 0, true), (345, 2, true), (385, 2, true),
    (386, 4, true), (387, 4, true), (388, 32, true), (11000, 4, true), (11002, 4, true), (11004, 8, true),
    (11033, 16, true), (11035, 4, true), (12900, 0, true), (12901, 30, true), (12902, 4, true), (12903, 0, true),
    (12904, 28, true), (12905, 0, true), (12915, 0, true), (12919, 16, true), (50004, 8, true), (50005, 4, true),
];

/// System and component that a message is for; 0 is everybody.
pub(super) fn addressee(id: u32, payload: &[u8]) -> (u8, u8) {
    let Ok(index) = TARGETS.binary_search_by_key(&id, |(id, _, _)| *id) else { return (0, 0) };
    let (_, at, has_component) = TARGETS[index];
    let (payload, at) = (Payload(payload), usize::from(at));
    (payload.u8(at), if has_component { payload.u8(at + 1) } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mavlink::dialects::ardupilotmega as mav;
    use mavlink::{MAVLinkV2MessageRaw, MavHeader, MessageData};

    #[test]
    fn the_table_is_sorted() {
        assert!(TARGETS.is_sorted_by_key(|(id, _, _)| *id));
    }

    #[test]
    fn addressees_as_the_dialect_packs_them() {
        fn of<D: MessageData>(message: &D) -> (u8, u8) {
            let mut raw = MAVLinkV2MessageRaw::new();
            raw.serialize_message_data(MavHeader::default(), message);
            addressee(D::ID, raw.payload())
        }
        let command = mav::COMMAND_LONG_DATA { target_system: 3, target_component: 154, ..Default::default() };
        assert_eq!(of(&command), (3, 154));
        let item = mav::MISSION_ITEM_INT_DATA { target_system: 7, target_component: 1, ..Default::default() };
        assert_eq!(of(&item), (7, 1));
        let point = mav::SET_POSITION_TARGET_LOCAL_NED_DATA { target_system: 9, ..Default::default() };
        assert_eq!(of(&point), (9, 0));
        assert_eq!(of(&mav::HEARTBEAT_DATA::default()), (0, 0));
        assert_eq!(of(&mav::CAMERA_FEEDBACK_DATA { target_system: 2, ..Default::default() }), (0, 0));
    }
}
