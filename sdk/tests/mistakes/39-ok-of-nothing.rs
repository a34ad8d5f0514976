//! The mistake: the landed vehicle is dropped and `Ok(())` returned.
//! Instead: `vehicle.land().await` as the last expression.
//! Says: expected `Vehicle<Landed>`, found `()`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Seconds(10.0)).await?;
    vehicle.return_to_launch().await?;
    Ok(())
}
