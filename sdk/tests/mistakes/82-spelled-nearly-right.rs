//! The mistake: a call is spelled nearly right.
//! Instead: `vehicle.return_home().await?`.
//! Says: no method named `returns_home` found
//! Says: return_home
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.go_to(PositionNed::at(North(40.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.returns_home().await?;
    vehicle.land().await
}
