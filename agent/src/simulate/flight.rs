//! One flight in the embedded simulator: the mission's program in the sandbox, in lockstep, under the judge's eyes.
use super::Bench;
use crate::budget;
use crate::clock::Stopwatch;
use crate::exit::{RunError, chain};
use crate::run_dir::{RunDir, names};
use flightsmith_mission::frame::PositionNed;
use flightsmith_sim::judge::{Event, FlightId, Judge, TrackPoint, Verdict, Violation, Watcher};
use flightsmith_sim::lockstep::{self, LockstepLimits};
use flightsmith_sim::tlog::TlogWriter;
use flightsmith_sim::{Scenario, Sender, SimConfig, Simulation};
use flightsmith_toolchain::process::{self, Ending, PipedChild};
use flightsmith_toolchain::sandbox::Confined;
use flightsmith_toolchain::targets::READY;
use flightsmith_upload::digest::Digest;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The mission's MAVLink address: the companion's component of the vehicle's own system.
const MISSION: Sender = Sender { system: 1, component: 191 };

/// A flight to be flown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlightJob {
    /// Its folder in `60-flights`, counted from 1.
    pub number: usize,
    /// Seed of its noise and gusts.
    pub seed: u64,
    /// Its conditions.
    pub scenario: Scenario,
}

/// A flight that was flown.
#[derive(Debug, Clone, PartialEq)]
pub struct Flown {
    /// Its folder.
    pub number: usize,
    /// What the judge says.
    pub verdict: Verdict,
    /// Seconds of wall time.
    pub wall_s: f64,
}

/// The program to fly and what runs it.
#[derive(Debug, Clone)]
pub struct Aircraft {
    /// The mission's program.
    pub program: PathBuf,
    /// What runs it (an emulator with its options), or nothing.
    pub run_with: Vec<String>,
    /// Name of the backend in verdicts.
    pub backend: String,
    /// How many times slower than this machine the companion is (1 under an emulator, which is slow already).
    pub cpu_factor: f64,
    /// It is firmware in an emulated machine, which takes no arguments and says when it listens.
    pub is_firmware: bool,
}

impl Aircraft {
    fn program_sha256(&self) -> Result<Digest, RunError> {
        let digest = Digest::of_file(&self.program).map_err(|error| RunError::files(&self.program, error))?;
        Ok(digest.0)
    }
}

/// The folder of flight `number`.
pub fn folder(number: usize) -> PathBuf {
    Path::new(names::FLIGHTS).join(format!("{number:04}"))
}

/// `flight.json`: which program flew, so that a resumed run knows which flights still count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlightRecord {
    /// SHA-256 of the program.
    pub program_sha256: Digest,
    /// What was flown.
    pub job: FlightJob,
    /// Seconds of wall time that it took.
    pub wall_s: f64,
}

/// The flight of `job` if this very program has flown it already; else flies it.
pub fn flown_or_fly(bench: &Bench, run: &RunDir, aircraft: &Aircraft, job: &FlightJob) -> Result<Flown, RunError> {
    let folder = folder(job.number);
    let program_sha256 = aircraft.program_sha256()?;
    if let Ok(record) = run.read_json::<FlightRecord>(folder.join("flight.json"))
        && record.program_sha256 == program_sha256
        && record.job == *job
        && let Ok(verdict) = run.read_json::<Verdict>(folder.join("verdict.json"))
    {
        return Ok(Flown { number: job.number, verdict, wall_s: record.wall_s });
    }
    let flown = fly(bench, run, aircraft, job)?;
    let record = FlightRecord { program_sha256, job: job.clone(), wall_s: flown.wall_s };
    run.write_json(folder.join("flight.json"), &record)?;
    Ok(flown)
}

/// Removes flights of other programs: a verdict must not stand beside a program that it is not about.
pub fn forget_others(run: &RunDir, aircraft: &Aircraft) -> Result<(), RunError> {
    let root = run.path(names::FLIGHTS);
    let program_sha256 = aircraft.program_sha256()?;
    for entry in std::fs::read_dir(&root).into_iter().flatten().flatten() {
        let record = run.read_json::<FlightRecord>(entry.path().join("flight.json"));
        if !record.is_ok_and(|record| record.program_sha256 == program_sha256) {
            std::fs::remove_dir_all(entry.path()).map_err(|error| RunError::files(entry.path(), error))?;
        }
    }
    Ok(())
}

/// Flies `job` and leaves tlog, verdict, track and the mission's log in its folder.
///
/// Where a tick took too much CPU time it is flown once more, and the second flight counts: in lockstep the two are the same but for
/// what the machine adds to CPU time (first touches of memory, what a hypervisor steals), so that a program that needs the time needs it
/// again.
pub fn fly(bench: &Bench, run: &RunDir, aircraft: &Aircraft, job: &FlightJob) -> Result<Flown, RunError> {
    let (flown, has_stalled) = fly_once(bench, run, aircraft, job)?;
    if has_stalled { fly_once(bench, run, aircraft, job).map(|(again, _)| again) } else { Ok(flown) }
}

/// One flight, and whether a tick of it took too much CPU time.
fn fly_once(bench: &Bench, run: &RunDir, aircraft: &Aircraft, job: &FlightJob) -> Result<(Flown, bool), RunError> {
    let watch = Stopwatch::start();
    let folder = folder(job.number);
    let tlog_path = run.path(folder.join("flight.tlog"));
    let files = |error: std::io::Error| RunError::files(&tlog_path, error);
    std::fs::create_dir_all(run.path(&folder)).map_err(files)?;
    let mut tlog = TlogWriter::new(BufWriter::with_capacity(1 << 18, File::create(&tlog_path).map_err(files)?));

    let mut simulation = Simulation::new(SimConfig {
        vehicle: bench.vehicle.clone(),
        autopilot: bench.autopilot,
        home: bench.home,
        seed: job.seed,
        scenario: job.scenario.clone(),
        warm_start: true,
    });
    let mut watcher = Watcher::new(Judge::new(&bench.contract), MISSION);
    let wall = Duration::from_secs_f64(bench.flight_limit_s()).max(Duration::from_secs(60));
    let arguments: &[&str] = if aircraft.is_firmware { &[] } else { &["--link", "stdio"] };
    let confined = Confined::flight(&aircraft.program, &aircraft.run_with, wall).args(arguments.iter().copied());
    let invocation = bench.sandbox.invocation(&confined).map_err(files)?;
    let mut child = process::spawn_piped(&invocation).map_err(|error| bench.process_error(run, error))?;
    let (Some(to_mission), Some(mut from_mission)) = (child.take_stdin(), child.take_stdout()) else {
        return Err(RunError::files(&aircraft.program, "has no stdin and stdout"));
    };
    if aircraft.is_firmware {
        await_boot(&mut from_mission, &child, aircraft)?;
    }
    let mut meter = CpuMeter::default();
    let limits = LockstepLimits {
        flight_s: bench.flight_limit_s(),
        // What an emulated machine takes of this one says nothing about the chip; whether its mission hangs, its own watchdog tells.
        tick_cpu: if aircraft.is_firmware {
            budget::MACHINE_TICK
        } else {
            Duration::from_secs_f64(0.020 / aircraft.cpu_factor)
        },
        ..LockstepLimits::default()
    };
    let end = lockstep::fly_lockstep(
        &mut simulation,
        from_mission,
        to_mission,
        Some(&mut tlog),
        &limits,
        &mut || Some(meter.cpu_time(&child)),
        &mut |simulation| {
            watcher.observe(simulation);
            ControlFlow::Continue(())
        },
    );
    let ending = child.wait(budget::MISSION_EXIT);
    if process::interrupted() {
        return Err(RunError::Interrupted { run: Some(run.root().to_path_buf()) });
    }
    let end = end.map_err(|error| RunError::files(&tlog_path, chain(&error)))?;
    let ending = ending.map_err(|error| bench.process_error(run, error))?;
    tlog.finish().map_err(files)?;
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1_000.0;
    let stalled = end
        .stalled
        .map(|stall| Event::Stalled { used_ms: milliseconds(stall.cpu), limit_ms: milliseconds(limits.tick_cpu) });
    let has_stalled = stalled.is_some();
    let lost = end.armed_at_mission_end.then_some(Event::MissionLost);
    watcher.observe_end(&simulation, stalled.into_iter().chain(lost).collect());
    let (mut verdict, track) = watcher.into_judge().finish(FlightId {
        seed: job.seed,
        scenario: serde_json::to_value(&job.scenario).unwrap_or_default(),
        backend: aircraft.backend.clone(),
        autopilot: bench.autopilot,
    });
    let log = child.log().text();
    judge_ending(&mut verdict, &ending, &log, end.end_s);
    run.write(folder.join("mission.log"), log)?;
    run.write_json(folder.join("track.json"), &Track::of(&track))?;
    run.write_json(folder.join("verdict.json"), &verdict)?;
    Ok((Flown { number: job.number, verdict, wall_s: watch.seconds() }, has_stalled))
}

/// Waits until the firmware listens.
fn await_boot(
    from_mission: &mut std::process::ChildStdout,
    child: &PipedChild,
    aircraft: &Aircraft,
) -> Result<(), RunError> {
    let ready = lockstep::await_ready(from_mission, READY, budget::BOOT);
    if ready.map_err(|error| RunError::files(&aircraft.program, chain(&error)))? {
        return Ok(());
    }
    let (log, limit_s) = (child.log().text(), budget::BOOT.as_secs());
    let says = log.lines().next_back().unwrap_or("it said nothing");
    Err(RunError::NotFlown {
        reason: format!("the firmware did not start within {limit_s} s in {}: {says}", aircraft.backend),
    })
}

/// CPU time of a mission's processes. They are looked up once the mission flies (looking costs far more than a tick may), and asked by
/// one system call each from then on.
#[derive(Default)]
struct CpuMeter {
    asked: u32,
    processes: Vec<u32>,
}

impl CpuMeter {
    /// By this tick runner and supervisor are there, and the vehicle is not armed yet.
    const LOOK_AT: u32 = 10;

    fn cpu_time(&mut self, child: &PipedChild) -> Duration {
        self.asked += 1;
        if self.asked == Self::LOOK_AT {
            self.processes = child.descendants();
        }
        self.processes.iter().filter_map(|process| lockstep::cpu_time_of(*process)).sum()
    }
}

/// A program that ends in any other way than with code 0 has not done what it should, whatever the vehicle did.
pub fn judge_ending(verdict: &mut Verdict, ending: &Ending, log: &str, at_s: f64) {
    if *ending == Ending::Exited(0) {
        return;
    }
    let last = log.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no last words");
    verdict.passed = false;
    verdict.violations.push(Violation {
        id: "program".into(),
        says: format!("the mission's program {ending}: {}", last.chars().take(400).collect::<String>()),
        at_s,
        measured: if let Ending::Exited(code) = ending { f64::from(*code) } else { -1.0 },
        limit: 0.0,
        unit: "exit code".into(),
        position: PositionNed::HOME,
    });
}

/// `track.json`: the true track in columns.
#[derive(Debug, Default, Serialize)]
pub struct Track {
    t_s: Vec<f64>,
    north_m: Vec<f64>,
    east_m: Vec<f64>,
    altitude_m: Vec<f64>,
    ground_speed_m_s: Vec<f64>,
    heading_deg: Vec<f64>,
}

impl Track {
    /// Of these points, to the centimetre: a track is looked at, not computed with.
    pub fn of(points: &[TrackPoint]) -> Self {
        let column =
            |value: fn(&TrackPoint) -> f64| points.iter().map(|p| (value(p) * 100.0).round() / 100.0).collect();
        Self {
            t_s: column(|p| p.t_s),
            north_m: column(|p| p.north_m),
            east_m: column(|p| p.east_m),
            altitude_m: column(|p| p.altitude_m),
            ground_speed_m_s: column(|p| p.ground_speed_m_s),
            heading_deg: column(|p| p.heading_deg),
        }
    }
}
