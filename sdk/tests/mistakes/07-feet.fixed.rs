//! Mended: feet, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome::from_feet(100.0)).await?;
    vehicle.hold(Seconds(10.0)).await?;
    vehicle.land().await
}
