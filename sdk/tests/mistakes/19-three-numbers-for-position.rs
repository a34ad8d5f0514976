//! The mistake: a place is given as three arguments.
//! Instead: `vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0)))`.
//! Says: is not a place to fly to: write `PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))`
//! Says: takes 1 argument but 3 arguments were supplied
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(40.0, 0.0, 10.0).await?;
    vehicle.hold(Seconds(2.0)).await?;
    vehicle.return_to_launch().await
}
