//! The mistake: a flying call is not awaited.
//! Instead: `vehicle.go_to(..).await?;`.
//! Says: unused `Flying` that must be used
//! Says: a flying call does nothing until it is awaited: write `.await?` behind it
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0)));
    vehicle.return_to_launch().await
}
