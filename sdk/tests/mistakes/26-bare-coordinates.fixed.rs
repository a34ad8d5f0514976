//! Mended: bare-coordinates, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(20.0)).await?;
    vehicle
        .go_to_global(GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0)))
        .await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.return_to_launch().await
}
