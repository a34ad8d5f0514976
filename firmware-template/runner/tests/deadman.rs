//! The dead man's switch: the mission process is killed or stopped at random instants of a whole flight (take-off, leg, set-points,
//! arc, hold, way home, landing), in both flavours. Within 5 s the vehicle must be at rest or on its way home, it never leaves the
//! envelope, and it lands.
//!
//! `-- --each N` instants for each flavour and signal (`cargo xtask deadman` takes 100), `--seed S`, `--jobs J`; `--real-time` flies
//! against the wall clock over a plain pipe, as on a real link, where the supervisor's own waiting counts in full.
#![expect(unsafe_code, reason = "a signal to a process that is not our child, at once")]
#[path = "deadman/flight.rs"]
mod flight;
use flight::{Flown, Link, Signal, Trouble};
use flightsmith_mission::vehicle::Autopilot;
use flightsmith_sdk::prelude::*;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

const LIMITS: &str = include_str!("../../companion/limits.json");
const PLAN: &str =
    r#"{ "name": "deadman", "steps": [ { "do": { "take_off": { "altitude_m": 10 } } }, { "do": "land" } ] }"#;
/// Vehicle seconds from the trouble to rest or the way home.
const SAFE_WITHIN_S: f64 = 5.0;
/// On a busy machine a signal may come late, and a millisecond of it is a second of a lockstep flight.
const TRIES: usize = 10;
const AUTOPILOTS: [Autopilot; 2] = [Autopilot::ArduPilot, Autopilot::Px4];

fn at(north_m: f64, east_m: f64) -> PositionNed {
    PositionNed::at(North(north_m), East(east_m), AboveHome(10.0))
}

async fn mission(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(at(25.0, 0.0)).await?;
    let mut offboard = vehicle.offboard();
    offboard.fly(VelocityNed::towards(Degrees(90.0), MetresPerSecond(4.0)), Seconds(5.0)).await?;
    let turning = SetPoint::from(VelocityFrd::forward(MetresPerSecond(3.0)));
    offboard.fly(turning.with_yaw(Yaw::Rate(DegreesPerSecond(20.0))), Seconds(4.0)).await?;
    offboard.stop().await?;
    let here = vehicle.position();
    let centre = here.towards(Degrees(180.0), Metres(8.0));
    vehicle.follow_arc(Arc::circle(centre, Metres(8.0), Degrees(0.0), Degrees(180.0))).await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.return_home().await?;
    vehicle.land().await
}

struct Options {
    each: usize,
    seed: u64,
    jobs: usize,
    real_time: bool,
}

impl Options {
    fn from(arguments: &[String]) -> Self {
        let number = |name: &str| {
            let at = arguments.iter().position(|argument| argument == name)?;
            arguments.get(at + 1)?.parse().ok()
        };
        let real_time = arguments.iter().any(|argument| argument == "--real-time");
        Self {
            each: number("--each").unwrap_or(6) as usize,
            seed: number("--seed").unwrap_or(1),
            jobs: number("--jobs").unwrap_or(if real_time { 24 } else { 4 }) as usize,
            real_time,
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == "--link") {
        return flightsmith_runner::main(mission, PLAN, LIMITS);
    }
    let options = Options::from(&arguments);
    let link = if options.real_time { Link::RealTime } else { Link::Lockstep };
    let mut failed = 0;
    for autopilot in AUTOPILOTS {
        let whole = flight::fly(autopilot, Link::Lockstep, None);
        assert!(whole.landed && whole.exit_code == Some(0), "undisturbed: {whole:?}");
        let (armed_s, down_s) = (whole.armed_s.expect("armed"), whole.end_s - 0.5);
        for signal in [Signal::Kill, Signal::Stop] {
            failed += campaign(autopilot, signal, link, &options, &whole, (armed_s, down_s));
        }
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Instants of one flavour and signal; says how many failed.
fn campaign(
    autopilot: Autopilot,
    signal: Signal,
    link: Link,
    options: &Options,
    whole: &Flown,
    (armed_s, down_s): (f64, f64),
) -> usize {
    let mut random = options.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (autopilot as u64) << 8 ^ signal as u64;
    let instants: Vec<f64> = (0..options.each)
        .map(|index| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let share = (index as f64 + (random >> 33) as f64 / f64::from(1_u32 << 31)) / options.each as f64;
            armed_s + share * (down_s - armed_s)
        })
        .collect();
    let (next, flown) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.min(instants.len()) {
            scope.spawn(|| {
                while let Some(at_s) = instants.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // A flight that was over before the signal went out is flown again.
                    let one = (0..TRIES)
                        .map(|_| flight::fly(autopilot, link, Some(Trouble { signal, at_s: *at_s })))
                        .find(|one| one.trouble_s.is_some());
                    let one = one.expect("a signal within the flight");
                    flown.lock().unwrap_or_else(PoisonError::into_inner).push(one);
                }
            });
        }
    });
    let flown = flown.into_inner().unwrap_or_else(PoisonError::into_inner);
    let faults: Vec<String> =
        flown.iter().filter_map(|one| fault(one, whole).map(|what| format!("{what}: {one:?}"))).collect();
    for fault in &faults {
        eprintln!("FAILED {autopilot:?} {signal:?}: {fault}");
    }
    let mut took: Vec<f64> = flown.iter().filter_map(|one| one.safe_after_s).collect();
    took.sort_by(f64::total_cmp);
    let middle_s = took.get(took.len() / 2).copied().unwrap_or(f64::NAN);
    let longest_s = took.last().copied().unwrap_or(f64::NAN);
    let alone = flown.iter().filter(|one| one.supervisor_missed).count();
    eprintln!(
        "{autopilot:?} {signal:?} {link:?}: {} of {} safe; at rest or on the way home after {middle_s:.2} s (middle), {longest_s:.2} s (longest); \
         farthest {:.1} m, highest {:.1} m; left to the autopilot alone {alone}",
        flown.len() - faults.len(),
        flown.len(),
        flown.iter().map(|one| one.farthest_m).fold(0.0, f64::max),
        flown.iter().map(|one| one.highest_m).fold(0.0, f64::max),
    );
    faults.len()
}

/// What was not as promised.
fn fault(one: &Flown, whole: &Flown) -> Option<&'static str> {
    // A return climbs (PX4 to 30 m) and a braking vehicle runs on; the envelope is far beyond, this is what can be explained.
    const RETURN_ALTITUDE_M: f64 = 32.0;
    const RUN_ON_M: f64 = 25.0;
    match one.safe_after_s {
        None => Some("neither at rest nor on its way home"),
        Some(after_s) if after_s > SAFE_WITHIN_S => Some("too late"),
        _ if one.farthest_m > whole.farthest_m + RUN_ON_M => Some("too far"),
        _ if one.highest_m > whole.highest_m.max(RETURN_ALTITUDE_M) => Some("too high"),
        _ if !one.landed => Some("never landed"),
        _ => None,
    }
}
