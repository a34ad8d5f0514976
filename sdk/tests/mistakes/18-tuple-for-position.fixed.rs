//! Mended: tuple-for-position, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    for corner in [
        PositionNed::at(North(40.0), East(0.0), AboveHome(10.0)),
        PositionNed::at(North(40.0), East(40.0), AboveHome(10.0)),
        PositionNed::at(North(0.0), East(40.0), AboveHome(10.0)),
    ] {
        vehicle.go_to(corner).await?;
    }
    vehicle.return_to_launch().await
}
