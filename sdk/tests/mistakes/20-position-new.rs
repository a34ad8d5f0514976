//! The mistake: a position is made by `new`, with the NED sign.
//! Instead: `PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))`.
//! Says: `new`
//! Says: PositionNed::at
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let waypoint = PositionNed::new(40.0, 0.0, -10.0);
    vehicle.go_to(waypoint).await?;
    vehicle.return_to_launch().await
}
