//! The mistake: a position is made of three bare numbers, the height negative as in NED.
//! Instead: `PositionNed::at(North(40.0), East(-10.0), AboveHome(12.0))`.
//! Says: expected `North`, found floating-point number
//! Says: expected `AboveHome`, found floating-point number
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(12.0)).await?;
    vehicle.go_to(PositionNed::at(40.0, -10.0, -12.0)).await?;
    vehicle.return_to_launch().await
}
