//! A real mission program is uploaded over SSH, waits there as a unit, and flies the simulator over TCP when it is told to.
//!
//! The companion computer is this machine's OpenSSH server on loopback, the program the companion template's hop.
#[path = "../../crates/upload/tests/ssh/companion.rs"]
#[expect(dead_code, reason = "shared with the tests of flightsmith-upload, which use all of it")]
mod companion;

use companion::{Companion, LocalShell};
use flightsmith::settings;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::vehicle::{Autopilot, Vehicle};
use flightsmith_sim::server::{ServerConfig, Speed, serve};
use flightsmith_sim::{Scenario, SimConfig};
use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::prebuilt::{MissionCrate, Prebuilt};
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_toolchain::targets::{self, Target};
use flightsmith_upload::deployment::{Outcome, deploy, start};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

/// The hop, built for this machine.
fn hop() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "flightsmith-companion", "--message-format=json-render-diagnostics"])
        .current_dir(root)
        .output()
        .expect("cargo starts");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let text = String::from_utf8(built.stdout).expect("cargo writes UTF-8");
    let mut executables = text.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    executables.next_back().expect("the template has a program")
}

/// The hop, built statically for aarch64 as an artifact is, and what runs it here.
fn arm_hop(scratch: &Path) -> (PathBuf, Vec<String>) {
    let path = std::env::split_paths(&std::env::var_os("PATH").expect("a PATH")).collect();
    let host = Host::new(path, std::env::var_os("HOME").expect("a HOME"));
    let toolchain =
        targets::find(Target::Aarch64, &host).unwrap_or_else(|missing| panic!("{missing}; run tests/setup"));
    let sandbox = Sandbox::probe(&host).unwrap_or_else(|missing| panic!("{missing}; run tests/setup"));
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the workspace");
    let prebuilt = Prebuilt::open(&host, &toolchain, &workspace, &settings::cache_home()).expect("the SDK for aarch64");
    let template = scratch.join("hop");
    for file in ["Cargo.toml", "plan.json", "limits.json", "src/lib.rs", "src/main.rs", "src/mission.rs"] {
        let to = template.join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a writable folder");
        fs::copy(workspace.join("firmware-template/companion").join(file), to).expect("the template");
    }
    let out = scratch.join("out");
    fs::create_dir(&out).expect("a writable folder");
    for folder in [scratch, &template, &out] {
        sandbox.hand_over(folder).expect("a folder of ours");
    }
    let mission = MissionCrate::open(&template).expect("the template is a mission's crate");
    let program = prebuilt.link(&sandbox, &mission, &out).expect("rustc runs").expect("the template compiles");
    (program.path, toolchain.run_with().to_vec())
}

/// A simulated ArduPilot vehicle at three times real time while `work` runs with its link's URL.
fn beside_a_vehicle(work: impl FnOnce(&str)) {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    let listen: SocketAddr = free.expect("a free port");
    let vehicle: Vehicle = toml::from_str(include_str!("../vehicles/quad.toml")).expect("the vehicle file is sound");
    let mut config = ServerConfig::new(SimConfig {
        vehicle,
        autopilot: Autopilot::ArduPilot,
        home: Home::default(),
        seed: 1,
        scenario: Scenario::nominal(),
        warm_start: true,
    });
    config.listen = listen;
    // FS_GCS_TIMEOUT is 2 s of vehicle time: faster than this, a hiccup of the machine is a lost companion.
    config.speed = Speed::Times(3.0);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let server = scope.spawn(|| serve(config, &stop));
        // A failed assertion must end the server too, else the scope waits for ever.
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&format!("tcp://{listen}"))));
        stop.store(true, Ordering::Relaxed);
        server.join().expect("the server does not panic").expect("the server serves");
        if let Err(why) = worked {
            std::panic::resume_unwind(why);
        }
    });
}

/// Uploads `program`, built for `target` and run through `emulator` where this machine is another, and lets it fly.
///
/// A program for aarch64 must be linked statically: in dynamic ones a forked child hangs under qemu-user 7.2, and the supervisor
/// takes it for a mission that hangs.
fn upload_and_fly(program: &Path, target: &str, emulator: &[&str]) {
    let there = Companion::new();
    there.run_units();
    beside_a_vehicle(|link| {
        let bundle = there.bundle_of(program, "hop", target);
        let mut upload = there.upload();
        upload.link = link.to_owned();
        upload.emulator = emulator.iter().map(|word| (*word).to_owned()).collect();
        let record = deploy(&bundle, &there.permit(&bundle), &upload, &LocalShell)
            .unwrap_or_else(|why| panic!("{why}; the unit said: {}", there.log()));
        let preflight = record.preflight.expect("the vehicle was looked at");
        assert_eq!((record.outcome, preflight.disarmed, preflight.healthy), (Outcome::Deployed, true, true));
        assert!(there.has("flightsmith/state/waiting"), "it waits");
        start(&there.permit(&bundle), &upload, &LocalShell).unwrap();
        there.until(|| there.log().contains("mission_end"));
        let log = there.log();
        assert!(log.contains("\"mission_end\":\"landed\""), "{log}");
        let again = start(&there.permit(&bundle), &upload, &LocalShell).unwrap_err();
        assert!(again.to_string().contains("starting the mission failed"), "{again}");
    });
}

#[test]
fn an_uploaded_mission_waits_and_flies_when_told_to() {
    upload_and_fly(&hop(), "host", &[]);
}

#[test]
fn an_uploaded_arm_program_flies_under_the_emulator() {
    let scratch = tempfile::tempdir().unwrap();
    let (program, run_with) = arm_hop(scratch.path());
    let run_with: Vec<&str> = run_with.iter().map(String::as_str).collect();
    assert!(run_with.first().is_some_and(|emulator| emulator.contains("qemu-aarch64")), "{run_with:?}");
    upload_and_fly(&program, "aarch64", &run_with);
}
