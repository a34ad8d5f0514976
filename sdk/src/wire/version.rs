//! Which MAVLink version is spoken: 2, unless the other side shows that it knows only 1.

/// Which version a connection sends. What it receives may be either at any time.
///
/// ```
/// use flightsmith_sdk::{Connection, Version};
/// let old_radio = Connection::ground_station().with_version(Version::Only1);
/// # let _ = old_radio;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// MAVLink 2; MAVLink 1 for an autopilot that goes on sending MAVLink 1 although it is spoken to in 2, until it sends 2.
    #[default]
    Agreed,
    /// MAVLink 1 whatever the other side speaks. Messages with ids above 255 cannot be sent, and nothing can be signed.
    Only1,
    /// MAVLink 2 whatever the other side speaks.
    Only2,
}

/// Autopilots that can do both answer the first MAVLink 2 heartbeat in MAVLink 2; ours come four times a second.
const ANSWERS_WITHIN_US: u64 = 2_000_000;
/// Every so many heartbeats one goes out in MAVLink 2 although 1 was agreed: the vehicle may have become able to do it, or a lossy
/// link may have hidden that it was.
const PROBE_EVERY: u32 = 16;

/// What is known of the other side.
#[derive(Debug, Default)]
pub(crate) struct Agreement {
    pub wish: Version,
    only_v1_since_us: Option<u64>,
    is_v1: bool,
    heartbeats: u32,
}

impl Agreement {
    /// The autopilot sent a frame.
    pub(crate) fn heard(&mut self, v1: bool, now_us: u64) {
        if !v1 {
            self.only_v1_since_us = None;
            self.is_v1 = false;
            return;
        }
        let since = *self.only_v1_since_us.get_or_insert(now_us);
        self.is_v1 |= now_us >= since + ANSWERS_WITHIN_US;
    }
    /// Whether the next message is to be sent as MAVLink 1.
    pub(crate) fn sends_v1(&self) -> bool {
        match self.wish {
            Version::Agreed => self.is_v1,
            Version::Only1 => true,
            Version::Only2 => false,
        }
    }
    /// As [`Agreement::sends_v1`], for a heartbeat.
    pub(crate) fn heartbeat_is_v1(&mut self) -> bool {
        self.heartbeats = self.heartbeats.wrapping_add(1);
        self.sends_v1() && (self.wish == Version::Only1 || !self.heartbeats.is_multiple_of(PROBE_EVERY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_only_where_nobody_answers_in_version_2() {
        let mut agreement = Agreement::default();
        agreement.heard(true, 5_000_000);
        agreement.heard(true, 6_000_000);
        assert!(!agreement.sends_v1(), "it may not have heard us yet");
        agreement.heard(true, 7_000_000);
        assert!(agreement.sends_v1());
        assert_eq!((1..=64).filter(|_| !agreement.heartbeat_is_v1()).count(), 4, "probes");
        agreement.heard(false, 8_000_000);
        assert!(!agreement.sends_v1(), "it can do 2");
        agreement.heard(true, 8_100_000);
        assert!(!agreement.sends_v1());
    }
}
