//! `cargo xtask bench`: the figures that the product promises, measured on this machine. Prints; judges nothing.
//!
//! - `compile`: the verdict on a changed `mission.rs`, and its linked program, warm, as the run itself reports them.
//! - `flight`: lockstep flights with their mission process on one core, as multiples of real time.
//! - `sim`: the simulator alone.
//! - `sdk`: what telemetry at 50 Hz costs a client, how fast frames are read, and the size of the companion's program (minutes).
//! - `run`: the README's mission, warm: seconds from words to bundle, and the peak memory of the largest process.
//! - `kb [N ..]`: the knowledge base at 10,000 (or N) synthetic items: from which size on the graph is faster, building, opening,
//!   searching, memory, recall. A million was not measured yet.
//! - `fresh`: the README's command in a fresh clone with empty caches (minutes; only when asked for by name).
use serde_json::Value;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// The README's mission.
const WORDS: &str = "Take off to 10 m, fly a 40 m square at 5 m/s, then return and land";

/// Runs the benches named in `args`, or all but `fresh` and `sdk`.
pub fn bench(args: &[String]) -> Result<(), Box<dyn Error>> {
    let named: Vec<&str> = args.iter().map(String::as_str).collect();
    let wanted = |name: &str| if named.is_empty() { !["fresh", "sdk"].contains(&name) } else { named.contains(&name) };
    println!("machine: {} cores, {}", std::thread::available_parallelism()?, cpu_model());
    if wanted("sim") {
        sim_alone()?;
    }
    if wanted("sdk") {
        sdk_cost()?;
        companion_size()?;
    }
    if wanted("compile") || wanted("flight") || wanted("run") {
        let program = build()?;
        // The first run builds the SDK for both targets; it is not counted.
        run(&program, &scratch("warm-up"), &["--target", "aarch64"])?;
        if wanted("compile") {
            compile(&program)?;
        }
        if wanted("flight") {
            flight(&program, "ardupilot")?;
            flight(&program, "px4")?;
        }
        if wanted("run") {
            whole(&program)?;
        }
    }
    if wanted("kb") {
        knowledge_base(&named)?;
    }
    if wanted("fresh") {
        fresh()?;
    }
    Ok(())
}

/// The simulator alone, in flight, with 10 Hz pose: its own example measures it.
fn sim_alone() -> Result<(), Box<dyn Error>> {
    let mut speed = Command::new("cargo");
    speed.args([
        "run",
        "--quiet",
        "--package",
        "flightsmith-sim",
        "--example",
        "speed",
        "--",
        "agent/vehicles/quad.toml",
    ]);
    let output = speed.current_dir(root()).output()?;
    print!("simulator alone:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// The knowledge base: its own example measures it.
fn knowledge_base(named: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut bench = Command::new("cargo");
    bench.args(["run", "--quiet", "--package", "flightsmith-kb", "--example", "bench", "--", "crossover"]);
    bench.args(named.iter().filter(|word| word.parse::<usize>().is_ok())).current_dir(root());
    if !bench.status()?.success() {
        return Err("the knowledge base's bench failed".into());
    }
    Ok(())
}

/// The client's thread alone, beside a simulator at real time: the SDK's own example measures it.
fn sdk_cost() -> Result<(), Box<dyn Error>> {
    let mut cost = Command::new("cargo");
    cost.args(["run", "--quiet", "--release", "--package", "flightsmith-sdk", "--example", "cost", "--"]);
    let output = cost.arg("agent/vehicles/quad.toml").current_dir(root()).output()?;
    if !output.status.success() {
        return Err(format!("the cost example failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    print!("sdk:\n{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// The most that a companion's program may take, static and stripped.
const MOST_PROGRAM_MB: f64 = 1.5;

/// The companion template's program for this machine as an artifact is built (`prebuilt`): static, stripped, optimised as a whole. With
/// musl where rustup has added it, else with glibc.
fn companion_size() -> Result<(), Box<dyn Error>> {
    let musl = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    let mut rustc = Command::new("rustc");
    let sysroot = rustc.args(["--print", "sysroot"]).current_dir(root()).output()?;
    let sysroot = String::from_utf8(sysroot.stdout)?;
    let has_musl = Path::new(sysroot.trim()).join("lib/rustlib").join(&musl).is_dir();
    let triple = if has_musl { musl } else { format!("{}-unknown-linux-gnu", std::env::consts::ARCH) };
    let linker = if has_musl { " -Clinker=rust-lld -Clink-self-contained=yes" } else { "" };
    let target = root().join("target/bench/size");
    let mut build = Command::new("cargo");
    build.args(["build", "--quiet", "--release", "--package", "flightsmith-companion", "--target", &triple]);
    for setting in ["opt-level=\"s\"", "lto=\"fat\"", "codegen-units=1", "strip=\"symbols\""] {
        build.arg("--config").arg(format!("profile.release.{setting}"));
    }
    build.env("RUSTFLAGS", format!("-Ctarget-feature=+crt-static -Crelocation-model=static{linker}"));
    build.arg("--target-dir").arg(&target).current_dir(root());
    succeed(&mut build)?;
    let program_mb = fs::metadata(target.join(&triple).join("release/flightsmith-companion"))?.len() as f64 * 1e-6;
    println!("companion, {triple}, static, stripped: {program_mb:.2} MB (limit {MOST_PROGRAM_MB} MB)");
    if program_mb > MOST_PROGRAM_MB && has_musl {
        return Err("the companion's program is too large".into());
    }
    Ok(())
}

fn compile(program: &Path) -> Result<(), Box<dyn Error>> {
    let mut links = Vec::new();
    for index in 0..7 {
        // Another height each time, so that no source is the same.
        let words = format!("Take off to {} m, fly a 40 m square at 5 m/s, then return and land", 10 + index);
        let folder = scratch(&format!("compile-{index}"));
        command(program, &["plan", &words, "--out", &text(&folder)])?;
        command(program, &["check", &text(&folder)])?;
        links.extend(events(&folder)?.iter().filter_map(|event| seconds_of(event, "check")));
    }
    println!("changed mission to linked host binary, in the sandbox: {} s", spread(&mut links));
    // The compiler's verdict alone (metadata, nothing linked): what an edit in the repair loop costs.
    let cache = root().join("target/bench/cache");
    let mut inner = Command::new("cargo");
    inner.args(["run", "--quiet", "--package", "flightsmith-toolchain", "--example", "inner_loop", "--"]);
    let output = inner.arg(root()).arg(&cache).args(["host", "15"]).current_dir(root()).output()?;
    print!("inner loop: {}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

fn flight(program: &Path, autopilot: &str) -> Result<(), Box<dyn Error>> {
    let folder = scratch(&format!("flight-{autopilot}"));
    let flags = ["--autopilot", autopilot, "--flights", "7", "--target", "host"];
    let mut pinned = Command::new("taskset");
    pinned.args(["-c", "0"]).arg(program).args(["run", WORDS, "--yes", "--out", &text(&folder)]).args(flags);
    succeed(&mut pinned)?;
    let mut ratios: Vec<f64> = events(&folder)?
        .iter()
        .filter(|event| event["event"] == "flight")
        .filter_map(|event| Some(event["vehicle_s"].as_f64()? / event["wall_s"].as_f64()?))
        .collect();
    println!(
        "lockstep flight with its mission process, {autopilot}, one core: {} times real time",
        spread(&mut ratios)
    );
    Ok(())
}

fn whole(program: &Path) -> Result<(), Box<dyn Error>> {
    let (mut seconds, mut largest_mb) = (Vec::new(), 0.0_f64);
    for index in 0..3 {
        let started = Instant::now();
        let mut command = Command::new(program);
        command.args(["run", WORDS, "--yes", "--target", "aarch64", "--out"]);
        command.arg(scratch(&format!("whole-{index}"))).stdin(Stdio::null()).stderr(Stdio::null());
        largest_mb = largest_mb.max(peak_mb(command.spawn()?)?);
        seconds.push(started.elapsed().as_secs_f64());
    }
    println!("words to bundle, 21 host flights and 1 ARM flight, warm: {} s", spread(&mut seconds));
    println!("largest process of it, compiler included: {largest_mb:.0} MB");
    Ok(())
}

/// The README's command in a fresh clone, with nothing cached but the downloaded crates.
fn fresh() -> Result<(), Box<dyn Error>> {
    let folder = scratch("fresh");
    let clone = folder.join("flightsmith");
    succeed(Command::new("git").args(["clone", "--quiet"]).arg(root()).arg(&clone))?;
    let started = Instant::now();
    let mut readme = Command::new("cargo");
    readme.args(["flightsmith", "run", WORDS, "--target", "aarch64", "--setup", "--yes"]).current_dir(&clone);
    readme.env("XDG_CACHE_HOME", folder.join("cache")).env("XDG_CONFIG_HOME", folder.join("config"));
    readme.env_remove("CARGO_TARGET_DIR");
    succeed(&mut readme)?;
    println!("fresh clone to first verified bundle: {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn run(program: &Path, folder: &Path, flags: &[&str]) -> Result<(), Box<dyn Error>> {
    succeed(Command::new(program).args(["run", WORDS, "--yes", "--out", &text(folder)]).args(flags))
}

fn command(program: &Path, args: &[&str]) -> Result<(), Box<dyn Error>> {
    succeed(Command::new(program).args(args))
}

fn succeed(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{command:?} failed: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
    .into())
}

fn build() -> Result<PathBuf, Box<dyn Error>> {
    succeed(Command::new("cargo").args(["build", "--quiet", "--package", "flightsmith"]).current_dir(root()))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from).unwrap_or_else(|| root().join("target"));
    Ok(target.join("debug/flightsmith"))
}

fn events(folder: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let text = fs::read_to_string(folder.join("events.jsonl"))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(Into::into)).collect()
}

fn seconds_of(event: &Value, stage: &str) -> Option<f64> {
    (event["event"] == "done" && event["stage"] == stage).then(|| event["seconds"].as_f64()).flatten()
}

/// Minimum, median and maximum.
fn spread(figures: &mut [f64]) -> String {
    figures.sort_by(f64::total_cmp);
    match figures {
        [] => "nothing measured".into(),
        _ => {
            let (low, high) = (figures[0], figures[figures.len() - 1]);
            format!("median {:.3} (of {}, {low:.3} to {high:.3})", figures[figures.len() / 2], figures.len())
        }
    }
}

/// A new folder for this bench, below the target folder.
fn scratch(name: &str) -> PathBuf {
    let folder = root().join("target/bench").join(name);
    let _ = fs::remove_dir_all(&folder);
    let _ = fs::create_dir_all(folder.parent().unwrap_or(&folder));
    folder
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/xtask lies in the workspace")
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn cpu_model() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    model.trim_start_matches([' ', '\t', ':']).to_string()
}

/// Waits for `child`; peak resident memory in MB of the largest among it and the processes that it waited for.
fn peak_mb(child: Child) -> Result<f64, Box<dyn Error>> {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    let mut status = 0;
    // SAFETY: the pid is that of a child nobody else waits for, both pointers are valid for writing, and a zeroed rusage may be read.
    #[expect(unsafe_code, reason = "the standard library has no wait4")]
    let (waited, usage) = unsafe {
        let waited = libc::wait4(child.id() as i32, &mut status, 0, usage.as_mut_ptr());
        (waited, usage.assume_init())
    };
    if waited < 0 || status != 0 {
        return Err(format!("the run failed (status {status})").into());
    }
    Ok(usage.ru_maxrss as f64 / 1024.0)
}
