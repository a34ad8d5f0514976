//! What the check says: faults, which refuse a plan, and notices, which come with it.
use crate::itinerary::ItineraryError;
use alloc::{format, string::String, string::ToString, vec::Vec};
use serde::{Deserialize, Serialize};

/// What kind of fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Not a name that a crate can have.
    Name,
    /// A value out of its range, or not a number.
    Value,
    /// The order of steps: takeoff first, landing last, nothing after it.
    Order,
    /// A repeat, visit or plan too long.
    TooLong,
    /// A keep-out's outline is no area.
    Outline,
    /// A place that no flight reaches: coordinates far away or swapped.
    Place,
    /// Farther from home than the fence.
    Fence,
    /// Higher than the ceiling.
    Ceiling,
    /// Too close to the ground.
    TooLow,
    /// Enters or touches a keep-out.
    KeepOut,
    /// Faster than the envelope.
    Speed,
    /// More battery than there is.
    Energy,
    /// The vehicle does not carry it.
    Payload,
    /// The vehicle does not report it.
    Report,
    /// The autopilot's own return would leave the envelope.
    FailsafeReturn,
    /// The limits or the vehicle file make no sense.
    Limits,
}

/// One reason why a plan is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanFault {
    /// The step, counted from 1 with nested steps behind dots; empty where the whole plan is meant.
    pub step: String,
    /// The words of that step, quoted.
    pub words: String,
    /// Its kind.
    pub kind: FaultKind,
    /// What is wrong, with value and limit.
    pub says: String,
    /// The value found.
    pub value: Option<f64>,
    /// The limit it breaks.
    pub limit: Option<f64>,
    /// Unit of both.
    pub unit: String,
    /// What to change.
    pub hint: String,
}

impl core::fmt::Display for PlanFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if !self.step.is_empty() {
            write!(f, "step {}", self.step)?;
            if !self.words.is_empty() {
                write!(f, " (\"{}\")", self.words)?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}; {}", self.says, self.hint)
    }
}

impl core::error::Error for PlanFault {}

/// What kind of notice it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A leg is led around a keep-out.
    Detour,
    /// A failsafe's straight way home would cross a keep-out.
    EmergencyCrossesKeepOut,
    /// The vehicle cannot answer a question, so the branch that ends the flight safely is taken.
    SafeBranch,
}

/// Something that readback and report must say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notice {
    /// Its kind.
    pub kind: NoticeKind,
    /// The step; empty where the whole plan is meant.
    pub step: String,
    /// The words of that step or keep-out, quoted.
    pub words: String,
    /// What to say, a clause without a full stop.
    pub says: String,
}

/// Faults collected so far.
#[derive(Default)]
pub(super) struct Faults {
    all: Vec<PlanFault>,
    senseless: bool,
}

impl Faults {
    pub(super) fn push(&mut self, fault: PlanFault) {
        let known = self
            .all
            .iter()
            .any(|other| other.kind == fault.kind && other.step == fault.step && (other.says == fault.says));
        if !known {
            self.all.push(fault);
        }
    }
    /// A fault after which the itinerary would be nonsense or endless.
    pub(super) fn push_senseless(&mut self, fault: PlanFault) {
        self.senseless = true;
        self.push(fault);
    }
    pub(super) fn has(&self, kind: FaultKind, step: &str) -> bool {
        self.all.iter().any(|fault| fault.kind == kind && fault.step == step)
    }
    pub(super) fn geometry_makes_sense(&self) -> bool {
        !self.senseless
    }
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
    /// In the order of the steps; what concerns the whole plan comes first.
    pub(super) fn into_sorted(mut self) -> Vec<PlanFault> {
        let key = |fault: &PlanFault| -> Vec<(u32, bool)> {
            let parts = fault.step.split('.').filter(|part| !part.is_empty());
            parts.map(|part| (part.trim_end_matches('e').parse().unwrap_or(0), part.ends_with('e'))).collect()
        };
        self.all.sort_by_key(key);
        self.all
    }
}

/// A fault of a structure that has no itinerary.
pub(super) fn from_itinerary(error: &ItineraryError) -> PlanFault {
    use ItineraryError as E;
    let (kind, step, hint): (_, &str, String) = match error {
        E::NoTakeOff { step } => (FaultKind::Order, step, "begin with a takeoff to a height".into()),
        E::SecondTakeOff { step } => {
            (FaultKind::Order, step, "take off once only; to change height say climb or descend".into())
        }
        E::AfterLanding { step } => (FaultKind::Order, step, "put it before the landing, or drop it".into()),
        E::NoLanding => (FaultKind::Order, "", "end with land, return and land, or RTL".into()),
        E::NotAtEach { step } => (FaultKind::Order, step, "write the corners as steps of their own".into()),
        E::TooLong { step, limit } => {
            (FaultKind::TooLong, step, format!("repeat less often or fly a smaller figure (limit {limit} items)"))
        }
        E::NotFixed => (FaultKind::Outline, "", "give metres from home or coordinates".into()),
    };
    let text = error.to_string();
    let says = text.split_once(": ").filter(|_| !step.is_empty()).map_or(text.as_str(), |(_, rest)| rest).into();
    let (words, unit) = (String::new(), String::new());
    PlanFault { step: step.into(), words, kind, says, value: None, limit: None, unit, hint }
}
