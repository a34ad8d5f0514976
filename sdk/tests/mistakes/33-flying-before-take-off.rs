//! The mistake: a place is flown to before the take-off.
//! Instead: `let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;` first.
//! Says: the vehicle stands on the ground: it has to take off first
//! Says: write `let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;` before this call
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    vehicle.go_to(PositionNed::at(North(20.0), East(0.0), AboveHome(10.0))).await?;
    vehicle.land().await
}
