//! The rules of the house that a review would otherwise repeat: who may know whom, names of modules, a purpose on every module.
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace")
}

fn rust_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = ["agent", "sdk", "sdk-kb", "sim", "crates", "firmware-template", "tests"]
        .iter()
        .map(|folder| root().join(folder))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the workspace") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target" && name != "data") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Our own packages that the manifest at `path` depends on (not for its tests alone).
fn own_dependencies(path: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(path).join("Cargo.toml")).expect("a manifest");
    let manifest: toml::Table = text.parse().expect("TOML");
    let dependencies = manifest.get("dependencies").and_then(|table| table.as_table());
    dependencies
        .into_iter()
        .flat_map(|table| table.keys())
        .filter(|name| name.starts_with("flightsmith"))
        .cloned()
        .collect()
}

#[test]
fn crates_know_only_whom_they_may() {
    let may_know: [(&str, &[&str]); 14] = [
        ("crates/mission", &[]),
        ("sdk", &["flightsmith-mission"]),
        ("sim", &["flightsmith-mission"]),
        ("sdk-kb", &[]),
        ("crates/embed", &["flightsmith-kb"]),
        ("crates/llm", &[]),
        ("crates/toolchain", &[]),
        ("crates/upload", &["flightsmith-mission"]),
        ("crates/probe", &["flightsmith-upload"]),
        ("crates/shared-kb", &["flightsmith-kb"]),
        ("firmware-template/runner", &["flightsmith-mission", "flightsmith-sdk"]),
        ("firmware-template/companion", &["flightsmith-runner", "flightsmith-sdk"]),
        ("crates/xtask", &["flightsmith-mission", "flightsmith-sim"]),
        (
            "agent",
            &[
                "flightsmith-embed",
                "flightsmith-kb",
                "flightsmith-llm",
                "flightsmith-mission",
                "flightsmith-probe",
                "flightsmith-shared-kb",
                "flightsmith-sim",
                "flightsmith-toolchain",
                "flightsmith-upload",
            ],
        ),
    ];
    for (package, allowed) in may_know {
        let allowed: BTreeSet<String> = allowed.iter().map(|name| name.to_string()).collect();
        let extra: Vec<String> = own_dependencies(package).difference(&allowed).cloned().collect();
        assert!(extra.is_empty(), "{package} must not know {extra:?}");
    }
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    const BANNED: [&str; 6] = ["util", "utils", "common", "helpers", "misc", "manager"];
    let offenders: Vec<String> = rust_files()
        .iter()
        .filter(|path| {
            path.components().any(|part| BANNED.contains(&part.as_os_str().to_string_lossy().trim_end_matches(".rs")))
        })
        .map(|path| shown(path))
        .collect();
    assert!(offenders.is_empty(), "name these by what is in them: {offenders:?}");
}

#[test]
fn every_module_says_what_it_is_for() {
    let offenders: Vec<String> = rust_files()
        .iter()
        .filter(|path| {
            let text = fs::read_to_string(path).expect("UTF-8 source");
            let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!["));
            !first.is_some_and(|line| line.starts_with("//!"))
        })
        .map(|path| shown(path))
        .collect();
    assert!(offenders.is_empty(), "open these with //! and their purpose: {offenders:?}");
}

#[test]
fn one_place_starts_processes_one_reads_the_environment_one_the_wall_clock() {
    // (needle, where it may stand); the mission's own side (runner) and tests have their own rules.
    let rules: [(&str, &[&str]); 3] = [
        ("process::Command", &["crates/toolchain/src/process/", "crates/xtask/", "firmware-template/runner/"]),
        ("env::var", &["agent/src/settings.rs", "crates/xtask/", "firmware-template/runner/"]),
        (
            "SystemTime::now(",
            &["agent/src/clock.rs", "crates/xtask/", "firmware-template/runner/", "sdk/src/driver/key_file.rs"],
        ),
    ];
    let mut offenders = Vec::new();
    for path in rust_files() {
        let name = shown(&path);
        let is_test = name.starts_with("tests/")
            || name.contains("/tests/")
            || name.ends_with("tests.rs")
            || name.contains("/examples/");
        let text = fs::read_to_string(&path).expect("UTF-8 source");
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (needle, allowed) in rules {
            if !is_test && product.contains(needle) && !allowed.iter().any(|prefix| name.starts_with(prefix)) {
                offenders.push(format!("{name}: {needle}"));
            }
        }
    }
    assert!(offenders.is_empty(), "{offenders:#?}");
}

#[test]
fn no_file_is_longer_than_a_reader_bears() {
    const LIMIT: usize = 900;
    let offenders: Vec<String> = rust_files()
        .iter()
        .filter_map(|path| {
            let lines = fs::read_to_string(path).expect("UTF-8 source").lines().count();
            (lines > LIMIT).then(|| format!("{} has {lines} lines", shown(path)))
        })
        .collect();
    assert!(offenders.is_empty(), "split these by meaning (limit {LIMIT}): {offenders:?}");
}
