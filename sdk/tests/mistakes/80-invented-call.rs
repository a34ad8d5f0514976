//! The mistake: a call that no API has: `fly_square`.
//! Instead: a loop of `vehicle.go_to(..)`.
//! Says: no method named `fly_square` found
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.fly_square(Metres(40.0)).await?;
    vehicle.land().await
}
