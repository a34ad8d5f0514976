//! Mended: blocking-sleep, as it should be written.
use core::time::Duration;
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Duration::from_secs(5).into()).await?;
    vehicle.land().await
}
