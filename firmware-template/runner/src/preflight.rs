//! `--preflight`: what an upload asks before it changes anything: is the vehicle disarmed and healthy? `--self-check`: does this
//! program run on this machine at all? Neither arms nor changes anything on the vehicle.
use crate::Aboard;
use crate::checks::{self, Limits};
use crate::mission_run::{Polled, Stop, poll_to_end};
use crate::options::Options;
use flightsmith_mission::plan::PlanDraft;
use flightsmith_sdk::driver::Driver;
use flightsmith_sdk::{Connection, Grounded, Vehicle, units::Seconds};
use serde_json::json;
use std::cell::RefCell;
use std::process::ExitCode;

/// Seconds to hear the vehicle and to become ready: one that needs longer is not ready to be worked on.
const WITHIN: Seconds = Seconds(30.0);
/// A parameter that only ArduPilot's simulator has.
const SIMULATOR_ONLY: &str = "SIM_SPEEDUP";

/// What was found.
#[derive(Default)]
struct Found {
    disarmed: bool,
    reasons: Vec<String>,
    simulator: bool,
}

/// Prints one JSON line on stdout: `disarmed`, `healthy`, `reasons` against it, `simulator` (proved to be one).
///
/// The exit code is 0 whenever there is an answer, also a bad one.
pub(crate) fn run(aboard: Aboard, options: &Options, link: &mut dyn Driver) -> ExitCode {
    let connection = Connection::new();
    let found = RefCell::new(Found::default());
    let object = |reason: String| found.borrow_mut().reasons.push(reason);
    match Limits::read(options, aboard.limits_json) {
        Err(error) => object(crate::ending::chain(&error)),
        Ok(limits) => {
            let look = async {
                if let Err(reason) = look(&connection, aboard.plan_json, &limits, &found).await {
                    object(reason);
                }
                Ok::<(), Stop>(())
            };
            match poll_to_end(link, &connection, Box::pin(look), None) {
                Polled::Ended(_) => {}
                Polled::Panicked(reason) => object(reason),
                Polled::LinkFailed(error) => object(crate::ending::chain(&error)),
            }
        }
    }
    let Found { disarmed, reasons, simulator } = found.into_inner();
    let healthy = reasons.is_empty();
    answer(&json!({ "disarmed": disarmed, "healthy": healthy, "reasons": reasons, "simulator": simulator }))
}

/// Looks at the vehicle as far as it lets; what speaks against a flight now is the error.
async fn look(connection: &Connection, plan_json: &str, limits: &Limits, found: &RefCell<Found>) -> Result<(), String> {
    let mut vehicle = connection.connect(WITHIN).await.map_err(|error| error.to_string())?;
    found.borrow_mut().disarmed = !vehicle.armed();
    if vehicle.armed() {
        return Err(format!("it is armed, in mode {}", vehicle.mode()));
    }
    let simulator = matches!(vehicle.parameter(SIMULATOR_ONLY).await, Ok(Some(_)));
    found.borrow_mut().simulator = simulator;
    if let Err(error) = checks::parameters(&mut vehicle, &limits.vehicle.required_params).await {
        found.borrow_mut().reasons.push(crate::ending::chain(&error));
    }
    let vehicle: Vehicle<Grounded> = vehicle.wait_until_ready(WITHIN).await.map_err(|error| error.to_string())?;
    let home = vehicle.home_here().ok_or("it has no position to check the plan at")?;
    checks::plan_at_home(plan_json, limits, vehicle.autopilot(), &home).map_err(|error| crate::ending::chain(&error))
}

/// Prints one JSON line with the name of the plan that this program flies.
pub(crate) fn self_check(aboard: Aboard) -> ExitCode {
    if let Err(error) = Limits::aboard(aboard.limits_json) {
        crate::ending::say(&crate::ending::chain(&error));
        return ExitCode::FAILURE;
    }
    match serde_json::from_str::<PlanDraft>(aboard.plan_json) {
        Ok(plan) => answer(&json!({ "self_check": "ok", "plan": plan.name, "runner": env!("CARGO_PKG_VERSION") })),
        Err(error) => {
            crate::ending::say(&format!("the plan inside this program is damaged: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn answer(line: &serde_json::Value) -> ExitCode {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{line}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
