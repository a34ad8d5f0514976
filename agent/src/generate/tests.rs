//! Golden programs: those of `examples/`, and what must hold for all of them.
use super::*;
use expect_test::expect_file;
use std::path::{Path, PathBuf};

/// The folders of `examples/`, in order.
fn examples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&root)
        .unwrap_or_else(|error| panic!("{}: {error}", root.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn quad() -> Vehicle {
    toml::from_str(include_str!("../../vehicles/quad-payload.toml")).unwrap()
}

fn draft(folder: &Path) -> PlanDraft {
    serde_json::from_str(&std::fs::read_to_string(folder.join("plan.json")).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

#[test]
fn the_examples_missions_are_what_is_generated_from_their_plans() {
    for folder in examples() {
        let source = mission_source(&draft(&folder), &quad(), &Home::default())
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        expect_file![folder.join("mission.rs")].assert_eq(&source);
    }
}
