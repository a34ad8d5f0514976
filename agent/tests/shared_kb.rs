//! `kb push`, `kb search`, `kb pull` with a knowledge base that a team shares, on a real PostgreSQL with pgvector.
#[path = "../../tests/src/peer.rs"]
mod peer;

use peer::Peer;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the program as a machine whose folders are below `home`.
fn flightsmith(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flightsmith"));
    for (name, below) in [("XDG_CACHE_HOME", "cache"), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data")] {
        command.env(name, home.join(below));
    }
    let output: Output = command.args(arguments).current_dir(home).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// What was found, without the measures: the server has vectors before they are rounded, and a measure may differ in its last digit.
fn finds(shown: &str) -> Vec<&str> {
    shown.lines().map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')).collect()
}

#[test]
fn a_machine_pushes_and_another_searches_until_the_server_is_gone() {
    let folder = || tempfile::tempdir().expect("a folder");
    let (data, here, there) = (folder(), folder(), folder());
    let server = Peer::start("postgres_server.py", &[data.path()]);
    let address = format!("postgresql:///postgres?host={}&user=postgres", server.said);
    let pushed = flightsmith(here.path(), &["kb", "push", "--kb", &address]);
    assert!(pushed.0 == 0 && pushed.1.contains(" items new or changed there, 0 taken out"), "{pushed:?}");
    let again = flightsmith(here.path(), &["kb", "push", "--kb", &address]);
    assert!(again.1.starts_with("0 items new or changed there"), "{again:?}");
    // The address may stand in the settings, and be left out then.
    std::fs::create_dir_all(there.path().join("config/flightsmith")).expect("made");
    let settings = there.path().join("config/flightsmith/flightsmith.toml");
    std::fs::write(settings, format!("kb = \"{address}\"\n")).expect("written");
    let own = flightsmith(here.path(), &["kb", "search", "arm and take off", "-k", "3"]);
    let found = flightsmith(there.path(), &["kb", "search", "arm and take off", "-k", "3"]);
    assert!(found.0 == 0 && !found.1.is_empty() && !found.2.contains("own knowledge base"), "{found:?}");
    assert_eq!(finds(&found.1), finds(&own.1));
    let pulled = flightsmith(there.path(), &["kb", "pull"]);
    assert!(pulled.0 == 0 && pulled.1.starts_with("0 learned records"), "{pulled:?}");
    drop(server);
    let alone = flightsmith(there.path(), &["kb", "search", "arm and take off", "-k", "3"]);
    assert!(alone.0 == 0 && alone.1 == own.1, "{alone:?}");
    assert!(
        alone.2.contains("searching this machine's own knowledge base") && alone.2.contains("cannot be reached"),
        "{alone:?}"
    );
    let pushed = flightsmith(there.path(), &["kb", "push"]);
    assert!(pushed.0 == 8 && pushed.2.contains("cannot be reached"), "{pushed:?}");
    let wrong = flightsmith(here.path(), &["kb", "search", "land", "--kb", "https://x"]);
    assert_eq!(wrong.0, 2, "{wrong:?}");
}

#[test]
fn what_does_not_go_together_of_tls_is_said_and_is_8() {
    let folder = || tempfile::tempdir().expect("a folder");
    let (data, certificates, here) = (folder(), folder(), folder());
    let server = Peer::start("postgres_server.py", &[data.path()]);
    let front = Peer::start("postgres_tls.py", &[certificates.path(), Path::new(&server.said)]);
    let without = format!("postgresql:///postgres?host={}&user=postgres&sslmode=require", server.said);
    let demands = |parameters: &str| format!("postgres://postgres@localhost:{}/postgres?{parameters}", front.said);
    for (address, says) in [
        (without, "the address demands TLS, and it has none; switch `ssl` on"),
        (demands("sslmode=disable"), "no encryption; it may take connections with TLS alone"),
        (demands(""), "its certificate does not hold (UnknownIssuer); name the file of the authority"),
    ] {
        let pushed = flightsmith(here.path(), &["kb", "push", "--kb", &address]);
        assert!(pushed.0 == 8 && pushed.2.contains(says), "{address}: {pushed:?}");
    }
    let wrong = demands("sslrootcert=/nowhere/ca.pem");
    let pushed = flightsmith(here.path(), &["kb", "push", "--kb", &wrong]);
    assert!(pushed.0 == 2 && pushed.2.contains("sslrootcert /nowhere/ca.pem"), "{pushed:?}");
    // With the authority named, a plain address is all that it takes.
    let good = demands(&format!("sslrootcert={}", certificates.path().join("ca.pem").display()));
    let pushed = flightsmith(here.path(), &["kb", "push", "--kb", &good]);
    assert!(pushed.0 == 0 && pushed.1.contains(" items new or changed there"), "{pushed:?}");
}
