//! The mistake: the last call is unwrapped with `?`.
//! Instead: `vehicle.land().await`, or `Ok(vehicle.land().await?)`.
//! Says: expected `Result<Vehicle<Landed>, FlightError>`, found `Vehicle<Landed>`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Seconds(10.0)).await?;
    vehicle.land().await?
}
