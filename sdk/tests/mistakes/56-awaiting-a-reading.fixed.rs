//! Mended: awaiting-a-reading, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let here = vehicle.position();
    vehicle.go_to(here.towards(Degrees(90.0), Metres(25.0))).await?;
    vehicle.return_to_launch().await
}
