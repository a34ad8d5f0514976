//! The mistake: `await` stands before the call, as in Python.
//! Instead: `vehicle.hold(Seconds(5.0)).await?;`.
//! Says: incorrect use of `await`
//! Says: `await` is a postfix operation
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    await vehicle.hold(Seconds(5.0))?;
    vehicle.land().await
}
