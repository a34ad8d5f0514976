//! Mended: heights-added, as it should be written.
use flightsmith_sdk::prelude::*;

const ALTITUDE: AboveHome = AboveHome(10.0);

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(ALTITUDE).await?;
    vehicle.climb_to(ALTITUDE + Metres(5.0)).await?;
    vehicle.hold(Seconds(3.0)).await?;
    vehicle.land().await
}
