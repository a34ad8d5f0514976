//! What is around a mission on a Linux companion computer: link, readiness, checks before the flight, the way home when the
//! mission fails, and the supervisor process. The mission itself knows none of it.
//!
//! Reading order: [`main`], then `mission_run` (one mission process from link to exit), `supervisor` (the process beside it).
//!
//! Exit codes: 0 landed (also by a standing rule), 10 the flight failed, 11 refused before arming, 12 a pilot took over,
//! 101 the mission panicked, died or hung. The last line on stderr is JSON: `{"mission_end": "...", ...}`.
mod checks;
mod ending;
mod mission_run;
mod options;
mod permission;
mod preflight;
mod process;
mod supervisor;
mod way_home;

use ending::Ending;
use flightsmith_sdk::{FlightError, Grounded, Landed, Vehicle, driver};
use mission_run::Mission;
use options::{Errand, Options};
use std::process::ExitCode;

/// Runs a mission as the process's arguments say, until it has landed or failed.
///
/// `fly` is the mission, `plan_json` the plan that it was made from, `limits_json` the vehicle and the envelope that it was verified
/// for (`{"vehicle": .., "envelope": ..}`): the plan is checked again at the vehicle's actual home, and the vehicle's parameters are
/// read. All three are inside the program, so that nobody can forget them.
/// Arguments: `--link URL` (default `stdio`), `--envelope JSON` (a file or the JSON itself; can only tighten), `--wait` (disarmed, for permission), `--start-file FILE`, `--no-supervisor`; `--preflight` (says in
/// JSON on stdout whether the vehicle is disarmed and healthy), `--self-check` (whether this program runs here).
pub fn main<F, Fut>(fly: F, plan_json: &'static str, limits_json: &'static str) -> ExitCode
where
    F: FnOnce(Vehicle<Grounded>) -> Fut + 'static,
    Fut: Future<Output = Result<Vehicle<Landed>, FlightError>> + 'static,
{
    // Boxed at once: whatever follows is compiled once, here, and not again with each mission.
    run(Box::new(move |vehicle| Box::pin(fly(vehicle))), Aboard { plan_json, limits_json })
}

/// What a program carries about its mission.
#[derive(Debug, Clone, Copy)]
struct Aboard {
    plan_json: &'static str,
    limits_json: &'static str,
}

fn run(mission: Mission, aboard: Aboard) -> ExitCode {
    let options = match Options::from_arguments(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => return Ending::refused(error.to_string()).report(0.0),
    };
    if options.errand == Errand::SelfCheck {
        return preflight::self_check(aboard);
    }
    let mut link = match driver::open(&options.link) {
        Ok(link) => link,
        Err(error) => return Ending::refused(ending::chain(&error)).report(0.0),
    };
    if options.errand == Errand::Preflight {
        return preflight::run(aboard, &options, link.as_mut());
    }
    if !options.supervisor {
        return mission_run::run(mission, aboard, &options, link.as_mut(), None);
    }
    match process::fork_beside() {
        Ok(process::Side::Mission(progress)) => {
            mission_run::run(mission, aboard, &options, link.as_mut(), Some(progress))
        }
        Ok(process::Side::Supervisor(child)) => {
            ending::say(&format!("mission process {}, supervisor {}", child.pid(), std::process::id()));
            supervisor::watch(&child, link.as_mut(), options.link == "stdio")
        }
        Err(error) => Ending::refused(format!("cannot start the supervisor: {error}")).report(0.0),
    }
}
