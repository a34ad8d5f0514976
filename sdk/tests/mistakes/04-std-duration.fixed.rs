//! Mended: std-duration, as it should be written.
use core::time::Duration;
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(8.0)).await?;
    for bearing in [Degrees(90.0), Degrees(270.0)] {
        vehicle.turn_to(bearing).await?;
        vehicle.hold(Duration::from_secs(5).into()).await?;
    }
    vehicle.land().await
}
