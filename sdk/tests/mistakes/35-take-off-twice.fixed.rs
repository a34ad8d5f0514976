//! Mended: take-off-twice, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.take_photo().await?;
    vehicle.climb_to(AboveHome(20.0)).await?;
    vehicle.take_photo().await?;
    vehicle.land().await
}
