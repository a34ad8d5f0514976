//! The mistake: the heading of the nose is a bare number.
//! Instead: `Nose::Heading(Degrees(180.0))`.
//! Says: expected `Degrees`, found floating-point number
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.set_nose(Nose::Heading(180.0));
    vehicle.go_to(PositionNed::at(North(0.0), East(30.0), AboveHome(10.0))).await?;
    vehicle.return_to_launch().await
}
