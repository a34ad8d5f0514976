//! The mistake: a type of the SDK is not imported.
//! Instead: `use flightsmith_sdk::prelude::*;`.
//! Says: cannot find type `AboveHome` in this scope
use flightsmith_sdk::{FlightError, Grounded, Landed, Vehicle};

const ALTITUDE: AboveHome = AboveHome(10.0);

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let vehicle = vehicle.arm_and_take_off(ALTITUDE).await?;
    vehicle.land().await
}
