//! The mistake: coordinates are given to the call that takes metres from home.
//! Instead: `vehicle.go_to_global(field)`.
//! Says: is not a place to fly to
//! Says: for a `GlobalPosition` write `vehicle.go_to_global(place).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(20.0)).await?;
    let field = GlobalPosition::at(Latitude(47.3983), Longitude(8.5463), Altitude::AboveHome(20.0));
    vehicle.go_to(field).await?;
    vehicle.return_to_launch().await
}
