//! The mistake: a `match` names only some of the errors.
//! Instead: `Err(error) => return Err(error)` for the others.
//! Says: non-exhaustive patterns
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    match vehicle.take_photo().await {
        Ok(()) => {}
        Err(FlightError::OutcomeUnknown { .. }) => vehicle.hold(Seconds(2.0)).await?,
    }
    vehicle.land().await
}
