//! Measures the inner loop: how long a changed mission waits for its verdict and its program, in the sandbox, warm.
//!
//! `cargo run --release -p flightsmith-toolchain --example inner_loop -- WORKSPACE CACHE [host|aarch64] [ROUNDS]`

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::prebuilt::{MissionCrate, Prebuilt};
use flightsmith_toolchain::sandbox::Sandbox;
use flightsmith_toolchain::targets;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [workspace, cache, rest @ ..] = args.as_slice() else {
        return Err("usage: inner_loop WORKSPACE CACHE [host|aarch64] [ROUNDS]".into());
    };
    let target = rest.first().map_or("host", String::as_str).parse()?;
    let rounds: usize = rest.get(1).map_or(Ok(20), |rounds| rounds.parse())?;
    let path = std::env::var_os("PATH").ok_or("no PATH")?;
    let home = std::env::var_os("HOME").ok_or("no HOME")?;
    let host = Host::new(std::env::split_paths(&path).collect(), PathBuf::from(home));
    let sandbox = Sandbox::probe(&host)?;

    let started = Instant::now();
    let toolchain = targets::find(target, &host)?;
    let found = started.elapsed();
    let prebuilt = Prebuilt::open(&host, &toolchain, Path::new(workspace), Path::new(cache))?;
    let opened = started.elapsed() - found;
    let started = Instant::now();
    Prebuilt::open(&host, &toolchain, Path::new(workspace), Path::new(cache))?;
    let reopened = started.elapsed();

    let work = tempfile::tempdir()?;
    let folder = work.path().join("mission");
    copy(&Path::new(workspace).join("firmware-template/companion"), &folder)?;
    let mission = MissionCrate::open(&folder)?;
    let source = fs::read_to_string(folder.join("src/mission.rs"))?;
    let (mut verdicts, mut links, mut bytes) = (Vec::new(), Vec::new(), 0);
    for round in 0..rounds {
        // A real edit each time.
        fs::write(folder.join("src/mission.rs"), format!("{source}\n/// Round.\npub const ROUND: usize = {round};\n"))?;
        let started = Instant::now();
        let verdict = prebuilt.check(&sandbox, &mission, &work.path().join("verdict"))?;
        verdicts.push(started.elapsed());
        if !verdict.success() {
            return Err(format!("{verdict:#?}").into());
        }
        let started = Instant::now();
        let program = prebuilt
            .link(&sandbox, &mission, &work.path().join("program"))?
            .map_err(|failed| format!("{failed:#?}"))?;
        links.push(started.elapsed());
        bytes = program.path.metadata()?.len();
    }
    let mut out = std::io::stdout();
    writeln!(out, "{target}: toolchain found {found:.0?}, libraries opened {opened:.1?}, again {reopened:.1?}")?;
    writeln!(out, "verdict  {}", summary(&mut verdicts))?;
    writeln!(out, "program  {} ({bytes} bytes)", summary(&mut links))?;
    Ok(())
}

fn summary(walls: &mut [Duration]) -> String {
    walls.sort();
    let median = walls[walls.len() / 2];
    format!("median {median:.0?}, fastest {:.0?}, slowest {:.0?} of {}", walls[0], walls[walls.len() - 1], walls.len())
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
