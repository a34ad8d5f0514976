//! The mistake: two heights above home are added.
//! Instead: `ALTITUDE + Metres(5.0)`: what is added to a height is a length.
//! Says: `AboveHome` cannot be added to a height: add a length, as in `altitude + Metres(5.0)`
use flightsmith_sdk::prelude::*;

const ALTITUDE: AboveHome = AboveHome(10.0);

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(ALTITUDE).await?;
    vehicle.climb_to(ALTITUDE + AboveHome(5.0)).await?;
    vehicle.hold(Seconds(3.0)).await?;
    vehicle.land().await
}
