//! Vehicle time: the only clock that missions see.
//!
//! In lockstep the simulator sets it. On a real link it follows the vehicle's `time_boot_ms` and is carried on by the wall
//! clock for at most a second between messages, so that a mission slows down and stops with its vehicle's clock.
use crate::telemetry::Micros;

/// How far the wall clock may carry vehicle time beyond the last message.
const EXTRAPOLATE_AT_MOST_US: u64 = 1_000_000;

#[derive(Debug, Default)]
pub(crate) struct VehicleClock {
    now_us: Micros,
    lockstep: bool,
    wall_us: u64,
    /// Vehicle time and wall time of the last anchor.
    anchor: Option<(Micros, u64)>,
    /// `time_boot_ms` that corresponds to vehicle time zero, moved when the vehicle reboots.
    boot_offset_us: Option<i64>,
    last_boot_us: i64,
}

impl VehicleClock {
    pub(crate) fn now_us(&self) -> Micros {
        self.now_us
    }
    pub(crate) fn wall_us(&self) -> u64 {
        self.wall_us
    }
    pub(crate) fn is_lockstep(&self) -> bool {
        self.lockstep
    }
    /// The simulator's tick says what time it is; from then on nothing else does.
    pub(crate) fn set_lockstep(&mut self, now_us: Micros) {
        self.lockstep = true;
        self.now_us = self.now_us.max(now_us);
    }
    /// The wall clock moved on.
    pub(crate) fn set_wall(&mut self, wall_us: u64) {
        self.wall_us = self.wall_us.max(wall_us);
        if self.lockstep {
            return;
        }
        let (vehicle, wall) = *self.anchor.get_or_insert((0, wall_us));
        // Without any vehicle time yet (boot_offset unset) waiting for the vehicle is itself measured by the wall.
        let elapsed = self.wall_us.saturating_sub(wall);
        let carried = if self.boot_offset_us.is_some() { elapsed.min(EXTRAPOLATE_AT_MOST_US) } else { elapsed };
        self.now_us = self.now_us.max(vehicle + carried);
    }
    /// A message of the autopilot carried its `time_boot_ms`.
    pub(crate) fn heard_boot_ms(&mut self, time_boot_ms: u32) {
        if self.lockstep || time_boot_ms == 0 {
            return;
        }
        let boot_us = i64::from(time_boot_ms) * 1000;
        let now = self.now_us as i64;
        // First message, or the vehicle rebooted: go on without a jump.
        if self.boot_offset_us.is_none() || boot_us + 1_000_000 < self.last_boot_us {
            self.boot_offset_us = Some(boot_us - now);
            self.last_boot_us = boot_us;
        }
        self.last_boot_us = self.last_boot_us.max(boot_us);
        let vehicle = (boot_us - self.boot_offset_us.unwrap_or(boot_us)).max(0) as Micros;
        if vehicle >= self.anchor.map_or(0, |anchor| anchor.0) {
            self.anchor = Some((vehicle, self.wall_us));
        }
        self.now_us = self.now_us.max(vehicle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_vehicle_and_waits_for_it() {
        let mut clock = VehicleClock::default();
        clock.set_wall(5_000_000);
        assert_eq!(clock.now_us(), 0);
        clock.heard_boot_ms(100_000);
        clock.set_wall(5_500_000);
        assert_eq!(clock.now_us(), 500_000);
        clock.heard_boot_ms(101_000);
        assert_eq!(clock.now_us(), 1_000_000);
        clock.set_wall(60_000_000);
        assert_eq!(clock.now_us(), 2_000_000, "a silent vehicle's clock stops after a second");
        clock.heard_boot_ms(3_000);
        clock.heard_boot_ms(3_500);
        assert_eq!(clock.now_us(), 2_500_000, "a reboot does not turn time back");
    }

    #[test]
    fn lockstep_wins() {
        let mut clock = VehicleClock::default();
        clock.set_lockstep(20_000);
        clock.set_wall(9_000_000);
        clock.heard_boot_ms(77);
        assert_eq!(clock.now_us(), 20_000);
    }
}
