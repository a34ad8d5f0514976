//! MissionPlan -> `mission.rs`: one file of Rust that a person would be glad to review.
//!
//! [`offline`] writes it without a model, from the plan's *steps*: SDK calls and moves relative to where the vehicle is meant
//! to be. It never reads the itinerary from which the contract is derived, so that an error in one of the two shows in a flight.
//! The file uses `flightsmith_sdk` and `core` only; the crate around it is a hand-written template. Whether it compiles is for
//! `check` to say, and whether it flies as promised for `simulate`.
//!
//! Reading order: [`steps`] (one kind of step after the other), [`legs`] and [`nose`], [`figures`] ([`arcs`],
//! [`polygons`]), [`visits`], [`branches`], [`places`], then what they are built
//! from: [`known`], [`code`], [`repeated`], [`constants`], [`layout`], [`words`].
pub mod model;
mod steps;
mod legs;
mod nose;
mod figures;
mod arcs;
mod polygons;
mod visits;
mod branches;
mod places;
mod known;
mod code;
mod repeated;
mod constants;
mod layout;
mod words;
#[cfg(test)]
mod tests;

use code::Node;
use constants::Constants;
use flightsmith_mission::frame::{AboveHome, PositionNed};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::{Action, MissionPlan, PlanDraft, Step};
use flightsmith_mission::units::wrap_360;
use flightsmith_mission::vehicle::Vehicle;
use known::{Known, Policy};
use steps::{Flow, Writer};

/// Why no program can be written for a plan. The check of the plan refuses most of these before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// The first step that flies is not a takeoff.
    #[error("the plan does not begin with a takeoff")]
    NoTakeOff,
    /// A takeoff that is not the first step.
    #[error("the plan takes off a second time")]
    TakeOffInTheAir,
    /// The plan ends in the air.
    #[error("the plan does not end with a landing")]
    NoLanding,
    /// A landing inside a repeat.
    #[error("the plan lands inside a repeat")]
    EndsInARepeat,
    /// A step that cannot be done at each corner or place.
    #[error("only hold, photo and turn can be done at each corner or place")]
    NotAtEach,
    /// A standing rule that would end every flight at once.
    #[error("a standing rule watches for too little battery or too much wind, not for the opposite")]
    RuleNotWatched,
    /// Whether the nose points into a figure depends on the way to it.
    #[error("whether the nose points into the figure depends on a branch before it; say it again before the figure")]
    NoseDependsOnTheWay,
    /// The shortest order depends on where the vehicle comes from, and that depends on a branch or a round.
    #[error(
        "the shortest order depends on a branch or a round of a repeat before it; name the order, or begin at a fixed place"
    )]
    OrderDependsOnTheWay,
}

/// The source of `mission.rs` for `plan`, flown by `vehicle` from a place near `home` (which only decides about shortest orders).
/// It is laid out as rustfmt does by default, and the same plan gives the same bytes.
pub fn offline(plan: &MissionPlan, vehicle: &Vehicle, home: &Home) -> Result<String, GenerateError> {
    mission_source(plan.draft(), vehicle, home)
}

fn mission_source(plan: &PlanDraft, vehicle: &Vehicle, home: &Home) -> Result<String, GenerateError> {
    let (before, takeoff, after) = split_at_takeoff(&plan.steps)?;
    let Action::TakeOff { altitude_m } = takeoff.action else { return Err(GenerateError::NoTakeOff) };
    let mut writer = Writer { plan, vehicle, home, constants: Constants::default(), needs_entry_bearing: false };
    let altitude = writer.altitude(altitude_m);
    let mut known = Known {
        position: Some(PositionNed::HOME.at_altitude(AboveHome(altitude_m))),
        heading_deg: Some(wrap_360(home.heading_deg)),
        altitude: Some(altitude.clone()),
        speed: None,
        nose: Some(Policy::Keep),
    };
    let mut nodes = vec![
        Node::track("here", format!("PositionNed::at(North(0.0), East(0.0), {altitude})")),
        Node::track("heading", "vehicle.heading()"),
        Node::track("nose", "Nose::Keep"),
    ];
    writer.rules(&mut nodes)?;
    writer.first_speed(&before, &after, &mut known, &mut nodes);
    writer.steps(&before, &mut known, &mut nodes)?;
    if writer.steps(&after, &mut known, &mut nodes)? != Flow::Ends {
        return Err(GenerateError::NoLanding);
    }
    let mut nodes = code::without_dead(nodes);
    let functions = repeated::taken_out(&mut nodes);
    let mut nodes = code::declared(nodes, &[]);
    if let Some(note) = tracking_note(&nodes) {
        nodes.insert(0, Node::Comment(note.into()));
    }
    let mutable = if code::flies(&nodes) { "mut " } else { "" };
    let mut takeoff_comment = Vec::new();
    writer.comment(&takeoff, &mut None, &mut takeoff_comment);
    let take_off = format!("let {mutable}vehicle = vehicle.arm_and_take_off({altitude}).await?;\n\n");

    let unnamed: String = functions.iter().map(|function| function.lines(&str::to_owned)).collect();
    let names = writer.constants.names(&[take_off.as_str(), &code::lines(&nodes, 0, true), &unnamed].concat());
    let named = |text: &str| names.applied(text);
    let nodes = code::with_texts(&nodes, &named);
    let functions: String = functions.iter().map(|function| function.lines(&named)).collect();
    let body = [
        code::lines(&takeoff_comment, 4, false),
        format!("    {}", names.applied(&take_off)),
        code::lines(&nodes, 4, true),
    ];
    Ok(writer.file(&writer.constants.items(&names), &body.concat(), &functions))
}

impl Writer<'_> {
    /// The limit that holds until the first step that sets one.
    fn first_speed(&mut self, before: &[Step], after: &[Step], known: &mut Known, nodes: &mut Vec<Node>) {
        let first = before.iter().chain(after).find(|step| {
            !matches!(step.action, Action::Nose { .. } | Action::Photo | Action::Hold { .. } | Action::Turn { .. })
        });
        let (note, meaning, speed_m_s) = match (self.plan.speed_m_s, first.map(|step| &step.action)) {
            (_, Some(Action::Speed { .. } | Action::Land | Action::ReturnToLaunch)) => return,
            (Some(speed_m_s), _) => ("The speed limit of the whole flight.", "SPEED", speed_m_s),
            (None, _) => {
                let cruise_m_s = self.vehicle.cruise_speed_m_s;
                ("The words name no speed here, so it is the vehicle's cruise speed.", "CRUISE_SPEED", cruise_m_s)
            }
        };
        nodes.push(Node::Comment(note.into()));
        self.set_speed(meaning, speed_m_s, known, nodes);
    }

    /// Head, constants, the function and what it needs.
    fn file(&self, constants: &str, body: &str, functions: &str) -> String {
        let mut rest = format!(
            "/// Flies the mission from arming to disarming.\n\
             pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {{\n{body}}}\n{functions}"
        );
        if self.needs_entry_bearing {
            rest.push_str(ENTRY_BEARING);
        }
        let head = words::head(&self.plan.name, &self.plan.words);
        let tau = if constants.contains("TAU") || rest.contains("TAU") { "use core::f64::consts::TAU;\n" } else { "" };
        format!("{head}{tau}use flightsmith_sdk::prelude::*;\n\n{constants}\n{rest}")
    }
}

/// Where to enter a circle; only written where the middle may be below the vehicle.
const ENTRY_BEARING: &str = "
/// Bearing from `centre` to where a circle around it is entered: its nearest point, or north from the middle itself.
fn entry_bearing(centre: PositionNed, here: PositionNed) -> Degrees {
    const IN_THE_MIDDLE: Metres = Metres(0.5);
    if centre.horizontal_distance_m(&here) < IN_THE_MIDDLE.0 {
        Degrees(0.0)
    } else {
        centre.bearing_to(here)
    }
}
";

/// What the variables are for that are set first.
fn tracking_note(nodes: &[Node]) -> Option<&'static str> {
    let set = |node: &Node| match node {
        Node::Set { var, .. } => Some(*var),
        _ => None,
    };
    let tracked: Vec<&str> = nodes.iter().map_while(set).collect();
    Some(match (tracked.contains(&"here"), tracked.contains(&"heading")) {
        (true, true) => {
            "Where the vehicle is meant to be and to point: legs start from there, so errors do not add up."
        }
        (true, false) => "Where the vehicle is meant to be: legs start from there, so errors do not add up.",
        (false, true) => "Where the nose points, by which the words give directions.",
        (false, false) if tracked.is_empty() => return None,
        (false, false) => "What later steps need to know.",
    })
}

/// The steps before the takeoff, the takeoff, and those behind it; a repeat of one is only its steps.
fn split_at_takeoff(steps: &[Step]) -> Result<(Vec<Step>, Step, Vec<Step>), GenerateError> {
    let mut after: Vec<Step> = steps.to_vec();
    while let Some(index) = after.iter().position(|step| matches!(step.action, Action::Repeat { times: 1, .. })) {
        if let Action::Repeat { steps, .. } = after.remove(index).action {
            after.splice(index..index, steps);
        }
    }
    let index = after.iter().position(|step| matches!(step.action, Action::TakeOff { .. }));
    let rest = after.split_off(index.ok_or(GenerateError::NoTakeOff)?);
    let before = std::mem::replace(&mut after, rest);
    if before.iter().any(|step| !matches!(step.action, Action::Speed { .. } | Action::Nose { .. })) {
        return Err(GenerateError::NoTakeOff);
    }
    let takeoff = after.remove(0);
    Ok((before, takeoff, after))
}
