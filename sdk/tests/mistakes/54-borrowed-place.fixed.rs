//! Mended: borrowed-place, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let start = vehicle.position();
    let corners = [start.towards(Degrees(0.0), Metres(20.0)), start.towards(Degrees(90.0), Metres(20.0))];
    for corner in corners.iter() {
        vehicle.go_to(*corner).await?;
    }
    vehicle.return_to_launch().await
}
