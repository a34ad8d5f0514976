//! Mended: american-spelling, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let start = vehicle.position();
    vehicle.go_to(start.towards(Degrees(45.0), Metres(25.0))).await?;
    vehicle.go_to(start).await?;
    vehicle.land().await
}
