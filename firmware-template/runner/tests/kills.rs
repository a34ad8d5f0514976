//! The kill test: a mission process that is killed, stopped or stuck in take-off, on a leg, on an arc and in a hold, with both
//! flavours of the simulated vehicle in lockstep: it must be on its way home or down within 5 s, and land.
//!
//! This binary is also the mission: started with arguments it runs it as a companion binary would.
use flightsmith_mission::{
    geodesy::Home,
    vehicle::{Autopilot, Vehicle as VehicleFile},
};
use flightsmith_sdk::prelude::*;
use flightsmith_sim::{
    Scenario, SimConfig, Simulation,
    lockstep::{LockstepLimits, fly_lockstep},
};
use std::ops::ControlFlow;
use std::process::{Child, Command, ExitCode, Stdio};

const LIMITS: &str = include_str!("../../companion/limits.json");
const PLAN: &str =
    r#"{ "name": "kill-test", "steps": [ { "do": { "take_off": { "altitude_m": 10 } } }, { "do": "land" } ] }"#;
/// Vehicle seconds from a trouble to the way home.
const HOME_WITHIN_S: f64 = 5.0;

async fn mission(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(30.0), East(0.0), AboveHome(10.0))).await?;
    let centre = PositionNed::at(North(30.0), East(10.0), AboveHome(10.0));
    vehicle.follow_arc(Arc::circle(centre, Metres(10.0), Degrees(270.0), Degrees(180.0))).await?;
    vehicle.hold(Seconds(10.0)).await?;
    vehicle.return_home().await?;
    vehicle.land().await
}

/// The mission with a trouble of its own making on the leg.
async fn troubled(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(10.0), East(0.0), AboveHome(10.0))).await?;
    if std::env::args().any(|argument| argument == "--no-supervisor") {
        panic!("as the test asks");
    }
    loop {
        std::hint::spin_loop();
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--link") => flightsmith_runner::main(mission, PLAN, LIMITS),
        Some("--envelope") => flightsmith_runner::main(troubled, PLAN, LIMITS),
        // Whatever the test runner passes.
        _ => {
            run_all();
            ExitCode::SUCCESS
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Trouble {
    None,
    /// Signal to the mission process this many seconds after the first tick.
    Signal(&'static str, f64),
    /// The mission itself spins for ever.
    Spin,
    /// The mission panics.
    Panic,
}

fn run_all() {
    for autopilot in [Autopilot::ArduPilot, Autopilot::Px4] {
        check(autopilot, Trouble::None, 0);
        // Take-off, leg, arc and hold, as the modes' times show in both flavours.
        for after_s in [4.0, 9.0, 18.0, 26.0, 34.0, 40.0] {
            check(autopilot, Trouble::Signal("KILL", after_s), 101);
        }
        for after_s in [6.0, 20.0, 36.0] {
            check(autopilot, Trouble::Signal("STOP", after_s), 101);
        }
        check(autopilot, Trouble::Spin, 101);
        check(autopilot, Trouble::Panic, 101);
    }
}

fn check(autopilot: Autopilot, trouble: Trouble, expected_code: i32) {
    let vehicle: VehicleFile =
        toml::from_str(include_str!("../../../agent/vehicles/quad.toml")).expect("the vehicle file");
    let mut sim = Simulation::new(SimConfig {
        vehicle,
        autopilot,
        home: Home::default(),
        seed: 5,
        scenario: Scenario::nominal(),
        warm_start: true,
    });
    let arguments: &[&str] = match trouble {
        Trouble::None | Trouble::Signal(..) => &["--link", "stdio"],
        Trouble::Spin => &["--envelope", "{}"],
        Trouble::Panic => &["--envelope", "{}", "--no-supervisor"],
    };
    let mut runner = Command::new(std::env::current_exe().expect("this binary"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let (from, to) = (runner.stdout.take().expect("a pipe"), runner.stdin.take().expect("a pipe"));
    let first_s = sim.truth().time_s;
    let mut trouble_s = None;
    let mut home_s = None;
    let end =
        fly_lockstep::<_, _, Vec<u8>>(&mut sim, from, to, None, &LockstepLimits::default(), &mut || None, &mut |sim| {
            let truth = sim.truth();
            let now_s = truth.time_s;
            match trouble {
                Trouble::Signal(signal, after_s) if trouble_s.is_none() && now_s - first_s >= after_s => {
                    trouble_s = Some(now_s);
                    send(signal, &runner);
                }
                // It makes its own trouble where it comes to rest at the end of its leg.
                Trouble::Spin | Trouble::Panic if trouble_s.is_none() && truth.position.north_m > 9.0 => {
                    trouble_s = Some(now_s + 3.0);
                }
                _ => {}
            }
            let on_its_way = !truth.armed || ["RTL", "LAND"].iter().any(|mode| truth.mode.ends_with(mode));
            if trouble_s.is_some() && home_s.is_none() && on_its_way {
                home_s = Some(now_s);
            }
            ControlFlow::Continue(())
        })
        .expect("flies");
    let code = runner.wait().expect("ends").code();
    assert!(end.landed, "{autopilot:?} {trouble:?}: {end:?}");
    assert_eq!(code, Some(expected_code), "{autopilot:?} {trouble:?}");
    if let Some(trouble_s) = trouble_s {
        let took_s = home_s.expect("on its way home") - trouble_s;
        assert!(took_s <= HOME_WITHIN_S, "{autopilot:?} {trouble:?}: {took_s} s to the way home");
        eprintln!("{autopilot:?} {trouble:?}: on its way home after {took_s:.2} s, landed");
    } else {
        assert_eq!(trouble, Trouble::None);
        eprintln!("{autopilot:?}: landed undisturbed");
    }
}

/// Sends a signal to the mission process: the supervisor's only child.
fn send(signal: &str, supervisor: &Child) {
    let id = supervisor.id();
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).expect("procfs");
    let mission = children.split_whitespace().next().expect("a mission process");
    let status = Command::new("kill").args([&format!("-{signal}"), mission]).status().expect("kill");
    assert!(status.success());
}
