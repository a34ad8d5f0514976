//! Firmware for a microcontroller: the README's mission from words to the image and its flight in the emulated machine, the largest image
//! within its limits, and the way home when a mission panics or hangs.
use flightsmith::cross::Footprint;
use flightsmith::settings;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::vehicle::{Autopilot, Vehicle};
use flightsmith_sim::lockstep::{self, LockstepLimits, MissionPart};
use flightsmith_sim::{Scenario, SimConfig, Simulation};
use flightsmith_toolchain::prebuilt::{MissionCrate, Prebuilt};
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_toolchain::targets::{self, READY, Target};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const WORDS: &str = "Take off to 10 m, fly a 40 m square at 5 m/s, then return and land";
/// What a chip of this class can spare for a mission.
const MOST_FLASH_BYTES: u64 = 160 * 1024;
/// Every call of a mission and its payloads on top of the whole action, offboard and telemetry set, in one image
/// (docs/microcontroller.md): more than anybody flies, and this keeps it from growing.
const MOST_FLASH_EVERYTHING_BYTES: u64 = 174 * 1024;
const MOST_RAM_BYTES: u64 = 32 * 1024;
/// Vehicle seconds from a trouble to the way home.
const HOME_WITHIN_S: f64 = 5.0;

fn assert_fits(footprint: Footprint, most_flash_bytes: u64) {
    let Footprint { flash_bytes, ram_bytes } = footprint;
    eprintln!("flash {flash_bytes} of {most_flash_bytes} bytes, RAM {ram_bytes} of {MOST_RAM_BYTES} bytes");
    assert!(flash_bytes <= most_flash_bytes, "{flash_bytes} bytes of flash");
    assert!(ram_bytes <= MOST_RAM_BYTES, "{ram_bytes} bytes of RAM");
}

#[test]
fn the_readmes_mission_flies_as_firmware() {
    let folder = tempfile::tempdir().unwrap();
    for autopilot in ["ardupilot", "px4"] {
        let out = folder.path().join(autopilot);
        let said = Command::new(env!("CARGO_BIN_EXE_flightsmith"))
            .args([
                "run",
                WORDS,
                "--target",
                "thumbv7em",
                "--flights",
                "1",
                "--setup",
                "--yes",
                "--autopilot",
                autopilot,
            ])
            .arg("--out")
            .arg(&out)
            // A home of this test: no settings, keys or lessons of this machine's user.
            .env("XDG_DATA_HOME", folder.path().join("home"))
            .env("XDG_CONFIG_HOME", folder.path().join("home"))
            .output()
            .unwrap();
        assert_eq!(said.status.code(), Some(0), "{}", String::from_utf8_lossy(&said.stderr));
        let read = |name: &str| -> serde_json::Value {
            serde_json::from_str(&fs::read_to_string(out.join(name)).unwrap()).unwrap()
        };
        let (report, verdict) = (read("report.json"), read("60-flights/0002/verdict.json"));
        assert_eq!((&report["verdict"], &report["flights"]["passed"]), (&"verified".into(), &2.into()));
        assert_eq!((&verdict["backend"], &verdict["passed"]), (&"qemu-thumbv7em".into(), &true.into()));
        assert_eq!(report["artifact"]["target"], "thumbv7em");
        let image = fs::read(out.join(report["artifact"]["path"].as_str().unwrap())).unwrap();
        assert_eq!((&image[..5], image[18]), (&b"\x7fELF\x01"[..], 40), "an ELF file for 32-bit ARM (machine 40)");
        let footprint = Footprint::of(&image).unwrap();
        assert_fits(footprint, MOST_FLASH_BYTES);
        assert_eq!(report["artifact"]["flash_bytes"], footprint.flash_bytes);
        assert_eq!(report["artifact"]["ram_bytes"], footprint.ram_bytes);
        let page = fs::read_to_string(out.join("report.html")).unwrap();
        assert!(page.contains(&format!("{} bytes", footprint.flash_bytes)));
    }
}

/// Firmware around missions that no generator would write.
struct Shop {
    folder: tempfile::TempDir,
    prebuilt: Prebuilt,
    sandbox: Sandbox,
}

impl Shop {
    fn open() -> Self {
        let host = settings::host();
        let toolchain =
            targets::find(Target::Thumbv7em, &host).unwrap_or_else(|missing| panic!("{missing}; run tests/setup"));
        let prebuilt = Prebuilt::open(&host, &toolchain, &settings::source_root(), &settings::cache_home())
            .unwrap_or_else(|error| panic!("{error}"));
        let sandbox = Sandbox::probe(&host).unwrap_or_else(|error| panic!("{error}"));
        Self { folder: tempfile::tempdir().unwrap(), prebuilt, sandbox }
    }

    /// The image of the template around a mission of `tests/data/firmware`, for `board`.
    fn image(&self, mission: &str, board: &str) -> PathBuf {
        let template = settings::source_root().join("firmware-template/mcu/mission");
        let folder = self.folder.path().join(mission);
        fs::create_dir_all(folder.join("src")).unwrap();
        for file in ["Cargo.toml", "src/lib.rs"] {
            fs::copy(template.join(file), folder.join(file)).unwrap();
        }
        // What firmware reads of it, without a blank, as a run writes it.
        let limits = fs::read(template.join("limits.json")).unwrap();
        let mut limits: serde_json::Value = serde_json::from_slice(&limits).unwrap();
        for unread in ["description", "reports", "airframe", "companion"] {
            limits["vehicle"].as_object_mut().unwrap().remove(unread);
        }
        fs::write(folder.join("limits.json"), limits.to_string()).unwrap();
        let main = fs::read_to_string(template.join("src/main.rs")).unwrap();
        assert!(main.contains("boards::NETDUINO_PLUS_2"));
        fs::write(folder.join("src/main.rs"), main.replace("NETDUINO_PLUS_2", board)).unwrap();
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/firmware");
        let mut source = fs::read_to_string(data.join(mission).with_extension("rs")).unwrap();
        if source.contains("act(&system)") {
            source = format!("{source}\n{}", fs::read_to_string(data.join("system.rs")).unwrap());
        }
        fs::write(folder.join("src/mission.rs"), source).unwrap();
        let crate_ = MissionCrate::open(&folder).unwrap();
        let out = self.folder.path().join(format!("{mission}-{board}"));
        let linked = self.prebuilt.link(&self.sandbox, &crate_, &out).unwrap();
        linked.unwrap_or_else(|compilation| panic!("{compilation:#?}")).path
    }
}

#[test]
fn the_whole_set_links_for_every_board_and_fits_it() {
    let shop = Shop::open();
    for (mission, most_bytes) in [("system_set", MOST_FLASH_BYTES), ("whole_set", MOST_FLASH_EVERYTHING_BYTES)] {
        for board in ["NETDUINO_PLUS_2", "FEATHER_F405"] {
            eprint!("{mission} for {board}: ");
            assert_fits(Footprint::of(&fs::read(shop.image(mission, board)).unwrap()).unwrap(), most_bytes);
        }
    }
}

#[test]
fn a_mission_that_panics_or_hangs_is_brought_home_by_the_chips_next_life() {
    let shop = Shop::open();
    for (mission, words) in [("panics", "as the test asks"), ("spins", "made no progress")] {
        let image = shop.image(mission, "NETDUINO_PLUS_2");
        for autopilot in [Autopilot::ArduPilot, Autopilot::Px4] {
            let (code, log, home_s) = fly(&shop, &image, autopilot);
            assert_eq!(code, Some(101), "{mission} {autopilot:?}: {log}");
            assert!(log.contains(words) && log.contains("the vehicle is down and disarmed"), "{log}");
            assert!(home_s <= HOME_WITHIN_S, "{mission} {autopilot:?}: {home_s} s to the way home");
        }
    }
}

/// Flies an image whose mission gets into trouble at the end of its leg: exit code, log, and the seconds from there to the way home.
fn fly(shop: &Shop, image: &Path, autopilot: Autopilot) -> (Option<i32>, String, f64) {
    let vehicle: Vehicle = toml::from_str(include_str!("../vehicles/quad.toml")).unwrap();
    let (home, scenario) = (Home::default(), Scenario::nominal());
    let mut sim = Simulation::new(SimConfig { vehicle, autopilot, home, seed: 5, scenario, warm_start: true });
    let run_with = shop.prebuilt.toolchain().run_with();
    let mut machine = Command::new(&run_with[0])
        .args(&run_with[1..])
        .arg(image)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (to, mut from) = (machine.stdin.take().unwrap(), machine.stdout.take().unwrap());
    assert!(lockstep::await_ready(&mut from, READY, Duration::from_secs(20)).unwrap(), "it starts");
    let (mut at_corner_s, mut home_s) = (None, None);
    let end = lockstep::fly_lockstep::<_, _, Vec<u8>>(
        &mut sim,
        from,
        to,
        None,
        &LockstepLimits::default(),
        &mut || None,
        &mut |sim| {
            let truth = sim.truth();
            let on_its_way = !truth.armed || ["RTL", "LAND"].iter().any(|mode| truth.mode.ends_with(mode));
            if truth.position.north_m > 9.0 {
                at_corner_s.get_or_insert(truth.time_s);
            }
            if at_corner_s.is_some() && on_its_way {
                home_s.get_or_insert(truth.time_s);
            }
            ControlFlow::Continue(())
        },
    )
    .unwrap();
    if end.mission != MissionPart::Left {
        // It hangs, and what it said is wanted all the same.
        machine.kill().unwrap();
    }
    let output = machine.wait_with_output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(end.landed, "{end:?}: {log}");
    // It slows down for a while behind the ninth metre before it is at the corner.
    let took_s = home_s.expect("on its way home") - at_corner_s.expect("at its corner") - 3.0;
    (output.status.code(), log, took_s)
}
