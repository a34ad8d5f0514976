//! Who has the vehicle: the mission, a pilot, or a failsafe. Once it is not the mission, nothing but heartbeats is sent.
//!
//! Judged from HEARTBEAT, CURRENT_MODE and the texts around a mode change; ending the mission is done by [`crate::flight`].
use crate::autopilot;
use crate::error::FlightError;
use crate::statustext::StatusTexts;
use crate::telemetry::{LandedState, Micros, Telemetry};
use alloc::string::String;
use flightsmith_mission::vehicle::Autopilot;

/// How long after a mode change its reason may still arrive. `PilotTookOver` is due within 200 ms.
const REASON_WITHIN_US: Micros = 150_000;
/// Texts and status changes this long before a mode change explain it.
const REASON_BEFORE_US: Micros = 2_000_000;
/// How long after a mode command the previous mode may still be reported.
const OLD_MODE_US: Micros = 2_000_000;
/// MAV_STATE_CRITICAL.
const CRITICAL: u8 = 5;

#[derive(Debug, Clone, Copy)]
struct Intent {
    allowed: [u32; 3],
    previous: Option<(u32, Micros)>,
    /// Landing or returning: on the ground the flight is over, whatever the mode.
    coming_down: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Authority {
    intent: Option<Intent>,
    deviating_since_us: Option<Micros>,
    critical_since_us: Option<Micros>,
    verdict: Option<FlightError>,
}

impl Authority {
    /// The mission commands one of `allowed` from now on.
    pub(crate) fn expect(&mut self, allowed: [u32; 3], coming_down: bool, mode_now: Option<u32>, now: Micros) {
        let previous = mode_now.filter(|mode| !allowed.contains(mode)).map(|mode| (mode, now + OLD_MODE_US));
        self.intent = Some(Intent { allowed, previous, coming_down });
        self.deviating_since_us = None;
    }
    /// Nothing is commanded any more: the flight is over.
    pub(crate) fn release(&mut self) {
        self.intent = None;
        self.deviating_since_us = None;
    }
    /// Whether set-points and commands may be sent.
    pub(crate) fn may_send(&self) -> bool {
        self.verdict.is_none() && self.deviating_since_us.is_none()
    }
    pub(crate) fn verdict(&self) -> Option<&FlightError> {
        self.verdict.as_ref()
    }
    /// Looks at what the vehicle says now; called after each message and each step of time.
    pub(crate) fn observe(&mut self, autopilot: Autopilot, telemetry: &Telemetry, texts: &StatusTexts, now: Micros) {
        let status = telemetry.heartbeat.map_or(0, |beat| beat.value.system_status);
        if status < CRITICAL {
            self.critical_since_us = None;
        } else if self.critical_since_us.is_none() {
            self.critical_since_us = Some(now);
        }
        if self.verdict.is_some() {
            return;
        }
        let (Some(intent), Some(mode)) = (&mut self.intent, telemetry.mode()) else {
            return;
        };
        if intent.allowed.contains(&mode) {
            // The new mode was seen: from now on the old one is a deviation too.
            intent.previous = None;
            self.deviating_since_us = None;
            return;
        }
        if intent.previous.is_some_and(|(previous, until)| mode == previous && now < until) {
            return;
        }
        // On the ground and disarmed (landed, or never armed) modes are nobody's fight. PX4 changes its mode when it disarms,
        // and CURRENT_MODE tells so up to a second before HEARTBEAT tells of the disarming.
        let down = intent.coming_down && telemetry.landed.is_some_and(|landed| landed.value == LandedState::OnGround);
        if !telemetry.armed() || down {
            self.deviating_since_us = None;
            return;
        }
        let since = *self.deviating_since_us.get_or_insert(now);
        let text = failsafe_text(texts, since.saturating_sub(REASON_BEFORE_US));
        let unintended = autopilot == Autopilot::Px4
            && telemetry
                .current_mode
                .is_some_and(|current| current.value.0 == mode && current.value.1 != 0 && current.value.1 != mode);
        let critical = self.critical_since_us.is_some_and(|from| from + REASON_BEFORE_US >= since);
        let name = autopilot::mode_name(autopilot, mode);
        if unintended || critical || text.is_some() {
            self.verdict = Some(FlightError::Failsafe { mode: name, text: text.unwrap_or_default() });
        } else if now >= since + REASON_WITHIN_US {
            self.verdict = Some(FlightError::PilotTookOver { mode: name });
        }
    }
}

/// The text that tells of a failsafe, if one came since `from_us`.
fn failsafe_text(texts: &StatusTexts, from_us: Micros) -> Option<String> {
    const HINTS: [&str; 6] = ["failsafe", "breach", "battery low", "is low", "is critical", "critical battery"];
    texts
        .since(from_us)
        .find(|text| {
            let lower = text.text.to_lowercase();
            HINTS.iter().any(|hint| lower.contains(hint)) && !lower.contains("clear")
        })
        .map(|text| text.text.clone())
}
