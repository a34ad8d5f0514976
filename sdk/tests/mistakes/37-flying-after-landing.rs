//! The mistake: the mission flies on after its landing.
//! Instead: land once, as the last call.
//! Says: the flight is over: this vehicle has landed
//! Says: move this call before `vehicle.land().await`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let mut vehicle = vehicle.land().await?;
    vehicle.take_photo().await?;
    Ok(vehicle)
}
