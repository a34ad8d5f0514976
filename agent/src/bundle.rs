//! From a run directory and its artifact to `70-bundle/`: which files go in, and under which names.
//!
//! Leaves to others: digests, manifest and signature (`flightsmith_upload::bundle`), and whether the artifact may be bundled at all
//! (it comes from a verified crate).
use crate::cross::Artifact;
use crate::exit::{RunError, chain};
use crate::request::Request;
use crate::run_dir::{RunDir, names};
use crate::settings;
use flightsmith_upload::bundle::{Bundle, BundleError, Item};
use flightsmith_upload::key::BundleKey;
use flightsmith_upload::manifest::{ARTIFACT, Provenance};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleStageError {
    /// The run lacks a piece that a bundle needs.
    #[error("{} is missing: a bundle needs it", .0.display())]
    Missing(PathBuf),
    /// A folder of the run cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The bundle cannot be written.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

/// The bundle of a verified run, signed with this user's key (made on first use).
pub fn of_run(run: &RunDir, request: &Request, artifact: &Artifact) -> Result<((), String), RunError> {
    let key_path = settings::config_home().join("signing.key");
    let key = BundleKey::load_or_create(&key_path).map_err(|error| RunError::files(&key_path, chain(&error)))?;
    let tools = BTreeMap::from([
        ("flightsmith".to_string(), env!("CARGO_PKG_VERSION").to_string()),
        ("compiler".to_string(), artifact.compiler().to_string()),
    ]);
    let provenance = Provenance {
        target: artifact.target().to_string(),
        vehicle: request.vehicle.name.clone(),
        autopilot: settings::autopilot_name(request.autopilot).to_string(),
        tools,
    };
    let bundle = write(run.root(), artifact.path(), provenance, &key)
        .map_err(|error| RunError::files(run.path(names::BUNDLE), chain(&error)))?;
    Ok(((), format!("{}, artifact sha256 {}", names::BUNDLE, bundle.manifest().artifact_sha256)))
}

/// Writes `70-bundle/` of the run directory `run` around the program `artifact`, signed with `key`.
///
/// # Errors
/// A piece that is missing (plan, contract, readback, source, verdicts), or a file that cannot be read or written.
pub fn write(run: &Path, artifact: &Path, provenance: Provenance, key: &BundleKey) -> Result<Bundle, BundleStageError> {
    let mut items = vec![Item { path: ARTIFACT.into(), from: present(artifact)? }];
    for (name, path) in
        [(names::PLAN, "plan.json"), (names::CONTRACT, "contract.json"), (names::READBACK, "readback.txt")]
    {
        items.push(Item { path: path.into(), from: present(&run.join(name))? });
    }
    source(&present(&run.join(names::MISSION))?, "source", &mut items)?;
    let flights = present(&run.join(names::FLIGHTS))?;
    for folder in sorted(&flights)?.into_iter().filter(|folder| folder.is_dir()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let from = present(&folder.join("verdict.json"))?;
        items.push(Item { path: format!("evidence/{name}/verdict.json"), from });
    }
    Ok(Bundle::write(&run.join(names::BUNDLE), &items, provenance, key)?)
}

/// Lists the files of the source crate, without what a build left there.
fn source(folder: &Path, prefix: &str, items: &mut Vec<Item>) -> Result<(), BundleStageError> {
    for from in sorted(folder)? {
        let name = from.file_name().unwrap_or_default().to_string_lossy();
        if name == "target" {
            continue;
        }
        let path = format!("{prefix}/{name}");
        if from.is_dir() {
            source(&from, &path, items)?;
        } else {
            items.push(Item { path, from });
        }
    }
    Ok(())
}

fn present(path: &Path) -> Result<PathBuf, BundleStageError> {
    if path.exists() { Ok(path.to_owned()) } else { Err(BundleStageError::Missing(path.to_owned())) }
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, BundleStageError> {
    let listed = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> =
        listed.map_err(|source| BundleStageError::Unreadable { path: folder.to_owned(), source })?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightsmith_upload::bundle::verify;

    fn provenance() -> Provenance {
        let (target, vehicle, autopilot) = ("host".into(), "quad".into(), "px4".into());
        Provenance { target, vehicle, autopilot, tools: [("rustc".to_owned(), "1.95.0".to_owned())].into() }
    }

    fn run() -> tempfile::TempDir {
        let run = tempfile::tempdir().unwrap();
        for name in [
            "20-plan.json",
            "21-contract.json",
            "22-readback.txt",
            "50-mission/Cargo.toml",
            "50-mission/src/mission.rs",
            "50-mission/target/debug/junk",
            "60-flights/0001/verdict.json",
            "60-flights/0001/flight.tlog",
            "60-flights/0002/verdict.json",
            "artifact",
            "key",
        ] {
            let path = run.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        fs::remove_file(run.path().join("key")).unwrap();
        run
    }

    #[test]
    fn a_bundle_holds_program_source_papers_and_evidence() {
        let run = run();
        let key = BundleKey::load_or_create(&run.path().join("key")).unwrap();
        let bundle = write(run.path(), &run.path().join("artifact"), provenance(), &key).unwrap();
        assert_eq!(verify(bundle.folder(), &[key.public()]), []);
        let paths: Vec<&str> = bundle.manifest().files.keys().map(String::as_str).collect();
        let expected = [
            "contract.json",
            "evidence/0001/verdict.json",
            "evidence/0002/verdict.json",
            "mission",
            "plan.json",
            "readback.txt",
            "source/Cargo.toml",
            "source/src/mission.rs",
        ];
        assert_eq!(paths, expected);
    }

    #[test]
    fn a_missing_piece_is_named() {
        let run = run();
        let key = BundleKey::load_or_create(&run.path().join("key")).unwrap();
        for name in ["22-readback.txt", "60-flights/0002/verdict.json", "artifact"] {
            let path = run.path().join(name);
            let text = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            let error = write(run.path(), &run.path().join("artifact"), provenance(), &key).unwrap_err();
            assert_eq!(error.to_string(), format!("{} is missing: a bundle needs it", path.display()));
            fs::write(&path, text).unwrap();
        }
    }
}
