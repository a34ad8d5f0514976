//! The plan: what is to be flown, in typed steps. A [`PlanDraft`] may say anything; only `PlanDraft::check` (in
//! [`crate::check`]) makes a [`MissionPlan`].
//!
//! The JSON of a draft is the format of `--plan FILE` and of `20-plan.json`:
//! ```
//! let draft: flightsmith_mission::plan::PlanDraft = serde_json::from_str(r#"{
//!     "name": "hop", "words": "take off to 5 m and land",
//!     "steps": [ { "do": { "take_off": { "altitude_m": 5 } } }, { "do": "land" } ]
//! }"#)?;
//! assert_eq!(draft.steps.len(), 2);
//! # Ok::<(), serde_json::Error>(())
//! ```
use crate::check::Notice;
use crate::frame::{Altitude, PositionNed};
use crate::vehicle::Payload;
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// A plan as somebody wrote it; nothing in it has been checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanDraft {
    /// Short name in kebab-case; becomes part of the crate's name.
    pub name: String,
    /// The words that asked for it.
    #[serde(default)]
    pub words: String,
    /// Ground speed limit in m/s for the whole flight; the vehicle's cruise speed where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_m_s: Option<f64>,
    /// Areas that must not be entered, at any height.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep_outs: Vec<KeepOut>,
    /// Standing rules: ends that apply at any moment of the flight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// What to do, in order.
    pub steps: Vec<Step>,
}

/// A plan that has been checked against envelope, vehicle and home: see [`crate::check`].
/// Its JSON is that of the draft, so that it can be given as `--plan FILE` again.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct MissionPlan {
    pub(crate) draft: PlanDraft,
    #[serde(skip)]
    pub(crate) notices: Vec<Notice>,
}

impl MissionPlan {
    /// The plan's content.
    pub fn draft(&self) -> &PlanDraft {
        &self.draft
    }
    /// What the check changed, and what happens in an emergency: readback and report say it.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }
}

impl core::ops::Deref for MissionPlan {
    type Target = PlanDraft;
    fn deref(&self) -> &PlanDraft {
        &self.draft
    }
}

/// One step and the words that asked for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The clause that it serves, quoted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// What to do.
    #[serde(rename = "do")]
    pub action: Action,
}

/// What a step does. Heights are metres above home unless they say otherwise; bearings are true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Arm and climb straight up to this height above home. The first step, and only there.
    TakeOff {
        /// Metres above home.
        altitude_m: f64,
    },
    /// Fly straight to a place.
    GoTo {
        /// Where to.
        place: Place,
        /// At which height to arrive; the present one where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        altitude: Option<Altitude>,
        /// The words demand the straight line: a keep-out in the way refuses the plan instead of being led around.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        straight: bool,
        /// Points of the way around a keep-out, put in by the check.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        via: Vec<PositionNed>,
    },
    /// Fly straight by a displacement from where it is.
    Move {
        /// How far, in which frame.
        by: Displacement,
        /// As in `go_to`.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        straight: bool,
        /// As in `go_to`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        via: Vec<PositionNed>,
    },
    /// Climb or descend on the spot.
    Altitude {
        /// To which height, or by how much.
        to: AltitudeChange,
    },
    /// Stay on the spot, for this long.
    Hold {
        /// Seconds of vehicle time.
        seconds: f64,
    },
    /// Ground speed limit from here on.
    Speed {
        /// Metres a second.
        speed_m_s: f64,
    },
    /// Where the nose points while flying, from here on.
    Nose {
        /// The policy.
        nose: Nose,
    },
    /// Turn on the spot.
    Turn {
        /// To where.
        to: TurnTo,
    },
    /// Circle around a place. Enters at the nearest point of the circle (north of the centre when it is in the centre), ends there or where the time is up.
    Orbit {
        /// The centre.
        centre: Place,
        /// Radius in metres.
        radius_m: f64,
        /// For how long.
        amount: OrbitAmount,
        /// Seen from above.
        turn: Rotation,
        /// Height gained over the whole orbit in metres (a helix); negative descends.
        #[serde(default, skip_serializing_if = "is_zero")]
        climb_m: f64,
    },
    /// Fly a figure from where it is.
    Pattern {
        /// The figure.
        shape: Shape,
        /// Direction of the first leg.
        first_leg: Direction,
        /// Which way it bends.
        turn: Rotation,
        /// Lay the figure around this place (its middle there); where absent the present place is its first corner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        centre: Option<Place>,
        /// Done at each corner (only `hold`, `photo`, `turn`), the last one included, the first one when it is come back to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        at_each: Vec<Step>,
    },
    /// Visit places.
    Visit {
        /// The places.
        places: Vec<Waypoint>,
        /// In the given order, or in the one whose whole way from here is shortest.
        order: VisitOrder,
        /// Done at each place (only `hold`, `photo`, `turn`).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        at_each: Vec<Step>,
    },
    /// Take one photo.
    Photo,
    /// Release a payload.
    Release {
        /// Which.
        payload: Payload,
    },
    /// Do steps several times.
    Repeat {
        /// How often, at least once.
        times: u32,
        /// What.
        steps: Vec<Step>,
    },
    /// Do one thing or the other, decided when it gets here.
    When {
        /// The question.
        condition: Condition,
        /// If it holds.
        then: Vec<Step>,
        /// If not.
        #[serde(default)]
        otherwise: Vec<Step>,
    },
    /// Fly to above home at the present height (a leg like any other).
    ReturnHome {
        /// As in `go_to`.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        straight: bool,
        /// As in `go_to`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        via: Vec<PositionNed>,
    },
    /// The autopilot's own RTL: climb to its return height, fly home, land. Ends the flight.
    ReturnToLaunch,
    /// Land here. Ends the flight.
    Land,
    /// Fly to a place at the present height and land there. Ends the flight.
    LandAt {
        /// Where.
        place: Place,
        /// As in `go_to`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        via: Vec<PositionNed>,
    },
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// A place on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Place {
    /// Above home.
    Home,
    /// Where the vehicle is when the step begins.
    Here,
    /// Metres from home.
    FromHome {
        /// Towards north.
        north_m: f64,
        /// Towards east.
        east_m: f64,
    },
    /// Metres from where the vehicle is when the step begins.
    FromHere {
        /// How far, in which frame (its height counts for nothing).
        by: Displacement,
    },
    /// WGS84.
    Global {
        /// Degrees, -90 to 90.
        lat_deg: f64,
        /// Degrees, -180 to 180.
        lon_deg: f64,
    },
}

/// A place and the height to pass it at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Waypoint {
    /// Where.
    pub place: Place,
    /// Height; the present one where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altitude: Option<Altitude>,
}

/// A displacement and its frame.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Displacement {
    /// Along the world's axes.
    World {
        /// Metres towards north.
        #[serde(default)]
        north_m: f64,
        /// Metres towards east.
        #[serde(default)]
        east_m: f64,
        /// Metres upwards.
        #[serde(default)]
        up_m: f64,
    },
    /// By the nose as it points when the step begins, level with the ground.
    Body {
        /// Metres ahead.
        #[serde(default)]
        forward_m: f64,
        /// Metres to the right.
        #[serde(default)]
        right_m: f64,
        /// Metres upwards.
        #[serde(default)]
        up_m: f64,
    },
}

/// To or by a height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AltitudeChange {
    /// To metres above home.
    AboveHome(f64),
    /// To metres above mean sea level.
    Amsl(f64),
    /// By metres, up positive.
    By(f64),
}

/// Where the nose points while flying.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Nose {
    /// It keeps the heading that it has; the default.
    Keep,
    /// Along the path.
    AlongPath,
    /// Against the path: flying backwards.
    AgainstPath,
    /// A fixed true heading.
    Heading {
        /// Degrees, clockwise from north.
        heading_deg: f64,
    },
    /// At a place.
    At {
        /// Which.
        place: Place,
    },
    /// Into the middle of each orbit or figure.
    IntoPattern,
}

/// Where a turn on the spot ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TurnTo {
    /// At a true heading, the shorter way.
    Heading {
        /// Degrees, clockwise from north.
        heading_deg: f64,
    },
    /// By an angle, clockwise positive, as many turns as it says (at most two).
    By {
        /// Degrees, -720 to 720.
        angle_deg: f64,
    },
    /// Facing a place.
    Place {
        /// Which.
        place: Place,
    },
}

/// How much to orbit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrbitAmount {
    /// Laps, also parts of one.
    Laps(f64),
    /// Seconds on the circle.
    Seconds(f64),
}

/// A sense of rotation, seen from above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// To the right.
    Clockwise,
    /// To the left.
    Counterclockwise,
}

impl Rotation {
    /// 1 for clockwise, -1 for counterclockwise: the sign of a bearing's change.
    pub fn sign(self) -> f64 {
        match self {
            Rotation::Clockwise => 1.0,
            Rotation::Counterclockwise => -1.0,
        }
    }
}

/// A horizontal direction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// True bearing in degrees.
    Bearing(f64),
    /// Degrees clockwise from the nose as it points when the step begins.
    FromNose(f64),
}

/// Figures. Sizes in metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shape {
    /// Four equal sides, ends where it began.
    Square {
        /// Side.
        side_m: f64,
    },
    /// First leg `length_m`, second `width_m`, ends where it began.
    Rectangle {
        /// First and third side.
        length_m: f64,
        /// Second and fourth side.
        width_m: f64,
    },
    /// A regular polygon of `sides` corners (3 to 24), ends where it began.
    Polygon {
        /// Corners.
        sides: u32,
        /// Side.
        side_m: f64,
    },
    /// Two circles that touch where it is: the first bends by `turn`, the second the other way; ends where it began.
    FigureEight {
        /// Radius of each circle.
        radius_m: f64,
        /// How often the whole figure.
        laps: u32,
    },
    /// From the radius `start_radius_m` to `end_radius_m` around the middle, which is the present place unless `centre` says otherwise.
    Spiral {
        /// Radius at its beginning, 0 begins in the middle.
        start_radius_m: f64,
        /// Radius at its end.
        end_radius_m: f64,
        /// Turns, also parts of one.
        turns: f64,
        /// Height gained, negative descends.
        #[serde(default, skip_serializing_if = "is_zero")]
        climb_m: f64,
    },
    /// Legs of 1, 1, 2, 2, 3, 3 .. spacings, from the middle outwards (search pattern SS).
    ExpandingSquare {
        /// Spacing of the tracks.
        spacing_m: f64,
        /// Number of legs.
        legs: u32,
    },
    /// Parallel tracks: `length_m` along the first leg, as many tracks `spacing_m` apart as cover `width_m` to the side that `turn` says.
    Lawnmower {
        /// Length of each track.
        length_m: f64,
        /// Width to cover.
        width_m: f64,
        /// Distance between tracks.
        spacing_m: f64,
    },
}

/// Order of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum VisitOrder {
    /// As listed.
    Given,
    /// The shortest way from where it is through all.
    Shortest,
}

/// A question that telemetry answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Battery left below this share in percent.
    BatteryBelow(f64),
    /// Battery left above this share in percent.
    BatteryAbove(f64),
    /// Wind stronger than this, m/s.
    WindAbove(f64),
    /// Wind weaker than this, m/s.
    WindBelow(f64),
}

/// A standing rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The clause that it serves, quoted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// When it applies.
    pub when: Condition,
    /// What ends the flight then.
    pub then: SafeEnd,
}

/// How a standing rule ends the flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SafeEnd {
    /// The autopilot's RTL.
    ReturnToLaunch,
    /// Land on the spot.
    Land,
}

/// An area that must not be entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeepOut {
    /// The clause that asked for it, quoted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Its outline.
    pub area: Area,
}

/// An outline on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Area {
    /// A circle around a place (`home`, `from_home` or `global`).
    Circle {
        /// Centre.
        centre: Place,
        /// Radius in metres.
        radius_m: f64,
    },
    /// A polygon of places (`from_home` or `global`), at least three, not crossing itself.
    Polygon {
        /// Corners in order.
        corners: Vec<Place>,
    },
}
