//! The mistake: arming and taking off are two calls, as in MAVSDK.
//! Instead: `vehicle.arm_and_take_off(AboveHome(10.0)).await?`.
//! Says: arming and taking off are one call: `let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    vehicle.arm().await?;
    let mut vehicle = vehicle.takeoff(10.0).await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.land().await
}
