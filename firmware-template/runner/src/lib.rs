//! What is around a mission on a Linux companion computer: link, readiness, checks before the flight, the way home when the
//! mission fails, and the supervisor process. The mission itself knows none of it.
use flightsmith_sdk::prelude::*;
use std::process::ExitCode;

/// Runs a mission from the process's arguments until it has landed or failed. `plan_json` is the plan that it was made from.
pub fn main<F, Fut>(fly: F, plan_json: &str) -> ExitCode
where
    F: FnOnce(Vehicle<Grounded>) -> Fut + 'static,
    Fut: Future<Output = Result<Vehicle<Landed>, FlightError>> + 'static,
{
    let _ = plan_json;
    let mut link = match flightsmith_sdk::driver::open("stdio") {
        Ok(link) => link,
        Err(_) => return ExitCode::from(11),
    };
    let connection = Connection::new();
    let flight = async {
        let vehicle = connection.ready(Seconds(120.0)).await?;
        fly(vehicle).await
    };
    match flightsmith_sdk::driver::block_on(link.as_mut(), &connection, flight) {
        Ok(Ok(_)) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("{error}");
            ExitCode::from(10)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(10)
        }
    }
}
