//! Ours beside mavkit, maviola and MAVSDK: the same tasks against the same vehicle, through a relay that loses frames and notes
//! what passed. Prints a table; nothing here passes or fails.
//!
//! `cargo run --release -- [--vehicle HOST:PORT] [--python PYTHON] [--runs N]`: the vehicle is any SITL on TCP (nothing is flown with
//! it then); without one each run starts a `flightsmith sim` (built by `cargo build -p flightsmith` in the repository), which is
//! flown too. `cargo run --release -- --cold-builds yes` measures how long a minimal client of each takes to build instead.
mod cold_builds;
mod relay;

use relay::{Relay, Seen};
use serde_json::Value;
use side_by_side::{LISTEN_S, median};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CLIENTS: [&str; 4] = ["ours", "mavkit", "maviola", "MAVSDK"];
const LOSSES: [u32; 3] = [0, 5, 20];
const CLIENT_LIMIT: Duration = Duration::from_secs(120);

struct Options {
    vehicle: Option<String>,
    python: String,
    runs: u64,
    cold_builds: bool,
}

fn options() -> Options {
    let mut options = Options { vehicle: None, python: "python3".to_owned(), runs: 5, cold_builds: false };
    let mut args = std::env::args().skip(1);
    while let Some(flag) = args.next() {
        let value = args.next().unwrap_or_else(|| panic!("{flag} needs a value"));
        match flag.as_str() {
            "--vehicle" => options.vehicle = Some(value),
            "--python" => options.python = value,
            "--runs" => options.runs = value.parse().expect("a number of runs"),
            "--cold-builds" => options.cold_builds = value == "yes",
            _ => panic!("no flag {flag}"),
        }
    }
    options
}

/// One client's run of one task.
struct Ran {
    answer: Option<Value>,
    seen: Seen,
    /// CPU seconds of the client, its server process included.
    cpu_s: f64,
    failure: String,
}

fn main() {
    let options = options();
    if options.cold_builds {
        cold_builds::measure();
        return;
    }
    let binaries = std::env::current_exe().expect("own path").parent().expect("a folder").to_owned();
    println!("| task | loss | {} |", CLIENTS.join(" | "));
    println!("|---|---|{}", "---|".repeat(CLIENTS.len()));
    if options.vehicle.is_none() {
        flown(&options, &binaries);
    }
    for loss in LOSSES {
        row("a rate set (ours asks back: two round trips), median ms", loss, &options, &binaries, "commands", |ran| number(ran, "median_ms"));
        row("rates that failed, of 50", loss, &options, &binaries, "commands", |ran| number(ran, "failed"));
    }
    for loss in LOSSES {
        row("all parameters, ms", loss, &options, &binaries, "params", |ran| number(ran, "ms"));
        row("parameters received", loss, &options, &binaries, "params", |ran| number(ran, "count"));
    }
    for loss in LOSSES {
        row("mission of 50 items up, ms", loss, &options, &binaries, "mission", |ran| number(ran, "upload_ms"));
        row("the same down, ms", loss, &options, &binaries, "mission", |ran| number(ran, "download_ms"));
        row("came back the same", loss, &options, &binaries, "mission", |ran| {
            ran.answer.as_ref()?.get("same")?.as_bool().map(f64::from)
        });
    }
    row("CPU at 50 Hz attitude and position, % of a core", 0, &options, &binaries, "listen", |ran| {
        ran.answer.as_ref().map(|_| ran.cpu_s / LISTEN_S as f64 * 100.0)
    });
    row("attitudes received a second", 0, &options, &binaries, "listen", |ran| {
        number(ran, "updates").map(|updates| updates / LISTEN_S as f64)
    });
    sizes(&binaries);
}

/// What needs a vehicle of one's own for each run.
fn flown(options: &Options, binaries: &Path) {
    row("heartbeat to armed, ms", 0, options, binaries, "arm", |ran| between(ran.seen.heartbeat, ran.seen.armed));
    row("heartbeat to first set-point (after a climb to 3 m), ms", 0, options, binaries, "arm", |ran| {
        between(ran.seen.heartbeat, ran.seen.set_point)
    });
}

fn between(from: Option<Duration>, to: Option<Duration>) -> Option<f64> {
    Some((to?.as_secs_f64() - from?.as_secs_f64()) * 1e3)
}

fn number(ran: &Ran, key: &str) -> Option<f64> {
    ran.answer.as_ref()?.get(key)?.as_f64()
}

/// Each client's median over all runs of `figure`, and how many runs had one.
fn row(name: &str, loss: u32, options: &Options, binaries: &Path, task: &str, figure: impl Fn(&Ran) -> Option<f64>) {
    let mut cells = Vec::new();
    for client in CLIENTS {
        let runs = if task == "listen" { 1 } else { options.runs };
        let rans = cached(client, task, loss, runs, options, binaries);
        let mut figures: Vec<f64> = rans.iter().filter_map(&figure).collect();
        cells.push(match figures.len() {
            0 => rans.first().map(|ran| ran.failure.clone()).filter(|failure| !failure.is_empty()).unwrap_or("-".to_owned()),
            count if count == rans.len() => format!("{:.1}", median(&mut figures)),
            count => format!("{:.1} ({count} of {})", median(&mut figures), rans.len()),
        });
    }
    println!("| {name} | {loss} % | {} |", cells.join(" | "));
}

/// The runs of a task, made once for all rows that read them.
fn cached(
    client: &str,
    task: &str,
    loss: u32,
    runs: u64,
    options: &Options,
    binaries: &Path,
) -> std::sync::Arc<Vec<Ran>> {
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};
    static CACHE: Mutex<Option<HashMap<(String, String, u32), Arc<Vec<Ran>>>>> = Mutex::new(None);
    let key = (client.to_owned(), task.to_owned(), loss);
    if let Some(known) = CACHE.lock().unwrap().get_or_insert_default().get(&key) {
        return Arc::clone(known);
    }
    let made = (0..runs).map(|seed| run(client, task, loss, seed + 1, options, binaries)).collect();
    let made = Arc::new(made);
    CACHE.lock().unwrap().get_or_insert_default().insert(key, Arc::clone(&made));
    made
}

fn run(client: &str, task: &str, loss: u32, seed: u64, options: &Options, binaries: &Path) -> Ran {
    let failed = |failure: &str| Ran { answer: None, seen: Seen::default(), cpu_s: 0.0, failure: failure.to_owned() };
    // maviola has neither missions nor a vehicle that could take set-points.
    if client == "maviola" && task == "mission" {
        return failed("not offered");
    }
    let vehicle = Vehicle::start(options.vehicle.as_deref());
    let port = 24_000 + (seed * 7 + u64::from(loss)) % 500;
    let address = format!("127.0.0.1:{port}");
    let mut command = match client {
        "MAVSDK" => {
            let mut python = Command::new(&options.python);
            python.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("with_mavsdk.py"));
            python
        }
        other => Command::new(binaries.join(format!("with_{other}"))),
    };
    let child = command.args([task, &address]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("cannot start {client}: {error}"));
    // The client binds its port first.
    std::thread::sleep(Duration::from_millis(if client == "MAVSDK" { 2500 } else { 300 }));
    let relay = Relay::start(&vehicle.address, &address, loss, seed).expect("the vehicle's TCP port");
    let (answer, cpu_s, failure) = wait(&mut child);
    let seen = relay.seen();
    Ran { answer, seen, cpu_s, failure }
}

/// Waits for the client's one line of JSON; its CPU time is read shortly before and when it ends.
fn wait(child: &mut Child) -> (Option<Value>, f64, String) {
    let (started, pid) = (Instant::now(), child.id());
    let mut cpu_s = 0.0;
    loop {
        cpu_s = cpu_seconds(pid).max(cpu_s);
        if let Ok(Some(_status)) = child.try_wait() {
            break;
        }
        if started.elapsed() > CLIENT_LIMIT {
            let _ = child.kill();
            let _ = child.wait();
            return (None, cpu_s, "no end".to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let (mut out, mut err) = (String::new(), String::new());
    let _ = child.stdout.take().map(|mut pipe| pipe.read_to_string(&mut out));
    let _ = child.stderr.take().map(|mut pipe| pipe.read_to_string(&mut err));
    match out.lines().rev().find_map(|line| serde_json::from_str(line).ok()) {
        Some(answer) => (Some(answer), cpu_s, String::new()),
        None => {
            eprintln!("{err}");
            (None, cpu_s, "failed".to_owned())
        }
    }
}

/// User and system time of a process and its children, from /proc.
fn cpu_seconds(pid: u32) -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return 0.0 };
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().filter_map(|n| fields.get(*n)?.parse::<f64>().ok()).sum();
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let of_children: f64 = children.split_whitespace().filter_map(|child| child.parse().ok()).map(cpu_seconds).sum();
    ticks / TICKS_A_SECOND + of_children
}

/// A simulator of our own, or the one that was named.
struct Vehicle {
    address: String,
    child: Option<Child>,
}

impl Vehicle {
    fn start(named: Option<&str>) -> Self {
        if let Some(address) = named {
            return Self { address: address.to_owned(), child: None };
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let program: PathBuf = root.join("target/debug/flightsmith");
        let child = Command::new(&program)
            .args(["sim", "--autopilot", "ardupilot", "--warm"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
        std::thread::sleep(Duration::from_millis(500));
        Self { address: "127.0.0.1:5760".to_owned(), child: Some(child) }
    }
}

impl Drop for Vehicle {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn sizes(binaries: &Path) {
    let size = |client: &str| {
        std::fs::metadata(binaries.join(format!("with_{client}")))
            .map_or("-".to_owned(), |file| format!("{:.2}", file.len() as f64 / 1e6))
    };
    println!(
        "| binary with all tasks, stripped, MB | | {} | {} | {} | its server: see the package |",
        size("ours"),
        size("mavkit"),
        size("maviola")
    );
}
