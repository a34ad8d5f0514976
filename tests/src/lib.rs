//! Acceptance tests across crates: the test binaries beside this folder run the real program with the real tools. What they share is
//! here: where the program is, and running it.
pub mod peer;

pub use peer::python;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The workspace's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace")
}

/// The program under test, built beside the test binaries.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("this test's path");
    let profile = test.ancestors().nth(2).expect("target/<profile>/deps/<test>");
    let program = profile.join("flightsmith");
    assert!(program.is_file(), "{} is missing: build it with `cargo build --package flightsmith`", program.display());
    program
}

/// `flightsmith` with `args`, in `folder`, which holds its home as well: what another run or this machine's user has learned, set or
/// signed with is not there.
pub fn flightsmith(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(args).current_dir(folder).stdin(Stdio::null());
    lives_in(&mut command, &folder.join(".home"));
    command
}

/// Gives a command that starts `flightsmith` a home of its own below `home`. The cache stays this machine's: it holds what can be made again,
/// at a price.
pub fn lives_in(command: &mut Command, home: &Path) {
    for setting in ["LLM_API_BASE", "LLM_MODEL", "FLIGHTSMITH_LLM", "FLIGHTSMITH_KB", "FLIGHTSMITH_EMBED"] {
        command.env_remove(setting);
    }
    command.env("XDG_DATA_HOME", home).env("XDG_CONFIG_HOME", home);
}

/// `flightsmith` with `args`, in `folder`, as a machine whose home is `home`.
pub fn at_home(home: &Path, folder: &Path, args: &[&str]) -> Said {
    let mut command = flightsmith(folder, args);
    lives_in(&mut command, home);
    said(command.output().expect("the program starts"))
}

/// What a finished `flightsmith` said.
#[derive(Debug)]
pub struct Said {
    /// Exit code; -1 where a signal ended it.
    pub code: i32,
    /// Data.
    pub stdout: String,
    /// Everything else.
    pub stderr: String,
}

/// Runs `flightsmith` to its end.
pub fn run(folder: &Path, args: &[&str]) -> Said {
    said(flightsmith(folder, args).output().expect("the program starts"))
}

/// An output as text.
pub fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// `report.json` of the run in `folder`.
pub fn report(folder: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.join("report.json")).expect("report.json is there");
    serde_json::from_str(&text).expect("report.json is JSON")
}

/// A child that is ended with the test.
pub struct Guarded(pub Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until `done`, looking ten times a second; what it was waiting for is in the message where `limit` is over.
pub fn wait_for(what: &str, limit: Duration, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + limit;
    while !done() {
        assert!(Instant::now() < until, "waited {} s for {what}", limit.as_secs());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// All that `child` still writes to stdout and stderr, and its exit code, once it ends by itself within `limit`.
pub fn finish(mut child: Child, what: &str, limit: Duration) -> Said {
    let read = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            if let Some(mut pipe) = pipe {
                let _ = pipe.read_to_end(&mut text);
            }
            String::from_utf8_lossy(&text).into_owned()
        })
    };
    let stdout = read(child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let stderr = read(child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let mut guarded = Guarded(child);
    let mut code = None;
    wait_for(what, limit, || {
        code = guarded.0.try_wait().expect("a child of ours").map(|status| status.code().unwrap_or(-1));
        code.is_some()
    });
    let join = |thread: std::thread::JoinHandle<String>| thread.join().expect("a reader");
    Said { code: code.unwrap_or(-1), stdout: join(stdout), stderr: join(stderr) }
}
