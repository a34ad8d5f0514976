//! Mended: imported-one-by-one, as it should be written.
use flightsmith_sdk::frame::AboveHome;
use flightsmith_sdk::{FlightError, Grounded, Landed, Vehicle};

const ALTITUDE: AboveHome = AboveHome(10.0);

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let vehicle = vehicle.arm_and_take_off(ALTITUDE).await?;
    vehicle.land().await
}
