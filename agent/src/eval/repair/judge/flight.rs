//! Two missions flown in the embedded simulator under the same conditions: they are the same if the vehicle was at the same place at the
//! same time from arming to disarming, and the same happened on the way.
use super::super::compiler::{EvalError, Scratch, at};
use super::mission;
use crate::budget;
use crate::exit::chain;
use crate::vehicles;
use flightsmith_mission::geodesy::Home;
use flightsmith_mission::vehicle::Autopilot;
use flightsmith_sim::lockstep::{self, LockstepLimits};
use flightsmith_sim::tlog::TlogWriter;
use flightsmith_sim::{Scenario, SimConfig, Simulation, TruthEvent};
use flightsmith_toolchain::prebuilt::MissionCrate;
use flightsmith_toolchain::process;
use flightsmith_toolchain::sandbox::Confined;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

/// Vehicle that carries all payloads, so that every mission can be flown with it.
const VEHICLE: &str = "quad-payload";
const SEED: u64 = 1;
/// How far apart the two may be at any time, in metres. The simulator is deterministic: the same commands give the same flight, and a
/// reading more on the way shifts it by a tick or two of 20 ms.
const APART_M: f64 = 1.0;
/// How far apart the noses may point, in degrees.
const TURNED_DEG: f64 = 10.0;
/// How much longer one may take, in seconds.
const LONGER_S: f64 = 1.0;
/// The longest flight that is waited for, in seconds of vehicle time.
const LIMIT_S: f64 = 1800.0;

/// What was flown.
#[derive(Debug, Default, PartialEq)]
struct Track {
    /// Places in metres north, east, down, ten times a second.
    places: Vec<[f64; 3]>,
    /// Where the nose pointed, as often.
    headings_deg: Vec<f64>,
    /// What happened, without time and place.
    events: Vec<String>,
    /// How the program ended.
    ending: String,
}

/// How the flight of `mended` differs from that of the first of `rights`; `None` if it is as that of any of them.
pub fn difference(scratch: &Scratch<'_>, rights: &[String], mended: &str) -> Result<Option<String>, EvalError> {
    let Some(found) = flown(scratch, mended)? else { return Ok(Some("it cannot be linked".into())) };
    let mut first = None;
    for right in rights {
        let fault = match flown(scratch, right)? {
            Some(wanted) => between(&wanted, &found),
            None => Some("the right version cannot be linked".into()),
        };
        if fault.is_none() {
            return Ok(None);
        }
        first = first.or(fault);
    }
    Ok(first)
}

fn between(wanted: &Track, found: &Track) -> Option<String> {
    if wanted.ending != found.ending {
        return Some(format!("its program {}, the right one {}", found.ending, wanted.ending));
    }
    if wanted.events != found.events {
        return Some(format!("{:?} happened instead of {:?}", found.events, wanted.events));
    }
    let longer_s = (wanted.places.len() as f64 - found.places.len() as f64).abs() / 10.0;
    if longer_s > LONGER_S {
        return Some(format!("its flight took {longer_s:.1} s more or less"));
    }
    let distance = |(one, other): (&[f64; 3], &[f64; 3])| {
        one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
    };
    let apart_m = wanted.places.iter().zip(&found.places).map(distance).fold(0.0, f64::max);
    if apart_m > APART_M {
        return Some(format!("it flew {apart_m:.1} m away from where it should"));
    }
    let turned = |(one, other): (&f64, &f64)| ((one - other + 540.0).rem_euclid(360.0) - 180.0).abs();
    let turned_deg = wanted.headings_deg.iter().zip(&found.headings_deg).map(turned).fold(0.0, f64::max);
    (turned_deg > TURNED_DEG).then(|| format!("its nose was {turned_deg:.0} degrees off"))
}

/// What a person would tell of an event; set-points and commands are means.
fn named(event: &TruthEvent) -> Option<String> {
    match event {
        TruthEvent::Armed => Some("armed".into()),
        TruthEvent::Disarmed => Some("disarmed".into()),
        TruthEvent::Mode { mode, .. } => Some((*mode).to_owned()),
        TruthEvent::Photo { .. } => Some("photo".into()),
        TruthEvent::Released { payload, .. } => Some(format!("released {payload:?}")),
        TruthEvent::ParameterSet { name, .. } => Some(format!("set {name}")),
        TruthEvent::SetPoint { .. } | TruthEvent::Command { .. } | TruthEvent::Touchdown { .. } => None,
    }
}

/// Links a mission with the companion's shell and flies it; `None` where the linker refuses it.
fn flown(scratch: &Scratch<'_>, source: &str) -> Result<Option<Track>, EvalError> {
    let vehicle = vehicles::load(VEHICLE).map_err(|error| EvalError::Flight(error.to_string()))?;
    let envelope = vehicles::envelope(&vehicle, None).map_err(|error| EvalError::Flight(error.to_string()))?;
    let folder = scratch.path("mission");
    let limits = serde_json::json!({ "vehicle": vehicle, "envelope": envelope });
    let path = folder.join("limits.json");
    std::fs::write(&path, limits.to_string()).map_err(at(&path))?;
    scratch.write_mission(&mission(source))?;
    let crate_ = MissionCrate::open(&folder).map_err(flightsmith_toolchain::prebuilt::CompileError::from)?;
    let bench = scratch.bench;
    let linked = bench.prebuilt.link(&bench.sandbox, &crate_, &scratch.path("mission-out"))?;
    let Ok(program) = linked else { return Ok(None) };
    let mut simulation = Simulation::new(SimConfig {
        vehicle,
        autopilot: Autopilot::ArduPilot,
        home: Home::default(),
        seed: SEED,
        scenario: Scenario::nominal(),
        warm_start: true,
    });
    fly(scratch, &program.path, &mut simulation).map(Some)
}

fn fly(scratch: &Scratch<'_>, program: &Path, simulation: &mut Simulation) -> Result<Track, EvalError> {
    let confined = Confined::flight(program, &[], Duration::from_secs(120)).args(["--link", "stdio"]);
    let invocation = scratch.bench.sandbox.invocation(&confined).map_err(at(program))?;
    let mut child = process::spawn_piped(&invocation)?;
    let (Some(to_mission), Some(from_mission)) = (child.take_stdin(), child.take_stdout()) else {
        return Err(EvalError::Flight("the mission has no stdin and stdout".into()));
    };
    let limits = LockstepLimits { flight_s: LIMIT_S, ..LockstepLimits::default() };
    let mut track = Track::default();
    let mut tick = 0_u64;
    let no_log: Option<&mut TlogWriter<Vec<u8>>> = None;
    let end = lockstep::fly_lockstep(
        simulation,
        from_mission,
        to_mission,
        no_log,
        &limits,
        // Whether it is fast enough for a companion computer is another question.
        &mut || None,
        &mut |simulation| {
            track.events.extend(simulation.events().iter().filter_map(named));
            if tick.is_multiple_of(5) && simulation.truth().armed {
                let truth = simulation.truth();
                track.places.push([truth.position.north_m, truth.position.east_m, truth.position.down_m]);
                track.headings_deg.push(truth.heading_deg);
            }
            tick += 1;
            ControlFlow::Continue(())
        },
    );
    let end = end.map_err(|error| EvalError::Flight(chain(&error)))?;
    let ending = child.wait(budget::MISSION_EXIT)?;
    track.ending = format!("{ending}{}", if end.landed { "" } else { ", not landed" });
    Ok(track)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flights_are_the_same_within_a_metre_and_a_second() {
        let track = |count: usize, north_m: f64| Track {
            places: vec![[north_m, 0.0, -5.0]; count],
            headings_deg: vec![0.0; count],
            events: vec!["armed".into()],
            ending: "exited with code 0".into(),
        };
        assert_eq!(between(&track(100, 0.0), &track(105, 0.5)), None);
        assert_eq!(between(&track(100, 0.0), &track(100, 4.0)).unwrap(), "it flew 4.0 m away from where it should");
        assert_eq!(between(&track(100, 0.0), &track(150, 0.0)).unwrap(), "its flight took 5.0 s more or less");
        let silent = Track { events: Vec::new(), ..track(100, 0.0) };
        assert!(between(&track(100, 0.0), &silent).unwrap().starts_with("[] happened instead of [\"armed\"]"));
        let failed = Track { ending: "exited with code 1".into(), ..track(100, 0.0) };
        assert!(between(&track(100, 0.0), &failed).unwrap().contains("code 1"));
    }
}
