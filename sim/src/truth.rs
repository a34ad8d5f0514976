//! What really happened, for the judge alone: none of it travels over MAVLink.
use flightsmith_mission::frame::{PositionNed, VelocityNed};
use flightsmith_mission::vehicle::Payload;

/// The true state at one tick. Positions are relative to where the vehicle stood when it was switched on (the simulated home).
#[derive(Debug, Clone, PartialEq)]
pub struct TruthSample {
    /// Vehicle time in seconds since boot.
    pub time_s: f64,
    /// True position from home, metres NED.
    pub position: PositionNed,
    /// True velocity over ground, m/s NED.
    pub velocity: VelocityNed,
    /// True roll, radians.
    pub roll_rad: f64,
    /// True pitch, radians.
    pub pitch_rad: f64,
    /// True heading of the nose, degrees, `0 <= h < 360`.
    pub heading_deg: f64,
    /// Body rates, rad/s, FRD.
    pub rates_rad_s: [f64; 3],
    /// Motors may turn.
    pub armed: bool,
    /// On the ground (truth, not the autopilot's belief).
    pub on_ground: bool,
    /// The autopilot's mode by its own name, for example `GUIDED` or `AUTO.LOITER`.
    pub mode: &'static str,
    /// True battery charge left, percent.
    pub battery_percent: f64,
    /// Thrust of each motor as a share of its maximum.
    pub motors: [f64; 4],
    /// Wind at the vehicle, m/s NED, direction that it blows *to*.
    pub wind_m_s: [f64; 3],
    /// Vertical speed at the last touch of the ground, m/s, positive down; 0 before the first.
    pub touchdown_m_s: f64,
}

impl TruthSample {
    /// Tilt of the thrust axis from the vertical, degrees.
    pub fn tilt_deg(&self) -> f64 {
        libm::acos((libm::cos(self.roll_rad) * libm::cos(self.pitch_rad)).clamp(-1.0, 1.0)).to_degrees()
    }
}

/// Who sent a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender {
    /// MAVLink system id.
    pub system: u8,
    /// MAVLink component id.
    pub component: u8,
}

/// Something that happened within a tick.
#[derive(Debug, Clone, PartialEq)]
pub enum TruthEvent {
    /// Motors armed.
    Armed,
    /// Motors stopped.
    Disarmed,
    /// Mode changed, by whom (`None`: the autopilot itself, a failsafe).
    Mode {
        /// New mode.
        mode: &'static str,
        /// Who asked.
        by: Option<Sender>,
    },
    /// The camera took a picture, at this true position.
    Photo {
        /// Where.
        position: PositionNed,
    },
    /// A payload was let go, at this true position.
    Released {
        /// Which.
        payload: Payload,
        /// Where.
        position: PositionNed,
    },
    /// A position, velocity or attitude set-point arrived (obeyed or not).
    SetPoint {
        /// From whom.
        by: Sender,
    },
    /// A command arrived and was answered with this MAV_RESULT (`None`: not answered).
    Command {
        /// From whom.
        by: Sender,
        /// MAV_CMD.
        command: u16,
        /// MAV_RESULT.
        result: Option<u8>,
    },
    /// A parameter was changed.
    ParameterSet {
        /// From whom.
        by: Sender,
        /// Its name.
        name: String,
        /// Its new value.
        value: f64,
    },
    /// The ground was hit at this vertical speed, m/s.
    Touchdown {
        /// Downward speed, m/s.
        speed_m_s: f64,
    },
}
