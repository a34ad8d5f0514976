//! The firmware crate of a mission: the template of `firmware-template/mcu/mission` with the checked `mission.rs` and its limits.
//!
//! It leaves to others: the plan, which the firmware does not carry (`firmware-template/mcu` says what that means).
use super::{ArtifactError, at};
use std::fs;
use std::path::Path;

/// What comes from the template, and what from the mission's own crate.
const FROM_TEMPLATE: [&str; 2] = ["src/lib.rs", "src/main.rs"];
const FROM_MISSION: [&str; 1] = ["src/mission.rs"];
const LIMITS: &str = "limits.json";

/// Writes the firmware crate into `folder`.
pub(super) fn assemble(mission: &Path, sources: &Path, folder: &Path) -> Result<(), ArtifactError> {
    let template = sources.join("firmware-template/mcu/mission");
    let inside = folder.join("src");
    fs::create_dir_all(&inside).map_err(at(&inside))?;
    let files =
        FROM_TEMPLATE.map(|file| (&*template, file)).into_iter().chain(FROM_MISSION.map(|file| (mission, file)));
    for (from, file) in files {
        let (from, to) = (from.join(file), folder.join(file));
        let bytes = fs::read(&from).map_err(at(&from))?;
        fs::write(&to, bytes).map_err(at(&to))?;
    }
    let (from, to) = (mission.join(LIMITS), folder.join(LIMITS));
    let limits = limits_of(&fs::read(&from).map_err(at(&from))?);
    fs::write(&to, limits).map_err(at(&to))?;
    let manifest = folder.join("Cargo.toml");
    fs::write(&manifest, manifest_text(sources)).map_err(at(&manifest))
}

/// What firmware reads of `limits.json`, without a blank: the text lies in the chip's flash. One that is no JSON stays as it is, for the
/// compiler to refuse.
fn limits_of(text: &[u8]) -> Vec<u8> {
    const OF_VEHICLE: [&str; 4] = ["name", "cruise_speed_m_s", "envelope", "required_params"];
    let Ok(mut limits) = serde_json::from_slice::<serde_json::Value>(text) else { return text.to_owned() };
    if let Some(vehicle) = limits.get_mut("vehicle").and_then(serde_json::Value::as_object_mut) {
        vehicle.retain(|name, _| OF_VEHICLE.contains(&name.as_str()));
    }
    limits.to_string().into_bytes()
}

/// A manifest with which plain cargo builds the firmware as well (`cargo build --release --target thumbv7em-none-eabihf` with
/// `RUSTFLAGS=-Clink-arg=-Tlink.x`, `memory.x` beside it).
fn manifest_text(sources: &Path) -> String {
    let root = sources.display();
    format!(
        "# The firmware template with the mission of this run.\n\
         [package]\nname = \"mission-firmware\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [lib]\nname = \"flightsmith_mcu_mission\"\n\n[[bin]]\nname = \"mission\"\npath = \"src/main.rs\"\n\n\
         [dependencies]\nflightsmith-mcu = {{ path = \"{root}/firmware-template/mcu/runner\" }}\n\
         flightsmith-sdk = {{ path = \"{root}/sdk\", default-features = false, features = [\"embedded\"] }}\n\n[workspace]\n"
    )
}
