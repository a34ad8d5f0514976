//! Which kinds of items a query leans to: "message 76" means MAVLink, a compiler's message means explanations and mistakes.
use crate::item::Kind;

/// Words that speak for kinds, and how much: what a find of these kinds counts where one of the words is in the query.
const SPEAKS: [(&str, &[Kind], f32); 8] = [
    ("message msg mavlink command cmd mav enum field fields bitmask packet", &MAVLINK, 1.6),
    ("parameter param params px4 ardupilot arducopter copter failsafe threshold", &[Kind::Parameter, Kind::Mode], 1.4),
    ("mode modes", &[Kind::Mode], 1.6),
    ("violation violated verdict judge clause", &[Kind::Lint], 1.8),
    ("wrong missed missing exceeded late early outside twice too crossed ran", &[Kind::Lint, Kind::Failure], FAULT),
    ("allowed forbidden refused rejected policy", &[Kind::Lint, Kind::Failure], FAULT),
    (
        "vec vector string struct trait closure iterator enum hashmap slice tuple lifetime async thread",
        &[Kind::RustTask],
        1.3,
    ),
    ("error warning panicked expected mismatched", &[Kind::CompilerError, Kind::Mistake, Kind::Failure], 1.3),
];

const MAVLINK: [Kind; 3] = [Kind::MavlinkMessage, Kind::MavlinkCommand, Kind::MavlinkEnum];

/// What a find counts for a query by its kind and by where it is from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Leaning {
    is_on: bool,
    said: Vec<(&'static [Kind], f32)>,
}

impl Leaning {
    /// To what `query` leans; a default one leans to nothing.
    pub fn of(query: &str) -> Self {
        let mut said = Vec::new();
        let lower = query.to_lowercase();
        let has = |word: &str| lower.split(|c: char| !c.is_alphanumeric()).any(|said| said == word);
        for (words, kinds, factor) in SPEAKS {
            if words.split(' ').any(has) {
                said.push((kinds, factor));
            }
        }
        if query.split(|c: char| !c.is_alphanumeric() && c != '_').any(is_shouted) {
            said.push((&MAVLINK, 1.3));
            said.push((&[Kind::Parameter], 1.3));
        }
        if is_foreign_code(query) {
            said.push((&[Kind::Mistake], FOREIGN));
        }
        Self { is_on: true, said }
    }

    /// What a find counts that a ranking's own measure is multiplied by.
    pub fn factor(&self, kind: Kind, id: &str) -> f32 {
        self.of_kind(kind) * self.of_place(id)
    }

    pub(crate) fn of_kind(&self, kind: Kind) -> f32 {
        let leaning = self.said.iter().filter(|(kinds, _)| kinds.contains(&kind)).map(|(_, factor)| factor);
        if self.is_on { standing(kind) * leaning.product::<f32>() } else { 1.0 }
    }

    pub(crate) fn of_place(&self, id: &str) -> f32 {
        let place = PLACES.iter().find(|(prefix, _)| self.is_on && id.starts_with(prefix));
        place.map_or(1.0, |(_, factor)| *factor)
    }
}

/// What a find of a kind counts when nothing speaks for or against it: what people write comes before what machines say.
fn standing(kind: Kind) -> f32 {
    match kind {
        Kind::MavlinkMessage | Kind::MavlinkCommand => 0.7,
        Kind::MavlinkEnum => 0.6,
        Kind::CompilerError => 0.8,
        Kind::Module => 0.8,
        Kind::Mistake => 0.9,
        _ => 1.0,
    }
}

/// What is asked for more often, and less: calls that a mission may make, and the inside of planner, links and wire.
const PLACES: [(&str, f32); 9] = [
    ("rust:flightsmith_sdk::vehicle::", 1.25),
    ("rust:flightsmith_sdk::wire::", 0.6),
    ("rust:flightsmith_sdk::network::", 0.8),
    ("rust:flightsmith_sdk::connection::", 0.8),
    ("rust:flightsmith_mission::check", 0.6),
    ("rust:flightsmith_mission::contract", 0.6),
    ("rust:flightsmith_mission::estimate", 0.6),
    ("rust:flightsmith_mission::itinerary", 0.6),
    ("rust:flightsmith_mission::plan", 0.7),
];

/// What rules and ends of flights count where the query says that something went wrong, or may not be.
const FAULT: f32 = 1.2;
/// What a mistake counts for a piece of code: what it answers best is who writes another SDK's calls.
const FOREIGN: f32 = 1.25;

/// Whether the query is a piece of code, or names an SDK that is not ours.
fn is_foreign_code(query: &str) -> bool {
    let names = ["mavsdk", "dronekit", "pymavlink", "mavros", "airsim", "tello", "python"];
    let lower = query.to_lowercase();
    let calls = query.as_bytes().windows(2).any(|pair| pair[0].is_ascii_alphanumeric() && pair[1] == b'(');
    let assigns = query.contains(" = ");
    let is_one_line = query.lines().count() < 2;
    is_one_line && (calls || assigns) || lower.split(|c: char| !c.is_alphanumeric()).any(|word| names.contains(&word))
}

/// Whether a word is written as MAVLink and the autopilots write their names: `RTL_ALT`.
fn is_shouted(word: &str) -> bool {
    word.contains('_') && word.len() > 4 && word.bytes().all(|byte| !byte.is_ascii_lowercase())
}
