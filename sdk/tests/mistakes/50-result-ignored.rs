//! The mistake: the outcome of a flying call is ignored.
//! Instead: `vehicle.go_to(..).await?;`.
//! Says: unused `Result` that must be used
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await;
    vehicle.take_photo().await?;
    vehicle.return_to_launch().await
}
