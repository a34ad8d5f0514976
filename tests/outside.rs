//! Flights outside the embedded simulator: `run --sim` and `fly` over real sockets, against the stand-alone simulator in both flavours,
//! and what is said where the link or the vehicle is not the right one.
use flightsmith_tests::{Guarded, flightsmith, run};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

const WORDS: &str = "take off to 5 m, fly 10 m north, return and land";

/// A stand-alone simulator that is ready for clients. At twice real time: FS_GCS_TIMEOUT is 2 s of vehicle time, and a hiccup of a busy
/// machine must not look like a lost companion.
fn simulator(folder: &Path, args: &[&str]) -> Guarded {
    let mut command = flightsmith(folder, &["sim", "--warm", "--speed", "2"]);
    let mut child = command.args(args).stderr(Stdio::piped()).spawn().expect("the program starts");
    let stderr = child.stderr.take().expect("a piped stderr");
    let guarded = Guarded(child);
    let mut lines = BufReader::new(stderr).lines().map(|line| line.expect("text"));
    let ready = lines.find(|line| line.contains("Ctrl-C ends it"));
    assert!(ready.is_some(), "the simulator did not start: {args:?}");
    // Read on, so that the simulator never writes into a closed pipe.
    std::thread::spawn(move || lines.for_each(drop));
    guarded
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

fn flies_over(folder: &Path, autopilot: &str, link: &str) {
    let common = ["--target", "host", "--flights", "1", "--llm", "offline", "--yes", "--autopilot", autopilot];
    let said = run(folder, &[&["run", WORDS, "--sim", link, "--out", "run"], &common[..]].concat());
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    let said = run(folder, &["fly", "run", "--link", link]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(said.stderr.contains("proves to be a simulator"), "{}", said.stderr);
    // 1 embedded, 2 over the link, 3 the artifact, 4 by `fly`.
    for flight in ["0002", "0004"] {
        let path = folder.join("run/60-flights").join(flight).join("verdict.json");
        let text = std::fs::read_to_string(&path).expect("a verdict");
        let verdict: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(verdict["passed"], true, "{text}");
        assert_eq!(verdict["backend"], format!("{link}, judged on its own telemetry"));
        let last = verdict["clauses"].as_array().expect("clauses").last().expect("one");
        assert_eq!(last["held"], true, "{last}");
    }
}

#[test]
fn ardupilot_over_tcp_and_the_wrong_vehicle() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port().to_string();
    let link = format!("tcp://127.0.0.1:{port}");
    let simulator = simulator(folder.path(), &["--port", &port]);
    flies_over(folder.path(), "ardupilot", &link);

    let run_px4 = ["run", WORDS, "--autopilot", "px4", "--sim", &link, "--target", "host", "--flights", "1"];
    let said = run(folder.path(), &[&run_px4[..], &["--llm", "offline", "--yes", "--out", "wrong"]].concat());
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("is ArduPilot, the program was made for PX4"), "{}", said.stderr);

    drop(simulator);
    let said = run(folder.path(), &["fly", "run", "--link", &link]);
    assert_eq!(said.code, 9, "{}", said.stderr);
    assert!(said.stderr.contains("refused"), "{}", said.stderr);
}

#[test]
fn px4_over_udp() {
    let folder = tempfile::tempdir().unwrap();
    let _simulator = simulator(folder.path(), &["--autopilot", "px4"]);
    flies_over(folder.path(), "px4", "udpin://0.0.0.0:14540");
}

#[test]
fn a_vehicle_that_goes_away_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let link = format!("tcp://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.accept().map(drop));
    let args = ["run", WORDS, "--sim", &link, "--target", "host", "--flights", "1", "--llm", "offline", "--yes"];
    let said = run(folder.path(), &args);
    assert_eq!(said.code, 9, "{}", said.stderr);
    assert!(said.stderr.contains("the link was lost"), "{}", said.stderr);
}
