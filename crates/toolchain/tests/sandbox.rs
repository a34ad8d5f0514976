//! The sandbox and the process runner on this machine's real bubblewrap.

use std::path::PathBuf;
use std::time::Duration;

use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::process::{self, Ending, Invocation, Limits};
use flightsmith_toolchain::sandbox::{Confined, Sandbox};

fn host() -> Host {
    let path = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"].map(PathBuf::from).to_vec();
    Host::new(path, "/nonexistent")
}

fn sandbox() -> Sandbox {
    Sandbox::probe(&host()).unwrap_or_else(|error| panic!("{error}"))
}

fn shell(script: &str, limits: Limits) -> Invocation {
    Invocation::new("/bin/sh", limits).args(["-c", script])
}

fn limits() -> Limits {
    Limits::wall(Duration::from_secs(20))
}

#[test]
fn collects_output_and_ending() {
    let output =
        process::run(&shell("cat; echo err >&2; echo $A; exit 3", limits()).stdin("in\n").env("A", "b")).unwrap();
    assert_eq!(
        (output.ending, output.stdout_text().as_str(), output.stderr_text().as_str()),
        (Ending::Exited(3), "in\nb\n", "err\n")
    );
    let big = vec![b'x'; 3 << 20];
    let output = process::run(&Invocation::new("/bin/cat", limits()).stdin(big.clone())).unwrap();
    assert_eq!((output.ending, output.stdout == big), (Ending::Exited(0), true));
}

#[test]
fn limits_end_the_whole_group() {
    let mut short = limits();
    short.wall = Duration::from_millis(200);
    let output = process::run(&shell("sleep 100 & sleep 100", short)).unwrap();
    assert_eq!(output.ending, Ending::WallLimit);
    let mut small = limits();
    small.output_bytes = 1000;
    let output = process::run(&shell("yes", small)).unwrap();
    assert_eq!((output.ending, output.stdout.len()), (Ending::OutputLimit, 1000));
    let mut cpu = limits();
    cpu.cpu_s = Some(1);
    let output = process::run(&shell("while :; do :; done", cpu)).unwrap();
    assert!(matches!(output.ending, Ending::Signalled(libc::SIGXCPU | libc::SIGKILL)), "{:?}", output.ending);
}

#[test]
fn a_missing_program_is_named() {
    let error = process::run(&Invocation::new("/nonexistent/x", limits())).unwrap_err();
    assert_eq!(error.to_string(), "there is no program /nonexistent/x");
}

#[test]
fn a_piped_child_answers_and_ends() {
    use std::io::{BufRead, BufReader, Write};
    let invocation = sandbox().invocation(&Confined::new("/bin/cat", limits())).unwrap();
    let mut child = process::spawn_piped(&invocation).unwrap();
    let (mut to, mut from) = (child.take_stdin().unwrap(), BufReader::new(child.take_stdout().unwrap()));
    let mut line = String::new();
    to.write_all(b"ping\n").unwrap();
    from.read_line(&mut line).unwrap();
    assert_eq!(line, "ping\n");
    assert!(child.cpu_time() > Duration::ZERO);
    drop(to);
    assert_eq!(child.wait(Duration::from_secs(5)).unwrap(), Ending::Exited(0), "{}", child.log().text());
}

#[test]
fn the_sandbox_shows_a_bare_system() {
    let script = "id -u >/dev/null; ls -1 / | tr '\\n' ' '; ls -1 /etc | tr '\\n' ' '; ls /proc | grep -c '^[0-9]'; env | sort | grep -v '^_='; pwd";
    let confined = Confined::new("/bin/sh", limits()).args(["-c", script]).env("SHOWN", "1").cwd("/tmp");
    let output = process::run(&sandbox().invocation(&confined).unwrap()).unwrap();
    let text = output.stdout_text();
    assert!(output.success(), "{}", output.stderr_text());
    assert!(text.starts_with("bin dev etc lib"), "{text}");
    assert!(!text.contains("home") && !text.contains("root"), "{text}");
    assert!(text.contains("alternatives ld.so.cache"), "{text}");
    assert!(text.ends_with("PWD=/tmp\nSHOWN=1\n/tmp\n"), "{text}");
}
