//! The mistake: the mission ends without landing.
//! Instead: end with `vehicle.land().await`.
//! Says: expected `Vehicle<Landed>`, found `Vehicle<Airborne>`
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(20.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.return_home().await?;
    Ok(vehicle)
}
