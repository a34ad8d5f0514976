//! The program with probes built in, on bundles for a board, as far as it goes without hardware: nothing here may touch a probe that
//! happens to be plugged in, so that flashes name one that does not exist.
use flightsmith_mission::contract::{Contract, Tolerances};
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::itinerary::resolve;
use flightsmith_mission::plan::PlanDraft;
use flightsmith_upload::board::scripted::{elf, program};
use flightsmith_upload::bundle::{Bundle, Item};
use flightsmith_upload::key::BundleKey;
use flightsmith_upload::manifest::Provenance;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A selector that no real probe has.
const NO_PROBE: &str = "probe=f1a6:ffff:none";

struct Said {
    code: i32,
    stdout: String,
    stderr: String,
}

/// A run directory whose bundle, signed by this folder's own user, is around `artifact`.
fn run_with(artifact: &[u8], target: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    fs::create_dir(&run).unwrap();
    let plan = json!({"name": "hop", "words": "take off to 5 m and land", "speed_m_s": 5.0, "steps": [
        {"words": "take off to 5 m", "do": {"take_off": {"altitude_m": 5.0}}},
        {"words": "and land", "do": "land"},
    ]});
    let plan: PlanDraft = serde_json::from_value(plan).unwrap();
    let itinerary = resolve(&plan, &Home::default(), 5.0).unwrap();
    let contract = Contract { itinerary, rules: vec![], invariants: vec![], tolerances: Tolerances::default() };
    fs::write(run.join("artifact"), artifact).unwrap();
    fs::write(run.join("21-contract.json"), serde_json::to_string(&contract).unwrap()).unwrap();
    fs::write(run.join("22-readback.txt"), "1. Take off to 5 m above home.\n2. Land.\n").unwrap();
    let items = [("mission", "artifact"), ("contract.json", "21-contract.json"), ("readback.txt", "22-readback.txt")];
    let items = items.map(|(path, from)| Item { path: path.into(), from: run.join(from) });
    let (vehicle, autopilot) = ("quad".into(), "ardupilot".into());
    let provenance = Provenance { target: target.into(), vehicle, autopilot, tools: Default::default() };
    let key = BundleKey::load_or_create(&home.path().join("config/flightsmith/signing.key")).unwrap();
    Bundle::write(&run.join("70-bundle"), &items, provenance, &key).unwrap();
    fs::write(home.path().join("policy.toml"), "vehicles = [\"quad\"]\nhosts = [\"probe://STM32F405RG\"]\n").unwrap();
    home
}

fn for_the_chip(size: usize) -> tempfile::TempDir {
    run_with(&elf(&[(0x0800_0000, &program(size))], Some(0x2000_0100)), "thumbv7em")
}

fn upload(home: &Path, to: &str, flags: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flightsmith"));
    command.current_dir(home).stdin(Stdio::null()).env("XDG_CONFIG_HOME", home.join("config"));
    command.env("XDG_DATA_HOME", home.join("data"));
    let output = command.args(["upload", "run", "--to", to, "--yes"]).args(flags).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: output.status.code().unwrap(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

fn record(home: &Path) -> Option<Value> {
    let text = fs::read_to_string(home.join("run/80-deployment.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn a_dry_run_shows_what_would_be_approved_erased_and_written_and_leaves_nothing() {
    let home = for_the_chip(20_000);
    for flags in [&["--dry-run"][..], &["--dry-run", "--policy", "policy.toml"]] {
        let said = upload(home.path(), "probe://STM32F405RG", flags);
        assert_eq!(said.code, 0, "{}", said.stderr);
        let plan: Value = serde_json::from_str(&said.stdout).unwrap();
        assert_eq!((&plan["chip"], &plan["write_bytes"]), (&json!("STM32F405RG"), &json!(20_000)));
        let sectors = json!([
            {"address": 0x0800_0000, "size_bytes": 0x4000},
            {"address": 0x0800_4000, "size_bytes": 0x4000},
        ]);
        assert_eq!(plan["sectors"], sectors);
        for needle in ["1. Take off to 5 m above home.", "pilot's switch", "no probe was touched"] {
            assert!(said.stderr.contains(needle), "{needle} is not in: {}", said.stderr);
        }
        assert_eq!(record(home.path()), None);
    }
    fs::write(home.path().join("policy.toml"), "vehicles = [\"quad\"]\nhosts = [\"drone.local\"]\n").unwrap();
    let said = upload(home.path(), "probe://STM32F405RG", &["--dry-run", "--policy", "policy.toml"]);
    assert_eq!(said.code, 7, "{}", said.stderr);
    assert!(said.stderr.contains("host `probe://STM32F405RG` is not in it"), "{}", said.stderr);
}

#[test]
fn a_probe_that_is_not_there_is_7_with_a_record() {
    let home = for_the_chip(20_000);
    let to = format!("probe://STM32F405RG?{NO_PROBE}");
    let said = upload(home.path(), &to, &["--policy", "policy.toml"]);
    assert_eq!(said.code, 7, "{}", said.stderr);
    assert!(said.stderr.contains("no debug probe is f1a6:ffff:none"), "{}", said.stderr);
    assert!(said.stderr.contains("hint: "), "{}", said.stderr);
    let record = record(home.path()).unwrap();
    assert_eq!((&record["outcome"], &record["approved_by"]), (&json!("left_as_it_was"), &json!("policy")));
    assert_eq!(record["steps"], json!(["the image fits the chip"]));
}

#[test]
fn what_cannot_be_flashed_is_refused_before_anybody_is_asked() {
    let to = format!("probe://STM32F405RG?{NO_PROBE}");
    let cases = [
        (for_the_chip(1024 * 1024 + 4), "the image is too large for STM32F405RG: 1048580 bytes"),
        (run_with(b"\x7fELF\x02\x01", "aarch64"), "for aarch64, a computer with an operating system"),
        (run_with(b"\x7fELF\x02\x01\x01", "thumbv7em"), "not a readable ELF file"),
    ];
    for (home, says) in cases {
        for flags in [&["--dry-run"][..], &[]] {
            let said = upload(home.path(), &to, flags);
            assert_eq!(said.code, 7, "{}", said.stderr);
            assert!(said.stderr.contains(says), "{says} is not in: {}", said.stderr);
            assert!(!said.stderr.contains("do you approve"), "{}", said.stderr);
        }
        assert_eq!(record(home.path()).unwrap()["outcome"], "left_as_it_was");
    }
    let small = for_the_chip(200_000);
    let said = upload(small.path(), "probe://STM32F401CB", &["--dry-run"]);
    assert_eq!(said.code, 7, "{}", said.stderr);
    assert!(said.stderr.contains("200000 bytes from 0x08000000, BANK_1 holds 131072"), "{}", said.stderr);
}

#[test]
fn a_chip_that_nobody_knows_is_2_with_the_nearest() {
    let home = for_the_chip(20_000);
    let said = upload(home.path(), "probe://STM32F450RG", &[]);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("nearest: STM32F405RG"), "{}", said.stderr);
}

#[test]
fn nobody_approves_7() {
    let home = for_the_chip(20_000);
    let said = upload(home.path(), &format!("probe://STM32F405RG?{NO_PROBE}"), &[]);
    assert_eq!(said.code, 7, "{}", said.stderr);
    assert!(said.stderr.contains("not approved"), "{}", said.stderr);
    assert_eq!(record(home.path()).unwrap()["error"], "not approved");
}
