//! Energy drawn by the motors, and the voltage that is left under load.
use flightsmith_mission::vehicle::Airframe;

const FULL_CELL_V: f64 = 4.2;
const EMPTY_CELL_V: f64 = 3.3;
/// Internal resistance of a cell, ohm; typical of hobby lithium-polymer packs of this size.
const CELL_RESISTANCE_OHM: f64 = 0.006;
/// What the electronics draw with the motors off, W.
const IDLE_POWER_W: f64 = 6.0;

/// A battery of lithium cells.
#[derive(Debug, Clone)]
pub struct Battery {
    capacity_wh: f64,
    cells: f64,
    hover_power_w: f64,
    used_wh: f64,
    start_wh: f64,
    /// Current drawn now, A.
    pub current_a: f64,
}

impl Battery {
    /// `percent` full.
    pub fn new(airframe: &Airframe, percent: f64) -> Self {
        Self {
            capacity_wh: airframe.battery_wh,
            cells: f64::from(airframe.battery_cells),
            hover_power_w: airframe.hover_power_w,
            used_wh: airframe.battery_wh * (1.0 - percent / 100.0),
            start_wh: airframe.battery_wh * (1.0 - percent / 100.0),
            current_a: 0.0,
        }
    }
    /// Charge left in percent, 0 to 100.
    pub fn percent(&self) -> f64 {
        (100.0 * (1.0 - self.used_wh / self.capacity_wh)).clamp(0.0, 100.0)
    }
    /// Sets the charge, percent.
    pub fn set_percent(&mut self, percent: f64) {
        self.used_wh = self.capacity_wh * (1.0 - percent.clamp(0.0, 100.0) / 100.0);
    }
    /// Voltage at rest.
    pub fn resting_v(&self) -> f64 {
        let share = self.percent() / 100.0;
        self.cells * (EMPTY_CELL_V + (FULL_CELL_V - EMPTY_CELL_V) * share)
    }
    /// Voltage under the present load.
    pub fn loaded_v(&self) -> f64 {
        (self.resting_v() - self.current_a * self.cells * CELL_RESISTANCE_OHM).max(0.0)
    }
    /// Charge used since the start, mAh at the nominal 3.7 V a cell.
    pub fn used_mah(&self) -> f64 {
        (self.used_wh - self.start_wh) / (self.cells * 3.7) * 1000.0
    }
    /// Capacity, mAh at the nominal 3.7 V a cell.
    pub fn capacity_mah(&self) -> f64 {
        self.capacity_wh / (self.cells * 3.7) * 1000.0
    }
    /// Energy used since the start, Wh.
    pub fn used_wh(&self) -> f64 {
        self.used_wh - self.start_wh
    }
    /// Share of the full thrust that the present voltage allows: all of it until nearly empty, none when empty.
    pub fn thrust_factor(&self) -> f64 {
        (self.percent() / 2.0).clamp(0.0, 1.0)
    }
    /// Draws for `dt_s` what the motors need at `load` times the hovering thrust (power grows with thrust to 3/2).
    pub fn step(&mut self, load: f64, dt_s: f64) {
        let power_w = IDLE_POWER_W + self.hover_power_w * load * libm::sqrt(load);
        self.current_a = power_w / self.resting_v().max(1.0);
        self.used_wh = (self.used_wh + power_w * dt_s / 3600.0).min(self.capacity_wh);
    }
}
