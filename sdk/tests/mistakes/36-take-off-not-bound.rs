//! The mistake: the flying vehicle that the take-off hands back is dropped.
//! Instead: `let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;`.
//! Says: the vehicle stands on the ground: it has to take off first
//! Says: write `let mut vehicle = vehicle.arm_and_take_off(AboveHome(10.0)).await?;` before this call
use flightsmith_sdk::prelude::*;

pub async fn fly(vehicle: Vehicle<Grounded>) -> Result<Vehicle<Landed>, FlightError> {
    vehicle.arm_and_take_off(AboveHome(10.0)).await?;
    vehicle.hold(Seconds(5.0)).await?;
    vehicle.land().await
}
