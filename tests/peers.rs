//! Clients that we did not write: pymavlink, MAVSDK and MAVProxy fly the stand-alone simulator, PyPI's MCP client uses the server.
//! `tests/setup` installs them; one that is missing fails here and says how to get it.
use flightsmith_tests::{Guarded, flightsmith, lives_in, program, python, root, wait_for};
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

/// The PX4 flavour has fixed UDP ports: one simulator at a time.
static SIMULATOR: Mutex<()> = Mutex::new(());

fn peer(script: &str, args: &[&str]) {
    let output =
        Command::new(python()).arg(root().join("tests/peers").join(script)).args(args).output().expect("python starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{script} {args:?}: {}{}", text(&output.stdout), text(&output.stderr));
}

fn simulator(folder: &Path, args: &[&str]) -> Guarded {
    let args = [&["sim", "--warm"], args].concat();
    Guarded(flightsmith(folder, &args).stderr(Stdio::null()).spawn().expect("the simulator starts"))
}

fn with_ardupilot(port: u16, speed: &str, fly: impl FnOnce(&str)) {
    let folder = tempfile::tempdir().unwrap();
    let text = port.to_string();
    let _simulator = simulator(folder.path(), &["--autopilot", "ardupilot", "--port", &text, "--speed", speed]);
    wait_for("the simulator's port", Duration::from_secs(20), || TcpStream::connect(("127.0.0.1", port)).is_ok());
    fly(&format!("tcp:127.0.0.1:{port}"));
}

fn with_px4(speed: &str, fly: impl FnOnce()) {
    let _one_at_a_time = SIMULATOR.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let _simulator = simulator(folder.path(), &["--autopilot", "px4", "--speed", speed]);
    fly();
}

#[test]
fn pymavlink_flies_the_ardupilot_flavour() {
    with_ardupilot(5771, "8", |url| peer("pymavlink_flight.py", &["ardupilot", url]));
}

#[test]
fn pymavlink_flies_the_px4_flavour() {
    with_px4("8", || peer("pymavlink_flight.py", &["px4", "udpin:127.0.0.1:14550"]));
}

#[test]
fn mavsdk_flies_the_px4_flavour() {
    with_px4("1", || peer("mavsdk_flight.py", &["udpin://127.0.0.1:14540"]));
}

#[test]
fn mavproxy_flies_the_ardupilot_flavour() {
    let mavproxy = python().with_file_name("mavproxy.py");
    with_ardupilot(5772, "1.5", |url| peer("mavproxy_session.py", &[url, &mavproxy.display().to_string()]));
}

#[test]
fn an_mcp_client_writes_mends_searches_and_flies() {
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    fs::create_dir_all(project.join("src")).unwrap();
    fs::write(project.join("Cargo.toml"), "[package]\nname = \"broken\"\nversion = \"0.1.0\"\nedition = \"2024\"\n")
        .unwrap();
    fs::write(
        project.join("src/main.rs"),
        "fn main() {\n    let total = 1;\n    total += 2;\n    println!(\"{total}\");\n}\n",
    )
    .unwrap();
    let script = root().join("tests/peers/mcp_client.py");
    let mut client = Command::new(python());
    client.arg(script).arg(&project).arg(program()).arg("mcp").current_dir(folder.path());
    lives_in(&mut client, &folder.path().join(".home"));
    let output = client.output().expect("python starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}
