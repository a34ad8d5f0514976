//! The mistake: an invented call: `hover`.
//! Instead: `vehicle.hold(Seconds(5.0)).await?;`.
//! Says: waiting in the air is `vehicle.hold(Seconds(5.0)).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hover(5.0).await?;
    vehicle.land().await
}
