//! Mended: dronekit-simple-goto, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(20.0)).await?;
    let place = GlobalPosition::at(Latitude(47.3981), Longitude(8.5461), Altitude::AboveHome(20.0));
    vehicle.go_to_global(place).await?;
    vehicle.return_to_launch().await
}
