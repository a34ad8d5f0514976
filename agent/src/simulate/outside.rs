//! A flight in a SITL (or on a vehicle) that runs outside this program, in real time: the mission's program stays in the sandbox and
//! speaks over its stdin and stdout; this program carries the bytes, keeps the tlog, and shows the judge what the vehicle tells.
//!
//! There is no true state here: the judge sees the vehicle's own telemetry, and the verdict's backend says so.
use super::Bench;
use super::flight::{self, Aircraft, Flown, Track};
use super::link::{self, Link};
use super::telemetry::Telemetry;
use crate::budget;
use crate::clock::Stopwatch;
use crate::exit::RunError;
use crate::run_dir::RunDir;
use flightsmith_mission::contract::{Contract, Invariant};
use flightsmith_sim::judge::{FlightId, Judge};
use flightsmith_sim::tlog::TlogWriter;
use flightsmith_toolchain::process::{self, PipedChild};
use flightsmith_toolchain::sandbox::Confined;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// Bytes, and who sent them.
enum Carried {
    Vehicle(Vec<u8>),
    Mission(Vec<u8>),
    VehicleGone(std::io::Error),
    MissionDone,
}

/// After its program has ended, a vehicle has this long to tell that it is down: its last heartbeat overtakes its last position.
const LAST_WORDS_S: f64 = 3.0;

/// Flies the nominal flight over `link` as flight `number`; the vehicle has been met there.
pub fn fly(run: &RunDir, bench: &Bench, aircraft: &Aircraft, link: Link, number: usize) -> Result<Flown, RunError> {
    let watch = Stopwatch::start();
    let folder = flight::folder(number);
    let tlog_path = run.path(folder.join("flight.tlog"));
    let files = |error: std::io::Error| RunError::files(&tlog_path, error);
    std::fs::create_dir_all(run.path(&folder)).map_err(files)?;
    let mut tlog = TlogWriter::new(BufWriter::new(File::create(&tlog_path).map_err(files)?));

    let Link { url, reader, writer: mut to_vehicle } = link;
    let confined = Confined::flight(&aircraft.program, &aircraft.run_with, budget::LINK_FLIGHT);
    let invocation = bench.sandbox.invocation(&confined.args(["--link", "pipe"])).map_err(files)?;
    let mut child = process::spawn_piped(&invocation).map_err(|error| bench.process_error(run, error))?;
    let mut to_mission = child.take_stdin().ok_or_else(|| RunError::files(&aircraft.program, "has no stdin"))?;

    let mut telemetry = Telemetry::default();
    let mut judge = None;
    let mut lost_link = None;
    let mut done: Option<Stopwatch> = None;
    let over = AtomicBool::new(false);
    let (sender, carried) = sync_channel(256);
    let result = std::thread::scope(|scope| {
        let from_vehicle = sender.clone();
        scope.spawn(|| carry_from_vehicle(reader, from_vehicle, &over));
        if let Some(from_mission) = child.take_stdout() {
            scope.spawn(|| carry_from_mission(from_mission, sender));
        }
        let result = pump(&carried, &mut |carried| {
            match carried {
                Carried::Vehicle(bytes) => {
                    tlog.write(telemetry.time_us(), &bytes).map_err(files)?;
                    // A mission that is gone needs nothing more; its end is noticed by its stdout.
                    let _ = to_mission.write_all(&bytes);
                    telemetry.take(&bytes, |sample, home| {
                        let judge = judge.get_or_insert_with(|| Judge::new(&what_can_be_seen(bench.contract_at(home))));
                        judge.observe(sample);
                    });
                }
                Carried::Mission(bytes) => {
                    tlog.write(telemetry.time_us(), &bytes).map_err(files)?;
                    to_vehicle.write(&bytes).map_err(|error| link::lost(&url, &error))?;
                }
                Carried::VehicleGone(why) => {
                    lost_link = Some(why);
                    return Ok(false);
                }
                Carried::MissionDone => done = Some(Stopwatch::start()),
            }
            let said_all = done.as_ref().is_some_and(|done| telemetry.is_down() || done.seconds() > LAST_WORDS_S);
            Ok(!said_all && !process::interrupted())
        });
        over.store(true, Ordering::SeqCst);
        drop(carried);
        result
    });
    let ending = finish(&mut child, lost_link.is_some()).map_err(|error| bench.process_error(run, error));
    result?;
    if process::interrupted() {
        return Err(RunError::Interrupted { run: Some(run.root().to_path_buf()) });
    }
    tlog.finish().map_err(files)?;
    if let Some(why) = lost_link {
        return Err(link::lost(&url, &why));
    }
    let judge = judge.unwrap_or_else(|| Judge::new(&what_can_be_seen(bench.contract.clone())));
    let (mut verdict, track) = judge.finish(FlightId {
        seed: 0,
        scenario: serde_json::json!({ "outside": url }),
        backend: format!("{url}, judged on its own telemetry"),
        autopilot: bench.autopilot,
    });
    let log = child.log().text();
    flight::judge_ending(&mut verdict, &ending?, &log, telemetry.time_us() as f64 / 1e6);
    run.write(folder.join("mission.log"), log)?;
    run.write_json(folder.join("track.json"), &Track::of(&track))?;
    run.write_json(folder.join("verdict.json"), &verdict)?;
    Ok(Flown { number, verdict, wall_s: watch.seconds() })
}

/// Without the clauses that only the embedded simulator can judge: it alone knows who sent what when, and it alone has ticks.
fn what_can_be_seen(mut contract: Contract) -> Contract {
    contract.invariants.retain(|invariant| !matches!(invariant, Invariant::PilotAuthority | Invariant::Responsive));
    contract
}

fn finish(child: &mut PipedChild, kill: bool) -> Result<process::Ending, process::ProcessError> {
    if kill {
        child.kill();
    }
    child.wait(budget::MISSION_EXIT)
}

/// Hands on what is carried until `take` has enough or the flight's wall time is over.
fn pump(carried: &Receiver<Carried>, take: &mut dyn FnMut(Carried) -> Result<bool, RunError>) -> Result<(), RunError> {
    let watch = Stopwatch::start();
    loop {
        match carried.recv_timeout(Duration::from_millis(100)) {
            Ok(piece) => {
                if !take(piece)? {
                    return Ok(());
                }
            }
            Err(RecvTimeoutError::Timeout) if process::interrupted() => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        if watch.seconds() > budget::LINK_FLIGHT.as_secs_f64() {
            return Ok(());
        }
    }
}

fn carry_from_vehicle(mut reader: link::Reader, carried: SyncSender<Carried>, over: &AtomicBool) {
    let mut buffer = [0; 65_536];
    while !over.load(Ordering::SeqCst) {
        let sent = match reader.read(&mut buffer) {
            Ok(0) => continue,
            Ok(count) => carried.send(Carried::Vehicle(buffer[..count].to_vec())),
            Err(error) => {
                let _ = carried.send(Carried::VehicleGone(error));
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

fn carry_from_mission(mut from_mission: impl Read, carried: SyncSender<Carried>) {
    let mut buffer = [0; 65_536];
    while let Ok(count @ 1..) = from_mission.read(&mut buffer) {
        if carried.send(Carried::Mission(buffer[..count].to_vec())).is_err() {
            return;
        }
    }
    let _ = carried.send(Carried::MissionDone);
}
