//! The mistake: a velocity set-point is sent by a call of dronekit's scripts.
//! Instead: `vehicle.offboard().fly(VelocityNed::towards(..), Seconds(5.0))`.
//! Says: a velocity is flown by `vehicle.offboard().fly(VelocityNed::towards(Degrees(0.0), MetresPerSecond(2.0)), Seconds(5.0)).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.send_ned_velocity(2.0, 0.0, 0.0, 5.0).await?;
    vehicle.return_to_launch().await
}
