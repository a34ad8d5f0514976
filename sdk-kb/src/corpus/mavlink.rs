//! Every MAVLink message, command and enumeration of `ardupilotmega` and of all that it includes, `common` among them.
//!
//! `data/mavlink.json` is made from the definitions that the crate `mavlink` ships (`message_definitions/v1.0`) by
//! `UPDATE_EXPECT=1 cargo test -p flightsmith-kb --test mavlink_definitions`; without the variable that test fails where the file is
//! not what the crate of the lock file says. MAVLink gives what is generated from its definitions under the MIT licence (the
//! exception in its COPYING).
use crate::item::{Autopilot, Item, Kind};
use serde::{Deserialize, Serialize};

pub(super) const DEFINITIONS: &str = include_str!("../../data/mavlink.json");

/// The files that `common` is made of.
const IN_COMMON: [&str; 3] = ["minimal.xml", "standard.xml", "common.xml"];

/// The licence of what is generated from MAVLink's definitions.
pub const LICENCE: &str = "MIT";

/// One definition, as `data/mavlink.json` keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// `message`, `command` or `enum`.
    pub kind: DefinitionKind,
    /// Its name.
    pub name: String,
    /// Message or command number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// The definition file.
    pub file: String,
    /// What it says about itself.
    pub description: String,
    /// Fields, parameters or values, each as one line.
    pub lines: Vec<String>,
}

/// Kinds of definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DefinitionKind {
    /// A message.
    Message,
    /// A value of `MAV_CMD`.
    Command,
    /// An enumeration.
    Enum,
}

/// All of them; none if the file that is built in were broken, which a test rules out.
pub(super) fn items() -> Vec<Item> {
    let definitions: Vec<Definition> = serde_json::from_str(DEFINITIONS).unwrap_or_default();
    definitions.into_iter().map(item).collect()
}

fn item(definition: Definition) -> Item {
    let number = definition.number.map_or_else(String::new, |number| format!(" = {number}"));
    Item {
        id: format!("mavlink:{}", definition.name),
        kind: match definition.kind {
            DefinitionKind::Message => Kind::MavlinkMessage,
            DefinitionKind::Command => Kind::MavlinkCommand,
            DefinitionKind::Enum => Kind::MavlinkEnum,
        },
        code: format!("{}{number}\n{}", definition.name, definition.lines.join("\n")),
        title: definition.name,
        text: definition.description,
        source: format!("mavlink/message_definitions/v1.0/{}", definition.file),
        licence: LICENCE.into(),
        autopilot: (definition.file == "ardupilotmega.xml").then_some(Autopilot::Ardupilot),
        // What `common` has, `ardupilotmega` has too: it is in no dialect alone.
        asked: String::new(),
        dialect: (!IN_COMMON.contains(&definition.file.as_str())).then(|| "ardupilotmega".to_owned()),
        sdk_version: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_that_are_built_in_are_whole() {
        let definitions: Vec<Definition> = serde_json::from_str(DEFINITIONS).expect("JSON");
        let items = items();
        assert_eq!(items.len(), definitions.len());
        let takeoff = items.iter().find(|item| item.title == "MAV_CMD_NAV_TAKEOFF").expect("the takeoff command");
        assert_eq!(takeoff.kind, Kind::MavlinkCommand);
        assert!(takeoff.code.starts_with("MAV_CMD_NAV_TAKEOFF = 22\n"), "{}", takeoff.code);
        assert!(items.iter().all(|item| !item.text.is_empty()));
    }
}
