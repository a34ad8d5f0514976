//! The main job, end to end: words in, a signed bundle with an ARM program out, the same for the same seed, in both flavours.
use flightsmith_tests::{report, run};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

const WORDS: &str = "Take off to 10 m, fly a 40 m square at 5 m/s, then return and land";

/// What goes to a companion computer, with the C library inside it; glibc's takes 0.5 MB more than musl's.
const MOST_PROGRAM_BYTES: usize = 1_500_000;

fn sha256(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn words_to_bundle(folder: &Path, out: &str, autopilot: &str) {
    let flags = ["--target", "aarch64", "--autopilot", autopilot, "--setup", "--yes", "--out", out];
    let said = run(folder, &[&["run", WORDS], &flags[..]].concat());
    assert_eq!(said.code, 0, "{}", said.stderr);
    for piece in ["Take off to 10", "square of 40 m", "verified"] {
        let lower = said.stderr.to_lowercase();
        assert!(lower.contains(&piece.to_lowercase()), "{piece:?} is not in {}", said.stderr);
    }
}

#[test]
fn the_readmes_mission_is_verified_for_arm_in_both_flavours_and_repeats() {
    let folder = tempfile::tempdir().unwrap();
    for (out, autopilot) in [("first", "ardupilot"), ("again", "ardupilot"), ("px4", "px4")] {
        words_to_bundle(folder.path(), out, autopilot);
        let run = folder.path().join(out);
        let report = report(&run);
        assert_eq!(report["verdict"], "verified");
        assert_eq!((&report["flights"]["flown"], &report["flights"]["passed"]), (&22.into(), &22.into()));
        assert_eq!(report["artifact"]["target"], "aarch64");
        let artifact = run.join(report["artifact"]["path"].as_str().unwrap());
        assert_eq!(report["artifact"]["sha256"], sha256(&artifact));
        let elf = fs::read(&artifact).unwrap();
        assert_eq!((&elf[..4], elf[18]), (&b"\x7fELF"[..], 183), "an ELF file for AArch64 (machine 183)");
        eprintln!("the companion's program: {} of {MOST_PROGRAM_BYTES} bytes", elf.len());
        assert!(elf.len() <= MOST_PROGRAM_BYTES, "{} bytes", elf.len());
        for name in [
            "00-request.json",
            "10-brief.md",
            "20-plan.json",
            "21-contract.json",
            "22-readback.txt",
            "40-attempts/01/attempt.json",
            "50-mission/src/mission.rs",
            "60-flights/0022/flight.tlog",
            "60-flights/0022/verdict.json",
            "70-bundle/manifest.json",
            "70-bundle/manifest.sig",
            "events.jsonl",
            "report.html",
        ] {
            assert!(run.join(name).is_file(), "{out}/{name} is missing");
        }
        let arm: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(run.join("60-flights/0022/verdict.json")).unwrap()).unwrap();
        assert_eq!((&arm["backend"], &arm["passed"]), (&"qemu-aarch64".into(), &true.into()));
    }
    // The same seed and sources: the same bytes, from plan to verdict and log.
    let same = |name: &str| {
        let (first, again) = (folder.path().join("first").join(name), folder.path().join("again").join(name));
        assert_eq!(sha256(&first), sha256(&again), "{name} differs between two runs");
    };
    for name in
        ["20-plan.json", "21-contract.json", "22-readback.txt", "50-mission/src/mission.rs", "70-bundle/mission"]
    {
        same(name);
    }
    for number in 1..=22 {
        same(&format!("60-flights/{number:04}/verdict.json"));
        same(&format!("60-flights/{number:04}/flight.tlog"));
    }
}
