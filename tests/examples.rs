//! Every example, from its words to a verdict, in both flavours: planned, written, compiled, flown and judged by the real program.
use flightsmith_tests::{report, root, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// `expect.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    vehicle: String,
    autopilots: Vec<String>,
    verdict: String,
    flights: usize,
    photos: usize,
    releases: usize,
    landing: Landing,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Landing {
    north_m: f64,
    east_m: f64,
}

fn examples() -> Vec<PathBuf> {
    let entries =
        fs::read_dir(root().join("examples")).expect("the examples").map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// What is wrong with `example` in the flavour `autopilot`, if something is.
fn faults(example: &Path, expect: &Expect, autopilot: &str) -> Vec<String> {
    let brief = fs::read_to_string(example.join("brief.md")).expect("brief.md");
    let words = brief.split("\n\n").next().unwrap_or_default().trim();
    let scratch = tempfile::tempdir().expect("a folder");
    let flights = expect.flights.to_string();
    let flags = ["--vehicle", &expect.vehicle, "--autopilot", autopilot, "--target", "host", "--flights", &flights];
    let said = run(scratch.path(), &[&["run", words, "--yes", "--out", "run"], &flags[..]].concat());
    let folder = scratch.path().join("run");
    if said.code != 0 {
        return vec![format!("exit {}: {}", said.code, said.stderr)];
    }
    let mut faults = Vec::new();
    let mut differs = |what: &str, found: String, expected: String| {
        if found != expected {
            faults.push(format!("{what} is {found}, expected {expected}"));
        }
    };
    let report = report(&folder);
    differs("the verdict", report["verdict"].as_str().unwrap_or_default().into(), expect.verdict.clone());
    // The artifact's own flight comes on top.
    differs("flights passed", report["flights"]["passed"].to_string(), (expect.flights + 1).to_string());
    let read = |name: &str| -> serde_json::Value {
        let text = fs::read_to_string(folder.join("60-flights/0001").join(name)).expect(name);
        serde_json::from_str(&text).expect("JSON")
    };
    let verdict = read("verdict.json");
    let clauses = verdict["clauses"].as_array().expect("clauses");
    let count =
        |kind: &str| clauses.iter().filter(|clause| clause["id"].as_str().is_some_and(|id| id.ends_with(kind))).count();
    differs("photos", count(".photo").to_string(), expect.photos.to_string());
    differs("releases", count(".release").to_string(), expect.releases.to_string());
    let track = read("track.json");
    let last = |column: &str| track[column].as_array().and_then(|values| values.last()?.as_f64()).expect("a track");
    let off_m = (last("north_m") - expect.landing.north_m).hypot(last("east_m") - expect.landing.east_m);
    if off_m > 1.5 {
        faults.push(format!("it landed {off_m:.1} m from where it should"));
    }
    faults
}

#[test]
fn every_example_is_verified_in_both_flavours() {
    let examples = examples();
    assert!(examples.len() >= 80, "{} examples", examples.len());
    let mut jobs = Vec::new();
    for example in &examples {
        let text = fs::read_to_string(example.join("expect.toml")).expect("expect.toml");
        let expect: Expect = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", example.display()));
        assert_eq!(expect.autopilots, ["ardupilot", "px4"], "{}", example.display());
        jobs.extend(
            ["ardupilot", "px4"]
                .map(|autopilot| (example, toml::from_str::<Expect>(&text).expect("read above"), autopilot)),
        );
    }
    let (next, broken) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((example, expect, autopilot)) = jobs.get(next.fetch_add(1, Ordering::SeqCst)) {
                    for fault in faults(example, expect, autopilot) {
                        broken.lock().unwrap().push(format!("{} ({autopilot}): {fault}", example.display()));
                    }
                }
            });
        }
    });
    let broken = broken.into_inner().unwrap();
    assert!(broken.is_empty(), "{} of {} failed:\n{}", broken.len(), jobs.len(), broken.join("\n"));
}
