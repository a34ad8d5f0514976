//! The mistake: a height is given as a bare number.
//! Instead: `AboveHome(10.0)`.
//! Says: expected `AboveHome`, found floating-point number
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(10.0).await?;
    vehicle.set_speed(MetresPerSecond(5.0));
    vehicle.go_to(vehicle.position().towards(Degrees(0.0), Metres(40.0))).await?;
    vehicle.land().await
}
