//! Mended: vehicle-not-mutable, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.return_to_launch().await
}
