//! What the judge is fed with at every tick: the simulator's true state, what the vehicle reported, and what happened.
use super::reported::Reported;
use flightsmith_mission::frame::{PositionNed, VelocityNed};
use flightsmith_mission::vehicle::Payload;

/// The true state at one tick of 20 ms. None of it comes from MAVLink but `reported`.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'e> {
    /// Vehicle time, s.
    pub time_s: f64,
    /// True position, metres NED from home.
    pub position: PositionNed,
    /// True velocity over ground, m/s NED.
    pub velocity: VelocityNed,
    /// True heading of the nose, degrees.
    pub heading_deg: f64,
    /// Motors may turn.
    pub armed: bool,
    /// On the ground.
    pub on_ground: bool,
    /// Who flies.
    pub control: Control,
    /// True battery left, percent.
    pub battery_percent: f64,
    /// What the vehicle told over MAVLink, which is all that a mission can decide by.
    pub reported: Reported,
    /// What happened within this tick.
    pub events: &'e [Event],
}

/// Who flies, by the autopilot's mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// The mission's set-points, or a takeoff or hold on its command.
    Mission,
    /// The autopilot returns and lands.
    Return,
    /// The autopilot lands.
    Land,
}

impl Control {
    /// From the mode's own name, for example `GUIDED`, `RTL` or `AUTO.LAND`.
    pub fn of_mode(mode: &str) -> Self {
        if mode.ends_with("RTL") {
            Control::Return
        } else if mode.ends_with("LAND") {
            Control::Land
        } else {
            Control::Mission
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The camera took a picture.
    Photo,
    /// A payload was let go.
    Released(Payload),
    /// A person changed the mode.
    PilotTookOver,
    /// The mission sent a set-point or command.
    MissionCommanded,
    /// The mission did not answer a tick within its share of CPU time.
    Stalled {
        /// What it used, ms.
        used_ms: f64,
        /// What it may use, ms.
        limit_ms: f64,
    },
    /// The mission's process ended or stopped answering before the flight was over.
    MissionLost,
}
