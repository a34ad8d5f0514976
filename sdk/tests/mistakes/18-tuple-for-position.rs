//! The mistake: a place is given as a tuple of numbers.
//! Instead: `PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))`.
//! Says: is not a place to fly to: write `PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    for corner in [(40.0, 0.0, 10.0), (40.0, 40.0, 10.0), (0.0, 40.0, 10.0)] {
        vehicle.go_to(corner).await?;
    }
    vehicle.return_to_launch().await
}
