//! The mistake: the program waits by a timer of a runtime.
//! Instead: `vehicle.hold(Seconds(2.5)).await?;`.
//! Says: `embassy_time`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.turn_to(Degrees(90.0)).await?;
    embassy_time::Timer::after_millis(2500).await;
    vehicle.land().await
}
