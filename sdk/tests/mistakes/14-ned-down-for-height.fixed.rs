//! Mended: ned-down-for-height, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let corner = PositionNed::at(North(40.0), East(0.0), AboveHome(10.0));
    vehicle.go_to(corner).await?;
    vehicle.return_to_launch().await
}
