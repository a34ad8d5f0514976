//! The mistake: the mode is set by its name.
//! Instead: `vehicle.return_to_launch().await`.
//! Says: modes are set by the calls that need them: `vehicle.arm_and_take_off(..)`, `vehicle.land()`, `vehicle.return_to_launch()`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    vehicle.set_mode("GUIDED").await?;
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.land().await
}
