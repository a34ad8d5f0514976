//! The mistake: the take-off is not awaited before the next call.
//! Instead: `vehicle.arm_and_take_off(AboveHome(10.0)).await?`.
//! Says: this is a call that flies and was not awaited yet: write `.await?` behind it
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0));
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.land().await
}
