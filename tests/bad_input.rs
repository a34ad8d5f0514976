//! Bad input gets a clear error with its documented exit code, and loses nothing.
use flightsmith_tests::{finish, flightsmith, program, run, said, wait_for};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// Runs `args` in an empty folder: exit code and a piece of what stderr must say.
fn check(args: &[&str], code: i32, piece: &str) {
    let folder = tempfile::tempdir().unwrap();
    check_in(folder.path(), args, code, piece);
}

fn check_in(folder: &Path, args: &[&str], code: i32, piece: &str) {
    let said = run(folder, args);
    assert_eq!(said.code, code, "{args:?}: {}{}", said.stdout, said.stderr);
    assert!(said.stderr.contains(piece), "{args:?} does not say {piece:?}: {}", said.stderr);
    assert!(!said.stderr.contains("panicked"), "{args:?}: {}", said.stderr);
}

#[test]
fn wrong_usage_is_2() {
    check(&[], 2, "Usage");
    check(&["run"], 2, "required");
    check(&["fly-away"], 2, "unrecognized");
    check(&["plan", "take off to 5 m and land", "--autopilot", "betaflight"], 2, "ardupilot or px4");
    check(&["plan", "take off to 5 m and land", "--home", "north pole"], 2, "LAT,LON,ALT,HEADING");
    check(&["plan", "take off to 5 m and land", "--home", "NaN,0,0,0"], 2, "LAT,LON,ALT,HEADING");
    check(&["plan", "take off to 5 m and land", "--vehicle", "zeppelin"], 2, "no vehicle is called");
    check(&["plan", "take off to 5 m and land", "--target", "z80"], 2, "there is no target");
    check(&["plan", "take off to 5 m and land", "--flights", "0"], 2, "1 to");
    check(&["plan", "take off to 5 m and land", "--sim", "unity"], 2, "MAVLink URL");
}

#[test]
fn boards_that_cannot_be_meant_are_2() {
    for (to, says) in [
        ("probe://", "names no chip"),
        ("probe://STM32F405RG?probe=stlink", "names no probe"),
        ("probe://STM32F405RG?protocol=spi", "swd or jtag"),
        ("probe://STM32F405RG?speed_khz=fast", "no speed in kHz"),
        ("probe://STM32F405RG?erase=all", "means nothing"),
    ] {
        check(&["upload", "run", "--to", to], 2, says);
    }
    let board = ["upload", "run", "--to", "probe://STM32F405RG"];
    for flag in [&["--rollback"][..], &["--link", "tcp://127.0.0.1:1"], &["--unit", "user"], &["--emulator", "qemu"]] {
        check(&[&board, flag].concat(), 2, "means nothing for a board");
    }
    check(&["upload", "run", "--to", "ssh://pi@drone", "--dry-run"], 2, "--dry-run is for a board");
    check(&["start", "run", "--to", "probe://STM32F405RG"], 2, "pilot's switch");
}

#[test]
fn words_that_are_no_mission_are_3() {
    check(&["plan", ""], 3, "refused");
    check(&["plan", "   \n\t "], 3, "refused");
    check(&["plan", "what is the weather like?"], 3, "refused");
    let long = "fly 10 m north, ".repeat(7_000);
    check(&["plan", &long], 3, "refused");
    check(&["plan", "take off to -5 m and land"], 3, "refused");
    check(&["plan", "take off to 1e999 m and land"], 3, "refused");
}

#[test]
fn plan_files_name_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    write("unknown.json", br#"{"name":"x","colour":"red","steps":[]}"#);
    write("nan.toml", b"name = \"x\"\n[[steps]]\ndo = { take_off = { altitude_m = nan } }\n[[steps]]\ndo = \"land\"\n");
    write("empty.json", b"");
    write("binary.toml", &[0xff, 0xfe, 0x00, 0x80]);
    write("no-steps.json", br#"{"name":"x","steps":[]}"#);
    check_in(folder.path(), &["plan", "--plan", "unknown.json"], 3, "colour");
    check_in(folder.path(), &["plan", "--plan", "nan.toml"], 3, "altitude");
    check_in(folder.path(), &["plan", "--plan", "empty.json"], 3, "empty.json");
    check_in(folder.path(), &["plan", "--plan", "binary.toml"], 3, "binary.toml");
    check_in(folder.path(), &["plan", "--plan", "no-steps.json"], 3, "refused");
    check_in(folder.path(), &["plan", "--plan", "not-there.json"], 9, "not-there.json");
}

#[test]
fn files_that_cannot_be_written_are_9() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "in the way").unwrap();
    check_in(folder.path(), &["plan", "take off to 5 m and land", "--out", "file/run"], 9, "file/run");
    check_in(folder.path(), &["check", "nowhere"], 9, "nowhere");
    check_in(folder.path(), &["plan", "take off to 5 m and land", "--out", "/proc/run"], 9, "/proc/run");
}

#[test]
fn a_folder_holds_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let words = "take off to 5 m and land";
    let first = run(folder.path(), &["plan", words, "--out", "run"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    let plan = fs::read(folder.path().join("run/20-plan.json")).unwrap();
    check_in(folder.path(), &["plan", "take off to 9 m and land", "--out", "run"], 9, "holds a run already");
    assert_eq!(fs::read(folder.path().join("run/20-plan.json")).unwrap(), plan);
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    // A 16 kB file system of its own in a mount namespace; who is not root gets a user namespace for it as well.
    let folder = tempfile::tempdir().unwrap();
    let small = folder.path().join("small");
    fs::create_dir(&small).unwrap();
    let is_root = fs::read_to_string("/proc/self/status").unwrap().contains("\nUid:\t0\t");
    let namespaces: &[&str] = if is_root { &["--mount"] } else { &["--user", "--map-root-user", "--mount"] };
    let script = "mount -t tmpfs -o size=16k tmpfs \"$1\" && cd \"$1\" && exec \"$2\" plan \"$3\" --out run";
    let mut command = std::process::Command::new("unshare");
    command.args(namespaces).args(["sh", "-c", script, "sh"]).arg(&small).arg(flightsmith_tests::program());
    command.arg("take off to 5 m, fly a 40 m square, return and land");
    flightsmith_tests::lives_in(&mut command, folder.path());
    let said = flightsmith_tests::said(command.output().expect("util-linux has unshare"));
    assert_eq!(said.code, 9, "{}", said.stderr);
    assert!(said.stderr.contains("No space left"), "{}", said.stderr);
}

#[test]
fn a_model_that_is_down_or_talks_garbage_is_8() {
    let folder = tempfile::tempdir().unwrap();
    // Words that the grammar reads are planned without the model, and then it has to write the program; others it has to plan.
    let (readable, words) = ("take off to 5 m and land", "kindly gallivant over the meadow for a while at 5 m");
    let run = ["run", readable, "--target", "host", "--yes", "--llm", "http://127.0.0.1:9/v1", "--out", "writing"];
    check_in(folder.path(), &run, 8, "127.0.0.1:9");
    assert!(!folder.path().join("writing/50-mission").exists(), "no canned program may stand in for the model's");
    check_in(folder.path(), &["plan", words, "--llm", "http://127.0.0.1:9/v1", "--out", "down"], 8, "127.0.0.1:9");
    let garbage = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", garbage.local_addr().unwrap());
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        for stream in garbage.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 65_536]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
        }
    });
    check_in(folder.path(), &["plan", words, "--llm", &url, "--out", "garbage"], 8, "model");
    assert!(!folder.path().join("garbage/20-plan.json").exists(), "no plan may come of garbage");
    check_in(folder.path(), &["plan", words, "--llm", "nonsense", "--out", "nonsense"], 2, "llm");
}

#[test]
fn an_interrupted_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let words = "take off to 10 m, fly a 40 m square at 5 m/s, then return and land";
    let child =
        flightsmith(folder.path(), &["run", words, "--target", "host", "--flights", "400", "--out", "run", "--yes"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
    let flights = folder.path().join("run/60-flights");
    wait_for("the first flights", Duration::from_secs(300), || fs::read_dir(&flights).is_ok_and(|dir| dir.count() > 3));
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let said = finish(child, "the end after Ctrl-C", Duration::from_secs(20));
    assert_eq!(said.code, 130, "{}", said.stderr);
    assert!(said.stderr.contains("resume"), "{}", said.stderr);
    let request = folder.path().join("run/00-request.json");
    let text = fs::read_to_string(&request).unwrap().replace("\"flights\": 400", "\"flights\": 8");
    fs::write(&request, text).unwrap();
    let resumed = run(folder.path(), &["resume", "run", "--yes"]);
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    assert_eq!(flightsmith_tests::report(&folder.path().join("run"))["verdict"], "verified");
}

#[test]
fn a_full_disk_under_the_knowledge_base_is_9() {
    let folder = tempfile::tempdir().unwrap();
    // A file system of 2 MB, seen by this process only.
    let mut full = std::process::Command::new("bwrap");
    full.args(["--dev-bind", "/", "/", "--size", "2097152", "--tmpfs"]).arg(folder.path());
    for home in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        full.args(["--setenv", home]).arg(folder.path());
    }
    full.arg(program()).args(["kb", "build"]);
    let said = said(full.output().unwrap());
    assert_eq!(said.code, 9, "{}{}", said.stdout, said.stderr);
    assert!(said.stderr.contains("no space left") && !said.stderr.contains("panicked"), "{}", said.stderr);
}
