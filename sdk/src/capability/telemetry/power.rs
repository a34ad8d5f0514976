//! Batteries.
use super::quantity::read::{MessageName, Read, Report, messages};
use flightsmith_mission::vehicle::Autopilot;

/// How a battery stands (MAV_BATTERY_CHARGE_STATE).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::ChargeState;
/// assert!(ChargeState::Critical > ChargeState::Low);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChargeState {
    /// Good.
    Ok,
    /// Low.
    Low,
    /// Critically low.
    Critical,
    /// As good as empty.
    Emergency,
    /// It failed.
    Failed,
    /// It is unhealthy.
    Unhealthy,
    /// It is being charged.
    Charging,
}

/// A battery (BATTERY_STATUS); there may be several, told apart by `id` and `component`.
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn weakest_percent(instruments: &Instruments) -> Option<f64> {
///     let all = instruments.batteries();
///     all.iter().filter_map(|battery| battery.remaining_percent).min_by(f64::total_cmp)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Battery {
    /// Its number, from 0.
    pub id: u8,
    /// The MAVLink component that reports it: 1 is the autopilot.
    pub component: u8,
    /// Volts over all cells.
    pub voltage_v: Option<f64>,
    /// Amperes drawn; negative while charging.
    pub current_a: Option<f64>,
    /// Milliampere hours drawn since power-on.
    pub consumed_mah: Option<f64>,
    /// Joules drawn since power-on.
    pub consumed_j: Option<f64>,
    /// Percent left, 0 to 100.
    pub remaining_percent: Option<f64>,
    /// Seconds left at this load.
    pub remaining_s: Option<f64>,
    /// Degrees Celsius.
    pub temperature_c: Option<f64>,
    /// How it stands.
    pub charge_state: Option<ChargeState>,
    /// MAV_BATTERY_FAULT bits; 0 without a fault.
    pub faults: u32,
}

impl Read for Battery {
    const NAME: &'static str = "battery";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![BATTERY_STATUS]
    }
    fn rank(&self) -> u16 {
        u16::from_be_bytes([self.component, self.id])
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let (current_ca, consumed_mah, consumed_hj) = (p.i16(30), p.i32(0), p.i32(4));
        let (temperature_cdeg, percent, remaining_s) = (p.i16(8), p.i8(35), p.i32(36));
        // PX4 up to 1.17 multiplies its own -1 for "unknown" by 100, and integrates it.
        let px4_unknown = report.autopilot == Autopilot::Px4 && current_ca == -100;
        Some(Self {
            id: p.u8(32),
            component: report.component,
            voltage_v: voltage_v(report),
            current_a: (current_ca != -1 && !px4_unknown).then(|| f64::from(current_ca) * 0.01),
            consumed_mah: (consumed_mah >= 0).then(|| f64::from(consumed_mah)),
            consumed_j: (consumed_hj >= 0).then(|| f64::from(consumed_hj) * 100.0),
            remaining_percent: (0..=100).contains(&percent).then(|| f64::from(percent)),
            remaining_s: (remaining_s > 0).then(|| f64::from(remaining_s)),
            temperature_c: (temperature_cdeg != i16::MAX).then(|| f64::from(temperature_cdeg) * 0.01),
            charge_state: match p.u8(40) {
                1 => Some(ChargeState::Ok),
                2 => Some(ChargeState::Low),
                3 => Some(ChargeState::Critical),
                4 => Some(ChargeState::Emergency),
                5 => Some(ChargeState::Failed),
                6 => Some(ChargeState::Unhealthy),
                7 => Some(ChargeState::Charging),
                _ => None,
            },
            faults: p.u32(50),
        })
    }
}

/// The sum of the cells that are there; where the whole is known only, the first cell carries it, and above 65.534 V the next
/// ones carry on.
fn voltage_v(report: &Report<'_>) -> Option<f64> {
    let p = report.fields;
    let cells = (0..10).map(|n| p.u16(10 + 2 * n)).filter(|mv| *mv != u16::MAX);
    // The extension's cells 11 to 14 say by 0 that they are not there.
    let more = (0..4).map(|n| p.u16(41 + 2 * n)).filter(|mv| *mv != 0 && *mv != u16::MAX);
    let sum_mv: Option<u32> = cells.chain(more).map(u32::from).reduce(|sum, cell| sum + cell);
    sum_mv.map(|mv| f64::from(mv) * 1e-3)
}
