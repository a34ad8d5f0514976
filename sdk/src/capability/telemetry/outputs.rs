//! What goes in and out beside flying: RC, servos, actuators, clocks, the head-up figures.
use super::quantity::known;
use super::quantity::read::{MessageName, Read, Report, messages};
use flightsmith_mission::vehicle::Autopilot;

/// What the pilot's receiver hears (RC_CHANNELS).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn switch_is_up(instruments: &Instruments) -> bool {
///     instruments.rc().is_some_and(|rc| rc.pulse_us[6].is_some_and(|pulse_us| pulse_us > 1700))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RcChannels {
    /// How many channels the receiver has; 0 without one.
    pub count: u8,
    /// Pulses in microseconds, channel 1 first; `None` where there is no such channel.
    pub pulse_us: [Option<u16>; 18],
    /// Signal strength, 0 to 254 in the receiver's own scale.
    pub rssi: Option<u8>,
}

impl Read for RcChannels {
    const NAME: &'static str = "RC";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![RC_CHANNELS]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let (count, rssi) = (p.u8(40), p.u8(41));
        let pulse = |n: usize| Some(p.u16(4 + 2 * n)).filter(|us| *us != u16::MAX && *us != 0);
        let pulse_us = core::array::from_fn(|n| pulse(n).filter(|_| n < usize::from(count)));
        Some(Self { count, pulse_us, rssi: (rssi != u8::MAX).then_some(rssi) })
    }
}

/// Pulses to motors and servos (SERVO_OUTPUT_RAW).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn first_motor_us(instruments: &Instruments) -> Option<u16> {
///     instruments.servo_outputs()?.pulse_us[0]
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServoOutputs {
    /// Which group of outputs: 0 the main ones, 1 the auxiliary ones.
    pub port: u8,
    /// Pulses in microseconds, output 1 first; `None` where there is none.
    pub pulse_us: [Option<u16>; 16],
}

impl Read for ServoOutputs {
    const NAME: &'static str = "servo outputs";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![SERVO_OUTPUT_RAW]
    }
    fn rank(&self) -> u16 {
        self.port.into()
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        // The extension's outputs 9 to 16 come behind the one-byte port.
        let at = |n: usize| 4 + 2 * n + usize::from(n >= 8);
        let pulse_us = core::array::from_fn(|n| Some(p.u16(at(n))).filter(|us| *us != u16::MAX && *us != 0));
        Some(Self { port: p.u8(20), pulse_us })
    }
}

/// Values of actuators as their driver takes them (ACTUATOR_OUTPUT_STATUS, PX4): microseconds for PWM, -1 to 1 where normalized.
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn count(instruments: &Instruments) -> usize {
///     instruments.actuator_outputs().map_or(0, |outputs| outputs.values.iter().flatten().count())
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActuatorOutputs {
    /// Value of each; `None` where it is not active.
    pub values: [Option<f32>; 32],
}

impl Read for ActuatorOutputs {
    const NAME: &'static str = "actuator outputs";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![ACTUATOR_OUTPUT_STATUS]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        let active = p.u32(8);
        let value = |n: usize| Some(p.f32(12 + 4 * n)).filter(|value| value.is_finite());
        // By its description a bit for each output; PX4 fills in how many there are.
        let there = |n: usize| match report.autopilot {
            Autopilot::Px4 => n < active as usize,
            Autopilot::ArduPilot => active & (1 << n) != 0,
        };
        Some(Self { values: core::array::from_fn(|n| value(n).filter(|_| there(n))) })
    }
}

/// The vehicle's clocks (SYSTEM_TIME).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn has_utc(instruments: &Instruments) -> bool {
///     instruments.system_time().is_some_and(|time| time.unix_us.is_some())
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemTime {
    /// Microseconds since 1970 UTC, once the vehicle knows (from its GPS).
    pub unix_us: Option<u64>,
    /// Milliseconds since it started.
    pub since_boot_ms: u32,
}

impl Read for SystemTime {
    const NAME: &'static str = "system time";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![SYSTEM_TIME]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        /// Autopilots without a fix count from 1970 or 1980: before 2010 the clock was never set.
        const EARLIEST_US: u64 = 1_262_304_000_000_000;
        let unix_us = report.fields.u64(0);
        Some(Self { unix_us: (unix_us >= EARLIEST_US).then_some(unix_us), since_boot_ms: report.fields.u32(8) })
    }
}

/// The figures of a head-up display (VFR_HUD).
///
/// ```
/// use flightsmith_sdk::capability::telemetry::Instruments;
/// fn climb_m_s(instruments: &Instruments) -> Option<f64> {
///     instruments.hud()?.climb_m_s
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hud {
    /// Speed through the air in m/s.
    pub air_speed_m_s: Option<f64>,
    /// Speed over ground in m/s.
    pub ground_speed_m_s: Option<f64>,
    /// Metres above mean sea level.
    pub altitude_amsl_m: Option<f64>,
    /// Climb in m/s, positive up.
    pub climb_m_s: Option<f64>,
    /// Heading of the nose in whole degrees.
    pub heading_deg: f64,
    /// Throttle in percent.
    pub throttle_percent: f64,
}

impl Read for Hud {
    const NAME: &'static str = "head-up figures";
    fn messages(_: Autopilot) -> &'static [MessageName] {
        messages![VFR_HUD]
    }
    fn read(report: &Report<'_>) -> Option<Self> {
        let p = report.fields;
        Some(Self {
            air_speed_m_s: known(p.f32(0)),
            ground_speed_m_s: known(p.f32(4)),
            altitude_amsl_m: known(p.f32(8)),
            climb_m_s: known(p.f32(12)),
            heading_deg: f64::from(p.i16(16)),
            throttle_percent: f64::from(p.u16(18)),
        })
    }
}
