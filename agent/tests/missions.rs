//! Missions as golden data: the planner makes the examples' plans from their words, the generator makes their programs from the
//! plans, and every program keeps to the policy, compiles without a warning and is laid out as rustfmt does.
use expect_test::expect_file;
use flightsmith::check::policy;
use flightsmith::generate;
use flightsmith::plan::from_words;
use flightsmith_kb::{Item, Kind, Sources};
use flightsmith_mission::envelope::Envelope;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::plan::PlanDraft;
use flightsmith_mission::vehicle::{Autopilot, Vehicle};
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::prebuilt::{MissionCrate, Prebuilt};
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_toolchain::targets::{self, Target};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use syn::visit::Visit;

const AGENT: &str = env!("CARGO_MANIFEST_DIR");

/// The folders of `examples/`, in order.
fn examples() -> Vec<PathBuf> {
    let root = Path::new(AGENT).join("../examples");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn read(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The vehicle that an example's `expect.toml` names.
fn vehicle_of(folder: &Path) -> Vehicle {
    let expected: toml::Table = toml::from_str(&read(folder, "expect.toml")).unwrap();
    vehicle(expected["vehicle"].as_str().unwrap())
}

fn vehicle(name: &str) -> Vehicle {
    let path = Path::new(AGENT).join("vehicles").join(name).with_extension("toml");
    toml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The sentence: the first paragraph of the brief.
fn sentence(folder: &Path) -> String {
    read(folder, "brief.md").split("\n\n").next().unwrap().replace('\n', " ").trim().to_owned()
}

/// `plan` without what may be said in other words, numbers to a tenth of a millimetre.
fn meaning(plan: Value) -> Value {
    match plan {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| name != "words" && name != "name")
            .map(|(name, value)| (name, meaning(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(meaning).collect(),
        Value::Number(number) => {
            let rounded = (number.as_f64().unwrap() * 1e4).round() / 1e4;
            Value::from(if rounded == 0.0 { 0.0 } else { rounded })
        }
        other => other,
    }
}

#[test]
fn the_planner_makes_the_examples_plans_from_their_words() {
    let mut different = Vec::new();
    for folder in examples() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let wanted: PlanDraft = serde_json::from_str(&read(&folder, "plan.json")).unwrap();
        let wanted = meaning(serde_json::to_value(wanted).unwrap());
        match from_words(&sentence(&folder), &vehicle_of(&folder), &Envelope::default(), &Home::default()) {
            Ok(planned) => {
                let made = meaning(serde_json::to_value(planned.draft).unwrap());
                if made != wanted {
                    different.push(format!("{name}:\n  made   {made}\n  wanted {wanted}"));
                }
            }
            Err(refusal) => different.push(format!("{name}: refused: {:#?}", refusal.faults)),
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// The program that is generated from the plan in `plan`, a JSON file.
fn generated(plan: &Path, vehicle: &Vehicle) -> String {
    let draft: PlanDraft = serde_json::from_str(&fs::read_to_string(plan).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", plan.display()));
    let plan = draft
        .check(&Envelope::default(), vehicle, Autopilot::ArduPilot, &Home::default())
        .unwrap_or_else(|faults| panic!("{}: {faults:#?}", plan.display()));
    generate::offline(&plan, vehicle, &Home::default()).unwrap()
}

#[test]
fn the_examples_programs_are_generated_from_their_plans() {
    for folder in examples() {
        let source = generated(&folder.join("plan.json"), &vehicle_of(&folder));
        expect_file![folder.join("mission.rs")].assert_eq(&source);
    }
}

/// Plans with every kind of step, and the programs made of them.
fn every_kind() -> Vec<PathBuf> {
    ["moves", "figures", "branches"].map(|name| Path::new(AGENT).join("tests/data/generate").join(name)).to_vec()
}

#[test]
fn every_kind_of_step_is_generated() {
    let mut vehicle = vehicle("quad-payload");
    // All of it in one flight is more than a battery gives.
    vehicle.airframe.battery_wh *= 20.0;
    for path in every_kind() {
        let source = generated(&path.with_extension("json"), &vehicle);
        expect_file![path.with_extension("rs")].assert_eq(&source);
    }
}

/// All programs that are files.
fn files() -> Vec<PathBuf> {
    let examples = examples().into_iter().map(|folder| folder.join("mission.rs"));
    examples.chain(every_kind().into_iter().map(|path| path.with_extension("rs"))).collect()
}

/// What the knowledge base shows as right for a rule of the policy, a clause of the judge, or what a call ends with.
fn shown() -> Vec<Item> {
    let corpus = Sources { corpus: Some(Path::new(AGENT).join("../sdk-kb/corpus")), ..Sources::default() };
    let is_mission = |item: &Item| matches!(item.kind, Kind::Lint | Kind::Failure) && !item.code.is_empty();
    corpus.read().unwrap().into_iter().filter(is_mission).collect()
}

/// A mission for code that is none itself.
const FLY: &str = "
use flightsmith_sdk::prelude as sdk;

pub async fn fly(vehicle: sdk::Vehicle<sdk::Grounded>) -> Result<sdk::Vehicle<sdk::Landed>, sdk::FlightError> {
    vehicle.arm_and_take_off(sdk::AboveHome(10.0)).await?.land().await
}
";

fn whole(code: String) -> String {
    if code.contains("pub async fn fly(") { code } else { code + FLY }
}

/// All programs of this test, and what they are called.
fn programs() -> Vec<(String, String)> {
    let of_file = |path: PathBuf| (path.display().to_string(), fs::read_to_string(&path).unwrap());
    let shown = shown().into_iter().map(|item| (item.id, whole(item.code + "\n")));
    files().into_iter().map(of_file).chain(shown).collect()
}

#[test]
fn every_program_keeps_to_the_policy() {
    for (name, source) in programs() {
        let judgement = policy::judge(&source);
        assert!(judgement.is_judged && judgement.breaches.is_empty(), "{name}: {judgement:#?}");
    }
}

fn host() -> Host {
    let path = std::env::var_os("PATH").expect("a PATH");
    Host::new(std::env::split_paths(&path).collect(), std::env::var_os("HOME").expect("a home"))
}

#[test]
fn every_program_compiles_against_the_sdk_without_a_warning() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("missions");
    let toolchain = targets::find(Target::Host, &host()).unwrap_or_else(|error| panic!("{error}"));
    let workspace = Path::new(AGENT).join("..").canonicalize().unwrap();
    let prebuilt = Prebuilt::open(&host(), &toolchain, &workspace, &scratch.join("prebuilt")).unwrap();
    let sandbox = Sandbox::probe(&host()).unwrap_or_else(|error| panic!("{error}"));
    let folder = tempfile::tempdir().unwrap();
    let template = workspace.join("firmware-template/companion");
    fs::create_dir(folder.path().join("src")).unwrap();
    for name in ["Cargo.toml", "src/main.rs", "src/lib.rs"] {
        fs::copy(template.join(name), folder.path().join(name)).unwrap();
    }
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let mut faults = Vec::new();
    for (name, source) in programs() {
        fs::write(folder.path().join("src/mission.rs"), source).unwrap();
        let mission = MissionCrate::open(folder.path()).unwrap();
        let compilation = prebuilt.check(&sandbox, &mission, &out).unwrap();
        let mut says: Vec<&str> = compilation.diagnostics.iter().map(|said| said.message.as_str()).collect();
        if name.starts_with("clause:") || name.starts_with("failure:") {
            says.retain(|said| !said.ends_with("is never used"));
        }
        if !compilation.success() || !says.is_empty() {
            faults.push(format!("{name}: {says:#?}"));
        }
    }
    assert_eq!(faults, [] as [String; 0]);
}

#[test]
fn every_program_is_laid_out_as_rustfmt_does() {
    let rustfmt = host().find("rustfmt").expect("rustfmt: rustup component add rustfmt");
    // Outside of this workspace, so that its settings do not count.
    let folder = tempfile::tempdir().unwrap();
    for (name, source) in programs().into_iter().filter(|(_, source)| !source.ends_with(FLY)) {
        let copy = folder.path().join("mission.rs");
        fs::write(&copy, source).unwrap();
        let check = ["--edition", "2024", "--check", copy.to_str().unwrap()];
        let output = host().ask(&rustfmt, &check, Duration::from_secs(20)).unwrap();
        assert!(output.success(), "{name}: {}{}", output.stdout_text(), output.stderr_text());
    }
}

/// Pairs of texts in a source: the rows of its tables.
#[derive(Default)]
struct Rows(Vec<(String, String)>);

impl<'ast> Visit<'ast> for Rows {
    fn visit_expr_tuple(&mut self, tuple: &'ast syn::ExprTuple) {
        let texts: Vec<String> = tuple
            .elems
            .iter()
            .filter_map(|element| match element {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            })
            .collect();
        if let [part, expected] = texts.as_slice() {
            self.0.push((part.clone(), expected.clone()));
        }
    }
}

#[test]
fn every_refusal_of_the_policy_is_explained() {
    let tests = fs::read_to_string(Path::new(AGENT).join("src/check/policy/tests.rs")).unwrap();
    let mut rows = Rows::default();
    rows.visit_file(&syn::parse_file(&tests).unwrap());
    assert!(rows.0.len() > 50, "{}", rows.0.len());
    let lints: Vec<Item> = shown().into_iter().filter(|item| item.id.starts_with("lint:")).collect();
    let explains =
        |expected: &str| lints.iter().any(|item| item.title.contains(expected) || item.text.contains(expected));
    let missing: Vec<_> = rows.0.iter().filter(|(_, expected)| !explains(expected)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
