//! The mistake: a length is multiplied by a loop counter.
//! Instead: `Metres(5.0) * round.into()`.
//! Says: expected `f64`, found `i32`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    let start = vehicle.position();
    for round in 1..=3_i32 {
        vehicle.go_to(start.towards(Degrees(90.0), Metres(5.0) * round)).await?;
        vehicle.take_photo().await?;
    }
    vehicle.return_to_launch().await
}
