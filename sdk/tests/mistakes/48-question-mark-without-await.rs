//! The mistake: the `?` stands on a call that was not awaited.
//! Instead: `vehicle.hold(Seconds(5.0)).await?;`.
//! Says: the `?` operator can only be applied to values that implement `Try`
//! Says: consider `await`ing on the `Future`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Seconds(5.0))?;
    vehicle.land().await
}
