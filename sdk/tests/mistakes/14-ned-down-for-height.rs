//! The mistake: a position is written as a struct with the height as a positive `down_m`.
//! Instead: `PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))`.
//! Says: cannot construct `PositionNed` with struct literal syntax
//! Says: you might have meant to use the `at` associated function
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let corner = PositionNed { north_m: 40.0, east_m: 0.0, down_m: 10.0 };
    vehicle.go_to(corner).await?;
    vehicle.return_to_launch().await
}
