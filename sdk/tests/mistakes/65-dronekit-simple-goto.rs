//! The mistake: names of dronekit: `simple_takeoff`, `simple_goto`, `LocationGlobalRelative`.
//! Instead: `vehicle.go_to_global(GlobalPosition::at(..))`.
//! Says: arming and taking off are one call
//! Says: a place by coordinates is `GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0))`
//! Says: it is flown to by `vehicle.go_to_global(place).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.simple_takeoff(20.0).await?;
    vehicle.simple_goto(LocationGlobalRelative(47.3981, 8.5461, 20.0)).await?;
    vehicle.return_to_launch().await
}
