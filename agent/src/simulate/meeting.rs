//! Who answers at a link, before anything flies over it: whether a vehicle is there, which autopilot it has, and whether it proves
//! to be a simulator.
use super::link::Link;
use super::parameters::Asking;
use crate::budget;
use crate::clock::Stopwatch;
use crate::exit::RunError;
use flightsmith_mission::vehicle::Autopilot;

/// Parameters that only simulators have, or that say so (ArduPilot's `SIM_SPEEDUP`; PX4's `SIM_GZ_EN`, or a simulation-in-hardware
/// airframe, 10000 to 10999, in `SYS_AUTOSTART`).
const TELL_TALES: [&str; 3] = ["SIM_SPEEDUP", "SIM_GZ_EN", "SYS_AUTOSTART"];

/// Waits for the vehicle at `link`, and makes sure that its autopilot is `expected`.
pub fn meet(link: &mut Link, expected: Autopilot) -> Result<(), RunError> {
    listen(link, expected, Asking::new(&[]), |asking| asking.autopilot().is_some()).map(drop)
}

/// As [`meet`]; whether the vehicle proves to be a simulator. Silence, a doubt or another answer count as a real vehicle.
pub fn meet_and_ask(link: &mut Link, expected: Autopilot) -> Result<bool, RunError> {
    let asking = listen(link, expected, Asking::new(&TELL_TALES), |asking| {
        asking.autopilot().is_some() && (is_simulator(asking) || asking.is_answered())
    })?;
    Ok(is_simulator(&asking))
}

fn is_simulator(asking: &Asking) -> bool {
    asking.value("SIM_SPEEDUP").is_some_and(|speedup| speedup > 0.0)
        || asking.value("SIM_GZ_EN").is_some_and(|enabled| enabled == 1.0)
        || asking.value("SYS_AUTOSTART").is_some_and(|airframe| (10_000.0..11_000.0).contains(&airframe))
}

fn listen(
    link: &mut Link,
    expected: Autopilot,
    mut asking: Asking,
    enough: impl Fn(&Asking) -> bool,
) -> Result<Asking, RunError> {
    let watch = Stopwatch::start();
    let mut buffer = [0; 65_536];
    while watch.seconds() < budget::SIMULATOR_PROOF.as_secs_f64() && !enough(&asking) {
        let count = link.reader.read(&mut buffer).map_err(|error| link.lost(&error))?;
        for frame in asking.take(&buffer[..count], watch.seconds()) {
            link.writer.write(&frame).map_err(|error| link.lost(&error))?;
        }
    }
    let Some(autopilot) = asking.autopilot() else {
        let silent = format!("no autopilot was heard within {} s", budget::SIMULATOR_PROOF.as_secs());
        return Err(RunError::files(&link.url, silent));
    };
    let name = match autopilot {
        3 => "ArduPilot".to_string(),
        12 => "PX4".to_string(),
        other => format!("autopilot {other}"),
    };
    let (number, expected) = match expected {
        Autopilot::ArduPilot => (3, "ArduPilot"),
        Autopilot::Px4 => (12, "PX4"),
    };
    if autopilot == number {
        return Ok(asking);
    }
    Err(RunError::Usage(format!(
        "the vehicle at {} is {name}, the program was made for {expected}: run with the --autopilot that the vehicle has",
        link.url
    )))
}
