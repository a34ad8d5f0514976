//! `data/mavlink.json` holds every message, command and enumeration of `ardupilotmega` and of all that it includes (`common` among
//! them), as the crate `mavlink` that the SDK is built with ships them. `UPDATE_EXPECT=1` writes the file anew.
mod reading;

use expect_test::expect_file;
use flightsmith_kb::corpus::mavlink::{Definition, DefinitionKind};
use std::path::{Path, PathBuf};

/// The folder with the definitions that the crate `mavlink` of our lock file was published with: cargo has unpacked it to build the SDK.
fn definitions_folder() -> PathBuf {
    let lock =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock")).expect("a lock file");
    let package = lock.split("[[package]]").find(|package| package.contains("name = \"mavlink\"\n")).expect("mavlink");
    let version = package.split("version = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a version");
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").expect("a home")).join(".cargo"));
    let registries = std::fs::read_dir(home.join("registry/src")).expect("cargo's registry");
    let mut unpacked = registries.map(|entry| entry.expect("an entry").path().join(format!("mavlink-{version}")));
    let found = unpacked.find(|path| path.is_dir());
    let found = found.unwrap_or_else(|| panic!("mavlink {version} is not unpacked: run `cargo fetch --locked`"));
    found.join("mavlink/message_definitions/v1.0")
}

#[test]
fn the_file_is_what_the_crates_definitions_say() {
    let definitions = reading::dialect(&definitions_folder(), "ardupilotmega.xml");
    let lines: Vec<String> =
        definitions.iter().map(|definition| serde_json::to_string(definition).expect("JSON")).collect();
    expect_file!["../../data/mavlink.json"].assert_eq(&format!("[\n{}\n]\n", lines.join(",\n")));
}

#[test]
fn nothing_is_left_out() {
    let folder = definitions_folder();
    let definitions = reading::dialect(&folder, "ardupilotmega.xml");
    let of = |kind: DefinitionKind| definitions.iter().filter(|definition| definition.kind == kind).count();
    // Counted in the text, without a parser of XML; what is commented out is no definition.
    let text: String = reading::files(&folder, "ardupilotmega.xml")
        .iter()
        .map(|file| std::fs::read_to_string(folder.join(file)).expect("a definition file"))
        .collect();
    let text: String = text.split("<!--").map(|part| part.split_once("-->").map_or(part, |(_, rest)| rest)).collect();
    assert_eq!(of(DefinitionKind::Message), text.matches("<message ").count());
    let commands = text.split("<enum name=\"MAV_CMD\"").skip(1).filter_map(|rest| rest.split("</enum>").next());
    assert_eq!(of(DefinitionKind::Command), commands.map(|part| part.matches("<entry ").count()).sum::<usize>());
    let mut enums: Vec<&str> = text.split("<enum ").skip(1).filter_map(|rest| rest.split('"').nth(1)).collect();
    enums.sort_unstable();
    enums.dedup();
    // MAV_CMD itself is the commands.
    assert_eq!(of(DefinitionKind::Enum), enums.len() - 1);
    let find = |name: &str| -> &Definition {
        definitions.iter().find(|definition| definition.name == name).unwrap_or_else(|| panic!("no {name}"))
    };
    let battery = find("BATTERY_STATUS").lines.join("\n");
    for part in [
        "int16_t temperature [cdegC] unknown = INT16_MAX: Temperature of the battery",
        "extension int32_t time_remaining [s]",
        "uint8_t charge_state (MAV_BATTERY_CHARGE_STATE)",
    ] {
        assert!(battery.contains(part), "{part} is not in\n{battery}");
    }
    let waypoint = find("MAV_CMD_NAV_WAYPOINT").lines.join("\n");
    assert!(waypoint.contains("param1 Hold [s] at least 0: Hold time"), "{waypoint}");
    // An enumeration that another file adds values to is one item.
    assert!(find("MAV_CMD_DO_SEND_SCRIPT_MESSAGE").file == "ardupilotmega.xml");
    assert!(find("MAV_MODE_FLAG").lines.iter().any(|line| line.contains("MAV_MODE_FLAG_SAFETY_ARMED = 128")));
}
