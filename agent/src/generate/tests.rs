//! Golden programs: those of `examples/`, and what must hold for all of them.
use super::*;
use expect_test::expect_file;
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::vehicle::Autopilot;
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

/// What `expect.toml` says; its tests fly it, this one only needs the vehicle.
#[derive(serde::Deserialize)]
struct Expected {
    vehicle: String,
}

fn vehicle(name: &str) -> Vehicle {
    toml::from_str(match name {
        "quad" => include_str!("../../vehicles/quad.toml"),
        "quad-payload" => include_str!("../../vehicles/quad-payload.toml"),
        other => panic!("no vehicle {other}"),
    })
    .unwrap()
}

fn read(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The checked plan of an example and its vehicle.
fn checked(folder: &Path) -> (MissionPlan, Vehicle) {
    let expected: Expected = toml::from_str(&read(folder, "expect.toml")).unwrap();
    let draft: PlanDraft = serde_json::from_str(&read(folder, "plan.json"))
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let vehicle = vehicle(&expected.vehicle);
    let plan = draft
        .check(&Envelope::default(), &vehicle, Autopilot::ArduPilot, &Home::default())
        .unwrap_or_else(|faults| panic!("{}: {faults:#?}", folder.display()));
    (plan, vehicle)
}

#[test]
fn the_examples_missions_are_what_is_generated_from_their_plans() {
    for folder in examples() {
        let (plan, vehicle) = checked(&folder);
        let source =
            offline(&plan, &vehicle, &Home::default()).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        expect_file![folder.join("mission.rs")].assert_eq(&source);
    }
}

#[test]
fn every_example_opens_with_the_words_of_its_plan_and_is_named_like_its_folder() {
    for folder in examples() {
        let draft: PlanDraft = serde_json::from_str(&read(&folder, "plan.json")).unwrap();
        let brief = read(&folder, "brief.md");
        let sentence = brief.split("\n\n").next().unwrap().replace('\n', " ");
        assert_eq!(draft.words, sentence.trim(), "{}", folder.display());
        assert_eq!(Some(draft.name.as_str()), folder.file_name().and_then(|name| name.to_str()));
    }
}
