//! The mistake: a length is given where a height above home is wanted.
//! Instead: `AboveHome(20.0)`; by so much: `vehicle.climb_by(Metres(20.0))`.
//! Says: expected `AboveHome`, found `Metres`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.climb_to(Metres(20.0)).await?;
    vehicle.take_photo().await?;
    vehicle.land().await
}
