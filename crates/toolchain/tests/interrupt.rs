//! The end of this program is the end of its children, however it comes.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::process::{self, Invocation, Limits, ProcessError};
use flightsmith_toolchain::sandbox::{Confined, Sandbox};

/// Processes whose command line holds the marker.
fn living(marker: &str) -> usize {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| String::from_utf8_lossy(line).contains(marker)).count()
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::yield_now();
    }
}

fn long() -> Limits {
    Limits::wall(Duration::from_secs(600))
}

fn sleeper(marker: &str) -> Invocation {
    Invocation::new("/bin/sh", long()).args(["-c", "sleep 500 & sleep 500; :", marker])
}

/// Set in the process that is to be killed.
const VICTIM: &str = "INTERRUPT_TEST_MARKER";

#[test]
fn children_die_with_this_program() {
    if let Some(marker) = std::env::var_os(VICTIM) {
        // The victim: one child in a sandbox, one without, started from a thread that ends at once.
        let marker = marker.to_str().unwrap().to_owned();
        let path = ["/usr/bin", "/bin"].map(PathBuf::from).to_vec();
        let sandbox = Sandbox::probe(&Host::new(path, "/nonexistent")).unwrap();
        let confined = Confined::new("/bin/sh", long()).args(["-c", "sleep 500; :", marker.as_str()]);
        let invocation = sandbox.invocation(&confined).unwrap();
        let _piped = std::thread::spawn(move || process::spawn_piped(&invocation).unwrap()).join().unwrap();
        let _ = process::run(&sleeper(&marker));
        return;
    }
    let marker = format!("marker-a-{}", std::process::id());
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "children_die_with_this_program"])
        .env(VICTIM, &marker)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Outer and inner shell, and bubblewrap twice with the marker among its arguments.
    wait_until("the victim's children run", || living(&marker) >= 4);
    victim.kill().unwrap();
    assert_eq!(victim.wait().unwrap().signal(), Some(9));
    wait_until("they are gone", || living(&marker) == 0);
}

#[test]
fn an_interrupt_ends_children_and_lets_no_new_ones_start() {
    let marker = format!("marker-b-{}", std::process::id());
    let invocation = sleeper(&marker);
    let running = std::thread::spawn({
        let invocation = invocation.clone();
        move || process::run(&invocation)
    });
    wait_until("the child runs", || living(&marker) >= 1);
    process::interrupt();
    assert!(matches!(running.join().unwrap(), Err(ProcessError::Interrupted)));
    wait_until("it is gone", || living(&marker) == 0);
    assert!(matches!(process::run(&invocation), Err(ProcessError::Interrupted)));
    assert!(matches!(process::spawn_piped(&invocation), Err(ProcessError::Interrupted)));
}
