//! Mended: errors-not-all-handled, as it should be written.
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    match vehicle.take_photo().await {
        Ok(()) => {}
        Err(FlightError::OutcomeUnknown { .. }) => vehicle.hold(Seconds(2.0)).await?,
        Err(error) => return Err(error),
    }
    vehicle.land().await
}
