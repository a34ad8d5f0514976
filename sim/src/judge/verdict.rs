//! What the judge says: a verdict a flight, with a margin for each clause and the evidence for each violation.
use flightsmith_mission::frame::PositionNed;
use flightsmith_mission::vehicle::Autopilot;
use serde::{Deserialize, Serialize};

/// The judgement of one flight: `verdict.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Seed of the flight.
    pub seed: u64,
    /// The conditions it was flown in.
    pub scenario: serde_json::Value,
    /// What flew it: `embedded`, or the link of a SITL.
    pub backend: String,
    /// Which autopilot.
    pub autopilot: Autopilot,
    /// Whether every clause held.
    pub passed: bool,
    /// From arming until disarmed, or until the flight was given up, s.
    pub duration_s: f64,
    /// Every clause of the contract.
    pub clauses: Vec<Clause>,
    /// What was broken, in the order of time.
    pub violations: Vec<Violation>,
}

/// One clause and by how much it held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// Step and kind, for example `2.reach`, `2/3.way` (the third leg of step 2), or `fence`.
    pub id: String,
    /// The step; empty for what holds throughout.
    pub step: String,
    /// The words that asked for it.
    pub words: String,
    /// The clause and what was measured, in plain words.
    pub says: String,
    /// By how much it held in `unit`; negative where broken; none where it was never put to the test.
    pub margin: Option<f64>,
    /// Unit of the margin.
    pub unit: String,
    /// Whether it held.
    pub held: bool,
    /// When the margin was least, s.
    pub at_s: Option<f64>,
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// Id of the clause.
    pub id: String,
    /// What happened, in plain words with values.
    pub says: String,
    /// When, s of vehicle time.
    pub at_s: f64,
    /// What was measured.
    pub measured: f64,
    /// What was allowed.
    pub limit: f64,
    /// Unit of both.
    pub unit: String,
    /// Where the vehicle truly was.
    pub position: PositionNed,
}

/// A point of the flown track, five a second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrackPoint {
    /// Vehicle time, s.
    pub t_s: f64,
    /// Metres north of home.
    pub north_m: f64,
    /// Metres east of home.
    pub east_m: f64,
    /// Metres above home.
    pub altitude_m: f64,
    /// Speed over ground, m/s.
    pub ground_speed_m_s: f64,
    /// Heading of the nose, degrees.
    pub heading_deg: f64,
}

/// A violation as the repair prompt tells it: what, when, where, measured, limit, and what usually is the cause.
pub fn explain(violation: &Violation) -> String {
    let Violation { id, says, at_s, measured, limit, unit, position } = violation;
    let kind = id.rsplit('.').next().unwrap_or(id);
    let cause = match kind {
        "reach" => {
            "the flight went on before it was there: await each movement, and check the order and the target of the call"
        }
        "way" => {
            "it did not fly straight from the place before to the place of this step: check the target's coordinates, signs and frame, the order of the calls, and that no corner is left out"
        }
        "height" => {
            "check the height of the target: metres above home, up positive in Altitude, down positive in PositionNed"
        }
        "speed" => "set the speed limit with set_speed before the movement that it is for",
        "nose" => "set the nose with set_nose before the movement that it is for, or turn first",
        "arc" => "check centre, radius, start bearing, sweep (positive is clockwise, 360 a lap) and climb of the arc",
        "hold" => "hold for the whole time, after the movement has been awaited",
        "turn" => "check the angle and its sign: clockwise is positive",
        "photo" => "take exactly the photos that the plan asks for, after the movement or turn before has been awaited",
        "release" => "release exactly what the plan asks for, once, after the movement before has been awaited",
        "landing" => "check where it lands, and that the way there has been awaited",
        "return" => "use return_to_launch where the plan says so",
        "branch" => "check the comparison (below, above) and its value, and which steps belong to which branch",
        "rule" => "set the standing rule before takeoff with its value and end",
        "order" => "do every step, once, in the order of the plan",
        "time" => "something waits without an end, or repeats too often",
        "fence" | "ceiling" | "ground_speed" | "climb" | "descent" | "battery_reserve" => {
            "the limits of the safety envelope hold throughout the flight"
        }
        "pilot_authority" => "after the pilot has taken over nothing may be sent",
        "responsive" => "the mission computes too long or waits outside the SDK's calls",
        "ends_on_ground" => "the flight must end with a landing that is awaited",
        _ if kind.starts_with("keep_out") => "lead the way around the keep-out by the points that the plan gives",
        _ => "compare the program with the plan step by step",
    };
    format!(
        "[{id}] {says}. Measured {measured:.2} {unit}, limit {limit:.2} {unit}, at {at_s:.2} s, {:.1} m north, {:.1} m east, {:.1} m up of home. Likely: {cause}.",
        position.north_m,
        position.east_m,
        position.altitude_m()
    )
}

/// The least margin so far and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Least {
    pub margin: f64,
    pub at_s: f64,
}

impl Least {
    /// Not yet put to the test.
    pub const NONE: Least = Least { margin: f64::INFINITY, at_s: 0.0 };

    pub fn note(&mut self, margin: f64, at_s: f64) {
        if margin < self.margin {
            *self = Least { margin, at_s };
        }
    }
    pub fn known(&self) -> Option<f64> {
        self.margin.is_finite().then_some(self.margin)
    }
    pub fn time(&self) -> Option<f64> {
        self.margin.is_finite().then_some(self.at_s)
    }
}
