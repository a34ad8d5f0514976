//! The mistake: coordinates are flown to by `goto_location`, as in MAVSDK.
//! Instead: `vehicle.go_to_global(GlobalPosition::at(..))`.
//! Says: coordinates are flown to by `vehicle.go_to_global(GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0))).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(20.0)).await?;
    vehicle.goto_location(47.3981, 8.5461, 508.0, 0.0).await?;
    vehicle.return_to_launch().await
}
