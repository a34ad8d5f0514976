//! The latest frame of each message that telemetry is made of, kept as it came and read when somebody asks.
//!
//! Allocated once with the connection; receiving only copies. What a quantity means is decided where it is read
//! ([`crate::capability::telemetry`]), so that a program carries the code of the quantities that it uses and of no others.
use crate::inbox::Received;
use crate::telemetry::Micros;
use crate::wire::incoming::id;
use crate::wire::payload::Payload;
use alloc::{vec, vec::Vec};

/// A message that is kept.
struct Kind {
    id: u32,
    /// Longest payload, extensions included.
    length: u8,
    /// How many senders or instances are told apart.
    slots: u8,
    /// Where the payload says which battery, sensor or output group it is about.
    instance_at: Option<u8>,
    /// Whether other components of the vehicle count as well: a smart battery, a companion's range finder.
    from_anybody: bool,
}

const fn one(id: u32, length: u8) -> Kind {
    Kind { id, length, slots: 1, instance_at: None, from_anybody: false }
}
const fn several(id: u32, length: u8, slots: u8, instance_at: u8, from_anybody: bool) -> Kind {
    Kind { id, length, slots, instance_at: Some(instance_at), from_anybody }
}

/// In the order of their ids.
const KINDS: [Kind; 24] = [
    one(id::HEARTBEAT, 9),
    one(id::SYS_STATUS, 43),
    one(id::SYSTEM_TIME, 12),
    one(id::GPS_RAW_INT, 52),
    one(id::ATTITUDE, 28),
    one(id::ATTITUDE_QUATERNION, 48),
    one(id::LOCAL_POSITION_NED, 28),
    one(id::GLOBAL_POSITION_INT, 28),
    several(id::SERVO_OUTPUT_RAW, 37, 2, 20, false),
    one(id::RC_CHANNELS, 42),
    one(id::VFR_HUD, 20),
    one(id::GPS2_RAW, 57),
    several(id::DISTANCE_SENSOR, 39, 8, 11, true),
    one(id::ALTITUDE, 32),
    several(id::BATTERY_STATUS, 54, 8, 32, true),
    one(id::WIND, 12),
    one(id::EKF_STATUS_REPORT, 26),
    one(id::ESTIMATOR_STATUS, 42),
    one(id::WIND_COV, 40),
    one(id::HOME_POSITION, 60),
    one(id::EXTENDED_SYS_STATE, 2),
    one(id::ACTUATOR_OUTPUT_STATUS, 140),
    one(id::CURRENT_MODE, 9),
    one(id::TERRAIN_REPORT, 22),
];

/// A frame that is kept.
#[derive(Debug, Clone, Copy)]
struct Slot {
    id: u32,
    /// Sender's component and the instance that the payload names; nothing was heard yet where absent.
    key: Option<(u8, u8)>,
    at_us: Micros,
    /// Where its payload lies, how much room it has, and how much of that is used.
    start: u16,
    room: u8,
    length: u8,
    from_anybody: bool,
    instance_at: Option<u8>,
}

/// The latest frames.
#[derive(Debug)]
pub(crate) struct Latest {
    slots: Vec<Slot>,
    payloads: Vec<u8>,
}

/// One of them.
pub(crate) struct Kept<'a> {
    pub component: u8,
    pub at_us: Micros,
    pub fields: Payload<'a>,
}

impl Default for Latest {
    fn default() -> Self {
        let mut slots = Vec::with_capacity(KINDS.iter().map(|kind| usize::from(kind.slots)).sum());
        let mut start = 0;
        for kind in &KINDS {
            for _ in 0..kind.slots {
                slots.push(Slot {
                    id: kind.id,
                    key: None,
                    at_us: 0,
                    start,
                    room: kind.length,
                    length: 0,
                    from_anybody: kind.from_anybody,
                    instance_at: kind.instance_at,
                });
                start += u16::from(kind.length);
            }
        }
        Self { slots, payloads: vec![0; usize::from(start)] }
    }
}

impl Latest {
    /// Keeps `received` where telemetry is made of it; `from_autopilot` says who sent it.
    pub(crate) fn take(&mut self, received: &Received, from_autopilot: bool) {
        let Some(first) = self.slots.iter().position(|slot| slot.id == received.id) else { return };
        let kind = self.slots[first];
        if !from_autopilot && !kind.from_anybody {
            return;
        }
        let instance = kind.instance_at.map_or(0, |at| received.fields().u8(usize::from(at)));
        let key = (received.component, instance);
        let of_kind = self.slots[first..].iter_mut().take_while(|slot| slot.id == received.id);
        // Its own place, else a free one, else that of whoever has been silent for longest.
        let place = of_kind.min_by_key(|slot| match slot.key {
            Some(kept) if kept == key => (0, 0),
            None => (1, 0),
            Some(_) => (2, slot.at_us),
        });
        let Some(slot) = place else { return };
        let length = received.payload().len().min(usize::from(slot.room));
        let start = usize::from(slot.start);
        self.payloads[start..start + length].copy_from_slice(&received.payload()[..length]);
        (slot.key, slot.at_us, slot.length) = (Some(key), received.at_us, length as u8);
    }

    /// What was kept of message `id`, each sender and instance.
    pub(crate) fn of(&self, id: u32) -> impl Iterator<Item = Kept<'_>> {
        self.slots.iter().filter(move |slot| slot.id == id).filter_map(|slot| {
            let start = usize::from(slot.start);
            let fields = Payload(&self.payloads[start..start + usize::from(slot.length)]);
            Some(Kept { component: slot.key?.0, at_us: slot.at_us, fields })
        })
    }
}

/// Whether telemetry takes message `id` from other components than the autopilot.
pub(crate) fn counts_from_anybody(id: u32) -> bool {
    KINDS.iter().any(|kind| kind.id == id && kind.from_anybody)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::decoder::Frame;

    fn received(id: u32, component: u8, payload: &[u8], at_us: Micros) -> Received {
        Received::new(&Frame { id, system: 1, component, sequence: 0, payload, raw: &[] }, at_us)
    }

    fn battery(component: u8, instance: u8, at_us: Micros) -> Received {
        let mut payload = [0; 36];
        payload[32] = instance;
        payload[35] = 50 + instance;
        received(id::BATTERY_STATUS, component, &payload, at_us)
    }

    #[test]
    fn each_battery_has_its_place_and_a_silent_one_gives_way() {
        let mut latest = Latest::default();
        for (number, instance) in [0, 1, 0, 2, 3, 4, 5, 6, 7, 8, 0].into_iter().enumerate() {
            latest.take(&battery(1, instance, number as Micros), true);
        }
        latest.take(&battery(180, 0, 20), false);
        let mut kept: Vec<(u8, u8)> =
            latest.of(id::BATTERY_STATUS).map(|kept| (kept.component, kept.fields.u8(32))).collect();
        kept.sort_unstable();
        assert_eq!(kept, [(1, 0), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 8), (180, 0)]);
    }

    #[test]
    fn only_the_autopilot_says_how_it_stands() {
        let mut latest = Latest::default();
        latest.take(&received(id::ATTITUDE, 154, &[1; 28], 5), false);
        assert_eq!(latest.of(id::ATTITUDE).count(), 0, "a gimbal's attitude");
        latest.take(&received(id::ATTITUDE, 1, &[1; 28], 6), true);
        latest.take(&received(id::ATTITUDE, 1, &[2; 8], 7), true);
        let kept = latest.of(id::ATTITUDE).next().expect("a frame");
        assert_eq!(
            (kept.at_us, kept.fields.u8(7), kept.fields.u8(8)),
            (7, 2, 0),
            "a shorter payload leaves nothing behind"
        );
    }

    #[test]
    fn kinds_are_whole() {
        for kind in &KINDS {
            assert!(kind.instance_at.is_none_or(|at| at < kind.length), "{}", kind.id);
        }
        assert_eq!(KINDS.iter().map(|kind| kind.id).collect::<alloc::collections::BTreeSet<_>>().len(), KINDS.len());
    }
}
