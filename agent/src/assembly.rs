//! A mission's crate: the companion template with one file replaced, and beside it what the runner needs to know of the mission.
use crate::exit::RunError;
use crate::request::Request;
use crate::run_dir::{RunDir, names};
use crate::workshop::Workshop;
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::plan::MissionPlan;
use flightsmith_mission::vehicle::Vehicle;
use serde::Serialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The files of the template that a mission takes as they are.
const SHELL: [&str; 2] = ["src/lib.rs", "src/main.rs"];

/// Writes the crate of `source` into `folder` of the run.
pub fn write(
    run: &RunDir,
    folder: &Path,
    shop: &Workshop,
    request: &Request,
    plan: &MissionPlan,
    source: &str,
) -> Result<(), RunError> {
    let template = shop.source_root.join("firmware-template/companion");
    for file in SHELL {
        let from = template.join(file);
        let text = fs::read(&from).map_err(|error| RunError::files(&from, error))?;
        run.write(folder.join(file), text)?;
    }
    run.write(folder.join("Cargo.toml"), manifest(&plan.name, &shop.source_root))?;
    run.write_json(folder.join("plan.json"), plan)?;
    let limits = Limits { vehicle: &request.vehicle, envelope: &request.envelope };
    run.write_json(folder.join("limits.json"), &limits)?;
    run.write(folder.join("src/mission.rs"), source)?;
    Ok(())
}

/// Why the template was not copied.
#[derive(Debug, thiserror::Error)]
#[error("could not use {path}")]
pub struct TemplateError {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Copies the template to `folder`, with a plan of its own and no `src/mission.rs` yet: a crate to compile missions in that are not flown.
///
/// # Errors
/// A file cannot be read or written.
pub fn bare(source_root: &Path, folder: &Path) -> Result<(), TemplateError> {
    let at = |path: PathBuf| move |source| TemplateError { path, source };
    let template = source_root.join("firmware-template/companion");
    fs::create_dir_all(folder.join("src")).map_err(at(folder.join("src")))?;
    for file in SHELL.iter().chain(&["Cargo.toml", "plan.json"]) {
        let text = fs::read(template.join(file)).map_err(at(template.join(file)))?;
        fs::write(folder.join(file), text).map_err(at(folder.join(file)))?;
    }
    Ok(())
}

/// What the program carries about the vehicle that it was verified for: the runner reads the parameters and checks the plan with it.
#[derive(Debug, Serialize)]
struct Limits<'a> {
    vehicle: &'a Vehicle,
    envelope: &'a Envelope,
}

/// Copies the crate that compiled to `50-mission` (without the compiler's output).
pub fn keep(run: &RunDir, folder: &Path) -> Result<(), RunError> {
    for file in SHELL.iter().chain(&["Cargo.toml", "plan.json", "limits.json", "src/mission.rs"]) {
        let from = run.path(folder.join(file));
        let text = fs::read(&from).map_err(|error| RunError::files(&from, error))?;
        run.write(Path::new(names::MISSION).join(file), text)?;
    }
    Ok(())
}

/// A manifest with which plain cargo builds the crate as well, from the sources that it was verified with.
fn manifest(name: &str, source_root: &Path) -> String {
    let root = source_root.display();
    format!(
        "# The companion template with the mission of this run; `cargo build` makes the same program from these sources.\n\
         [package]\nname = \"mission-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [lib]\nname = \"flightsmith_companion\"\n\n[[bin]]\nname = \"mission\"\npath = \"src/main.rs\"\n\n\
         [dependencies]\nflightsmith-runner = {{ path = \"{root}/firmware-template/runner\" }}\n\
         flightsmith-sdk = {{ path = \"{root}/sdk\" }}\n\n[workspace]\n"
    )
}
