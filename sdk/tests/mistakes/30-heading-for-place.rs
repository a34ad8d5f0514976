//! The mistake: a heading is given to the call that looks at a place.
//! Instead: `vehicle.turn_to(Degrees(90.0))`.
//! Says: is not a place to look at
//! Says: for a heading write `vehicle.turn_to(Degrees(90.0)).await?`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.face(Degrees(90.0)).await?;
    vehicle.take_photo().await?;
    vehicle.land().await
}
