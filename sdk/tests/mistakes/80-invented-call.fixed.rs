//! Mended: invented-call, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let mut corner = vehicle.position();
    for bearing in [Degrees(0.0), Degrees(90.0), Degrees(180.0), Degrees(270.0)] {
        corner = corner.towards(bearing, Metres(40.0));
        vehicle.go_to(corner).await?;
    }
    vehicle.land().await
}
