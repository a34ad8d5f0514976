//! The mistake: `fly` is not async.
//! Instead: `pub async fn fly(..)`.
//! Says: `await` is only allowed inside `async` functions and blocks
use flightsmith_sdk::prelude::*;

pub fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.land().await
}
