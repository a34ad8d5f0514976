//! The mistake: the calls are looked for on plugins, as in MAVSDK.
//! Instead: `vehicle.arm_and_take_off(..)`, `vehicle.land()`.
//! Says: the vehicle has its calls itself: `vehicle.arm_and_take_off(AboveHome(10.0)).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    vehicle.action().set_takeoff_altitude(12.0).await?;
    let mut vehicle = vehicle.action().takeoff(12.0).await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.land().await
}
