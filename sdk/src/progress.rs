//! The dead man's switch: a mission that flies must keep moving on, or it no longer counts as alive.
//!
//! Set-points leave only from within the mission's own calls; heartbeats are sent by the driver, perhaps on another thread, so they
//! stop when the mission has stalled. Then the autopilot's own timeouts act (FS_GCS_ENABLE, COM_OF_LOSS_T, NAV_DLL_ACT).
use crate::clock::VehicleClock;
use crate::telemetry::Micros;

/// A mission that flies and has not been polled for this long has stalled.
const STALLED_AFTER_US: Micros = 1_000_000;

/// When the mission moved on last; nothing where none flies.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    moved: Option<(Micros, u64)>,
}

impl Progress {
    /// The mission flies and was polled just now.
    pub(crate) fn mark(&mut self, clock: &VehicleClock) {
        self.moved = Some((clock.now_us(), clock.wall_us()));
    }
    /// No mission flies any more: it has landed, or somebody else brings the vehicle home.
    pub(crate) fn end(&mut self) {
        self.moved = None;
    }
    pub(crate) fn has_stalled(&self, clock: &VehicleClock) -> bool {
        self.moved.is_some_and(|(vehicle, wall)| {
            let by_vehicle = clock.now_us().saturating_sub(vehicle);
            let by_wall = clock.wall_us().saturating_sub(wall);
            let stalled_us = if clock.is_lockstep() { by_vehicle } else { by_vehicle.max(by_wall) };
            stalled_us > STALLED_AFTER_US
        })
    }
}
