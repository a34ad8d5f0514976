//! Mended: await-in-a-closure, as it should be written.
use flightsmith_sdk::prelude::*;

const CORNERS: [PositionNed; 2] = [
    PositionNed::at(North(40.0), East(0.0), AboveHome(10.0)),
    PositionNed::at(North(40.0), East(40.0), AboveHome(10.0)),
];

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    for corner in CORNERS {
        vehicle.go_to(corner).await?;
    }
    vehicle.return_to_launch().await
}
