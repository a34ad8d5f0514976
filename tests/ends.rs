//! Every documented exit code that `bad_input` does not reach, brought about with the real program.
use flightsmith_tests::{flightsmith, run, said};
use std::fs;
use std::path::Path;

const WORDS: &str = "take off to 5 m, hold for 3 s and land";

/// A run whose "model" is a command that always answers `content`.
fn run_with_model(folder: &Path, content: &str) -> flightsmith_tests::Said {
    let answer = folder.join("answer.json");
    fs::write(&answer, serde_json::json!({ "content": content }).to_string()).unwrap();
    let llm = format!("cmd:cat {}", answer.display());
    run(folder, &["run", WORDS, "--llm", &llm, "--target", "host", "--flights", "1", "--yes", "--out", "run"])
}

fn mission(body: &str) -> String {
    format!(
        "```rust\nuse flightsmith_sdk::prelude::*;\n\npub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, \
         FlightError> {{\n{body}\n}}\n```\n"
    )
}

#[test]
fn a_program_of_a_model_that_flies_as_promised_is_0() {
    let folder = tempfile::tempdir().unwrap();
    let body = "    let mut vehicle = vehicle.arm_and_take_off(AboveHome(5.0)).await?;\n    vehicle.hold(Seconds(3.0)).await?;\n    vehicle.land().await";
    let said = run_with_model(folder.path(), &mission(body));
    assert_eq!(said.code, 0, "{}", said.stderr);
    let report = flightsmith_tests::report(&folder.path().join("run"));
    assert_eq!((&report["verdict"], &report["attempts"][0]["fixer"]), (&"verified".into(), &"model".into()));
}

#[test]
fn one_that_does_not_compile_is_4() {
    let folder = tempfile::tempdir().unwrap();
    let said = run_with_model(folder.path(), &mission("    vehicle.teleport_home().await"));
    assert_eq!(said.code, 4, "{}", said.stderr);
    assert!(said.stderr.contains("teleport_home"), "{}", said.stderr);
    assert_eq!(flightsmith_tests::report(&folder.path().join("run"))["verdict"], "failed");
    assert!(!folder.path().join("run/70-bundle").exists());
}

#[test]
fn one_that_breaks_the_policy_is_4() {
    let folder = tempfile::tempdir().unwrap();
    let body =
        "    let _ = include_str!(\"/etc/passwd\");\n    vehicle.arm_and_take_off(AboveHome(5.0)).await?.land().await";
    let said = run_with_model(folder.path(), &mission(body));
    assert_eq!(said.code, 4, "{}", said.stderr);
    assert!(said.stderr.contains("include_str"), "{}", said.stderr);
}

#[test]
fn one_that_flies_something_else_is_5_and_leaves_no_bundle() {
    let folder = tempfile::tempdir().unwrap();
    let body = "    let vehicle = vehicle.arm_and_take_off(AboveHome(8.0)).await?;\n    vehicle.land().await";
    let said = run_with_model(folder.path(), &mission(body));
    assert_eq!(said.code, 5, "{}", said.stderr);
    let report = flightsmith_tests::report(&folder.path().join("run"));
    assert_eq!((&report["verdict"], &report["flights"]["passed"]), (&"failed".into(), &0.into()));
    assert!(!folder.path().join("run/70-bundle").exists());
}

#[test]
fn one_that_hangs_or_panics_is_5_and_the_vehicle_comes_home() {
    for body in ["    loop { core::hint::spin_loop(); }", "    panic!(\"as the test asks\")"] {
        let folder = tempfile::tempdir().unwrap();
        let body = format!("    let _vehicle = vehicle.arm_and_take_off(AboveHome(5.0)).await?;\n{body}");
        let said = run_with_model(folder.path(), &mission(&body));
        assert!(matches!(said.code, 4 | 5), "{}", said.stderr);
        if said.code == 5 {
            let track = fs::read_to_string(folder.path().join("run/60-flights/0001/track.json")).unwrap();
            let track: serde_json::Value = serde_json::from_str(&track).unwrap();
            let last_m = track["altitude_m"].as_array().and_then(|heights| heights.last()?.as_f64()).unwrap();
            assert!(last_m < 0.5, "left at {last_m} m");
        }
    }
}

#[test]
fn one_that_computes_for_too_long_at_once_is_5_though_it_flies_as_promised() {
    let folder = tempfile::tempdir().unwrap();
    let body = "    let mut vehicle = vehicle.arm_and_take_off(AboveHome(5.0)).await?;\n    vehicle.hold(Seconds(3.0)).await?;\n    \
                let mut sum = 0.0_f64;\n    for number in 0..8_000_000_u32 {\n        sum = (sum + f64::from(number)) % 97.3;\n    }\n    \
                if sum > 1e9 {\n        return vehicle.return_to_launch().await;\n    }\n    vehicle.land().await";
    let said = run_with_model(folder.path(), &mission(body));
    assert_eq!(said.code, 5, "{}", said.stderr);
    assert!(said.stderr.contains("ms of CPU time in a tick, limit 5.0 ms"), "{}", said.stderr);
}

#[test]
fn a_missing_tool_is_6_and_named_with_what_installs_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = flightsmith(folder.path(), &["run", WORDS, "--target", "aarch64", "--out", "run"]);
    let said = said(command.env("PATH", folder.path()).output().unwrap());
    assert_eq!(said.code, 6, "{}", said.stderr);
    assert!(said.stderr.contains("hint: "), "{}", said.stderr);
}

#[test]
fn a_board_without_the_feature_is_6_with_the_command_that_builds_it() {
    // The program under test is the one of `cargo build --package flightsmith`, without features.
    let folder = tempfile::tempdir().unwrap();
    let said = run(folder.path(), &["upload", "run", "--to", "probe://STM32F405RG", "--dry-run"]);
    assert_eq!(said.code, 6, "{}", said.stderr);
    let command = format!("cargo install --path {}/agent --features probe", flightsmith_tests::root().display());
    assert!(said.stderr.contains(&command), "{}", said.stderr);
}

#[test]
fn an_upload_that_nobody_approves_or_that_reaches_nobody_is_7() {
    let folder = tempfile::tempdir().unwrap();
    let planned = run(folder.path(), &["run", WORDS, "--target", "host", "--flights", "1", "--yes", "--out", "run"]);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    // --yes answers no question of safety: without a policy file nobody approves.
    let refused = run(folder.path(), &["upload", "run", "--to", "ssh://pilot@127.0.0.1:9", "--yes"]);
    assert_eq!(refused.code, 7, "{}", refused.stderr);
    assert!(refused.stderr.contains("not approved"), "{}", refused.stderr);
    let policy = "vehicles = [\"quad\"]\nhosts = [\"127.0.0.1\"]\n";
    fs::write(folder.path().join("policy.toml"), policy).unwrap();
    let args = ["upload", "run", "--to", "ssh://pilot@127.0.0.1:9", "--policy", "policy.toml", "--yes"];
    let unreached = run(folder.path(), &args);
    assert_eq!(unreached.code, 7, "{}", unreached.stderr);
    let record = fs::read_to_string(folder.path().join("run/80-deployment.json")).unwrap();
    assert!(record.contains("left_as_it_was"), "{record}");
}

#[test]
fn fix_mends_0_or_says_what_is_left_4() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    let write = |main: &str| {
        fs::create_dir_all(project.join("src")).unwrap();
        fs::write(project.join("Cargo.toml"), "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n")
            .unwrap();
        fs::write(project.join("src/main.rs"), main).unwrap();
    };
    write("fn main() {\n    let x = 1;\n    x += 1;\n    println!(\"{x}\");\n}\n");
    let shown = run(folder.path(), &["fix", "project", "--check", "--allow-no-vcs"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("let mut x"), "{}", shown.stdout);
    assert!(!fs::read_to_string(project.join("src/main.rs")).unwrap().contains("mut"), "--check writes nothing");
    let mended = run(folder.path(), &["fix", "project", "--allow-no-vcs"]);
    assert_eq!(mended.code, 0, "{}", mended.stderr);
    assert!(fs::read_to_string(project.join("src/main.rs")).unwrap().contains("let mut x"));
    write("fn main() {\n    let x: i32 = \"one\";\n    println!(\"{x}\");\n}\n");
    let left = run(folder.path(), &["fix", "project", "--allow-no-vcs"]);
    assert_eq!(left.code, 4, "{}{}", left.stdout, left.stderr);
    assert!(left.stdout.contains("E0308"), "{}", left.stdout);
}
