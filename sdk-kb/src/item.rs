//! What the knowledge base holds.
use serde::{Deserialize, Serialize};

/// What an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a Rust module says about itself.
    Module,
    /// A public struct, enum, type alias or constant of the SDK.
    Type,
    /// A public trait of the SDK.
    Trait,
    /// A public function or method of the SDK.
    Function,
    /// A whole mission: the words and the code.
    Example,
    /// A MAVLink message.
    MavlinkMessage,
    /// A MAVLink command (`MAV_CMD_..`).
    MavlinkCommand,
    /// A MAVLink enumeration.
    MavlinkEnum,
    /// A general Rust task: a question, its answer explained, and code that was run.
    RustTask,
    /// An error code of the compiler with its wrong and right examples.
    CompilerError,
    /// A flight mode of an autopilot.
    Mode,
    /// A parameter of an autopilot.
    Parameter,
    /// A rule of ours for missions: a lint of the policy, or a clause of the judge.
    Lint,
    /// What a call of the SDK can end with, and what to do about it.
    Failure,
    /// A mistake that code generators make with the SDK: wrong, what the compiler says, right.
    Mistake,
}

impl Kind {
    /// Whether the item is code that a mission may call or copy.
    pub fn is_code(self) -> bool {
        matches!(self, Kind::Module | Kind::Type | Kind::Trait | Kind::Function | Kind::Example)
    }

    /// Whether the item holds for one version of the SDK.
    pub(crate) fn is_about_the_sdk(self) -> bool {
        self.is_code() || matches!(self, Kind::Failure | Kind::Mistake)
    }
}

/// The autopilot that an item is about, where it is about one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Autopilot {
    /// ArduPilot only.
    Ardupilot,
    /// PX4 only.
    Px4,
}

/// One piece of knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Unique, stable over rebuilds: `rust:flightsmith_sdk::vehicle::Vehicle::land`, `mavlink:HEARTBEAT`, `example:square`.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// The name that it is called by.
    pub title: String,
    /// What people call it who do not know its name: searched, and not shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asked: String,
    /// Prose: documentation without its code.
    pub text: String,
    /// Code: declaration, then examples; fields and values for MAVLink.
    pub code: String,
    /// Where it comes from: file and line, or definition file.
    pub source: String,
    /// SPDX expression of that source.
    pub licence: String,
    /// Set where it holds for one autopilot only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autopilot: Option<Autopilot>,
    /// The MAVLink dialect that it is in (`common`, `ardupilotmega`), where it is MAVLink.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
    /// The version of the SDK that it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdk_version: Option<String>,
}

impl Item {
    /// What its vector is made of: what it is called and what it is about. What follows in text and code is about many things, and
    /// would draw the vector to the middle of all of them.
    pub(crate) fn gist(&self) -> String {
        let (lead, _) = self.lead_and_rest();
        format!("{} {} {lead} {}", self.title, self.title, self.asked)
    }

    /// The first paragraph, and the rest of the text.
    pub(crate) fn lead_and_rest(&self) -> (&str, &str) {
        self.text.split_once("\n\n").unwrap_or((&self.text, ""))
    }

    /// The number that stands on the wire for it, where it has one: of messages, commands and modes, the last word of their first line.
    pub(crate) fn number(&self) -> Option<u32> {
        let numbered = matches!(self.kind, Kind::MavlinkMessage | Kind::MavlinkCommand | Kind::Mode);
        let line = self.code.lines().next().filter(|_| numbered)?;
        line.rsplit(' ').next()?.parse().ok()
    }
}
