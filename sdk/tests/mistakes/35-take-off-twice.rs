//! The mistake: the vehicle takes off again to climb.
//! Instead: `vehicle.climb_to(AboveHome(20.0))`.
//! Says: the vehicle is flying already: to change its height write `vehicle.climb_to(AboveHome(20.0)).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.take_photo().await?;
    vehicle.arm_and_take_off(AboveHome(20.0)).await?;
    vehicle.take_photo().await?;
    vehicle.land().await
}
