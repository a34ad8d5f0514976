//! The mistake: an invented call: `set_yaw`.
//! Instead: `vehicle.turn_to(Degrees(270.0)).await?;`.
//! Says: the nose is turned by `vehicle.turn_to(Degrees(90.0)).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.set_yaw(270.0).await?;
    vehicle.take_photo().await?;
    vehicle.land().await
}
