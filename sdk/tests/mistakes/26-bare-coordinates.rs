//! The mistake: coordinates are given as three bare numbers.
//! Instead: `GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0))`.
//! Says: takes 1 argument but 3 arguments were supplied
//! Says: `GlobalPosition`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(20.0)).await?;
    vehicle.go_to_global(47.3981, 8.5461, 20.0).await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.return_to_launch().await
}
